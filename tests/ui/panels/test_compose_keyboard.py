"""One message of each kind composed in the running window by keys alone, from nothing and from another one, and taken.

Nothing is clicked and nothing is called: shortcuts, Tab, arrows, letters, Return. What is looked at are words and rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDialog, QWidget

from tests.ui import conftest
from tests.ui.panels.test_compose_form import field, tab_to, text_of, views
from workbench.compose import template, templates
from workbench.messages import parse
from workbench.standard.definitions import definitions
from workbench.ui.context import PanelId
from workbench.ui.widgets import ChoicePopup, Picker
from workbench.ui.widgets.lane_view import LaneView

if TYPE_CHECKING:
    from tests.ui.driving import Person
    from workbench.evidence.lanes import LaneRow

CTRL = Qt.KeyboardModifier.ControlModifier
HOUR_S = "3600"


class Journey(NamedTuple):
    """A message and what follows it, in the order in which it is sent; all by the ids of their templates."""

    first: str
    use_case: str
    then: tuple[str, ...] = ()


JOURNEYS = (
    Journey("booking-new", "a1t1", ("booking-update", "booking-cancel")),
    Journey("booking-gp", "a7t1"),
    Journey("referral-new", "a1t1", ("referral-update", "safeguarding-dna", "referral-cancel")),
    Journey("referral-new", "a2t1", ("referral-error",)),
    Journey("referral-cas", "a3t1"),
    Journey("referral-pharmacy", "a5t1"),
    Journey("referral-cad", "a6t2", ("cad-update", "cad-status")),
    Journey("referral-cad", "a6t3", ("cad-rejection",)),
    Journey("referral-broker", "a8t1"),
    Journey("validation-new", "a4t1", ("validation-update", "validation-interim", "validation-full")),
    Journey("validation-new", "a4t2", ("validation-rejection",)),
    Journey("validation-new", "a4t3", ("validation-cancel",)),
    Journey("validation-new", "a4t4", ("validation-error",)),
)
TITLES = {
    "booking-update": "booking, updated",
    "booking-cancel": "booking, cancelled",
    "referral-update": "referral, updated",
    "cad-update": "referral, updated",
    "referral-cancel": "referral, cancelled",
    "referral-error": "referral, entered in error",
    "validation-update": "validation, updated",
    "validation-cancel": "validation, cancelled",
    "validation-error": "validation, entered in error",
    "validation-interim": "Interim validation response",
    "validation-full": "Full validation response",
    "validation-rejection": "Validation rejected",
    "safeguarding-dna": "Safeguarding: did not attend",
    "cad-status": "Referral status update",
    "cad-rejection": "Referral rejected",
}
"""How the title of what follows ends in the timeline."""
WAYS = {"update": "update it", "cancel": "cancel it", "error": "withdraw it"}
"""What a person types to follow a message, by the end of the template's id."""


