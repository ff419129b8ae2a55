"""The references of a Bundle and the entries they point to.

Knows how FHIR writes references and entries; must not know which of them BaRS asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from workbench.messages import tree
from workbench.messages.identity import strip_urn, type_and_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbench.messages.values import JsonObject

ENTRIES = "entry"


class ReferenceKind(StrEnum):
    """How a reference is written."""

    URN = "urn"
    RELATIVE = "relative"
    ABSOLUTE = "absolute"
    FRAGMENT = "fragment"


class Entry(NamedTuple):
    """One entry of a Bundle."""

    index: int  # type: ignore[assignment]  # the method of that name is of no use here
    path: str
    """Of the resource: `Bundle.entry[3].resource`."""
    full_url: str | None
    resource: JsonObject
    """Empty when the entry holds none."""
    type: str
    """The resource type as written; empty when it has none."""
    id: str | None
    """The resource's own id."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One `reference` of a resource."""

    path: str
    """Of the text itself, for example `Bundle.entry[2].resource.subject.reference`."""
    value: str
    target_entry: int | None
    """The entry it points to; None when it points to none (a fragment: its own entry)."""
    kind: ReferenceKind
    source_entry: int | None
    """The entry it stands in; None outside a Bundle."""


def entries_of(resource: JsonObject, first: int = 0) -> tuple[Entry, ...]:
    """The entries of a Bundle with the index they have in it, counted from `first`; empty for any other resource."""
    held = resource.get(ENTRIES)
    if resource.get("resourceType") != "Bundle" or not isinstance(held, list):
        return ()
    found: list[Entry] = []
    for index, item in enumerate(held, first):
        entry = tree.as_object(item)
        found.append(entry_in(index, tree.as_object(entry.get("resource")), tree.text(entry.get("fullUrl"))))
    return tuple(found)


def entry_in(index: int, resource: JsonObject, full_url: str | None) -> Entry:
    """One entry with what is asked of its resource again and again."""
    kind = tree.text(resource.get("resourceType")) or ""
    path = f"Bundle.entry[{index}].resource"
    return Entry(index, path, full_url, resource, kind, tree.text(resource.get("id")))


def kind_of(value: str) -> ReferenceKind:
    """How a reference is written; a bare id counts as relative."""
    if value.startswith("#"):
        return ReferenceKind.FRAGMENT
    if value.lower().startswith("urn:"):
        return ReferenceKind.URN
    return ReferenceKind.ABSOLUTE if "://" in value else ReferenceKind.RELATIVE


class Targets:
    """Finds the entry that a reference points to."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._by_url: dict[str, int] = {}
        self._by_id: dict[tuple[str, str], int] = {}
        for entry in entries:
            if entry.full_url:
                self._by_url.setdefault(_key(entry.full_url), entry.index)
                if named := type_and_id(entry.full_url):
                    self._by_id.setdefault(named, entry.index)
            if entry.id:
                self._by_id.setdefault((entry.type, entry.id), entry.index)

    def entry(self, value: str) -> int | None:
        """The index of the entry, or None: by fullUrl first, then by type and id. Fragments are not looked up."""
        found = self._by_url.get(_key(value))
        if found is None and (named := type_and_id(value)):
            found = self._by_id.get(named)
        return found


def references_of(resource: JsonObject, entries: Sequence[Entry]) -> tuple[Reference, ...]:
    """Every reference in document order."""
    targets = Targets(entries)
    parts: list[tuple[int | None, str, JsonObject]] = [(entry.index, entry.path, entry.resource) for entry in entries]
    if not parts:
        parts = [(None, str(resource.get("resourceType") or "Resource"), resource)]
    found: list[Reference] = []
    for index, path, part in parts:
        for here, value in tree.walk(part, path):
            if here.endswith(".reference") and isinstance(value, str):
                kind = kind_of(value)
                target = index if kind is ReferenceKind.FRAGMENT else targets.entry(value)
                found.append(Reference(here, value, target, kind, index))
    return tuple(found)


def _key(url: str) -> str:
    """URNs compare without case, everything else as it stands."""
    if url.startswith("urn:uuid:"):  # nearly all are
        return url[len("urn:uuid:") :].rstrip().lower()
    return strip_urn(url).lower() if url.strip().lower().startswith("urn:") else url


def by_type(entries: Sequence[Entry]) -> Mapping[str, tuple[Entry, ...]]:
    """The entries of every resource type, in entry order."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.type, []).append(entry)
    return {kind: tuple(same) for kind, same in found.items()}
