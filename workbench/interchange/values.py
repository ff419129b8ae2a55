"""A call that another tool has described, and what of it is never taken over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.headers.names import name_problem, value_problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbench.exchange import Headers, Request

SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "apikey", "x-api-key", "api-key"}
)
OF_THE_CONNECTION = frozenset(
    {"host", "content-length", "accept-encoding", "connection", "transfer-encoding", "expect", "user-agent"}
)
"""Headers that follow from the connection and the tool; a tool makes its own."""
LARGEST = 20 * 1024 * 1024
LARGEST_BODY = 10 * 1024 * 1024
MOST_HEADERS = 100


@dataclass(frozen=True, slots=True)
class ForeignCall:
    """One call as another tool had it, without its secrets."""

    name: str
    request: Request
    left_out: tuple[str, ...] = ()
    """What was not taken over and why, a sentence each."""


def usable_headers(rows: Iterable[tuple[str, str]], left_out: list[str]) -> Headers:
    """The headers that are taken over; the others are named in `left_out`, secrets by name only."""
    kept: list[tuple[str, str]] = []
    for raw, given in rows:
        name, value = raw.strip(), given.strip()
        shown = name if name.isprintable() and len(name) <= 60 else "A header"
        if name.lower() in SECRET_HEADERS:
            left_out.append(f"{shown} is a secret and was left out.")
        elif name.lower() in OF_THE_CONNECTION:
            continue
        elif (problem := name_problem(name) or value_problem(value)) is not None:
            left_out.append(f"{shown} was left out: {problem}.")
        elif len(kept) == MOST_HEADERS:
            left_out.append(f"Only the first {MOST_HEADERS} headers were taken over.")
            break
        else:
            kept.append((name, value))
    return tuple(kept)
