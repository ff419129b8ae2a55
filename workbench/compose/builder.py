"""The one builder of messages: a template, facts and the resources of an earlier message give a Bundle.

It must not know what the earlier message was, only its resources by name.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from workbench.compose.filling import Filling, instant
from workbench.compose.templates import Origin, notation
from workbench.compose.tree import drop, put, text, without
from workbench.errors import ErrorCode, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from workbench.compose.filling import Facts
    from workbench.compose.templates import Template
    from workbench.exchange import Ids
    from workbench.messages.values import JsonObject


class Kept(NamedTuple):
    """A resource that is already known, with the fullUrl it keeps."""

    full_url: str
    resource: JsonObject
    """As it was last sent, with the ids its receiver gave; never changed."""


@dataclass(frozen=True, slots=True)
class Order:
    """One message to build."""

    template: Template
    facts: Facts
    version: str
    """Bundle.meta.versionId."""
    bundle_id: str
    now: datetime
    kept: Mapping[str, tuple[Kept, ...]]
    """Known resources by the name of the entry."""
    stamp_all: bool
    """Whether every resource gets the present as lastUpdated, or only those that changed (guide, Last Updated)."""


def assemble(order: Order, ids: Ids) -> JsonObject:
    """The Bundle; InputError `input.template` when the entry it is about cannot be had.

    References to resources the message does not carry are left out.
    """
    entries = tuple(_entries(order, ids))
    urls: dict[str, str] = {}
    for name, url, _ in entries:
        urls.setdefault(name, url)
    template = order.template
    if template.focus not in urls:
        cause = f"the earlier message has no {notation().blocks[template.focus].type}"
        raise InputError(ErrorCode.INPUT_TEMPLATE, what=template.title, cause=cause)
    answers = template.kind.direction == "response"
    ends = ("receiver", "sender") if answers else ("sender", "receiver")
    for alias, name in (("from", ends[0]), ("to", ends[1]), ("focus", template.focus)):
        if name in urls:
            urls[alias] = urls[name]
    filling = Filling(order.facts, urls, ids)
    inside = frozenset(url.lower() for _, url, _ in entries)
    return {
        "resourceType": "Bundle",
        "id": order.bundle_id,
        "meta": {
            "versionId": order.version,
            "lastUpdated": instant(order.now),
            "profile": [notation().profiles["bars"] + "BARSBundleMessage"],
        },
        "type": "message",
        "timestamp": instant(order.now),
        "entry": [
            {"fullUrl": url, "resource": _resource(order, filling, name, known, inside)} for name, url, known in entries
        ],
    }


def _entries(order: Order, ids: Ids) -> Iterator[tuple[str, str, JsonObject | None]]:
    """Name, fullUrl and, for a known resource, its content."""
    offered = "slot" in order.kept
    for item in order.template.entries:
        if not item.fits(order.version):
            continue
        known = () if item.origin is Origin.MAKE else order.kept.get(item.name, ())
        for kept in known:
            yield item.name, kept.full_url, kept.resource
        made = item.origin in (Origin.MAKE, Origin.ENSURE) or (item.origin is Origin.OFFER and not offered)
        if made and not known:
            yield item.name, f"urn:uuid:{ids()}", None


def _resource(
    order: Order, filling: Filling, name: str, known: JsonObject | None, inside: frozenset[str]
) -> JsonObject:
    resource = made(filling, name) if known is None else copy.deepcopy(known)
    for path, written in order.template.changes_in(order.version).get(name, {}).items():
        if written == "-":
            drop(resource, path)
        elif (element := filling.element(written)) is not None:
            put(resource, path, element)
    whole = without(resource, lambda element: _dangles(element, inside))
    assert isinstance(whole, dict), "a resource keeps at least its type"
    if known is None or whole != known or order.stamp_all or not text(known, "meta.lastUpdated"):
        put(whole, "meta.lastUpdated", instant(order.now))
    return tidy(whole)


def made(filling: Filling, name: str) -> JsonObject:
    block = notation().blocks[name]
    profiles: list[str] = []
    for named in block.profiles:
        family, _, profile = filling.text(named).partition(":")
        profiles.append(notation().profiles[family] + profile)
    resource: JsonObject = {"resourceType": block.type, "meta": {"lastUpdated": "", "profile": [*profiles]}}
    for path, written in block.values.items():
        if (element := filling.element(written)) is not None:
            put(resource, path, element)
    for path, fact in block.needs.items():
        if not filling.facts.get(fact):
            drop(resource, path)
    return resource


def _dangles(element: JsonObject, inside: frozenset[str]) -> bool:
    """Whether it is a reference to an entry the message does not have."""
    target = element.get("reference")
    return isinstance(target, str) and target.lower().startswith("urn:uuid:") and target.lower() not in inside


def tidy(resource: JsonObject) -> JsonObject:
    """The resource with its type, id and meta first, as people read it."""
    first: JsonObject = {name: resource[name] for name in ("resourceType", "id", "meta") if name in resource}
    return first | resource
