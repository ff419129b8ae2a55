"""Things others keep here as JSON: state of receivers and of the sandbox, drafts, runs of scenarios.

Knows nothing of what the JSON means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.history import codec, together
from workbench.history.gathered import Row, Rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from workbench.history.store import Job, Store
    from workbench.messages.values import JsonObject, JsonValue

_KEEP = "INSERT OR REPLACE INTO state_item (owner, kind, id, data) VALUES"
Items = dict[tuple[str, str], "JsonValue"]
"""Values by (kind, id)."""


class StateItems:
    """State of one owner (a receiver, the sandbox) as values by (kind, id)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def load(self, owner: str) -> Items:
        """Everything an owner has kept."""

        def query(connection: sqlite3.Connection) -> Items:
            found = connection.execute("SELECT kind, id, data FROM state_item WHERE owner = ?", (owner,))
            return {(row["kind"], row["id"]): codec.load(row["data"]) for row in found}

        return await self._store.read(query)

    async def save(self, owner: str, items: Mapping[tuple[str, str], JsonValue]) -> None:
        """Add or replace some items of an owner, all or none; None takes an item away."""
        await self._store.run(self._saving(owner, items), "the state")

    @property
    def answering(self) -> str:
        """Id of the exchange that this task is about to answer; empty where it answers none."""
        waiting = together.current()
        return waiting.exchange if waiting is not None else ""

    def save_with_answer(
        self, owner: str, items: Mapping[tuple[str, str], JsonValue], lost: Callable[[], None]
    ) -> bool:
        """As `save`, in the transaction of the answer that this task is about to give; False where it gives none.

        `lost` is called when that could not be stored.
        """
        waiting = together.current()
        if waiting is None:
            return False
        waiting.jobs.append(self._saving(owner, items))
        waiting.lost.append(lost)
        return True

    @staticmethod
    def _saving(owner: str, items: Mapping[tuple[str, str], JsonValue]) -> Job[int]:
        kept = [Row(_KEEP, (owner, *key, codec.dump(value))) for key, value in items.items() if value is not None]
        gone = [(owner, *key) for key, value in items.items() if value is None]
        if not gone:
            return Rows(kept)

        def job(connection: sqlite3.Connection) -> int:
            connection.executemany("DELETE FROM state_item WHERE owner = ? AND kind = ? AND id = ?", gone)
            return Rows(kept)(connection)

        return job

    async def clear(self, owner: str) -> None:
        """Forget everything an owner has kept."""
        sql = "DELETE FROM state_item WHERE owner = ?"
        await self._store.run(lambda connection: connection.execute(sql, (owner,)).rowcount, "the state")


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in a list."""

    id: str
    title: str
    updated: datetime


class Drafts:
    """Drafts as they were last saved."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def save(self, id: str, title: str, updated: datetime, data: Mapping[str, object]) -> None:
        """Add or replace a draft."""
        row = (id, title, codec.when(updated), codec.dump(data))
        sql = "INSERT OR REPLACE INTO draft (id, title, updated, data) VALUES (?, ?, ?, ?)"
        await self._store.run(lambda connection: connection.execute(sql, row).rowcount, "the draft")

    async def load(self, id: str) -> JsonObject:
        """The JSON of a draft; KeyError where there is none."""
        return await self._store.read(lambda connection: _data(connection, "draft", id))

    async def list(self) -> tuple[DraftRow, ...]:
        """Every draft, latest first."""

        def query(connection: sqlite3.Connection) -> tuple[DraftRow, ...]:
            found = connection.execute("SELECT id, title, updated FROM draft ORDER BY updated DESC, id")
            return tuple(DraftRow(row["id"], row["title"], codec.instant(row["updated"])) for row in found)

        return await self._store.read(query)

    async def delete(self, id: str) -> None:
        """Take a draft away, if it is there."""
        sql = "DELETE FROM draft WHERE id = ?"
        await self._store.run(lambda connection: connection.execute(sql, (id,)).rowcount, "the deletion")


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run of a scenario in a list."""

    id: str
    scenario: str
    started: datetime
    passed: bool | None
    """None while it has not ended."""


class Runs:
    """Runs of scenarios with their results."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def save(self, row: RunRow, data: Mapping[str, object]) -> None:
        """Add or replace a run."""
        passed = None if row.passed is None else int(row.passed)
        values = (row.id, row.scenario, codec.when(row.started), passed, codec.dump(data))
        sql = "INSERT OR REPLACE INTO run (id, scenario, started, passed, data) VALUES (?, ?, ?, ?, ?)"
        await self._store.run(lambda connection: connection.execute(sql, values).rowcount, "the run")

    async def load(self, id: str) -> JsonObject:
        """The JSON of a run; KeyError where there is none."""
        return await self._store.read(lambda connection: _data(connection, "run", id))

    async def list(self, limit: int = 200) -> tuple[RunRow, ...]:
        """The latest runs, latest first."""

        def query(connection: sqlite3.Connection) -> tuple[RunRow, ...]:
            sql = "SELECT id, scenario, started, passed FROM run ORDER BY started DESC, id LIMIT ?"
            return tuple(
                RunRow(
                    row["id"],
                    row["scenario"],
                    codec.instant(row["started"]),
                    None if row["passed"] is None else bool(row["passed"]),
                )
                for row in connection.execute(sql, (limit,))
            )

        return await self._store.read(query)


def _data(connection: sqlite3.Connection, table: str, id: str) -> JsonObject:
    row = connection.execute(f"SELECT data FROM {table} WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise KeyError(id)
    return codec.load_object(row["data"])
