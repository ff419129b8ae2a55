"""The findings under the source: filters with counts, one line a finding, its repair, what a receiver would answer.

Also what is not shown: layers that are switched off, and what is silenced for the service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QMenu, QVBoxLayout, QWidget

from workbench.messages import Severity
from workbench.ui import icons
from workbench.ui.actions import ActionId
from workbench.ui.models.findings import WORDS, FindingModel, Order
from workbench.ui.panels.compose_finding_rows import FindingDelegate
from workbench.ui.panels.compose_layers import LayersButton, UnshownLine
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import NO_LIMIT, Area, FilterChips, KeyCap, Label, row, tool

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from workbench.messages import Finding, Layer
    from workbench.session.views import DraftVerdict
    from workbench.ui.actions import Actions

ROOMY_EM = 85
"""Ems of width from which on there is room for how long judging took."""
_CLEAN = "No findings. This message follows every rule that was checked."


class FindingsView(Area):
    """`chosen(object)` and `fix_asked(object)` carry the Finding, `switched(object)` the layers that are off."""

    chosen = Signal(object)
    fix_asked = Signal(object)
    switched = Signal(object)
    silenced_asked = Signal()
    help_asked = Signal(object)
    folded_changed = Signal()
    """In a narrow window a person asked for the rows, or put them away."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(role="surface", parent=parent)
        self._actions = actions
        self._verdict: DraftVerdict | None = None
        self._service = ""
        self._narrow = False
        self.model = FindingModel()
        self._filters = FilterChips()
        self._filters.setObjectName("finding-filters")
        self._layers = LayersButton()
        self._unshown = UnshownLine()
        self._took = Label("", step="caption", role="text3")
        self._likely = Label(
            "",
            step="caption",
            weight=500,
            role="text2",
            elide=True,
            align=Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
        )
        self._likely.setObjectName("likely-answer")
        self._hints = [
            KeyCap("F8"),
            Label(self.tr("next"), step="caption", role="text3"),
            KeyCap("Alt Enter"),
            Label(self.tr("fix"), step="caption", role="text3"),
        ]
        self._list = QListView()
        self._list.setObjectName("findings")
        self._list.setAccessibleName(self.tr("Findings"))
        self._list.setModel(self.model)
        self._delegate = FindingDelegate(self._list)
        self._list.setItemDelegate(self._delegate)
        self._list.setFrameShape(QListView.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setUniformItemSizes(True)
        self._list.setMinimumHeight(scaled(40))
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._whole = Label("", role="text2", wrap=True)
        self._whole.setObjectName("finding-whole")
        self._whole.setContentsMargins(scaled(18), scaled(6), scaled(18), scaled(4))
        self._whole.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._whole.hide()
        self._none = Label(self.tr(_CLEAN), role="text2")
        self._none.setObjectName("no-findings")
        self._none.setContentsMargins(scaled(16), scaled(10), scaled(16), scaled(10))
        self._none.hide()
        self._title = Label(self.tr("Findings"), weight=600)
        self._toggle = tool(self.tr("Findings"), kind="boxed", checkable=True, name="toggle-findings")
        self._toggle.hide()
        head = row(
            self._title,
            self._filters,
            self._layers,
            self._took,
            (self._likely, 100),
            None,
            *self._hints,
            self._toggle,
            margins=(16, 7, 16, 7),
            spacing=8,
        )
        self._below = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, scaled(4))
        layout.setSpacing(0)
        self._head = Area(head, role="surface", edges="b")
        layout.addWidget(self._head)
        layout.addWidget(self._unshown)
        layout.addWidget(self._none)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._whole)
        layout.addStretch(0)  # takes the room that the list leaves where it is hidden
        self._toggle.toggled.connect(self._on_toggled)
        self._filters.changed.connect(self._on_filter)
        self._layers.switched.connect(self.switched)
        self._layers.ordered.connect(self._on_order)
        self._unshown.all_wanted.connect(self._on_all)
        self._unshown.silenced_wanted.connect(self.silenced_asked)
        self._list.clicked.connect(self._on_clicked)
        self._list.customContextMenuRequested.connect(self._on_menu)
        self._delegate.fix_clicked.connect(self._on_fix)
        self._list.installEventFilter(self)
        self._list.selectionModel().currentChanged.connect(self._show_whole)
        self.model.modelReset.connect(self._show_whole)

    def any(self) -> bool:
        """Whether there is a finding to go to."""
        return bool(self.model.findings())

    def certain(self) -> tuple[Finding, ...]:
        """The findings shown that have a repair."""
        return tuple(one for one in self.model.findings() if one.fix is not None)

    def waiting(self) -> None:
        """A draft was opened and is not judged yet."""
        self._verdict = None
        self.model.show(())
        self._took.setText(self.tr("judging..."))
        self._likely.show_text("")
        self._none.hide()
        self._unshown.hide()

    def show_off(self, off: frozenset[Layer]) -> None:
        """Leave out the findings of these layers."""
        self._layers.show_off(off)
        self.model.switch_off(off)
        self._show_counts()

    def show_verdict(self, verdict: DraftVerdict, service: str) -> None:
        """Show findings, counts and the likely answer; the chosen finding stays chosen where it is still there."""
        index = self._list.currentIndex()
        before = self.model.at(index.row()) if index.isValid() else None
        self._verdict, self._service = verdict, service
        self.model.show(verdict.verdict.findings, dict(verdict.owners))
        took = max(1, round(verdict.verdict.seconds * 1000))
        self._took.setText(self.tr("judged in {ms} ms, {rules} rules").format(ms=took, rules=verdict.rules))
        self._likely.show_text(verdict.likely)
        self._show_counts()
        if before is not None and (place := self.model.row_of(before.rule, before.path)) is not None:
            self._list.setCurrentIndex(self.model.index(place))

    def current(self) -> Finding | None:
        """The chosen finding, else the first."""
        index = self._list.currentIndex()
        if index.isValid() and (found := self.model.at(index.row())) is not None:
            return found
        return next(iter(self.model.findings()), None)

    def next(self) -> None:
        """Choose the next finding and go to it, starting over at the end."""
        following = self.model.following(self._list.currentIndex().row())
        if following is None:
            return
        self._list.setCurrentIndex(self.model.index(following))
        self.chosen.emit(self.model.at(following))

    def set_narrow(self, narrow: bool) -> None:
        """Keep only what fits: a line of counts, and the rows behind a button."""
        self._narrow = narrow
        for part in (*self._hints[2:], self._likely, self._title):
            part.setVisible(not narrow)
        self._toggle.setVisible(narrow)
        self._fold()
        self._fit()

    @property
    def folded(self) -> bool:
        """Whether only the line of counts is shown."""
        return self._narrow and not self._toggle.isChecked()

    @property
    def asked_for(self) -> bool:
        """Whether a person asked for the rows in a narrow window."""
        return self._narrow and self._toggle.isChecked()

    def fold(self) -> None:
        """Put the rows away in a narrow window."""
        self._toggle.setChecked(False)

    def _on_toggled(self, _: bool) -> None:
        self._fold()
        self.folded_changed.emit()

    def _fold(self) -> None:
        self._layers.setVisible(not self.folded)
        self.setMaximumHeight(self._head.sizeHint().height() if self.folded else NO_LIMIT)
        self._show_counts()
        self._show_whole()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._took.setVisible(not self._narrow and self.width() / em(self) >= ROOMY_EM)
        self._show_whole()

    def _show_whole(self, *_: object) -> None:
        """The chosen finding's whole sentence under the list, where its row has no room for it."""
        index = self._list.currentIndex()
        finding = self.model.at(index.row()) if index.isValid() else None
        place = QRect(0, 0, self._list.viewport().width(), scaled(24))
        cut = finding is not None and not self.folded and self._delegate.is_cut(place, index)
        words = finding.text if finding is not None and cut else ""
        if words != self._whole.text():
            self._whole.setText(words)
            self._whole.setVisible(cut)
            self._below.activate()  # the list has another height now, and the chosen row must stay in sight
            self._list.scrollTo(index)

    def _show_counts(self) -> None:
        """The filters, what is not shown, and what is said where no row is left."""
        counts = self.model.counts()
        self._filters.show_filters(
            [(tone, f"{n} {WORDS[tone].lower()}{'s' if n != 1 else ''}", tone) for tone, n in counts.items() if n]
        )
        judged = self._verdict is not None and not self.folded
        silenced = len(self._verdict.silenced) if self._verdict is not None else 0
        self._unshown.show_unshown(self.model.off_counts() if judged else {}, silenced, self._service)
        empty = judged and not any(counts.values())
        off = any(self.model.off_counts().values())
        self._none.setText(self.tr("No findings of the layers that are shown.") if off else self.tr(_CLEAN))
        self._none.setVisible(empty)
        self._list.setVisible(not empty and not self.folded)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self._list and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_F1 and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # here F1 is about the rule, not about the program
                return True
            if event.type() == QEvent.Type.KeyPress and event.modifiers() == Qt.KeyboardModifier.NoModifier:
                return self._on_key(event.key()) or super().eventFilter(watched, event)
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def _on_key(self, key: int) -> bool:
        finding = self.current()
        if finding is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(finding)
            return True
        if finding is not None and key == Qt.Key.Key_F1:
            self.help_asked.emit(finding)
            return True
        return False

    def menu_of(self, finding: Finding) -> QMenu:
        """What can be done about a finding."""
        menu = QMenu(self)
        menu.setObjectName("finding-menu")
        about = menu.addAction(icons.icon("help"), self.tr("About rule {rule}").format(rule=finding.rule))
        about.setObjectName("menu-about-rule")
        about.triggered.connect(self._about_current)
        if finding.fix is not None:
            menu.addAction(self._actions[ActionId.FIX_FINDING])
        menu.addAction(self._actions[ActionId.FIX_ALL])
        if finding.severity is not Severity.FATAL:
            menu.addSeparator()
            menu.addAction(self._actions[ActionId.SILENCE])
        return menu

    def _about_current(self) -> None:
        finding = self.current()
        if finding is not None:
            self.help_asked.emit(finding)

    def _on_menu(self, place: QPoint) -> None:
        index = self._list.indexAt(place)
        finding = self.model.at(index.row()) if index.isValid() else None
        if finding is not None:
            self._list.setCurrentIndex(index)
            self.menu_of(finding).popup(self._list.viewport().mapToGlobal(place))

    def _on_filter(self) -> None:
        self.model.hide(self._filters.off())

    def _on_order(self, order: str) -> None:
        self.model.sort_by(Order(order))

    def _on_all(self) -> None:
        self.switched.emit(frozenset())

    def _on_clicked(self, index: QModelIndex) -> None:
        finding = self.model.at(index.row())
        if finding is not None:
            self.chosen.emit(finding)

    def _on_fix(self, number: int) -> None:
        self.fix_asked.emit(self.model.at(number))
