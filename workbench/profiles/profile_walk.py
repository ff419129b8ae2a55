"""A message walked once along the R4 types: its resources, extensions and codings, each with the resource it is in.

Judges nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from workbench.messages import tree
from workbench.profiles.profile_values import Item, Located, items_of

_EXTENSIONS = ("extension", "modifierExtension")


class Extension(NamedTuple):
    """One extension with a full address, and what it extends."""

    item: Item
    url: str
    name: str
    """`extension` or `modifierExtension`."""
    owner: Item
    owner_path: str
    """Of the element without indexes, from the type of its resource: `Patient.contact`."""
    holder: Located


@dataclass(frozen=True, slots=True)
class Walked:
    """What was found, in no particular order."""

    resources: list[Located] = field(default_factory=list)
    """The root, those of entries, and those contained in others."""
    extensions: list[Extension] = field(default_factory=list)
    codings: list[Item] = field(default_factory=list)


def walk(root: Located) -> Walked:
    """Everything below a resource and the resource itself; what R4 does not know is passed over."""
    found = Walked()
    stack: list[tuple[Item, str, Located]] = [(root.item, root.type, root)]
    while stack:
        owner, owner_path, holder = stack.pop()
        if owner.type == holder.type and owner.path == holder.path:
            found.resources.append(holder)
        elif owner.type == "Coding":
            found.codings.append(owner)
        held = owner.object
        for name in held:
            value = held[name]
            if name[0] != "_" and not isinstance(value, list | dict):
                continue
            key = name.removeprefix("_")
            if key != name and isinstance(held.get(key), list | dict):
                continue
            for item in items_of(owner, key):
                if not item.object or not item.type:
                    continue
                if key in _EXTENSIONS:
                    _keep(found, item, key, owner, owner_path, holder)
                if isinstance(item.value, dict) and "resourceType" in item.value:
                    inside = Located(item.path, item.value)
                    stack.append((item, inside.type, inside))
                else:
                    stack.append((item, f"{owner_path}.{key}", holder))
    return found


def _keep(found: Walked, item: Item, name: str, owner: Item, owner_path: str, holder: Located) -> None:
    url = tree.text(item.object.get("url")) or ""
    if ":" in url:
        found.extensions.append(Extension(item, url, name, owner, owner_path, holder))
