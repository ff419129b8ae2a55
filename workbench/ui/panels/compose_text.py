"""The text of the draft in front: one document that the source, the form and the tree change, with one undo.

Changes of form and tree are worked out elsewhere, one at a time, on the text as it then is; it must not know what they
mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from workbench.session.forming import TYPING, Document, shown, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.session.forming import Edited, FormChange
    from workbench.session.views import DraftView
    from workbench.ui.context import PanelContext
    from workbench.ui.panels.compose_editor import DraftEditor

AT_ONCE = 256 * 1024
"""Characters up to which every key that is typed is taken over at once; longer texts are read at the next pause."""


class DraftText(QObject):
    """`edited` tells that the text is another one, whoever changed it; `formed(object)` carries the Edited of a change
    that was made in form or tree; `failed(object)` carries the error of one that could not be made."""

    edited = Signal()
    formed = Signal(object)
    failed = Signal(object)

    def __init__(self, context: PanelContext, editor: DraftEditor) -> None:
        super().__init__(editor)
        self._context = context
        self._editor = editor
        self._document = Document("")
        self._histories = context.session.forms.histories
        self._draft: DraftView | None = None
        self._unread = False
        """Whether the editor holds what the document does not have yet."""
        self._waiting: list[tuple[FormChange, str]] = []
        self._asked: tuple[FormChange, str, str] | None = None
        """The change that is being worked out, its run, and the text it was asked for."""
        self._then: list[Callable[[], None]] = []
        editor.edited.connect(self._on_typed)
        editor.undo_asked.connect(self.undo)
        editor.redo_asked.connect(self.redo)

    def open(self, draft: DraftView) -> None:
        """Go to another draft; what was asked of the one before is forgotten, but its steps can still be taken back."""
        self.put_aside()
        self._draft = draft
        self._document = self._histories.take(draft.id, draft.text)
        self._unread = False
        self._waiting, self._asked, self._then = [], None, []
        self._editor.show_text(shown(draft.text), xml=is_xml(draft.text))

    def put_aside(self) -> None:
        """Have the steps outlive this window's widgets: another draft comes, or all is made anew at another size."""
        if self._draft is not None:
            self._read()
            self._histories.keep(self._draft.id, self._document)

    def text(self) -> str:
        """The text as it stands, with everything that is typed."""
        self._read()
        return self._document.text

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return self._unread or bool(self._waiting) or self._asked is not None or bool(self._document.past)

    @property
    def can_redo(self) -> bool:
        """Whether there is something to do again."""
        return bool(self._document.future)

    def put(self, text: str, label: str) -> None:
        """Another text as one step."""
        self._read()
        self._become(self._document.sealed().replaced(text, label))

    def change(self, change: FormChange, run: str = "") -> None:
        """A change of form or tree. One that is still waiting gives way to a newer one of the same run."""
        if run and self._waiting and self._waiting[-1][1] == run:
            self._waiting[-1] = (change, run)
        else:
            self._waiting.append((change, run))
        self._go_on()

    def seal(self) -> None:
        """What comes next is a step of its own."""
        self.when_settled(self._seal)

    def when_settled(self, then: Callable[[], None]) -> None:
        """Do something once no change is under way any more; at once where none is."""
        if self._asked is None and not self._waiting:
            then()
        else:
            self._then.append(then)

    def undo(self) -> None:
        """One step back."""
        self.when_settled(self._undo)

    def redo(self) -> None:
        """One step forward again."""
        self.when_settled(self._redo)

    def _seal(self) -> None:
        self._document = self._document.sealed()

    def _undo(self) -> None:
        self._read()
        self._become(self._document.undone())

    def _redo(self) -> None:
        self._read()
        self._become(self._document.redone())

    def _on_typed(self) -> None:
        self._unread = True
        if len(self._document.text) <= AT_ONCE:
            self._read()
        self.edited.emit()

    def _read(self) -> None:
        """Take over what is typed."""
        if self._unread:
            self._unread = False
            text = written(self._document.text, self._editor.plain_text())
            self._document = self._document.replaced(text, self.tr("Typing"), TYPING)

    def _become(self, document: Document) -> None:
        if document is self._document:
            return
        before, self._document = self._document.text, document
        if before != document.text:
            self._editor.show_change(shown(before), shown(document.text))
            self._editor.set_xml(is_xml(document.text))
            self.edited.emit()

    def _go_on(self) -> None:
        if self._asked is not None or self._draft is None:
            return
        if not self._waiting:
            then, self._then = self._then, []
            for one in then:
                one()
            return
        change, run = self._waiting.pop(0)
        text = self.text()
        self._asked = (change, run, text)
        asked = self._context.session.forms.change(text, change, self._draft.versions, self._draft.service)
        self._context.bridge.submit(asked, self._on_changed)

    def _on_changed(self, edited: Edited | None, error: BaseException | None) -> None:
        if self._asked is None:
            return  # another draft is in front by now
        change, run, text = self._asked
        self._asked = None
        if edited is None:
            self._waiting = [one for one in self._waiting if one[1] != run or not run]
            self.failed.emit(error)
        elif text != self.text():
            self._waiting.insert(0, (change, run))  # typed meanwhile: it is made on what stands there now
        else:
            document = self._document if run else self._document.sealed()
            self._become(document.replaced(edited.text, edited.label, run))
            if not self._waiting:
                self.formed.emit(edited)
        self._go_on()


def is_xml(text: str) -> bool:
    """Whether a text is written as XML."""
    return text.lstrip()[:1] == "<"
