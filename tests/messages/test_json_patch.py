"""JSON texts that are changed only where their value is."""

from __future__ import annotations

import json

import hypothesis.strategies as st
import pytest
from hypothesis import given

from workbench.messages import JsonValue, json_text
from workbench.messages.json_patch import patched

NAMES = st.sampled_from(["a", "b", "c", 'd"e', "é"])
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.text(alphabet='ab"\\{[,:é', max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)


def written(value: JsonValue, indent: int | str | None) -> str:
    """A text as another tool writes it."""
    return json.dumps(value, indent=indent, ensure_ascii=indent == 1)


@given(VALUES, VALUES, st.sampled_from([None, 1, 2, 4, "\t"]))
def test_the_text_reads_as_the_new_value(old: JsonValue, new: JsonValue, indent: int | str | None) -> None:
    text = written(old, indent)
    assert json_text.load(patched(text, old, new)) == new
    assert patched(text, old, old) == text


TEXT = """{
    "resourceType" : "Patient",   "active":true,
    "name": [
        { "family": "Jones" , "given": [ "Julie" ] },
        { "family": "Smith" }
    ],
    "n": 1.50,
    "gender":"fem\\u0061le"
}
"""


def changed(path: list[str | int], value: JsonValue) -> str:
    """The text with one element set, or taken away for None."""
    old = json_text.load(TEXT)
    new = json_text.load(TEXT)
    held: JsonValue = new
    for step in path[:-1]:
        held = held[step]  # type: ignore[index,call-overload]
    if value is None:
        del held[path[-1]]  # type: ignore[index,arg-type,union-attr]
    else:
        held[path[-1]] = value  # type: ignore[index,call-overload]
    return patched(TEXT, old, new)


@pytest.mark.parametrize(
    ("path", "value", "before", "after"),
    [
        (["name", 0, "family"], "Jonas", '"Jones"', '"Jonas"'),
        (["name", 1], None, ',\n        { "family": "Smith" }', ""),
        (["gender"], None, ',\n    "gender":"fem\\u0061le"', ""),
        (
            ["birthDate"],
            "1959-05-04",
            '"gender":"fem\\u0061le"',
            '"gender":"fem\\u0061le",\n    "birthDate": "1959-05-04"',
        ),
    ],
)
def test_one_change_touches_one_stretch(path: list[str | int], value: JsonValue, before: str, after: str) -> None:
    assert changed(path, value) == TEXT.replace(before, after, 1)


def test_what_is_taken_away_leaves_its_neighbours() -> None:
    assert changed(["active"], None) == TEXT.replace('   "active":true,', "")


def test_what_moved_keeps_its_text() -> None:
    text = '[\n  {"a":1},\n  { "b" : 2 },\n  {"c":3}\n]'
    old = json_text.load(text)
    assert isinstance(old, list)
    assert patched(text, old, [old[1], old[0], old[2]]) == '[\n  { "b" : 2 },\n  {"a":1},\n  {"c":3}\n]'
    assert patched(text, old, [old[0], old[1], {"n": {"m": "x"}}, old[2]]) == (
        '[\n  {"a":1},\n  { "b" : 2 },\n  {\n    "n": {\n      "m": "x"\n    }\n  },\n  {"c":3}\n]'
    )


def test_lines_end_as_in_the_text() -> None:
    text = '{\r\n\t"a": "x"\r\n}'
    assert patched(text, {"a": "x"}, {"a": "x", "b": {"c": "y"}}) == (
        '{\r\n\t"a": "x",\r\n\t"b": {\r\n\t\t"c": "y"\r\n\t}\r\n}'
    )


def test_a_name_that_stands_twice_is_written_anew() -> None:
    assert json_text.load(patched('{"a": "1", "a": "2"}', {"a": "2"}, {"a": "3"})) == {"a": "3"}
