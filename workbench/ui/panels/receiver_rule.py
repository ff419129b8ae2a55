"""The form of an own rule: when it holds, what is answered then. `done` fires once it is kept or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QSpinBox, QWidget

from workbench.session.answer_views import RuleEdit
from workbench.ui.theme import scaled
from workbench.ui.widgets import Combo, Field, Label, button, column, line, number, row, separator

if TYPE_CHECKING:
    from workbench.session.answer_views import RuleProblem
    from workbench.ui.context import PanelContext

LONGEST_S = 3600


class RuleForm(QWidget):
    """Fields into a `RuleEdit`."""

    done = Signal()

    def __init__(self, context: PanelContext, page: str, edit: RuleEdit | None) -> None:
        super().__init__()
        self.setObjectName("rule-form")
        self._context = context
        self._page = page
        self._edit = edit or RuleEdit()
        given = self._edit
        choices = context.session.answering.choices()
        self._number = line(given.nhs_number, name="rule-nhs-number")
        self._service = line(given.service, name="rule-service")
        self._organisation = line(given.organisation, name="rule-organisation")
        self._call = _combo(choices.operations, given.operation, "rule-call")
        self._event = _combo(choices.events, given.event, "rule-event")
        self._case = _combo(choices.use_cases, given.use_case, "rule-use-case")
        self._how = _combo(choices.hows, given.how, "rule-how")
        status = given.status if given.status >= 400 else 503
        self._status = _combo(choices.statuses, str(status), "rule-status")
        self._issue = _combo(choices.issues, given.issue, "rule-issue")
        self._why = line(given.why, name="rule-why")
        self._interim = _seconds(given.interim_s, "rule-interim")
        self._full = _seconds(given.full_s, "rule-full")
        self._dna = _seconds(given.dna_s, "rule-dna")
        self._fault = _combo(choices.faults, given.fault, "rule-fault")
        self._fields = {
            "nhs_number": Field(self.tr("NHS number"), self._number),
            "service": Field(self.tr("Service id"), self._service),
            "organisation": Field(self.tr("Calling organisation, ODS code"), self._organisation),
            "operation": Field(self.tr("Call"), self._call),
            "event": Field(self.tr("Event"), self._event),
            "use_case": Field(self.tr("Use case"), self._case),
        }
        self._answers = {
            "how": Field(self.tr("Answer"), self._how),
            "status": Field(self.tr("Status"), self._status),
            "issue": Field(self.tr("Issue code"), self._issue),
            "why": Field(self.tr("What the refusal says"), self._why),
            "interim_s": Field(self.tr("Interim reply after"), self._interim),
            "full_s": Field(self.tr("Full reply after"), self._full),
            "dna_s": Field(self.tr("Safeguarding reply after"), self._dna),
            "fault": Field(self.tr("Fault on purpose"), self._fault),
        }
        self._answer_grid = _grid(list(self._answers.values()))
        title = self.tr("Change the rule") if given.id else self.tr("New rule")
        self.setLayout(
            column(
                separator(),
                Label(title, weight=600),
                Label(self.tr("When this arrives; an empty field asks for nothing"), step="caption", role="text3"),
                _grid(list(self._fields.values())),
                Label(self.tr("it is answered with"), step="caption", role="text3"),
                self._answer_grid,
                row(
                    button(self.tr("Save the rule"), self._on_save, kind="primary", name="rule-save"),
                    button(self.tr("Cancel"), self._on_cancel, name="rule-cancel"),
                    None,
                ),
                margins=(14, 6, 14, 10),
                spacing=8,
            )
        )
        self._how.chosen.connect(self._on_how)
        self._on_how(self._how.value())

    def start(self) -> None:
        """Put the cursor into its first field."""
        self._number.setFocus()

    def edit(self) -> RuleEdit:
        """What is filled in."""
        return RuleEdit(
            id=self._edit.id,
            operation=self._call.value(),
            event=self._event.value(),
            use_case=self._case.value(),
            nhs_number=self._number.text(),
            service=self._service.text(),
            organisation=self._organisation.text(),
            how=self._how.value(),
            status=int(self._status.value() or 503),
            issue=self._issue.value(),
            why=self._why.text(),
            interim_s=self._interim.value(),
            full_s=self._full.value(),
            dna_s=self._dna.value(),
            fault=self._fault.value(),
        )

    def _on_how(self, how: str) -> None:
        for name in ("status", "issue", "why"):
            self._answers[name].setVisible(how == "refuse")
        for name in ("interim_s", "full_s", "dna_s"):
            self._answers[name].setVisible(how == "take")
        _place(self._answer_grid, [one for one in self._answers.values() if not one.isHidden()])

    def _on_save(self) -> None:
        edit = self.edit()
        problems = self._context.session.answering.check(edit)
        self._show(problems)
        if not problems:
            self._context.bridge.submit(self._context.session.answering.keep(self._page, edit), self._on_kept)

    def _show(self, problems: tuple[RuleProblem, ...]) -> None:
        texts = {one.field: one.text for one in problems}
        for name, field in (*self._fields.items(), *self._answers.items()):
            field.show_finding("error" if name in texts else "", texts.get(name, ""))

    def _on_kept(self, id: str | None, error: BaseException | None) -> None:
        if id is not None:
            self.done.emit()
        elif error is not None:
            self._context.go.failed(error)

    def _on_cancel(self) -> None:
        self.done.emit()


def _combo(choices: tuple[tuple[str, str], ...], current: str, name: str) -> Combo:
    made = Combo(choices, current)
    made.setObjectName(name)
    return made


def _seconds(value: int, name: str) -> QSpinBox:
    made = number(value, 0, LONGEST_S, suffix=" s", name=name)
    made.setSpecialValueText(made.tr("none"))
    return made


def _grid(fields: list[Field]) -> QGridLayout:
    """Fields three in a row."""
    made = QGridLayout()
    made.setHorizontalSpacing(scaled(12))
    made.setVerticalSpacing(scaled(8))
    _place(made, fields)
    for place in range(3):
        made.setColumnStretch(place, 1)
    return made


def _place(grid: QGridLayout, fields: list[Field]) -> None:
    """Put fields one after the other; what is hidden leaves no hole."""
    for place, field in enumerate(fields):
        grid.addWidget(field, place // 3, place % 3)
