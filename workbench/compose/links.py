"""Who points to whom in a message: the references between its resources, and those that lead nowhere.

Knows references; it must not know which of them BaRS asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.compose.form_names import entry_name
from workbench.messages import ReferenceKind, paths
from workbench.messages.words import words_of

if TYPE_CHECKING:
    from workbench.messages import Message, Reference


@dataclass(frozen=True, slots=True)
class Link:
    """One reference from a resource to another."""

    source: int
    """The number of the entry it stands in."""
    target: int | None
    """The entry it leads to; None where that is not in the message."""
    words: str
    """The element that points, in words: `based on`."""
    path: str
    broken: bool
    """Whether it names an entry that is not there; a link to an earlier message is none."""
    value: str


@dataclass(frozen=True, slots=True)
class LinkMap:
    """The resources of a message and their links."""

    names: tuple[tuple[int, str, str], ...]
    """(number of the entry, path of the resource, name)."""
    links: tuple[Link, ...]
    focus: int | None
    """What the message is about; the first resource where it does not say."""

    def near(self, entry: int) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
        """The links that lead to a resource, and those that lead from it."""
        to = tuple(link for link in self.links if link.target == entry and link.source != entry)
        return to, tuple(link for link in self.links if link.source == entry and link.target != entry)


def links_of(message: Message) -> LinkMap:
    """The links of a Bundle; none for a single resource."""
    entries = message.entries()
    names = tuple((entry.index, entry.path, entry_name(entry)) for entry in entries if entry.type)
    links = tuple(
        _link(found, found.source_entry)
        for found in message.references()
        if found.source_entry is not None and found.kind is not ReferenceKind.FRAGMENT
    )
    focus = next((link.target for link in links if link.words == "focus" and link.target is not None), None)
    return LinkMap(names, links, focus if focus is not None else next((number for number, _, _ in names), None))


def _link(found: Reference, source: int) -> Link:
    steps = [step for step in paths.parse_path(found.path) if isinstance(step, str)]
    element = steps[-2] if len(steps) > 1 else steps[-1]
    missing = found.target_entry is None
    return Link(
        source,
        found.target_entry,
        words_of(element),
        found.path,
        missing and found.kind is ReferenceKind.URN,
        found.value,
    )
