"""Buttons of every kind; what they look like is the style's business, which reads the property `kind`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QToolButton, QWidget

from workbench.ui.icons import icon
from workbench.ui.theme import scaled, theme_for
from workbench.ui.widgets.layouts import row
from workbench.ui.widgets.painting import rounded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QAbstractButton


def _weight(widget: QWidget, weight: int) -> None:
    """Set the weight alone, so that the size goes on following the application's font."""
    shown = QFont()
    shown.setWeight(QFont.Weight(weight))
    widget.setFont(shown)


def set_kind(widget: QWidget, kind: str) -> None:
    """Change how a button looks: "", primary, danger, ghost, boxed, segment, filter, nav or link."""
    widget.setProperty("kind", kind or None)
    widget.update()


def _dress(made: QAbstractButton, kind: str, picture: str) -> None:
    _weight(made, 600 if kind in ("primary", "danger") else 500)
    set_kind(made, kind)
    made.setIconSize(QSize(scaled(16), scaled(16)))
    if picture:
        made.setIcon(icon(picture))


def button(
    text: str, slot: Callable[..., object] | None = None, *, kind: str = "", icon: str = "", name: str = ""
) -> QPushButton:
    """A push button; `kind` is "", primary, danger, ghost or link; `slot` is a bound method; `name` its objectName."""
    made = QPushButton(text)
    _dress(made, kind, icon)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    made.setAutoDefault(False)
    made.setObjectName(name)
    if slot is not None:
        made.clicked.connect(slot)
    return made


def tool(
    text: str,
    icon: str = "",
    slot: Callable[..., object] | None = None,
    *,
    kind: str = "ghost",
    checkable: bool = False,
    icon_only: bool = False,
    arrow: bool = False,
    name: str = "",
) -> QToolButton:
    """A tool button; `kind` is ghost, boxed, segment, filter or nav. An icon alone has its text as name and tooltip."""
    made = QToolButton()
    made.setText(text)
    _dress(made, kind, icon)
    made.setCheckable(checkable)
    made.setProperty("arrow", arrow or None)
    made.setAccessibleName(text)
    made.setObjectName(name)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    if icon_only:
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        made.setToolTip(text)
    elif kind == "nav":
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    else:
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    if slot is not None:
        made.clicked.connect(slot)
    return made


class ActionButton(QPushButton):
    """A push button of an action: it takes text, icon, tooltip and whether it is possible from there.

    `show_words` gives it words of its own, for a narrow place or a state; the action's stay its accessible name.
    """

    def __init__(self, action: QAction, kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action = action
        self._words = ""
        self._reason = ""
        _dress(self, kind, "")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.setObjectName(f"{action.objectName()}-button")
        action.changed.connect(self._follow)
        self.clicked.connect(self._run)
        self._follow()

    def show_words(self, words: str) -> None:
        """Other words than the action's; empty takes the action's again."""
        self._words = words
        self._follow()

    def explain(self, reason: str) -> None:
        """Say why it is not possible, in place of its keys; empty where it is."""
        self._reason = reason
        self.setAccessibleDescription(reason)
        self._follow()

    def _follow(self) -> None:
        """Take over what the action says now."""
        plain = self._action.text().replace("&", "")
        keys = self._action.shortcut().toString()
        self.setText(self._words or plain)
        self.setAccessibleName(self._words or plain)
        self.setIcon(self._action.icon())
        self.setToolTip(self._reason or (f"{plain} ({keys})" if keys else plain))
        self.setEnabled(self._action.isEnabled())

    def _run(self) -> None:
        self._action.trigger()


def action_button(action: QAction, *, kind: str = "") -> ActionButton:
    """A push button that runs an action and follows its text, icon and whether it is possible."""
    return ActionButton(action, kind)


def action_tool(action: QAction, *, kind: str = "ghost", icon_only: bool = True) -> QToolButton:
    """A tool button of an action; its name and tooltip are the action's."""
    made = tool(action.text().replace("&", ""), kind=kind, icon_only=icon_only, name=f"{action.objectName()}-tool")
    made.setDefaultAction(action)
    return made


class Segments(QWidget):
    """One of a few: `Segments([("JSON", ""), ("XML", "")])`; `chosen(int)` tells what a person chose."""

    chosen = Signal(int)

    def __init__(self, choices: Sequence[tuple[str, str]], current: int = 0, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        made = []
        for place, (text, picture) in enumerate(choices):
            segment = tool(text, picture, kind="segment", checkable=True)
            segment.setChecked(place == current)
            self._group.addButton(segment, place)
            made.append(segment)
        self.setLayout(row(*made, spacing=0))
        self.setAccessibleName(", ".join(text for text, _ in choices))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group.idClicked.connect(self.chosen)

    def choose(self, place: int) -> None:
        """Show another choice, without telling."""
        self._group.button(place).setChecked(True)

    def current(self) -> int:
        """Number of what is chosen."""
        return self._group.checkedId()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            rounded(painter, self.rect(), scaled(7), fill=theme_for(self.palette()).hover)


class FilterChips(QWidget):
    """Filters with counts that can be switched off; `changed` tells that one was."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: dict[str, QToolButton] = {}
        self._layout = row(spacing=6)
        self.setLayout(self._layout)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_filters(self, filters: Sequence[tuple[str, str, str]]) -> None:
        """Show filters as (key, words, tone); those that stay keep their state, new ones are on."""
        wanted = [key for key, _, _ in filters]
        for key in [key for key in self._chips if key not in wanted]:
            gone = self._chips.pop(key)
            self._layout.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for place, (key, text, tone) in enumerate(filters):
            chip = self._chips.get(key)
            if chip is None:
                chip = self._chips[key] = tool(text, tone, kind="filter", checkable=True)
                chip.setProperty("tone", tone)
                chip.setChecked(True)
                chip.toggled.connect(self._on_toggled)
            chip.setText(text)
            chip.setAccessibleName(text)
            self._layout.removeWidget(chip)
            self._layout.insertWidget(place, chip)
        self.updateGeometry()

    def off(self) -> frozenset[str]:
        """Keys of the filters that are switched off."""
        return frozenset(key for key, chip in self._chips.items() if not chip.isChecked())

    def _on_toggled(self, _: bool) -> None:
        self.changed.emit()
