"""The running program for tests of the window: real session, real sockets on loopback, an own workspace."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ui.driving import Person
from workbench import workspace
from workbench.app import Desk, Wanted, now
from workbench.session.ids import fresh_id
from workbench.session.parts import open_session
from workbench.settings import AppSettings
from workbench.ui.style import WorkbenchStyle
from workbench.ui.theme import LIGHT, palette_for

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

PASSPHRASE = "a few words in a row"
OPENING_MS = 30_000

QUICK = {
    "BARS_WORKBENCH_INTERIM_DELAY_S": "0",
    "BARS_WORKBENCH_FULL_DELAY_S": "0",
    "BARS_WORKBENCH_SAFEGUARDING_DELAY_S": "0",
}


HERE = Path(__file__).parent


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Python collects after a test of the window, on this thread, once nothing holds its widgets any more.

    Any other thread, one of the test runner too, would end them where it happens to collect, and crash.
    """
    if HERE not in item.path.parents:
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect(2 if "open_desk" in getattr(item, "fixturenames", ()) else 1)
        gc.enable()


@pytest.fixture(autouse=True)
def same_look_for_every_test(qapp: QApplication) -> Iterator[None]:
    """Style, palette and font of the application are as they were once a test is over."""
    palette, font = qapp.palette(), qapp.font()
    yield
    if isinstance(qapp.style(), WorkbenchStyle):
        qapp.setStyle("Fusion")
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.fixture
def our_style(qapp: QApplication) -> WorkbenchStyle:
    """The program's own style in force, with the light palette."""
    style = WorkbenchStyle()
    qapp.setStyle(style)
    qapp.setPalette(palette_for(LIGHT))
    return style


@pytest.fixture(scope="session")
def made_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo workspace as a first start leaves it, made once: its signing key takes a second and more to make."""
    folder = tmp_path_factory.mktemp("made") / "demo"

    async def first_start() -> None:
        opened = workspace.open_or_make(folder, clock=now, ids=fresh_id, demo=True)
        session = await open_session(
            opened, clock=now, ids=fresh_id, timer=time.monotonic, environ={}, passphrase=PASSPHRASE
        )
        await session.close()
        opened.close()

    asyncio.run(first_start())
    return folder


@pytest.fixture
def person(qtbot: QtBot, tmp_path: Path, made_workspace: Path, open_desk: Callable[..., Desk]) -> Person:
    """Somebody at a window on a demo workspace that was opened before."""
    shutil.copytree(made_workspace, tmp_path / "demo")
    somebody = Person(qtbot, open_desk(tmp_path / "demo"))
    somebody.again = lambda: Person(qtbot, open_desk(tmp_path / "demo"))
    return somebody


@pytest.fixture
def open_desk(qtbot: QtBot, qapp: object) -> Iterator[Callable[..., Desk]]:
    """Opens the program on a workspace folder; everything opened is closed at the end."""
    opened: list[Desk] = []

    def open_(
        folder: Path,
        *,
        passphrase: str | None = PASSPHRASE,
        app: AppSettings | None = None,
        files: tuple[str, ...] = (),
        remember: bool = False,
    ) -> Desk:
        variables = {**os.environ, **QUICK}
        wanted = Wanted(str(folder), passphrase, app or AppSettings(), variables, files=files, remember=remember)
        desk = Desk(qapp, wanted, geometry=None)  # type: ignore[arg-type]
        opened.append(desk)
        qtbot.addWidget(desk.window)
        with qtbot.waitSignal(desk.opened, timeout=OPENING_MS):
            desk.window.show()
        return desk

    yield open_
    for desk in opened:
        desk.close()
