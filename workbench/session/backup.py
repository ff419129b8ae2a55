"""A workspace as one file, and back: the shared files, the history as it is at that moment, and the vault as it lies.

The vault's secrets stay encrypted: its key is in the system's keyring or a passphrase, which the file does not hold.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from workbench import __version__
from workbench.directory.directory import built_in_environments, read_environments
from workbench.errors import ConfigError, ErrorCode, StoreError
from workbench.files import check_zip
from workbench.history import migrations
from workbench.history.store import store_error

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.directory.environments import Environment
    from workbench.session.engine import Engine

MANIFEST = "backup.json"
FORMAT = 1
HISTORY = "history.db"
ENVIRONMENTS = "environments.json"
_LARGEST = 64_000_000_000
"""Bytes of all files that a backup may say it holds."""
_BLOCK = 1 << 20


class BackedUp(NamedTuple):
    """What was written."""

    path: str
    files: int
    size: int


class Restored(NamedTuple):
    """What was brought back."""

    folder: str
    name: str
    """Of the workspace."""
    files: int
    brings: tuple[str, ...] = ()
    """Where its environments send and whom they trust, a sentence each, where that is not as the program has it. That
    certificates are not checked is never kept, so no backup brings it."""


class Backup:
    """Backs up the open workspace; called on the I/O thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def write(self, path: str) -> BackedUp:
        """Write the workspace to one file, whole or not at all; StoreError when it cannot be written.

        Messages go on being recorded meanwhile: the history in the file is that of one moment.
        """
        workspace = self._engine.workspace
        now = self._engine.clock()
        return await asyncio.to_thread(_write, Path(path).expanduser().absolute(), workspace.folder, now)

    async def restore(self, path: str, folder: str) -> Restored:
        """As `restore`, off the loop."""
        return await asyncio.to_thread(restore, Path(path), Path(folder).expanduser().absolute())


def _write(target: Path, folder: Path, now: datetime) -> BackedUp:
    beside = target.with_name(f".{target.name}.new")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as scratch:
            copy = Path(scratch) / HISTORY
            _copy_history(folder / HISTORY, copy)
            files = {HISTORY: copy, **_shared(folder)}
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as out:
                with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                    listed = {name: _add(archive, name, file) for name, file in files.items()}
                    facts = {"format": FORMAT, "made_by": __version__, "made": now.isoformat(timespec="seconds")}
                    archive.writestr(MANIFEST, json.dumps({**facts, "files": listed}, indent=2))
                out.flush()
                os.fsync(out.fileno())
        beside.replace(target)
    except (OSError, sqlite3.Error) as error:
        beside.unlink(missing_ok=True)
        raise store_error(error, target.name, "the backup") from error
    return BackedUp(str(target), len(files), target.stat().st_size)


