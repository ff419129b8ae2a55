"""The table of answers in the Receiver panel and the form of an own rule (receiver_rule)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QScrollArea, QTabBar, QTableView, QWidget

from workbench.ui.context import PanelId
from workbench.ui.models.table import VALUE_ROLE
from workbench.ui.widgets import Combo

if TYPE_CHECKING:
    from tests.ui.driving import Person
    from workbench.session.answer_views import AnswerRow


def show(person: Person, tab: int) -> QWidget:
    panel = person.go(PanelId.RECEIVER)
    panel.findChild(QTabBar).setCurrentIndex(tab)
    person.quiet()
    return panel


def rules(person: Person) -> list[AnswerRow]:
    return person.values("answers", VALUE_ROLE)


def fill(person: Person, name: str, value: str) -> None:
    combo = person.find(Combo, name)
    combo.choose(value)
    combo.chosen.emit(value)


def test_the_harness_values_are_loaded_and_switched_one_by_one(person: Person) -> None:
    show(person, 0)
    assert not any(one.on for one in rules(person) if one.id), "the own receiver begins without them"
    person.find(QCheckBox, "harness-values").click()
    person.until(lambda: all(one.on for one in rules(person)))
    table = person.find(QTableView, "answers")
    table.selectRow(3)
    table.setFocus()
    person.bot.keyClick(table, Qt.Key.Key_Space)
    person.until(lambda: [one.number for one in rules(person) if not one.on] == [4])
    assert rules(person)[3].answer.endswith("(off)")
    show(person, 1)
    assert all(one.on for one in rules(person)), "the sandbox has its own"


def test_a_click_on_the_box_switches_a_rule(person: Person) -> None:
    show(person, 1)
    person.click_row("answers", 4)
    person.until(lambda: [one.number for one in rules(person) if not one.on] == [5])


def test_an_own_rule_is_made_answers_is_changed_moved_and_taken_out(person: Person) -> None:
    panel = show(person, 0)
    person.press("copy-address")
    url = f"{QGuiApplication.clipboard().text()}/metadata"
    ids = {
        "X-Request-Id": "6b1c0c39-1111-4aaa-8bbb-000000000001",
        "X-Correlation-Id": "6b1c0c39-1111-4aaa-8bbb-000000000002",
    }
    person.press("new-rule")
    person.type_into("rule-nhs-number", "123")
    person.press("rule-save")
    person.until(lambda: "no NHS number" in person.words(panel))
    person.type_into("rule-nhs-number", "")
    fill(person, "rule-call", "metadata")
    fill(person, "rule-status", "429")
    person.press("rule-save")
    person.until(lambda: rules(person)[0].own)
    made = rules(person)[0]
    assert (made.kind, made.answer, made.source) == ("GET metadata", "429 REC_TOO_MANY_REQUESTS", "own rule")
    assert httpx.get(url, headers=ids, trust_env=False, timeout=10).status_code == 429
    person.until(lambda: [one.answered_by for one in person.values("receiver-log", VALUE_ROLE)] == [made.id])
    table = person.find(QTableView, "answers")
    table.selectRow(0)
    person.press("rule-edit")
    person.until(lambda: person.window.findChild(QWidget, "rule-form") is not None)
    fill(person, "rule-status", "503")
    person.press("rule-save")
    person.until(lambda: rules(person)[0].answer == "503 REC_UNAVAILABLE" or "503" in rules(person)[0].answer)
    table.selectRow(0)
    person.press("rule-down")
    person.until(lambda: rules(person)[1].id == made.id)
    assert person.find(QAbstractButton, "rule-remove").isEnabled(), "it stays chosen"
    person.press("rule-remove")
    person.until(lambda: not any(one.own for one in rules(person)))


def test_the_form_of_a_rule_comes_into_view_in_a_small_window(person: Person) -> None:
    person.window.resize(1024, 700)
    panel = show(person, 0)
    person.press("new-rule")

    def lowest() -> int:
        form = person.find(QWidget, "rule-form")
        area = form.parentWidget()
        while not isinstance(area, QScrollArea):
            area = area.parentWidget()
        place = form.mapTo(area.viewport(), QPoint(0, 0)).y()
        return place if place <= 0 else place + form.height() - area.viewport().height()

    person.until(lambda: person.find(QWidget, "rule-form").isVisible() and lowest() <= 0)
    assert panel.isVisible()
