"""Every action of the window as data: menus, shortcuts, the command palette and buttons derive from this table.

It says what exists and when it is possible; what an action does is bound where the window is put together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence

from workbench.ui.icons import icon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class ActionId(StrEnum):
    """The ids of actions; a QAction's objectName is its id."""

    OPEN_FILE = "open-file"
    MASKING = "masking"
    UNMASK = "unmask"
    EXPORT = "export"
    EXPORT_MESSAGE = "export-message"
    JUDGE_FILES = "judge-files"
    JUDGE_FOLDER = "judge-folder"
    SEND_FOLDER = "send-folder"
    IMPORT = "import"
    QUIT = "quit"
    PALETTE = "palette"
    MENU_BAR = "menu-bar"
    GO_START = "go-start"
    GO_COMPOSE = "go-compose"
    GO_TIMELINE = "go-timeline"
    GO_SCENARIOS = "go-scenarios"
    GO_SERVICES = "go-services"
    GO_KEYS = "go-keys"
    GO_RECEIVER = "go-receiver"
    GO_SETTINGS = "go-settings"
    SEND = "send"
    NEXT_FINDING = "next-finding"
    FIX_FINDING = "fix-finding"
    FIX_ALL = "fix-all"
    SILENCE = "silence"
    RULE_HELP = "rule-help"
    BREAK_IT = "break-it"
    FIND = "find"
    FIND_NEXT = "find-next-hit"
    FIND_PREVIOUS = "find-previous-hit"
    REPLACE = "replace"
    LAY_OUT = "lay-out"
    UNDO = "undo"
    REDO = "redo"
    RETRY = "retry"
    SEND_AGAIN = "send-again"
    FORK = "fork"
    COPY_CURL = "copy-curl"
    COPY_WIRE = "copy-wire"
    PIN_LEG = "pin-leg"
    BELONGS = "belongs"
    UNLINK = "unlink"
    RELEASE = "release"
    MERGE = "merge"
    REPLY = "reply"
    FOLLOW_UP = "follow-up"
    TEMPLATES = "templates"
    RUN_SCENARIO = "run-scenario"
    RUN_ALL = "run-all"
    RENEW_TOKEN = "renew-token"
    RECEIVER_SWITCH = "receiver-switch"
    THEME_LIGHT = "theme-light"
    THEME_DARK = "theme-dark"
    THEME_SYSTEM = "theme-system"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Context:
    """What decides whether an action is possible; pulled, never pushed."""

    panel: str
    """Id of the panel in front."""
    draft: bool = False
    editable: bool = False
    """The draft may be changed: it is shown as it is."""
    finding: bool = False
    fixable: bool = False
    """A finding that is shown has a certain repair."""
    service: bool = False
    """The draft goes to a service of the directory."""
    exchange: bool = False
    """A leg is chosen in the timeline."""
    outgoing: bool = False
    """The chosen leg is one that we sent."""
    message: bool = False
    """The chosen leg carries a message; a read does not."""
    scenario: bool = False
    undoable: bool = False
    """The draft has a step that can be taken back."""
    redoable: bool = False
    running: bool = False
    needs_token: bool = False
    read_only: bool = False
    production: bool = False
    """The draft would go to production."""
    masked: bool = False
    """People are masked."""


def always(_: Context) -> bool:
    """Possible at any time."""
    return True


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action."""

    id: ActionId
    text: str
    icon: str
    menu: str
    shortcut: str = ""
    when: Callable[[Context], bool] = always
    note: str = ""
    """A few words for the palette."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


