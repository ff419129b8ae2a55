"""The notation of the templates: a written value and the facts give an element.

It must not know which message the element belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from workbench.compose.templates import notation
from workbench.messages.values import Number
from workbench.standard.codes import display

if TYPE_CHECKING:
    from workbench.compose.templates import Value
    from workbench.exchange import Ids
    from workbench.messages.values import JsonObject, JsonValue

Facts = Mapping[str, str | datetime]
"""What placeholders stand for, by name; a fact that is missing counts as empty."""

_PLACEHOLDER = re.compile(r"\{([a-z_.]+)(?:([+-]\d+)m)?\}")


def instant(when: datetime) -> str:
    """An instant in UTC with seven fraction digits (guide, How to handle times; the harness asks for seven)."""
    text, zone = when.astimezone(UTC).isoformat(timespec="microseconds"), "+00:00"
    return f"{text.removesuffix(zone)}0{zone}"


@dataclass(frozen=True, slots=True)
class Filling:
    """Facts, the addresses of the entries and a source of ids: what a written value is filled from."""

    facts: Facts
    urls: Mapping[str, str]
    """fullUrl by the name of the entry."""
    ids: Ids

    def element(self, written: Value) -> JsonValue:
        """The element a written value stands for; None when something it needs has no value."""
        if isinstance(written, bool):
            return written
        if isinstance(written, int | float):
            return Number(str(written))
        if written.startswith("@"):
            url = self.urls.get(written[1:])
            return {"reference": url} if url else None
        scheme, colon, rest = written.partition(":")
        if colon and scheme == "code":
            return self._coding(*rest.split("|"))
        if colon and scheme == "id":
            alias, _, value = rest.partition("|")
            filled = self.text(value)
            return {"system": notation().systems[alias], "value": filled} if filled else None
        return self.text(written) or None

    def text(self, written: str) -> str:
        """The text with its placeholders filled in; empty when one of them is."""
        empty = False

        def value(match: re.Match[str]) -> str:
            nonlocal empty
            filled = self._fact(match[1], int(match[2] or 0))
            empty = empty or not filled
            return filled

        filled = _PLACEHOLDER.sub(value, written)
        return "" if empty else filled

    def _fact(self, name: str, minutes: int) -> str:
        if name == "new":
            return self.ids()
        fact = self.facts.get(name, "")
        return instant(fact + timedelta(minutes=minutes)) if isinstance(fact, datetime) else fact

    def _coding(self, alias: str, written: str, words: str = "") -> JsonObject | None:
        system, code = notation().systems[alias], self.text(written)
        if not code:
            return None
        shown = self.text(words) if words else display(system, code)
        coding: JsonObject = {"system": system, "code": code}
        return {**coding, "display": shown} if shown else coding
