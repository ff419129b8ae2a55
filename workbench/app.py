"""The composition root of the window: the only place that builds its objects and connects them.

Qt, the bridge and the session meet here; what they do is theirs. Hands the clock and the ids down.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEventLoop, QObject, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from workbench import __version__
from workbench.errors import ConfigError, ErrorCode, WorkspaceError
from workbench.session.ids import fresh_id
from workbench.settings import AppSettings, keep_app_setting, load_app_settings, window_file
from workbench.ui import icons
from workbench.ui.actions import ActionId
from workbench.ui.bridge import Bridge
from workbench.ui.context import PanelId
from workbench.ui.housekeeping import Housekeeping
from workbench.ui.right_of_way import RightOfWay
from workbench.ui.screen import missing_library, missing_screen
from workbench.ui.shell.appearance import Appearance
from workbench.ui.window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence
    from pathlib import Path

    from workbench.exchange import Clock, Ids
    from workbench.keys.patience import Patience
    from workbench.session.session import Session
    from workbench.session.views import DraftView, Status
    from workbench.ui.instance import Doorbell
    from workbench.ui.shell.pictures import Camera
    from workbench.workspace import Workspace

_log = logging.getLogger(__name__)

PICTURE_TIME = datetime(2026, 10, 14, 9, 2, 11, tzinfo=UTC)
PICTURE_SEED = 20261014
PICTURE_MESSAGE = "referral-full/a1t1"
PICTURE_MISTAKES = (
    (r'("basedOn": \[\s*\{\s*"reference": "urn:uuid:)[0-9a-f]{8}', r"\g<1>00000000"),
    (r'("period": \{\s*"start": "[^"]*)\+00:00', r"\1+01:00"),
)
"""What is wrong with the message in the picture, beside the NHS number: a reference to nothing, a time not in UTC."""
PICTURE_FINDING = 3
"""Which of the findings is gone to: the one about the NHS number."""
QUICK_REPLIES = {
    "BARS_WORKBENCH_INTERIM_DELAY_S": "0.3",
    "BARS_WORKBENCH_FULL_DELAY_S": "1",
    "BARS_WORKBENCH_SAFEGUARDING_DELAY_S": "0",
}


def now() -> datetime:
    """The present, aware UTC: the one clock of the window."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Opened:
    """What the I/O thread gives back once the workspace is open."""

    session: Session
    status: Status
    show_start: bool
    workspace: str
    """Its id."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to open, and with what."""

    folder: str | None
    passphrase: str | None
    app: AppSettings
    environ: Mapping[str, str]
    clock: Clock = now
    ids: Ids = fresh_id
    verbose: bool = False
    files: tuple[str, ...] = ()
    """Message files to open, absolute paths."""
    remember: bool = False
    """Whether the next start opens the same workspace."""


class Desk(QObject):
    """The running program: window, bridge, workspace; `opened` fires when the session is there or has failed.

    `handed_over` fires when another window has the workspace open and has come forward instead, `keyring_waited_for`
    when waiting for the system keyring begins and when it is over.
    """

    opened = Signal(bool)
    failed = Signal(object)
    handed_over = Signal()
    keyring_waited_for = Signal(bool)

    def __init__(self, application: QApplication, wanted: Wanted, *, geometry: Path | None) -> None:
        super().__init__()
        self._wanted = wanted
        self._housekeeping = Housekeeping(self)
        self._right_of_way = RightOfWay(self)
        self.appearance = Appearance(application, wanted.app.theme, wanted.app.text_percent)
        self.bridge = Bridge()
        self.window = MainWindow(self.bridge, wanted.clock, geometry)
        self.window.painted.connect(self._on_painted, Qt.ConnectionType.QueuedConnection)
        self.window.looks_changed.connect(self.appearance.change)
        self.appearance.text_changed.connect(self.window.rebuild, Qt.ConnectionType.QueuedConnection)
        self.window.open_files(list(wanted.files))
        self._opening = _Opening(wanted, self.keyring_waited_for.emit)
        self.keyring_waited_for.connect(self._on_keyring)
        self.window.keyring_refused.connect(self._on_keyring_refused)
        self.session: Session | None = None
        self._doorbell: Doorbell | None = None

    def _on_painted(self) -> None:
        """Heavy imports and everything that waits begin only now, on the I/O thread."""
        self.bridge.start()
        self.bridge.submit(self._opening.open(self.bridge.publish, self._right_of_way.give), self._on_opened)

    def _on_opened(self, opened: Opened | None, error: BaseException | None) -> None:
        if opened is None:
            if error is not None:
                self.window.failed_to_open(error)
                self.failed.emit(error)
            else:
                self.handed_over.emit()
            self.opened.emit(False)
            return
        from workbench.ui.panels import PANELS

        self.session = opened.session
        first = PanelId.START if opened.show_start else PanelId.COMPOSE
        self.window.open_session(opened.session, PANELS, opened.status, first)
        self._housekeeping.settle()
        if not opened.status.read_only:
            self._listen(opened.workspace)
        self.opened.emit(True)

    def _on_keyring(self, on: bool) -> None:
        if self.session is None:
            self.window.opening.wait_for_keyring(on)

    def _on_keyring_refused(self) -> None:
        """A person goes on without the keyring: the keys stay locked until it or a passphrase opens them."""
        self._opening.give_up_keyring()

    def _listen(self, workspace: str) -> None:
        """Be the window that others ask to come forward."""
        from workbench.ui.instance import Doorbell

        self._doorbell = Doorbell(self)
        self._doorbell.asked.connect(self.window.come_forward)
        if not self._doorbell.listen(workspace):
            _log.info("no local socket: a second window on this workspace will only read")

    def close(self) -> None:
        """End the session and the I/O thread; called once the window is closed."""
        if self._doorbell is not None:
            self._doorbell.close()
        self._right_of_way.end()
        self.bridge.close(self._opening.close)
        self._housekeeping.end()


