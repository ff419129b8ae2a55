"""Rules on the ServiceRequest: what it says about who, when, where and why, in every message that holds one.

Its status is judged with the workflow, its category and use case with the codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Severity, tree
from workbench.rules import scope, sources
from workbench.rules.checks import an, codes, has_status, lacks, linked, links, targets, when_sent
from workbench.rules.registry import rule
from workbench.rules.stages import ORDERS, Stage, number, stage
from workbench.rules.survey import set_fix, survey
from workbench.rules.values import Hit
from workbench.standard import urls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.rules.survey import Found
    from workbench.rules.values import Submission

REFERRAL_PROFILE = urls.BARS_PROFILE + "BARSServiceRequest-request-referral"
VALIDATION_PROFILE = urls.BARS_PROFILE + "BARSServiceRequest-request-validation"
_LETTER = "https://fhir.nhs.uk/CodeSystem/bars-broker-referral-letter-status"
_NEEDS_TEXT = ("a6t2", "a6t3")


def _orders(s: Submission) -> list[Found]:
    return survey(s).resources("ServiceRequest")


def _is_validation(s: Submission) -> bool:
    return survey(s).facts.category == "validation"


@rule("SRQ-001", Severity.ERROR, source=sources.ORDER_PROFILES, applies=scope.orders)
def intent_is_plan(s: Submission) -> Iterator[Hit]:
    """The intent of a ServiceRequest is plan.

    The profiles of the standard fix it; the repair sets it.
    """
    for held in _orders(s):
        yield from has_status(held, "plan", element="intent")


@rule("SRQ-002", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders, since={6: "1.0.0-beta"})
def help_asked_for_is_described(s: Submission) -> Iterator[Hit]:
    """A request for call assistance or mutual aid says in category.text what is asked for.

    Use cases a6t2 and a6t3 of Application 6.
    """
    if stage(s) in ORDERS and survey(s).facts.use_case in _NEEDS_TEXT:
        for path, order in _orders(s):
            if not tree.inner_text(order, "category", "text"):
                yield Hit(f"{path}.category[0].text", "The category does not say in words what help is asked for.")


@rule("SRQ-003", Severity.ERROR, source=sources.ORDER_PROFILES, applies=scope.orders)
def it_is_about_the_patient(s: Submission) -> Iterator[Hit]:
    """The subject of a ServiceRequest is the Patient."""
    for held in _orders(s):
        yield from links(s, held, "subject", ("Patient",), missing=None)


@rule("SRQ-004", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders)
def it_belongs_to_the_senders_encounter(s: Submission) -> Iterator[Hit]:
    """A ServiceRequest names the Encounter of the sender.

    Cancellations and the short replies of Application 6 leave it out. The reply on a patient who did not come need not
    hold an Encounter: without one it is an error only when we compose. A reply whose ServiceRequest names the Encounter
    of who replies has mixed the two up.
    """
    if stage(s) in (Stage.CANCELLATION, Stage.SHORT, Stage.BOOKING):
        return
    found = survey(s)
    focus = found.focus
    optional = stage(s) is Stage.ABSENCE and not found.all("Encounter")
    for held in _orders(s):
        yield from links(s, held, "encounter", ("Encounter",), missing=when_sent(s) if optional else Severity.ERROR)
        for path, target in targets(s, held, "encounter"):
            if found.is_response and focus is not None and target.index == focus.index:
                text = "The ServiceRequest names the Encounter of who replies; the sender's is meant."
                yield Hit(f"{path}.reference", text, severity=when_sent(s))


@rule("SRQ-005", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders)
def it_is_based_on_the_care_plan(s: Submission) -> Iterator[Hit]:
    """A ServiceRequest is based on the one CarePlan.

    Interim and short replies and cancellations leave it out; in the reply on a patient who did not come it is a
    warning, because an official example has none.
    """
    if stage(s) not in (*ORDERS, Stage.FULL, Stage.ABSENCE):
        return
    missing = Severity.WARNING if stage(s) is Stage.ABSENCE else Severity.ERROR
    for held in _orders(s):
        yield from links(s, held, "basedOn", ("CarePlan",), missing=missing)
        plans = [place for place, target in targets(s, held, "basedOn") if target.type == "CarePlan"]
        for extra in plans[1:]:
            yield Hit(extra, "A ServiceRequest is based on one CarePlan.", severity=when_sent(s))


@rule("SRQ-006", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders)
def it_names_the_requester(s: Submission) -> Iterator[Hit]:
    """A ServiceRequest names the Practitioner who asks.

    Application 2, cancellations and the short replies of Application 6 do not ask for one. An official interim reply
    has none: an error there only when we compose.
    """
    if stage(s) in (Stage.CANCELLATION, Stage.SHORT, Stage.BOOKING):
        return
    eased = stage(s) in (Stage.INTERIM, Stage.REJECTION)
    missing = None if number(s) == 2 else when_sent(s) if eased else Severity.ERROR
    for held in _orders(s):
        yield from links(s, held, "requester", ("Practitioner",), missing=missing)


@rule("SRQ-007", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders)
def it_names_the_performer(s: Submission) -> Iterator[Hit]:
    """A ServiceRequest names who is to perform it: the HealthcareService, in Application 8 the Device (the broker).

    An Organization in its place is a warning, because official examples have it; so is anybody beside the one meant.
    Interim and short replies may leave it out, cancellations do.
    """
    if stage(s) in (Stage.CANCELLATION, Stage.BOOKING):
        return
    wanted = "Device" if number(s) == 8 else "HealthcareService"
    optional = stage(s) in (Stage.INTERIM, Stage.REJECTION, Stage.SHORT)
    for held in _orders(s):
        yield from links(s, held, "performer", (wanted,), missing=None if optional else Severity.ERROR, wrong=None)
        named = list(targets(s, held, "performer"))
        beside = not s.composing and any(target.type == wanted for _, target in named)
        for path, target in named:
            if target.type != wanted:
                text = f"The performer is {an(target.type)}; it must be {an(wanted)}."
                severity = Severity.WARNING if target.type == "Organization" or beside else Severity.ERROR
                yield Hit(f"{path}.reference", text, linked(survey(s), f"{path}.reference", (wanted,)), severity)


@rule("SRQ-008", Severity.ERROR, source=sources.ORDER_PROFILES, applies=scope.orders)
def it_says_when_it_was_written(s: Submission) -> Iterator[Hit]:
    """A ServiceRequest says in authoredOn when it was written.

    The profile of referrals requires it. Tables ask for it in validation requests too, but no official one has it:
    a warning there. No table asks for it in cancellations: an error there only where the profile of referrals is named.
    """
    for held in _orders(s):
        named = {profile.partition("|")[0] for profile in tree.texts(tree.inner(held[1], "meta", "profile"))}
        eased = _is_validation(s) or (stage(s) is Stage.CANCELLATION and REFERRAL_PROFILE not in named)
        yield from lacks(held, "authoredOn", Severity.WARNING if eased else Severity.ERROR)


@rule("SRQ-009", Severity.ERROR, source=sources.ORDER_PROFILES, applies=scope.orders)
def its_time_is_a_period(s: Submission) -> Iterator[Hit]:
    """When a ServiceRequest is to be performed is a Period, in validation requests with start and end.

    The end is the time limit of the validation or the time of the call back.
    """
    for path, order in _orders(s):
        for other in ("occurrenceDateTime", "occurrenceTiming"):
            if other in order:
                yield Hit(f"{path}.{other}", "The profiles allow only a Period here: occurrencePeriod.")
        if _is_validation(s) and isinstance(period := order.get("occurrencePeriod"), dict):
            for name in ("start", "end"):
                if not tree.text(period.get(name)):
                    yield Hit(f"{path}.occurrencePeriod.{name}", f"The period of a validation has no {name}.")


@rule("SRQ-010", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders)
def it_says_until_when(s: Submission) -> Iterator[Hit]:
    """Applications 3 and 4 say from when until when the service has time.

    The start is now, the end the time of the call back or the limit of the validation. A cancellation of a validation
    repeats it. Application 6 does not use it.
    """
    application, now = number(s), stage(s)
    for path, order in _orders(s):
        place = f"{path}.occurrencePeriod"
        if application == 6 and now in ORDERS and "occurrencePeriod" in order:
            yield Hit(place, "Application 6 does not list a period for the request.", severity=Severity.WARNING)
        if "occurrencePeriod" in order:
            if application == 3 and now in ORDERS:
                yield from lacks((path, order), "occurrencePeriod.start")
                yield from lacks((path, order), "occurrencePeriod.end")
        elif application in (3, 4) and now in (*ORDERS, Stage.INTERIM, Stage.REJECTION):
            yield Hit(place, "The ServiceRequest does not say until when the service has time.")
        elif application == 4 and now is Stage.CANCELLATION:
            yield Hit(place, "The cancellation does not repeat the period of the validation.", severity=when_sent(s))


@rule("SRQ-011", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders)
def it_says_where(s: Submission) -> Iterator[Hit]:
    """Applications 3, 4 and 6 name the Location of the incident in their requests."""
    asked = number(s) in (3, 4, 6) and stage(s) in ORDERS
    for held in _orders(s):
        yield from links(s, held, "locationReference", ("Location",), missing=Severity.ERROR if asked else None)


@rule("SRQ-012", Severity.WARNING, source=sources.PAYLOAD, applies=scope.orders)
def other_information_is_in_the_care_plan(s: Submission) -> Iterator[Hit]:
    """The supporting information of a ServiceRequest is rejected services and the booking; the rest is the CarePlan's.

    Rejected services are a QuestionnaireResponse and its Flag.
    """
    for held in _orders(s):
        for path, target in targets(s, held, "supportingInfo"):
            if target.type == "Flag":
                category = codes(target.resource.get("category"), urls.FLAG_CATEGORIES)
                if not category or "RS" in category:
                    continue
                text = "A Flag other than that of rejected services belongs to the supportingInfo of the CarePlan."
                yield Hit(f"{path}.reference", text, severity=Severity.WARNING)
            elif target.type not in ("QuestionnaireResponse", "Appointment"):
                text = f"The supporting information {target.type} belongs to the supportingInfo of the CarePlan."
                yield Hit(f"{path}.reference", text, severity=Severity.WARNING)


@rule("SRQ-013", Severity.WARNING, source=sources.PAYLOAD, applies=scope.orders)
def reasons_are_for_cancellations(s: Submission) -> Iterator[Hit]:
    """The reason of a ServiceRequest is given in cancellations only: why it is taken back."""
    if stage(s) is Stage.CANCELLATION:
        return
    for path, order in _orders(s):
        if tree.inner_text(order, "reasonCode", "text"):
            text = "A reason in words is given in cancellations only; what ails the patient is in the CarePlan."
            yield Hit(f"{path}.reasonCode[0].text", text)


@rule("SRQ-014", Severity.WARNING, source=sources.PAYLOAD, applies=scope.orders)
def its_profile_fits_its_category(s: Submission) -> Iterator[Hit]:
    """The profile of a ServiceRequest is that of its category: referral or validation.

    Cancellations too go by the category.
    """
    profiles = {"referral": REFERRAL_PROFILE, "validation": VALIDATION_PROFILE}
    for path, order in _orders(s):
        category = tree.code_of(order.get("category"), urls.SR_CATEGORY)
        wanted = profiles.get(category or "")
        named = tree.texts(tree.inner(order, "meta", "profile"))
        other = next((one for one in profiles.values() if one != wanted), "")
        if wanted and wanted not in named and other in named:
            place = f"{path}.meta.profile[{named.index(other)}]"
            text = f"The ServiceRequest is a {category} but names the profile of the other category."
            yield Hit(place, text, set_fix("Name the profile of its category", place, wanted))


@rule("SRQ-015", Severity.WARNING, source=sources.PAYLOAD, applies=scope.responses)
def replies_repeat_the_period(s: Submission) -> Iterator[Hit]:
    """The reply to a validation request repeats the period of the request.

    Checked where the request is known.
    """
    if s.original is None or not _is_validation(s):
        return
    asked = next((one.resource for one in s.original.entries() if one.type == "ServiceRequest"), {})
    wanted = asked.get("occurrencePeriod")
    for path, order in _orders(s):
        held = order.get("occurrencePeriod")
        if isinstance(wanted, dict) and isinstance(held, dict) and held != wanted:
            place = f"{path}.occurrencePeriod"
            text = "The period of this reply is not that of the request."
            yield Hit(place, text, set_fix("Repeat the period of the request", place, wanted))


@rule("SRQ-016", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders)
def order_details_are_for_brokers(s: Submission) -> Iterator[Hit]:
    """The order detail tells a broker (Application 8) about the referral letter, as a published code with its display.

    A code of the service goes with it: Inbound referral. A missing display is an error only when we compose. Other
    Applications do not list order details, which is a note.
    """
    for path, order in _orders(s):
        if not order.get("orderDetail"):
            continue
        place = f"{path}.orderDetail"
        if number(s) != 8:
            yield Hit(place, "Only Application 8 lists order details.", severity=Severity.INFORMATION)
            continue
        codings = tree.codings(order.get("orderDetail"))
        letters = [one for one in codings if (tree.text(one.get("system")) or "").strip() == _LETTER]
        if not letters:
            yield Hit(place, "The order detail is no code on the referral letter.")
        elif not tree.text(letters[0].get("code")) or not tree.text(letters[0].get("display")):
            severity = when_sent(s) if tree.text(letters[0].get("code")) else None
            text = "The code on the referral letter lacks its code or its display."
            yield Hit(f"{place}[0].coding[0]", text, severity=severity)
        if not order.get("code"):
            yield Hit(f"{path}.code", "An order detail needs the code of what is ordered (invariant prr-1).")
