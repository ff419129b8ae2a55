"""Brackets and tags that belong together, in texts that need not be whole."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.widgets import code_brackets
from workbench.ui.widgets.code_brackets import Span, matching

JSON = """{
  "a{": ["}", {"b": []}],
  "c": "\\\\"
}"""
XML = """<Bundle xmlns="http://hl7.org/fhir">
  <entry><id value="a>b"/></entry>
  <!-- <entry> -->
  <entry>
    <entry/>
  </entry>
</Bundle>"""


def pair(text: str, line: int, column: int, *, xml: bool = False) -> tuple[Span, Span] | None:
    lines = text.split("\n")
    return matching(lines.__getitem__, len(lines), line, column, xml=xml)


def test_brackets_of_json_outside_strings_belong_together() -> None:
    line = JSON.split("\n")[1]
    outer = (Span(1, line.index("["), 1), Span(1, line.rindex("]"), 1))
    inner = (Span(1, line.rindex("{"), 1), Span(1, line.rindex("}"), 1))
    assert pair(JSON, 0, 0) == pair(JSON, 0, 1) == (Span(0, 0, 1), Span(3, 0, 1))
    assert pair(JSON, 3, 1) == (Span(3, 0, 1), Span(0, 0, 1))
    assert pair(JSON, 1, outer[0].start) == outer
    assert pair(JSON, 1, outer[1].start + 1) == (outer[1], outer[0])
    assert pair(JSON, 1, inner[0].start) == inner


def test_what_is_in_a_string_is_no_bracket() -> None:
    assert pair(JSON, 1, 5) is None
    assert pair(JSON, 2, 9) is None


@pytest.mark.parametrize("text", ["{", "}", "[}", "{]", "{[}", ""])
def test_what_has_no_partner_has_none(text: str) -> None:
    assert pair(text, 0, 0) is None


def test_tags_of_xml_belong_together_by_name_and_depth() -> None:
    assert pair(XML, 0, 3, xml=True) == (Span(0, 0, 36), Span(6, 0, 9))
    assert pair(XML, 1, 4, xml=True) == (Span(1, 2, 7), Span(1, 26, 8))
    assert pair(XML, 5, 5, xml=True) == (Span(5, 2, 8), Span(3, 2, 7))
    assert pair(XML, 2, 10, xml=True) is None, "a comment is passed over"
    assert pair(XML, 4, 6, xml=True) is None, "an empty element has no other tag"


def test_the_search_ends_after_so_many_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "[\n" + "1,\n" * 50 + "1]"
    assert pair(text, 0, 0) == (Span(0, 0, 1), Span(51, 1, 1))
    monkeypatch.setattr(code_brackets, "MOST_LINES", 10)
    assert pair(text, 0, 0) is None
    assert pair(text, 51, 2) is None


@given(
    st.recursive(
        st.text(max_size=5) | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner)
    )
)
def test_the_first_bracket_of_every_text_belongs_to_the_last(value: object) -> None:
    text = json.dumps(value, indent=1)
    lines = text.split("\n")
    if text[0] in "{[":
        last = Span(len(lines) - 1, len(lines[-1]) - 1, 1)
        assert pair(text, 0, 0) == (Span(0, 0, 1), last)
        assert pair(text, last.line, last.start + 1) == (last, Span(0, 0, 1))
    else:
        assert pair(text, 0, 0) is None
