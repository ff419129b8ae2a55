"""Faults on purpose: what is done to every n-th answer, with one button that ends all of it.

For the embedded sandbox also what its platform puts up with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QWidget

from workbench.ui.theme import scaled
from workbench.ui.widgets import Banner, Card, Label, button, check, column, holder, number, row, separator

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from PySide6.QtWidgets import QCheckBox

    from workbench.session.answer_views import FaultRow, LimitRow
    from workbench.session.views import ReceiverPage
    from workbench.ui.context import PanelContext

MOST_EVERY = 1000
NUMBER_WIDTH = 126
"""All numbers of the card are as wide as the longest, so that their edges make one line."""


class FaultLine(QWidget):
    """One fault: on or off, how much, and which calls it meets."""

    def __init__(self, context: PanelContext, page: str, shown: FaultRow) -> None:
        super().__init__()
        self._context = context
        self._page = page
        self._id = shown.id
        self._box: QCheckBox = check(shown.title, shown.on, name=f"fault-{shown.id}")
        self._amount: QSpinBox | None = None
        self._every: QSpinBox | None = None
        first: list[object] = [(self._box, 1)]
        self._which = QWidget()
        if shown.most:
            self._amount = number(
                shown.amount, shown.least, shown.most, suffix=shown.unit, name=f"fault-{shown.id}-amount"
            )
            self._amount.setAccessibleName(self.tr("{title}, how much").format(title=shown.title))
            first.append(self._amount)
        if shown.every:
            self._every = number(shown.every, 1, MOST_EVERY, name=f"fault-{shown.id}-every")
            self._every.setAccessibleName(self.tr("{title}, which calls").format(title=shown.title))
            self._every.setPrefix(self.tr("every ", "before a number of calls"))
            self._every.setSpecialValueText(self.tr("every call"))
            if self._amount is None:
                first.append(self._every)
            else:
                words = Label(self.tr("of these calls"), step="caption", role="text3")
                self._which.setLayout(row(26, (words, 1), self._every, spacing=0))
        self.setLayout(column(row(*first, spacing=6), self._which, spacing=4))
        self._box.clicked.connect(self._on_changed)
        for spin in self._spins():
            _fit(spin)
            spin.setKeyboardTracking(False)
            spin.valueChanged.connect(self._on_changed)
        self.show_row(shown)

    def _spins(self) -> tuple[QSpinBox, ...]:
        return tuple(spin for spin in (self._amount, self._every) if spin is not None)

    def show_row(self, shown: FaultRow) -> None:
        """Show how it stands, without telling."""
        self._box.setChecked(shown.on)
        for spin, value in ((self._amount, shown.amount), (self._every, shown.every)):
            if spin is not None:
                with QSignalBlocker(spin):
                    spin.setValue(value)
                    spin.setEnabled(shown.on)
        self._which.setVisible(shown.on and self._amount is not None and self._every is not None)

    def _on_changed(self) -> None:
        every = self._every.value() if self._every is not None else 1
        amount = self._amount.value() if self._amount is not None else 0
        work = self._context.session.answering.set_fault(
            self._page, self._id, on=self._box.isChecked(), every=every, amount=amount
        )
        self._context.bridge.submit(work, self._on_done)

    def _on_done(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)


class FaultsCard(Card):
    """The faults of the receiver in front."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._page = ""
        self._lines: dict[str, FaultLine] = {}
        self._limits: dict[str, QSpinBox] = {}
        self._warning = Banner("warning", "")
        self._warning.hide()
        self._rows = column(spacing=4)
        self._off = button(self.tr("Turn all off"), self._on_off, name="faults-off")
        self._more = column(spacing=4)
        self._platform = holder(
            column(separator(), Label(self.tr("What BaRS puts up with"), weight=600), self._more, spacing=8)
        )
        self._platform.hide()
        self.setLayout(
            column(
                Label(self.tr("Faults on purpose"), weight=600),
                self._warning,
                self._rows,
                row(self._off, None),
                self._platform,
                margins=(16, 12, 12, 14),
                spacing=8,
            )
        )

    def show_page(self, page: ReceiverPage) -> None:
        """Show how the faults of a page stand, and for the sandbox the limits of the platform."""
        answering = self._context.session.answering
        faults = answering.fault_rows(page.id)
        if page.id != self._page:
            self._page = page.id
            self._make(faults, answering.limit_rows() if page.id == "sandbox" else ())
        for shown in faults:
            self._lines[shown.id].show_row(shown)
        on = [shown for shown in faults if shown.on]
        self._off.setEnabled(bool(on))
        self._warning.setVisible(bool(on))
        if on:
            title = (
                self.tr("One fault is on") if len(on) == 1 else self.tr("{count} faults are on").format(count=len(on))
            )
            self._warning.show_notice("warning", title, "; ".join(_told(shown) for shown in on) + ".")

    def _make(self, faults: tuple[FaultRow, ...], limits: tuple[LimitRow, ...]) -> None:
        for line in self._lines.values():
            line.hide()
            line.deleteLater()
        self._lines = {shown.id: FaultLine(self._context, self._page, shown) for shown in faults}
        for made in self._lines.values():
            self._rows.addWidget(made)
        self._platform.setVisible(bool(limits))
        for shown in limits:
            if shown.id not in self._limits:
                self._more.addLayout(self._limit(shown))

    def _limit(self, shown: LimitRow) -> QHBoxLayout:
        spin = number(shown.value, 1 if shown.unit else 0, shown.most, suffix=shown.unit, name=f"limit-{shown.id}")
        spin.setAccessibleName(shown.title)
        spin.setSpecialValueText("" if shown.unit else self.tr("off"))
        _fit(spin)
        spin.setKeyboardTracking(False)
        spin.valueChanged.connect(self._on_limit)
        self._limits[shown.id] = spin
        return row((Label(shown.title, wrap=True), 1), spin)

    def _on_limit(self) -> None:
        answering = self._context.session.answering
        known = {shown.id: shown.value for shown in answering.limit_rows()}
        for id, spin in self._limits.items():
            if spin.value() != known[id]:
                self._do(answering.set_limit(id, spin.value()))

    def _on_off(self) -> None:
        self._do(self._context.session.answering.faults_off(self._page))

    def _do(self, work: Coroutine[object, object, None]) -> None:
        self._context.bridge.submit(work, self._on_done)

    def _on_done(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)


def _fit(spin: QSpinBox) -> None:
    spin.setFixedWidth(max(scaled(NUMBER_WIDTH), spin.sizeHint().width()))


def _told(shown: FaultRow) -> str:
    """One fault in the words of the warning: `Wait before the answer 1200 ms, every call`."""
    much = f" {shown.amount}{shown.unit}" if shown.most else ""
    which = "" if shown.every == 0 else ", every call" if shown.every == 1 else f", every {shown.every}th call"
    return f"{shown.title}{much}{which}"
