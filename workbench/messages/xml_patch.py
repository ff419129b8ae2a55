"""Changing an XML text into that of another resource while every stretch that says the same stays as it was typed.

Comments, quotes, order and blanks stay; elements that are new take the indentation of their neighbours, and the prefix
of the element they stand in. Knows the elements of XML and the texts that `xml_dump` writes, must not know FHIR.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from workbench.messages.alignment import NEW, sources
from workbench.messages.places import XML_TOKEN
from workbench.messages.xml_tree import XHTML

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NAME = re.compile(r"<(?P<prefix>[^\s/>:]+:)?(?P<name>[^\s/>]+)")
_ATTRIBUTE = re.compile(r"""\s+(?P<name>[\w:.-]+)\s*=\s*(?P<quoted>"[^"]*"|'[^']*')""")


@dataclass(slots=True, eq=False)
class _Node:
    """An element of a text: where its tags and what is in it stand."""

    name: str
    """Without its prefix."""
    prefix: str
    """With its colon; empty where there is none."""
    start: int
    open_end: int
    """Where the start tag ends."""
    close: int = 0
    """Where the end tag begins; the end for one that has none."""
    end: int = 0
    nodes: list[_Node] = field(default_factory=list)


class _Style(NamedTuple):
    """How the lines inside an element are laid out."""

    line: str
    """The line break with the indentation; empty where all stands on one line."""
    unit: str
    """What one level more adds."""


class _Unlike(Exception):  # noqa: N818
    """A text is built in another way than what is written of its resource."""


def patched(text: str, old: str, new: str) -> str | None:
    """The text changed so that it says what `new` does; it must say what `old` does, both as `xml_dump` writes them.

    None for a text that is built so differently (elements that say nothing) that its elements cannot be told apart.
    """
    root = _scanned(text)
    try:
        written = _Patch(text, old, new).element(root, _scanned(old), _scanned(new), _Style("\n", "  "))
    except _Unlike:
        return None
    return text[: root.start] + written + text[root.end :]


def _scanned(text: str) -> _Node:
    """The root element of a text that parsed."""
    root: _Node | None = None
    open_nodes: list[_Node] = []
    for match in XML_TOKEN.finditer(text):
        token = match.group()
        if match["start"]:
            name = _NAME.match(token)
            assert name is not None, "a start tag has a name"
            node = _Node(name["name"], name["prefix"] or "", match.start(), match.end(), match.end(), match.end())
            root = root or node
            if open_nodes:
                open_nodes[-1].nodes.append(node)
            if not token.endswith("/>"):
                open_nodes.append(node)
        elif token.startswith("</"):
            closed = open_nodes.pop()
            closed.close, closed.end = match.start(), match.end()
    assert root is not None, "a text that parsed has a root"
    return root


