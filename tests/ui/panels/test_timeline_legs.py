"""What can be done with a leg of the timeline: its menu, sending again, pinning, and going from a finding to its place.

Nobody is masked here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QListView, QMenu, QTabBar, QTreeView, QWidget

from tests.ui.panels.test_timeline import ASKED, REPLIED, choose, legs, tab
from workbench.ui.context import PanelId
from workbench.ui.widgets import Combo
from workbench.ui.widgets.lane_view import LaneView

if TYPE_CHECKING:
    from tests.ui.driving import Person


@pytest.fixture
def reader(person: Person) -> Person:
    """Somebody who sent a referral, got its reply and looks at the request."""
    person.compose()
    person.run("send")
    panel = person.go(PanelId.TIMELINE)
    person.until(lambda: [row.title for row in panel._lanes._rows if row.exchange][-1:] == [REPLIED])
    person.quiet()
    choose(person, ASKED)
    return person


def menu(person: Person) -> QMenu:
    found = person.window.panel(PanelId.TIMELINE).findChild(QMenu, "leg-menu")
    assert found is not None
    return found


def test_the_menu_of_a_leg_opens_by_right_click_and_from_the_head(reader: Person) -> None:
    lanes = reader.window.panel(PanelId.TIMELINE).findChild(LaneView)
    place = lanes.visualRect(lanes.currentIndex()).center()
    lanes.contextMenuEvent(
        QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, lanes.viewport().mapToGlobal(place))
    )
    reader.until(menu(reader).isVisible)
    said = [action.objectName() for action in menu(reader).actions() if not action.isSeparator()]
    wanted = ["retry", "send-again", "fork", "reply", "follow-up", "copy-curl", "copy-wire", "pin-leg"]
    assert [one for one in said if one in wanted] == wanted
    assert not [one for one in said if "delete" in one]
    menu(reader).close()
    reader.press("leg-more")
    reader.until(menu(reader).isVisible)
    menu(reader).close()


def test_send_again_makes_a_message_of_its_own(reader: Person) -> None:
    first = json.loads(reader.window.panel(PanelId.TIMELINE)._inspector.detail.exchange.request.body)
    reader.run("send-again")
    reader.until(lambda: len(reader.conversations()) == 2)
    panel = reader.window.panel(PanelId.TIMELINE)
    reader.until(lambda: panel._inspector.detail is not None and panel._inspector.detail.title == ASKED)
    reader.until(lambda: json.loads(panel._inspector.detail.exchange.request.body)["id"] != first["id"])
    again = panel._inspector.detail.exchange
    assert again.attempt == 1
    assert again.response is not None
    assert again.response.ok
    assert json.loads(again.request.body)["timestamp"] != first["timestamp"]


def test_what_was_on_the_wire_is_copied(reader: Person) -> None:
    reader.run("copy-wire")
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("POST /")
    assert "HTTP/1.1 200" in copied


def test_a_pinned_leg_stands_first_among_what_others_are_compared_with(reader: Person) -> None:
    reader.run("pin-leg")
    assert reader.action("pin-leg").isChecked()
    choose(reader, REPLIED)
    assert not reader.action("pin-leg").isChecked()
    tab(reader, 5)
    inspector = reader.find(QWidget, "inspector")
    reader.until(lambda: inspector.findChild(Combo).currentText().startswith(f"Pinned: {ASKED}"))
    reader.until(lambda: "matter" in reader.find(QLabel, "compare-summary").text())
    choose(reader, ASKED)
    assert reader.action("pin-leg").isChecked()
    reader.run("pin-leg")
    choose(reader, REPLIED)
    reader.until(lambda: not inspector.findChild(Combo).currentText().startswith("Pinned"))


def test_a_message_is_held_against_its_template(reader: Person) -> None:
    tab(reader, 5)
    chosen = reader.find(QWidget, "inspector").findChild(Combo)
    reader.until(lambda: chosen.findText("Its template, composed anew") >= 0)
    chosen.setCurrentIndex(chosen.findText("Its template, composed anew"))
    chosen.chosen.emit(chosen.value())
    inspector = reader.find(QWidget, "inspector")
    reader.until(lambda: "No difference that matters" in reader.words(inspector))


def test_a_message_of_another_conversation_can_be_chosen(reader: Person) -> None:
    reader.window.play_scenario("refer-only")
    panel = reader.go(PanelId.TIMELINE)
    reader.until(lambda: len(reader.conversations()) == 2)
    reader.quiet()
    assert legs(reader)[:1] == [ASKED]
    tab(reader, 5)
    reader.press("compare-choose")
    reader.pick_from("compare-other", "111 to ed")
    chosen = panel._inspector.findChild(Combo)
    reader.until(lambda: chosen.currentText().startswith(ASKED) and chosen.currentIndex() == 0)
    reader.until(lambda: "matter" in reader.find(QLabel, "compare-summary").text())


def test_a_finding_goes_to_its_element(person: Person) -> None:
    person.compose()
    source = json.loads(person.source.toPlainText())
    place = next(n for n, one in enumerate(source["entry"]) if one["resource"]["resourceType"] == "Patient")
    source["entry"][place]["resource"]["birthDate"] = "03/02/1990"
    person.source.setPlainText(json.dumps(source, indent=2))
    person.judged()
    person.run("send")
    panel = person.go(PanelId.TIMELINE)
    person.until(lambda: panel._inspector.detail is not None and panel._inspector.detail.verdict is not None)
    tab(person, 3)
    view = person.find(QListView, "leg-findings")
    wanted = next(n for n in range(view.model().rowCount()) if "birth" in str(view.model().index(n, 0).data()).lower())
    person.click_row("leg-findings", wanted)
    tree = person.find(QTreeView, "bundle-tree")
    person.until(tree.isVisible)
    assert person.find(QWidget, "inspector").findChild(QTabBar).currentIndex() == 2
    assert tree.current_path().endswith("birthDate")


def test_enter_in_the_lanes_goes_to_the_inspector(reader: Person) -> None:
    panel = reader.window.panel(PanelId.TIMELINE)
    panel.resize(560, 600)
    reader.until(lambda: not panel._inspector.isVisible())
    lanes = panel.findChild(LaneView)
    lanes.setFocus()
    reader.bot.keyClick(lanes, Qt.Key.Key_Return)
    reader.until(panel._inspector.isVisible)
    assert isinstance(reader.window.focusWidget(), (QTabBar, QAbstractButton))
