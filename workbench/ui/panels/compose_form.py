"""The draft as a form: its sections at the left, a card for every resource, findings under their fields.

Cards keep their widgets while a message keeps its shape, so that nothing moves under somebody who types; it must not
know how a change becomes text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.session.forming import FormView, ResourceAdded, Told, told
from workbench.ui.models.findings import TONES
from workbench.ui.panels.compose_form_card import FormCard, finding_words, shape, worst
from workbench.ui.panels.compose_form_sections import SectionCombo, SectionList, SectionRow
from workbench.ui.panels.compose_form_summary import SummaryFold
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import Area, Banner, Label, Pic, column, holder, row, scroll_area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from workbench.messages import Finding, Summary
    from workbench.session.forming import CardView
    from workbench.ui.panels.compose_form_field import FormField

AT_A_TIME = 1
"""Cards that are made before the window may do something else."""
NARROW_EM = 48
"""Ems of width below which the sections are one combo."""
SETTLED_MS = 200
"""So long after the form has taken another width its cards have theirs."""
ONE_COLUMN_EM = 36
"""Ems of width for cards below which fields stand one below the other."""


class FormPage(Area):
    """`wanted(object, str)` carries a change and its run, `left` tells that a field was left, `source_wanted(str)` the
    path of what is to be seen in the source."""

    wanted = Signal(object, str)
    left = Signal()
    source_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(role="canvas", parent=parent)
        self.setObjectName("form")
        self._form: FormView | None = None
        self._told = Told({}, {})
        self._findings: Sequence[Finding] = ()
        self._cards: list[FormCard] = []
        self._todo: list[tuple[int, CardView, str]] = []
        self._wanted_section = ""
        self._place: tuple[FormCard, int] | None = None
        """Which card is in front and how far it is scrolled; none at the very top."""
        self._wide = 0
        """The width at which it is; at another one cards are higher or lower, and it is gone back to."""
        self._read_only = False
        self._sections = SectionList()
        self._combo = SectionCombo(self._sections.also_add)
        self._banner = Banner("warning", "", "")
        self._above = holder(row((self._banner, 1), margins=(16, 8, 16, 0)))
        self._above.hide()
        self._about = SummaryFold()
        self._column = QVBoxLayout()
        self._column.setSpacing(scaled(12))
        self._left_out = Label("", step="caption", role="text3", wrap=True)
        self._left_out.hide()
        self._missing = Label("", step="caption", role="text2", wrap=True)
        self._missing.setObjectName("form-missing")
        self._lacking = holder(row(Pic("warning", 16, tone="warning"), (self._missing, 1), spacing=8))
        self._lacking.hide()
        inner = holder(
            column(self._about, self._lacking, self._column, self._left_out, None, margins=(16, 16, 16, 16), spacing=12)
        )
        self._scroll = scroll_area(inner, role="canvas")
        self._scroll.setObjectName("form-scroll")
        right = column(self._combo, self._above, (self._scroll, 1), spacing=0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._sections)
        layout.addLayout(right, 1)
        self._making = QTimer(self, singleShot=True, interval=0)
        self._making.timeout.connect(self._make_some)
        self._sections.chosen.connect(self.show_section)
        self._combo.chosen.connect(self.show_section)
        self._sections.add_wanted.connect(lambda id: self.wanted.emit(ResourceAdded(id), ""))
        self._scroll.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._keep_place)
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self._leave_place)

    # what it shows

    def show_form(self, form: FormView, findings: Sequence[Finding], *, keep: bool) -> None:
        """Show a message; `keep` leaves alone the field a person is typing in."""
        self._form = form
        self._findings = findings
        self._told = told(form, findings)
        cards = [(card, section.spec.icon) for section in form.sections for card in section.cards]
        self._fit(cards, keep=keep)
        self._show_states()
        more = sum(section.more for section in form.sections)
        self._left_out.setText(self.tr("{count} more resources are in the tree.").format(count=more))
        self._left_out.setVisible(more > 0)
        words = self.tr("The message definition asks for what is not here: {what}.")
        self._missing.setText(words.format(what=", ".join(form.missing)))
        self._lacking.setVisible(bool(form.missing))

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show other findings about the same form."""
        if self._form is None:
            return
        self._findings = findings
        self._told = told(self._form, findings)
        self._show_states()

    def show_summary(self, summary: Summary | None) -> None:
        """Show who asks whom for what, above the first card."""
        self._about.show_summary(summary)

    def show_state(self, read_only: bool, title: str = "", text: str = "") -> None:
        """Whether it can be changed, and why not where it is not told elsewhere."""
        self._read_only = read_only
        if title:
            self._banner.show_notice("warning", title, text)
        self._above.setVisible(read_only and bool(title))
        self._sections.set_read_only(read_only)
        for card in self._cards:
            card.set_read_only(read_only)

    @property
    def ready(self) -> bool:
        """Whether every card is there."""
        return self._form is not None and not self._todo

    def show_section(self, id: str) -> None:
        """Bring a section to the top."""
        self._wanted_section = id
        self._combo.choose(id)
        self._sections.choose(id)
        card = next((one for one in self._cards if self._section_of(one.card.path) == id), None)
        if card is not None:
            self._scroll.verticalScrollBar().setValue(max(0, card.y() - scaled(16)))

    def reveal(self, path: str) -> None:
        """Go to the field of an element, or to the card of its resource, and put the focus there."""
        best, length = None, -1
        for card in self._cards:
            for field in card.fields():
                for known in (field.view.path, field.view.owner):
                    if (path == known or path.startswith((known + ".", known + "["))) and len(known) > length:
                        best, length = field, len(known)
        if best is not None:
            best.control.setFocus()
            self._show_field(best)
            return
        near = next((one for one in self._cards if path.startswith(one.card.path)), None)
        if near is not None:
            self.show_section(self._section_of(near.card.path))
            self._scroll.ensureWidgetVisible(near, 0, 0)

    # inside

    def _show_field(self, field: FormField) -> None:
        """Bring a field into view, together with the head of its card where both have room."""
        card = next(one for one in self._cards if one.isAncestorOf(field))
        room = self._scroll.viewport().height()
        lowest = card.y() + field.mapTo(card, field.rect().bottomLeft()).y()
        for above, below in ((16, 60), (16, 0), (0, 0)):  # with room around it where there is some
            top = max(0, card.y() - scaled(above))
            if lowest + scaled(below) - top <= room:
                self._scroll.verticalScrollBar().setValue(top)
                return
        self._scroll.ensureWidgetVisible(field, 0, scaled(60))

    def _fit(self, cards: Sequence[tuple[CardView, str]], *, keep: bool) -> None:
        """Show cards by the widgets that fit, throw away those that are not needed, and make what is missing."""
        left = list(self._cards)
        chosen: list[FormCard | None] = []
        for card, _ in cards:
            wanted = shape(card)
            fits = [one for one in left if one.shape == wanted]
            found = next((one for one in fits if one.card.path == card.path), None)
            chosen.append(found)
            if found is not None:
                left.remove(found)
        for place, (card, _) in enumerate(cards):
            if chosen[place] is None:
                found = next((one for one in left if one.shape == shape(card)), None)
                chosen[place] = found
                if found is not None:
                    left.remove(found)
        for gone in left:
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._cards = []
        self._todo = []
        for place, (card, icon) in enumerate(cards):
            there = chosen[place]
            if there is None:
                self._todo.append((place, card, icon))
                continue
            there.show_card(card, keep=keep)
            if self._column.indexOf(there) != len(self._cards):
                self._column.removeWidget(there)
                self._column.insertWidget(len(self._cards), there)
            self._cards.append(there)
        self._make_some()

    def _make_some(self) -> None:
        """Make a few of the cards that are missing, and go on as soon as the window has had its turn."""
        for place, card, icon in self._todo[:AT_A_TIME]:
            made = FormCard(card, icon)
            made.wanted.connect(self.wanted)
            made.left.connect(self.left)
            made.source_wanted.connect(self.source_wanted)
            made.set_columns(self._columns())
            made.set_read_only(self._read_only)
            made.show_told(self._told)
            self._cards.insert(place, made)
            self._column.insertWidget(place, made)
        self._todo = self._todo[AT_A_TIME:]
        if self._todo:
            self._making.start()

    def _show_states(self) -> None:
        if self._form is None:
            return
        rows = []
        for section in self._form.sections:
            found = [one for card in section.cards for one in self._told.cards.get(card.path, ())]
            tone = worst(found)
            count = sum(1 for one in found if TONES[one.severity] == tone)
            spec = section.spec
            rows.append(SectionRow(spec.id, spec.title, spec.icon, tone or "ok", finding_words(tone, count)))
        self._sections.show_sections(rows, self._form.additions)
        self._combo.show_sections(rows)
        for card in self._cards:
            card.show_told(self._told)

    def _section_of(self, path: str) -> str:
        sections = self._form.sections if self._form is not None else ()
        return next((one.spec.id for one in sections if any(card.path == path for card in one.cards)), "")

    def _card_at(self, top: int) -> FormCard | None:
        """The card that is in front where the form is scrolled so far, px."""
        return next((one for one in self._cards if one.y() + one.height() > top + scaled(24)), None)

    def _on_scrolled(self, top: int) -> None:
        here = self._card_at(top)
        bar = self._scroll.verticalScrollBar()
        if here is None:
            return
        if self.width() == self._wide:
            self._place = (here, top - here.y()) if top > 0 else None
        section = self._section_of(here.card.path)
        if top >= bar.maximum() and self._wanted_section:
            section = self._wanted_section  # the last ones never get to the top
        self._sections.choose(section)
        self._combo.choose(section)
        self._wanted_section = ""

    def _columns(self) -> int:
        room = self.width() - (0 if self._narrow() else self._sections.width())
        return 1 if room / em(self) < ONE_COLUMN_EM else 2

    def _narrow(self) -> bool:
        return self.width() / em(self) < NARROW_EM

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self._narrow()
        self._sections.setVisible(not narrow)
        self._combo.setVisible(narrow)
        for card in self._cards:
            card.set_columns(self._columns())
        self._settled.start()

    def _keep_place(self) -> None:
        if self._place is not None and self._place[0] in self._cards and self.width() != self._wide:
            self._scroll.verticalScrollBar().setValue(self._place[0].y() + self._place[1])

    def _leave_place(self) -> None:
        self._keep_place()
        self._wide = self.width()
