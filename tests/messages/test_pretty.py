"""Laying out: every piece stays, only blanks change, twice is as once."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.builders import composed
from workbench.errors import InputError
from workbench.messages import Syntax, convert, parse
from workbench.messages.pretty import laid_out

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES, st.sampled_from([None, 1, 4]))
def test_json_keeps_its_values_and_looks_as_it_is_written_by_us(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    laid = laid_out(text)
    assert json.loads(laid) == value
    assert laid == json.dumps(value, indent=2) + "\n"


def test_what_only_looks_odd_stays_as_it_is() -> None:
    assert laid_out('{"a":1.50,"a":1e3,"b" :[ ]}') == '{\n  "a": 1.50,\n  "a": 1e3,\n  "b": []\n}\n'
    assert laid_out('\ufeff{"a":1}').startswith("\ufeff{\n")
    assert laid_out("[1 2]") == "[\n  1 2\n]\n"
    assert laid_out("{,}") == "{\n  ,\n}\n"


@pytest.mark.parametrize("text", ['{"a": "b', "<Bundle", "<Bundle><!-- x", "<text><div>a</text>"])
def test_what_does_not_end_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(InputError) as told:
        laid_out(text)
    assert told.value.place is not None


def test_a_message_keeps_everything_in_both_syntaxes() -> None:
    message = composed("referral-full")
    flat = json.dumps(json.loads(message.source), separators=(",", ":"), ensure_ascii=False)
    assert laid_out(flat) == message.text
    xml = convert(message, Syntax.XML)
    squeezed = re.sub(r">\s+<", "><", xml.text)
    laid = laid_out(squeezed)
    assert parse(laid.encode()).resource == xml.resource
    assert laid_out(laid) == laid


def test_a_narrative_keeps_its_blanks_and_comments_stay() -> None:
    div = '<div xmlns="http://www.w3.org/1999/xhtml">a <b>c</b>  <div>d\n e</div> f</div>'
    text = f"<!-- own -->\n<Patient><text>{div}</text><active   value='true'/></Patient>"
    laid = laid_out(text)
    assert laid == (
        f"<!-- own -->\n<Patient>\n  <text>\n    {div}\n  </text>\n  <active   value='true'/>\n</Patient>\n"
    )
    assert laid_out(laid) == laid
