"""A message: its exact bytes, one JSON-shaped tree whatever the syntax, its facts and the places in its text.

Knows how to read FHIR JSON and XML; must not know the BaRS rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from workbench.errors import ErrorCode, InputError
from workbench.messages import json_insert, json_text, paths, tree, xml_dump, xml_text
from workbench.messages.encoding import decode
from workbench.messages.facts import facts_of
from workbench.messages.places import PlaceTable, place_table
from workbench.messages.references import Entry, Reference, Targets, entries_of, references_of
from workbench.messages.remarks import Remark, remark
from workbench.messages.values import Finding, JsonObject, JsonValue, MessageFacts, Place, Syntax
from workbench.standard.other_versions import version_of_type
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

T = TypeVar("T")

MOST_ENTRIES = 5000

_SURROGATE = re.compile("[\ud800-\udfff]")
_STEP = re.compile(r"[A-Za-z_][\w-]*")
"""A name that a path can hold."""
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class Message:
    """A FHIR resource with the bytes it came from or will be sent as; never changed, safe to share between threads."""

    source: bytes = field(repr=False)
    """Exactly what was read, or what `build` wrote; what is sent and stored is this, never a re-dump."""
    syntax: Syntax
    resource: JsonObject = field(repr=False, hash=False)
    """The tree; nobody may change it."""
    remarks: tuple[Finding, ...] = ()
    """What reading found without refusing the message, with places."""
    _kept: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False, hash=False)

    @property
    def resource_type(self) -> str:
        """The type of the root resource, `Bundle` for a message."""
        return paths.root_name(self.resource)

    @property
    def facts(self) -> MessageFacts:
        """What the rest of the program asks for again and again."""
        if "facts" not in self._kept:
            self._kept["facts"] = facts_of(self.resource, self.entries(), self._targets())
        kept: MessageFacts = self._kept["facts"]
        return kept

    @property
    def text(self) -> str:
        """The source as text, without a byte order mark; places count its characters."""
        if "text" not in self._kept:
            self._kept["text"] = decode(self.source, what="The message").text
        kept: str = self._kept["text"]
        return kept

    def at(self, path: str) -> JsonValue:
        """The value at a path (`Bundle.entry[1].resource.status`), or None when it is absent."""
        return paths.get(self.resource, path)

    def place(self, path: str) -> Place | None:
        """Where the element stands in the source: the value in JSON, the start tag in XML.

        For an element that is absent the nearest ancestor that exists; None for paths of headers and parameters.
        The first call reads the text once more (some milliseconds), later ones look up.
        """
        try:
            steps = paths.below_root(self.resource, path)
        except InputError:
            return None
        if steps is None:
            return None
        found = paths.follow(self.resource, steps)
        while found is None and steps:
            steps = steps[:-1]
            found = paths.follow(self.resource, steps)
        here = paths.text_of(self.resource_type, found.steps if found else ())
        table = self._places()
        while (place := table.place(here)) is None and (above := paths.parent(here)) != here:
            here = above
        return place

    def entries(self) -> tuple[Entry, ...]:
        """The entries of a Bundle; empty for a single resource."""
        if "entries" not in self._kept:
            self._kept["entries"] = entries_of(self.resource)
        kept: tuple[Entry, ...] = self._kept["entries"]
        return kept

    def references(self) -> tuple[Reference, ...]:
        """Every reference in document order with the entry it points to."""
        if "references" not in self._kept:
            self._kept["references"] = references_of(self.resource, self.entries())
        kept: tuple[Reference, ...] = self._kept["references"]
        return kept

    def entry_of(self, reference: str) -> Entry | None:
        """The entry a reference points to, None where there is none; fragments are not looked up."""
        index = self._targets().entry(reference)
        return self.entries()[index] if index is not None else None  # entries stand in the order of their index

    def once(self, name: str, work: Callable[[Message], T]) -> T:
        """What work on this message gives, done by the first who asks for it by that name."""
        if name not in self._kept:
            self._kept[name] = work(self)
        kept: T = self._kept[name]
        return kept

    def _targets(self) -> Targets:
        if "targets" not in self._kept:
            self._kept["targets"] = Targets(self.entries())
        kept: Targets = self._kept["targets"]
        return kept

    def _places(self) -> PlaceTable:
        if "places" not in self._kept:
            self._kept["places"] = place_table(self.text, self.syntax, self.resource_type)
        kept: PlaceTable = self._kept["places"]
        return kept


def parse(source: bytes, *, what: str = "The message") -> Message:
    """Read a FHIR resource from JSON or XML bytes; which of the two is seen from the first character.

    InputError, with the place where there is one, for what cannot be read at all: empty, larger than 20 MiB, another
    encoding than claimed, not JSON or XML, nested deeper than 64, a DOCTYPE, not one R4 resource, over 5,000 entries.
    """
    decoded = decode(source, what=what)
    notes: list[Finding] = []
    if decoded.syntax is Syntax.JSON:
        loaded = json_text.read(decoded.text, what=what)
        resource = _checked(loaded.value, what)
        notes += _duplicate_notes(resource, loaded.duplicates)
        notes += _string_notes(resource, decoded.text)
    else:
        reading = xml_text.read(decoded.text, what=what)
        resource = reading.resource
        notes += reading.remarks
    held = resource.get("entry")
    if resource["resourceType"] == "Bundle" and isinstance(held, list) and len(held) > MOST_ENTRIES:
        raise InputError(ErrorCode.INPUT_TOO_MANY, what=what, count=f"{len(held):,}", limit=f"{MOST_ENTRIES:,}")
    root = paths.root_name(resource)
    if decoded.marked:
        notes.append(remark(Remark.BYTE_ORDER_MARK, root, place=Place(1, 1, 0)))
    if decoded.encoding not in ("utf-8", "ascii"):
        notes.append(remark(Remark.NOT_UTF8, root, name=decoded.encoding.upper(), place=Place(1, 1, 0)))
    return _made(source, decoded.syntax, resource, notes, decoded.text)


def build(resource: JsonObject, syntax: Syntax = Syntax.JSON) -> Message:
    """A message of a tree: written with two-space indentation as UTF-8. The tree must not be changed afterwards.

    InputError (input.not-xml) when XML cannot hold it.
    """
    if syntax is Syntax.XML:
        return _made(xml_dump.dump(resource), syntax, resource, [], None)
    return _made((json_text.dump(resource) + "\n").encode(), syntax, resource, [], None)


def extended(message: Message, members: Mapping[int, JsonObject], entries: Sequence[JsonObject] = ()) -> Message:
    """A Bundle whose entries of these indexes have these members in their resources, and with further entries.

    In JSON every other character stays as it was typed, where the text allows it; else it is written as by `build`.
    What is no Bundle with entries is only written again.
    """
    held = message.resource.get("entry")
    if message.resource_type != "Bundle" or not isinstance(held, list):
        return build(message.resource, message.syntax)
    listed = held.copy()
    for index, new in members.items():
        listed[index] = _with_members(held[index], new)
    resource: JsonObject = {**message.resource, "entry": [*listed, *entries]}
    text = None
    if message.syntax is Syntax.JSON and _only_gains(held, members):
        last = not message.remarks and next(reversed(message.resource)) == "entry"  # a name may stand twice in the text
        text = json_insert.added(message.text, len(held), members, entries, last=last)
    if text is None:
        return build(resource, message.syntax)
    made = _made(text.encode(), message.syntax, resource, [], text)
    known = list(message.entries())
    for index in members:
        now = tree.as_object(tree.as_object(listed[index]).get("resource"))
        known[index] = known[index]._replace(resource=now, id=tree.text(now.get("id")))
    made._kept["entries"] = (*known, *entries_of({**resource, "entry": [*entries]}, len(listed)))
    return made


_FIRST = ("resourceType", "id", "meta")


def _with_members(entry: JsonValue, new: JsonObject) -> JsonValue:
    """An entry whose resource has some members more, or other values of those it has; type, id and meta stay first."""
    if not isinstance(entry, dict):
        return entry
    held = tree.as_object(entry.get("resource"))
    first: JsonObject = {}
    for name in _FIRST:
        if name in new:
            first[name] = new[name]
        elif name in held:
            first[name] = held[name]
    return {**entry, "resource": {**first, **held, **new}}


def _only_gains(entries: Sequence[JsonValue], members: Mapping[int, JsonObject]) -> bool:
    """Whether every entry has a resource, and none of them has a member that it is to gain."""
    for index, entry in enumerate(entries):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict) or (index in members and not members[index].keys().isdisjoint(resource)):
            return False
    return True


def convert(message: Message, syntax: Syntax) -> Message:
    """The same resource in the other syntax; the message itself when it already is. Comments of XML are not kept."""
    return message if message.syntax is syntax else build(message.resource, syntax)


def _made(source: bytes, syntax: Syntax, resource: JsonObject, notes: list[Finding], text: str | None) -> Message:
    message = Message(source, syntax, resource)
    if text is not None:
        message._kept["text"] = text
    if not notes:
        return message
    placed = tuple(note if note.place else _with_place(note, message.place(note.path)) for note in notes)
    final = Message(source, syntax, resource, placed)
    final._kept.update(message._kept)
    return final


def _with_place(note: Finding, place: Place | None) -> Finding:
    return Finding(
        note.rule, note.severity, note.layer, note.path, note.text, note.source, place, note.resource, note.fix
    )


def _checked(value: JsonValue, what: str) -> JsonObject:
    """The value when it is an R4 resource."""
    if not isinstance(value, dict):
        kinds = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
        cause = f"a FHIR resource must be an object, and this is {kinds.get(type(value), 'a number')}"
        raise InputError(ErrorCode.INPUT_NOT_FHIR, place=Place(1, 1, 0), what=what, cause=cause)
    kind = value.get("resourceType")
    if not isinstance(kind, str) or not kind:
        cause = "resourceType is missing" if "resourceType" not in value else "resourceType is not a text"
        raise InputError(ErrorCode.INPUT_NOT_FHIR, place=Place(1, 1, 0), what=what, cause=cause)
    if kind not in r4().resource_types():
        version = version_of_type(kind)
        cause = f"{kind!r} is not one of FHIR R4" + (f"; FHIR {version} has it" if version else "")
        raise InputError(ErrorCode.INPUT_UNKNOWN_TYPE, place=Place(1, 1, 0), what=what, cause=cause)
    return value


def _duplicate_notes(resource: JsonObject, duplicates: tuple[tuple[JsonObject, str], ...]) -> list[Finding]:
    if not duplicates:
        return []
    wanted = {id(held): held for held, _ in duplicates}
    where = {id(value): path for path, value in tree.walk(resource, paths.root_name(resource)) if id(value) in wanted}
    return [
        remark(
            Remark.DUPLICATE_KEY,
            f"{where[id(held)]}.{name}" if _STEP.fullmatch(name) else where[id(held)],
            name=name.encode("utf-8", "replace").decode(),
        )
        for held, name in duplicates
        if id(held) in where
    ]


def _string_notes(resource: JsonObject, text: str) -> list[Finding]:
    """Half surrogates and NUL can only come from escapes: the tree is walked only when the text has such.

    Those in the name of a member are told at the object that has it, and what is inside that member is passed over.
    """
    if "\\" not in text:
        return []
    kinds: list[tuple[Remark, re.Pattern[str]]] = []
    if _ESCAPED_SURROGATE.search(text):
        kinds.append((Remark.LONE_SURROGATE, _SURROGATE))
    if "\\u0000" in text:
        kinds.append((Remark.NUL, re.compile("\0")))
    notes: list[Finding] = []
    for kind, pattern in kinds:
        for path, value in tree.walk(resource, paths.root_name(resource)):
            if pattern.search(path):
                continue
            held = value if isinstance(value, dict) else [value] if isinstance(value, str) else []
            notes += [remark(kind, path) for text_or_name in held if pattern.search(text_or_name)]
    return notes
