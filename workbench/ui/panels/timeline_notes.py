"""The note on a conversation: a few lines that a person writes for themselves and whoever opens the workspace next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from workbench.history.marks import LONGEST_NOTE
from workbench.ui.panels.masked_bar import MaskedBar
from workbench.ui.theme import scaled
from workbench.ui.widgets import Field, Label, LinesField, button, column, row

if TYPE_CHECKING:
    from workbench.history import ConversationRow
    from workbench.session.masking import Shown
    from workbench.ui.context import PanelContext

_LINES = 6


class NoteDialog(QDialog):
    """Writes the note of one conversation; an empty one takes it away."""

    def __init__(self, context: PanelContext, conversation: ConversationRow, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("note-dialog")
        self.setWindowTitle(self.tr("Note"))
        self._context = context
        self._id = conversation.id
        self._masked = MaskedBar(context, "note")
        self._masked.unmask_wanted.connect(self._on_unmask)
        self._text = LinesField("", name="note-text")
        self._text.show_lines(_LINES)
        self._text.textChanged.connect(self._on_typed)
        self._save = button(self.tr("Save"), self._on_save, kind="primary", icon="save", name="note-save")
        leave = button(self.tr("Cancel"), self.reject, name="note-cancel")
        hint = self.tr("Kept in this workspace, never sent. Empty it to take it away.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(20), scaled(16), scaled(20), scaled(16))
        layout.addLayout(
            column(
                Label(conversation.title, step="heading", weight=600, wrap=True),
                row(self._masked, None),
                Field(self.tr("Note"), self._text, hint=hint),
                None,
                row(None, leave, self._save, spacing=8),
                spacing=10,
            )
        )
        self.resize(scaled(460), scaled(300))
        status = context.status()
        if conversation.note and status is not None and status.masked:
            self._read()
        else:
            self._text.setPlainText(conversation.note)

    def _read(self, *, unmasked: bool = False) -> None:
        """Have the note as it is to be shown; nothing can be written over it meanwhile."""
        self._text.setReadOnly(True)
        self._save.setEnabled(False)
        self._context.bridge.submit(self._context.session.masking.note(self._id, unmasked=unmasked), self._on_read)

    def _on_unmask(self) -> None:
        self._read(unmasked=True)

    def _on_read(self, shown: Shown | None, error: BaseException | None) -> None:
        if shown is None:
            if error is not None:
                self._context.go.failed(error)
            return
        self._masked.show_state(shown.masked)
        self._text.setPlainText(shown.text)
        self._text.setReadOnly(shown.masked)
        self._on_typed()

    def _on_typed(self) -> None:
        fits = len(self._text.toPlainText()) <= LONGEST_NOTE
        self._save.setEnabled(fits and not self._text.isReadOnly())

    def _on_save(self) -> None:
        self._save.setEnabled(False)
        work = self._context.session.listing.note(self._id, self._text.toPlainText())
        self._context.bridge.submit(work, self._on_saved)

    def _on_saved(self, row_: ConversationRow | None, error: BaseException | None) -> None:
        if row_ is not None:
            self.accept()
            return
        self._save.setEnabled(True)
        if error is not None:
            self._context.go.failed(error)