@pytest.fixture
def patient_parties(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parties of the sandbox that reply only when a person has them reply."""
    for name in conftest.QUICK:
        monkeypatch.setitem(conftest.QUICK, name, HOUR_S)


def key(person: Person, code: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key wherever the focus is."""
    person.bot.keyClick(person.window.focusWidget() or person.window, code, modifiers)


def shortcut(person: Person, id: str) -> None:
    """Press the keys of an action that is possible now."""
    action = person.action(id)
    person.until(action.isEnabled)
    person.window.activateWindow()  # as any desktop does once a list or a dialog is gone; off screen there is none
    person.until(person.window.isActiveWindow)
    keys = action.shortcut()[0]
    key(person, keys.key(), keys.keyboardModifiers())


def go(person: Person, panel: PanelId) -> QWidget:
    """Bring a panel to the front."""
    shown = person.window.panel(panel)
    shortcut(person, f"go-{panel.value}")
    person.until(lambda: person.window._stack.currentWidget() is shown)
    person.quiet()
    return shown


def choose(person: Person, popup: ChoicePopup, words: str) -> None:
    """Take what is found first in a list that is open: by letters, or by arrows where it is short."""
    person.until(popup.isVisible)
    if popup.field.isVisible():
        person.bot.keyClicks(popup.field, words)
        person.bot.keyClick(popup.field, Qt.Key.Key_Return)
        return
    for _ in range(popup.model.rowCount()):
        if words in str(popup.view.currentIndex().data()).lower():
            break
        person.bot.keyClick(popup.view, Qt.Key.Key_Down)
    person.bot.keyClick(popup.view, Qt.Key.Key_Return)


def pick(person: Person, name: str, words: str) -> None:
    """Take what is found first in a picker of Compose."""
    picker = person.find(Picker, name)
    tab_to(person, picker)
    key(person, Qt.Key.Key_Down)
    popup = picker.findChild(ChoicePopup)
    assert popup is not None
    choose(person, popup, words)


def typed(person: Person, card: str, label: str, words: str) -> None:
    """Go to a field of the form by Tab and write something in its place."""
    page = views(person).form
    person.until(lambda: page.isVisible() and page.ready and not views(person)._stale)
    control = field(person, card, label).control
    tab_to(person, control)
    key(person, Qt.Key.Key_A, CTRL)
    person.bot.keyClicks(control, words)
    person.until(lambda: words in text_of(person))


def composed(person: Person, kind: str) -> None:
    """What stands in Compose is of a kind and judged, without an error."""
    row = template(kind).kind
    person.judged()
    facts = parse(text_of(person).encode()).facts
    assert facts.definition == definitions()[row.definition].url
    errors = [one for one in person.findings() if one.severity.value in ("fatal", "error")]
    assert not errors, errors


def draft_with(person: Person, words: str) -> None:
    """A draft of what is found by some words, another than the one before."""
    before = text_of(person)
    pick(person, "pick-message", words)
    person.until(lambda: text_of(person) != before and '"resourceType"' in text_of(person))


def messages(person: Person) -> list[LaneRow]:
    """The messages of the conversation in front; the reads before a change are none."""
    lanes = person.window.panel(PanelId.TIMELINE)._lanes
    return [row for row in map(lanes.row, range(lanes.rowCount())) if row.operation == "process-message"]


def taken(person: Person, count: int, title: str = ", new") -> None:
    """So many messages are in the conversation, and the last, which is called so, was taken."""
    go(person, PanelId.TIMELINE)
    person.until(lambda: len(messages(person)) == count and messages(person)[-1].status not in ("", "waiting"))
    last = messages(person)[-1]
    assert last.status == "200 accepted"
    assert last.title.endswith(title)
    go(person, PanelId.COMPOSE)


def replied(person: Person, kind: str) -> None:
    """The reply of the other party to the first message, which is chosen in the timeline."""
    panel = go(person, PanelId.TIMELINE)
    lanes = panel.findChild(LaneView)
    assert lanes is not None
    tab_to(person, lanes)
    key(person, Qt.Key.Key_Home)
    first = messages(person)[0].exchange
    while panel._lanes.row(lanes.currentIndex().row()).exchange != first:
        key(person, Qt.Key.Key_Down)
    person.until(lambda: panel._inspector._detail is not None and panel._inspector._detail.exchange.id == first)
    shortcut(person, "reply")
    person.until(lambda: dialogs(person))
    (dialog,) = dialogs(person)
    send = dialog.findChild(QAbstractButton, "reply-send")
    which = dialog.findChild(QComboBox, "reply-kind")
    assert send is not None
    assert which is not None
    person.until(send.isEnabled)
    dialog_to(person, dialog, which)
    for _ in range(which.count()):
        if which.currentData() == kind:
            break
        person.bot.keyClick(which, Qt.Key.Key_Down)
    assert which.currentData() == kind
    dialog_to(person, dialog, send)
    person.bot.keyClick(send, Qt.Key.Key_Space)
    person.until(lambda: not dialogs(person))


def dialogs(person: Person) -> list[QDialog]:
    """The dialog of a reply while it is open."""
    return [one for one in person.window.findChildren(QDialog, "reply-dialog") if one.isVisible()]


def dialog_to(person: Person, dialog: QDialog, target: QWidget) -> None:
    """Go to a part of a dialog by Tab."""
    for _ in range(20):
        if dialog.focusWidget() is target:
            return
        person.bot.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Tab)
    raise AssertionError(f"{target.objectName()} cannot be reached by Tab")


@pytest.mark.usefixtures("patient_parties")
@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda one: "-".join((one.first, *one.then)))
def test_each_kind_is_composed_by_keys_alone_and_taken(request: pytest.FixtureRequest, journey: Journey) -> None:
    person: Person = request.getfixturevalue("person")
    go(person, PanelId.COMPOSE)
    draft_with(person, f"{journey.first}/{journey.use_case}")
    typed(person, "Patient", "Family name", "Quillfeather")
    composed(person, journey.first)
    shortcut(person, "send")
    taken(person, 1)
    for count, kind in enumerate(journey.then, 2):
        if template(kind).kind.direction == "response":
            replied(person, kind)
        else:
            draft_with(person, WAYS[kind.rpartition("-")[2]])
            composed(person, kind)
            shortcut(person, "send")
        taken(person, count, TITLES[kind])


def test_the_journeys_have_every_kind_that_there_is() -> None:
    there = {one for journey in JOURNEYS for one in (journey.first, *journey.then)}
    assert there == {row.id for row in templates() if not row.variant}
