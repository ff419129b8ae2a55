"""What the national test harness would refuse although the standard does not: its own checks of messages.

Its release of March 2025 passes or fails a message, nothing between. Here a check is a warning, or a note where the
harness refuses its own accepted messages by it. Checks that say the same as a rule of the standard have none here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.exchange.values import header
from workbench.headers.build import use_context
from workbench.messages import Layer, Severity, tree
from workbench.rules import scope, sources
from workbench.rules.registry import rule
from workbench.rules.survey import status, survey
from workbench.rules.values import Hit
from workbench.standard import urls
from workbench.standard.definitions import definitions
from workbench.standard.events import Event, Reason
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.rules.survey import Survey
    from workbench.rules.values import Submission

_LAYER = Layer.HARNESS
_REFERRAL = "bars-message-servicerequest-request-referral"
_CONTEXT = re.compile(r"a\dt\d\|(?:referral|validation)\|servicerequest-(?:request|response)\|(?:new|update)")
_USE_CASES = re.compile(r"a1t[1-9]|a2t[1-4]|a3t1|a4t[1-3]|a5t[1-3]|a6t[1-3]|referraltopharmacy")
"""Searched from the start only, so that `a1t10` passes as `a1t1` does."""
_UPRN = re.compile(r"\d{1,12}")
_SIGNED = re.compile(r"[+-]?\d+(?:\.\d+)?")
_FORMS = {
    "UPRN": (_UPRN, "one to twelve digits"),
    "eastings": (_SIGNED, "a number"),
    "northings": (_SIGNED, "a number"),
}
_LOCATION_EXTENSION = urls.BARS_PROFILE + "LocationExtension"


def requests(s: Submission) -> bool:
    """Requests about a ServiceRequest, as they are sent: new or update, no replies of any kind."""
    return scope.orders(s) and not s.is_answer and survey(s).facts.event == Event.SERVICEREQUEST_REQUEST


def about_orders(s: Submission) -> bool:
    """Messages about a ServiceRequest, requests and asynchronous replies, as they are sent."""
    return requests(s) or (scope.responses(s) and not s.is_answer)


def validations(s: Submission) -> bool:
    """Messages about a validation."""
    return scope.orders(s) and survey(s).facts.category == "validation"


@rule("TKW-001", Severity.INFORMATION, source=sources.HARNESS, layer=_LAYER, applies=scope.calls_with_message)
def use_context_has_the_known_form(s: Submission) -> Iterator[Hit]:
    """The national test harness wants use-context to name a use case with one digit after a and t, as `a1t1`.

    And the reason new or update. A right value of a younger use case does not pass. No booking can meet this check, so
    it is not made on bookings; a wrong value is told by the rules on headers.
    """
    facts = survey(s).facts
    if s.request is None or facts.event == Event.BOOKING_REQUEST:
        return
    held = (header(s.request.headers, "use-context") or "").strip()
    if held and held == use_context(facts) and not _CONTEXT.fullmatch(held):
        text = f"use-context is right, but the national test harness would refuse '{held}'."
        yield Hit("headers['use-context']", text)


@rule("TKW-002", Severity.INFORMATION, source=sources.HARNESS, layer=_LAYER, applies=about_orders)
def every_coding_has_a_display(s: Submission) -> Iterator[Hit]:
    """The national test harness wants as many displays as codings.

    The standard wants them of category and use case, which have a rule of their own. Most of the harness's own messages
    lack some.
    """
    held = [(path, coding) for path, coding in survey(s).elements().codings if path.rpartition(".")[2][:6] == "coding"]
    bare = [
        path
        for path, coding in held
        if not tree.text(coding.get("display")) and coding.get("system") not in (urls.SR_CATEGORY, urls.USE_CASES)
    ]
    if bare:
        lacking = "has" if len(bare) == 1 else "have"
        text = f"{len(bare)} of {len(held)} codings {lacking} no display: the national test harness would refuse this."
        yield Hit(f"{bare[0]}.display", text)


@rule("TKW-003", Severity.INFORMATION, source=sources.HARNESS, layer=_LAYER, applies=requests)
def profiles_are_those_of_its_definition(s: Submission) -> Iterator[Hit]:
    """The national test harness takes a referral only with profiles that its own definition of a referral lists.

    That of package 1.34: what was added later (Device, RelatedPerson) is not in it, nor are the base profiles that
    official examples name beside those of UK Core.
    """
    found = survey(s)
    named = found.definition
    if named is None or named.name != _REFERRAL or found.facts.reason != Reason.NEW:
        return
    known = _known_profiles()
    for entry in found.entries:
        held = tree.inner(entry.resource, "meta", "profile")
        listed = set(named.profiles(entry.type))
        profiles = tree.texts(held)
        if not listed & {profile.partition("|")[0] for profile in profiles}:
            continue
        for index, profile in enumerate(profiles):
            if profile not in known:
                path = f"{entry.path}.meta.profile" + (f"[{index}]" if isinstance(held, list) else "")
                text = f"The national test harness does not list the profile {profile}: it would refuse the message."
                yield Hit(path, text)


@rule("TKW-004", Severity.INFORMATION, source=sources.HARNESS, layer=_LAYER, applies=requests)
def use_case_is_known_to_it(s: Submission) -> Iterator[Hit]:
    """The national test harness knows the use cases of its release.

    Those of Application 8, and the ones added to Applications 2 and 4 since, are not among them.
    """
    found = survey(s)
    for path, coding in found.elements().codings:
        code = tree.text(coding.get("code")) or ""
        if coding.get("system") == urls.USE_CASES and code in use_cases() and not _USE_CASES.match(code):
            yield Hit(f"{path}.code", f"The national test harness does not know the use case '{code}' and refuses it.")


@rule("TKW-005", Severity.INFORMATION, source=sources.HARNESS, layer=_LAYER, applies=requests, since={6: ""})
def dispatch_referrals_have_the_statuses_of_others(s: Submission) -> Iterator[Hit]:
    """The national test harness wants a completed CarePlan and a triaged or finished Encounter in every new referral.

    Between ambulance dispatch systems (Application 6) a call may still be live: Encounter in-progress, CarePlan active.
    """
    found = survey(s)
    if found.application != 6 or found.facts.reason != Reason.NEW or found.is_cancellation:
        return
    for kind, live, wanted in (
        ("CarePlan", "active", "completed"),
        ("Encounter", "in-progress", "triaged or finished"),
    ):
        first = found.first(kind)
        if first is not None and status(first) == live:
            yield Hit(f"{first.path}.status", f"The {kind} is '{live}': the national test harness wants it {wanted}.")


@rule("TKW-006", Severity.WARNING, source=sources.HARNESS, layer=_LAYER, applies=validations)
def there_is_one_scene_safety_flag(s: Submission) -> Iterator[Hit]:
    """The national test harness wants exactly one scene-safety Flag in a validation.

    The standard allows more, and an update may leave it out. Interim replies and cancellations hold no Flag at all, so
    there it is not checked.
    """
    found = survey(s)
    flags = [entry for entry in found.all("Flag") if "SS" in _codes(entry.resource.get("category"))]
    for extra in flags[1:]:
        yield Hit(extra.path, "A second scene-safety Flag: the national test harness would refuse the validation.")
    if not flags and not found.is_response and not found.is_cancellation and found.facts.reason == Reason.UPDATE:
        yield Hit("Bundle.entry", "No scene-safety Flag: the national test harness would refuse the update.")


@rule("TKW-007", Severity.WARNING, source=sources.HARNESS, layer=_LAYER, applies=validations)
def places_are_written_in_its_form(s: Submission) -> Iterator[Hit]:
    """The national test harness wants a UPRN of up to twelve digits, and plain numbers as eastings and northings.

    They are parts of the extension of the Location; the standard takes any text.
    """
    for path, place in survey(s).resources("Location"):
        for outer, extension in enumerate(tree.objects(place.get("extension"))):
            if tree.text(extension.get("url")) != _LOCATION_EXTENSION:
                continue
            for inner, part in enumerate(tree.objects(extension.get("extension"))):
                name, held = tree.text(part.get("url")) or "", tree.text(part.get("valueString"))
                pattern, form = _FORMS.get(name, (None, ""))
                if pattern and held is not None and not pattern.fullmatch(held):
                    where = f"{path}.extension[{outer}].extension[{inner}].valueString"
                    yield Hit(where, f"{name} is not {form}: the national test harness would refuse it.")


def _codes(concept: object) -> list[str]:
    """Every code of a CodeableConcept or a list of them."""
    if not isinstance(concept, dict | list):
        return []
    return [code for coding in tree.codings(concept) if (code := tree.text(coding.get("code")))]


def _known_profiles() -> frozenset[str]:
    """The profiles of the referral definition of package 1.34: those whose rows are no later additions."""
    rows = definitions()[_REFERRAL].rows
    return frozenset(row.profile for row in rows if not row.since or row.max_before != 0) | {urls.BUNDLE_PROFILE}


def out_of_area(found: Survey) -> bool:
    """Whether the message is a referral out of area between dispatch systems, new or updated."""
    return found.facts.use_case == "a6t1" and not found.is_cancellation
