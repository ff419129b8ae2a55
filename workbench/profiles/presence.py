"""Plain questions about the elements of a value: whether they are there, how many, of which code, in which order.

Values of a wrong shape count as absent: their shape is told elsewhere. Must not know types or paths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Number, tree
from workbench.profiles.primitives import moment

if TYPE_CHECKING:
    from decimal import Decimal

    from workbench.messages import JsonObject, JsonValue


def has(value: JsonObject, *names: str) -> bool:
    """Whether any of these elements is there with something in it."""
    return any(value.get(name) not in (None, "", [], {}) or f"_{name}" in value for name in names)


def has_choice(value: JsonObject, stem: str) -> bool:
    """Whether a choice is there under any of its names: `value` for `valueQuantity`."""
    length = len(stem)
    return any(
        bare.startswith(stem) and bare[length : length + 1].isupper() for name in value for bare in (name.lstrip("_"),)
    )


def count(value: JsonObject, name: str) -> int:
    """How many values an element has."""
    held = value.get(name)
    return len(held) if isinstance(held, list) else int(held is not None)


def number(value: JsonValue) -> Decimal | None:
    """The value when it is a number."""
    return value.decimal if isinstance(value, Number) else None


def runs_forward(start: JsonValue, end: JsonValue) -> bool:
    """Whether one time is not after another; what cannot be compared (other precision, no time) counts as in order."""
    if not isinstance(start, str) or not isinstance(end, str) or ("T" in start) != ("T" in end):
        return True
    if "T" not in start:
        return len(start) != len(end) or start <= end
    first, last = moment(start), moment(end)
    return first is None or last is None or first <= last


def coded(value: JsonValue, system: str, *codes: str) -> bool:
    """Whether one of the codings is of a system and has one of the codes."""
    return any(one.get("system") == system and one.get("code") in codes for one in tree.codings(value))
