"""What a receiver answers on purpose: the table of rules, of which the first that fits wins, and its changes.

What a rule may be is the session's business; the form of one is `receiver_rule`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal

from workbench.session.answer_views import AnswerRow
from workbench.ui.models.table import Column
from workbench.ui.panels.receiver_rule import RuleForm
from workbench.ui.theme import scaled
from workbench.ui.widgets import Card, DataTable, Label, button, check, column, holder, row, tool

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QWidget

    from workbench.session.answer_views import RuleEdit
    from workbench.session.views import ReceiverPage
    from workbench.ui.context import PanelContext

_NUMBER, _KIND, _FROM = 1, 3, 5
TALLEST = 300
"""Design pixels of the table before it scrolls within itself."""


class AnswersCard(Card):
    """The table with its buttons, and the form of a rule under it while one is filled in.

    `editing` tells that the form has come, or has got another size.
    """

    editing = Signal()

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._page = "own"
        self._form: RuleForm | None = None
        self._table = DataTable(
            (
                Column[AnswerRow](
                    self.tr("On"),
                    lambda one: self.tr("on") if one.on else self.tr("off"),
                    width=46,
                    checked=lambda one: one.on if one.id else None,
                ),
                Column[AnswerRow](self.tr("No."), lambda one: str(one.number), width=44, role="text2"),
                Column[AnswerRow](self.tr("When this arrives"), lambda one: one.when, weight=500),
                Column[AnswerRow](self.tr("Kind"), lambda one: one.kind, width=116, role="text2"),
                Column[AnswerRow](
                    self.tr("Answer"), lambda one: one.answer, width=332, tone=lambda one: one.tone.value
                ),
                Column[AnswerRow](self.tr("From"), lambda one: one.source, width=138, role="text2"),
            ),
            name=self.tr("What it answers"),
            object_name="answers",
        )
        self._table.setFixedHeight(scaled(TALLEST))
        self._harness = check(self.tr("Harness values"), name="harness-values")
        self._new = button(self.tr("New rule"), self._on_new, icon="plus", name="new-rule")
        self._up = tool(self.tr("Move up"), "up", self._on_up, icon_only=True, name="rule-up")
        self._down = tool(self.tr("Move down"), "down", self._on_down, icon_only=True, name="rule-down")
        self._edit = tool(self.tr("Edit the rule"), "edit", self._on_edit, icon_only=True, name="rule-edit")
        self._remove = tool(self.tr("Remove the rule"), "trash", self._on_remove, icon_only=True, name="rule-remove")
        self._caption = Label(self.tr("first rule that fits wins"), step="caption", role="text3", elide=True)
        head = row(
            Label(self.tr("What it answers"), weight=600),
            (self._caption, 1),
            self._up,
            self._down,
            self._edit,
            self._remove,
            self._harness,
            self._new,
            margins=(14, 8, 10, 8),
        )
        self._below = column(margins=(13, 0, 13, 0))
        self.setLayout(column(head, self._table, holder(self._below), margins=(1, 0, 1, 6), spacing=0))
        self._harness.clicked.connect(self._on_harness)
        self._table.ticked.connect(self._on_ticked)
        self._table.chosen.connect(self._on_chosen)
        self._table.activated.connect(self._on_edit)
        self._on_chosen(None)

    def show_page(self, page: ReceiverPage) -> None:
        """Show the rules of a page."""
        chosen = self._chosen()
        self._page = page.id
        self._table.show_rows(page.answers)
        if chosen is not None:
            place = next((n for n, one in enumerate(page.answers) if one.id == chosen.id and one.id), -1)
            self._table.choose(place)
        given = [one for one in page.answers if one.id and not one.own]
        self._harness.setChecked(any(one.on for one in given))
        self._on_chosen(self._chosen())

    def show_narrow(self, ems: float) -> None:
        """Leave out columns that have no room."""
        hidden = [] if ems > 92 else [_NUMBER, _FROM]
        self._table.hide_columns(hidden if ems > 60 else [_NUMBER, _KIND, _FROM])
        self._caption.setVisible(ems > 60)

    def close_editor(self) -> None:
        """Give up what is being edited."""
        if self._form is not None:
            self._form.hide()
            self._form.deleteLater()
            self._form = None
            self._new.setEnabled(True)

    # what is done to a rule

    def _chosen(self) -> AnswerRow | None:
        value = self._table.value()
        return value if isinstance(value, AnswerRow) else None

    def _on_chosen(self, value: object) -> None:
        rule = value if isinstance(value, AnswerRow) and value.id else None
        for one in (self._up, self._down, self._edit):
            one.setEnabled(rule is not None)
        self._remove.setEnabled(rule is not None and rule.own)

    def _on_ticked(self, value: object, on: bool) -> None:
        if isinstance(value, AnswerRow):
            self._do(self._context.session.answering.switch(self._page, value.id, on))

    def _on_harness(self, on: bool) -> None:
        self._do(self._context.session.answering.switch_harness(self._page, on))

    def _on_up(self) -> None:
        self._move(-1)

    def _on_down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        if (rule := self._chosen()) is not None:
            self._do(self._context.session.answering.move(self._page, rule.id, by))

    def _on_remove(self) -> None:
        if (rule := self._chosen()) is not None:
            self._do(self._context.session.answering.remove(self._page, rule.id))

    def _do(self, work: Coroutine[object, object, None]) -> None:
        self._context.bridge.submit(work, self._on_done)

    def _on_done(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)

    # the form

    def _on_new(self) -> None:
        self._open(None)

    def _on_edit(self) -> None:
        rule = self._chosen()
        if rule is not None and rule.id:
            self._context.bridge.submit(self._context.session.answering.rule(self._page, rule.id), self._on_rule)

    def _on_rule(self, edit: RuleEdit | None, error: BaseException | None) -> None:
        if edit is not None:
            self._open(edit)
        elif error is not None:
            self._context.go.failed(error)

    def _open(self, edit: RuleEdit | None) -> None:
        self.close_editor()
        self._form = RuleForm(self._context, self._page, edit)
        self._form.done.connect(self.close_editor)
        self._form.installEventFilter(self)
        self._below.addWidget(self._form)
        self._new.setEnabled(False)
        self._form.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._form and event.type() in (QEvent.Type.Show, QEvent.Type.Resize):
            self.editing.emit()
        return super().eventFilter(watched, event)

    def editor(self) -> QWidget | None:
        """The form while one is open."""
        return self._form
