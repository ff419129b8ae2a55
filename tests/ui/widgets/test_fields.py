"""Fields: the label names the control, a finding replaces the hint, combos and searches tell what a person did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel

from tests.ui.widgets import pixels
from workbench.ui.theme import LIGHT, colour
from workbench.ui.widgets import Combo, Field, LinesField, SearchField, SwitchRow, check, line, number, set_severity
from workbench.ui.widgets.fields import set_fixed

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("our_style")


def description(field: Field) -> str:
    return QAccessible.queryAccessibleInterface(field.control).text(QAccessible.Text.Description)


def words(field: Field) -> list[str]:
    return [label.text() for label in field.findChildren(QLabel) if not label.isHidden()]


def test_the_label_names_the_control(qtbot: QtBot) -> None:
    field = Field("NHS number", line(), required=True, hint="Ten digits", code="PAT")
    qtbot.addWidget(field)
    assert pixels.spoken(field.control) == "NHS number, required"
    assert (description(field), words(field)) == ("Ten digits", ["NHS number", "required", "PAT", "Ten digits"])


def test_a_finding_takes_the_place_of_the_hint(qtbot: QtBot) -> None:
    field = Field("NHS number", line(), hint="Ten digits")
    qtbot.addWidget(field)
    field.show_finding("error", "Check digit is wrong")
    shown = (words(field), field.control.property("severity"), description(field))
    field.show_finding("", "")
    assert shown == (["NHS number", "Check digit is wrong"], "error", "Check digit is wrong")
    assert (words(field), field.control.property("severity")) == (["NHS number", "Ten digits"], None)


def test_a_finding_has_its_shape(qtbot: QtBot) -> None:
    field = Field("NHS number", line())
    qtbot.addWidget(field)
    field.show_finding("warning", "Odd")
    field.resize(300, field.sizeHint().height())
    assert LIGHT.warning.solid in pixels.colours(field)


def test_severity_is_a_property(qtbot: QtBot) -> None:
    made = line()
    qtbot.addWidget(made)
    set_severity(made, "error")
    assert made.property("severity") == "error"
    set_severity(made, "")
    assert made.property("severity") is None


def test_a_line_begins_at_its_start(qtbot: QtBot) -> None:
    made = line("a value", placeholder="none", read_only=True, name="host", mono=True)
    qtbot.addWidget(made)
    assert (made.text(), made.placeholderText(), made.isReadOnly(), made.objectName(), made.cursorPosition()) == (
        "a value",
        "none",
        True,
        "host",
        0,
    )


def test_a_number_has_its_range(qtbot: QtBot) -> None:
    made = number(12, 0, 10, suffix=" s", prefix="every ", name="delay")
    qtbot.addWidget(made)
    assert (made.value(), made.text(), made.objectName()) == (10, "every 10 s", "delay")


def test_a_combo_tells_what_a_person_chose_and_nothing_else(qtbot: QtBot) -> None:
    combo = Combo([("f", "Female"), ("m", "Male")], "m")
    qtbot.addWidget(combo)
    with qtbot.assertNotEmitted(combo.chosen):
        combo.choose("f")
        combo.choose("nothing")
    assert combo.value() == "f"
    with qtbot.waitSignal(combo.chosen) as told:
        qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert (told.args, combo.value()) == (["m"], "m")


def test_a_combo_keeps_its_value_where_it_still_is(qtbot: QtBot) -> None:
    combo = Combo([("a", "A"), ("b", "B")], "b")
    qtbot.addWidget(combo)
    combo.show_choices([("b", "B"), ("c", "C")])
    kept = combo.value()
    combo.show_choices([("x", "X")])
    assert (kept, combo.value()) == ("b", "x")
    assert Combo().value() == ""


def test_a_search_waits_for_a_pause(qtbot: QtBot) -> None:
    field = SearchField("Search names")
    qtbot.addWidget(field)
    with qtbot.waitSignal(field.searched) as told:
        qtbot.keyClicks(field, "abc")
    assert told.args == ["abc"]
    assert pixels.spoken(field) == "Search names"


def test_enter_searches_at_once_and_only_once(qtbot: QtBot) -> None:
    field = SearchField("Search names")
    qtbot.addWidget(field)
    heard: list[str] = []
    field.searched.connect(heard.append)
    qtbot.keyClicks(field, "ab")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    at_once = list(heard)
    field._quiet.timeout.disconnect()
    assert (at_once, field._quiet.isActive()) == (["ab"], False)


def test_clearing_searches_for_everything(qtbot: QtBot) -> None:
    field = SearchField("Search names")
    qtbot.addWidget(field)
    field.setText("abc")
    with qtbot.waitSignal(field.searched) as told:
        field.clear()
    assert told.args == [""]


def test_a_switch_tells_and_shows(qtbot: QtBot) -> None:
    row = SwitchRow("Show at start", "The page with three ways", True)
    qtbot.addWidget(row)
    with qtbot.waitSignal(row.toggled) as told:
        qtbot.keyClick(row.box, Qt.Key.Key_Space)
    assert (told.args, row.is_on()) == ([False], False)
    with qtbot.assertNotEmitted(row.toggled):
        row.show_state(True)
    assert row.is_on()
    interface = QAccessible.queryAccessibleInterface(row.box)
    assert interface.text(QAccessible.Text.Description) == "The page with three ways"


def test_a_check_box_is_clicked_anywhere_on_its_words(qtbot: QtBot) -> None:
    box = check("A long sentence to click on", name="box")
    qtbot.addWidget(box)
    box.resize(box.sizeHint())
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center())
    assert (box.isChecked(), box.objectName()) == (True, "box")


def test_a_field_for_lines_has_the_edge_of_a_field_and_tab_leaves_it(qtbot: QtBot) -> None:
    made = LinesField("a\nb", name="lines")
    qtbot.addWidget(made)
    made.show_lines(3)
    made.resize(200, made.height())
    assert made.tabChangesFocus()
    picture = made.grab().toImage()
    assert picture.pixelColor(0, 0) != picture.pixelColor(0, made.height() // 2), "its corners are round"
    assert colour(LIGHT.border) == picture.pixelColor(0, made.height() // 2)
    set_severity(made, "error")
    assert LIGHT.error.fg in pixels.colours(made)
    taller = made.height()
    made.show_lines(4)
    assert made.height() > taller


def test_a_fixed_combo_shows_its_words_as_a_read_only_field_does(qtbot: QtBot) -> None:
    combo = Combo([("a", "One"), ("b", "Two")])
    combo.setEditable(True)
    qtbot.addWidget(combo)
    combo.show()
    typed = combo.lineEdit()
    assert typed is not None
    plain = combo.grab().toImage()
    set_fixed(combo, True)
    assert combo.isEnabled(), "greyed words would say that they do not count"
    assert typed.isReadOnly()
    assert combo.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert combo.grab().toImage() != plain, "it looks like what cannot be operated"
    set_fixed(combo, False)
    assert not typed.isReadOnly()
    assert combo.grab().toImage() == plain
