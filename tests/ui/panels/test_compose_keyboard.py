"""Messages of every kind composed in the running window with the keyboard alone, from nothing and from another one.

What has a shortcut is run by its action: a window off screen is not active, and shortcuts are of the active one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QDialog

from tests.ui.panels.test_compose_form import field, form, tab_to, text_of
from workbench.ui.context import PanelId
from workbench.ui.widgets.lane_view import LaneView

if TYPE_CHECKING:
    from tests.ui.driving import Person

CTRL = Qt.KeyboardModifier.ControlModifier


def key(person: Person, code: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key wherever the focus is."""
    person.bot.keyClick(person.window.focusWidget() or person.window, code, modifiers)


def composed(person: Person) -> None:
    """What stands in Compose is judged, without an error."""
    person.judged()
    errors = [one for one in person.findings() if one.severity.value in ("fatal", "error")]
    assert not errors, errors


def typed(person: Person, card: str, label: str, words: str) -> None:
    """Go to a field by Tab and write something in its place."""
    control = field(person, card, label).control
    tab_to(person, control)
    key(person, Qt.Key.Key_A, CTRL)
    person.bot.keyClicks(control, words)
    person.until(lambda: words in text_of(person))


def sent(person: Person, title: str) -> None:
    """A message composed and sent, its answer there."""
    person.go(PanelId.COMPOSE)
    person.pick("pick-message", title)
    person.until(lambda: '"resourceType"' in text_of(person))
    composed(person)
    person.until(person.action("send").isEnabled)
    person.run("send")
    person.until(lambda: "200" in person.toasts())
    person.quiet()


@pytest.mark.parametrize(
    "title",
    ["111 to ED: referral, new", "111 to ED: booking, new", "999 to CAS: validation, new"],
)
def test_a_message_of_each_kind_is_composed_by_keyboard(person: Person, title: str) -> None:
    person.go(PanelId.COMPOSE)
    person.pick("pick-message", title)
    person.until(lambda: '"resourceType"' in text_of(person))
    person.judged()
    form(person)
    typed(person, "Patient", "Family name", "Quillfeather")
    gender = field(person, "Patient", "Gender")
    before = text_of(person)
    tab_to(person, gender.control)
    key(person, Qt.Key.Key_Down)
    person.until(lambda: text_of(person) != before)
    composed(person)


@pytest.mark.parametrize(
    ("first", "way", "status"),
    [
        ("111 to ED: booking, new", "cancel", '"cancelled"'),
        ("111 to ED: referral, new", "update", '"update"'),
    ],
)
def test_what_follows_a_message_is_composed_by_keyboard(person: Person, first: str, way: str, status: str) -> None:
    sent(person, first)
    person.go(PanelId.TIMELINE)
    lanes = in_front(person, first)
    person.run("follow-up")
    person.pick_from("follow-menu", way)
    person.until(lambda: person.window._stack.currentWidget() is person.window.panel(PanelId.COMPOSE))
    person.until(lambda: status in text_of(person))
    assert not lanes.isVisible()
    person.judged()
    form(person)
    typed(person, "Patient", "Family name", "Quillfeather")
    composed(person)


def in_front(person: Person, title: str) -> LaneView:
    """The timeline with a message chosen by keyboard."""
    panel = person.window.panel(PanelId.TIMELINE)
    person.until(lambda: panel.isVisible() and [row for row in panel._lanes._rows if row.title == title])
    person.quiet()
    lanes = panel.findChild(LaneView)
    tab_to(person, lanes)
    key(person, Qt.Key.Key_Home)
    first = next(row.exchange for row in panel._lanes._rows if row.exchange and row.title == title)
    while panel._lanes.row(lanes.currentIndex().row()).exchange != first:
        key(person, Qt.Key.Key_Down)
    person.until(lambda: panel._inspector._detail is not None and panel._inspector._detail.exchange.id == first)
    return lanes


def test_a_reply_is_composed_by_keyboard(person: Person) -> None:
    title = "111 to ED: referral, new"
    sent(person, title)
    person.go(PanelId.TIMELINE)
    in_front(person, title)
    person.run("reply")
    person.until(lambda: person.window.findChildren(QDialog, "reply-dialog"))
    dialog = person.window.findChildren(QDialog, "reply-dialog")[-1]
    send = dialog.findChild(QAbstractButton, "reply-send")
    assert send is not None
    person.until(send.isEnabled)
    before = person.conversations()[0][2]
    for _ in range(20):
        if dialog.focusWidget() is send:
            break
        person.bot.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Tab)
    person.bot.keyClick(send, Qt.Key.Key_Space)
    person.until(lambda: person.conversations()[0][2] > before)
