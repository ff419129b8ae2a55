"""The conversations as a list model: pages, order, rows that change, and what a screen reader is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex

from workbench.correlation import ConversationState
from workbench.history import ConversationRow, PatientBrief
from workbench.ui.models import conversations
from workbench.ui.models.conversations import ConversationModel, spoken

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester

START = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)


def conversation(number: int, *, minutes: int = 0, **more: object) -> ConversationRow:
    row = ConversationRow(
        id=f"c{number:03}",
        title=f"Referral {number}",
        sender="Alder",
        receiver="Northgate",
        patient=None,
        state=ConversationState.ANSWERED,
        attention=0,
        due=None,
        last_activity=START + timedelta(minutes=minutes),
        messages=1,
        environment="embedded",
        status_text="Answered",
    )
    return replace(row, **more)  # type: ignore[arg-type]


def made() -> ConversationModel:
    return ConversationModel(lambda: START + timedelta(seconds=72))


def ids(model: ConversationModel) -> list[str]:
    return [model.at(n).id for n in range(model.rowCount())]


def test_conversations_come_in_pages(qtmodeltester: ModelTester) -> None:
    model = made()
    asked: list[ConversationRow] = []
    model.page_wanted.connect(asked.append)
    page = [conversation(n, minutes=-n) for n in range(conversations.PAGE)]
    model.show(page)
    qtmodeltester.check(model)
    assert [row.id for row in asked] == [page[-1].id], "one page is asked for once, however often Qt looks"
    model.append([page[-1], conversation(500, minutes=-500)])
    assert model.rowCount() == conversations.PAGE + 1
    assert not model.canFetchMore(QModelIndex())
    assert model.row_of("none") == -1


def test_a_row_goes_where_its_pin_and_its_last_activity_put_it(qtmodeltester: ModelTester) -> None:
    model = made()
    model.show([conversation(n, minutes=-n) for n in range(1, 5)])
    qtmodeltester.check(model)
    model.put(conversation(4, minutes=1, status_text="Refused 422"))
    assert ids(model) == ["c004", "c001", "c002", "c003"]
    assert model.at(0).status_text == "Refused 422"
    model.put(conversation(3, minutes=-3, pinned=True))
    assert ids(model) == ["c003", "c004", "c001", "c002"]
    model.put(conversation(9, minutes=9))
    assert ids(model) == ["c003", "c009", "c004", "c001", "c002"], "pinned ones stay on top"
    model.put(conversation(3, minutes=-3, note="x"))
    assert ids(model) == ["c009", "c004", "c001", "c002", "c003"]
    model.put(conversation(8, minutes=-99))
    assert ids(model)[-1] == "c008", "what came late stands where its time puts it"
    model.drop("c004")
    model.drop("nobody")
    assert ids(model) == ["c009", "c001", "c002", "c003", "c008"]


def test_a_row_of_a_page_that_was_not_read_waits_for_it() -> None:
    model = made()
    model.show([conversation(n, minutes=-n) for n in range(conversations.PAGE)])
    model.put(conversation(900, minutes=-900))
    assert model.row_of("c900") == -1
    model.put(conversation(5, minutes=-901))
    assert model.row_of("c005") == -1, "one that went down there is read again with its page"
    assert model.rowCount() == conversations.PAGE - 1


def test_many_new_rows_are_told_as_one_change_where_they_stand_together(qtmodeltester: ModelTester) -> None:
    model = made()
    model.show([conversation(n, minutes=-n) for n in (2, 4, 6)], more=False)
    qtmodeltester.check(model)
    told: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _, first, last: told.append((first, last)))
    new = [conversation(n, minutes=-n) for n in (7, 0, 5, 1, 9)]
    model.put(*new, conversation(4, minutes=1))
    assert ids(model) == ["c004", "c000", "c001", "c002", "c005", "c006", "c007", "c009"]
    assert told == [(3, 4), (2, 2), (0, 1)], "from below, so that the places above stay true"
    model.put()
    assert len(told) == 3


def test_what_is_forgotten_comes_again_as_a_page(qtmodeltester: ModelTester) -> None:
    model = made()
    model.show([conversation(n, minutes=-n) for n in range(5)], more=False)
    qtmodeltester.check(model)
    model.forget(5)
    assert not model.canFetchMore(QModelIndex()), "nothing was forgotten"
    asked: list[ConversationRow] = []
    model.page_wanted.connect(asked.append)
    model.forget(3)
    assert (ids(model), model.row_of("c004")) == (["c000", "c001", "c002"], -1)
    model.fetchMore(QModelIndex())
    assert [row.id for row in asked] == ["c002"]
    model.append([conversation(n, minutes=-n) for n in (3, 4)])
    assert ids(model) == [f"c00{n}" for n in range(5)]


def test_nothing_is_forgotten_while_a_page_is_on_its_way() -> None:
    model = made()
    model.show([conversation(n, minutes=-n) for n in range(5)], more=True)
    model.fetchMore(QModelIndex())
    model.forget(3)
    model.append([conversation(5, minutes=-5)])
    assert ids(model) == [f"c00{n}" for n in range(6)], "there is no gap"
    model.forget(3)
    assert model.rowCount() == 3


def test_a_hit_that_changes_stays_where_it_was_found(qtmodeltester: ModelTester) -> None:
    model = made()
    model.show([conversation(n, minutes=n) for n in (1, 3, 2)], more=True)
    qtmodeltester.check(model)
    model.replace(conversation(1, minutes=1, note="x"), conversation(9, minutes=9))
    assert ids(model) == ["c001", "c003", "c002"]
    assert model.at(0).note == "x"


def test_whether_something_is_waited_for_is_known() -> None:
    model = made()
    model.show([conversation(1)])
    assert not model.waiting
    model.put(conversation(2, state=ConversationState.WAITING))
    assert model.waiting


def test_a_screen_reader_is_told_everything_that_a_row_shows() -> None:
    row = conversation(
        1,
        patient=PatientBrief("J.J.", "female", 64),
        state=ConversationState.WAITING,
        status_text="Waiting for reply",
        since=START,
        attention=3,
        errors=2,
        conflicts=1,
        unread=1,
        pinned=True,
        note="Ring them",
    )
    assert spoken(row, START + timedelta(seconds=12)) == (
        "Referral 1, Alder to Northgate, Waiting 12 s, J.J., female, 64, needs attention: 2 error findings,"
        " 1 thing that does not fit, 1 unread, pinned, with a note"
    )
    model = made()
    model.show([conversation(1)])
    assert model.index(0).data() == "Referral 1, Alder to Northgate, Answered"
