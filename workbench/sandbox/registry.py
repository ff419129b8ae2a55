"""Resources that the national indexes of the sandbox hold; kept elsewhere through `on_change`.

Knows no call and no rule. What is here was written by clients; what follows from the partners is worked out elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workbench.messages import JsonObject, JsonValue

    Changed = Callable[[str, str, JsonObject | None], None]
    """Told of (shelf, id, resource) when one was put in, and with None when it was taken out."""


class Registry:
    """Resources by shelf (`Endpoint`, `DocumentReference`) and id. Only the loop's thread touches it."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], JsonObject] = {}
        self.on_change: Changed | None = None

    def put(self, shelf: str, id: str, resource: JsonObject) -> None:
        """Add or replace one."""
        self._held[shelf, id] = resource
        if self.on_change is not None:
            self.on_change(shelf, id, resource)

    def remove(self, shelf: str, id: str) -> None:
        """Take one out; KeyError where there is none."""
        del self._held[shelf, id]
        if self.on_change is not None:
            self.on_change(shelf, id, None)

    def find(self, shelf: str, id: str) -> JsonObject | None:
        """One by its id."""
        return self._held.get((shelf, id))

    def of(self, shelf: str) -> tuple[JsonObject, ...]:
        """All of a shelf, in the order they came."""
        return tuple(resource for (name, _), resource in self._held.items() if name == shelf)

    def snapshot(self) -> JsonObject:
        """Everything as JSON: shelf, then id."""
        kept: dict[str, JsonValue] = {}
        for (shelf, id), resource in self._held.items():
            tree.as_object(kept.setdefault(shelf, {}))[id] = resource
        return kept

    def restore(self, snapshot: Mapping[str, JsonValue]) -> None:
        """Replace everything by a snapshot; `on_change` is not told."""
        self._held = {
            (shelf, id): tree.as_object(resource)
            for shelf, held in snapshot.items()
            for id, resource in tree.as_object(held).items()
        }
