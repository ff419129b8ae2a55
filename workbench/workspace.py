"""Where a workspace lies, its lock, making one, and its JSON files; everything that piles up is in `history.db`.

A file is written whole or not at all; fields it does not know are kept. Must not know what the files mean.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import filelock
import platformdirs

from workbench import APP, __version__, assets
from workbench.errors import ConfigError, ErrorCode, WorkspaceError
from workbench.files import write_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.exchange import Clock, Ids
    from workbench.messages.values import JsonObject
    from workbench.settings import AppSettings

FORMAT = 1
FILES = ("settings.json", "environments.json", "services.json", "identities.json", "answers.json")
"""What a team would share; absent files count as empty."""
SEARCHES = "searches.json"
"""The one JSON file that is not shared: searches kept under names."""
_NEWER = "It was written by a newer version of this program"
_NETWORK_TYPES = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "9p", "fuse.sshfs", "davfs"})


@dataclass(slots=True)
class Workspace:
    """An open workspace folder; `close` gives the lock back."""

    folder: Path
    id: str
    name: str
    demo: bool
    read_only: bool = False
    notice: str = ""
    """What a person should know about how it was opened, one sentence."""
    newer: tuple[str, ...] = ()
    """Its JSON files that a newer version of the program wrote: read as far as they can be, never written."""
    _lock: filelock.FileLock | None = field(default=None, repr=False)

    @property
    def history_path(self) -> Path:
        """The history."""
        return self.folder / "history.db"

    @property
    def vault_folder(self) -> Path:
        """The vault."""
        return self.folder / "vault"

    def read(self, name: str) -> JsonObject:
        """One of its JSON files, empty where there is none; ConfigError when it cannot be used."""
        return _read_json(self.folder / name)

    def write(self, name: str, value: Mapping[str, object]) -> None:
        """Replace one of its JSON files; fields of the old one that `value` does not name are kept.

        ConfigError when it cannot be written, or a newer version wrote it; the old file is then as it was.
        """
        if self.read_only:
            raise ConfigError(ErrorCode.CONFIG_READ_ONLY, what=name, cause=self.notice or "It was opened for reading.")
        kept = self.read(name)
        if is_newer(kept):
            raise ConfigError(ErrorCode.CONFIG_READ_ONLY, what=name, cause=f"{_NEWER}.")
        try:
            write_json(self.folder / name, {**kept, "format": FORMAT, **value})
        except OSError as error:
            raise ConfigError(ErrorCode.CONFIG_FILE, what=name, cause=error.strerror or str(error)) from error

    def close(self) -> None:
        """Give the lock back; closing twice does nothing."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def choose(argument: str | None, app: AppSettings) -> Path:
    """The folder to open: as named, else the one opened last if it is still there, else `demo`."""
    if argument is not None:
        return Path(argument).expanduser().absolute()
    if app.last_workspace and (Path(app.last_workspace) / "workspace.json").is_file():
        return Path(app.last_workspace)
    return platformdirs.user_data_path(APP, appauthor=False, roaming=False) / "workspaces" / "demo"


def open_or_make(folder: Path, *, clock: Clock, ids: Ids, demo: bool) -> Workspace:
    """Open a workspace under its lock, or make one in a folder that is absent or empty.

    WorkspaceError when it is open elsewhere, is no workspace, was made by a newer version, or lies on a network drive;
    ConfigError when the folder cannot be written.
    """
    if on_network(folder):
        raise WorkspaceError(ErrorCode.WORKSPACE_NETWORK_DRIVE, what=str(folder))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(ErrorCode.CONFIG_FILE, what=str(folder), cause=error.strerror or str(error)) from error
    if not (folder / "workspace.json").exists() and any(one.name != "lock" for one in folder.iterdir()):
        cause = "it holds other files and no workspace.json"
        raise WorkspaceError(ErrorCode.WORKSPACE_NOT_ONE, what=str(folder), cause=cause)
    lock = _locked(folder, clock)
    try:
        if not (folder / "workspace.json").exists():
            _make(folder, clock, ids, demo=demo)
        opened = _opened(folder)
    except BaseException:
        lock.release()
        raise
    opened._lock = lock
    return opened


