"""Files to judge together: chosen from the menu or dropped on the window, then shown on a page of their own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QMainWindow

    from workbench.session.session import Session
    from workbench.ui.bridge import Bridge
    from workbench.ui.shell.batch import BatchDialog

    Wanted = Callable[[list[str]], None]


class Batches(QObject):
    """Opens one page for each batch; `open_files` shows a file in Compose, `failed` what stopped something."""

    def __init__(
        self,
        window: QMainWindow,
        bridge: Bridge,
        session: Callable[[], Session | None],
        open_files: Wanted,
        failed: Callable[[BaseException], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._bridge = bridge
        self._session = session
        self._open_files = open_files
        self._failed = failed
        self._count = 0

    def choose_files(self) -> None:
        """Ask for files and judge them."""
        from workbench.ui.shell import dialogs

        self.start(dialogs.ask_files(self._window))

    def choose_folder(self) -> None:
        """Ask for a folder and judge what is in it."""
        from workbench.ui.shell import dialogs

        folder = dialogs.ask_folder(self._window)
        self.start([folder] if folder else [])

    def take(self, paths: Sequence[str]) -> bool:
        """Whether these are a batch, which is then begun: several files, or a folder."""
        many = len(paths) > 1 or any(os.path.isdir(path) for path in paths)
        if many:
            self.start(paths)
        return many

    def start(self, paths: Sequence[str]) -> BatchDialog | None:
        """Judge files and folders on a page of their own; nothing for no path, and while no workspace is open."""
        from workbench.ui.shell.batch import BatchDialog

        session = self._session()
        if session is None or not paths:
            return None
        self._count += 1
        dialog = BatchDialog(self._window, self._bridge, session, f"window-{self._count}")
        dialog.open_wanted.connect(self._on_open)
        dialog.failed.connect(self._failed)
        dialog.show()
        dialog.start(tuple(paths))
        return dialog

    def _on_open(self, path: str) -> None:
        self._open_files([path])
        self._window.activateWindow()
