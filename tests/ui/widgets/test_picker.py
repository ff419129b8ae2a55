"""Pickers: a caption over a value, a list that is searched, greyed rows that say why and cannot be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListView

from tests.ui.widgets import pixels
from workbench.session.views import Choice
from workbench.ui.widgets import Picker
from workbench.ui.widgets.picker import CHOICE_ROLE, SEARCH_FROM, ChoiceModel

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("our_style")

ED = Choice("ed", "Northgate ED", "2000011147", "Receivers")
CAS = Choice("cas", "Northgate CAS", "2000003366", "Receivers", "takes no bookings")
OWN = Choice("own", "NHS 111 Yorkshire", "2000099111", "Own")
CHOICES = (ED, CAS, OWN)
MANY = tuple(Choice(str(n), f"Service {n}") for n in range(SEARCH_FROM))


def rows(model: ChoiceModel) -> list[str]:
    return [model.index(n).data() for n in range(model.rowCount())]


def test_choices_stand_under_their_groups(qtmodeltester: ModelTester) -> None:
    model = ChoiceModel()
    model.show(CHOICES)
    qtmodeltester.check(model)
    assert rows(model) == [
        "Receivers",
        "Northgate ED, 2000011147",
        "Northgate CAS, 2000003366, takes no bookings",
        "Own",
        "NHS 111 Yorkshire, 2000099111",
    ]
    assert [model.index(n).data(CHOICE_ROLE) for n in range(5)] == [None, ED, CAS, None, OWN]


def test_every_word_narrows(qapp: object) -> None:
    model = ChoiceModel()
    model.show(CHOICES)
    model.narrow("north 2000011147")
    found = rows(model)
    model.narrow("nothing like this")
    assert (found, model.rowCount()) == (["Receivers", "Northgate ED, 2000011147"], 0)


def test_headings_and_greyed_rows_cannot_be_chosen(qapp: object) -> None:
    model = ChoiceModel()
    model.show(CHOICES)
    able = [bool(model.flags(model.index(n)) & Qt.ItemFlag.ItemIsSelectable) for n in range(5)]
    assert able == [False, True, False, False, True]
    assert (model.next_possible(1, 1), model.next_possible(1, -1), model.next_possible(4, 1)) == (4, 4, 1)
    assert model.index(2).data(Qt.ItemDataRole.ToolTipRole) == "takes no bookings"


def a_picker(qtbot: QtBot, choices: tuple[Choice, ...] = CHOICES) -> Picker:
    picker = Picker("To service", "building", "Choose a service")
    qtbot.addWidget(picker)
    picker.show_choices(choices)
    picker.resize(picker.sizeHint())
    picker.show()
    return picker


def test_nothing_is_chosen_at_first(qtbot: QtBot) -> None:
    picker = a_picker(qtbot)
    assert (picker.current(), pixels.spoken(picker)) == ("", "To service: Choose a service")


def test_choosing_in_the_program_tells_nobody(qtbot: QtBot) -> None:
    picker = a_picker(qtbot)
    with qtbot.assertNotEmitted(picker.picked):
        picker.choose("ed")
    assert (picker.current(), pixels.spoken(picker)) == ("ed", "To service: Northgate ED")
    picker.choose("other", "From a file")
    assert pixels.spoken(picker) == "To service: From a file"


def test_the_chosen_one_stays_when_the_choices_change(qtbot: QtBot) -> None:
    picker = a_picker(qtbot)
    picker.choose("ed")
    picker.show_choices((Choice("ed", "Northgate Emergency Department"), OWN))
    assert (picker.current(), picker.toolTip()) == ("ed", "Northgate Emergency Department")


def test_it_is_opened_and_chosen_from_by_keyboard(qtbot: QtBot) -> None:
    picker = a_picker(qtbot)
    picker.choose("ed")
    qtbot.keyClick(picker, Qt.Key.Key_Down)
    view = picker.findChild(QListView)
    assert view.isVisible()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    with qtbot.waitSignal(picker.picked) as told:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert (told.args, picker.current(), view.isVisible()) == (["own"], "own", False)


def test_a_click_on_a_greyed_row_chooses_nothing(qtbot: QtBot) -> None:
    picker = a_picker(qtbot)
    qtbot.mouseClick(picker, Qt.MouseButton.LeftButton)
    view = picker.findChild(QListView)
    greyed, possible = (view.visualRect(view.model().index(n, 0)).center() for n in (2, 1))
    with qtbot.assertNotEmitted(picker.picked):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=greyed)
    with qtbot.waitSignal(picker.picked) as told:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=possible)
    assert told.args == ["ed"]


def test_many_choices_are_searched(qtbot: QtBot) -> None:
    picker = a_picker(qtbot, MANY)
    picker.open()
    field = picker.findChild(QLineEdit)
    assert field.isVisible()
    qtbot.keyClicks(field, "7")
    with qtbot.waitSignal(picker.picked) as told:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    picker.open()
    assert (told.args, field.text(), picker.findChild(QListView).model().rowCount()) == (["7"], "", SEARCH_FROM)


def test_few_choices_need_no_search(qtbot: QtBot) -> None:
    picker = a_picker(qtbot)
    picker.open()
    assert not picker.findChild(QLineEdit).isVisible()


def test_what_fits_nothing_says_so(qtbot: QtBot) -> None:
    picker = a_picker(qtbot, MANY)
    picker.open()
    qtbot.keyClicks(picker.findChild(QLineEdit), "zzz")
    with qtbot.assertNotEmitted(picker.picked):
        qtbot.keyClick(picker.findChild(QLineEdit), Qt.Key.Key_Return)
    assert picker._popup._none.isVisible()
