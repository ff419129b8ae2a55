"""Scenarios: the list, the steps of the chosen one with what must come back, and the result of every expectation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QRectF, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.session.events import ScenarioChanged, SessionEvent
from workbench.session.views import ScenarioView, StepState
from workbench.ui.actions import ActionId
from workbench.ui.context import PanelContext, PanelId, PanelSpec
from workbench.ui.models.table import VALUE_ROLE, Column, TableModel
from workbench.ui.panels.scenarios_steps import STATES, StepsView
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import (
    Area,
    Chip,
    HeadBar,
    Label,
    RowDelegate,
    RowPaint,
    action_button,
    button,
    list_view,
    row,
    splitter,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from workbench.ui.widgets.rows import Index

NARROW_EM = 62
TINY_EM = 45


class ScenariosPanel(QWidget):
    """The panel; runs go on while another panel is in front."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._views: dict[str, ScenarioView] = {}
        self._current = ""
        self._queue: list[str] = []
        self._running = False
        self._wanted = ""
        self._model: TableModel[ScenarioView] = TableModel((Column[ScenarioView]("", lambda one: one.title),))
        self._list = list_view(
            self._model,
            RowDelegate(None, self._height, self._paint),
            name=self.tr("Scenarios"),
            object_name="scenarios",
        )
        self._all = action_button(context.actions[ActionId.RUN_ALL])
        self._run = action_button(context.actions[ActionId.RUN_SCENARIO], kind="primary")
        head = HeadBar(self.tr("Scenarios"), self._all)
        left = Area(role="surface")
        left_column = QVBoxLayout(left)
        left_column.setContentsMargins(0, 0, 0, 0)
        left_column.setSpacing(0)
        left_column.addWidget(head)
        left_column.addWidget(self._list, 1)
        self._chip = Chip()
        self._open = button(self.tr("Conversation"), self._on_open, icon="timeline", name="open-conversation")
        self._head = HeadBar("", self._open, self._run, beside=self._chip)
        self._sentence = Label("", role="text2", wrap=True)
        self._steps = StepsView()
        right = Area(role="canvas")
        right_column = QVBoxLayout(right)
        right_column.setContentsMargins(0, 0, 0, 0)
        right_column.setSpacing(0)
        right_column.addWidget(self._head)
        right_column.addWidget(Area(row((self._sentence, 1), margins=(16, 10, 16, 2)), role="canvas"))
        right_column.addWidget(self._steps, 1)
        self._split = splitter(left, right)
        self._split.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._split)
        self._list.selectionModel().currentChanged.connect(self._on_current)
        context.actions[ActionId.RUN_SCENARIO].triggered.connect(self._run_current)

    # what the window asks of a panel

    def facts(self) -> dict[str, bool]:
        """Its share of the context of actions."""
        return {"scenario": bool(self._current), "running": self._running}

    def shown(self) -> None:
        """Read the scenarios with their last runs."""
        self._context.bridge.submit(self._context.session.scenarios(), self._on_scenarios)

    def on_event(self, event: SessionEvent) -> None:
        """A run went on."""
        if isinstance(event, ScenarioChanged):
            self._put(event.scenario)

    def play(self, id: str) -> None:
        """Show a scenario and run it."""
        if id not in self._views:
            self._wanted = id
            self.shown()
            return
        self._choose(id)
        self._enqueue([id])

    def play_all(self) -> None:
        """Run every scenario, in order."""
        if self._views:
            self._enqueue(list(self._views))
        else:
            self._context.bridge.submit(self._context.session.scenarios(), self._on_all)

    def choose(self, id: str) -> None:
        """Show a scenario with its last run."""
        self._current = id
        self._choose(id)

    # the list

    def _on_scenarios(self, views: tuple[ScenarioView, ...] | None, error: BaseException | None) -> None:
        if views is None:
            if error is not None:
                self._context.go.failed(error)
            return
        self._views = {view.id: view for view in views}
        self._model.show(views)
        self._choose(self._current or views[0].id)
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self.play(wanted)

    def _put(self, view: ScenarioView) -> None:
        self._views[view.id] = view
        rows = [self._model.at(n) for n in range(self._model.rowCount())]
        self._model.show([view if one.id == view.id else one for one in rows])
        if view.id == self._current:
            self._show(view)

    def _choose(self, id: str) -> None:
        for number in range(self._model.rowCount()):
            if self._model.at(number).id == id:
                self._list.setCurrentIndex(self._model.index(number, 0))

    def _on_current(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            self._current = self._model.at(current.row()).id
            self._show(self._views[self._current])
            self._context.go.context_changed()

    def _show(self, view: ScenarioView) -> None:
        self._head.show_title(view.title)
        self._sentence.setText(view.sentence)
        done = [one for one in view.expectations if one.passed is not None]
        words = view.status
        if done and view.state in (StepState.PASSED, StepState.FAILED):
            met = sum(bool(one.passed) for one in done)
            words = self.tr("{status}, {met} of {all} expectations").format(status=view.status, met=met, all=len(done))
        self._chip.show_status(words, STATES[view.state])
        self._open.setVisible(bool(view.conversation))
        self._steps.show_scenario(view)

    # running

    def _run_current(self) -> None:
        self._enqueue([self._current])

    def _on_all(self, views: tuple[ScenarioView, ...] | None, error: BaseException | None) -> None:
        self._on_scenarios(views, error)
        if views is not None:
            self._enqueue([view.id for view in views])

    def _enqueue(self, ids: list[str]) -> None:
        self._queue += [id for id in ids if id not in self._queue]
        if not self._running:
            self._next()

    def _next(self) -> None:
        self._running = bool(self._queue)
        if self._running:
            id = self._queue.pop(0)
            self._context.bridge.submit(self._context.session.run_scenario(id), self._on_run)
        self._context.go.context_changed()

    def _on_run(self, view: ScenarioView | None, error: BaseException | None) -> None:
        if view is not None:
            self._put(view)
        elif error is not None:
            self._context.go.failed(error)
        self._next()

    def _on_open(self) -> None:
        view = self._views.get(self._current)
        if view is not None and view.conversation:
            self._context.go.open_conversation(view.conversation)

    # drawing

    @staticmethod
    def _height(_: Index) -> int:
        return round(2 * em()) + scaled(46)

    @staticmethod
    def _paint(paint: RowPaint, index: Index) -> None:
        view: ScenarioView = index.data(VALUE_ROLE)
        line = em()
        left, right, y = paint.box.x() + scaled(18), paint.box.right() - scaled(12), paint.box.y() + scaled(9)
        paint.text(QRectF(left, y, right - left, line), view.title, weight=600)
        y += line + scaled(2)
        paint.text(QRectF(left, y, right - left, line), view.group, step="caption", role="text2")
        y += line + scaled(12)
        paint.chip(view.status, STATES[view.state], left, y, most=right - left)
        paint.rule()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        ems = self.width() / em()
        narrow, tiny = ems < NARROW_EM, ems < TINY_EM
        self._chip.setVisible(not narrow)
        self._run.show_words(self.tr("Run") if narrow else "")
        self._all.show_words(self.tr("Run all") if narrow else "")
        self._split.setOrientation(Qt.Orientation.Vertical if tiny else Qt.Orientation.Horizontal)
        if tiny:
            upper = scaled(150)
            self._split.setSizes([upper, max(1, self.height() - upper)])
        else:
            left = scaled(230 if narrow else 330)
            self._split.setSizes([left, max(1, self.width() - left)])


PANEL = PanelSpec(PanelId.SCENARIOS, "Scenarios", "scenarios", ScenariosPanel)
