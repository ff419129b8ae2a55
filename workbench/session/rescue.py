"""Opening the history of a workspace, whatever state its file is in: a damaged one never keeps the program from it.

The damaged file is kept aside as it is, what can be read of it goes into a new one, and a person is told.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import ErrorCode, StoreError
from workbench.history import Store
from workbench.history.migrations import MIGRATIONS
from workbench.history.salvage import Salvaged, salvage
from workbench.history.store import SUSPECT, store_error
from workbench.session.events import Noticed
from workbench.session.views import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.exchange import Clock
    from workbench.workspace import Workspace

ASIDE = "damaged"
"""The folder of a workspace where damaged histories are kept."""
_BESIDE = ("-wal", "-shm", "-journal")

_log = logging.getLogger(__name__)


class OpenHistory(NamedTuple):
    """An open history, and what is to be told of it."""

    store: Store
    notice: Noticed | None


def open_history(workspace: Workspace, *, clock: Clock) -> OpenHistory:
    """The history of a workspace; StoreError for what is not damage: newer, locked, full, not to be written."""
    path = workspace.history_path

    def opened(at: Path) -> Store:
        return Store.open(at, clock=clock, read_only=workspace.read_only)

    try:
        if workspace.read_only and not _is_present(path):
            return _present_copy(path, clock, opened)
        return OpenHistory(opened(path), None)
    except StoreError as error:
        if error.code is not ErrorCode.STORE_CORRUPT:
            raise
        _log.error("the history is damaged: %s", error.sentence)
        try:
            return _read_only(path, opened) if workspace.read_only else _replaced(path, clock, opened)
        except (sqlite3.Error, OSError) as worse:
            raise store_error(worse, path.name, "what can be read of the damaged history") from error


def _is_present(path: Path) -> bool:
    """Whether a history has the schema of this version, or none that can be told: then opening it says why."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error:
        return path.exists()
    return not 1 <= int(version) < len(MIGRATIONS)


def _present_copy(path: Path, clock: Clock, opened: Callable[[Path], Store]) -> OpenHistory:
    """An older history that may not be changed, brought up in a file for this run alone; an empty one where none is."""
    folder = Path(tempfile.mkdtemp(prefix="bars-workbench-"))
    try:
        if path.exists():
            uri = f"{path.absolute().as_uri()}?mode=ro"
            with (
                closing(sqlite3.connect(uri, uri=True)) as kept,
                closing(sqlite3.connect(folder / path.name)) as copy,
            ):
                kept.backup(copy)
        Store.open(folder / path.name, clock=clock).close()
        store = opened(folder / path.name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not path.exists():
        return OpenHistory(store, None)
    words = "What another program adds to it is not seen before this workspace is opened again."
    return OpenHistory(store, Noticed(Tone.NOTE, "The history is of an earlier version: a copy of it is shown.", words))


def _replaced(path: Path, clock: Clock, opened: Callable[[Path], Store]) -> OpenHistory:
    """The rescued history in place of the damaged one. Until it is whole the damaged one stays where it is."""
    aside = path.parent / ASIDE / f"{path.stem}-{clock().astimezone(UTC):%Y%m%dT%H%M%S%f}Z.db"
    aside.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = path.with_name(f"{path.name}.rescued")
    for ending in ("", *_BESIDE):
        one = path.with_name(f"{path.name}{ending}")
        if one.exists():
            shutil.copyfile(one, aside.with_name(f"{aside.name}{ending}"))
            aside.with_name(f"{aside.name}{ending}").chmod(0o600)
    found = salvage(aside, fresh)
    for ending in _BESIDE:
        path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)
    fresh.replace(path)
    path.with_name(f"{path.name}{SUSPECT}").unlink(missing_ok=True)
    return OpenHistory(opened(path), _notice(found, f"The damaged file is kept as {ASIDE}/{aside.name}."))


def _read_only(path: Path, opened: Callable[[Path], Store]) -> OpenHistory:
    """What can be read, in a file for this run alone."""
    folder = Path(tempfile.mkdtemp(prefix="bars-workbench-"))
    try:
        for ending in ("", *_BESIDE):
            one = path.with_name(f"{path.name}{ending}")
            if one.exists():
                shutil.copyfile(one, folder / one.name)
        found = salvage(folder / path.name, folder / "rescued.db")
        store = opened(folder / "rescued.db")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return OpenHistory(store, _notice(found, "The damaged file is as it was: open the workspace alone to mend it."))


def _notice(found: Salvaged, aside: str) -> Noticed:
    many = f"{found.exchanges:,} exchange{'' if found.exchanges == 1 else 's'}"
    kept = f"{many} could be read of it and are here" if found.exchanges else "nothing could be read of it"
    without = f", {found.bodies_lost:,} of their bodies not" if found.bodies_lost else ""
    back = "" if found.exchanges else " A backup brings back what it holds: Settings, History."
    return Noticed(Tone.WARNING, f"The history was damaged: {kept}{without}.", f"{aside}{back}")
