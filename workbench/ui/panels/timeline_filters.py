"""What the list of conversations is narrowed down to: the popup at the filter button, and the line that says so.

Offers only values that occur; every change counts at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from workbench.correlation import ConversationState
from workbench.history import EVERYTHING, ConversationFilter
from workbench.ui.theme import scaled
from workbench.ui.widgets import Area, Combo, Field, Label, button, check, column, row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workbench.session.listing import FilterGroup

_TIMES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
_MARKS = ("attention", "unread", "pinned", "noted")


class FilterPopup(QFrame):
    """One condition a line; `changed(object)` carries the ConversationFilter that is chosen now."""

    changed = Signal(object)

    def __init__(self, owner: QWidget, clock: Callable[[], datetime]) -> None:
        super().__init__(owner, Qt.WindowType.Popup)
        self.setObjectName("conversation-filters")
        self.setAccessibleName(self.tr("Filter the conversations"))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self._clock = clock
        self._any = self.tr("Any")
        names = (
            ("states", self.tr("State")),
            ("environments", self.tr("Environment")),
            ("services", self.tr("Service")),
            ("use_cases", self.tr("Use case")),
            ("events", self.tr("Event")),
            ("statuses", self.tr("HTTP status")),
        )
        self._groups = {name: _combo(f"filter-{name}", [("", self._any)]) for name, _ in names}
        self._severity = _combo(
            "filter-severity",
            [
                ("", self._any),
                ("error", self.tr("With errors")),
                ("warning", self.tr("With errors or warnings")),
            ],
        )
        self._time = _combo(
            "filter-time",
            [
                ("", self.tr("Any time")),
                ("hour", self.tr("Last hour")),
                ("day", self.tr("Last 24 hours")),
                ("week", self.tr("Last 7 days")),
            ],
        )
        words = (
            self.tr("Needs attention"),
            self.tr("Unread"),
            self.tr("Pinned"),
            self.tr("With a note"),
        )
        self._marks = {name: check(text, name=f"filter-{name}") for name, text in zip(_MARKS, words, strict=True)}
        fields = [Field(title, self._groups[name]) for name, title in names]
        fields += [Field(self.tr("Findings"), self._severity), Field(self.tr("Last activity"), self._time)]
        pairs = [row((left, 1), (right, 1), spacing=12) for left, right in zip(fields[::2], fields[1::2], strict=True)]
        clear = button(self.tr("Clear"), self.clear, name="filter-clear")
        done = button(self.tr("Done"), self.hide, kind="primary", name="filter-done")
        marks = list(self._marks.values())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(16), scaled(12), scaled(16), scaled(12))
        layout.addLayout(
            column(
                Label(self.tr("Show only conversations"), weight=600),
                *pairs,
                row((marks[0], 1), (marks[1], 1), spacing=12),
                row((marks[2], 1), (marks[3], 1), spacing=12),
                row(None, clear, done, spacing=8),
                spacing=10,
            )
        )
        for combo in (*self._groups.values(), self._severity, self._time):
            combo.chosen.connect(self._on_changed)
        for box in marks:
            box.toggled.connect(self._on_changed)

    def show_groups(self, groups: Sequence[FilterGroup]) -> None:
        """Offer the values that occur; a chosen one that no longer does stays chosen."""
        offered = {group.name: group for group in groups}
        for name, combo in self._groups.items():
            chosen, words = combo.value(), combo.currentText()
            found = [(one.id, one.title) for one in offered[name].choices] if name in offered else []
            gone = [(chosen, words)] if chosen and chosen not in {value for value, _ in found} else []
            combo.show_choices([("", self._any), *found, *gone], chosen)
            combo.setEnabled(bool(found or gone))

    def open(self, place: QPoint) -> None:
        """Show it with its top left at a place of the screen, moved so that all of it can be seen."""
        self.resize(max(scaled(420), self.sizeHint().width()), self.sizeHint().height())
        screen = self.screen().availableGeometry()
        left = min(place.x(), screen.right() - self.width())
        top = min(place.y(), screen.bottom() - self.height())
        self.move(max(screen.left(), left), max(screen.top(), top))
        self.show()
        self._groups["states"].setFocus(Qt.FocusReason.PopupFocusReason)

    def chosen(self) -> ConversationFilter:
        """What is chosen now."""
        values = {name: (combo.value(),) if combo.value() else () for name, combo in self._groups.items()}
        past = _TIMES.get(self._time.value())
        return ConversationFilter(
            environments=values["environments"],
            services=values["services"],
            use_cases=values["use_cases"],
            events=values["events"],
            statuses=values["statuses"],
            states=tuple(ConversationState(one) for one in values["states"]),
            severity=self._severity.value(),
            attention=self._marks["attention"].isChecked(),
            unread=self._marks["unread"].isChecked(),
            pinned=self._marks["pinned"].isChecked(),
            noted=self._marks["noted"].isChecked(),
            since=self._clock() - past if past is not None else None,
        )

    def words(self) -> str:
        """What is chosen, in words; empty for everything."""
        combos = (*self._groups.values(), self._severity, self._time)
        said = [combo.currentText() for combo in combos if combo.value()]
        return ", ".join([*said, *(box.text().lower() for box in self._marks.values() if box.isChecked())])

    def clear(self) -> None:
        """Choose everything."""
        if self.chosen() == EVERYTHING:
            return
        for combo in (*self._groups.values(), self._severity, self._time):
            combo.setCurrentIndex(0)
        for box in self._marks.values():
            box.blockSignals(True)
            box.setChecked(False)
            box.blockSignals(False)
        self._on_changed()

    def _on_changed(self, _: object = None) -> None:
        self.changed.emit(self.chosen())


class FilterLine(Area):
    """Says what is shown while something is left out; `all_wanted` asks for everything."""

    all_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(role="sunken", edges="b", parent=parent)
        self._words = Label("", step="caption", role="text2", elide=True)
        self._words.setObjectName("filter-words")
        self._all = button(self.tr("Show all"), self.all_wanted.emit, kind="link", name="filter-all")
        self.setLayout(row((self._words, 1), self._all, margins=(16, 2, 12, 2), spacing=8))
        self.hide()

    def show_words(self, words: str) -> None:
        """Say what is chosen, or take the line away where nothing is left out."""
        self._words.show_text(self.tr("Only: {words}").format(words=words))
        self.setVisible(bool(words))


def _combo(name: str, choices: Sequence[tuple[str, str]]) -> Combo:
    made = Combo(choices)
    made.setObjectName(name)
    made.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(14)
    return made