@dataclass(frozen=True, slots=True)
class _Patch:
    """One text, what is written of it, and what is to be written."""

    text: str
    old: str
    new: str

    def element(self, node: _Node, old: _Node, new: _Node, style: _Style) -> str:
        """An element of the text as it is to be; `style` is that of the element it stands in."""
        if self.old[old.start : old.end] == self.new[new.start : new.end]:
            return self.text[node.start : node.end]
        if node.name != old.name or old.name != new.name:
            raise _Unlike
        tag = self._tag(node, old, new)
        if _is_narrative(self.new[new.start : new.open_end]):
            return self.new[new.start : new.end]  # it is one value
        inner = self._inside(node, style)
        content = "".join(self._content(node, old, new, inner))
        bare = tag[:-2] if tag.endswith("/>") else tag[:-1]
        if not content.strip() and not new.nodes:
            return f"{bare}/>" if node.nodes or tag.endswith("/>") else self._closed(node, f"{bare}>{content}")
        if not node.nodes and not self.text[node.open_end : node.close].strip():
            content = content.rstrip() + style.line
        return self._closed(node, f"{bare}>{content}")

    def _closed(self, node: _Node, text: str) -> str:
        """With the end tag it has, or a new one."""
        return text + (self.text[node.close : node.end] or f"</{node.prefix}{node.name}>")

    def _tag(self, node: _Node, old: _Node, new: _Node) -> str:
        """The start tag with the attributes that are to be."""
        tag = self.text[node.start : node.open_end]
        before = dict(_attributes(self.old[old.start : old.open_end]))
        after = dict(_attributes(self.new[new.start : new.open_end]))
        for name, value in after.items():
            if before.get(name) == value:
                continue
            there = next((one for one in _ATTRIBUTE.finditer(tag) if one["name"] == name), None)
            if there is not None:
                tag = tag[: there.start("quoted")] + value + tag[there.end("quoted") :]
            else:
                end = len(tag) - (2 if tag.endswith("/>") else 1)
                kept = tag[:end].rstrip()
                tag = f"{kept} {name}={value}{tag[len(kept) :]}"
        for name in before.keys() - after.keys():
            there = next((one for one in _ATTRIBUTE.finditer(tag) if one["name"] == name), None)
            if there is not None:
                tag = tag[: there.start()] + tag[there.end() :]
        return tag

    def _content(self, node: _Node, old: _Node, new: _Node, inner: _Style) -> Iterator[str]:
        """What stands between the tags: every element with what stands before it."""
        twins = _twins(node, old)
        leads = self._leads(node)
        chosen = self._chosen(node, old, new)
        stay = {number for number, _ in chosen}
        gone = [number for number in range(len(node.nodes)) if number not in stay]
        for number, one in chosen:
            if number == NEW:
                yield inner.line + self._fresh(one, inner, node.prefix)
                continue
            while gone and gone[0] < number:
                yield _words(leads[gone.pop(0)])
            yield leads[number] + self.element(node.nodes[number], twins[number], one, inner)
        for number in gone:
            yield _words(leads[number])
        if node.nodes:
            yield self.text[node.nodes[-1].end : node.close]
        elif not chosen or self.text[node.open_end : node.close].strip():
            yield self.text[node.open_end : node.close]

    def _leads(self, node: _Node) -> list[str]:
        """What stands before every element inside."""
        starts = [node.open_end, *(one.end for one in node.nodes)]
        return [self.text[start : one.start] for start, one in zip(starts, node.nodes, strict=False)]

    def _chosen(self, node: _Node, old: _Node, new: _Node) -> list[tuple[int, _Node]]:
        """The elements that are to be inside, in the order of the text, each with the number of the one it was."""
        order = list(dict.fromkeys(one.name for one in node.nodes))
        place = 0
        for name in dict.fromkeys(one.name for one in new.nodes):
            if name not in order:
                order.insert(place, name)
            place = order.index(name) + 1
        result: list[tuple[int, _Node]] = []
        for name in order:
            numbers = [number for number, one in enumerate(node.nodes) if one.name == name]
            before = [self.old[one.start : one.end] for one in old.nodes if one.name == name]
            after = [one for one in new.nodes if one.name == name]
            was = sources(before, [self.new[one.start : one.end] for one in after])
            result += [(numbers[number] if number != NEW else NEW, one) for number, one in zip(was, after, strict=True)]
        return result

    def _inside(self, node: _Node, style: _Style) -> _Style:
        """How what is inside an element is laid out, read from its first element."""
        if not node.nodes:
            return _Style(style.line + style.unit if style.line else "", style.unit)
        lead = self.text[node.open_end : node.nodes[0].start]
        if "\n" not in lead:
            return _Style("", style.unit)
        ending = "\r\n" if "\r\n" in lead else "\n"
        last = lead.rpartition("\n")[2]
        indent = last[: len(last) - len(last.lstrip())]
        outer = style.line.lstrip("\r\n")
        longer = len(indent) > len(outer) and indent.startswith(outer)
        return _Style(ending + indent, indent[len(outer) :] if longer else style.unit)

    def _fresh(self, node: _Node, style: _Style, prefix: str) -> str:
        """A new element, laid out as its surroundings are; style and prefix are those of the element it stands in."""
        if _is_narrative(self.new[node.start : node.open_end]):
            return self.new[node.start : node.end]
        tag = f"<{prefix}{self.new[node.start + 1 : node.open_end]}"
        if node.close == node.end:
            return tag
        inner = _Style(style.line + style.unit if style.line else "", style.unit)
        parts = [inner.line + self._fresh(one, inner, prefix) for one in node.nodes]
        return tag + "".join(parts) + (style.line if parts else "") + f"</{prefix}{node.name}>"


def _twins(node: _Node, old: _Node) -> Sequence[_Node]:
    """What is written of every element of the text: those of one name come in the same order."""
    if [one.name for one in node.nodes] == [one.name for one in old.nodes]:
        return old.nodes
    left: dict[str, list[_Node]] = {}
    for one in old.nodes:
        left.setdefault(one.name, []).append(one)
    found: list[_Node] = []
    for one in node.nodes:
        if not left.get(one.name):
            raise _Unlike
        found.append(left[one.name].pop(0))
    if any(left.values()):
        raise _Unlike
    return found


def _is_narrative(tag: str) -> bool:
    return f'="{XHTML}"' in tag


def _attributes(tag: str) -> Iterator[tuple[str, str]]:
    """The attributes of a start tag with their quoted values."""
    for match in _ATTRIBUTE.finditer(tag):
        yield match["name"], match["quoted"]


def _words(lead: str) -> str:
    """What stays of the stretch before an element that goes: comments and words, no blanks."""
    return lead.rstrip()
