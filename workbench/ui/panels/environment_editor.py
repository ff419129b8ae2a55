"""The editor of one environment within Settings: its form, keeping it, and the test of its connection.

`done(page)` fires once it is kept or taken away, `left` when it is given up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from workbench.errors import WorkbenchError
from workbench.session.events import ConnectionStep
from workbench.ui.panels.environment_form import EnvironmentForm
from workbench.ui.theme import scaled
from workbench.ui.widgets import Banner, Label, Pic, button, check, clear, column, holder, row

if TYPE_CHECKING:
    from concurrent.futures import Future
    from typing import Any

    from workbench.directory import Environment
    from workbench.session.environment_views import EnvironmentDetail, EnvironmentsPage, Problem, TestRow
    from workbench.session.events import SessionEvent
    from workbench.ui.context import PanelContext

WIDEST = 760


class EnvironmentEditor(QWidget):
    """The form with what can be done with it."""

    done = Signal(object)
    left = Signal()

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._testing: Future[Any] | None = None
        self._detail: EnvironmentDetail | None = None
        self._title = Label("", step="lead", weight=600)
        self._form = EnvironmentForm()
        self._form.setMaximumWidth(scaled(WIDEST))
        self._problem = Banner("error", "")
        self._problem.hide()
        self._note = Banner("note", "")
        self._note.hide()
        self._skip = check(
            self.tr("Do not check its certificate until the program is closed"), name="skip-verification"
        )
        self._steps = column(spacing=8)
        self._save = button(self.tr("Save"), self._on_save, kind="primary", name="save-environment")
        self._test = button(self.tr("Test the connection"), self._on_test, icon="plug", name="test-connection")
        leave = button(self.tr("Cancel"), self._on_cancel, name="cancel-environment")
        self.setLayout(
            column(
                self._title,
                self._note,
                row((self._form, 100), None),
                self._problem,
                row(self._save, leave, self._test, None, spacing=8),
                holder(self._steps),
                self._skip,
                spacing=12,
            )
        )
        self._form.changed.connect(self._on_typed)
        self._skip.clicked.connect(self._on_skip)

    def show_environment(
        self, environment: Environment, page: EnvironmentsPage, detail: EnvironmentDetail | None
    ) -> None:
        """Edit an environment; `detail` is None for one that is not kept yet."""
        self._detail = detail
        self._title.setText(
            self.tr("Edit {title}").format(title=environment.title) if detail else self.tr("New environment")
        )
        self._form.show_environment(environment, page, detail)
        self._form.setEnabled(not page.read_only)
        self._save.setEnabled(not page.read_only)
        self._problem.hide()
        self._note.setVisible(bool(page.vault))
        if page.vault:
            self._note.show_notice("note", self.tr("Passphrases and passwords cannot be kept now"), page.vault)
        clear(self._steps)
        self._skip.setVisible(detail is not None and (detail.may_skip or detail.unverified))
        self._skip.setChecked(detail is not None and detail.unverified)
        self._on_changed()

    def on_event(self, event: SessionEvent) -> None:
        """A step of the test is known."""
        if isinstance(event, ConnectionStep) and self._testing is not None:
            self._steps.addWidget(StepRow(event.row))

    # judging and keeping

    def _on_typed(self) -> None:
        """What was said of an earlier try to save is over."""
        self._problem.hide()
        self._on_changed()

    def _on_changed(self) -> None:
        edit = self._form.edit()
        if edit is not None:
            self._context.bridge.submit(self._context.session.environments.check(edit), self._on_checked)

    def _on_checked(self, problems: tuple[Problem, ...] | None, error: BaseException | None) -> None:
        if problems is not None:
            self._form.show_problems(problems)
        elif error is not None:
            self._fail(error)

    def _on_save(self) -> None:
        edit = self._form.edit()
        if edit is not None:
            self._context.bridge.submit(self._context.session.environments.keep(edit), self._on_kept)

    def _on_kept(self, page: EnvironmentsPage | None, error: BaseException | None) -> None:
        if page is not None:
            self._stop()
            self.done.emit(page)
        elif error is not None:
            self._fail(error)
            self._on_changed()

    def _on_skip(self, wanted: bool) -> None:
        if self._detail is not None:
            work = self._context.session.environments.verify(self._detail.environment.id, not wanted)
            self._context.bridge.submit(work, self._on_skipped)

    def _on_skipped(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._skip.setChecked(not self._skip.isChecked())
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        if isinstance(error, WorkbenchError):
            self._problem.show_notice("error", error.sentence, error.next_step)
            self._problem.show()
        else:
            self._context.go.failed(error)

    def _on_cancel(self) -> None:
        self._stop()
        self.left.emit()

    # testing

    def _on_test(self) -> None:
        edit = self._form.edit()
        if edit is None or self._testing is not None:
            return
        clear(self._steps)
        self._problem.hide()
        self._test.setEnabled(False)
        self._testing = self._context.bridge.submit(self._context.session.environments.test(edit), self._on_tested)
        words = self.tr("Testing the connection to {title}").format(title=edit.environment.title)
        self._context.go.working(words, self._stop)

    def _on_tested(self, rows: tuple[TestRow, ...] | None, error: BaseException | None) -> None:
        if rows is not None:
            clear(self._steps)
            for one in rows:
                self._steps.addWidget(StepRow(one))
        elif error is not None:
            self._fail(error)
        self._rest()

    def _stop(self) -> None:
        if self._testing is not None:
            self._testing.cancel()
            self._rest()

    def _rest(self) -> None:
        self._testing = None
        self._test.setEnabled(True)
        self._context.go.working("")


class StepRow(QWidget):
    """One step of a test: how it went, what it was about, what was found."""

    def __init__(self, step: TestRow) -> None:
        super().__init__()
        title = Label(step.title, weight=600)
        words = Label(step.text, wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setAccessibleName(f"{step.title}: {step.tone.value}. {step.text}")
        self.setLayout(
            row(Pic(step.tone.value, 18, tone=step.tone.value), (column(title, words, spacing=1), 1), spacing=10)
        )
