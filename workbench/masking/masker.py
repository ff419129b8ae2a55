"""A message without the people in it: the tree masked by field, and texts that quote it.

What is not known to be harmless is masked: codes, displays of codes, references, times, states and names of
organisations and services stay; names, addresses, contacts, identifiers of people, places, pictures and every free
text go. An NHS number is masked wherever it stands.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from workbench.masking.parameters import masked_parameter, masked_query
from workbench.messages import Number, nhs_number, tree
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from workbench.masking.pseudonyms import Pseudonyms
    from workbench.messages import JsonObject, JsonValue

NARRATIVE = '<div xmlns="http://www.w3.org/1999/xhtml">Masked</div>'
_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_PEOPLE = frozenset({"Patient", "RelatedPerson", "Person", "Practitioner", "PractitionerRole"})
_BODIES = frozenset({"Organization", "HealthcareService", "Device", "Endpoint"})
"""Resources whose own names and addresses are no person's."""
_IMPERSONAL = frozenset({"MessageHeader", "Questionnaire"})
"""Resources whose texts are about software and forms."""
_OF_BODIES = _BODIES | {"Address", "ContactPoint"}
_PLAIN_TYPES = frozenset(
    {"code", "uri", "url", "canonical", "id", "oid", "uuid", "instant", "dateTime", "date", "time", "boolean"}
)
_KEPT = frozenset(
    {
        *("Coding.display", "Coding.version", "Quantity.unit", "Meta.versionId"),
        *("QuestionnaireResponse.item.linkId", "QuestionnaireResponse.item.text", "Bundle.link.relation"),
    }
)
"""Texts that say nothing about a person, by datatype or by path without indexes."""
_PARTS_OF_NAME = {"family": "family", "given": "given"}
_TAG = re.compile(r"<[^>]*>")
_SHORTEST = 3
"""Characters from which a personal value is also looked for in texts that quote it."""


class Masker:
    """Masks under one key; a pure function of its input otherwise."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms

    def resource(self, resource: JsonObject) -> JsonObject:
        """The same resource, or Bundle, without the people in it; the input is not changed."""
        return _Masking(self._pseudonyms).resource(resource)

    def text(self, text: str, about: Iterable[JsonObject] = ()) -> str:
        """A text that may quote the messages it is about (a finding, an answer, an address): their personal values as
        their masks, and every NHS number as its mask."""
        replaced: dict[str, str] = {}
        for resource in about:
            replaced.update(self.replacements(resource))
        return self.replaced(text, replaced)

    def name(self, given: str, family: str) -> str:
        """A person's name: the same invented one that their messages get."""
        first = " ".join(self._pseudonyms.given(one) for one in given.split())
        return f"{first} {self._pseudonyms.family(family)}".strip()

    def parameter(self, name: str, value: str) -> str:
        """The value of a search parameter, masked where it says something of a person (`masked_parameter`)."""
        return masked_parameter(name, value, self._pseudonyms)

    def query(self, query: str, words: Callable[[str], str], told: Callable[[str, str], object]) -> str:
        """The query of an address without people (`masked_query`)."""
        return masked_query(query, self._pseudonyms, words, told)

    def replaced(self, text: str, replacements: Mapping[str, str]) -> str:
        """The text with what `replacements` found in messages replaced, longest first, and NHS numbers masked."""
        lower = {word.lower(): mask for word, mask in replacements.items()}
        wanted = [re.escape(word) for word in sorted(replacements, key=len, reverse=True)]
        pattern = re.compile("|".join([*wanted, _TEN_DIGITS.pattern]), re.IGNORECASE)

        def mask(found: re.Match[str]) -> str:
            known = lower.get(found[0].lower())
            return known if known is not None else _number_masked(found[0], self._pseudonyms)

        return pattern.sub(mask, text)

    def replacements(self, resource: JsonObject) -> dict[str, str]:
        """Every personal value of a resource with its mask; short ones, that stand in other words too, left out."""
        masking = _Masking(self._pseudonyms)
        masking.resource(resource)
        return {was: mask for was, mask in masking.masks.items() if len(was) >= _SHORTEST and was != mask}


