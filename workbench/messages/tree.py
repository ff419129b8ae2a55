"""Reading a JSON-shaped tree that may have any shape: what is not there, or is something else, is simply absent.

Knows JSON shapes only; must not know which elements FHIR has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages.values import JsonObject, JsonValue


def as_object(value: JsonValue) -> JsonObject:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: JsonValue) -> list[JsonObject]:
    """The objects of a list, or the one object given in place of a list."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: JsonValue) -> str | None:
    """The value when it is text with something in it, else None."""
    return value if isinstance(value, str) and value.strip() else None


def texts(value: JsonValue) -> list[str]:
    """The texts of a list, or the one text given in place of a list."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str) and item.strip()]


def inner(value: JsonValue, *names: str) -> JsonValue:
    """Go down by names; of a list the first object is taken. None where the way ends."""
    for name in names:
        if isinstance(value, list):
            value = next(iter(objects(value)), None)
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def inner_text(value: JsonValue, *names: str) -> str | None:
    """As `inner`, for a text at the end of the way; of a list the first text."""
    found = inner(value, *names)
    if isinstance(found, list):
        return next(iter(texts(found)), None)
    return found if isinstance(found, str) and found.strip() else None


def codings(value: JsonValue) -> list[JsonObject]:
    """Every coding of one CodeableConcept or of a list of them."""
    return [coding for concept in objects(value) for coding in objects(concept.get("coding"))]


def code_of(value: JsonValue, system: str) -> str | None:
    """The code of the first coding whose system contains `system` (compared without case)."""
    for coding in codings(value):
        if system.lower() in (text(coding.get("system")) or "").lower() and (code := text(coding.get("code"))):
            return code.strip()
    return None


def walk(value: JsonValue, path: str) -> Iterator[tuple[str, JsonValue]]:
    """Every value below (and the value itself) with its path, in document order; uses no recursion."""
    stack: list[tuple[str, JsonValue]] = [(path, value)]
    while stack:
        here, item = stack.pop()
        yield here, item
        if isinstance(item, dict):
            stack.extend((f"{here}.{name}", item[name]) for name in reversed(item))
        elif isinstance(item, list):
            stack.extend((f"{here}[{index}]", item[index]) for index in range(len(item) - 1, -1, -1))