def specs() -> tuple[ActionSpec, ...]:
    """All actions in menu order."""
    return (
        ActionSpec(ActionId.OPEN_FILE, _tr("&Open a message..."), "doc", "file", "Ctrl+O", note=_tr("JSON or XML")),
        ActionSpec(
            ActionId.JUDGE_FILES,
            _tr("&Validate files..."),
            "check",
            "file",
            "Ctrl+Shift+O",
            note=_tr("many at once, with a report"),
        ),
        ActionSpec(ActionId.JUDGE_FOLDER, _tr("Validate a &folder..."), "folder", "file"),
        ActionSpec(
            ActionId.SEND_FOLDER,
            _tr("&Send a folder..."),
            "send",
            "file",
            when=lambda c: not c.read_only,
            note=_tr("many at once, with results"),
        ),
        ActionSpec(ActionId.IMPORT, _tr("&Import..."), "download", "file", note=_tr("curl, Postman, HAR, reports")),
        ActionSpec(ActionId.QUIT, _tr("&Quit"), "close", "file", "Ctrl+Q"),
        ActionSpec(ActionId.GO_COMPOSE, _tr("Compose"), "compose", "view", "Ctrl+1"),
        ActionSpec(ActionId.GO_TIMELINE, _tr("Timeline"), "timeline", "view", "Ctrl+2"),
        ActionSpec(ActionId.GO_SCENARIOS, _tr("Scenarios"), "scenarios", "view", "Ctrl+3"),
        ActionSpec(ActionId.GO_SERVICES, _tr("Services"), "services", "view", "Ctrl+4"),
        ActionSpec(ActionId.GO_KEYS, _tr("Keys"), "keys", "view", "Ctrl+5"),
        ActionSpec(ActionId.GO_RECEIVER, _tr("Receiver"), "receiver", "view", "Ctrl+6"),
        ActionSpec(ActionId.GO_SETTINGS, _tr("Settings"), "settings", "view", "Ctrl+7"),
        ActionSpec(ActionId.GO_START, _tr("Start here"), "start", "view", "Ctrl+0"),
        ActionSpec(ActionId.PALETTE, _tr("Search or run a command"), "search", "view", "Ctrl+K"),
        ActionSpec(ActionId.MENU_BAR, _tr("Show or hide the menus"), "list", "view", "F10", note=_tr("or Alt")),
        ActionSpec(
            ActionId.MASKING,
            _tr("Mask people"),
            "eyeoff",
            "view",
            "Ctrl+Shift+M",
            note=_tr("invented names in the timeline and in exports"),
        ),
        ActionSpec(ActionId.THEME_SYSTEM, _tr("Appearance: as the system"), "moon", "view"),
        ActionSpec(ActionId.THEME_LIGHT, _tr("Appearance: light"), "moon", "view"),
        ActionSpec(ActionId.THEME_DARK, _tr("Appearance: dark"), "moon", "view"),
        ActionSpec(
            ActionId.SEND,
            _tr("Send"),
            "send",
            "message",
            "Ctrl+Return",
            lambda c: c.draft and c.panel == "compose" and not c.running and not c.read_only,
        ),
        ActionSpec(
            ActionId.UNDO,
            _tr("Undo"),
            "aleft",
            "message",
            "Ctrl+Z",
            lambda c: c.undoable and c.panel == "compose",
            _tr("across form, tree and source"),
        ),
        ActionSpec(
            ActionId.REDO,
            _tr("Redo"),
            "aright",
            "message",
            "Ctrl+Shift+Z",
            lambda c: c.redoable and c.panel == "compose",
        ),
        ActionSpec(
            ActionId.FIND, _tr("Find in message"), "search", "message", "Ctrl+F", lambda c: c.panel == "compose"
        ),
        ActionSpec(ActionId.FIND_NEXT, _tr("Next hit"), "down", "message", "F3", lambda c: c.panel == "compose"),
        ActionSpec(
            ActionId.FIND_PREVIOUS, _tr("Previous hit"), "up", "message", "Shift+F3", lambda c: c.panel == "compose"
        ),
        ActionSpec(
            ActionId.REPLACE,
            _tr("Find and replace"),
            "search",
            "message",
            "Ctrl+H",
            lambda c: c.panel == "compose" and c.editable,
        ),
        ActionSpec(
            ActionId.LAY_OUT,
            _tr("Format the source"),
            "aleft",
            "message",
            "Ctrl+Shift+F",
            lambda c: c.panel == "compose" and c.editable,
            _tr("one element a line"),
        ),
        ActionSpec(ActionId.NEXT_FINDING, _tr("Next finding"), "right", "message", "F8", lambda c: c.finding),
        ActionSpec(ActionId.FIX_FINDING, _tr("Apply the repair"), "wand", "message", "Alt+Return", lambda c: c.finding),
        ActionSpec(
            ActionId.FIX_ALL,
            _tr("Apply every certain repair"),
            "wand",
            "message",
            "Alt+Shift+Return",
            lambda c: c.fixable,
        ),
        ActionSpec(
            ActionId.SILENCE,
            _tr("Silence for this service..."),
            "eyeoff",
            "message",
            when=lambda c: c.finding and c.service and not c.read_only,
            note=_tr("known noise, with a reason"),
        ),
        ActionSpec(ActionId.RULE_HELP, _tr("About this rule"), "help", "message", "Shift+F1", lambda c: c.finding),
        ActionSpec(
            ActionId.BREAK_IT,
            _tr("Break it"),
            "bolt",
            "message",
            "Ctrl+Shift+B",
            lambda c: c.editable and c.panel == "compose" and not c.production,
            _tr("a fault on purpose"),
        ),
        ActionSpec(
            ActionId.RETRY,
            _tr("Resend, same ids"),
            "refresh",
            "message",
            "Ctrl+Shift+R",
            lambda c: c.exchange and c.outgoing and c.panel == "timeline" and not c.read_only,
            _tr("retry"),
        ),
        ActionSpec(
            ActionId.SEND_AGAIN,
            _tr("Send again, new ids"),
            "send",
            "message",
            when=lambda c: c.exchange and c.outgoing and c.message and c.panel == "timeline" and not c.read_only,
            note=_tr("as a message of its own"),
        ),
        ActionSpec(
            ActionId.FORK,
            _tr("Fork into Compose"),
            "compose",
            "message",
            "Ctrl+E",
            lambda c: c.exchange and c.message and c.panel == "timeline",
        ),
        ActionSpec(
            ActionId.COPY_CURL,
            _tr("Copy as curl"),
            "code",
            "message",
            "Ctrl+Shift+C",
            lambda c: c.exchange and c.panel == "timeline",
            _tr("secrets as variables"),
        ),
        ActionSpec(
            ActionId.UNMASK,
            _tr("Show this message unmasked..."),
            "eye",
            "message",
            when=lambda c: c.masked and (c.exchange if c.panel == "timeline" else c.draft and c.panel == "compose"),
            note=_tr("this one only, until another is chosen"),
        ),
        ActionSpec(
            ActionId.EXPORT,
            _tr("Export the conversation..."),
            "download",
            "message",
            "Ctrl+Shift+E",
            lambda c: c.exchange and c.panel == "timeline",
            _tr("ticket pack, HAR, CSV, lanes"),
        ),
        ActionSpec(
            ActionId.EXPORT_MESSAGE,
            _tr("Export this message..."),
            "download",
            "message",
            when=lambda c: c.exchange and c.panel == "timeline",
            note=_tr("ticket pack, HAR, CSV"),
        ),
        ActionSpec(
            ActionId.COPY_WIRE,
            _tr("Copy what was on the wire"),
            "copy",
            "message",
            when=lambda c: c.exchange and c.panel == "timeline",
            note=_tr("heads and bodies as text"),
        ),
        ActionSpec(
            ActionId.PIN_LEG,
            _tr("Pin for comparing"),
            "pin",
            "message",
            when=lambda c: c.exchange and c.message and c.panel == "timeline",
            note=_tr("other messages are held against it"),
        ),
        ActionSpec(
            ActionId.BELONGS,
            _tr("Belongs to another conversation..."),
            "link",
            "message",
            when=lambda c: c.exchange and c.panel == "timeline" and not c.read_only,
            note=_tr("goes there with its retries, and stays there"),
        ),
        ActionSpec(
            ActionId.UNLINK,
            _tr("Unlink from this conversation"),
            "minus",
            "message",
            when=lambda c: c.exchange and c.panel == "timeline" and not c.read_only,
            note=_tr("into one of its own"),
        ),
        ActionSpec(
            ActionId.RELEASE,
            _tr("Let its ids decide where it belongs"),
            "refresh",
            "message",
            when=lambda c: c.exchange and c.panel == "timeline" and not c.read_only,
            note=_tr("takes back what was linked by hand"),
        ),
        ActionSpec(
            ActionId.MERGE,
            _tr("Merge this conversation with..."),
            "link",
            "message",
            when=lambda c: c.exchange and c.panel == "timeline" and not c.read_only,
            note=_tr("both become one; can be taken back"),
        ),
        ActionSpec(
            ActionId.REPLY,
            _tr("Reply..."),
            "reply",
            "message",
            "Ctrl+Shift+Y",
            lambda c: c.exchange and c.message and c.panel == "timeline" and not c.read_only,
            _tr("or reply as the other party"),
        ),
        ActionSpec(
            ActionId.FOLLOW_UP,
            _tr("Follow up..."),
            "link",
            "message",
            "Ctrl+L",
            lambda c: c.exchange and c.outgoing and c.message and c.panel == "timeline" and not c.read_only,
            _tr("cancel, update, book, refer, rebook"),
        ),
        ActionSpec(
            ActionId.TEMPLATES,
            _tr("Templates"),
            "star",
            "message",
            "Ctrl+T",
            lambda c: c.panel == "compose" and not c.read_only,
            _tr("own templates and drafts"),
        ),
        ActionSpec(
            ActionId.RUN_SCENARIO,
            _tr("Run this scenario"),
            "play",
            "run",
            "Ctrl+R",
            lambda c: c.scenario and not c.running and c.panel == "scenarios" and not c.read_only,
        ),
        ActionSpec(
            ActionId.RUN_ALL, _tr("Run all scenarios"), "play", "run", "", lambda c: not c.running and not c.read_only
        ),
        ActionSpec(ActionId.RENEW_TOKEN, _tr("Get a token now"), "keys", "run", "", lambda c: c.needs_token),
        ActionSpec(ActionId.RECEIVER_SWITCH, _tr("Start or stop the receiver"), "antenna", "run"),
        ActionSpec(ActionId.ABOUT, _tr("About BaRS Workbench"), "help", "help", "F1"),
    )


