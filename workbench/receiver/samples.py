"""Examples of what a receiver could hold, for reads of the ids that the national harness made known.

From `resources/sandbox/samples.json`; times are those of the day before. Must not know rules or calls.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets
from workbench.messages import Number, json_text, tree

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.messages import JsonObject, JsonValue

SPOILT = "spoilt-definitions"
"""No example: message definitions that are held, with something in them that no definition may have."""
_DAY = "{yesterday}"


@cache
def _all() -> JsonObject:
    return tree.as_object(json_text.load(assets.text("sandbox", "samples.json"), what="samples.json"))


def names() -> frozenset[str]:
    """Every example by name."""
    return frozenset(_all())


def sample(name: str, now: datetime) -> JsonObject:
    """One example; KeyError for a name there is none of."""
    day = f"{(now.astimezone(UTC) - timedelta(days=1)):%Y-%m-%d}"
    return tree.as_object(_dated(_all()[name], day))


def _dated(value: JsonValue, day: str) -> JsonValue:
    if isinstance(value, str):
        return value.replace(_DAY, day)
    if isinstance(value, dict):
        return {name: _dated(one, day) for name, one in value.items()}
    return [_dated(one, day) for one in value] if isinstance(value, list) else value


def with_strange_focus(found: JsonObject) -> JsonObject:
    """A searchset of message definitions, each with an Invoice among its types: none of the standard has one."""
    strange: JsonObject = {"code": "Invoice", "min": Number("0"), "max": "1"}
    entries: list[JsonValue] = []
    for entry in tree.objects(found.get("entry")):
        resource = tree.as_object(entry.get("resource"))
        focus: list[JsonValue] = [*tree.objects(resource.get("focus")), strange]
        entries.append({**entry, "resource": {**resource, "focus": focus}})
    return {**found, "entry": entries}
