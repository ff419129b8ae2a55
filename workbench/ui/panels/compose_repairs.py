"""Texts that the session makes of the draft in front: repairs of findings, the other syntax, a fault put in on purpose.

Each answer is taken only while the text is still the one it was asked for; it must not know what a repair does.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from workbench.session.views import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.messages import Finding
    from workbench.session.repairing import Repaired
    from workbench.ui.context import PanelContext
    from workbench.ui.panels.compose_break import Front
    from workbench.ui.panels.compose_findings import FindingsView
    from workbench.ui.panels.compose_views import DraftViews


class RepairDesk(QObject):
    """`rewritten` tells that the text is another one."""

    rewritten = Signal()

    def __init__(
        self, context: PanelContext, views: DraftViews, findings: FindingsView, front: Callable[[], Front | None]
    ) -> None:
        """`front` gives the draft as it stands now; None while there is none."""
        super().__init__(views)
        self._context = context
        self._views = views
        self._findings = findings
        self._front = front

    def fix_number(self, number: int) -> None:
        """Apply the repair of the finding behind a mark."""
        finding = self._views.finding(number)
        if finding is not None:
            self.fix(finding)

    def fix_current(self) -> None:
        """Apply the repair of the finding that is chosen."""
        finding = self._findings.current()
        if finding is not None:
            self.fix(finding)

    def fix(self, finding: Finding) -> None:
        """Apply the repair of a finding, if it has one."""
        if finding.fix is not None:
            text = self._views.text()
            fixed = self._context.session.forms.apply_fix(text, finding)
            self._context.bridge.submit(fixed, partial(self._on_text, text))

    def fix_all(self) -> None:
        """Apply every certain repair of what is shown, as one step that undo takes back."""
        front, certain = self._front(), self._findings.certain()
        if front is not None and certain:
            fixed = self._context.session.forms.apply_fixes(front.draft, front.text, certain)
            self._context.bridge.submit(fixed, partial(self._on_fixed, front.text))

    def convert(self, syntax: str) -> None:
        """Write the draft as `json` or `xml`."""
        text = self._views.text()
        self._context.bridge.submit(
            self._context.session.forms.convert(text, syntax), partial(self._on_converted, text)
        )

    def take(self, asked_of: str, text: str, label: str = "") -> None:
        """Put a text in the place of the one it was made of; what was typed meanwhile is worth more than the answer."""
        if asked_of == self._views.text():
            self._views.replace_text(text, label or self.tr("Repair"))
            self.rewritten.emit()

    def _on_text(self, asked_of: str, text: str | None, error: BaseException | None) -> None:
        if text is None:
            self._fail(error)
        else:
            self.take(asked_of, text)

    def _on_fixed(self, asked_of: str, fixed: Repaired | None, error: BaseException | None) -> None:
        if fixed is None:
            self._fail(error)
        elif asked_of == self._views.text():
            self.take(asked_of, fixed.text)
            words = self.tr("Repairs applied: {count}. One undo takes them back.")
            self._context.go.toast(Tone.OK, words.format(count=fixed.applied))

    def _on_converted(self, asked_of: str, text: str | None, error: BaseException | None) -> None:
        if text is None:
            self._fail(error)
        else:
            self.take(asked_of, text, self.tr("The other syntax"))
            self._views.source.editor.go_to(1, 1)  # no line of the one is a line of the other
        self._views.now_in(self._views.syntax())

    def _fail(self, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)
