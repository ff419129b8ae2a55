"""Rules on asynchronous replies: they are messages of their own that carry the request on.

What a reply quotes and says in its header is judged by the rules on the MessageHeader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Severity, tree
from workbench.messages.identity import same_guid
from workbench.rules import scope, sources
from workbench.rules.registry import rule
from workbench.rules.survey import fresh_id, set_fix, survey
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
    """A reply carries the original ServiceRequest with its id.

    By it the sender finds what is answered.
    """
    order = survey(s).first("ServiceRequest")
    if order and order.id is None:
        severity = Severity.ERROR if s.composing else Severity.WARNING
        yield Hit(f"{order.path}.id", "The ServiceRequest of this reply has no id.", severity=severity)


@rule("RES-004", Severity.ERROR, source=sources.JOURNEY, applies=scope.messages)
def encounters_share_the_journey(s: Submission) -> Iterator[Hit]:
    """All Encounters of a message belong to the same journey.

    The Journey ID is made at the first contact and never changes.
    """
    journeys: dict[str, str] = {}
    for path, encounter in survey(s).resources("Encounter"):
        held = tree.inner_text(encounter, "episodeOfCare", "reference")
        if held:
            journeys.setdefault(held.rpartition("/")[2].strip().lower(), path)
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
