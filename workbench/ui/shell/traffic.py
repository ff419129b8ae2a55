"""Calls in bulk and calls of other tools: the pages of File, Send a folder and File, Import, opened on demand.

It also has the shell's facts asked for after calls, however many there are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from workbench.ui.actions import ActionId
from workbench.ui.context import PanelId

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMainWindow

    from workbench.session.call_views import CallOrder
    from workbench.session.session import Session
    from workbench.session.views import Status
    from workbench.ui.actions import Actions
    from workbench.ui.bridge import Bridge
    from workbench.ui.context import Navigator
    from workbench.ui.shell.bulk import BulkDialog
    from workbench.ui.shell.importing import ImportDialog


REST_MS = 200
"""Between two questions for the facts of the shell."""


class Traffic(QObject):
    """Opens the pages; `go` shows what was chosen in them."""

    def __init__(
        self,
        window: QMainWindow,
        bridge: Bridge,
        session: Callable[[], Session | None],
        actions: Actions,
        go: Navigator,
        on_status: Callable[[Status | None, BaseException | None], None],
    ) -> None:
        """`on_status` is given the facts of the shell after calls were recorded."""
        super().__init__(window)
        self._window = window
        self._bridge = bridge
        self._session = session
        self._go = go
        self._count = 0
        self._wanted = ""
        self._on_status = on_status
        self._again = False
        self._facts: Status | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._on_rest)
        actions[ActionId.SEND_FOLDER].triggered.connect(self.choose_folder)
        actions[ActionId.IMPORT].triggered.connect(self.start_import)

    def refresh(self) -> None:
        """Ask for the facts of the shell: at once, then no more often than a few times a second."""
        session = self._session()
        if session is None:
            return
        self._again = self._rest.isActive()
        if not self._again:
            self._rest.start()
            self._bridge.submit(session.status(), self._on_facts)

    def _on_facts(self, status: Status | None, error: BaseException | None) -> None:
        """Hand on the facts that are others than those before: most calls change nothing that the window shows."""
        before, self._facts = self._facts, status
        if status is None or before is None or replace(before, serial=status.serial) != status:
            self._on_status(status, error)

    def _on_rest(self) -> None:
        if self._again:
            self.refresh()

    def choose_folder(self) -> None:
        """Ask for a folder and offer to send what is in it."""
        from workbench.ui.shell import dialogs

        folder = dialogs.ask_folder_to_send(self._window)
        if folder:
            self.start_bulk((folder,))

    def start_bulk(self, paths: tuple[str, ...]) -> BulkDialog | None:
        """Offer to send files and folders on a page of their own; nothing while no workspace is open."""
        from workbench.ui.shell.bulk import BulkDialog

        session = self._session()
        if session is None:
            return None
        self._count += 1
        dialog = BulkDialog(self._window, self._bridge, session, f"bulk-{self._count}", self._go.confirm_host)
        dialog.open_wanted.connect(self._on_exchange)
        dialog.failed.connect(self._go.failed)
        dialog.show()
        dialog.prepare(paths)
        return dialog

    def start_import(self) -> ImportDialog | None:
        """Open the page for calls of other tools; nothing while no workspace is open."""
        from workbench.ui.shell.importing import ImportDialog

        session = self._session()
        if session is None:
            return None
        dialog = ImportDialog(self._window, self._bridge, session)
        dialog.opened.connect(self._on_draft)
        dialog.call_opened.connect(self._on_call)
        dialog.history_opened.connect(self._on_history)
        dialog.failed.connect(self._go.failed)
        dialog.show()
        return dialog

    def take_drop(self, paths: list[str], panel: PanelId) -> bool:
        """Whether what was dropped is for the timeline, and is taken in: anything on it, recorded calls anywhere."""
        session = self._session()
        recorded = [path for path in paths if path.lower().endswith((".har", ".zip"))]
        if session is None or not paths or not (panel is PanelId.TIMELINE or recorded == paths):
            return False
        dialog = self.start_import()
        if dialog is not None:
            dialog.take_in(paths)
        return dialog is not None

    def _on_history(self, conversation: str) -> None:
        self._go.open_conversation(conversation)
        self._window.activateWindow()

    def _on_draft(self, draft: object) -> None:
        self._go.open_draft(draft)  # type: ignore[arg-type]
        self._window.activateWindow()

    def _on_call(self, order: CallOrder, left_out: tuple[str, ...]) -> None:
        from workbench.ui.panels.services import ServicesPanel

        self._go.to_panel(PanelId.SERVICES)
        panel = self._window.findChild(ServicesPanel)
        if panel is None:
            raise AssertionError("a panel that was brought to the front is there")
        panel.open_call(order, left_out)
        self._window.activateWindow()

    def _on_exchange(self, exchange: str) -> None:
        session = self._session()
        if session is not None:
            self._wanted = exchange
            self._bridge.submit(session.conversation_of(exchange), self._on_conversation)

    def _on_conversation(self, conversation: str | None, error: BaseException | None) -> None:
        if conversation:
            self._go.open_conversation(conversation, self._wanted)
            self._window.activateWindow()
        elif error is not None:
            self._go.failed(error)
