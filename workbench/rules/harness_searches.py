"""What the national test harness would refuse in a search: it compares the query letter by letter, as it was sent.

Equivalent ways to encode a query, which any server must take, do not pass. What is missing or means nothing is told by
the rules on parameters; must not know what a search finds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from workbench.messages import Layer, Severity
from workbench.rules import scope, sources
from workbench.rules.registry import rule
from workbench.rules.values import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.rules.values import Submission

_LAYER = Layer.HARNESS
_CONTEXT = re.compile(r"(?:^|&)context=https%3A%2F%2F[^&]*%7C")
_STATUS = re.compile(r"(?:^|&)status=(?:free|busy|free%2Cbusy|busy%2Cfree)(?:&|$)")
_TIME = r"\d{4}-\d\d-\d\dT\d\d%3A\d\d%3A\d\d(?:\.\d+)?(?:Z|(?:%2B|-)\d\d%3A\d\d)(?:&|$)"
_UNTIL = re.compile(rf"(?:^|&)start=l[te]{_TIME}")
_FROM = re.compile(rf"(?:^|&)start=g[te]{_TIME}")
_TIME_MEANT = re.compile(r"(?P<end>[gl])[te]\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+ -]\d\d:\d\d)")
_CONTEXT_MEANT = re.compile(r"https?://[^|]+\|[^|]+")
_STATUSES = frozenset({"free", "busy", "free,busy", "busy,free"})
_SERVICE = re.compile(r"(?:^|&)Schedule\.actor%3AHealthcareService=\d+(?:&|$)")


def definition_searches(s: Submission) -> bool:
    """Searches for message definitions."""
    return s.request is not None and scope.operation_of(s).id == "message-definition"


def slot_searches(s: Submission) -> bool:
    """Searches for slots."""
    return s.request is not None and scope.operation_of(s).id == "slot-search"


@rule("TKW-021", Severity.WARNING, source=sources.HARNESS, layer=_LAYER, applies=definition_searches)
def context_is_encoded(s: Submission) -> Iterator[Hit]:
    """The national test harness wants the context of a search for definitions percent-encoded, with https.

    System, a bar and the service id, with colon, slashes and bar as %3A, %2F and %7C.
    """
    if any(_CONTEXT_MEANT.fullmatch(value) for value in _values(s, "context")) and not _CONTEXT.search(_query(s)):
        text = "The national test harness wants context=https%3A%2F%2F…%7C and the service id, encoded like this."
        yield Hit("parameters['context']", text)


@rule("TKW-022", Severity.WARNING, source=sources.HARNESS, layer=_LAYER, applies=slot_searches)
def status_has_an_encoded_comma(s: Submission) -> Iterator[Hit]:
    """The national test harness wants the status of a search for slots once: free, busy, or both as free%2Cbusy."""
    held = _values(s, "status")
    if held and _STATUSES.issuperset(held) and not _STATUS.search(_query(s)):
        yield Hit("parameters['status']", "The national test harness wants the comma encoded: status=free%2Cbusy.")


@rule("TKW-023", Severity.WARNING, source=sources.HARNESS, layer=_LAYER, applies=slot_searches)
def bounds_are_encoded_times(s: Submission) -> Iterator[Hit]:
    """The national test harness wants begin and end of the time searched as encoded times with seconds and offset.

    Colons as %3A, the plus of the offset as %2B.
    """
    meant = [found["end"] for value in _values(s, "start") if (found := _TIME_MEANT.fullmatch(value))]
    for end, pattern, prefix, name in (("g", _FROM, "ge", "begin"), ("l", _UNTIL, "le", "end")):
        if end in meant and not pattern.search(_query(s)):
            form = f"start={prefix}2026-01-31T09%3A00%3A00%2B00%3A00"
            yield Hit("parameters['start']", f"The national test harness wants the {name} of the window like {form}.")


@rule("TKW-024", Severity.WARNING, source=sources.HARNESS, layer=_LAYER, applies=slot_searches)
def service_is_digits(s: Submission) -> Iterator[Hit]:
    """The national test harness wants the service of a search for slots in digits, its name with an encoded colon."""
    name = "Schedule.actor:HealthcareService"
    if any(value.isalnum() for value in _values(s, name)) and not _SERVICE.search(_query(s)):
        text = "The national test harness wants Schedule.actor%3AHealthcareService= and a service id of digits."
        yield Hit(f"parameters['{name}']", text)


def _query(s: Submission) -> str:
    """The query as it was sent."""
    return s.request.url.partition("?")[2].partition("#")[0] if s.request else ""


def _values(s: Submission, name: str) -> list[str]:
    """What a parameter says, as often as it is there; a plus is left as it is."""
    pairs = (part.partition("=") for part in _query(s).split("&"))
    return [unquote(value) for key, _, value in pairs if unquote(key) == name and value]
