"""What a person changes in the header cards, done to the draft in front; the verdict that follows shows it.

Asks the session; it must not know how a header is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from workbench.ui.context import PanelContext
    from workbench.ui.panels.compose_break import Front
    from workbench.ui.panels.compose_headers import HeadersView


class HeaderDesk(QObject):
    """`changed` asks for a new verdict."""

    changed = Signal()

    def __init__(self, context: PanelContext, view: HeadersView, front: Callable[[], Front | None]) -> None:
        """`front` gives the draft as it stands now; None while there is none."""
        super().__init__(view)
        self._context = context
        self._front = front
        view.value_wanted.connect(self._on_value)
        view.absence_wanted.connect(self._on_absent)
        view.restore_wanted.connect(self._on_restored)
        view.id_wanted.connect(self._on_id)

    def _on_value(self, name: str, written: str) -> None:
        if (front := self._front()) is not None:
            self._ask(self._context.session.drafts.change_header(front.draft, name, written))

    def _on_absent(self, name: str) -> None:
        if (front := self._front()) is not None:
            self._ask(self._context.session.drafts.leave_out_header(front.draft, name))

    def _on_restored(self, name: str) -> None:
        if (front := self._front()) is not None:
            self._ask(self._context.session.drafts.restore_header(front.draft, name))

    def _on_id(self, name: str, how: str) -> None:
        if (front := self._front()) is not None:
            self._ask(self._context.session.choose_id(front.draft, name, how))

    def _ask(self, change: Coroutine[Any, Any, None]) -> None:
        self._context.bridge.submit(change, self._on_changed)

    def _on_changed(self, _: object, error: BaseException | None) -> None:
        if error is None:
            self.changed.emit()
        else:
            self._context.go.failed(error)
