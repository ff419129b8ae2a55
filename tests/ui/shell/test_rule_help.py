"""The help of one rule in its dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from workbench.rules.help import help_of
from workbench.ui.shell.rule_help import show_rule

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_a_rule_is_explained_in_plain_text(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    page = help_of("REF-001")
    assert page is not None
    dialog = show_rule(host, "REF-001")
    assert dialog is not None
    labels = dialog.findChildren(QLabel)
    words = [label.text() for label in labels]
    assert {page.id, page.title, page.how} <= set(words)
    assert page.source in words
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels if label.text() == page.title)


def test_an_unknown_rule_opens_nothing(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    assert show_rule(host, "NOT-000") is None
