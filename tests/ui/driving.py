"""A person at the window: finds things by their names, presses, types, picks, and waits until something is so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QAbstractItemModel, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QLineEdit, QListView, QWidget

from workbench.ui.context import PanelId
from workbench.ui.models.conversations import ROW_ROLE
from workbench.ui.models.findings import FINDING_ROLE
from workbench.ui.widgets import ChoicePopup, Picker, Segments
from workbench.ui.widgets.code_editor import CodeEditor

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from workbench.app import Desk
    from workbench.messages import Finding

W = TypeVar("W", bound=QWidget)
LONG = 20_000
"""Milliseconds that a wait may take at most."""
A_PATIENT = '"value": "999000107'
"""How the NHS number of the first demo patient stands in a draft, without its last digit, the check digit."""


class Person:
    """Somebody who works at one window."""

    def __init__(self, qtbot: QtBot, desk: Desk) -> None:
        self.bot = qtbot
        self.desk = desk
        self.window = desk.window
        self.again: Callable[[], Person] = self._nowhere
        """Opens the same workspace once more, after this window was closed."""

    def _nowhere(self) -> Person:
        raise AssertionError("this window was opened by hand")

    # looking

    def find(self, kind: type[W], name: str) -> W:
        """The one widget of a kind and name; one that is shown before one that Qt has not deleted yet."""
        found = self.window.findChildren(kind, name)
        assert found, f"there is no {kind.__name__} named {name}"
        return next((one for one in found if one.isVisible()), found[0])

    def model(self, name: str) -> QAbstractItemModel:
        """The model of a list or table."""
        return self.find(QAbstractItemView, name).model()

    def rows(self, name: str) -> list[str]:
        """What the first column of a list or table says."""
        model = self.model(name)
        return [str(model.index(n, 0).data(Qt.ItemDataRole.DisplayRole)) for n in range(model.rowCount())]

    def values(self, name: str, role: int) -> list[Any]:
        """What the rows of a list give for a role."""
        model = self.model(name)
        return [model.index(n, 0).data(role) for n in range(model.rowCount())]

    def words(self, where: QWidget | None = None) -> str:
        """Every word on labels that can be seen, a line each."""
        shown = (where or self.window).findChildren(QLabel)
        return "\n".join(label.text() for label in shown if label.isVisible())

    def toasts(self) -> str:
        """What the toasts say now."""
        return "\n".join(self.window._toasts.texts())

    def rules(self) -> list[str]:
        """The rules of the rows of findings in Compose, empty for the head of a group."""
        return [finding.rule if finding is not None else "" for finding in self.values("findings", FINDING_ROLE)]

    def findings(self) -> list[Finding]:
        """The findings that are shown in Compose."""
        return [finding for finding in self.values("findings", FINDING_ROLE) if finding is not None]

    def conversations(self) -> list[tuple[str, str, int]]:
        """Title, state and number of messages of each conversation in the list."""
        return [(row.title, row.state.value, row.messages) for row in self.values("conversations", ROW_ROLE)]

    @property
    def source(self) -> CodeEditor:
        """The text of the draft."""
        return self.window.panel(PanelId.COMPOSE).findChild(CodeEditor, "source")  # type: ignore[return-value]

    # waiting

    def until(self, fact: Callable[[], object]) -> None:
        """Let the program go on until something is so."""
        self.bot.waitUntil(lambda: bool(fact()), timeout=LONG)

    def quiet(self) -> None:
        """Let the program go on until it has nothing more to do."""
        self.until(lambda: self.desk.bridge.pending == 0)

    # doing

    def go(self, panel: PanelId) -> QWidget:
        """Bring a panel to the front by its shortcut, and wait until it is filled."""
        self.run(f"go-{panel.value}")
        self.quiet()
        return self.window.panel(panel)

    def run(self, id: str) -> None:
        """Run an action, which must be possible now."""
        action = self.action(id)
        assert action.isEnabled(), f"{id} is not possible now"
        action.trigger()

    def action(self, id: str) -> QAction:
        """An action by its id."""
        action = self.window.findChild(QAction, id)
        assert action is not None, f"there is no action {id}"
        return action

    def press(self, name: str) -> None:
        """Click a button once it is there and can be clicked."""
        self.press_in(self.window, name)

    def press_in(self, where: QWidget, name: str) -> None:
        """Click a button within a part of the window."""
        self.until(lambda: _ready(where, name))
        self.bot.mouseClick(_ready(where, name)[-1], Qt.MouseButton.LeftButton)

    def click_row(self, name: str, row: int) -> None:
        """Click a row of a list or table."""
        view = self.find(QAbstractItemView, name)
        place: QPoint = view.visualRect(view.model().index(row, 0)).center()
        self.bot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def type_into(self, name: str, text: str) -> None:
        """Replace what stands in a field."""
        field = self.find(QLineEdit, name)
        field.setFocus()
        field.selectAll()
        self.bot.keyClick(field, Qt.Key.Key_Delete)
        self.bot.keyClicks(field, text)

    def pick(self, name: str, typed: str) -> None:
        """Open a picker by keyboard, type some letters, take what is found first."""
        picker = self.find(Picker, name)
        picker.setFocus()
        self.bot.keyClick(picker, Qt.Key.Key_Down)
        field = picker.findChild(QLineEdit)
        assert field is not None
        target = field if field.isVisible() else picker.findChild(QListView)
        if field.isVisible():
            self.bot.keyClicks(field, typed)
        self.bot.keyClick(target, Qt.Key.Key_Return)

    def compose(self, title: str = "111 to ED: referral, new, full") -> None:
        """Have a message in Compose, judged, with its source in front."""
        self.go(PanelId.COMPOSE)
        self.look("Source")
        self.pick("pick-message", title)
        self.until(lambda: '"resourceType"' in self.source.toPlainText())
        self.judged()

    def pick_from(self, name: str, typed: str) -> None:
        """Pick the first row that holds what is typed from a list that is open, by keyboard."""
        popup = self.window.findChild(ChoicePopup, name)
        assert popup is not None
        self.until(popup.isVisible)
        if popup.field.isVisible():
            self.bot.keyClicks(popup.field, typed)
            self.bot.keyClick(popup.field, Qt.Key.Key_Return)
        else:
            words = [str(popup.model.index(row).data()).lower() for row in range(popup.model.rowCount())]
            popup.view.setCurrentIndex(popup.model.index(next(n for n, one in enumerate(words) if typed in one)))
            self.bot.keyClick(popup.view, Qt.Key.Key_Return)

    def judged(self) -> None:
        """Wait until what stands in Compose has its verdict."""
        panel = self.window.panel(PanelId.COMPOSE)
        self.until(lambda: panel._verdict is not None and panel._verdict.text == panel._source.text())

    def look(self, view: str) -> None:
        """Look at the draft as `Form`, `Tree` or `Source`."""
        for button in self.find(Segments, "draft-views").findChildren(QAbstractButton):
            if button.text() == view:
                self.bot.mouseClick(button, Qt.MouseButton.LeftButton)

    def spoil(self, after: str) -> None:
        """Change the character after some text of the draft, by keyboard: one digit for another."""
        before = self.source.toPlainText()
        assert self.source.find_text(after), f"the draft does not hold {after}"
        cursor = self.source.textCursor()
        cursor.setPosition(cursor.selectionEnd())
        self.source.setTextCursor(cursor)
        self.bot.keyClick(self.source, Qt.Key.Key_Delete)
        self.bot.keyClicks(self.source, "0" if before[cursor.position()] != "0" else "1")


def _ready(where: QWidget, name: str) -> list[QAbstractButton]:
    found = where.findChildren(QAbstractButton, name)
    return [one for one in found if one.isVisible() and one.isEnabled() and one.height() > 1]
