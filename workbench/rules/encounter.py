"""Rules on the Encounters: the sender's case and that of who answers, their stage, journey and times.

Which stages fit which message is judged with the workflow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Severity, tree
from workbench.messages.identity import first_uuid
from workbench.rules import scope, sources
from workbench.rules.checks import codes, lacks, links
from workbench.rules.registry import rule
from workbench.rules.stages import (
    ORDERS,
    VALIDATION_REPLIES,
    Stage,
    number,
    receivers_encounter,
    senders_encounter,
    stage,
)
from workbench.rules.survey import remove_fix, set_fix, status, survey
from workbench.rules.values import Hit
from workbench.standard import is_at_least, urls
from workbench.standard.events import Event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.rules.survey import Found
    from workbench.rules.values import Submission

ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
OUTCOME = "validation-triage-outcome"
_CLASSES = {"EMER": "emergency", "VR": "virtual"}
_STAGES_BEFORE_THE_CALL = ("planned", "arrived", "in-progress")


def _all(s: Submission) -> list[Found]:
    return survey(s).resources("Encounter")


@rule("ENC-001", Severity.WARNING, source=sources.PAYLOAD, applies=scope.orders, since={3: "1.0.0"})
def call_backs_follow_finished_calls(s: Submission) -> Iterator[Hit]:
    """When 999 refers to a clinical assessment service (Application 3), the sender's Encounter is finished.

    Its table says finished, its workflow also allows triaged.
    """
    own = senders_encounter(survey(s))
    if stage(s) is Stage.NEW and own is not None and status(own) == "triaged":
        path = f"{own.path}.status"
        text = "The Encounter is 'triaged'; the table of Application 3 says 'finished'."
        yield Hit(path, text)


@rule("ENC-002", Severity.WARNING, source=sources.COMPOSITES, applies=scope.orders)
def answers_add_the_receivers_encounter(s: Submission) -> Iterator[Hit]:
    """The body of the answer to a new request carries a second, planned Encounter: the case of the receiver.

    It tells the sender under which number the receiver keeps the case. The standard recommends it.
    """
    found = survey(s)
    if not s.is_answer or stage(s) is not Stage.NEW:
        return
    if len(found.all("Encounter")) < 2:
        yield Hit("Bundle.entry", "The answer does not add the Encounter of the receiver.")
        return
    other = receivers_encounter(found)
    if other is not None and status(other) != "planned":
        path = f"{other.path}.status"
        text = f"The Encounter that the receiver adds is planned; this one is '{status(other) or ''}'."
        yield Hit(path, text, set_fix("Set it to planned", path, "planned"))


@rule("ENC-003", Severity.WARNING, source=sources.PAYLOAD, applies=scope.with_header)
def cases_have_numbers(s: Submission) -> Iterator[Hit]:
    """Every Encounter carries a case number that people can read, with the system it comes from."""
    for held in _all(s):
        yield from lacks(held, "identifier", why=": the case number that people read to each other")


@rule("ENC-004", Severity.ERROR, source=sources.JOURNEY, applies=scope.with_header)
def cases_name_the_journey(s: Submission) -> Iterator[Hit]:
    """Every Encounter names the journey: EpisodeOfCare/ and the Journey ID, a GUID.

    It is made at the first contact and stays the same in every message and reply. In a full reply the third Encounter,
    that of an ambulance request, may lack it with a warning.
    """
    for index, (path, encounter) in enumerate(_all(s)):
        held = tree.inner_text(encounter, "episodeOfCare", "reference")
        if held is None:
            third = stage(s) is Stage.FULL and index > 1
            text = "The Encounter does not name the journey it belongs to."
            yield Hit(f"{path}.episodeOfCare", text, severity=Severity.WARNING if third else None)
        elif first_uuid(held) is None:
            place = f"{path}.episodeOfCare[0].reference"
            yield Hit(place, "The Journey ID is not a GUID.", severity=Severity.WARNING)


@rule("ENC-005", Severity.WARNING, source=sources.PAYLOAD, applies=scope.with_header)
def cases_are_emergencies_or_virtual(s: Submission) -> Iterator[Hit]:
    """The class of an Encounter is EMER (emergency) or VR (virtual) of v3-ActCode."""
    for path, encounter in _all(s):
        held = tree.as_object(encounter.get("class"))
        if not held:
            continue
        code = tree.text(held.get("code")) or ""
        if tree.text(held.get("system")) != ACT:
            place = f"{path}.class.system"
            fix = set_fix("Set the code system", place, ACT) if code in _CLASSES else None
            yield Hit(place, f"The class of the Encounter is not a code of {ACT}.", fix)
        elif code not in _CLASSES:
            yield Hit(f"{path}.class.code", f"The class of the Encounter is '{code}'; EMER or VR is meant.")


@rule("ENC-006", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def cases_are_about_the_patient(s: Submission) -> Iterator[Hit]:
    """Every Encounter names the Patient as its subject."""
    for held in _all(s):
        yield from links(s, held, "subject", ("Patient",))


@rule("ENC-007", Severity.ERROR, source=sources.PAYLOAD, applies=scope.responses)
def replies_say_why(s: Submission) -> Iterator[Hit]:
    """In replies to validation requests the Encounter of who answers says why it is there.

    `validation-triage-outcome` for an interim or full reply; for a rejection a code of the rejection reasons, which
    with the code OTH needs words too. A rejection is told by the cancelled Encounter, in the pseudo code of the
    standard by the revoked ServiceRequest.
    """
    found, now = survey(s), stage(s)
    own = receivers_encounter(found)
    if own is None or not found.is_response:
        return
    reason = own.resource.get("reasonCode")
    ended = status(own) == "cancelled" or found.focus_status == "revoked"
    refused = ended and bool(codes(reason, urls.REJECTED_REASONS))
    if now is Stage.REJECTION or refused or (now is Stage.SHORT and status(own) == "cancelled"):
        given = codes(reason, urls.REJECTED_REASONS)
        if not given:
            yield Hit(f"{own.path}.reasonCode", "The rejection gives no reason of the code system of rejections.")
        elif not tree.inner_text(reason, "text"):
            severity = Severity.ERROR if "OTH" in given else Severity.WARNING
            yield Hit(
                f"{own.path}.reasonCode[0].text", "The reason of the rejection is not put in words.", None, severity
            )
    elif now in (Stage.INTERIM, Stage.FULL) and OUTCOME not in codes(reason, urls.ENCOUNTER_REASON):
        fix = None
        if not reason:
            coding = {"system": urls.ENCOUNTER_REASON, "code": OUTCOME, "display": "Validation of triage outcome"}
            fix = set_fix("Add the code", f"{own.path}.reasonCode", [{"coding": [{**coding}]}])
        yield Hit(f"{own.path}.reasonCode", f"The Encounter of who answers lacks the reason {OUTCOME}.", fix)


@rule("ENC-008", Severity.WARNING, source=sources.PAYLOAD, applies=scope.with_header)
def cases_say_when_they_began(s: Submission) -> Iterator[Hit]:
    """An Encounter says when it began: when the call was connected or answered, or the request was taken on.

    Applications 3, 4 and 6 require it. Its end is given only once it has ended.
    """
    if stage(s) in (*ORDERS, *VALIDATION_REPLIES, Stage.SHORT) and number(s) in (3, 4, 6):
        for held in _all(s):
            yield from lacks(held, "period.start")
    for path, encounter in _all(s):
        if tree.inner_text(encounter, "period", "end") and tree.text(encounter.get("status")) in (
            "planned",
            "arrived",
            "in-progress",
        ):
            place = f"{path}.period.end"
            yield Hit(place, "The Encounter has an end although it is still going on.", remove_fix("Remove it", place))


@rule("ENC-009", Severity.WARNING, source=sources.PAYLOAD, applies=scope.orders, since={6: "1.0.0-beta"})
def dispatch_tells_its_history(s: Submission) -> Iterator[Hit]:
    """Between dispatch systems (Application 6) the sender's Encounter tells its history and where the incident is.

    planned, arrived and in-progress, each with its start, and the incident Location. In replies since 1.0.0-beta.7
    the Encounter of who answers has no history; before it had one.
    """
    found = survey(s)
    if number(s) != 6:
        return
    if found.is_response:
        own = receivers_encounter(found)
        if own is not None and "statusHistory" in own.resource:
            newer = is_at_least(s.versions.application_version, "1.0.0-beta.7")
            text = "Since 1.0.0-beta.7 the Encounter of who answers has no status history."
            severity = Severity.WARNING if newer else Severity.INFORMATION
            yield Hit(f"{own.path}.statusHistory", text, severity=severity)
        return
    sender = senders_encounter(found)
    if sender is None or stage(s) not in ORDERS:
        return
    told = tree.objects(sender.resource.get("statusHistory"))
    if not told:
        yield Hit(f"{sender.path}.statusHistory", "The Encounter does not tell its stages so far.")
    for index, one in enumerate(told):
        place = f"{sender.path}.statusHistory[{index}]"
        if tree.text(one.get("status")) not in _STAGES_BEFORE_THE_CALL:
            yield Hit(f"{place}.status", "The stages told are planned, arrived and in-progress.")
        yield from lacks((place, {"resourceType": "stage told", **one}), "period.start")
    places = tree.objects(sender.resource.get("location"))
    if not places:
        yield Hit(f"{sender.path}.location", "The Encounter does not say where the incident is.")


@rule("ENC-010", Severity.WARNING, source=sources.RELEASES, applies=scope.responses, since={6: "1.0.0-beta"})
def arrivals_are_newer(s: Submission) -> Iterator[Hit]:
    """That a resource arrived on scene is told since Application 6 1.0.0-beta.8; older receivers may not know it."""
    own = receivers_encounter(survey(s))
    if own is not None and status(own) == "arrived":
        if is_at_least(s.versions.application_version, "1.0.0-beta.8"):
            return
        version = f"Application 6 {s.versions.application_version}"
        yield Hit(f"{own.path}.status", f"The status 'arrived' is newer than {version}.")


@rule("ENC-011", Severity.ERROR, source=sources.JOURNEY, applies=scope.with_header)
def later_messages_stay_on_the_journey(s: Submission) -> Iterator[Hit]:
    """Updates and replies belong to the journey of the message they follow.

    Checked where that message is known.
    """
    if s.original is None or survey(s).facts.event not in (Event.SERVICEREQUEST_REQUEST, Event.SERVICEREQUEST_RESPONSE):
        return
    wanted = first_uuid(s.original.facts.journey_id or "")
    for path, encounter in _all(s)[:1]:
        held = first_uuid(tree.inner_text(encounter, "episodeOfCare", "reference") or "")
        if wanted and held and held != wanted:
            place = f"{path}.episodeOfCare[0].reference"
            text = "The Journey ID is another than in the message that this one follows."
            yield Hit(place, text, set_fix("Take the Journey ID of that message", place, f"EpisodeOfCare/{wanted}"))
