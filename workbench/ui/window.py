"""The window: strip, top bar, rail, panels and status bar, and the ways to move about between them.

It assembles and routes; what a panel does is the panel's own business, what anything means is the session's. What the
first paint does not show - dialogs, the command palette - is imported when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from workbench.errors import WorkbenchError
from workbench.ui.actions import MENUS, ActionId, Actions, Context
from workbench.ui.context import PanelContext, PanelId
from workbench.ui.shell.batching import Batches
from workbench.ui.shell.guard import Guard, WindowFrame
from workbench.ui.shell.opening import Opening
from workbench.ui.shell.rail import PLACES, Rail
from workbench.ui.shell.status_bar import StatusBar
from workbench.ui.shell.switches import Switches
from workbench.ui.shell.toasts import Toasts
from workbench.ui.shell.top_bar import Strip, TopBar
from workbench.ui.shell.traffic import Traffic
from workbench.ui.widgets import row

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QPaintEvent, QResizeEvent

    from workbench.session.events import SessionEvent
    from workbench.session.session import Session
    from workbench.session.views import DraftView, Status, Tone
    from workbench.ui.bridge import Bridge
    from workbench.ui.context import PanelSpec
    from workbench.ui.shell.commands import Commands

SMALLEST = (1024, 700)


class MainWindow(QMainWindow):
    """The one window. `painted` fires after the first paint, `looks_changed(name, value)` for theme and text size.

    `keyring_refused` fires when a person waits no longer for the system keyring while the workspace is opened.
    """

    painted = Signal()
    looks_changed = Signal(str, str)
    keyring_refused = Signal()

    def __init__(self, bridge: Bridge, now: Callable[[], datetime], settings_file: Path | None = None) -> None:
        super().__init__()
        self.setWindowTitle("BaRS Workbench")
        self.setObjectName("window")
        self.setAcceptDrops(True)
        self.resize(1440, 900)
        self.setMinimumSize(*SMALLEST)
        self._bridge = bridge
        self._session: Session | None = None
        self._status: Status | None = None
        self._files: list[str] = []
        self._geometry = QSettings(str(settings_file), QSettings.Format.IniFormat) if settings_file else None
        self.actions_ = Actions(self)
        self._specs: dict[PanelId, PanelSpec] = {}
        self._panels: dict[PanelId, QWidget] = {}
        self._panel = PanelId.START
        self._painted_once = False
        self._stop_work: Callable[[], None] | None = None
        self._alt = False
        self._now = now
        self._batches = Batches(self, bridge, lambda: self._session, self.open_files, self.failed)
        self._traffic = Traffic(self, bridge, lambda: self._session, self.actions_, self, self._on_status)
        self._switches = Switches(self, bridge, lambda: self._session, self.actions_, self)
        self._build()
        self._menus()
        self._connect()
        self._restore()

    # building

    def _build(self) -> None:
        """Everything inside the window, in the present text size."""
        self._strip = Strip()
        self._top = TopBar(self.actions_)
        self._rail = Rail(self.actions_)
        self._foot = StatusBar(self._now)
        self._stack = QStackedWidget()
        self._stack.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._stack.setFocus()
        self.opening = Opening()
        self.opening.keyring_refused.connect(self.keyring_refused)
        self._stack.addWidget(self.opening)
        self._frame = WindowFrame()
        self._guard = Guard()
        middle = row(self._rail, (self._stack, 1), spacing=0)
        layout = QVBoxLayout(self._frame)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for bar in (self._guard, self._strip, self._top):
            layout.addWidget(bar)
        layout.addLayout(middle, 1)
        layout.addWidget(self._foot)
        self.setCentralWidget(self._frame)
        self._toasts = Toasts(self._frame, self._foot)
        self._commands: Commands | None = None
        self._top.environment_chosen.connect(self._on_environment)
        self._top.identity_chosen.connect(self._on_identity)
        self._top.manage_asked.connect(self.show_environments)
        self._guard.asked.connect(self.show_environments)
        self._guard.clock_asked.connect(self._on_asked)
        self._foot.asked.connect(self._on_asked)
        self._foot.stopped.connect(self._on_stopped)

    def _menus(self) -> None:
        bar = self.menuBar()
        for name, title in MENUS:
            menu = QMenu(self.tr(title), self)
            menu.addActions(list(self.actions_.of_menu(name)))
            bar.addMenu(menu)
        bar.setVisible(bar.isNativeMenuBar())
        for action in self.actions_.all():
            self.addAction(action)

    def _connect(self) -> None:
        actions = self.actions_
        for panel, action in (*PLACES, (PanelId.START, ActionId.GO_START)):
            actions[action].setData(panel)
            actions[action].triggered.connect(self._on_go)
        for id, slot in (
            (ActionId.OPEN_FILE, self.choose_file),
            (ActionId.JUDGE_FILES, self._batches.choose_files),
            (ActionId.JUDGE_FOLDER, self._batches.choose_folder),
            (ActionId.QUIT, self.close),
            (ActionId.PALETTE, self._show_palette),
            (ActionId.MENU_BAR, self._toggle_menus),
            (ActionId.RUN_ALL, self.play_all_scenarios),
            (ActionId.RENEW_TOKEN, self._renew_token),
            (ActionId.RECEIVER_SWITCH, self._switch_receiver),
            (ActionId.ABOUT, self._show_about),
        ):
            actions[id].triggered.connect(slot)
        self._bridge.events.connect(self._on_event)

    def _restore(self) -> None:
        if self._geometry is None:
            return
        kept = self._geometry.value("geometry")
        if kept is not None:
            self.restoreGeometry(kept)

    # the session

    def open_session(self, session: Session, panels: tuple[PanelSpec, ...], status: Status, first: PanelId) -> None:
        """Show an opened workspace; files that were dropped or named before are opened now."""
        self._session = session
        self._specs = {spec.id: spec for spec in panels}
        self._show_status(status)
        self.to_panel(first)
        if status.notice:
            self.toast_text("note", status.notice)
        waiting, self._files = self._files, []
        self.open_files(waiting)

    def rebuild(self) -> None:
        """Make everything anew after the text size changed: lengths follow the font from the start."""
        for panel in self._panels.values():
            panel.hide()
            panel.deleteLater()
        self._panels.clear()
        self._build()
        if self._session is not None and self._status is not None:
            self._show_status(self._status)
            self.to_panel(self._panel)
        self._fit()

    def failed_to_open(self, error: BaseException) -> None:
        """The workspace cannot be opened: say why and what to do, in the middle of the window."""
        if isinstance(error, WorkbenchError):
            self.opening.show_problem(error.sentence, f"{error.next_step} [{error.code}]")
        else:
            self.opening.show_problem(self.tr("The workspace could not be opened."), str(error))
            self.failed(error)

    @property
    def session(self) -> Session | None:
        """The open session, None while it is being opened."""
        return self._session

    def panel(self, id: PanelId) -> QWidget:
        """A panel, made when it is first asked for; only once the session is open."""
        if id not in self._panels:
            if self._session is None:
                raise AssertionError("panels are made once the session is open")
            context = PanelContext(self._session, self._bridge, self.actions_, self, lambda: self._status)
            made = self._specs[id].factory(context)
            self._panels[id] = made
            self._stack.addWidget(made)
        return self._panels[id]

    # Navigator

    def to_panel(self, panel: PanelId) -> None:
        """Bring a panel to the front."""
        if self._session is None:
            return
        widget = self.panel(panel)
        self._panel = panel
        self._rail.show_panel(panel)
        self._stack.setCurrentWidget(widget)
        if not widget.isAncestorOf(self.focusWidget() or self):
            self._stack.setFocus()
        widget.shown()  # type: ignore[attr-defined]
        self.context_changed()

    def open_draft(self, draft: DraftView) -> None:
        """Show a draft in Compose."""
        self.to_panel(PanelId.COMPOSE)
        self.panel(PanelId.COMPOSE).open_draft(draft)  # type: ignore[attr-defined]

    def open_conversation(self, conversation: str, exchange: str = "") -> None:
        """Show a conversation in the timeline, with one of its legs chosen."""
        self.to_panel(PanelId.TIMELINE)
        self.panel(PanelId.TIMELINE).open(conversation, exchange)  # type: ignore[attr-defined]

    def open_service(self, service: str) -> None:
        """Show a service of the directory."""
        self.to_panel(PanelId.SERVICES)
        self.panel(PanelId.SERVICES).choose(service)  # type: ignore[attr-defined]

    def play_scenario(self, scenario: str) -> None:
        """Show a scenario and run it."""
        self.to_panel(PanelId.SCENARIOS)
        self.panel(PanelId.SCENARIOS).play(scenario)  # type: ignore[attr-defined]

    def play_all_scenarios(self) -> None:
        """Show the scenarios and run them all."""
        if self._session is not None:
            self.to_panel(PanelId.SCENARIOS)
            self.panel(PanelId.SCENARIOS).play_all()  # type: ignore[attr-defined]

    def show_scenario(self, scenario: str) -> None:
        """Show a scenario with its last run."""
        self.to_panel(PanelId.SCENARIOS)
        self.panel(PanelId.SCENARIOS).choose(scenario)  # type: ignore[attr-defined]

    def show_rule(self, rule: str) -> None:
        """Open the help of a rule beside the work."""
        from workbench.ui.shell.rule_help import show_rule

        show_rule(self, rule)

    def choose_file(self) -> None:
        """Ask for a message file and open it."""
        from workbench.ui.shell import dialogs

        chosen = dialogs.ask_file(self)
        if chosen:
            self.open_files([chosen])

    def confirm_host(self, host: str, service: str) -> str:
        """What a person typed to allow a send to production."""
        from workbench.ui.shell import dialogs

        return dialogs.ask_host(self, host, service)

    def toast(self, tone: Tone, text: str, action: str = "", slot: Callable[[], None] | None = None) -> None:
        """Say something for six seconds, with at most one thing to do about it."""
        self._toasts.show_toast(tone.value, text, action, slot)

    def working(self, text: str, stop: Callable[[], None] | None = None) -> None:
        """Say at the foot what is under way, with the way to stop it."""
        self._stop_work = stop
        self._foot.show_work(text)

    def toast_text(self, tone: str, text: str) -> None:
        """A toast without anything to do about it, by the name of its tone."""
        self._toasts.show_toast(tone, text, "", None)

    def failed(self, error: BaseException) -> None:
        """Show what stopped an operation: a known error in words, anything else in the one dialog for bugs."""
        if isinstance(error, WorkbenchError):
            self._toasts.show_toast("error", f"{error.sentence} {error.next_step}", "", None)
            return
        import traceback

        from workbench.ui.shell import dialogs

        details = "".join(traceback.format_exception(error))
        dialogs.show_details(
            self,
            self.tr("Something went wrong in this program"),
            self.tr("Your work is kept. You can go on; please report this with its details."),
            details,
        )

    def apply_setting(self, name: str, value: str) -> None:
        """Follow a setting of the window itself."""
        self.looks_changed.emit(name, value)

    def context_changed(self) -> None:
        """Recompute which actions are possible now."""
        facts: dict[str, bool] = {}
        if self._panel in self._panels:
            facts = self._panels[self._panel].facts()  # type: ignore[attr-defined]
        status = self._status
        self.actions_.refresh(
            Context(
                self._panel.value,
                **facts,
                needs_token=status is not None and status.token.text != "No token needed",
                read_only=status is not None and status.read_only,
                masked=status is not None and status.masked,
            )
        )

    # files

    def open_files(self, paths: list[str]) -> None:
        """Open message files as drafts; the last one is in front."""
        if self._session is None:
            self._files += paths
            return
        for path in paths:
            self._bridge.submit(self._session.open_file(path), self._on_opened_file)

    def come_forward(self, paths: list[str]) -> None:
        """Be seen, because somebody started the program again, and open the files they named."""
        self.setWindowState((self.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive)
        self.raise_()
        self.activateWindow()
        self.open_files(paths)

    def _on_opened_file(self, draft: DraftView | None, error: BaseException | None) -> None:
        if draft is not None:
            self.open_draft(draft)
        elif error is not None:
            self.failed(error)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        taken = self._session is not None and (self._traffic.take_drop(paths, self._panel) or self._batches.take(paths))
        if not taken:
            self.open_files(paths)
        event.acceptProposedAction()

    # events

    def _on_event(self, event: SessionEvent) -> None:
        from workbench.session.events import ExchangeRecorded, Noticed, StatusChanged

        if isinstance(event, StatusChanged):
            self._show_status(event.status)
        elif isinstance(event, Noticed):
            self.toast_text(event.tone.value, f"{event.title} {event.text}")
        elif isinstance(event, ExchangeRecorded):
            self._traffic.refresh()
        for panel in tuple(self._panels.values()):
            panel.on_event(event)  # type: ignore[attr-defined]

    def _show_status(self, status: Status) -> None:
        """Show the facts; a result that was overtaken by an event is no news."""
        if self._status is not None and status.serial < self._status.serial:
            return
        self._status = status
        self._guard.show_environment(status.environment)
        self._frame.show_production(status.environment.production)
        self._strip.setVisible(not status.environment.production)
        self._strip.show_environment(status.environment.colour)
        self._top.show_status(status)
        self._foot.show_status(status)
        self._switches.show_status(status)
        self._top.set_width(self.width())
        self.context_changed()

    def _on_status(self, status: Status | None, error: BaseException | None) -> None:
        if status is not None:
            self._show_status(status)
        elif error is not None:
            self.failed(error)

    def _on_done(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self.failed(error)

    def _on_go(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.to_panel(PanelId(action.data()))  # Qt keeps a StrEnum as plain text

    def _on_environment(self, id: str) -> None:
        if self._session is not None:
            self._bridge.submit(self._session.choose_environment(id), self._on_status)

    def _on_identity(self, id: str) -> None:
        if self._session is not None:
            self._bridge.submit(self._session.choose_identity(id), self._on_status)

    def _on_asked(self, what: str) -> None:
        if what == "masking":
            self.to_panel(PanelId.SETTINGS)
            self.panel(PanelId.SETTINGS).show_section("Privacy")  # type: ignore[attr-defined]
            return
        places = {"token": PanelId.KEYS, "receiver": PanelId.RECEIVER, "due": PanelId.RECEIVER}
        self.to_panel(places.get(what, PanelId.TIMELINE))

    def _on_stopped(self) -> None:
        if self._stop_work is not None:
            self._stop_work()

    def _renew_token(self) -> None:
        if self._session is not None:
            self._bridge.submit(self._session.renew_token(), self._on_status)

    def _switch_receiver(self) -> None:
        if self._session is None or self._status is None:
            return
        listening = self._status.receiver.listening
        self._bridge.submit(
            self._session.stop_receiver() if listening else self._session.start_receiver(), self._on_done
        )

    def _toggle_menus(self) -> None:
        """Show the menus where they are not the system's own, ready for the keyboard, or put them away."""
        bar = self.menuBar()
        if bar.isNativeMenuBar():
            return
        bar.setVisible(not bar.isVisible())
        if bar.isVisible():
            bar.setActiveAction(bar.actions()[0])

    def show_environments(self) -> None:
        """Show where environments are managed."""
        self.to_panel(PanelId.SETTINGS)
        self.panel(PanelId.SETTINGS).show_section("Environments")  # type: ignore[attr-defined]

    def _show_about(self) -> None:
        self.to_panel(PanelId.SETTINGS)
        self.panel(PanelId.SETTINGS).show_section("About")  # type: ignore[attr-defined]

    def close_palette(self) -> None:
        """Put the command palette away."""
        if self._commands is not None:
            self._commands.palette.dismiss()

    def _show_palette(self) -> None:
        if self._commands is None:
            from workbench.ui.shell.commands import Commands

            self._commands = Commands(self._frame, self.actions_, self._bridge, self)
        self._commands.open(self._session)

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._alt = event.key() == Qt.Key.Key_Alt and event.modifiers() in (
            Qt.KeyboardModifier.AltModifier,
            Qt.KeyboardModifier.NoModifier,
        )
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Alt pressed and let go alone shows the menus, or puts them away."""
        alone, self._alt = self._alt and event.key() == Qt.Key.Key_Alt, False
        if alone:
            self._toggle_menus()
        super().keyReleaseEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Have every part around the panel heed the present width."""
        for part in (self._top, self._rail, self._foot):
            part.set_width(self.width())
        self._toasts.place()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted_once:
            self._painted_once = True
            self.opening.begin()
            self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._geometry is not None:
            self._geometry.setValue("geometry", self.saveGeometry())
            self._geometry.sync()
        super().closeEvent(event)