class _Opening:
    """Opens the workspace and its session on the I/O thread, and closes them there."""

    def __init__(self, wanted: Wanted, waited_for: Callable[[bool], None]) -> None:
        self._wanted = wanted
        self._waited_for = waited_for
        self._patience: Patience | None = None
        self._workspace: Workspace | None = None
        self._session: Session | None = None

    async def open(self, publish: Callable[[object], None], give_way: Callable[[], None]) -> Opened | None:
        """The opened session, or None where the window that has the workspace open came forward instead.

        WorkbenchError for what a person can mend; a workspace in use, by whatever does not answer, opens read-only.
        """
        from workbench import logs
        from workbench.keys.patience import Patience
        from workbench.session.parts import open_session
        from workbench.ui import instance

        wanted = self._wanted
        logs.set_up(verbose=wanted.verbose)
        opened = _open_workspace(wanted)
        if opened.read_only and instance.ask_first(opened.id, wanted.files):
            return None
        self._workspace = opened
        if wanted.remember:
            _remember(opened.folder)
        self._patience = Patience(told=self._waited_for)
        self._session = await open_session(
            self._workspace,
            clock=wanted.clock,
            ids=wanted.ids,
            timer=time.monotonic,
            environ=wanted.environ,
            passphrase=wanted.passphrase,
            patience=self._patience,
        )
        self._session.subscribe(publish)
        self._session.give_way_to(give_way)
        page = await self._session.start_page()
        return Opened(self._session, await self._session.status(), page.show_at_start, opened.id)

    def give_up_keyring(self) -> None:
        """Wait no longer for a keyring that does not answer; called from any thread."""
        if self._patience is not None:
            self._patience.give_up()

    async def close(self) -> None:
        """Close what was opened, in order; nothing waits for a keyring any more."""
        self.give_up_keyring()
        if self._session is not None:
            await self._session.close()
        if self._workspace is not None:
            self._workspace.close()


def _open_workspace(wanted: Wanted) -> Workspace:
    from workbench import workspace

    folder = workspace.choose(wanted.folder, wanted.app)
    try:
        return workspace.open_or_make(folder, clock=wanted.clock, ids=wanted.ids, demo=True)
    except WorkspaceError as error:
        if error.code is not ErrorCode.WORKSPACE_IN_USE:
            raise
        return workspace.open_read_only(folder)


def _remember(folder: Path) -> None:
    """Have the next start open this workspace; that it cannot be kept stops nothing."""
    try:
        keep_app_setting("last_workspace", str(folder))
    except ConfigError as error:
        _log.warning("the last workspace could not be kept: %s", error.sentence)


def application() -> QApplication:
    """The one QApplication, made if there is none yet."""
    existing = QApplication.instance()
    made = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    made.setApplicationName("bars-workbench")
    made.setApplicationDisplayName("BaRS Workbench")
    made.setApplicationVersion(__version__)
    made.setWindowIcon(QIcon(icons.icon("logo")))
    return made


def run(
    files: Sequence[str],
    *,
    workspace_folder: str | None = None,
    passphrase: str | None = None,
    verbose: bool = False,
    painted: Callable[[MainWindow], None] | None = None,
) -> int:
    """Open the window and give its exit code; `painted` is called with the window after its first paint.

    ConfigError when a variable of the environment is not known.
    """
    made = application()
    wanted = Wanted(
        workspace_folder,
        passphrase,
        load_app_settings(os.environ),
        os.environ,
        verbose=verbose,
        files=tuple(os.path.abspath(file) for file in files),
        remember=True,
    )
    desk = Desk(made, wanted, geometry=window_file())
    _catch_mistakes(desk)
    desk.handed_over.connect(desk.window.close)
    if painted is not None:
        told = painted
        desk.window.painted.connect(lambda: told(desk.window))
    desk.window.show()
    try:
        return made.exec()
    finally:
        desk.close()


class _Mistakes(QObject):
    """Carries an exception from any thread to the window."""

    made = Signal(object)


