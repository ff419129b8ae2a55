"""Answers of calls: slots as a table of days and times to book from, lists of what was found, else tree and text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QVBoxLayout, QWidget

from workbench.session.call_views import AnswerKind, CallAnswer, FoundRow, SlotRow
from workbench.ui.models.table import Column
from workbench.ui.panels.masked_bar import MaskedBar
from workbench.ui.panels.message_views import MessageTree
from workbench.ui.theme import scaled
from workbench.ui.widgets import (
    Area,
    Chip,
    DataTable,
    EmptyState,
    Label,
    Tabs,
    button,
    clear,
    column,
    row,
)
from workbench.ui.widgets.code_editor import CodeEditor

if TYPE_CHECKING:
    from datetime import date, time

    from workbench.ui.context import PanelContext

Day = dict["date", list[SlotRow]]
Line = tuple["time", Day]
"""One time of the day with the slots that begin then, by day."""


class SlotTable(QWidget):
    """Days side by side, times one under the other; `wanted(SlotRow)` tells the slot that is to be booked.

    `wanted_directly(SlotRow)` tells it too, to be booked by a call of its own; offered only where that is there.
    """

    wanted = Signal(object)
    wanted_directly = Signal(object)

    def __init__(self, slots: tuple[SlotRow, ...], *, direct: bool) -> None:
        super().__init__()
        self._days = sorted({_local(slot)[0] for slot in slots})
        lines: dict[time, Day] = {}
        for slot in slots:
            day, at = _local(slot)
            lines.setdefault(at, {}).setdefault(day, []).append(slot)
        self._table = DataTable(
            (
                Column[Line](self.tr("Time"), lambda line: f"{line[0]:%H:%M}", width=60, weight=500),
                *(self._column(day) for day in self._days),
            ),
            name=self.tr("Slots by day and time"),
            object_name="slots",
        )
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self._words = Label("", role="text2", wrap=True)
        self._book = button(self.tr("Book this"), self._on_book, kind="primary", icon="calendar", name="book-slot")
        self._directly = button(self.tr("Book by a call"), self._on_directly, icon="send", name="book-slot-directly")
        self._directly.setToolTip(self.tr("Fills in Appointment create for this slot"))
        self._directly.setVisible(direct)
        self._chosen: SlotRow | None = None
        foot = Area(row((self._words, 1), self._directly, self._book, margins=(12, 8, 12, 8), spacing=8), edges="t")
        self.setLayout(column((self._table, 1), foot, spacing=0))
        self._table.show_rows(sorted(lines.items()))
        self._table.selectionModel().currentChanged.connect(self._on_current)
        self._choose_first()

    def _column(self, day: date) -> Column[Line]:
        def text(line: Line) -> str:
            held = line[1].get(day, [])
            free = sum(slot.free for slot in held)
            return "" if not held else held[0].status if not free else f"{free} free" if free > 1 else "free"

        def tone(line: Line) -> str:
            held = line[1].get(day, [])
            return "" if not held else "ok" if any(slot.free for slot in held) else "neutral"

        return Column[Line](f"{day:%a %d %b}", text, tone=tone, width=98)

    def _choose_first(self) -> None:
        """Begin at the earliest free slot, else at the earliest one."""
        places = [
            (not any(slot.free for slot in day[1].get(when, [])), when, line)
            for line in range(self._table.table().rowCount())
            for when in self._days
            if (day := self._table.table().at(line))[1].get(when)
        ]
        if places:
            _, when, line = min(places)
            self._table.setCurrentIndex(self._table.table().index(line, 1 + self._days.index(when)))
        else:
            self._show(None)

    def _on_current(self, current: QModelIndex, _: QModelIndex) -> None:
        held: list[SlotRow] = []
        if current.isValid() and current.column() > 0:
            held = self._table.table().at(current.row())[1].get(self._days[current.column() - 1], [])
        free = [slot for slot in held if slot.free]
        self._show(next(iter(free or held), None))

    def _show(self, slot: SlotRow | None) -> None:
        self._chosen = slot
        for deed in (self._book, self._directly):
            deed.setEnabled(slot is not None and slot.free)
        if slot is None:
            self._words.setText(self.tr("Choose a slot."))
            return
        start = slot.start.astimezone()
        end = f"–{slot.end.astimezone():%H:%M}" if slot.end is not None else ""
        self._words.setText(
            ", ".join(part for part in (f"{start:%A %d %B, %H:%M}{end}", slot.where, slot.status) if part)
        )

    def _on_book(self) -> None:
        if self._chosen is not None:
            self.wanted.emit(self._chosen)

    def _on_directly(self) -> None:
        if self._chosen is not None:
            self.wanted_directly.emit(self._chosen)


class FoundTable(QWidget):
    """What was found, with what can be done with the chosen row."""

    open_wanted = Signal(object)
    cancel_wanted = Signal(object)

    def __init__(self, rows: tuple[FoundRow, ...]) -> None:
        super().__init__()
        self._table = DataTable(
            (
                Column[FoundRow](self.tr("What"), lambda one: one.title, weight=500),
                Column[FoundRow](self.tr("Status"), lambda one: one.status, width=104, tone=lambda one: one.tone.value),
                Column[FoundRow](self.tr("When"), lambda one: one.when, width=170, role="text2"),
                Column[FoundRow](self.tr("About"), lambda one: one.about, role="text2"),
                Column[FoundRow](self.tr("Id"), lambda one: one.id, width=110, mono=True, role="text2"),
            ),
            name=self.tr("What was found"),
            object_name="found",
        )
        self._open = button(self.tr("Open"), self._on_open, icon="doc", name="open-found")
        self._cancel = button(self.tr("Cancel it"), self._on_cancel, icon="close", name="cancel-found")
        foot = Area(row(self._open, self._cancel, None, margins=(12, 8, 12, 8)), edges="t")
        self.setLayout(column((self._table, 1), foot, spacing=0))
        self._table.show_rows(rows)
        self._table.chosen.connect(self._on_chosen)
        self._table.choose(0)

    def _on_chosen(self, one: FoundRow) -> None:
        self._open.setEnabled(bool(one.id))
        self._open.setText(self.tr("Read what it leads to") if one.leads_to else self.tr("Open"))
        self._cancel.setVisible(one.kind in ("Appointment", "ServiceRequest"))
        self._cancel.setEnabled(one.status in ("booked", "active", "on-hold"))

    def _on_open(self) -> None:
        if (one := self._table.value()) is not None:
            self.open_wanted.emit(one)

    def _on_cancel(self) -> None:
        if (one := self._table.value()) is not None:
            self.cancel_wanted.emit(one)


class AnswerView(QWidget):
    """One answer: a line about it, then a list, the tree or the text."""

    book_wanted = Signal(object)
    direct_wanted = Signal(object)
    open_wanted = Signal(object)
    cancel_wanted = Signal(object)
    timeline_wanted = Signal()

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self.masked = MaskedBar(context, "answer")
        self._chip = row(spacing=8)
        self._words = Label("", wrap=True)
        self._words.setObjectName("answer-words")
        self._timeline = button(
            self.tr("Open in the timeline"), self.timeline_wanted.emit, kind="link", name="open-answer"
        )
        self._tabs = Tabs([self.tr("List"), self.tr("Tree"), self.tr("Text")], name=self.tr("Views of the answer"))
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        holder = QWidget()
        holder.setLayout(self._list)
        self._tree = MessageTree("answer-tree")
        self._text = CodeEditor()
        self._text.setReadOnly(True)
        self._text.setAccessibleName(self.tr("Answer as text"))
        self._pages = QStackedWidget()
        for page in (holder, self._tree, self._text):
            self._pages.addWidget(page)
        self._pages.setMinimumHeight(scaled(120))
        head = Area(
            column(
                row(self._chip, (self._words, 1), self.masked, self._timeline, spacing=8),
                self._tabs,
                margins=(12, 8, 12, 0),
            ),
            edges="b",
        )
        self.setLayout(column(head, (self._pages, 1), spacing=0))
        self._tabs.chosen.connect(self._pages.setCurrentIndex)

    def show_answer(self, answer: CallAnswer) -> None:
        """Show an answer, as a list where there is one."""
        clear(self._chip)
        status = str(answer.status) if answer.status is not None else self.tr("no answer")
        self._chip.addWidget(Chip(status, answer.result.tone.value))
        self._words.setText(answer.says or answer.result.text)
        self.masked.show_state(answer.masked)
        clear(self._list)
        self._list.addWidget(self._listed(answer))
        if answer.message is not None:
            self._tree.show_message(answer.message)
        self._text.show_text(answer.text, xml=answer.text.lstrip()[:1] == "<")
        listed = answer.kind in (AnswerKind.SLOTS, AnswerKind.ROWS) or not answer.text
        self._tabs.choose(0 if listed else 1 if answer.message is not None else 2)

    def _listed(self, answer: CallAnswer) -> QWidget:
        if answer.slots:
            slots = SlotTable(answer.slots, direct=answer.direct)
            slots.wanted.connect(self.book_wanted)
            slots.wanted_directly.connect(self.direct_wanted)
            return slots
        if answer.rows:
            found = FoundTable(answer.rows)
            found.open_wanted.connect(self.open_wanted)
            found.cancel_wanted.connect(self.cancel_wanted)
            return found
        title = self.tr("Nothing to list") if answer.text else self.tr("No answer")
        return EmptyState("list", title, answer.says or self.tr("The tree and the text show the answer."))


def _local(slot: SlotRow) -> tuple[date, time]:
    start = slot.start.astimezone()
    return start.date(), start.time().replace(tzinfo=None)
