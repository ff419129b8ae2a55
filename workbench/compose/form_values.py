"""What the fields of a form show of their elements, and what they write back.

A code is `system|code` where it is chosen and `code: words` where it is typed. It must not know where fields stand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from workbench.compose.form_names import targets
from workbench.compose.form_table import FieldKind, form_table
from workbench.messages import Edit, EditOp, Number, nhs_number, tree
from workbench.messages.references import kind_of

if TYPE_CHECKING:
    from workbench.compose.form_table import FieldSpec
    from workbench.messages import JsonObject, JsonValue, Message
    from workbench.standard.r4 import ElementSpec

NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,17})?")
"""A number as JSON writes it."""
_NHS = "https://fhir.nhs.uk/Id/nhs-number"

Choices = tuple[tuple[str, str], ...]


class Shown(NamedTuple):
    """What a field shows."""

    text: str
    choices: Choices = ()
    note: str = ""


def shown_value(message: Message, spec: FieldSpec, value: JsonValue, known: ElementSpec | None) -> Shown:
    """The text of a value, what may be chosen in its place, and what stands beside the label."""
    if spec.kind in (FieldKind.CONCEPT, FieldKind.CODING):
        return _coding(spec, tree.as_object(value))
    if spec.kind is FieldKind.REFERENCE:
        return _reference(message, tree.as_object(value), known)
    if spec.kind is FieldKind.IDENTIFIER:
        return _identifier(tree.as_object(value))
    if spec.kind is FieldKind.WORDS:
        return Shown(spec.separator.join(tree.texts(value)))
    text = _scalar(value)
    if spec.kind is FieldKind.TRUTH:
        return Shown(text, _with(text, (("true", "Yes"), ("false", "No"))))
    if spec.kind is FieldKind.CODE:
        codes = known.codes if known else ()
        return Shown(text, _with(text, tuple((code, form_table().code_words(code)) for code in codes)))
    return Shown(text)


def written(message: Message, spec: FieldSpec, path: str, held: JsonValue, text: str) -> tuple[Edit, ...]:
    """The edits that give the element at `path` the value of a text; an empty one takes it away.

    What stands in the element beside its value stays.
    """
    if text == shown_value(message, spec, held, None).text:
        return ()
    if not text.strip():
        return (Edit(EditOp.REMOVE, path),) if held is not None else ()
    if spec.kind in (FieldKind.CONCEPT, FieldKind.CODING):
        return _changed(path, held, _coding_of(spec, tree.as_object(held), text))
    if spec.kind is FieldKind.REFERENCE:
        return _changed(path, held, _reference_to(message, tree.as_object(held), text))
    if spec.kind is FieldKind.IDENTIFIER:
        known = tree.as_object(held)
        system = tree.text(known.get("system")) or next(iter(spec.systems), "")
        bare = re.sub(r"\s", "", text) if system == _NHS else text.strip()
        own: JsonObject = {**known, "system": system, "value": bare} if system else {**known, "value": bare}
        return _changed(path, held, own)
    value: JsonValue = text
    if spec.kind is FieldKind.WORDS:
        value = [part for one in text.split(spec.separator) if (part := one.strip())]
    elif spec.kind is FieldKind.TRUTH and text in ("true", "false"):
        value = text == "true"
    elif spec.kind is FieldKind.NUMBER and NUMBER.fullmatch(text.strip()):
        value = Number(text.strip())
    return () if value == held else (Edit(EditOp.SET, path, value),)


def _changed(path: str, held: JsonValue, value: JsonObject) -> tuple[Edit, ...]:
    return () if value == held else (Edit(EditOp.SET, path, value),)


def _scalar(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        return value.text
    return value if isinstance(value, str) else ""


def _with(text: str, choices: Choices) -> Choices:
    """The choices, with what is there where they do not have it."""
    return choices if not text or text in dict(choices) else (*choices, (text, text))


def _coding(spec: FieldSpec, coding: JsonObject) -> Shown:
    code, display = tree.text(coding.get("code")) or "", tree.text(coding.get("display")) or ""
    listed = [(system, form_table().codes(system)) for system in spec.systems]
    if spec.open:
        shown = f"{code}: {display}" if code and display else code or display
        offered = tuple((f"{one}: {words}", f"{one}: {words}") for _, codes in listed for one, words in codes.items())
        return Shown(shown, offered)
    choices: Choices = tuple((f"{system}|{one}", words) for system, codes in listed for one, words in codes.items())
    here = f"{tree.text(coding.get('system')) or ''}|{code}" if coding else ""
    if here and here not in dict(choices):
        choices = (*choices, (here, f"{display or code} (not in the list)"))
    return Shown(here, choices, code)


def _coding_of(spec: FieldSpec, held: JsonObject, text: str) -> JsonObject:
    if not spec.open:
        system, _, code = text.rpartition("|")
        display = form_table().codes(system).get(code, "")
    else:
        code, _, display = (part.strip() for part in text.partition(":"))
        lists = [system for system in spec.systems if code in form_table().codes(system)]
        system = next(iter(lists), "") or tree.text(held.get("system")) or next(iter(spec.systems[-1:]), "")
        display = display or (form_table().codes(system).get(code, "") if lists else "")
    made: JsonObject = {name: value for name, value in held.items() if name not in ("system", "code", "display")}
    fresh: JsonObject = {"system": system, "code": code, "display": display}
    return {**{name: value for name, value in fresh.items() if value}, **made}


def _identifier(held: JsonObject) -> Shown:
    value, system = tree.text(held.get("value")) or "", tree.text(held.get("system")) or ""
    if system == _NHS:
        return Shown(nhs_number.grouped(value))
    return Shown(value, (), system.rstrip("/").rpartition("/")[2])


def _reference(message: Message, held: JsonObject, known: ElementSpec | None) -> Shown:
    choices = targets(message, known.targets if known else ())
    here = tree.text(held.get("reference")) or ""
    if not here:
        words = tree.text(held.get("display")) or ""
        return Shown("", choices, words)
    if here not in dict(choices):
        found = next((one for one in message.references() if one.value == here and one.target_entry is not None), None)
        if found is not None:
            return Shown(here, (*choices, (here, _named(message, found.target_entry))))
        if kind_of(here).value == "urn":
            return Shown(here, (*choices, (here, "Not in this message")))
        return Shown(here, (*choices, (here, here)))
    return Shown(here, choices)


def _named(message: Message, entry: int | None) -> str:
    whole = targets(message, ())
    at = next((one for one in message.entries() if one.index == entry), None)
    return next((words for url, words in whole if at is not None and url.endswith(at.full_url or at.id or "?")), "")


def _reference_to(message: Message, held: JsonObject, text: str) -> JsonObject:
    """A reference that leads elsewhere: what it said of the old target goes along."""
    made: JsonObject = {**held, "reference": text}
    name = dict(targets(message, ())).get(text, "")
    if "display" in made:
        del made["display"]
        if name:
            made["display"] = name.partition(": ")[2] or name
    if "type" in made:
        del made["type"]
        if name and (entry := next((one for one in message.entries() if one.full_url == text), None)):
            made["type"] = entry.type
    return made
