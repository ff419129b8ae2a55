"""Facts: sentences wrap, ids elide, every value is spoken with its label, nothing is rebuilt without need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

from tests.ui.widgets import pixels
from workbench.ui.widgets import Facts, facts_grid, holder

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("our_style")
ROWS = (("Stored", "Encrypted in this workspace"), ("Id", "d877b820-e72b-44d1-a627-195f54bf0000"))


def values(facts: Facts) -> dict[str, str]:
    grid = facts.layout()
    shown = [label for label in facts.findChildren(QLabel) if not label.isHidden() and grid.indexOf(label) >= 0]
    return {pixels.spoken(label): label.text() for label in shown if ": " in pixels.spoken(label)}


def test_values_are_spoken_with_their_labels(qtbot: QtBot) -> None:
    facts = Facts(ROWS)
    qtbot.addWidget(facts)
    assert values(facts) == {f"{label}: {value}": value for label, value in ROWS}


def test_sentences_wrap_and_ids_do_not_widen(qtbot: QtBot) -> None:
    host = holder(facts_grid(ROWS, label_width=80))
    qtbot.addWidget(host)
    assert host.minimumSizeHint().width() < 260
    assert host.heightForWidth(200) > host.heightForWidth(800)


def test_facts_are_replaced(qtbot: QtBot) -> None:
    facts = Facts(ROWS)
    qtbot.addWidget(facts)
    facts.show_facts([("Referrals", "31 active")])
    assert values(facts) == {"Referrals: 31 active": "31 active"}


def test_the_same_facts_are_not_built_again(qtbot: QtBot) -> None:
    facts = Facts(ROWS)
    qtbot.addWidget(facts)
    before = facts.findChildren(QLabel)
    facts.show_facts(list(ROWS))
    assert facts.findChildren(QLabel) == before