def _catch_mistakes(desk: Desk) -> None:
    """Every exception nobody expected ends in one log record and the one dialog; the program goes on."""
    mistakes = _Mistakes(desk)
    mistakes.made.connect(desk.window.failed, Qt.ConnectionType.QueuedConnection)

    def on_exception(kind: type[BaseException], error: BaseException, trace: object) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        _log.error("unexpected %s", kind.__name__, exc_info=error)
        mistakes.made.emit(error)

    def on_thread(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            on_exception(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def on_loop(error: BaseException) -> None:
        on_exception(type(error), error, None)

    desk.bridge.mistake.connect(on_loop)
    sys.excepthook = on_exception
    threading.excepthook = on_thread


def screenshots(folder: Path, *, sizes: Sequence[tuple[int, int]], percents: Sequence[int]) -> list[Path]:
    """Pictures of every panel, light and dark, from a throw-away demo in which every scenario was played.

    Clock and ids start from fixed values, so that two runs differ in as little as can be. ConfigError when the folder
    cannot be written; what stopped the demo is raised as it is.
    """
    import random
    import tempfile
    from uuid import UUID  # these cost milliseconds that a window before its first paint does not have

    from workbench.ui.shell.pictures import Camera

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(ErrorCode.CONFIG_FLAG, what=str(folder), cause=error.strerror or str(error)) from error
    made = application()
    clock, numbers = _PictureClock(), random.Random(PICTURE_SEED)
    environ = {**os.environ, **QUICK_REPLIES}

    def ids() -> str:
        return str(UUID(int=numbers.getrandbits(128), version=4))

    with tempfile.TemporaryDirectory() as place:
        wanted = Wanted(f"{place}/demo", None, AppSettings(), environ, clock, ids)
        desk = Desk(made, wanted, geometry=None)
        desk.window.show()
        try:
            camera = Camera(desk.window, desk.bridge, desk.appearance)
            _Waiting(desk).until_opened()
            stage = _Stage(desk, camera, clock.skip)
            stage.prepare()
            camera.settle()
            return camera.take(folder, sizes=sizes, percents=percents, ready=stage.ready)
        finally:
            desk.window.close()
            desk.close()


class _PictureClock:
    """Starts at a fixed moment and goes on as the real one; the demo skips what nobody wants to wait for."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._skipped = 0.0

    def __call__(self) -> datetime:
        return PICTURE_TIME + timedelta(seconds=time.monotonic() - self._begun + self._skipped)

    def skip(self, seconds: float) -> None:
        """Go on by so much at once."""
        self._skipped += seconds


class _Waiting(QObject):
    """Waits in a loop of its own for the session, and raises what stopped it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._loop = QEventLoop()
        self._value: object = None
        self._error: BaseException | None = None

    def until_opened(self) -> None:
        """Until the workspace is open."""
        self._desk.failed.connect(self._on_failed)
        self._desk.opened.connect(self._loop.quit)
        if self._desk.session is None:
            self._loop.exec()
        if self._error is not None:
            raise self._error

    def until(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Until a coroutine of the session is done; gives its value."""
        self._desk.bridge.submit(work, self._on_done)
        self._loop.exec()
        if self._error is not None:
            raise self._error
        return self._value

    def _on_failed(self, error: BaseException) -> None:
        self._error = error

    def _on_done(self, value: object, error: BaseException | None) -> None:
        self._value, self._error = value, error
        self._loop.quit()


class _Stage:
    """Plays every scenario and a rich conversation, and sets each panel up for its picture."""

    def __init__(self, desk: Desk, camera: Camera, skip: Callable[[float], None]) -> None:
        self._desk = desk
        self._camera = camera
        self._skip = skip
        self._conversation = ""
        self._draft: DraftView | None = None

    def prepare(self) -> None:
        """Play, and write a draft with a few mistakes in it."""
        session = self._desk.session
        if session is None:
            raise AssertionError("the session is open by now")
        from workbench.session import showpiece

        wait = _Waiting(self._desk)
        for scenario in wait.until(session.scenarios()):
            wait.until(session.run_scenario(scenario.id))
        self._conversation = wait.until(showpiece.play(session, self._skip))
        offer = wait.until(session.offer(PICTURE_MESSAGE))
        service = next(one.id for one in offer.services if not one.reason)
        draft: DraftView = wait.until(session.new_draft(PICTURE_MESSAGE, service, offer.patients[0].id))
        wrong = draft.text.replace(offer.patients[0].subtitle.replace(" ", ""), "9990001088", 1)
        for right, other in PICTURE_MISTAKES:
            wrong = re.sub(right, other, wrong, count=1)
        self._draft = replace(draft, text=wrong)

    def ready(self, panel: PanelId) -> None:
        """What a panel shows in its picture."""
        if panel is PanelId.TIMELINE:
            self._desk.window.open_conversation(self._conversation)
        elif panel is PanelId.COMPOSE and self._draft is not None:
            self._desk.window.open_draft(self._draft)
            self._camera.settle()
            for _ in range(PICTURE_FINDING):
                self._desk.window.actions_[ActionId.NEXT_FINDING].trigger()
        elif panel is PanelId.SCENARIOS:
            self._desk.window.show_scenario("validation")


__all__ = ["Desk", "Wanted", "application", "missing_library", "missing_screen", "run", "screenshots"]
