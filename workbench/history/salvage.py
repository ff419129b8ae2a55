"""What can still be read of a damaged history, row by row, into a new file; the damaged one is not touched.

Must not know what the rows mean, beyond which of them hang on others.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from contextlib import closing, suppress
from typing import TYPE_CHECKING, NamedTuple

from workbench.history import migrations
from workbench.history.leaves import Column, fits, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

REMARK = "Its body was lost when the history was damaged."
_BODIES = ("request_body", "response_body", "failure_received")
_EMPTY = hashlib.sha256(b"").hexdigest()
_LARGEST = 1 << 40
"""No history has so many rows."""
_TOGETHER = 256
"""Rows that are read together."""
_GIVEN_UP = 20_000
"""Reads on end that gave nothing."""
_SCHEMA = ("table", "index", "trigger", "view")
"""What the rows of `sqlite_schema` begin with."""

Row = tuple[object, ...]


class Salvaged(NamedTuple):
    """What could be read."""

    exchanges: int
    bodies_lost: int
    """Bodies of those exchanges that could not."""


def salvage(damaged: Path, fresh: Path) -> Salvaged:
    """Write a new history with every row that can be read of a damaged one; OSError or sqlite3.Error where not even
    that can be written. A file that is no database gives an empty history."""
    fresh.unlink(missing_ok=True)
    with closing(_opened(damaged)) as old:
        version = _version(old)
        with closing(sqlite3.connect(fresh, isolation_level=None)) as new:
            fresh.chmod(0o600)
            migrations.apply(new, migrations.MIGRATIONS[:version], 0)
            new.execute("PRAGMA foreign_keys=OFF")
            new.execute("BEGIN IMMEDIATE")
            tables = _tables(new)
            whole = [_copy(old, new, table) for table in tables]
            if not all(whole):
                _from_leaves(damaged, new, tables)
            lost = _mend(new, version)
            (exchanges,) = new.execute("SELECT count(*) FROM exchange").fetchone()
            new.execute("COMMIT")
    return Salvaged(exchanges, lost)


def _opened(damaged: Path) -> sqlite3.Connection:
    old = sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    old.execute("PRAGMA query_only=ON")
    with suppress(sqlite3.Error):
        old.execute("PRAGMA writable_schema=ON")  # one broken line of the schema does not hide the others
    return old


def _version(old: sqlite3.Connection) -> int:
    """The schema it has; the present one where that cannot be told."""
    newest = len(migrations.MIGRATIONS)
    try:
        version = int(old.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error:
        return newest
    return version if 1 <= version <= newest else newest


def _tables(new: sqlite3.Connection) -> tuple[str, ...]:
    """Everything but the search index, which is made anew; bodies first."""
    found = new.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    names = (name for (name,) in found if not name.startswith(("sqlite_", "search")))
    return tuple(sorted(names, key=lambda name: (name != "body", name != "exchange", name)))


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> bool:
    """Copy what SQLite can read of a table; whether that is all of it."""
    try:
        there = {row[1] for row in old.execute(f"PRAGMA table_info('{table}')")}
    except sqlite3.Error:
        return False
    columns = [row[1] for row in new.execute(f"PRAGMA table_info('{table}')") if row[1] in there]
    if not columns:
        return False
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    sql = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"
    damage: list[sqlite3.Error] = []
    for row in _readable(old, table, names, damage):
        if table == "body" and not _whole(dict(zip(columns, row, strict=True))):
            continue
        with suppress(sqlite3.Error):  # a row that is read but makes no sense is as lost as one that is not read
            new.execute(sql, row)
    return not damage


def _from_leaves(damaged: Path, new: sqlite3.Connection, tables: Sequence[str]) -> None:
    """Add the rows to which no page leads any more. What SQLite could read of a row stays: it is the latest of it."""
    shapes = {table: _columns(new, table) for table in tables if _has_rowid(new, table)}
    for leaf in leaves(damaged):
        if leaf.values[:1] and leaf.values[0] in _SCHEMA:
            continue  # what made a table has the shape of a run
        found = [(table, row) for table, shape in shapes.items() if (row := fits(leaf, shape)) is not None]
        if len(found) != 1:
            continue  # of no table, or nobody can tell of which
        ((table, row),) = found
        if table == "body" and not _whole(row):
            continue
        sql = f"INSERT OR IGNORE INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
        with suppress(sqlite3.Error):
            new.execute(sql, tuple(row.values()))


def _columns(new: sqlite3.Connection, table: str) -> tuple[Column, ...]:
    return tuple(
        Column(name, declared, bool(needed) and default is None, declared == "INTEGER" and bool(key))
        for _, name, declared, needed, default, key in new.execute(f"PRAGMA table_info('{table}')")
    )


def _whole(body: Mapping[str, object]) -> bool:
    """Whether a body is what its hash says."""
    data = body.get("data")
    try:
        return isinstance(data, bytes) and hashlib.sha256(zlib.decompress(data)).hexdigest() == body.get("sha256")
    except zlib.error:
        return False


def _readable(old: sqlite3.Connection, table: str, names: str, damage: list[sqlite3.Error]) -> Iterator[Row]:
    """Every row that can be read; a place that cannot be is passed by, and why is added to `damage`."""
    if _has_rowid(old, table):
        yield from _between(old, table, names, _last(old, table), damage)
        return
    for order in ("ASC", "DESC"):  # up to the damage from both sides; what comes twice is ignored
        try:
            yield from old.execute(f"SELECT {names} FROM {table} ORDER BY 1 {order}")
        except sqlite3.Error as error:
            damage.append(error)
            continue
        return


def _has_rowid(old: sqlite3.Connection, table: str) -> bool:
    try:
        old.execute(f"SELECT rowid FROM {table} LIMIT 0")
    except sqlite3.OperationalError as error:
        return "no such column" not in str(error)
    except sqlite3.Error:
        return True
    return True


def _last(old: sqlite3.Connection, table: str) -> int:
    for sql in (f"SELECT max(rowid) FROM {table}", f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'"):
        try:
            if (row := old.execute(sql).fetchone()) is not None:
                return int(row[0] or 0)
        except sqlite3.Error:
            continue
    return _LARGEST


def _between(old: sqlite3.Connection, table: str, names: str, last: int, damage: list[sqlite3.Error]) -> Iterator[Row]:
    """The rows up to a row id, some at a time. What fails is read in halves, until a single row is given up; after so
    many of those on end the rest is taken for lost. Where there is nothing it goes on at the next row."""
    sql = f"SELECT {names} FROM {table} WHERE rowid BETWEEN ? AND ?"
    failed, start = 0, 0
    while start <= last:
        end = min(start + _TOGETHER - 1, last)
        waiting = [(start, end)]
        start = end + 1
        while waiting:
            low, high = waiting.pop()
            try:
                found = old.execute(sql, (low, high)).fetchall()
            except sqlite3.Error as error:
                damage[:] = [error]
                if low < high:
                    middle = (low + high) // 2
                    waiting += [(middle + 1, high), (low, middle)]
                else:
                    failed += 1
                continue
            yield from found
            failed = failed + 1 if not found else 0
            if not found and not waiting:
                start = _next(old, table, start)
            if failed > _GIVEN_UP:
                return
        if failed > _GIVEN_UP:
            return


def _next(old: sqlite3.Connection, table: str, start: int) -> int:
    """The first row id from there on; that one where it cannot be told, or there is none."""
    with suppress(sqlite3.Error):
        (found,) = old.execute(f"SELECT min(rowid) FROM {table} WHERE rowid >= ?", (start,)).fetchone()
        return start if found is None else int(found)
    return start


def _mend(new: sqlite3.Connection, version: int) -> int:
    """Have every row hang on rows that are there; gives how many bodies are lost."""
    new.execute("INSERT OR IGNORE INTO body (sha256, size, data) VALUES (?, 0, ?)", (_EMPTY, zlib.compress(b"", 1)))
    told = f", remark = '{REMARK}'" if version >= 3 else ""
    lost = 0
    for column in _BODIES:
        sql = (
            f"UPDATE exchange SET {column} = ?{told}"
            f" WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT sha256 FROM body)"
        )
        lost += new.execute(sql, (_EMPTY,)).rowcount
    while broken := new.execute("PRAGMA foreign_key_check").fetchall():
        for table, rowid, _, _ in broken:
            if rowid is not None:
                new.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,))
            else:
                _drop_orphans(new, table)
    new.execute("UPDATE exchange SET conversation = NULL WHERE conversation NOT IN (SELECT id FROM conversation)")
    return lost


def _drop_orphans(new: sqlite3.Connection, table: str) -> None:
    """Of a table without row ids, the rows whose parents are gone."""
    rows: dict[int, list[tuple[str, str, str]]] = {}
    for number, _, parent, own, other, *_ in new.execute(f"PRAGMA foreign_key_list('{table}')"):
        rows.setdefault(number, []).append((parent, own, other))
    for pairs in rows.values():
        same = " AND ".join(f"parent.{other} = {table}.{own}" for _, own, other in pairs)
        new.execute(f"DELETE FROM {table} WHERE NOT EXISTS (SELECT 1 FROM {pairs[0][0]} AS parent WHERE {same})")
