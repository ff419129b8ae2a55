"""What an update does to what is held: later replaces earlier, earlier is a conflict."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.receiver.builders import NOW, Mock, a_message, issue, new_id
from workbench.compose import cancel
from workbench.messages import Edit, EditOp, Message, parse
from workbench.messages.edits import rewrite
from workbench.receiver import Kind
from workbench.receiver.effects import is_older

LATER, EARLIER = NOW + timedelta(minutes=5), NOW - timedelta(minutes=5)


def a_cancellation(mock: Mock) -> Message:
    message = a_message()
    answer = parse(mock.post(message.source).body)
    return cancel(message, answer, now=LATER, ids=new_id, why="Better")


def changed_here(mock: Mock, when: str) -> None:
    """As if somebody had changed the referral here."""
    item = next(mock.state.of(Kind.REFERRAL))
    mock.state.put(item._replace(resource={**item.resource, "meta": {"lastUpdated": when}}))


def test_a_cancellation_of_what_was_changed_here_meanwhile_is_a_conflict_and_changes_nothing() -> None:
    mock = Mock()
    gone = a_cancellation(mock)
    changed_here(mock, (LATER + timedelta(minutes=1)).isoformat())
    assert issue(mock.post(gone.source)) == (409, "REC_CONFLICT", "conflict")
    assert mock.calls[-1].answered_by == "state: newer"
    assert next(mock.state.of(Kind.REFERRAL)).status == "active"


def test_one_that_was_made_after_the_change_is_taken() -> None:
    mock = Mock()
    gone = a_cancellation(mock)
    changed_here(mock, (LATER - timedelta(minutes=1)).isoformat())
    assert mock.post(gone.source).status == 200
    assert next(mock.state.of(Kind.REFERRAL)).status == "revoked"


def test_an_update_replaces_what_was_updated_later_only() -> None:
    mock = Mock()
    message = a_message("validation-new", "a4t1")
    answer = parse(mock.post(message.source).body)
    request = next(entry for entry in answer.entries() if entry.type == "ServiceRequest")
    encounter = next(entry for entry in answer.entries() if entry.type == "Encounter")

    def update(*edits: tuple[str, object]) -> Message:
        header = answer.entries()[0].path
        base: list[tuple[str, object]] = [(f"{header}.reason.coding[0].code", "update")]
        made = [Edit(EditOp.SET, path, value) for path, value in (*base, *edits)]  # type: ignore[arg-type]
        return rewrite(answer, tuple(made))

    same = update((f"{request.path}.priority", "stat"), (f"{encounter.path}.status", "in-progress"))
    assert mock.post(same.source).status == 200, mock.calls[-1].response.body
    assert "priority" not in next(mock.state.of(Kind.REFERRAL)).resource or (
        next(mock.state.of(Kind.REFERRAL)).resource["priority"] != "stat"
    )
    later = update((f"{request.path}.priority", "stat"), (f"{request.path}.meta.lastUpdated", LATER.isoformat()))
    assert mock.post(later.source).status == 200
    assert next(mock.state.of(Kind.REFERRAL)).resource["priority"] == "stat"
    held = {item.id: item.status for item in mock.state.of(Kind.ENCOUNTER)}
    assert held[encounter.id or ""] == "triaged"


@pytest.mark.parametrize(
    ("sent", "kept", "older"),
    [
        ("2026-07-20T08:00:00+00:00", "2026-07-20T08:00:00.0000001+00:00", False),
        ("2026-07-20T08:00:00+00:00", "2026-07-20T08:00:01+00:00", True),
        ("2026-07-20T08:00:00+00:00", "2026-07-20T08:30:00+01:00", False),
        ("", "2026-07-20T08:00:00+00:00", False),
        ("2026-07-20T08:00:00+00:00", "yesterday", False),
    ],
)
def test_times_are_compared_as_moments_and_what_has_none_is_never_older(sent: str, kept: str, older: bool) -> None:
    assert is_older({"meta": {"lastUpdated": sent}}, {"meta": {"lastUpdated": kept}}) is older
