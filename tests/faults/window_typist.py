"""A program with a window that is killed while somebody types: composes a draft by keys and tells each word it typed.

A line for each: its number and the seconds when it was typed, by a clock that only goes forward.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from tests.faults.typist import PACE_S, word
from workbench.app import Desk, Wanted, application, now
from workbench.session.ids import fresh_id
from workbench.settings import AppSettings
from workbench.ui.context import PanelId
from workbench.ui.widgets import Picker, Segments
from workbench.ui.widgets.code_editor import CodeEditor

if TYPE_CHECKING:
    from collections.abc import Callable

LONG_S = 60.0


def until(fact: Callable[[], object]) -> None:
    """Let the program go on until something is so."""
    end = time.monotonic() + LONG_S
    while not fact():
        assert time.monotonic() < end, "it did not come to that"
        QTest.qWait(5)


def begin(desk: Desk) -> CodeEditor:
    """A new draft, its source in front."""
    panel = desk.window.panel(PanelId.COMPOSE)
    picker = panel.findChild(Picker, "pick-message")
    picker.setFocus()
    QTest.keyClick(picker, Qt.Key.Key_Down)
    field = picker.findChild(QLineEdit)
    until(field.isVisible)
    QTest.keyClicks(field, "111 to ED: referral, new")
    QTest.keyClick(field, Qt.Key.Key_Return)
    editor = panel.findChild(CodeEditor, "source")
    until(lambda: '"resourceType"' in editor.toPlainText())
    (source,) = [one for one in panel.findChild(Segments, "draft-views").findChildren(QAbstractButton)
                 if one.text() == "Source"]  # fmt: skip
    source.setFocus()
    QTest.keyClick(source, Qt.Key.Key_Space)
    until(editor.isVisible)
    return editor


def work(folder: str) -> None:
    """Type until the process is killed."""
    program = application()
    desk = Desk(
        program, Wanted(folder, "a few words in a row", AppSettings(), os.environ, now, fresh_id), geometry=None
    )
    desk.window.show()
    until(lambda: desk.session is not None)
    desk.window.to_panel(PanelId.COMPOSE)
    until(lambda: desk.bridge.pending == 0)
    editor = begin(desk)
    for number in range(1_000_000):
        QTest.keyClicks(editor, word(number))
        sys.stdout.write(f"{number} {time.monotonic()}\n")
        sys.stdout.flush()
        QTest.qWait(int(PACE_S * 1000))


if __name__ == "__main__":
    work(sys.argv[1])
