"""The calls of the interface: method, path, versions, headers (API specification 1.0.0 to 1.5.0)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets
from workbench.standard.versions import is_at_least

if TYPE_CHECKING:
    from collections.abc import Mapping

CATALOGUE = "Catalogue"
"""The group of the endpoint catalogue: a preview that the guide says not to build against."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One call."""

    id: str
    method: str
    path: str
    """Below the base address; `{id}` stands for a resource id."""
    title: str
    header_set: str
    """Letters that `headers.toml` explains, with blanks between; empty for the token endpoint."""
    since: str
    """API version from which on it exists."""
    answer: str
    """Resource type of a good answer; empty where it is not FHIR, or one of several."""
    until: str = ""
    """The last API version that has it; empty = it is still there."""
    older_sets: tuple[tuple[str, str], ...] = ()
    """(API version, letters): what it carried from that version on, before `header_set`."""
    plain_accept: str = ""
    """API version from which on Accept carries no version; empty = it always does."""
    body: str = ""
    """Resource type that is sent; empty where nothing is."""
    group: str = ""
    """Where lists of calls show it; empty = in none."""

    @property
    def carries_use_context(self) -> bool:
        """Whether `use-context` goes with it."""
        return "U" in self.letters()

    @property
    def needs_target(self) -> bool:
        """Whether NHSD-Target-Identifier must go with it."""
        return "H" in self.letters()

    @property
    def preview(self) -> bool:
        """Whether it is published for looking at only."""
        return self.group == CATALOGUE

    def letters(self, version: str = "") -> frozenset[str]:
        """The letters of its header set in a version of the interface; without one, in the newest."""
        chosen = self.header_set
        for since, older in self.older_sets:
            if version and is_at_least(version, since) and not is_at_least(version, _AFTER[since]):
                chosen = older
        return frozenset(chosen.split())

    def exists_in(self, version: str) -> bool:
        """Whether a version of the interface has it."""
        return is_at_least(version, self.since) and (not self.until or is_at_least(self.until, version))


_AFTER = {"1.1.0": "1.2.0", "1.2.0": "1.4.0"}
"""The version in which the headers of a call changed, by the version that they had stood in since."""


@cache
def operations() -> Mapping[str, Operation]:
    """Every call by id."""
    return {
        row["id"]: Operation(
            row["id"],
            row["method"],
            row["path"],
            row["title"],
            row["set"],
            row["since"],
            row["answer"],
            row.get("until", ""),
            tuple(row.get("older", {}).items()),
            row.get("plain", ""),
            row.get("body", ""),
            row.get("group", ""),
        )
        for row in assets.table("standard", "operations.toml")["operation"]
    }


def operation_at(method: str, url: str) -> Operation:
    """The call that a method and an address are; the row `unknown` where they are none of the table."""
    parts = url.partition("?")[0].rstrip("/").split("/")
    known = operations()
    for row in known.values():
        wanted = row.path.split("/")[1:]
        if row.method != method.upper() or not row.method or len(parts) < len(wanted):
            continue
        if all(one in ("{id}", given) for one, given in zip(wanted, parts[-len(wanted) :], strict=True)):
            return row
    return known["unknown"]
