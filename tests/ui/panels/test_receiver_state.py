"""The state pane in the running window: what is held is seen, entered, changed, forgotten, saved and loaded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QTabBar

from workbench.ui.context import PanelId
from workbench.ui.models.table import VALUE_ROLE
from workbench.ui.panels import receiver_state
from workbench.ui.widgets import Combo, DataTable
from workbench.ui.widgets.code_editor import CodeEditor

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.driving import Person
    from workbench.session.holding_views import HeldRow


@pytest.fixture
def pane(person: Person) -> Person:
    """Somebody who looks at what the own receiver holds."""
    person.go(PanelId.RECEIVER)
    person.press("open-state")
    person.until(lambda: rows(person))
    return person


def rows(person: Person) -> list[HeldRow]:
    return person.values("held", VALUE_ROLE)


def choose_kind(person: Person, kind: str) -> None:
    combo = person.find(Combo, "held-kind")
    combo.choose(kind)
    combo.chosen.emit(kind)
    person.quiet()


def text(person: Person) -> CodeEditor:
    return person.find(CodeEditor, "held-text")


def add(person: Person, kind: str) -> None:
    choose_kind(person, kind)
    before = len(rows(person))
    person.press("held-add")
    person.until(lambda: '"resourceType"' in text(person).toPlainText() and text(person).isVisible())
    person.press("held-keep")
    person.until(lambda: len(rows(person)) == before + 1)


def test_a_referral_is_added_changed_and_removed(pane: Person) -> None:
    add(pane, "referral")
    pane.until(lambda: [row.status for row in rows(pane)] == ["active"])
    pane.find(DataTable, "held").choose(0)
    pane.until(lambda: rows(pane)[0].id in text(pane).toPlainText())
    text(pane).replace_text(text(pane).toPlainText().replace('"active"', '"revoked"'))
    pane.press("held-keep")
    pane.until(lambda: [row.status for row in rows(pane)] == ["revoked"])
    pane.find(DataTable, "held").choose(0)
    pane.press("held-remove")
    pane.until(lambda: not rows(pane))


def test_what_is_wrong_is_said_beside_the_text_and_the_text_stays(pane: Person) -> None:
    choose_kind(pane, "encounter")
    pane.press("held-add")
    pane.until(lambda: '"planned"' in text(pane).toPlainText())
    text(pane).replace_text(text(pane).toPlainText().replace('"planned"', '"perhaps"'))
    pane.press("held-keep")
    pane.until(lambda: "Encounter.status" in pane.words())
    assert '"perhaps"' in text(pane).toPlainText()
    assert not rows(pane)


def test_what_an_organisation_brought_is_forgotten_after_asking(pane: Person) -> None:
    add(pane, "encounter")
    pane.press("held-reset")
    pane.press("held-reset-keep")
    assert len(rows(pane)) == 1
    pane.press("held-reset")
    pane.press("held-reset-sure")
    pane.until(lambda: not rows(pane))


def test_the_state_goes_to_a_file_and_comes_back(pane: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "state.json")
    monkeypatch.setattr(receiver_state, "ask_save", lambda _: path)
    monkeypatch.setattr(receiver_state, "ask_load", lambda _: path)
    add(pane, "referral")
    kept = rows(pane)[0].id
    pane.press("held-save")
    pane.until(lambda: "The file holds" in pane.toasts())
    assert kept in json.loads((tmp_path / "state.json").read_text())["referral"]
    pane.press("held-reset")
    pane.press("held-reset-sure")
    pane.until(lambda: not rows(pane))
    pane.press("held-load")
    pane.until(lambda: [row.id for row in rows(pane)] == [kept])


def test_the_parties_of_the_sandbox_show_their_slots(person: Person) -> None:
    panel = person.go(PanelId.RECEIVER)
    panel.findChild(QTabBar).setCurrentIndex(1)
    person.quiet()
    person.press("open-state")
    person.until(lambda: rows(person))
    assert len({row.holder for row in rows(person)}) > 1
    assert {row.status for row in rows(person)} == {"free", "busy"}


def test_where_an_organisation_stands_with_linked_bookings_is_seen_entered_and_changed(pane: Person) -> None:
    choose_kind(pane, "linked")
    assert "Nothing of this kind" in pane.words()
    pane.press("held-add")
    pane.until(lambda: '"organisation"' in text(pane).toPlainText() and text(pane).isVisible())
    pane.press("held-keep")
    pane.until(lambda: "organisation is missing" in pane.words())
    text(pane).replace_text(text(pane).toPlainText().replace('""', '"ZZA01"'))
    pane.press("held-keep")
    pane.until(lambda: [(row.id, row.status) for row in rows(pane)] == [("ZZA01", "booked")])
    pane.find(DataTable, "held").choose(0)
    pane.until(lambda: "ZZA01" in text(pane).toPlainText())
    pane.press("held-remove")
    pane.until(lambda: not rows(pane))
