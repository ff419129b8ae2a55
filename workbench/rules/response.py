"""Rules on asynchronous replies: they are messages of their own that carry the request on.

What a reply quotes and says in its header is judged by the rules on the MessageHeader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Severity, tree
from workbench.messages.identity import first_uuid, same_guid
from workbench.rules import scope, sources
from workbench.rules.checks import when_sent
from workbench.rules.registry import rule
from workbench.rules.stages import VALIDATION_REPLIES, Stage, stage
from workbench.rules.survey import fresh_id, set_fix, status, survey
from workbench.rules.values import Answer, Hit
from workbench.standard.events import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.rules.values import Submission


@rule("RES-001", Severity.ERROR, source=sources.COMPOSITES, applies=scope.responses)
def replies_have_their_own_id(s: Submission) -> Iterator[Hit]:
    """A reply has a Bundle.id of its own, other than the one it quotes."""
    found = survey(s)
    if same_guid(found.facts.bundle_id, found.facts.response_to):
        fix = set_fix("Give it a fresh id", "Bundle.id", fresh_id(found.message, "Bundle.id"))
        yield Hit("Bundle.id", "This reply has the id of the request it answers.", fix)


@rule("RES-002", Severity.ERROR, source=sources.COMPOSITES, applies=scope.responses)
def replies_are_new_or_updates(s: Submission) -> Iterator[Hit]:
    """The reason of a reply is new, or update for a full reply after an interim one."""
    found = survey(s)
    if found.header and found.facts.reason == Reason.DELETE:
        yield Hit(f"{found.header.path}.reason.coding[0].code", "A reply is new or an update, never a deletion.")


@rule("RES-003", Severity.WARNING, source=sources.COMPOSITES, applies=scope.responses)
def replies_carry_the_order(s: Submission) -> Iterator[Hit]:
    """A reply carries the original ServiceRequest and Patient with their ids.

    By them the sender finds what is answered. Where the request is known, the repair takes the id from it.
    """
    for kind in ("ServiceRequest", "Patient"):
        held = survey(s).first(kind)
        if held is None or held.id is not None:
            continue
        known = [id for type, id in s.original.facts.resource_ids if type == kind] if s.original else []
        path = f"{held.path}.id"
        fix = set_fix("Take the id of the request", path, known[0]) if len(known) == 1 else None
        yield Hit(path, f"The {kind} of this reply has no id.", fix, when_sent(s))


@rule("RES-004", Severity.ERROR, source=sources.JOURNEY, applies=scope.messages)
def encounters_share_the_journey(s: Submission) -> Iterator[Hit]:
    """All Encounters of a message belong to the same journey.

    The Journey ID is made at the first contact and never changes.
    """
    journeys: dict[str, str] = {}
    for path, encounter in survey(s).resources("Encounter"):
        held = tree.inner_text(encounter, "episodeOfCare", "reference")
        if held:
            journeys.setdefault(first_uuid(held) or held.rpartition("/")[2].strip().lower(), path)
    for path in list(journeys.values())[1:]:
        text = "This Encounter belongs to another journey than the first one."
        yield Hit(f"{path}.episodeOfCare", text)


@rule(
    "RES-005",
    Severity.ERROR,
    source=sources.COMPOSITES,
    applies=scope.responses,
    answer=Answer(404, "REC_NOT_FOUND", "not-found"),
)
def replies_concern_the_same_order(s: Submission) -> Iterator[Hit]:
    """A reply is about the ServiceRequest of the request it answers.

    Checked where the request is known.
    """
    if s.original is None:
        return
    found = survey(s)
    order = found.first("ServiceRequest")
    known = {id for kind, id in s.original.facts.resource_ids if kind == "ServiceRequest"}
    if order and order.id and known and order.id not in known:
        severity = Severity.ERROR if s.composing else Severity.WARNING
        yield Hit(f"{order.path}.id", "The ServiceRequest of this reply is not that of the request.", severity=severity)


@rule("RES-006", Severity.WARNING, source=sources.COMPOSITES, applies=scope.responses)
def validation_replies_keep_the_order_active(s: Submission) -> Iterator[Hit]:
    """The ServiceRequest of a reply to a validation request stays active, even in the full reply and the rejection.

    The pseudo code of the standard says completed or revoked; its text and every official message say active. Others
    may send those, we do not.
    """
    order = survey(s).first("ServiceRequest")
    if order is None or survey(s).facts.category != "validation":
        return
    if status(order) in ("completed", "revoked"):
        path = f"{order.path}.status"
        text = f"The ServiceRequest of a validation reply stays active; this one is '{status(order)}'."
        yield Hit(path, text, set_fix("Set it to active", path, "active"), when_sent(s))


@rule("RES-007", Severity.ERROR, source=sources.COMPOSITES, applies=scope.responses)
def replies_carry_the_case_of_the_sender(s: Submission) -> Iterator[Hit]:
    """A reply to a validation request, or between dispatch systems, carries the Encounter of the sender of the request.

    Checked by its case number, where the request is known.
    """
    if stage(s) not in (*VALIDATION_REPLIES, Stage.SHORT) or s.original is None:
        return
    wanted = set(s.original.facts.encounter_identifiers)
    if wanted and not wanted & set(survey(s).facts.encounter_identifiers):
        text = "No Encounter of this reply has the case number of the request: the sender's is missing."
        yield Hit("Bundle.entry", text, severity=when_sent(s))
