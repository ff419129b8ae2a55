"""Adding to the text of a Bundle in JSON without writing it anew: members of its resources, entries at its end.

Every other character stays as it was typed. The text is not parsed again: a name in quotes followed by a colon can
stand in no string, for quotes within one are escaped. Knows JSON and where a Bundle has its resources, must not know
what is added.
"""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring
from typing import TYPE_CHECKING

from workbench.messages import json_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbench.messages.values import JsonObject, JsonValue

_step_over = json.JSONDecoder().raw_decode
_RESOURCE = re.compile(r'"resource"\s*+:\s*+(\{)(\s*+)"resourceType"(\s*+:\s*+)"[A-Za-z]++"')
_FIRST = re.compile(r'"entry"\s*+:\s*+\[(\s*+)\{')
_ESCAPED_LETTER = re.compile(r"\\u00[4-7]")
"""A name of letters could be written so."""
_NAME = re.compile(r'\s*+"(?:[^"\\]++|\\.)*+"\s*+:\s*+')
_TAIL = re.compile(r"\}(\s*+)\]\s*+\}\s*+\Z")
"""The end of a Bundle that ends with its entries."""
_NEXT = re.compile(r"\s*+([,\]}])")


def added(
    text: str,
    count: int,
    members: Mapping[int, JsonObject],
    entries: Sequence[JsonObject] = (),
    *,
    last: bool = False,
) -> str | None:
    """The text of a Bundle whose entries of these indexes have these members more in their resources, after the type.

    `entries` come after the last one. The text must parse; it has `count` entries, each with a resource, which must not
    have the members yet. None where its resources do not begin with their type, or are more or fewer than its entries,
    say because a Bundle stands in another: whoever asks then writes it anew. `last` says that after `entry` the Bundle
    has no other member.
    """
    found = list(_RESOURCE.finditer(text))
    if not found or len(found) != count or _ESCAPED_LETTER.search(text):
        return None
    changes = [(found[index].end(), _members(found[index], new)) for index, new in sorted(members.items())]
    if entries:
        tail = _TAIL.search(text, found[-1].end()) if last else None
        place, close = tail.span(1) if tail is not None else _end(text, found[-1].start(1))
        first = _FIRST.search(text)
        if first is None or text[close] != "]":
            return None
        lead = first[1]
        changes.append((place, "".join(f",{lead}{_laid_out(one, lead, text[place:close])}" for one in entries)))
    parts: list[str] = []
    done = 0
    for place, new in changes:
        parts += (text[done:place], new)
        done = place
    return "".join((*parts, text[done:]))


def _members(resource: re.Match[str], new: JsonObject) -> str:
    """New members of a resource, laid out as its type is."""
    lead, colon = resource.group(2, 3)
    text = ""
    for name, value in new.items():
        written = encode_basestring(value) if isinstance(value, str) else json_text.dump(value, None)
        text += f",{lead}{encode_basestring(name)}{colon}{written}"
    return text


def _end(text: str, resource: int) -> tuple[int, int]:
    """Where the last entry, which has this resource, ends, and where the mark after it stands."""
    _, place = _step_over(text, resource)
    while (mark := _NEXT.match(text, place)) is not None and mark[1] == ",":
        name = _NAME.match(text, mark.end())
        _, place = _step_over(text, name.end() if name is not None else mark.end())
    after = _NEXT.match(text, mark.end()) if mark is not None else None
    if mark is None or after is None:
        raise ValueError("a text that parsed ends within its last entry")
    return mark.end(), after.start(1)


def _laid_out(entry: JsonValue, lead: str, tail: str) -> str:
    """A new entry with the line breaks and the indentation of the others."""
    if "\n" not in lead:
        return json_text.dump(entry, None)
    indent, outer = lead.rpartition("\n")[2], tail.rpartition("\n")[2]
    unit = indent[len(outer) :] if len(indent) > len(outer) and indent.startswith(outer) else "  "
    ending = "\r\n" if "\r\n" in lead else "\n"
    lines = ((line, line.lstrip(" ")) for line in json_text.dump(entry, 1).split("\n"))
    return f"{ending}{indent}".join(unit * (len(line) - len(bare)) + bare for line, bare in lines)
