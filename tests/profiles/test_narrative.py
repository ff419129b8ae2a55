"""Narratives: XHTML that FHIR allows, and what it does not."""

from __future__ import annotations

import pytest

from workbench.profiles.narrative import Flaw, flaws

OPEN = '<div xmlns="http://www.w3.org/1999/xhtml">'


@pytest.mark.parametrize(
    "inside",
    [
        "text",
        "<p>a<br/><b class='x'>b</b></p><ul><li>c</li></ul>",
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>",
        "&nbsp;&pound;5 &amp; more &#163;",
        '<a href="https://mock.example">link</a>',
        '<img src="#a" alt=""/>',
        "<!-- note -->a",
    ],
)
def test_a_plain_narrative_has_no_flaw(inside: str) -> None:
    assert flaws(f"{OPEN}{inside}</div>") == []


@pytest.mark.parametrize(
    ("div", "told"),
    [
        ("just text", "not well-formed"),
        (f"{OPEN}<p>a</div>", "not well-formed"),
        (f"{OPEN}&bogus;</div>", "not well-formed"),
        ("<div>a</div>", "namespace"),
        ('<p xmlns="http://www.w3.org/1999/xhtml">a</p>', "not one div"),
        (f"{OPEN}<script>a</script></div>", "'script'"),
        (f"{OPEN}<iframe src='x'/>a</div>", "'iframe'"),
        (f"{OPEN}<p onclick='x()'>a</p></div>", "'onclick'"),
        (f"{OPEN}<a href=' JavaScript:x()'>a</a></div>", "run a script"),
        (f"{OPEN} <p> </p></div>", "shows nothing"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><div>&a;</div>', "DOCTYPE"),
    ],
)
def test_a_flaw_is_told_in_words(div: str, told: str) -> None:
    found = flaws(div)
    assert [told in one.text and one.error for one in found] == [True]


def test_a_picture_from_elsewhere_is_only_unwise() -> None:
    (found,) = flaws(f'{OPEN}<img src="https://mock.example/a.png"/></div>')
    assert found == Flaw("shows a picture of another computer, which tells it who reads", error=False)


def test_a_flaw_is_told_once() -> None:
    assert len(flaws(f"{OPEN}<script/>a<script/></div>")) == 1
