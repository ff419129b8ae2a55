"""What the national test harness would refuse in a referral out of area between ambulance dispatch systems.

Its checks are written for one full message and refuse some of the harness's own, so all of them are notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Layer, Severity, tree
from workbench.rules import sources
from workbench.rules.harness import out_of_area, requests
from workbench.rules.registry import rule
from workbench.rules.survey import set_fix, survey
from workbench.rules.values import Hit
from workbench.standard import urls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import Entry
    from workbench.rules.values import Submission

_LAYER = Layer.HARNESS
_ONE_EACH = ("Condition", "Practitioner", "PractitionerRole", "Consent", "HealthcareService")
_LABELS = {
    "https://fhir.nhs.uk/Questionnaire/PTS": ("Pre Triage Sieve", "PTS"),
    "https://fhir.nhs.uk/Questionnaire/NOC": ("Nature of Call", "NOC"),
}
"""The questionnaires it knows, and what it wants in the label of their answers."""
_TYPED = (
    ("Location", urls.UK_CORE_PROFILE + "UKCore-Location", urls.UK_CORE_PROFILE + "BARSLocation-incident-location"),
    ("Flag", "http://hl7.org/fhir/StructureDefinition/Flag", urls.BARS_PROFILE + "BARSFlag-scene-safety"),
)
"""Resource type, general profile, profile of the standard."""


def dispatches(s: Submission) -> bool:
    """Referrals out of area, as they are sent."""
    return requests(s) and out_of_area(survey(s))


@rule("TKW-011", Severity.INFORMATION, source=sources.HARNESS, layer=_LAYER, applies=dispatches)
def there_is_one_of_each(s: Submission) -> Iterator[Hit]:
    """The national test harness wants one of each resource in a referral out of area.

    One Condition, Practitioner, PractitionerRole, Consent and HealthcareService. The standard allows more, and the
    harness's own messages have two practitioners.
    """
    found = survey(s)
    for kind in _ONE_EACH:
        held = found.all(kind)
        if len(held) > 1:
            text = f"{kind} is there {len(held)} times: the national test harness wants one."
            yield Hit(held[1].path, text)


@rule("TKW-012", Severity.INFORMATION, source=sources.HARNESS, layer=_LAYER, applies=dispatches)
def encounters_have_two_identifiers_at_most(s: Submission) -> Iterator[Hit]:
    """The national test harness takes two identifiers of Encounters at most in a referral out of area.

    It counts them in place of the Encounters.
    """
    found = survey(s)
    held = [
        f"{entry.path}.identifier[{index}]"
        for entry in found.all("Encounter")
        for index, _ in enumerate(tree.objects(entry.resource.get("identifier")))
    ]
    if len(held) > 2:
        yield Hit(held[2], f"The Encounters have {len(held)} identifiers: the national test harness takes two.")


@rule("TKW-013", Severity.INFORMATION, source=sources.HARNESS, layer=_LAYER, applies=dispatches)
def scene_and_safety_are_typed_by_profile(s: Submission) -> Iterator[Hit]:
    """The national test harness finds the incident's Location and the scene-safety Flag by their two profiles.

    It wants one Location and one Flag that name both the general profile and that of the standard.
    """
    found = survey(s)
    for kind, general, own in _TYPED:
        held = [entry for entry in found.all(kind) if own in _profiles(entry)]
        for entry in held:
            if general not in _profiles(entry):
                path = f"{entry.path}.meta.profile"
                name = general.rpartition("/")[2]
                text = f"The {kind} does not name the profile {name} too: the national test harness would not find it."
                yield Hit(path, text, set_fix("Name it too", path, [general, *_profiles(entry)]))
        for extra in held[1:]:
            name = own.rpartition("/")[2]
            yield Hit(extra.path, f"A second {kind} names {name}: the national test harness wants one.")
        only = found.all(kind)
        if kind == "Location" and not held and len(only) == 1:
            text = "The Location does not name the profile of an incident: the national test harness would not find it."
            yield Hit(f"{only[0].path}.meta.profile", text)


@rule("TKW-014", Severity.INFORMATION, source=sources.HARNESS, layer=_LAYER, applies=dispatches)
def questionnaires_are_the_two_it_knows(s: Submission) -> Iterator[Hit]:
    """The national test harness knows two questionnaires: pre-triage sieve and nature of call.

    Since Application 6 1.0.0-beta.6 answers on the nature of call name none, which is right and refused by it.
    """
    held = survey(s).resources("QuestionnaireResponse")
    if held and tree.text(held[0][1].get("questionnaire")) not in _LABELS:
        path, response = held[0]
        named = tree.text(response.get("questionnaire"))
        said = "names no questionnaire" if named is None else f"names {named}"
        text = f"The first QuestionnaireResponse {said}: the national test harness knows its own two only."
        yield Hit(f"{path}.questionnaire", text)


@rule("TKW-015", Severity.WARNING, source=sources.HARNESS, layer=_LAYER, applies=dispatches)
def answers_are_labelled_as_their_questionnaire(s: Submission) -> Iterator[Hit]:
    """The national test harness wants answers to its two questionnaires labelled as them.

    The reason in the extension says `Pre Triage Sieve` or `PTS`, `Nature of Call` or `NOC`.
    """
    for path, response in survey(s).resources("QuestionnaireResponse"):
        labels = _LABELS.get(tree.text(response.get("questionnaire")) or "")
        for index, extension in enumerate(tree.objects(response.get("extension"))):
            held = tree.inner_text(extension, "valueCodeableConcept", "text")
            if labels and held is not None and not any(label in held for label in labels):
                wanted = " or ".join(labels)
                text = f"The answers are labelled '{held}': the national test harness wants {wanted} in it."
                yield Hit(f"{path}.extension[{index}].valueCodeableConcept.text", text)


def _profiles(entry: Entry) -> list[str]:
    return tree.texts(tree.inner(entry.resource, "meta", "profile"))
