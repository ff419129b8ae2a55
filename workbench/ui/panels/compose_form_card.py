"""The card of one resource on the form: its fields in two columns, groups that repeat, what stands in the source only.

It shows values in place for as long as its fields stay the same; it must not know the message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLayout, QToolButton, QVBoxLayout, QWidget

from workbench.session.forming import FieldSet, ItemAdded, Removed
from workbench.ui.models.findings import TONES
from workbench.ui.panels.compose_form_field import FormField
from workbench.ui.theme import scaled
from workbench.ui.widgets import Card, Chip, Label, Pic, button, column, row, tool

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbench.messages import Finding
    from workbench.session.forming import CardView, FieldView, GroupView, Told

_ORDER = ("error", "warning", "note")
_LEFT = Qt.AlignmentFlag.AlignLeft
LINK_EDGE = 6
"""Design pixels of a link beside its words, which begin where the fields do."""
_INSET = (LINK_EDGE, 0, 0, 0)


def worst(findings: Sequence[Finding]) -> str:
    """The tone of the worst finding, empty for none."""
    tones = {TONES[one.severity] for one in findings}
    return next((tone for tone in _ORDER if tone in tones), "")


def shape(card: CardView) -> tuple[object, ...]:
    """What decides whether a card can be shown by the widgets that are there: its fields, not their values."""
    length = len(card.path)

    def of(fields: Sequence[FieldView]) -> tuple[object, ...]:
        return tuple((one.base[length:], one.spec, one.required) for one in fields)

    groups = tuple(
        (group.spec, group.more, tuple((item.title, of(item.fields)) for item in group.items)) for group in card.groups
    )
    return (of(card.fields), groups, card.removable, card.needed)


class FormCard(Card):
    """`wanted(object, str)` carries a change and its run, `left` tells that a field was left, `source_wanted(str)` the
    path of what is to be seen in the source."""

    wanted = Signal(object, str)
    left = Signal()
    source_wanted = Signal(str)

    def __init__(self, card: CardView, icon: str, parent: QWidget | None = None) -> None:
        self._body = QVBoxLayout()
        super().__init__(self._body, parent=parent)
        self.card = card
        self.shape = shape(card)
        self._fields: list[FormField] = []
        self._title = Label(card.title, step="lead", weight=600)
        self._note = Label(card.note, step="caption", role="text3")
        self._chip = Chip("", "ok")
        self._grids: list[tuple[QGridLayout, list[FormField], int]] = []
        self._columns = 2
        head: list[object] = [Pic(icon, 20), self._title, self._note, None, self._chip]
        self._asked = Label("", step="caption", role="text3")
        self._asked.setObjectName("card-asked")
        head.insert(2, self._asked)
        self._tools: list[QWidget] = []
        if card.removable:
            head.append(self._remover(self.tr("Remove {what}").format(what=card.title), lambda: self.card.path))
        self._body.setContentsMargins(scaled(16 - LINK_EDGE), scaled(8), scaled(16), scaled(14))
        self._body.setSpacing(scaled(12))
        self._body.addLayout(column(row(*head, margins=_INSET, spacing=10), self._grid(card.fields), spacing=8))
        for number, group in enumerate(card.groups):
            if group.items:
                self._body.addLayout(self._group(number, group))
        self._more = button("", kind="link")
        self._more.clicked.connect(lambda: self.source_wanted.emit(self.card.path))
        self._body.addLayout(self._foot(card.groups))
        self.setAccessibleName(card.title)
        self.show_card(card, keep=False)

    def show_card(self, card: CardView, *, keep: bool) -> None:
        """Show other values in the same fields; `keep` leaves alone what a person is typing."""
        self.card = card
        self._title.show_text(card.title)
        self._note.setText(card.note)
        self._note.setVisible(bool(card.note))
        asked = ", ".join(one for one in (self.tr("required") if card.needed else "", card.count) if one)
        self._asked.setText(asked)
        self._asked.setVisible(bool(asked))
        self._asked.setToolTip(self.tr("How many the message definition allows") if card.count else "")
        self.setAccessibleName(card.title)
        for field, view in zip(self._fields, card.all_fields(), strict=True):
            field.show_view(view, keep=keep)
        words = self.tr("1 more element, see the source") if card.more == 1 else ""
        words = words or self.tr("{count} more elements, see the source").format(count=card.more)
        self._more.setText(words)
        self._more.setVisible(card.more > 0)

    def show_told(self, told: Told) -> None:
        """Show findings at their fields, and the worst of all at the head."""
        for field in self._fields:
            found = told.fields.get(field.view.key, [])
            tone = worst(found)
            first = next((one for one in found if TONES[one.severity] == tone), None)
            more = f"  +{len(found) - 1}" if len(found) > 1 else ""
            field.show_finding(tone, f"{first.text} ({first.rule}){more}" if first is not None else "")
        here = told.cards.get(self.card.path, [])
        tone = worst(here)
        count = sum(1 for one in here if TONES[one.severity] == tone)
        self._chip.show_status(finding_words(tone, count), tone or "ok")

    def set_read_only(self, read_only: bool) -> None:
        """Show without letting anybody change it."""
        for field in self._fields:
            field.set_read_only(read_only)
        for one in self._tools:
            one.setEnabled(not read_only)

    def set_columns(self, columns: int) -> None:
        """Fields beside each other, 2, or one below the other."""
        if columns != self._columns:
            self._columns = columns
            for grid, fields, most in self._grids:
                self._lay_out(grid, fields, most)

    def fields(self) -> Iterator[FormField]:
        """Its fields, in order."""
        yield from self._fields

    # inside

    def _grid(self, views: Sequence[FieldView], most: int = 2, beside: QWidget | None = None) -> QLayout:
        grid = QGridLayout()
        grid.setContentsMargins(scaled(LINK_EDGE), 0, 0, 0)
        grid.setHorizontalSpacing(scaled(12))
        grid.setVerticalSpacing(scaled(10))
        made = []
        for view in views:
            field = FormField(view, beside)
            field.changed.connect(self._on_changed)
            field.left.connect(self.left)
            made.append(field)
        self._fields += made
        self._grids.append((grid, made, most))
        self._lay_out(grid, made, most)
        return grid

    def _lay_out(self, grid: QGridLayout, fields: Sequence[FormField], most: int) -> None:
        columns = min(most, self._columns)
        while grid.count():
            grid.takeAt(0)
        place = 0
        for field in fields:
            if field.view.spec.wide and place % columns:
                place += 1
            span = columns if field.view.spec.wide else 1
            grid.addWidget(field, place // columns, place % columns, 1, span)
            place += span
        for number in range(2):
            grid.setColumnStretch(number, 1 if number < columns else 0)
            grid.setColumnMinimumWidth(number, 0)

    def _foot(self, groups: Sequence[GroupView]) -> QLayout:
        """What can be begun and is not there yet, two beside each other, and what stands in the source only."""
        links = [self._adder(number, group) for number, group in enumerate(groups) if not group.items]
        lines = [row(*((one, 1, _LEFT) for one in links[at : at + 2]), spacing=12) for at in range(0, len(links), 2)]
        for one in lines:
            if one.count() == 1:
                one.addStretch(1)
        return column(*lines, row(self._more, None), spacing=4)

    def _group(self, number: int, group: GroupView) -> QLayout:
        parts: list[object] = []
        for place, item in enumerate(group.items):
            remove: QWidget = self._remover(
                self.tr("Remove {what}").format(what=item.title),
                lambda number=number, place=place: self.card.groups[number].items[place].path,
            )
            if len(item.fields) > 1:
                name = Label(item.title, step="caption", weight=600, role="text3")
                parts.append(row(name, None, remove, margins=_INSET, spacing=8))
                parts.append(self._grid(item.fields))
            else:
                parts.append(self._grid(item.fields, most=1, beside=remove))
        foot: list[object] = [self._adder(number, group), None]
        if group.more:
            words = self.tr("{count} more are in the tree").format(count=group.more)
            foot.append(Label(words, step="caption", role="text3"))
        parts.append(row(*foot))
        return column(*parts, spacing=8)

    def _adder(self, number: int, group: GroupView) -> QWidget:
        label = group.spec.label
        words = self.tr("Add another: {what}") if group.items else self.tr("Add: {what}")
        add = button(words.format(what=label.lower()), kind="link", icon="plus")
        add.setObjectName(f"add-{label}")
        add.clicked.connect(lambda: self._add(number))
        self._tools.append(add)
        return add

    def _remover(self, words: str, path: object) -> QToolButton:
        made = tool(words, "trash", kind="ghost", icon_only=True)
        made.setObjectName("remove")
        made.setFixedHeight(scaled(24))
        assert callable(path)
        made.clicked.connect(lambda: self.wanted.emit(Removed(str(path())), ""))
        self._tools.append(made)
        return made

    def _add(self, number: int) -> None:
        group = self.card.groups[number]
        self.wanted.emit(ItemAdded(group.path, group.spec.new, group.spec.label), "")

    def _on_changed(self, view: FieldView, text: str) -> None:
        self.wanted.emit(FieldSet(view.base, view.spec, text), f"form {view.key}")


def finding_words(tone: str, count: int) -> str:
    """`1 error`, `2 notes`, `Complete`."""
    if not tone:
        return "Complete"
    return f"{count} {tone}" if count == 1 else f"{count} {tone}s"
