"""Templates: own templates and drafts to go on with, and what can be done with the draft in front.

Asks the session; whoever owns the panel shows the draft that is handed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QGuiApplication

from workbench.session.views import Choice, Tone
from workbench.ui.actions import ActionId
from workbench.ui.shell import dialogs
from workbench.ui.shell.traffic import Traffic
from workbench.ui.theme import scaled
from workbench.ui.widgets import ChoicePopup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workbench.session.own_templates import DraftMenu, Made
    from workbench.session.views import DraftView
    from workbench.ui.context import PanelContext
    from workbench.ui.panels.compose_break import Front
    from workbench.ui.widgets import ActionButton

WIDTH = 460
"""Design pixels of the list."""
SAVE, MANY, VARIABLE, RENAME, DELETE, FORGET = "save", "many", "variable", "rename", "delete", "forget"
_DRAFT, _TEMPLATE, _FORGOTTEN, _VARIABLE = "draft:", "template:", "forget:", "variable:"


class TemplateDesk(QObject):
    """`draft_opened(DraftView)` hands over a draft to show, `draft_gone` says that the one in front was deleted."""

    draft_opened = Signal(object)
    draft_gone = Signal()

    def __init__(self, context: PanelContext, button: ActionButton, front: Callable[[], Front | None]) -> None:
        """`front` gives the draft as it stands now; None while there is none."""
        super().__init__(button)
        self._context = context
        self._button = button
        self._front = front
        self._menu: DraftMenu | None = None
        self._folder = ""
        self._popup = ChoicePopup(button, self.tr("Templates and drafts"))
        self._popup.setObjectName("template-menu")
        self._popup.picked.connect(self._on_picked)
        context.actions[ActionId.TEMPLATES].triggered.connect(self.open)

    def open(self) -> None:
        """Ask what there is, and show it."""
        self._context.bridge.submit(self._context.session.own_templates.menu(), self._on_menu)

    def _on_menu(self, menu: DraftMenu | None, error: BaseException | None) -> None:
        if menu is None:
            self._fail(error)
            return
        self._menu = menu
        front = self._front()
        none = "" if front is not None else self.tr("There is no draft yet")
        group = self.tr("This draft")
        own = [
            (SAVE, self.tr("Save as a template..."), self.tr("To begin from again, under a name of your own")),
            (MANY, self.tr("One message for each patient of a table..."), self.tr("CSV; the messages go to a folder")),
            (VARIABLE, self.tr("Copy a variable..."), self.tr("Filled in when the draft is sent")),
            (RENAME, self.tr("Rename..."), ""),
            (DELETE, self.tr("Delete this draft"), ""),
        ]
        rows = [Choice(id, title, words, group, none) for id, title, words in own]
        mine = self.tr("Own templates")
        rows += [Choice(_TEMPLATE + one.id, one.title, one.subtitle, mine) for one in menu.templates]
        if menu.templates:
            rows.append(Choice(FORGET, self.tr("Delete a template..."), "", mine))
        kept = self.tr("Drafts")
        open_ = front.draft if front is not None else ""
        rows += [Choice(_DRAFT + one.id, one.title, one.subtitle, kept) for one in menu.drafts if one.id != open_]
        self._show(rows)

    def _show(self, choices: Sequence[Choice]) -> None:
        width = min(scaled(WIDTH), self._button.window().width())
        place = self._button.mapToGlobal(QPoint(self._button.width() - width, self._button.height() + 2))
        self._popup.open(choices, "", place, width)

    def _on_picked(self, id: str) -> None:
        session, submit = self._context.session, self._context.bridge.submit
        kind, mark, rest = id.partition(":")
        if kind + mark == _TEMPLATE:
            submit(session.own_templates.begin(rest), self._on_draft)
        elif kind + mark == _DRAFT:
            submit(session.drafts.open(rest), self._on_draft)
        elif kind + mark == _FORGOTTEN:
            submit(session.own_templates.forget(rest), self._on_forgotten)
        elif kind + mark == _VARIABLE:
            QGuiApplication.clipboard().setText(rest)
            words = self.tr("{variable} is copied: paste it into the message.")
            self._context.go.toast(Tone.OK, words.format(variable=rest))
        elif id == FORGET and self._menu is not None:
            group = self.tr("Delete which template?")
            self._show([Choice(_FORGOTTEN + one.id, one.title, one.subtitle, group) for one in self._menu.templates])
        elif (front := self._front()) is not None:
            self._do(id, front)

    def _do(self, id: str, front: Front) -> None:
        """Something with the draft in front."""
        session, submit, window = self._context.session, self._context.bridge.submit, self._button.window()
        if id == SAVE:
            name = dialogs.ask_name(window, self.tr("Save as a template"), "")
            if name:
                submit(session.own_templates.keep(front.draft, front.text, name), self._on_kept)
        elif id == RENAME:
            name = dialogs.ask_name(window, self.tr("Rename the draft"), "")
            if name:
                submit(session.drafts.rename(front.draft, name), self._on_draft)
        elif id == DELETE:
            submit(session.drafts.delete(front.draft), self._on_deleted)
        elif id == VARIABLE and self._menu is not None:
            self._show(self._menu.variables)
        elif id == MANY:
            table = dialogs.ask_table(window)
            self._folder = dialogs.ask_folder_for_messages(window) if table else ""
            if self._folder:
                submit(session.own_templates.many(front.draft, front.text, table, self._folder), self._on_made)

    def _on_draft(self, draft: DraftView | None, error: BaseException | None) -> None:
        if draft is None:
            self._fail(error)
        else:
            self.draft_opened.emit(draft)

    def _on_kept(self, kept: Choice | None, error: BaseException | None) -> None:
        if kept is None:
            self._fail(error)
        else:
            self._context.go.toast(Tone.OK, self.tr("'{name}' is among your templates.").format(name=kept.title))

    def _on_deleted(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._fail(error)
        else:
            self.draft_gone.emit()

    def _on_forgotten(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._fail(error)
        else:
            self._context.go.toast(Tone.OK, self.tr("The template is deleted."))

    def _on_made(self, made: Made | None, error: BaseException | None) -> None:
        if made is None:
            self._fail(error)
            return
        words = self.tr("Messages written: {count}.").format(count=len(made.paths))
        self._context.go.toast(Tone.OK, words, self.tr("Send them..."), self._send)

    def _send(self) -> None:
        traffic = self._button.window().findChild(Traffic)
        if traffic is None:
            raise AssertionError("a window has its pages for calls")
        traffic.start_bulk((self._folder,))

    def _fail(self, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)
