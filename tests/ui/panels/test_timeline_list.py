"""The list of conversations in the running window: unread, pins, notes, filters, links by hand.

Also timeline_conflicts, timeline_desk, timeline_filters, timeline_merging, timeline_notes and timeline_relating.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QPlainTextEdit,
    QToolButton,
    QWidget,
)

from tests.session.test_listing import sent
from workbench.session.events import ExchangeRecorded
from workbench.ui.context import PanelId
from workbench.ui.models.conversations import ROW_ROLE
from workbench.ui.panels import timeline_list
from workbench.ui.widgets import ChoicePopup, Combo

if TYPE_CHECKING:
    from tests.ui.driving import Person
    from workbench.history import ConversationRow


@pytest.fixture
def reader(person: Person) -> Person:
    """Somebody with two referrals that were answered, at the timeline."""
    panel = person.go(PanelId.TIMELINE)
    person.go(PanelId.COMPOSE)
    session, errors = panel._context.session, list[BaseException | None]()
    for count in (1, 2):
        person.desk.bridge.submit(sent(session), lambda _, error: errors.append(error))
        person.until(lambda count=count: len(errors) == count)
    assert errors == [None, None]
    person.until(lambda: [row.messages for row in rows(person)] == [2, 2])
    person.go(PanelId.TIMELINE)
    person.quiet()
    return person


def rows(person: Person) -> list[ConversationRow]:
    return person.values("conversations", ROW_ROLE)


def menu(person: Person, row: int, action: str) -> None:
    """Open the menu of a row as the menu key does, and take one of its lines."""
    view = person.find(QAbstractItemView, "conversations")
    place = view.visualRect(view.model().index(row, 0)).center()
    view.customContextMenuRequested.emit(place)
    wanted = person.window.findChild(QAction, action)
    assert wanted is not None
    assert wanted.isEnabled()
    wanted.trigger()
    person.quiet()


def recorded(person: Person, name: str, *, after: int, part_of: str = "") -> ExchangeRecorded:
    """One more exchange, later than everything that is listed, by itself or in another conversation."""
    newest = rows(person)[0]
    row = replace(newest, id=part_of or name, last_activity=newest.last_activity + timedelta(minutes=after))
    return ExchangeRecorded(name, row)


def test_what_is_recorded_at_once_is_shown_together(reader: Person) -> None:
    panel = reader.go(PanelId.TIMELINE)
    told: list[int] = []
    reader.find(QAbstractItemView, "conversations").model().rowsInserted.connect(
        lambda _, first, last: told.append(last - first + 1)
    )
    events = [recorded(reader, f"x{n:02}", after=n + 1) for n in range(20)]
    joined = recorded(reader, "x03", after=30, part_of="x04")
    for event in (*events, joined):
        panel.on_event(event)
    assert told == [1], "the first of them is shown at once"
    reader.until(lambda: len(told) == 2)
    assert told[1] == 18
    shown = [row.id for row in rows(reader)]
    assert shown[0] == "x04"
    assert "x03" not in shown
    assert len(shown) == 2 + 19


def test_a_conversation_that_is_opened_before_its_row_comes_is_chosen_when_it_does(reader: Person) -> None:
    panel = reader.go(PanelId.TIMELINE)
    known = rows(reader)[1]
    reader.until(lambda: not panel._desk._together.isActive())
    panel.on_event(recorded(reader, "first", after=1))
    panel._list.model.drop(known.id)
    panel.on_event(ExchangeRecorded(known.id, replace(known, last_activity=known.last_activity + timedelta(hours=1))))
    panel.open(known.id)
    assert panel._list.standing()[0] < 0
    reader.until(lambda: panel._list.standing()[0] == 0)
    assert rows(reader)[0].id == known.id


def test_of_very_many_only_the_newest_are_kept_unless_a_person_is_further_down(
    reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("MOST", 60), ("KEPT", 40), ("PAGE", 5)):
        monkeypatch.setattr(timeline_list, name, value)
    listed = reader.go(PanelId.TIMELINE)._list
    listed.put([recorded(reader, f"x{n:02}", after=n + 1).conversation for n in range(50)])
    assert len(rows(reader)) == 52
    listed.choose("x02")
    listed.put([recorded(reader, f"y{n:02}", after=n + 1).conversation for n in range(20)])
    assert len(rows(reader)) == 72, "the chosen row is below what would be kept"
    listed.choose("y19")
    listed.put([recorded(reader, "z", after=1).conversation])
    assert [row.id for row in rows(reader)[:2]] == ["z", "y19"]
    assert (len(rows(reader)), listed.standing()[2]) == (40, True)
    assert listed._count.text() == "40+"


def test_the_chosen_row_is_forgotten_out_of_sight_and_chosen_again_when_its_page_comes(
    reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("MOST", 60), ("KEPT", 40), ("PAGE", 5)):
        monkeypatch.setattr(timeline_list, name, value)
    panel = reader.go(PanelId.TIMELINE)
    listed, opened = panel._list, panel._id
    assert opened
    listed.put([recorded(reader, f"x{n:02}", after=n + 1).conversation for n in range(70)])
    assert (len(rows(reader)), listed.standing()[0]) == (40, -1)
    assert opened not in [row.id for row in rows(reader)]
    bar = listed._list.verticalScrollBar()
    assert bar.value() == 0
    bar.setValue(bar.maximum())
    reader.until(lambda: listed.standing()[0] >= 0)
    assert rows(reader)[listed.standing()[0]].id == opened
    assert bar.value() < bar.maximum(), "the list stays where a person scrolled to"


def test_the_open_conversation_that_goes_on_does_not_take_the_list_with_it(
    reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("MOST", 60), ("KEPT", 40), ("PAGE", 5)):
        monkeypatch.setattr(timeline_list, name, value)
    panel = reader.go(PanelId.TIMELINE)
    listed, row = panel._list, next(row for row in rows(reader) if row.id == panel._id)
    listed.put([recorded(reader, f"x{n:02}", after=n + 1).conversation for n in range(70)])
    bar = listed._list.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    place, latest = bar.value(), rows(reader)[0].last_activity
    panel.on_event(ExchangeRecorded("leg", replace(row, last_activity=latest + timedelta(hours=1))))
    reader.until(lambda: listed.standing()[0] == 0)
    assert bar.value() == place


def test_a_conversation_that_went_into_another_is_opened_in_view(reader: Person) -> None:
    panel = reader.go(PanelId.TIMELINE)
    listed = panel._list
    newer, older = (row.id for row in rows(reader))
    panel.open(older)
    reader.until(lambda: panel._view is not None and panel._view.row.id == older)
    merged = next(row.exchange for row in panel._lanes._rows if row.exchange and row.exchange != older)
    panel.open(newer)
    reader.until(lambda: panel._view.row.id == newer)
    listed.put([recorded(reader, f"x{n:02}", after=n + 1).conversation for n in range(50)])
    listed._list.verticalScrollBar().setValue(0)
    assert older not in listed.in_view()
    panel.open(merged)
    reader.until(lambda: panel._id == older)
    assert older in listed.in_view()


def test_where_the_chosen_row_goes_none_is_chosen_until_it_comes_again(reader: Person) -> None:
    panel = reader.go(PanelId.TIMELINE)
    listed, row = panel._list, next(row for row in rows(reader) if row.id == panel._id)
    listed.put([recorded(reader, f"x{n:02}", after=n + 1).conversation for n in range(20)])
    listed.change(replace(row, pinned=True))
    assert listed.standing()[0] == 0
    listed.model._more = True
    unpinned = replace(row, last_activity=row.last_activity - timedelta(hours=1))
    listed.change(unpinned)
    assert listed.standing()[0] == -1
    panel._desk._append([unpinned])
    assert rows(reader)[listed.standing()[0]].id == panel._id


def test_what_goes_on_while_rows_are_read_is_read_again(reader: Person) -> None:
    desk = reader.go(PanelId.TIMELINE)._desk
    read, newest = rows(reader)[1], rows(reader)[0]
    desk._freshen()
    went_on = replace(read, last_activity=newest.last_activity + timedelta(hours=1), title="Went on")
    desk.on_event(ExchangeRecorded("leg", went_on))
    desk._on_rows([read], None)
    assert (rows(reader)[0].title, desk._stale) == ("Went on", {read.id})


def test_what_came_in_is_unread_until_its_conversation_is_opened(reader: Person) -> None:
    reader.until(lambda: sorted(row.unread for row in rows(reader)) == [0, 1])
    place = next(n for n, row in enumerate(rows(reader)) if row.unread)
    assert "1 unread" in reader.rows("conversations")[place]
    reader.click_row("conversations", place)
    reader.until(lambda: [row.unread for row in rows(reader)] == [0, 0])


def test_a_pinned_conversation_stays_on_top_with_its_note(reader: Person) -> None:
    last = rows(reader)[1].id
    menu(reader, 1, "pin-conversation")
    reader.until(lambda: rows(reader)[0].id == last)
    assert rows(reader)[0].pinned
    menu(reader, 0, "note-conversation")
    text = reader.find(QPlainTextEdit, "note-text")
    reader.until(text.isVisible)
    text.setPlainText("Ring them")
    reader.press("note-save")
    reader.until(lambda: rows(reader)[0].note == "Ring them")
    reader.until(lambda: not any(one.isVisible() for one in reader.window.findChildren(QDialog, "note-dialog")))
    assert reader.rows("conversations")[0].endswith("pinned, with a note")
    menu(reader, 0, "pin-conversation")
    reader.until(lambda: [row.pinned for row in rows(reader)] == [False, False])
    assert rows(reader)[1].id == last, "it is back where its time puts it"


def test_filters_narrow_the_list_and_say_so(reader: Person) -> None:
    panel = reader.window.panel(PanelId.TIMELINE)
    menu(reader, 1, "pin-conversation")
    reader.until(lambda: rows(reader)[0].pinned)
    reader.press("filter-conversations")
    popup = reader.find(QWidget, "conversation-filters")
    reader.until(popup.isVisible)
    reader.until(lambda: reader.find(Combo, "filter-services").count() == 2)
    box = reader.find(QCheckBox, "filter-pinned")
    reader.bot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    reader.until(lambda: len(rows(reader)) == 1)
    status = reader.find(Combo, "filter-statuses")
    status.setFocus()
    reader.bot.keyClick(status, Qt.Key.Key_Down)
    reader.until(lambda: status.value() == "200")
    reader.press_in(popup, "filter-done")
    assert "Only: 200, pinned" in reader.words(panel)
    button = reader.find(QToolButton, "filter-conversations")
    assert button.accessibleName() == "Filter the conversations, 2 set"
    state = reader.find(Combo, "filter-states")
    state.choose("cancelled")
    state.chosen.emit("cancelled")
    reader.until(lambda: not rows(reader))
    assert "Nothing found" in reader.words(panel)
    reader.press("filter-all")
    reader.until(lambda: len(rows(reader)) == 2)
    assert button.accessibleName() == "Filter the conversations"
    assert "Only:" not in reader.words(panel)


def test_every_filter_narrows_the_list_and_clear_opens_it_again(reader: Person) -> None:
    reader.press("filter-conversations")
    popup = reader.find(QWidget, "conversation-filters")
    reader.until(popup.isVisible)
    reader.until(lambda: reader.find(Combo, "filter-services").count() == 2)
    row, desk = rows(reader)[0], reader.window.panel(PanelId.TIMELINE)._desk
    holds = {
        "states": row.state.value,
        "environments": "embedded",
        "services": "northgate-emergency-department",
        "use_cases": "a1t1",
        "events": "servicerequest-request",
        "statuses": "200",
        "time": "hour",
    }
    for name, value in holds.items():
        combo = reader.find(Combo, f"filter-{name}")
        combo.choose(value)
        combo.chosen.emit(value)
        reader.until(lambda: desk._popup.chosen().count == 1)
        reader.quiet()
        assert combo.value() == value
        assert len(rows(reader)) == 2, f"both are {value}"
        reader.press_in(popup, "filter-clear")
        reader.until(lambda: desk._popup.chosen().count == 0)
    severity = reader.find(Combo, "filter-severity")
    wrong = [one for one in rows(reader) if one.errors]
    severity.choose("error")
    severity.chosen.emit("error")
    reader.until(lambda: len(rows(reader)) == len(wrong))
    reader.press_in(popup, "filter-clear")
    reader.until(lambda: len(rows(reader)) == 2)
    for name in ("attention", "noted"):
        box = reader.find(QCheckBox, f"filter-{name}")
        reader.bot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
        reader.until(lambda: not rows(reader))
        reader.press_in(popup, "filter-clear")
        reader.until(lambda: len(rows(reader)) == 2)
    box = reader.find(QCheckBox, "filter-unread")
    unread = sum(bool(one.unread) for one in rows(reader))
    reader.bot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    reader.until(lambda: len(rows(reader)) == unread)


def test_a_message_is_linked_elsewhere_by_hand_unlinked_and_given_back(reader: Person) -> None:
    panel = reader.window.panel(PanelId.TIMELINE)
    assert [row.messages for row in rows(reader)] == [2, 2]
    reader.until(lambda: len([row.exchange for row in panel._lanes._rows if row.exchange]) >= 2)
    reply = [row.exchange for row in panel._lanes._rows if row.exchange][-1]
    panel.open(panel._id, reply)
    reader.until(lambda: panel._leg == reply)
    reader.quiet()
    reader.run("belongs")
    targets = reader.window.findChild(ChoicePopup, "conversation-targets")
    assert targets is not None
    reader.until(targets.isVisible)
    reader.bot.keyClick(targets.view, Qt.Key.Key_Down)
    reader.bot.keyClick(targets.view, Qt.Key.Key_Return)
    reader.until(lambda: sorted(row.messages for row in rows(reader)) == [1, 3])
    reader.until(lambda: "Linked by hand" in reader.toasts())
    reader.until(lambda: panel._leg == reply)
    inspector = reader.find(QWidget, "inspector")
    reader.until(lambda: "Linked by hand" in reader.words(inspector))
    reader.quiet()
    assert panel._leg == reply
    reader.run("unlink")
    reader.until(lambda: sorted(row.messages for row in rows(reader)) == [1, 1, 2])
    reader.until(lambda: panel._id == reply)
    reader.until(lambda: any(row.attention for row in rows(reader)))
    reader.quiet()
    assert panel._leg == reply
    conflicts = reader.find(QWidget, "conflicts")
    reader.until(lambda: "The reply quotes Bundle id" in reader.words(conflicts))
    reader.press("conflict-0")
    reader.quiet()
    assert panel._leg == reply
    reader.run("release")
    reader.until(conflicts.isHidden)
    reader.until(lambda: [row.messages for row in rows(reader)] == [2, 2])
    reader.until(lambda: not any(row.attention for row in rows(reader)))


def test_two_conversations_are_merged_from_the_menu_and_from_the_palette_and_parted(reader: Person) -> None:
    def take_the_first() -> None:
        mates = reader.window.findChild(ChoicePopup, "conversation-mates")
        assert mates is not None
        reader.until(mates.isVisible)
        assert mates.view.accessibleName() == "Conversations to merge with"
        reader.bot.keyClick(mates.view, Qt.Key.Key_Return)
        reader.until(lambda: [row.messages for row in rows(reader)] == [4])
        reader.until(lambda: "Merged." in reader.toasts())

    menu(reader, 0, "merge-conversation")
    take_the_first()
    view = reader.find(QAbstractItemView, "conversations")
    view.customContextMenuRequested.emit(view.visualRect(view.model().index(0, 0)).center())
    part = reader.window.findChild(QAction, "part-conversation")
    assert part is not None
    reader.until(part.isEnabled)
    part.trigger()
    reader.until(lambda: [row.messages for row in rows(reader)] == [2, 2])
    reader.until(lambda: "Parted:" in reader.toasts())
    view.customContextMenuRequested.emit(view.visualRect(view.model().index(0, 0)).center())
    reader.quiet()
    assert not part.isEnabled(), "what was never merged cannot be parted"
    reader.window.findChild(QWidget, "conversation-menu").close()
    reader.run("merge")
    take_the_first()
    again = next(one for one in reader.window.findChildren(QAbstractButton) if one.text() == "Part again")
    reader.bot.mouseClick(again, Qt.MouseButton.LeftButton)
    reader.until(lambda: [row.messages for row in rows(reader)] == [2, 2])


def test_everything_in_the_filter_has_a_name(reader: Person) -> None:
    popup = reader.find(QWidget, "conversation-filters")
    controls = [*popup.findChildren(Combo), *popup.findChildren(QAbstractButton)]
    assert len(controls) == 14
    assert all(one.accessibleName() or getattr(one, "text", str)() for one in controls)