MENUS = (("file", "&File"), ("view", "&View"), ("message", "&Message"), ("run", "&Run"), ("help", "&Help"))


class Actions(QObject):
    """The QActions made from the table; `refresh` is the one place that enables and disables."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._specs = {spec.id: spec for spec in specs()}
        self._made: dict[ActionId, QAction] = {}
        for spec in self._specs.values():
            action = QAction(icon(spec.icon), spec.text, self)
            action.setObjectName(spec.id.value)
            if spec.shortcut:
                action.setShortcut(QKeySequence(spec.shortcut))
            self._made[spec.id] = action
        self._context = Context("start")
        self.refresh(self._context)

    def __getitem__(self, id: ActionId) -> QAction:
        return self._made[id]

    def spec(self, id: ActionId) -> ActionSpec:
        """The row of an action."""
        return self._specs[id]

    def of_menu(self, menu: str) -> Iterable[QAction]:
        """The actions of a menu, in order."""
        return [self._made[spec.id] for spec in self._specs.values() if spec.menu == menu]

    def all(self) -> Iterable[QAction]:
        """Every action."""
        return list(self._made.values())

    def rows(self) -> Iterable[tuple[ActionSpec, QAction]]:
        """Every row of the table with its action."""
        return [(spec, self._made[spec.id]) for spec in self._specs.values()]

    def run(self, id: str) -> None:
        """Run an action by its id, if it is possible now."""
        self._made[ActionId(id)].trigger()

    @property
    def context(self) -> Context:
        """What was true at the last refresh."""
        return self._context

    def refresh(self, context: Context) -> None:
        """Enable what is possible now."""
        self._context = context
        for spec in self._specs.values():
            self._made[spec.id].setEnabled(spec.when(context))
