"""What every panel is given: the session, the bridge to it, the actions, and ways to move about the window.

Values and protocols only; the window fulfils them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from workbench.session.events import SessionEvent
    from workbench.session.session import Session
    from workbench.session.views import DraftView, Status, Tone
    from workbench.ui.actions import Actions
    from workbench.ui.bridge import Bridge


class PanelId(StrEnum):
    """The places of the window."""

    START = "start"
    COMPOSE = "compose"
    TIMELINE = "timeline"
    SCENARIOS = "scenarios"
    SERVICES = "services"
    KEYS = "keys"
    RECEIVER = "receiver"
    SETTINGS = "settings"


class Navigator(Protocol):
    """Ways to move about, fulfilled by the window."""

    def to_panel(self, panel: PanelId) -> None:
        """Bring a panel to the front."""

    def open_draft(self, draft: DraftView) -> None:
        """Show a draft in Compose."""

    def open_conversation(self, conversation: str, exchange: str = "") -> None:
        """Show a conversation in the timeline, with one of its legs chosen."""

    def open_service(self, service: str) -> None:
        """Show a service of the directory."""

    def confirm_host(self, host: str, service: str) -> str:
        """What a person typed to allow a send to production; empty when it was given up."""
        ...

    def play_scenario(self, scenario: str) -> None:
        """Show a scenario and run it."""

    def show_rule(self, rule: str) -> None:
        """Open the help of a rule beside the work."""

    def choose_file(self) -> None:
        """Ask for a message file and open it."""

    def toast(self, tone: Tone, text: str, action: str = "", slot: Callable[[], None] | None = None) -> None:
        """Say something for six seconds, with at most one thing to do about it."""

    def working(self, text: str, stop: Callable[[], None] | None = None) -> None:
        """Say at the foot what is under way, with the way to stop it; an empty text when it is over."""

    def failed(self, error: BaseException) -> None:
        """Show what stopped an operation: a known error in words, anything else in the one dialog for bugs."""

    def apply_setting(self, name: str, value: str) -> None:
        """Have the window follow a setting of its own (theme, text size); any other is no business of it."""

    def context_changed(self) -> None:
        """Something that decides about actions changed."""


@dataclass(frozen=True, slots=True)
class PanelContext:
    """Handed to every panel when it is made."""

    session: Session
    bridge: Bridge
    actions: Actions
    go: Navigator
    status: Callable[[], Status | None]
    """The newest facts of the shell."""


class Panel(Protocol):
    """What the window asks of a panel, besides being a QWidget."""

    def on_event(self, event: SessionEvent) -> None:
        """A session event, on the GUI thread."""

    def shown(self) -> None:
        """It has just become visible."""

    def facts(self) -> dict[str, bool]:
        """Its share of `actions.Context`: field names with their values."""


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """A panel for the rail, the menu and the shortcuts."""

    id: PanelId
    title: str
    icon: str
    factory: Callable[[PanelContext], QWidget]
