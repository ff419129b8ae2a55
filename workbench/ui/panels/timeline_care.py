"""What the menu of a conversation offers for keeping it or being rid of it for good.

Asks before anything is deleted; what that leaves behind, nothing, is the session's matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from workbench.session.views import Tone

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtWidgets import QMenu

    from workbench.history import ConversationRow
    from workbench.session.care import Purged
    from workbench.ui.context import PanelContext


def ask_delete(parent: QWidget, title: str, text: str, deed: str) -> bool:
    """Whether a person confirms to delete something for good."""
    box = QMessageBox(QMessageBox.Icon.Warning, title, "", parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(title)
    box.setInformativeText(text)
    delete = box.addButton(deed, QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    return box.clickedButton() is delete


class CareMenu(QObject):
    """Adds to a menu of conversations: lock against deletion, and delete for good."""

    def __init__(self, context: PanelContext, menu: QMenu, owner: QWidget) -> None:
        super().__init__(menu)
        self._context = context
        self._owner = owner
        self._row: ConversationRow | None = None
        self._locked = False
        menu.addSeparator()
        self._lock = menu.addAction(self.tr("Lock against deletion"))
        self._lock.setObjectName("lock-conversation")
        self._lock.setCheckable(True)
        self._delete = menu.addAction(self.tr("Delete for good..."))
        self._delete.setObjectName("delete-conversation")
        self._lock.triggered.connect(self._on_lock)
        self._delete.triggered.connect(self._on_delete)

    def about(self, row: ConversationRow, *, writable: bool) -> None:
        """Say which conversation the menu is about; whether it is locked is read now."""
        self._row = row
        self._lock.setEnabled(False)
        self._delete.setEnabled(False)
        if writable:
            self._context.bridge.submit(self._context.session.care.locked(), self._on_locked)

    def _on_locked(self, locked: Collection[str] | None, error: BaseException | None) -> None:
        if locked is None:
            self._fail(error)
            return
        self._locked = self._row is not None and self._row.id in locked
        self._lock.setEnabled(True)
        self._lock.setChecked(self._locked)
        self._delete.setEnabled(not self._locked)

    def _on_lock(self) -> None:
        if self._row is not None:
            work = self._context.session.care.lock(self._row.id, locked=not self._locked)
            self._context.bridge.submit(work, self._on_changed)

    def _on_changed(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._fail(error)
            return
        words = self.tr("It can be deleted again.") if self._locked else self.tr("Nothing deletes it now.")
        self._context.go.toast(Tone.OK, words)

    def _on_delete(self) -> None:
        if self._row is None:
            return
        title = self.tr("Delete this conversation for good?")
        text = self.tr("{title}: its messages, findings and notes go, and no copy of them stays in the workspace.")
        if ask_delete(self._owner, title, text.format(title=self._row.title), self.tr("Delete for good")):
            self._context.go.working(self.tr("Deleting"))
            self._context.bridge.submit(self._context.session.care.purge([self._row.id]), self._on_deleted)

    def _on_deleted(self, purged: Purged | None, error: BaseException | None) -> None:
        self._context.go.working("")
        if purged is None:
            self._fail(error)
        elif purged.conversations:
            self._context.go.toast(Tone.OK, self.tr("Deleted for good."))
        else:
            self._context.go.toast(Tone.WARNING, self.tr("It is locked or something of it is under way: it stays."))

    def _fail(self, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)
