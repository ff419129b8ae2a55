"""The Compare page of the timeline, with its list model (`models/changes`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QListView, QTabBar, QWidget

from tests.ui.panels.test_timeline import choose
from workbench.ui.context import PanelId
from workbench.ui.models.changes import ROW_ROLE
from workbench.ui.widgets import Combo

if TYPE_CHECKING:
    from tests.ui.driving import Person

COMPARE = 5


@pytest.fixture
def reader(person: Person) -> Person:
    """Somebody who played the validation loop and looks at its last reply, the Compare page in front."""
    panel = person.go(PanelId.TIMELINE)
    panel._play()
    panel = person.go(PanelId.TIMELINE)
    person.until(lambda: [r.title for r in panel._lanes._rows if r.exchange][-1:] == ["Full validation response"])
    person.quiet()
    choose(person, "Full validation response")
    person.find(QWidget, "inspector").findChild(QTabBar).setCurrentIndex(COMPARE)
    person.until(lambda: "matter" in summary(person))
    return person


def summary(person: Person) -> str:
    return person.find(QLabel, "compare-summary").text()


def subjects(person: Person) -> list[str]:
    rows = person.values("changes", ROW_ROLE)
    return [row.change.subject if row.change is not None else row.head for row in rows]


def test_a_reply_is_held_against_the_reply_before_it(reader: Person) -> None:
    chosen = reader.find(QWidget, "inspector").findChild(Combo)
    assert chosen.currentText().startswith("Interim validation response, ")
    told = {(row.change.subject, row.change.left, row.change.right) for row in reader.values("changes", ROW_ROLE)}
    assert any("status" in subject and now == "finished" for subject, _, now in told)
    assert "last-updated" in summary(reader)


def test_another_message_can_be_chosen_with_the_arrows(reader: Person) -> None:
    before = subjects(reader)
    chosen = reader.find(QWidget, "inspector").findChild(Combo)
    after = next(
        one
        for one in reader.find(QWidget, "inspector").findChildren(QAbstractButton)
        if "Compare with the next one" in (one.accessibleName(), one.text())
    )
    while not chosen.currentText().startswith("999 to CAS: validation, new"):
        place = chosen.currentIndex()
        reader.bot.mouseClick(after, Qt.MouseButton.LeftButton)
        assert chosen.currentIndex() == place + 1
    reader.until(lambda: subjects(reader) != before)


def test_noise_is_shown_only_when_asked(reader: Person) -> None:
    assert "Hidden as noise" not in subjects(reader)
    reader.press("compare-noise")
    assert "Hidden as noise" in subjects(reader)
    reader.press("compare-noise")
    assert "Hidden as noise" not in subjects(reader)


def test_every_difference_is_spoken(reader: Person) -> None:
    view = reader.find(QListView, "changes")
    spoken = [view.model().index(n, 0).data(Qt.ItemDataRole.AccessibleTextRole) for n in range(view.model().rowCount())]
    assert all(spoken)
    assert any("was in-progress, is finished" in words for words in spoken)
