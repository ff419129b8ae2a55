"""Headers of answers as the OWASP Secure Headers Project lists them: to add, to remove, out of use.

Advice for servers; the standard of bookings and referrals asks for none of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class AddedHeader:
    """A header the project would add."""

    name: str
    value: str
    """As published; empty where it is a long list."""
    level: str
    """`advice` where it makes sense for an interface, `note` where only browsers look, `none` where it is not asked."""


@dataclass(frozen=True, slots=True)
class RemovedGroup:
    """Headers the project would remove, by what they tell."""

    group: str
    title: str
    """What holds when none of them is there."""
    level: str
    """`warn` or `advice`."""
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeprecatedHeader:
    """A header nobody should send any more."""

    name: str
    level: str
    text: str
    """Why, to follow "it is there, but"."""


@dataclass(frozen=True, slots=True)
class SecureHeaders:
    """The lists, with the day they were last changed by the project."""

    updated: str
    add: tuple[AddedHeader, ...]
    remove: tuple[RemovedGroup, ...]
    deprecated: tuple[DeprecatedHeader, ...]

    @property
    def removed(self) -> Mapping[str, RemovedGroup]:
        """The group of every name to remove, lower case."""
        return {name.lower(): group for group in self.remove for name in group.names}


@cache
def secure_headers() -> SecureHeaders:
    """The lists of `resources/standard/secure_headers.toml`."""
    table = assets.table("standard", "secure_headers.toml")
    return SecureHeaders(
        table["last_update_utc"],
        tuple(AddedHeader(row["name"], row["value"], row["level"]) for row in table["add"]),
        tuple(RemovedGroup(row["group"], row["title"], row["level"], tuple(row["names"])) for row in table["remove"]),
        tuple(DeprecatedHeader(row["name"], row["level"], row["text"]) for row in table["deprecated"]),
    )
