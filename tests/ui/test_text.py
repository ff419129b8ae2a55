"""Words from outside: no tool tip becomes rich text, whoever shows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QTextDocument

from workbench.ui.text import plain_tip

UI = Path(__file__).resolve().parents[2] / "workbench" / "ui"


@pytest.mark.parametrize(
    "text", ['Northgate <img src="file:///etc/passwd">', "<b>bold</b>\nnext", "<a href=x>link</a> & more"]
)
def test_what_looks_like_html_is_shown_as_it_is(qapp: object, text: str) -> None:
    document = QTextDocument()
    document.setHtml(plain_tip(text))
    assert document.toPlainText() == text


@pytest.mark.parametrize("text", ["Northgate", "one\ntwo", "R&D", ""])
def test_other_words_stay_the_same(text: str) -> None:
    assert plain_tip(text) == text


def test_models_give_no_tool_tip_that_was_not_asked() -> None:
    """A model shows data: its tool tips go through `plain_tip`."""
    for file in (UI / "models").glob("*.py"):
        source = file.read_text(encoding="utf-8")
        if "ToolTipRole" in source:
            assert re.search(r"plain_tip\(", source), file.name
