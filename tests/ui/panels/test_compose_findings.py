"""Findings in the running window: layers of compose_layers, noise of compose_noise and compose_silence, help, repairs;
rows of compose_finding_rows."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QLineEdit, QListView, QMenu, QTableView, QWidget

from tests.ui.driving import A_PATIENT, Person
from workbench.messages import Layer
from workbench.ui.context import PanelId
from workbench.ui.models.findings import FINDING_ROLE, GROUP_ROLE

if TYPE_CHECKING:
    import pytest

    from workbench.messages import Finding


def spoilt(person: Person) -> None:
    """A draft with a wrong NHS number and without an id, judged."""
    person.compose()
    person.spoil(A_PATIENT)
    bundle = json.loads(person.source.toPlainText())
    del bundle["id"]
    person.source.replace_text(json.dumps(bundle, indent=2))
    person.until(lambda: {"PAT-001", "BUN-003"} <= set(person.rules()))
    person.judged()


def choose(person: Person, rule: str) -> Finding:
    """Choose the finding of a rule in the list."""
    view = person.find(QListView, "findings")
    row = person.rules().index(rule)
    view.setCurrentIndex(view.model().index(row, 0))
    return next(one for one in person.findings() if one.rule == rule)


def switch(person: Person, layer: Layer) -> None:
    """Switch a layer on or off in the menu."""
    action = person.window.findChild(QAction, f"layer-{layer.value}")
    assert action is not None
    action.trigger()
    person.quiet()


def text_of(person: Person, name: str) -> str:
    label = person.find(QLabel, name)
    return label.text() if label.isVisible() else ""


def test_a_sentence_that_is_cut_in_its_row_stands_whole_under_the_list(person: Person) -> None:
    spoilt(person)
    person.window.resize(1024, 768)
    person.quiet()
    view = person.find(QListView, "findings")
    shown = person.findings()
    longest = max(shown, key=lambda one: len(one.text))
    shortest = min(shown, key=lambda one: len(one.text))
    for finding, words in ((longest, longest.text), (shortest, "")):
        row = person.values("findings", FINDING_ROLE).index(finding)
        index = view.model().index(row, 0)
        view.setCurrentIndex(index)
        person.quiet()
        assert text_of(person, "finding-whole") == words
        assert view.viewport().rect().contains(view.visualRect(index).center()), "the chosen row stays in sight"
        assert finding.text in index.data(Qt.ItemDataRole.ToolTipRole)


def test_a_layer_is_switched_off_said_and_remembered(person: Person) -> None:
    spoilt(person)
    layers = {one.layer for one in person.findings()}
    assert Layer.BARS in layers
    switch(person, Layer.BARS)
    person.until(lambda: Layer.BARS not in {one.layer for one in person.findings()})
    assert text_of(person, "hidden-layers").startswith("Bars findings hidden (")
    marked = {mark.text for mark in person.source._marks}
    assert not [one for one in person.findings() if one.layer is Layer.BARS]
    assert all("check digit" not in words for words in marked)
    person.window.close()
    person.desk.close()
    again = person.again()
    again.go(PanelId.COMPOSE)
    again.until(lambda: text_of(again, "hidden-layers").startswith("Bars findings hidden ("))
    again.press("show-all-layers")
    again.until(lambda: "PAT-001" in again.rules())
    assert text_of(again, "hidden-layers") == ""


def test_known_noise_is_silenced_with_a_reason_and_taken_back(person: Person) -> None:
    spoilt(person)
    choose(person, "PAT-001")
    person.run("silence")
    person.until(lambda: person.window.findChildren(QDialog, "silence"))
    dialog = person.find(QDialog, "silence")
    use = dialog.findChild(QAbstractButton, "silence-use")
    assert not use.isEnabled(), "a reason is required"
    person.type_into("silence-reason", "Their test data")
    person.type_into("silence-who", "A. Tester")
    assert person.find(QLineEdit, "silence-path").text().endswith(".identifier[*].value")
    person.bot.mouseClick(use, Qt.MouseButton.LeftButton)
    person.until(lambda: "PAT-001" not in person.rules() and text_of(person, "silenced-count"))
    assert text_of(person, "silenced-count").startswith("1 silenced for ")
    person.press("review-silenced")
    person.until(lambda: person.window.findChildren(QTableView, "silenced-rows"))
    table = person.find(QTableView, "silenced-rows")
    row = [table.model().index(0, column).data() for column in range(5)]
    assert (row[0], row[2], row[3]) == ("PAT-001", "Their test data", "A. Tester")
    person.press("unsilence")
    person.until(lambda: "PAT-001" in person.rules())
    assert text_of(person, "silenced-count") == ""


def test_the_help_of_a_rule_opens_by_key_and_from_the_menu(person: Person) -> None:
    spoilt(person)
    finding = choose(person, "PAT-001")
    view = person.find(QListView, "findings")
    view.setFocus()
    person.bot.keyClick(view, Qt.Key.Key_F1)
    person.until(lambda: person.window.findChildren(QDialog, "rule-help"))
    words = person.words(person.find(QDialog, "rule-help"))
    assert "PAT-001" in words
    assert "How to mend it" in words
    assert person.window._panel is PanelId.COMPOSE, "F1 in the list is not about the program"
    menu = person.window.panel(PanelId.COMPOSE)._findings.menu_of(finding)
    names = [action.text().replace("&", "") for action in menu.actions()]
    assert "About rule PAT-001" in names
    assert "Silence for this service..." in names
    assert isinstance(menu, QMenu)


def test_every_certain_repair_is_one_step_back(person: Person) -> None:
    spoilt(person)
    before = person.source.toPlainText()
    person.run("fix-all")
    person.until(lambda: person.source.toPlainText() != before)
    person.judged()
    person.until(lambda: "PAT-001" not in person.rules())
    assert "BUN-003" not in person.rules()
    assert not person.action("fix-all").isEnabled()
    assert "Repairs applied: " in person.toasts()
    person.source.undo()
    assert person.source.toPlainText() == before
    person.until(lambda: "PAT-001" in person.rules())


def test_several_findings_of_a_resource_stand_under_its_name(person: Person) -> None:
    person.compose()
    person.source.setPlainText('{"resourceType": "Bundle", "type": "message", "entry": []}')
    person.judged()
    groups = [one for one in person.values("findings", GROUP_ROLE) if one is not None]
    assert groups
    assert groups[0].words == "The message"
    person.run("next-finding")
    assert person.rules()[person.find(QListView, "findings").currentIndex().row()], "a head is passed over"
    order = person.window.findChild(QAction, "order-worst")
    assert order is not None
    order.trigger()
    assert not [one for one in person.values("findings", GROUP_ROLE) if one is not None]


def test_a_newer_edit_gives_up_the_older_question(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    person.compose()
    panel = person.window.panel(PanelId.COMPOSE)

    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr(panel._context.session, "validate", never)
        panel._judge()
    older = panel._judging
    assert older is not None
    person.source.insertPlainText(" ")
    assert older.cancelled(), "nobody waits for the verdict on the older text"
    assert panel._judging is None
    person.judged()
    assert panel._verdict.text == person.source.toPlainText()


def test_what_can_be_operated_has_a_name(person: Person) -> None:
    spoilt(person)
    layers = person.find(QAbstractButton, "layers")
    assert layers.accessibleName() == "Layers"
    assert person.find(QWidget, "findings").accessibleName() == "Findings"
