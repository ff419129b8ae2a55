"""Words from outside: no control character reaches a terminal or a report."""

from __future__ import annotations

import pytest
from lxml import etree

from workbench.evidence.plain import attribute, plain


@pytest.mark.parametrize("bad", ["\x1b[2J", "\x00", "\x9b31m", "\ud800", "\uffff", "\r", "\x7f"])
def test_what_controls_is_replaced(bad: str) -> None:
    assert plain(f"before{bad}after") == f"before\ufffd{bad[1:]}after"


def test_lines_tabs_and_letters_of_any_script_stay() -> None:
    text = "one\n\ttwo Ä 漢 \U0001f600"
    assert plain(text) == text


def test_an_attribute_can_be_read_back() -> None:
    words = "a \"b\" 'c' <d> & \x0b\ud800"
    read = etree.fromstring(f"<x a={attribute(words)}/>").get("a")
    assert read == "a \"b\" 'c' <d> & \ufffd\ufffd"
