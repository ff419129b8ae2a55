"""The resources of a chosen slot, out of the answer to GET /Slot and into a booking.

It must not know how the slots were searched for.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from workbench.compose.builder import Kept
from workbench.compose.originals import entries
from workbench.compose.templates import notation
from workbench.compose.tree import text
from workbench.errors import ErrorCode, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbench.exchange import Ids
    from workbench.messages import Message
    from workbench.messages.values import JsonObject, JsonValue

_NAMES = {
    "Slot": "slot",
    "Schedule": "schedule",
    "HealthcareService": "diary_service",
    "Practitioner": "diary_practitioner",
    "PractitionerRole": "diary_role",
    "Location": "location",
}
"""What a booking carries of the answer; organisations are those of the message itself."""

_ONE = ("Slot", "Schedule", "HealthcareService", "Location")
"""A booking has at most one of each (MessageDefinition bars-message-booking-request)."""


def slot_resources(answer: Message, slot_id: str) -> tuple[JsonObject, ...]:
    """The slot and everything it leads to, references rewritten to `Type/id`.

    InputError `input.template` when the answer has no such slot.
    """
    known = {kept.full_url: kept.resource for kept in entries(answer)}
    known |= {_local(resource): resource for resource in tuple(known.values())}
    first = known.get(f"Slot/{slot_id}")
    if first is None:
        raise InputError(ErrorCode.INPUT_TEMPLATE, what="A booking", cause=f"the slots have none with id {slot_id}")
    found: dict[str, JsonObject] = {}
    waiting = [first]
    while waiting:
        resource = waiting.pop(0)
        if _local(resource) in found or text(resource, "resourceType") not in _NAMES:
            continue
        own = copy.deepcopy(resource)
        found[_local(resource)] = own
        for reference in references(own):
            target = known.get(str(reference["reference"])) or known.get(_tail(str(reference["reference"])))
            if target is not None:
                reference["reference"] = _local(target)
                waiting.append(target)
    return tuple(found.values())


def offered(resources: tuple[JsonObject, ...], ids: Ids) -> Mapping[str, tuple[Kept, ...]]:
    """The entries of a booking by name: new fullUrls, references between them, the slot taken.

    References to what a booking does not carry are left out; the service is the receiver's own.
    """
    urls: dict[str, str] = {}
    chosen: list[JsonObject] = []
    seen: set[str] = set()
    for resource in resources:
        kind = text(resource, "resourceType")
        if kind in _NAMES and not (kind in _ONE and kind in seen):
            seen.add(kind)
            chosen.append(resource)
            urls[_local(resource)] = f"urn:uuid:{ids()}"
    named: dict[str, tuple[Kept, ...]] = {}
    for resource in chosen:
        own = copy.deepcopy(resource)
        kind = text(own, "resourceType")
        for reference in references(own):
            # an address that leads nowhere is a dangling one, which the builder leaves out
            reference["reference"] = urls.get(_tail(str(reference["reference"])), "urn:uuid:")
        if kind == "Slot":
            own["status"] = "busy"
        if kind == "HealthcareService":
            own.setdefault("active", True)
        name = _NAMES[kind]
        own["meta"] = {"profile": [notation().profiles["uk"] + f"UKCore-{kind}"]}
        named[name] = (*named.get(name, ()), Kept(urls[_local(resource)], own))
    return named


def references(tree: JsonValue) -> Iterator[JsonObject]:
    """Every object in the tree that is a reference."""
    if isinstance(tree, dict):
        if isinstance(tree.get("reference"), str):
            yield tree
        for value in tree.values():
            yield from references(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from references(item)


def _local(resource: JsonObject) -> str:
    return f"{text(resource, 'resourceType')}/{text(resource, 'id')}"


def _tail(reference: str) -> str:
    """`Slot/1` of `https://host/FHIR/R4/Slot/1`."""
    return "/".join(reference.rsplit("/", 2)[-2:])
