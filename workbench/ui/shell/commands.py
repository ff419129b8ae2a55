"""What the command palette offers in the window: actions, conversations and services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from workbench.ui.models.palette import Entry, Group
from workbench.ui.palette import CommandPalette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from workbench.history import ConversationRow
    from workbench.session.session import Session
    from workbench.session.views import ServiceDetail
    from workbench.ui.actions import Actions
    from workbench.ui.bridge import Bridge
    from workbench.ui.context import Navigator

MOST_CONVERSATIONS = 50


class Commands(QObject):
    """Opens the palette with what is there now and runs what was chosen."""

    def __init__(self, host: QWidget, actions: Actions, bridge: Bridge, go: Navigator) -> None:
        super().__init__(host)
        self._actions = actions
        self._bridge = bridge
        self._go = go
        self._session: Session | None = None
        self._conversations: tuple[ConversationRow, ...] = ()
        self._services: tuple[ServiceDetail, ...] = ()
        self.palette = CommandPalette(host)
        self.palette.chosen.connect(self._on_chosen)

    def open(self, session: Session | None) -> None:
        """Show the palette; conversations and services join as they are read."""
        self._session = session
        self.palette.open(self._groups())
        if session is not None:
            self._bridge.submit(session.conversations(None, "", MOST_CONVERSATIONS), self._on_conversations)
            self._bridge.submit(session.services(), self._on_services)

    def _groups(self) -> tuple[Group, ...]:
        actions = tuple(
            Entry(
                action.text().replace("&", "").removesuffix("..."),
                f"action:{spec.id.value}",
                spec.note,
                spec.icon,
                tuple(QKeySequence(spec.shortcut).toString().split("+")) if spec.shortcut else (),
                enabled=action.isEnabled(),
            )
            for spec, action in self._actions.rows()
        )
        conversations = tuple(
            Entry(row.title, f"conversation:{row.id}", f"{row.patient or ''} {row.status_text}".strip(), "timeline")
            for row in self._conversations
        )
        services = tuple(Entry(one.name, f"service:{one.id}", one.value, "building") for one in self._services)
        return (
            Group(self.tr("Actions"), ">", actions),
            Group(self.tr("Conversations"), "@", conversations),
            Group(self.tr("Services"), "#", services),
        )

    def _on_conversations(self, rows: tuple[ConversationRow, ...] | None, error: BaseException | None) -> None:
        if rows is not None:
            self._conversations = rows
            self.palette.renew(self._groups())
        elif error is not None:
            self._go.failed(error)

    def _on_services(self, rows: tuple[ServiceDetail, ...] | None, error: BaseException | None) -> None:
        if rows is not None:
            self._services = rows
            self.palette.renew(self._groups())
        elif error is not None:
            self._go.failed(error)

    def _on_chosen(self, key: str) -> None:
        kind, _, id = key.partition(":")
        if kind == "action":
            self._actions.run(id)
        elif kind == "conversation":
            self._go.open_conversation(id)
        else:
            self._go.open_service(id)
