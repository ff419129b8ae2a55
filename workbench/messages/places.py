"""Where every value of a message stands in its text: one pass on demand over text that already parsed.

Knows the tokens of JSON and XML, must not judge them: text that does not parse never comes here.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.messages import xml_text
from workbench.messages.encoding import line_starts, place_of
from workbench.messages.values import Syntax

if TYPE_CHECKING:
    from workbench.errors import Place

_JSON_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]++', re.DOTALL)
XML_TOKEN = re.compile(
    r"""<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|</[^>]*>|(?P<start><(?:[^"'>]++|"[^"]*+"|'[^']*+')++>)""", re.DOTALL
)
"""What XML is made of beside its words."""


@dataclass(frozen=True, slots=True)
class PlaceTable:
    """The offset of every path of one text."""

    offsets: dict[str, int]
    starts: list[int]
    """Offsets of the lines."""

    def place(self, path: str) -> Place | None:
        """The place of exactly this path (as the tree has it), or None."""
        offset = self.offsets.get(path)
        return None if offset is None else place_of("", offset, self.starts)


def place_table(text: str, syntax: Syntax, root: str) -> PlaceTable:
    """Every place of a text that parsed: in JSON of the values, in XML of the start tags (also for attributes)."""
    offsets = json_offsets(text, root) if syntax is Syntax.JSON else xml_offsets(text)
    return PlaceTable(offsets, line_starts(text))


def json_offsets(text: str, root: str) -> dict[str, int]:
    """The offset of the first character of every value by its path; of a name that stands twice, the last."""
    offsets: dict[str, int] = {}
    frames: list[tuple[str, int]] = []  # path of the open bracket, next list index (-1 in an object)
    path = root
    name_comes = False
    for match in _JSON_TOKEN.finditer(text):
        token = match.group()
        first = token[0]
        if first == ":":
            name_comes = False
        elif first == ",":
            owner, index = frames[-1]
            if index < 0:
                name_comes = True
            else:
                frames[-1] = (owner, index + 1)
                path = f"{owner}[{index + 1}]"
        elif first in "]}":
            frames.pop()
            name_comes = False
        elif name_comes:
            name = json.loads(token) if "\\" in token else token[1:-1]
            path = f"{frames[-1][0]}.{name}"
        else:
            offsets[path] = match.start()
            if first == "{":
                frames.append((path, -1))
                name_comes = True
            elif first == "[":
                frames.append((path, 0))
                path = f"{path}[0]"
    return offsets


def xml_offsets(text: str) -> dict[str, int]:
    """The offset of the start tag of every element by the path of its value in the tree."""
    paths = xml_text.read(text, record=True).paths
    starts = (match.start() for match in XML_TOKEN.finditer(text) if match["start"])
    offsets: dict[str, int] = {}
    for path, start in zip(paths, starts, strict=True):
        if path is not None:
            offsets[path] = start
            if path.endswith("[0]"):
                offsets.setdefault(path[:-3], start)
    return offsets