class _Masking:
    """One walk over one resource; collects what was masked."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms
        self.masks: dict[str, str] = {}
        self._writers: Mapping[str, Callable[[JsonObject], JsonObject]] = {
            "HumanName": self._human_name,
            "Address": self._masked_texts,
            "ContactPoint": self._contact,
            "Attachment": self._attachment,
            "Narrative": self._narrative,
        }

    def resource(self, resource: JsonObject) -> JsonObject:
        kind = tree.text(resource.get("resourceType")) or ""
        return self._members(resource, kind, kind)

    def _members(self, held: JsonObject, type_path: str, owner: str) -> JsonObject:
        masked: JsonObject = {}
        for name, value in held.items():
            bare = name.removeprefix("_")
            spec = r4().element(type_path, bare) if type_path else None
            below = (r4().child_path(type_path, bare) or "") if type_path else ""
            datatype = spec.types[0] if spec else ""
            if name == "resourceType":
                masked[name] = value
            elif name == "_" + bare:
                masked[name] = self._value(value, "Element", "Element", owner)
            else:
                masked[name] = self._element(bare, value, datatype, below, type_path, owner)
        return masked

    def _element(self, name: str, value: JsonValue, datatype: str, below: str, above: str, owner: str) -> JsonValue:
        if isinstance(value, list):
            return [self._element(name, item, datatype, below, above, owner) for item in value]
        if isinstance(value, dict):
            return self._structure(name, value, datatype, below, owner)
        if isinstance(value, Number):
            return Number("0") if owner == "Location" or name == "valueDecimal" else value
        if not isinstance(value, str):
            return value
        if name == "birthDate" or (name == "deceasedDateTime" and owner in _PEOPLE):
            return self._told(value, self._pseudonyms.birth_date(value))
        if datatype in ("date", "dateTime") and above == "Extension" and owner in _PEOPLE:
            return self._told(value, self._pseudonyms.birth_date(value))
        if datatype in ("uri", "url") and "?" in value:
            path, _, query = value.partition("?")
            return f"{self._numbers(path)}?{masked_query(query, self._pseudonyms, self._numbers, self._told)}"
        if datatype in _PLAIN_TYPES or (owner == "OperationOutcome" and name != "diagnostics"):
            return self._numbers(value)
        if datatype == "base64Binary":
            return self._told(value, "")
        of_body = owner in _BODIES and above.partition(".")[0] in _OF_BODIES
        if f"{above}.{name}" in _KEPT or of_body or owner in _IMPERSONAL:
            return self._numbers(value)
        return self._free(value)

    def _value(self, value: JsonValue, datatype: str, below: str, owner: str) -> JsonValue:
        if isinstance(value, list):
            return [self._value(item, datatype, below, owner) for item in value]
        return self._structure("", value, datatype, below, owner) if isinstance(value, dict) else value

    def _structure(self, name: str, value: JsonObject, datatype: str, below: str, owner: str) -> JsonObject:
        if inner := tree.text(value.get("resourceType")):
            return self._members(value, inner, inner)
        if datatype == "Identifier":
            return self._identifier(value, owner)
        if datatype == "Reference":
            return self._reference(value)
        if datatype == "CodeableConcept":
            return self._concept(value, owner)
        if datatype in self._writers and not (owner in _BODIES and datatype != "HumanName"):
            return self._writers[datatype](value)
        return self._members(value, below or datatype, owner)

    def _human_name(self, value: JsonObject) -> JsonObject:
        masked = dict(value)
        for part in ("family", "given"):
            if part in value:
                masked[part] = _each(value[part], partial(self._named, part))
        for part in ("prefix", "suffix"):
            if part in value:
                masked[part] = value[part]
        if "text" in value:
            words = [*tree.texts(masked.get("given")), *tree.texts(masked.get("family"))]
            masked["text"] = self._told(str(value["text"]), " ".join(words) or self._whole_name(str(value["text"])))
        for name in [name for name in masked if name.startswith("_") or name == "extension"]:
            self._gone(masked.pop(name))
        return masked

    def _named(self, part: str, text: str) -> str:
        invent = self._pseudonyms.family if part == "family" else self._pseudonyms.given
        return self._told(text, invent(text))

    def _labelled(self, name: str, text: str) -> str:
        return self._told(text, f"[masked {name}]")

    def _whole_name(self, text: str) -> str:
        """An unstructured name: its last word is taken for the family name."""
        *given, family = text.split() or [""]
        return " ".join([*(self._pseudonyms.given(word) for word in given), self._pseudonyms.family(family)])

    def _contact(self, value: JsonObject) -> JsonObject:
        masked = self._kept_members(value, {"system", "use", "rank", "period"})
        if (text := tree.text(value.get("value"))) is not None:
            invented = "masked@example.org" if "@" in text else self._pseudonyms.shaped(text)
            masked["value"] = self._told(text, invented)
        return masked

    def _masked_texts(self, value: JsonObject) -> JsonObject:
        """An address: the words go, the number of lines stays."""
        masked = self._kept_members(value, {"use", "type", "period", "country"})
        for name, item in value.items():
            if name not in masked and name != "extension" and not name.startswith("_"):
                masked[name] = _each(item, partial(self._labelled, name))
        return masked

    def _attachment(self, value: JsonObject) -> JsonObject:
        kept = self._kept_members(value, {"contentType", "creation", "language", "size"})
        for name in value.keys() - kept.keys():
            self._gone(value[name])
        return kept

    def _narrative(self, value: JsonObject) -> JsonObject:
        self._gone(_TAG.sub(" ", str(value.get("div"))).strip())
        return {**self._kept_members(value, {"status"}), "div": NARRATIVE}

    def _identifier(self, value: JsonObject, owner: str) -> JsonObject:
        masked = self._members({n: item for n, item in value.items() if n != "value"}, "Identifier", owner)
        text = tree.text(value.get("value"))
        if text is None:
            return masked
        system = (tree.text(value.get("system")) or "").lower()
        if "nhs-number" in system:
            shown = self._told(text, self._pseudonyms.nhs_number(text))
        elif owner in _PEOPLE:
            shown = self._told(text, self._pseudonyms.shaped(text))
        else:
            shown = self._numbers(text)
        return {name: shown if name == "value" else masked[name] for name in value if name == "value" or name in masked}

    def _reference(self, value: JsonObject) -> JsonObject:
        masked = dict(value)
        if "identifier" in value:
            kind = (tree.text(value.get("type")) or tree.text(value.get("reference")) or "").partition("/")[0]
            owner = kind if kind in _BODIES else "Patient"
            masked["identifier"] = self._identifier(tree.as_object(value["identifier"]), owner)
        if (display := tree.text(value.get("display"))) is not None:
            masked["display"] = self._free(display)
        if (reference := tree.text(value.get("reference"))) is not None:
            masked["reference"] = self._numbers(reference)
        return masked

    def _concept(self, value: JsonObject, owner: str) -> JsonObject:
        displays = {tree.text(coding.get("display")) for coding in tree.objects(value.get("coding"))}
        text = tree.text(value.get("text"))
        if text is None or text not in displays:
            return self._members(value, "CodeableConcept", owner)
        masked = self._members({n: item for n, item in value.items() if n != "text"}, "CodeableConcept", owner)
        return {**masked, "text": self._numbers(text)}

    def _kept_members(self, value: JsonObject, names: set[str]) -> JsonObject:
        return {name: item for name, item in value.items() if name in names}

    def _gone(self, value: JsonValue) -> None:
        """Remember the texts of something that is left out, for texts that quote them."""
        for _, item in tree.walk(value, ""):
            if isinstance(item, str) and item.strip():
                self._told(item, "[masked]")

    def _free(self, text: str) -> str:
        """A free text, with a mask that says how long it was; one word that is a name already known is its mask."""
        if (known := self.masks.get(text)) is not None:
            return known
        return self._told(text, f"[masked, {len(text)} characters]") if text.strip() else text

    def _told(self, was: str, mask: str) -> str:
        self.masks.setdefault(was, mask)
        return mask

    def _numbers(self, text: str) -> str:
        return _with_numbers_masked(text, self._pseudonyms)


def _each(value: JsonValue, mask: Callable[[str], str]) -> JsonValue:
    if isinstance(value, list):
        return [_each(item, mask) for item in value]
    return mask(value) if isinstance(value, str) else value


def _with_numbers_masked(text: str, pseudonyms: Pseudonyms) -> str:
    """Every run of ten digits that is a valid NHS number, also grouped, as its mask."""
    return _TEN_DIGITS.sub(lambda found: _number_masked(found[0], pseudonyms), text)


def _number_masked(text: str, pseudonyms: Pseudonyms) -> str:
    digits = "".join(c for c in text if c.isdigit())
    if not nhs_number.is_valid(digits):
        return text
    shown = iter(pseudonyms.nhs_number(digits))
    return "".join(next(shown) if c.isdigit() else c for c in text)
