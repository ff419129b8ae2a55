"""Resources that a person enters into the state of a receiver, read and checked; and the items of a snapshot. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, InputError
from workbench.messages import json_text, tree
from workbench.profiles import base
from workbench.profiles.primitives import moment
from workbench.receiver import Item, Kind
from workbench.session.holding_views import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import JsonObject


def updated(resource: JsonObject) -> str:
    """When a resource says that it was last changed; empty where it does not."""
    return tree.inner_text(resource.get("meta"), "lastUpdated") or ""


def read_resource(text: str, kind: Kind, id: str) -> JsonObject:
    """A text as a resource of a kind; InputError naming the element that is wrong."""
    name = NAMES.get(kind)
    if name is None:
        raise InputError(ErrorCode.INPUT_HELD, what="A message that was taken", cause="it is only read or forgotten")
    found = json_text.load(text, what=f"The {name}")
    if not isinstance(found, dict) or found.get("resourceType") != name:
        raise InputError(ErrorCode.INPUT_HELD, what="The text", cause=f"it is no {name} (resourceType)")
    stated = tree.text(found.get("id"))
    if id and stated != id:
        cause = f"its id was {id}, and an id stays as it is: enter a new one instead"
        raise InputError(ErrorCode.INPUT_HELD, what=f"The {name}", cause=cause)
    problem = next((one for one in base.check(found, name) if not one.readable), None)
    if problem is not None:
        cause = f"{problem.path}: {problem.text.rstrip('.')}"
        raise InputError(ErrorCode.INPUT_HELD, what=f"The {name}", cause=cause)
    if kind is Kind.SLOT:
        start, end = (moment(tree.text(found.get(part)) or "") for part in ("start", "end"))
        if start is None or end is None or end <= start:
            raise InputError(ErrorCode.INPUT_HELD, what="The Slot", cause="its end is not after its start")
    if kind is not Kind.ENCOUNTER and tree.text(found.get("status")) is None:
        raise InputError(ErrorCode.INPUT_HELD, what=f"The {name}", cause=f"{name}.status is missing")
    return found


def items_of(snapshot: JsonObject) -> Iterator[Item]:
    """The items of a snapshot; ValueError for what is none."""
    for kind, items in snapshot.items():
        for id, value in tree.as_object(items).items():
            yield Item.from_json(kind, id, value)
