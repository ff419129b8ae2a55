"""Form, tree and source as three ways to change one text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import hypothesis.strategies as st
from hypothesis import given, settings

from workbench.errors import InputError
from workbench.messages import Finding, Layer, Message, Severity, Source, parse
from workbench.session.forming import (
    TYPING,
    Document,
    Duplicated,
    ElementAdded,
    FieldSet,
    ItemAdded,
    Moved,
    Removed,
    ResourceAdded,
    ValueSet,
    Wanted,
    edited,
    pictured,
    shown,
    told,
    written,
)
from workbench.standard import default_profile

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.session.forming import FieldView, FormChange, FormView

NOW = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
IDS = ("id-1", "id-2", "id-3", "id-4")
ORIGINAL = """{
   "resourceType" : "Bundle",  "type": "message",
   "entry" : [\r
     {"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","gender":"fem\\u0061le",
        "name":[ {"family":"Jones", "given":["Julie"]} ], "birthDate":"1959-05-04", "unknownThing": [1.50, null]}},
     { "fullUrl" : "urn:uuid:f", "resource" : {"resourceType":"Flag", "status":"active",
        "code" : {"text":"\u00a0\u2028 \U0001f600"}, "subject":{"reference":"urn:uuid:p"}} }
   ]
}
"""
TEXTS = st.text(alphabet='ab9 -:|é"\\\U0001f600', max_size=6)
STEPS = st.one_of(
    st.tuples(st.just("form"), st.integers(0, 200), TEXTS),
    st.tuples(st.just("tree"), st.integers(0, 200), TEXTS),
    st.tuples(st.just("source"), st.integers(0, 800), st.sampled_from(["x", "\n", '"', "", " ", "{"])),
    st.tuples(st.just("undo"), st.integers(0, 3), st.just("")),
    st.tuples(st.just("redo"), st.integers(0, 3), st.just("")),
)


def fields(form: FormView) -> list[FieldView]:
    """Every field."""
    return [one for section in form.sections for card in section.cards for one in card.all_fields()]


def form_change(message: Message, number: int, text: str) -> FormChange:
    """Some change in the form."""
    form = pictured(message, default_profile()).form
    cards = [card for section in form.sections for card in section.cards]
    kind = number % 8
    additions = [one.id for one in form.additions if not one.reason]
    if kind == 0 and additions:
        return ResourceAdded(additions[number % len(additions)])
    groups = [group for card in cards for group in card.groups]
    if kind == 1 and groups:
        group = groups[number % len(groups)]
        return ItemAdded(group.path, group.spec.new, group.spec.label)
    if kind == 2:
        return Removed(cards[number % len(cards)].path)
    chosen = fields(form)[number % len(fields(form))]
    options = [value for value, _ in chosen.choices]
    return FieldSet(chosen.base, chosen.spec, options[number % len(options)] if options else text)


def tree_change(message: Message, number: int, text: str) -> FormChange:
    """Some change in the tree."""
    entries = message.entries()
    path = entries[number % len(entries)].path if entries else message.resource_type
    return (
        ValueSet(f"{path}.status", text),
        Moved(path, 1 if number % 2 else -1),
        Duplicated(path),
        ElementAdded(path, "contained"),
        Removed(path),
        ElementAdded(path, "language"),
    )[number % 6]


def done(document: Document, way: str, number: int, text: str) -> Document:
    """The document after one step of any view; a step that does not fit changes nothing."""
    if way == "undo":
        for _ in range(number):
            document = document.undone()
        return document
    if way == "redo":
        for _ in range(number):
            document = document.redone()
        return document
    if way == "source":
        seen = shown(document.text)
        place = min(number, len(seen))
        return document.replaced(written(document.text, seen[:place] + text + seen[place + 1 :]), "Typing", TYPING)
    try:
        message = parse(document.text.encode())
        change = form_change(message, number, text) if way == "form" else tree_change(message, number, text)
        result = edited(document.text, Wanted(change, NOW, IDS), default_profile())
    except InputError:
        return document
    return document.replaced(result.text, result.label, f"form {number}" if way == "form" else "")


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=12))
def test_any_steps_in_any_view_are_taken_back_to_the_original_bytes(steps: list[tuple[str, int, str]]) -> None:
    document = Document(ORIGINAL)
    for step in steps:
        document = done(document, *step)
    last = document.text
    while document.undo_label is not None:
        document = document.undone()
    assert document.text.encode() == ORIGINAL.encode()
    while document.redo_label is not None:
        document = document.redone()
    assert document.text == last or any(way in ("undo", "redo") for way, _, _ in steps)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 200), TEXTS)
def test_a_change_in_the_form_keeps_what_the_form_does_not_know(number: int, text: str) -> None:
    message = parse(ORIGINAL.encode())
    change = form_change(message, number, text)
    try:
        result = edited(ORIGINAL, Wanted(change, NOW, IDS), default_profile())
    except InputError:
        return
    gone = isinstance(change, Removed)
    assert '"unknownThing": [1.50, null]' in result.text or gone
    assert '"fem\\u0061le"' in result.text or gone or isinstance(change, FieldSet)
    assert '"text":"\u00a0\u2028 \U0001f600"' in result.text or gone or isinstance(change, FieldSet)


def test_typing_in_a_field_changes_one_value() -> None:
    form = pictured(parse(ORIGINAL.encode()), default_profile()).form
    born = next(one for one in fields(form) if one.spec.label == "Born")
    result = edited(ORIGINAL, Wanted(FieldSet(born.base, born.spec, "1960-01-02"), NOW, IDS), default_profile())
    assert result.text == ORIGINAL.replace("1959-05-04", "1960-01-02")
    assert result.label == "Patient, born"
    assert next(one for one in fields(result.form) if one.spec.label == "Born").value == "1960-01-02"


def finding(path: str, severity: Severity = Severity.ERROR) -> Finding:
    """A finding at a path."""
    return Finding("X-001", severity, Layer.BARS, path, "It is wrong.", Source("", ""))


def test_findings_are_told_at_the_nearest_field() -> None:
    form = pictured(parse(ORIGINAL.encode()), default_profile()).form
    patient = "Bundle.entry[0].resource"
    there = [
        finding(f"{patient}.birthDate"),
        finding(f"{patient}.name[0].given[0]"),
        finding(f"{patient}.identifier"),
        finding(f"{patient}.unknownThing[0]"),
        finding("headers['X-Request-Id']"),
        finding("Bundle.type"),
    ]
    seen = told(form, there)
    labels = {one.key: one.spec.label for one in fields(form)}
    assert {labels[key] for key in seen.fields} == {"Born", "Given names", "NHS number"}
    assert len(seen.cards[patient]) == 4, "what no field shows still counts for its card"
    assert seen.cards["Bundle"] == [there[5]]


def test_every_official_example_is_kept_by_every_view(shared: Path) -> None:
    count = 0
    for path in sorted((shared / "data" / "examples").rglob("*")):
        source = path.read_bytes() if path.suffix in (".json", ".xml") else b""
        if not source or (path.suffix == ".json" and b'"resourceType"' not in source):
            continue
        text = source.decode("utf-8-sig")
        message = parse(source)
        picture = pictured(message, default_profile())
        assert picture.form.sections, path.name
        assert len(picture.links.names) == len(message.entries()), path.name
        assert written(text, shown(text)) == text, path.name
        document = Document(text)
        for one in fields(picture.form)[:8]:
            result = edited(document.text, Wanted(FieldSet(one.base, one.spec, one.value), NOW, IDS), default_profile())
            assert result.text == text, (path.name, one.key)
        place = f"{message.resource_type}.id"
        result = edited(text, Wanted(ValueSet(place, "another-id"), NOW, IDS), default_profile())
        before, after = json.loads(text) if text.lstrip()[:1] == "{" else {}, parse(result.text.encode())
        if before:
            assert json.loads(result.text) == {**before, "id": "another-id"}, path.name
        assert after.at(place) == "another-id", path.name
        assert document.replaced(result.text, "Set").undone().text == text
        count += 1
    assert count > 50


def test_a_change_of_the_form_leaves_the_rest_of_an_xml_text_as_it_was_typed() -> None:
    text = (
        "<Patient xmlns='http://hl7.org/fhir'>\n   <!-- ours -->\n   <gender value = 'female' />\n"
        "   <birthDate value='1959-05-04'></birthDate>\n</Patient>\n"
    )
    shown_form = pictured(parse(text.encode()), default_profile()).form
    born = next(one for one in fields(shown_form) if one.spec.label == "Born")
    result = edited(text, Wanted(FieldSet(born.base, born.spec, "1960-01-02"), NOW, IDS), default_profile())
    assert result.text == text.replace("'1959-05-04'", '"1960-01-02"')
    gone = edited(text, Wanted(Removed("Patient.birthDate"), NOW, IDS), default_profile())
    assert gone.text == text.replace("\n   <birthDate value='1959-05-04'></birthDate>", "")
