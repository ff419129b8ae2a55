"""Changing a JSON text into that of another value while every stretch that says the same stays as it was typed.

Members and items that are new take the indentation of their neighbours. Knows JSON only, must not know FHIR.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from workbench.messages import json_text
from workbench.messages.alignment import sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.messages.values import JsonArray, JsonObject, JsonValue

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]++', re.DOTALL)


@dataclass(slots=True, eq=False)
class _Node:
    """A value of the text: where it stands and what is in it."""

    start: int
    end: int = 0
    names: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    """Of the members (at their names) or items."""
    nodes: list[_Node] = field(default_factory=list)


class _Style(NamedTuple):
    """How the lines of a bracket are laid out."""

    line: str
    """The line break with the indentation of what is inside; empty where all stands on one line."""
    unit: str
    """What one level more adds."""


def patched(text: str, old: JsonValue, new: JsonValue) -> str:
    """The text of `new`, made from the text of `old`, which must be what it reads as."""
    root = _scanned(text)
    return text[: root.start] + _written(text, root, old, new, _Style("\n", "  ")) + text[root.end :]


def _scanned(text: str) -> _Node:
    """The values of a text that parsed."""
    root: _Node | None = None
    open_nodes: list[_Node] = []
    name_at = -1
    name_comes: list[bool] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        first = token[0]
        if first == ":":
            name_comes[-1] = False
        elif first == ",":
            name_comes[-1] = text[open_nodes[-1].start] == "{"
        elif first in "]}":
            closed = open_nodes.pop()
            closed.end = match.end()
            name_comes.pop()
        elif name_comes and name_comes[-1]:
            open_nodes[-1].names.append(json.loads(token) if "\\" in token else token[1:-1])
            name_at = match.start()
        else:
            node = _Node(match.start(), match.end())
            if root is None:
                root = node
            if open_nodes:
                above = open_nodes[-1]
                above.nodes.append(node)
                above.starts.append(name_at if text[above.start] == "{" else match.start())
            if first in "[{":
                open_nodes.append(node)
                name_comes.append(first == "{")
    return root or _Node(0, len(text))


def _written(text: str, node: _Node, old: JsonValue, new: JsonValue, style: _Style) -> str:
    """The text of a value that was another one; `style` is that of the bracket it stands in."""
    if old == new:
        return text[node.start : node.end]
    if isinstance(old, dict) and isinstance(new, dict) and _can_patch(node, old, new):
        return _object(text, node, old, new, style)
    if isinstance(old, list) and isinstance(new, list) and old and new:
        return _array(text, node, old, new, style)
    return _fresh(new, style)


def _can_patch(node: _Node, old: JsonObject, new: JsonObject) -> bool:
    """Whether no name stands twice, and names that stay keep their order."""
    stay = [name for name in new if name in old]
    return bool(new) and bool(old) and node.names == list(old) and stay == [name for name in old if name in new]


def _object(text: str, node: _Node, old: JsonObject, new: JsonObject, style: _Style) -> str:
    inner = _inside(text, node, style)
    where = {name: number for number, name in enumerate(node.names)}
    parts: list[tuple[int, str]] = []
    for name, value in new.items():
        number = where.get(name, -1)
        if number < 0:
            parts.append((-1, f"{json_text.dump(name)}: {_fresh(value, inner)}"))
        else:
            held = node.nodes[number]
            lead = text[node.starts[number] : held.start]
            parts.append((number, lead + _written(text, held, old[name], value, inner)))
    return _joined(text, node, parts, inner)


def _array(text: str, node: _Node, old: JsonArray, new: JsonArray, style: _Style) -> str:
    inner = _inside(text, node, style)
    parts = [
        (-1, _fresh(value, inner))
        if number < 0
        else (number, _written(text, node.nodes[number], old[number], value, inner))
        for number, value in zip(sources(old, new), new, strict=True)
    ]
    return _joined(text, node, parts, inner)


def _joined(text: str, node: _Node, parts: Sequence[tuple[int, str]], inner: _Style) -> str:
    """Members or items between their brackets: what stood side by side keeps what stood between it."""
    between = f",{inner.line}" if inner.line else ", "
    if not inner.line and len(node.nodes) > 1:
        between = text[node.nodes[0].end : node.starts[1]]
    written = [text[node.start : node.starts[0]]]
    for place, (number, part) in enumerate(parts):
        before = parts[place - 1][0] if place else -2
        if place:
            apart = number < 1 or before != number - 1
            written.append(between if apart else text[node.nodes[before].end : node.starts[number]])
        written.append(part)
    written.append(text[node.nodes[-1].end : node.end])
    return "".join(written)


def _inside(text: str, node: _Node, style: _Style) -> _Style:
    """How what is inside a bracket is laid out, read from its first member and its end."""
    lead = text[node.start + 1 : node.starts[0]]
    if "\n" not in lead:
        return _Style("", style.unit)
    ending = "\r\n" if "\r\n" in lead else "\n"
    indent = lead.rpartition("\n")[2]
    close = text[node.nodes[-1].end : node.end - 1].rpartition("\n")[2]
    longer = len(indent) > len(close) and indent.startswith(close)
    return _Style(ending + indent, indent[len(close) :] if longer else style.unit)


def _fresh(value: JsonValue, style: _Style) -> str:
    """A new value, laid out as its surroundings are."""
    if not style.line:
        return json_text.dump(value, None)
    lines = json_text.dump(value, 1).split("\n")
    return style.line.join(_indented(line, style.unit) for line in lines)


def _indented(line: str, unit: str) -> str:
    bare = line.lstrip(" ")
    return unit * (len(line) - len(bare)) + bare
