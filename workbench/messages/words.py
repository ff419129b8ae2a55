"""Elements in the reader's words: "the patient's second phone", "the second condition, Chest pain: onset".

Names a resource by its own content alone and never a person; must not know what is wrong with an element.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import InputError
from workbench.messages import paths, tree
from workbench.messages.references import entries_of
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.messages.values import JsonObject, JsonValue

LONGEST = 40
"""Characters that a name taken from a message may have; what is longer is cut between words where it can be."""

_HEADER = re.compile(r"headers\['(?P<name>[^']+)'\](?P<rest>.*)")
_PARAMETER = re.compile(r"parameters\['(?P<name>[^']+)'\].*")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_EXTENSION = re.compile(r"^(?:Extension-)?(?:UKCore-|UK-Core-|BARS-?|BaRS-?)?", re.IGNORECASE)
_ENTRY = re.compile(r"Bundle\.entry\[(\d+)\]")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NOUNS = {
    "birthDate": "date of birth",
    "family": "family name",
    "fullUrl": "full URL",
    "given": "given name",
    "line": "address line",
    "postalCode": "postcode",
    "telecom": "contact details",
}
_CONTACTS = {
    "phone": "phone",
    "email": "email",
    "fax": "fax",
    "pager": "pager",
    "sms": "text number",
    "url": "web page",
}
_SILENT = {("Reference", "reference"), ("ContactPoint", "value"), ("Identifier", "value")}
"""(datatype, element) that add nothing to what is said already."""
_PEOPLE = frozenset({"Patient", "RelatedPerson", "Person", "Practitioner", "PractitionerRole"})
_NAMES = ("title", "name")
_CONCEPTS = ("code", "medicationCodeableConcept", "vaccineCode", "type")


def words_of(name: str) -> str:
    """`birthDate` as "birth date"; abbreviations keep their capitals."""
    parts = _HUMP.sub(" ", name.removeprefix("_")).split(" ")
    return " ".join(part if len(part) > 1 and part.isupper() else part.lower() for part in parts)


def type_words(kind: str) -> str:
    """`ServiceRequest` as "Service request"."""
    words = words_of(kind)
    return words[:1].upper() + words[1:]


def ordinal(number: int) -> str:
    """1 as "first", 12 as "12th"."""
    if 1 <= number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def owner_of(path: str) -> str:
    """The path of the resource that an element belongs to: its entry's, or the root; headers and parameters are all
    of the call, which is the empty path."""
    if path.startswith(("headers[", "parameters[")):
        return ""
    found = _ENTRY.match(path)
    return f"{found[0]}.resource" if found else re.split(r"[.\[]", path, maxsplit=1)[0]


def describe(path: str, resource: JsonObject | None = None) -> str:
    """One element in words; for many paths of one resource `Words` works out once what they share."""
    return Words(resource).describe(path)


class _Phrase(NamedTuple):
    """Words for the steps of a path: which resource, and which element of it (empty for the resource itself)."""

    resource: str
    element: str
    label: bool
    """Whether the resource is called by a name of its own, which takes no possessive."""

    def __str__(self) -> str:
        if not self.element:
            return self.resource
        return f"{self.resource}: {self.element}" if self.label else f"{self.resource}'s {self.element}"


class Words:
    """The words for the elements of one resource; the cost of many paths is that of their lengths."""

    def __init__(self, resource: JsonObject | None) -> None:
        self._root = resource or {}
        self._numbers: dict[int, int] | None = None
        self._items: dict[int, tuple[str, ...]] = {}

    def describe(self, path: str) -> str:
        """The element in words; text that is no path comes back as it is."""
        if header := _HEADER.fullmatch(path):
            parts = [part for part in re.split(r"[.\[\]]", header["rest"]) if part and not part.isdigit()]
            return ", ".join((f"{header['name']} header", *map(words_of, parts)))
        if parameter := _PARAMETER.fullmatch(path):
            return f"Parameter {parameter['name']}"
        try:
            return str(self._phrase(paths.parse_path(path)))
        except InputError:
            return path

    def _phrase(self, steps: paths.Steps) -> _Phrase:
        start, resource = self._innermost(steps)
        rest = steps[start:]
        if start == 1 and steps[0] != self._root.get("resourceType", steps[0]):
            resource = {}
        kind = (tree.text(resource.get("resourceType")) if start > 1 else None) or str(steps[0])
        if start == 1 and kind == "Bundle" and len(rest) > 1 and rest[0] == "entry" and isinstance(rest[1], int):
            phrase, label = self._entry(rest[1])
            element = self._element("Bundle.entry", _child(_child(self._root, "entry"), rest[1]), rest[2:])
            parts = ("" if phrase.endswith(" entry") else "entry", element)
            return _Phrase(phrase, ", ".join(part for part in parts if part), label)
        if start == 1 and kind == "Bundle":
            phrase, label = ("the message" if resource.get("type") == "message" else "the bundle"), False
        elif start == 4 and steps[1] == "entry" and isinstance(steps[2], int):
            phrase, label = self._entry(steps[2])
        else:
            phrase, label = self._named(kind, resource, 0)
        return _Phrase(phrase, self._element(kind, resource, rest), label)

    def _innermost(self, steps: paths.Steps) -> tuple[int, JsonObject]:
        """The innermost resource on the way, and how many steps lead to it, the root name counted."""
        start, resource = 1, self._root
        value: JsonValue = self._root
        for place, step in enumerate(steps[1:], 2):
            value = _child(value, step)
            if isinstance(value, dict) and tree.text(value.get("resourceType")):
                start, resource = place, value
        return start, resource

    def _element(self, type_path: str, value: JsonValue, steps: paths.Steps) -> str:
        """The words for steps below a resource or an entry."""
        parts: list[str] = []
        held, name = "", ""
        for step in steps:
            if isinstance(step, int):
                items = value if isinstance(value, list) else [value]
                if parts and name and len(items) > 1:
                    parts[-1] = self._item(items, step, name)
                elif parts and name and step < len(items):
                    parts[-1] = _noun(name, items[step])
                value = items[step] if step < len(items) else None
                continue
            value = _child(value, step)
            spec = r4().element(type_path, step)
            name = spec.choice[:-3] if spec and spec.choice else step.removesuffix("[x]")
            silent = bool(parts) and ((held, step) in _SILENT or (step == "coding" and _single(value)))
            held = spec.types[0] if spec else ""
            type_path = r4().child_path(type_path, step) or ""
            if silent:
                name = ""
            else:
                parts.append(_noun(name, value))
        return ", ".join(parts)

    def _entry(self, index: int) -> tuple[str, bool]:
        """What an entry holds, numbered where there are several of its type."""
        resource = tree.as_object(_child(_child(_child(self._root, "entry"), index), "resource"))
        kind = tree.text(resource.get("resourceType"))
        if kind is None:
            return f"the {ordinal(index + 1)} entry", False
        if self._numbers is None:
            self._numbers = _numbers(self._root)
        return self._named(kind, resource, self._numbers.get(index, 0))

    def _named(self, kind: str, resource: JsonObject, number: int) -> tuple[str, bool]:
        head = f"the {ordinal(number)} {words_of(kind)}" if number else _the(kind)
        label = _label(kind, resource)
        return (f"{head}, {label}", True) if label else (head, False)

    def _item(self, items: Sequence[JsonValue], step: int, name: str) -> str:
        """An item of a list, numbered among those that are called the same."""
        if id(items) not in self._items:  # the lists live as long as the resource does
            nouns = [_noun(name, item) for item in items]
            several = Counter(nouns)
            seen: Counter[str] = Counter()
            said = []
            for noun in nouns:
                seen[noun] += 1
                said.append(f"{ordinal(seen[noun])} {noun}" if several[noun] > 1 else noun)
            self._items[id(items)] = tuple(said)
        said_of = self._items[id(items)]
        return said_of[step] if step < len(said_of) else f"{ordinal(step + 1)} {_noun(name, None)}"


def _child(value: JsonValue, step: paths.Step) -> JsonValue:
    """One step down; of a list passed without an index the first item is taken."""
    if isinstance(step, int):
        items = value if isinstance(value, list) else [value]
        return items[step] if step < len(items) else None
    return tree.as_object(value[0] if isinstance(value, list) and value else value).get(step)


def _the(kind: str) -> str:
    return f"the {words_of(kind)}"


def _numbers(bundle: JsonObject) -> dict[int, int]:
    """The number of every entry among those of its type, for types that there are several of."""
    kinds: dict[str, list[int]] = {}
    for entry in entries_of(bundle):
        kinds.setdefault(entry.type, []).append(entry.index)
    return {index: number for same in kinds.values() if len(same) > 1 for number, index in enumerate(same, 1)}


def _noun(name: str, value: JsonValue) -> str:
    """What an element is called; identifiers, contacts and extensions by what they hold."""
    item = tree.as_object(value)
    if name == "telecom" and not isinstance(value, list):
        return _CONTACTS.get(tree.text(item.get("system")) or "", "contact detail")
    if name == "identifier" and (tree.text(item.get("system")) or "").rstrip("/").lower().endswith("nhs-number"):
        return "NHS number"
    if name in ("extension", "modifierExtension") and (url := tree.text(item.get("url"))):
        last = plain_name(words_of(_EXTENSION.sub("", url.rstrip("/").rpartition("/")[2])))
        return f"{last} extension" if last else words_of(name)
    return _NOUNS.get(name) or words_of(name)


def _single(value: JsonValue) -> bool:
    return not isinstance(value, list) or len(value) == 1


def _label(kind: str, resource: JsonObject) -> str:
    """The name, title or code that a resource gives itself; people are never named."""
    if kind in _PEOPLE or kind == "Bundle":
        return ""
    for name in _NAMES:
        if words := tree.text(resource.get(name)):
            return plain_name(words)
    for name in _CONCEPTS:
        for concept in tree.objects(resource.get(name)):
            shown = [tree.text(one.get("display")) for one in tree.objects(concept.get("coding"))]
            if words := next((one for one in (*shown, tree.text(concept.get("text"))) if one), None):
                return plain_name(words)
    return ""


def plain_name(text: str) -> str:
    """A text from a message on one line: without what cannot be printed, and not too long."""
    bare = " ".join("".join(c if c.isprintable() else " " for c in text[: 8 * LONGEST]).split())
    if len(bare) <= LONGEST:
        return bare
    cut = bare[: LONGEST - 1]
    return f"{(cut.rpartition(' ')[0] if ' ' in cut[LONGEST // 2 :] else cut).rstrip(' ,;:')}…"
