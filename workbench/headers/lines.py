"""Header lines in a text file, `Name: value` each, as `validate --headers` takes them.

Keeps the line of every header so that findings can name it; must not judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, InputError, Place

if TYPE_CHECKING:
    from workbench.exchange.values import Headers

_START_LINES = ("GET ", "POST ", "PUT ", "PATCH ", "DELETE ", "HEAD ", "OPTIONS ", "HTTP/")


@dataclass(frozen=True, slots=True)
class HeaderLines:
    """Headers with the place of each in its file."""

    headers: Headers
    places: tuple[Place, ...]
    """One for each header, of its name."""

    def place(self, name: str) -> Place | None:
        """Where a header stands, compared without case; None when it is not there."""
        wanted = name.lower()
        found = (place for (key, _), place in zip(self.headers, self.places, strict=True) if key.lower() == wanted)
        return next(found, None)


def read_header_lines(text: str, *, what: str) -> HeaderLines:
    """The headers of a file; empty lines, lines that begin with # and a request or status line are left out.

    A line that begins with a blank goes on with the header before it (RFC 9112, 5.2): the line break stays in the value
    for judging, as odd names and values do. InputError `input.header` with the place for a line without a colon.
    """
    headers: list[tuple[str, str]] = []
    places: list[Place] = []
    offset = 0
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        place = Place(number, 1, offset)
        offset += len(line) + 1
        bare = line.rstrip("\r")
        if not bare.strip() or bare.startswith(("#", *_START_LINES)):
            continue
        if bare[0] in " \t" and headers:
            headers[-1] = (headers[-1][0], f"{headers[-1][1]}\n{bare}")
            continue
        name, colon, value = bare.partition(":")
        if not colon:
            raise InputError(
                ErrorCode.INPUT_HEADER, place=place, what=f"Line {number} of {what}", cause="it has no colon"
            )
        headers.append((name, value.removeprefix(" ")))
        places.append(place)
    return HeaderLines(tuple(headers), tuple(places))
