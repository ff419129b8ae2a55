"""The query of a call in decoded parameters, each with the text it was written as, and the bounds of a slot search.

Knows URLs and times; must not know which parameters there are.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_plus

if TYPE_CHECKING:
    from workbench.exchange.values import Request
    from workbench.rules.values import Submission

START = re.compile(r"(ge|le)(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))")
"""A bound of a slot search: its prefix, and a FHIR dateTime with offset (seconds may be left out)."""


class Parameter(NamedTuple):
    """One parameter of a query."""

    name: str
    value: str
    place: int
    """Its position among those of the same name."""
    written: str
    """`name=value` as it stood in the URL."""

    @property
    def path(self) -> str:
        """The path of findings on it."""
        return f"parameters['{self.name}'][{self.place}]"


class Bound(NamedTuple):
    """One end of a period that is asked for."""

    prefix: str
    moment: datetime


def parameters(request: Request | None) -> tuple[Parameter, ...]:
    """Every parameter in order, decoded as forms are: `+` is a blank, %XX a byte of UTF-8. Empty parts are left out."""
    if request is None:
        return ()
    seen: Counter[str] = Counter()
    found = []
    for part in request.url.partition("#")[0].partition("?")[2].split("&"):
        if not part:
            continue
        written_name, _, written_value = part.partition("=")
        name = unquote_plus(written_name)
        found.append(Parameter(name, unquote_plus(written_value), seen[name], part))
        seen[name] += 1
    return tuple(found)


def given(s: Submission, name: str) -> list[Parameter]:
    """The parameters of a name that have a value."""
    return [one for one in parameters(s.request) if one.name == name and one.value.strip()]


def bound(text: str) -> Bound | None:
    """The bound a `start` names, or None when it is none or there is no such time."""
    found = START.fullmatch(text)
    if found is None:
        return None
    try:
        return Bound(found[1], datetime.fromisoformat(found[2]))
    except ValueError:
        return None