def _copy_history(history: Path, copy: Path) -> None:
    """The history of one moment, from a connection of its own that only reads."""
    with (
        closing(sqlite3.connect(f"{history.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.execute("PRAGMA query_only=ON")
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    copy.chmod(0o600)


def _shared(folder: Path) -> dict[str, Path]:
    """The files of a workspace that are copied as they lie: JSON files and the vault, no locks and no older copies."""
    found = {one.name: one for one in sorted(folder.glob("*.json")) if one.name != "lock.json"}
    vault = folder / "vault"
    for one in sorted(vault.rglob("*")):
        if one.is_file() and not one.name.startswith("."):
            found[one.relative_to(folder).as_posix()] = one
    return found


def _add(archive: zipfile.ZipFile, name: str, file: Path) -> dict[str, object]:
    digest, size = hashlib.sha256(), 0
    with file.open("rb") as source, archive.open(name, "w", force_zip64=True) as entry:
        while block := source.read(_BLOCK):
            digest.update(block)
            size += len(block)
            entry.write(block)
    return {"sha256": digest.hexdigest(), "size": size}


def restore(path: Path, folder: Path) -> Restored:
    """Make a workspace of a backup in a folder that is empty or not there yet, whole or not at all.

    StoreError `store.restore` for a file that is no whole backup or a folder that is in use, `store.newer` for one of a
    newer version.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise _unfit(path, f"the folder {folder} is not empty")
    fresh = folder.with_name(f".{folder.name}.new")
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        with zipfile.ZipFile(path) as archive:
            check_zip(archive)
            listed = _listed(archive, path)
            for name, facts in listed.items():
                _unpack(archive, name, facts, fresh, path)
        name, brought = _checked(fresh, path), _brought(fresh, path)
        if folder.exists():
            folder.rmdir()
        fresh.replace(folder)
    except (zipfile.BadZipFile, EOFError, RuntimeError, ValueError) as error:
        raise _unfit(path, f"it is no whole backup ({error})") from error
    except (OSError, sqlite3.Error) as error:
        raise store_error(error, path.name, "the workspace") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Restored(str(folder), name, len(listed), brought)


def _brought(folder: Path, path: Path) -> tuple[str, ...]:
    """What of the environments in an unpacked workspace leads elsewhere than the program's own."""
    file = folder / ENVIRONMENTS
    try:
        rows = read_environments(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else ()
    except ConfigError as error:
        raise _unfit(path, f"its {ENVIRONMENTS} cannot be read: {error.sentence.rstrip('.')}") from error
    known = {url for one in built_in_environments() for url in _addresses(one)}
    found: list[str] = []
    for one in rows:
        found += [f"{one.title} sends to {url}." for url in _addresses(one) if url not in known]
        found += [f"{one.title} goes through the proxy {one.proxy}."] if one.proxy else []
        found += [f"{one.title} trusts the authorities in {one.ca}."] if one.ca else []
    return tuple(found)


def _addresses(environment: Environment) -> tuple[str, ...]:
    return tuple(url for url in (environment.base_url, environment.token_url) if url)


def _listed(archive: zipfile.ZipFile, path: Path) -> dict[str, tuple[str, int]]:
    """What the backup says it holds: (hash, size) by name; ValueError or StoreError where that cannot be true."""
    if MANIFEST not in archive.namelist():
        raise _unfit(path, f"it holds no {MANIFEST}")
    if archive.getinfo(MANIFEST).file_size > 16 * _BLOCK:
        raise ValueError(f"its {MANIFEST} is too large")
    facts = json.loads(archive.read(MANIFEST))
    if not isinstance(facts, dict) or not isinstance(facts.get("files"), dict):
        raise ValueError(f"its {MANIFEST} lists no files")
    if not isinstance(facts.get("format"), int):
        raise ValueError(f"its {MANIFEST} says no format")
    if facts["format"] > FORMAT:
        raise StoreError(ErrorCode.STORE_NEWER, what=path.name)
    found: dict[str, tuple[str, int]] = {}
    for name, one in facts["files"].items():
        if not _allowed(name) or not isinstance(one, dict):
            raise ValueError(f"{name!r} does not belong in a workspace")
        sha256, size = one.get("sha256"), one.get("size")
        if not isinstance(sha256, str) or not isinstance(size, int) or size < 0:
            raise ValueError(f"it gives {name} no hash or no size")
        found[name] = (sha256, size)
    if sum(size for _, size in found.values()) > _LARGEST:
        raise ValueError("it says that it is larger than any workspace")
    if not {"workspace.json", HISTORY} <= set(found):
        raise ValueError(f"it lists no workspace.json or no {HISTORY}")
    return found


def _allowed(name: str) -> bool:
    """Whether a file of a backup may lie in a workspace under this name."""
    parts = PurePosixPath(name).parts
    plain = not any(part.startswith(".") or ":" in part or "\\" in part for part in parts)
    inside = (len(parts) == 1 and (name == HISTORY or name.endswith(".json"))) or (
        len(parts) > 1 and parts[0] == "vault"
    )
    return plain and inside and not name.startswith("/")


def _unpack(archive: zipfile.ZipFile, name: str, facts: tuple[str, int], folder: Path, path: Path) -> None:
    sha256, size = facts
    target = folder / name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, written = hashlib.sha256(), 0
    try:
        entry = archive.open(name)
    except KeyError as error:
        raise _unfit(path, f"{name} is missing in it") from error
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with entry, os.fdopen(handle, "wb") as out:
        while block := entry.read(_BLOCK):
            written += len(block)
            if written > size:
                break
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if written != size or digest.hexdigest() != sha256:
        raise _unfit(path, f"{name} in it is damaged")


def _checked(folder: Path, path: Path) -> str:
    """The name of the workspace that was unpacked, once its history is whole."""
    history = folder / HISTORY
    with closing(sqlite3.connect(f"{history.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        migrations.examine(connection, history)
    facts = json.loads((folder / "workspace.json").read_text(encoding="utf-8"))
    if not isinstance(facts, dict) or not isinstance(facts.get("id"), str):
        raise _unfit(path, "its workspace.json is not whole")
    return str(facts.get("name") or folder.name)


def _unfit(path: Path, cause: str) -> StoreError:
    return StoreError(ErrorCode.STORE_RESTORE, what=path.name, cause=cause)
