"""The help of one rule in a dialog of its own: what holds, why, how to mend it, where the standard says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QWidget

from workbench.evidence.rule_pages import facts
from workbench.rules.help import SEVERITIES, help_of
from workbench.ui.models.findings import TONES
from workbench.ui.theme import scaled
from workbench.ui.widgets import Chip, Label, button, column, facts_grid, row, scroll_area, separator

if TYPE_CHECKING:
    from workbench.rules.help import RuleHelp


def _tr(text: str) -> str:
    return QCoreApplication.translate("RuleHelp", text)


def show_rule(parent: QWidget, rule: str) -> RuleDialog | None:
    """Open the help of a rule beside the work; None where nobody registered it."""
    page = help_of(rule)
    if page is None:
        return None
    dialog = RuleDialog(parent, page)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()
    return dialog


class RuleDialog(QDialog):
    """Plain text throughout; Esc closes it."""

    def __init__(self, parent: QWidget, page: RuleHelp) -> None:
        super().__init__(parent)
        self.setObjectName("rule-help")
        self.setWindowTitle(_tr("Rule {id}").format(id=page.id))
        paragraphs = [_said(part) for part in page.body.split("\n\n") if part]
        tone = TONES[page.severity]
        inner = QWidget()
        inner.setLayout(
            column(
                row(Label(page.id, mono=True, role="text2"), Chip(SEVERITIES[page.severity], tone), None),
                _said(page.title, step="heading", weight=600),
                *paragraphs,
                Label(_tr("How to mend it"), weight=600),
                _said(page.how),
                separator(),
                facts_grid(facts(page), label_width=116),
                None,
                margins=(20, 16, 20, 12),
                spacing=10,
            )
        )
        close = button(_tr("Close"), self.accept, name="rule-help-close")
        foot = row(None, close, margins=(20, 8, 20, 14))
        self.setLayout(column((scroll_area(inner, role="canvas"), 1), foot, spacing=0))
        self.resize(scaled(560), scaled(400))


def _said(text: str, *, step: str = "body", weight: int = 400) -> Label:
    made = Label(text, step=step, weight=weight, wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
