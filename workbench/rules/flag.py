"""Rules on Flags: what kind of warning they are, about whom, and that the scene of an incident has one.

Which codes are published is judged with the codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Severity, tree
from workbench.rules import scope, sources
from workbench.rules.checks import codes, has_status, links, when_sent
from workbench.rules.registry import rule
from workbench.rules.stages import ORDERS, Stage, number, senders_encounter, stage
from workbench.rules.survey import set_fix, survey
from workbench.rules.values import Hit
from workbench.standard import urls
from workbench.standard.codes import code_systems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import Entry, Fix, JsonObject
    from workbench.rules.survey import Survey
    from workbench.rules.values import Submission

SCENE_SAFETY = "https://fhir.nhs.uk/CodeSystem/scene-safety-codes-bars"
SCENE_PROFILE = urls.BARS_PROFILE + "BARSFlag-scene-safety"
_SYSTEMS = {
    "SG": ("https://fhir.nhs.uk/CodeSystem/safeguarding-codes-bars",),
    "SS": (SCENE_SAFETY,),
    "RA": ("https://fhir.nhs.uk/CodeSystem/reasonable-adjustment-codes-bars",),
    "RS": ("https://fhir.nhs.uk/CodeSystem/dos-rejected-reasons-bars", urls.SNOMED),
}
"""Code systems of Flag.code by category; the other categories leave it open."""


def _category(flag: JsonObject) -> str:
    return next(iter(codes(flag.get("category"), urls.FLAG_CATEGORIES)), "")


def is_scene_flag(entry: Entry) -> bool:
    """Whether a Flag is about the safety of the scene."""
    named = tree.texts(tree.inner(entry.resource, "meta", "profile"))
    return _category(entry.resource) == "SS" or SCENE_PROFILE in named


def _category_of_the_code(flag: JsonObject, place: str) -> Fix | None:
    """Add the category that the code's system belongs to, where the Flag has none at all."""
    if flag.get("category"):
        return None
    for category, (system, *_) in _SYSTEMS.items():
        if codes(flag.get("code"), system):
            shown = code_systems()[urls.FLAG_CATEGORIES].codes[category]
            coding: JsonObject = {"system": urls.FLAG_CATEGORIES, "code": category, "display": shown}
            return set_fix(f"Add the category {shown}", place, [{"coding": [coding]}])
    return None


def _scene_flags(found: Survey) -> list[Entry]:
    return [entry for entry in found.all("Flag") if is_scene_flag(entry)]


@rule("RES-121", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def flags_are_active(s: Submission) -> Iterator[Hit]:
    """A Flag is active."""
    for held in survey(s).resources("Flag"):
        yield from has_status(held, "active", when_sent(s))


@rule("RES-122", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def codes_of_flags_fit_their_category(s: Submission) -> Iterator[Hit]:
    """A Flag has a category of the standard, and a code of the system that belongs to it.

    Safeguarding, scene safety, reasonable adjustment and rejected services each have their own. Official examples break
    this, so it is an error only when we compose.
    """
    for path, flag in survey(s).resources("Flag"):
        category = _category(flag)
        if not category:
            text = f"The Flag has no category of {urls.FLAG_CATEGORIES}."
            yield Hit(f"{path}.category", text, _category_of_the_code(flag, f"{path}.category"), when_sent(s))
            continue
        wanted = _SYSTEMS.get(category)
        if wanted and not any(codes(flag.get("code"), system) for system in wanted):
            names = " or ".join(system.rpartition("/")[2] for system in wanted)
            text = f"The code of a Flag of the category {category} is one of {names}."
            yield Hit(f"{path}.code", text, severity=when_sent(s))


@rule("RES-123", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def scene_flags_are_about_the_place(s: Submission) -> Iterator[Hit]:
    """A Flag on scene safety names its profile and is about the Location of the incident.

    Between dispatch systems (Application 6) an unsafe scene is described in code.text.
    """
    found = survey(s)
    for entry in _scene_flags(found):
        held = (entry.path, entry.resource)
        yield from links(s, held, "subject", ("Location",), missing=None)
        named = tree.texts(tree.inner(entry.resource, "meta", "profile"))
        if SCENE_PROFILE not in named:
            place = f"{entry.path}.meta.profile"
            text = "A Flag on scene safety names the profile BARSFlag-scene-safety."
            fix = set_fix("Name the profile", place, [*named, SCENE_PROFILE])
            yield Hit(place, text, fix, Severity.WARNING)
        unsafe = "U" in codes(entry.resource.get("code"), SCENE_SAFETY)
        if number(s) == 6 and unsafe and not tree.inner_text(entry.resource, "code", "text"):
            yield Hit(f"{entry.path}.code.text", "The Flag does not say in words why the scene is unsafe.")


@rule("RES-124", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders)
def incidents_have_a_scene_flag(s: Submission) -> Iterator[Hit]:
    """Ambulance messages say whether the scene is safe: a Flag of the category SS.

    Required in the requests of Applications 4 and 6 and in full validation replies; in those of Application 3 an
    official example has none, so it is a warning there.
    """
    application = number(s)
    asked = (application in (3, 4, 6) and stage(s) is Stage.NEW) or (application == 4 and stage(s) is Stage.FULL)
    if asked and not _scene_flags(survey(s)):
        severity = Severity.WARNING if application == 3 else Severity.ERROR
        yield Hit("Bundle.entry", "No Flag says whether the scene is safe.", severity=severity)


@rule("RES-125", Severity.WARNING, source=sources.PAYLOAD, applies=scope.with_header)
def other_flags_are_about_the_patient(s: Submission) -> Iterator[Hit]:
    """A Flag on anything but the scene is about the Patient; in Application 4 a Flag belongs to an Encounter."""
    found = survey(s)
    for entry in found.all("Flag"):
        held = (entry.path, entry.resource)
        if not is_scene_flag(entry):
            yield from links(s, held, "subject", ("Patient",), missing=None, wrong=Severity.WARNING)
        if number(s) == 4 and stage(s) in (*ORDERS, Stage.FULL):
            own = senders_encounter(found)
            yield from links(s, held, "encounter", ("Encounter",), missing=Severity.WARNING, wrong=None, to=own)
