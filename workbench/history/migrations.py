"""Brings a history file to the present schema, with a copy in `backups/` first; refuses what is not ours or newer.

Each migration is one appended entry of `MIGRATIONS`; an old entry is never edited.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, StoreError
from workbench.history.schema import (
    APPLICATION_ID,
    VERSION_1,
    VERSION_2,
    VERSION_3,
    VERSION_4,
    VERSION_5,
    VERSION_6,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

MIGRATIONS: tuple[tuple[str, ...], ...] = (VERSION_1, VERSION_2, VERSION_3, VERSION_4, VERSION_5, VERSION_6)
"""Statements that lead from version n to n + 1; the version is `PRAGMA user_version`."""


def create(path: Path) -> None:
    """Make an empty history at `path`: complete beside it first, then renamed, so that a crash leaves none."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb"):
        pass
    with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        apply(connection, MIGRATIONS, 0)
    fresh.replace(path)


def examine(connection: sqlite3.Connection, path: Path, *, whole: bool = True, bodies: bool = True) -> int:
    """The schema version of an existing file; StoreError where it is damaged, not ours, or newer than this program.

    Every table is checked but the search index, which can be made again; without `bodies` not those either, which are
    most of a file and carry their own hash; without `whole` only the head of the file is looked at.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    if application != APPLICATION_ID:
        raise StoreError(ErrorCode.STORE_CORRUPT, what=path.name, cause="it is not a history of this program")
    if version > len(MIGRATIONS):
        raise StoreError(ErrorCode.STORE_NEWER, what=path.name)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for table in tables if whole else ():
        if table.startswith(("sqlite_", "search")) or (table == "body" and not bodies):
            continue
        verdict = connection.execute(f"PRAGMA quick_check('{table}')").fetchone()[0]
        if verdict != "ok":
            raise StoreError(ErrorCode.STORE_CORRUPT, what=path.name, cause=str(verdict).splitlines()[0])
    return version


def migrate(
    connection: sqlite3.Connection,
    path: Path,
    version: int,
    now: datetime,
    migrations: Sequence[tuple[str, ...]] = MIGRATIONS,
) -> Path | None:
    """Apply what is missing in one transaction; gives the backup that was made, None when nothing was to do."""
    if version >= len(migrations):
        return None
    copy = back_up(connection, path, version, now)
    apply(connection, migrations, version)
    return copy


def back_up(connection: sqlite3.Connection, path: Path, version: int, now: datetime) -> Path:
    """A complete copy in `backups/`, named after the version and the time (UTC)."""
    folder = path.parent / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"{path.stem}-v{version}-{now.astimezone(UTC):%Y%m%dT%H%M%S%f}Z.db"
    unfinished = target.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(unfinished)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    unfinished.chmod(0o600)
    return unfinished.replace(target)


def apply(connection: sqlite3.Connection, migrations: Sequence[tuple[str, ...]], version: int) -> None:
    """Run the migrations after `version` in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statements in migrations[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
