"""A list of named things that are looked up by id or by what else they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from workbench.errors import ConfigError, ErrorCode

if TYPE_CHECKING:
    from collections.abc import Iterable


class Named(Protocol):
    """Something with an id."""

    @property
    def id(self) -> str:
        """Its id."""
        ...


T = TypeVar("T", bound=Named)


class Shelf(Generic[T]):
    """Things by id, in the order they were given; `code` is the error of looking for one that is not there."""

    def __init__(self, things: Iterable[T], code: ErrorCode) -> None:
        self._things = {thing.id: thing for thing in things}
        self._code = code

    def all(self) -> tuple[T, ...]:
        """Every one."""
        return tuple(self._things.values())

    def names(self) -> tuple[str, ...]:
        """Every id."""
        return tuple(self._things)

    def get(self, id: str) -> T:
        """One by its id; KeyError where there is none."""
        return self._things[id]

    def find(self, text: str) -> T:
        """One by its id or by another of its names, without case; ConfigError that lists the ids where none fits."""
        wanted = text.strip().lower()
        for thing in self._things.values():
            if wanted in (thing.id.lower(), *(name.lower() for name in getattr(thing, "names", ()))):
                return thing
        raise ConfigError(self._code, what=text or "(none)", cause=", ".join(self._things))