def open_read_only(folder: Path) -> Workspace:
    """A workspace that is open in another program, for reading; WorkspaceError when it is none."""
    opened = _opened(folder)
    opened.read_only = True
    opened.notice = f"Open in another program ({_holder(folder)}): this window only reads."
    return opened


def on_network(folder: Path) -> bool:
    """Whether a folder lies on a drive that is not of this machine, as far as the system tells."""
    text = str(folder)
    if text.startswith(("\\\\", "//")):
        return True
    if sys.platform == "win32":
        import ctypes

        return ctypes.windll.kernel32.GetDriveTypeW(f"{folder.drive}\\") == 4
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return mount_type(folder, mounts) in _NETWORK_TYPES


def mount_type(folder: Path, mounts: list[str]) -> str:
    """The file system type of the mount a folder lies in, by lines of /proc/self/mounts; empty when unknown."""
    best, kind = "", ""
    for line in mounts:
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ")
        inside = point == "/" or folder == Path(point) or Path(point) in folder.parents
        if inside and len(point) >= len(best):
            best, kind = point, parts[2]
    return kind


def _make(folder: Path, clock: Clock, ids: Ids, *, demo: bool) -> None:
    """The files of a new workspace; `workspace.json` comes last, so that half of one is none."""
    for name in FILES:
        example = assets.path("demo", name)
        if demo and example.is_file():
            write_json(folder / name, json.loads(example.read_text(encoding="utf-8")))
    facts = {
        "format": FORMAT,
        "id": ids(),
        "name": "Demo" if demo else folder.name,
        "demo": demo,
        "made_by": __version__,
        "made": clock().isoformat(timespec="seconds"),
    }
    write_json(folder / "workspace.json", facts)


def _opened(folder: Path) -> Workspace:
    file = folder / "workspace.json"
    if not file.is_file():
        raise WorkspaceError(ErrorCode.WORKSPACE_NOT_ONE, what=str(folder), cause="it holds no workspace.json")
    facts = _read_json(file)
    id, name = facts.get("id"), facts.get("name")
    if not isinstance(id, str) or not isinstance(name, str):
        raise WorkspaceError(ErrorCode.WORKSPACE_NOT_ONE, what=str(folder), cause="its workspace.json is not whole")
    opened = Workspace(folder, id, name, bool(facts.get("demo")))
    opened.newer = tuple(name for name in (*FILES, SEARCHES) if is_newer(_readable(folder / name)))
    if is_newer(facts):
        opened.notice = "Made by a newer version of this program: this window only reads."
    elif opened.newer:
        those = ", ".join(opened.newer)
        opened.notice = f"Written by a newer version of this program ({those}): this window only reads."
    opened.read_only = bool(opened.notice)
    return opened


def is_newer(content: Mapping[str, object]) -> bool:
    """Whether a JSON file says that it has a format this program does not know; one that says none is as ours."""
    made = content.get("format", FORMAT)
    return not isinstance(made, int) or made > FORMAT


def _readable(file: Path) -> JsonObject:
    """A JSON file, or nothing where it cannot be used: whoever needs it says so."""
    try:
        return _read_json(file)
    except ConfigError:
        return {}


def _locked(folder: Path, clock: Clock) -> filelock.FileLock:
    lock = filelock.FileLock(folder / "lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise WorkspaceError(ErrorCode.WORKSPACE_IN_USE, what=str(folder), cause=_holder(folder)) from error
    except OSError as error:
        raise ConfigError(ErrorCode.CONFIG_FILE, what=str(folder), cause=error.strerror or str(error)) from error
    who = {"pid": os.getpid(), "host": socket.gethostname(), "since": clock().isoformat(timespec="seconds")}
    write_json(folder / "lock.json", who)
    return lock


def _holder(folder: Path) -> str:
    """Who has the lock, in words."""
    try:
        who = json.loads((folder / "lock.json").read_text(encoding="utf-8"))
        return f"process {who['pid']} on {who['host']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it does not say which"


def _read_json(file: Path) -> JsonObject:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(ErrorCode.CONFIG_FILE, what=str(file), cause=error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(ErrorCode.CONFIG_FILE, what=str(file), cause=f"it is no JSON ({error})") from error
    if not isinstance(value, dict):
        raise ConfigError(ErrorCode.CONFIG_FILE, what=str(file), cause="it must hold one JSON object")
    return value
