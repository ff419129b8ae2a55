"""Swim lanes as Mermaid, PlantUML and SVG."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from tests.evidence.test_lanes import a_leg, laid_out
from workbench.correlation import Link
from workbench.correlation.values import LinkKind, Strength
from workbench.evidence.diagrams import as_mermaid, as_plantuml, as_svg
from workbench.evidence.lanes import Lanes, Leg
from workbench.exchange import Direction, Response

if TYPE_CHECKING:
    from collections.abc import Callable

NASTY = "a\nend\n@enduml --> <script>alert(1)</script> \"quoted\" ; # & 'x' \x00 \\n !include y"


def a_conversation(title: str = "Validation request, new") -> Lanes:
    asked, refused = a_leg("asked", 0), a_leg("refused", 5, response=Response(503, "", (), b""))
    reply = a_leg("reply", 200, Direction.IN)
    legs = [Leg(leg.exchange, title, "detail", "case 1") for leg in (asked, refused, reply)]
    link = Link("reply", "asked", LinkKind.REPLY, Strength.CERTAIN, "Quotes the Bundle id of the request")
    return laid_out(*legs, links=(link,), ending="Complete.")


def test_mermaid_has_every_leg_answer_gap_and_note() -> None:
    text = as_mermaid(a_conversation())
    assert text.startswith("sequenceDiagram\n    participant S as Sender: A\n")
    assert len(re.findall(r"^    [SR]->>B: ", text, re.MULTILINE)) == 3
    assert "    R--xS: 503 unavailable" in text
    assert "    R->>B: " in text
    assert "Note over S,R: 2 min 25 s later" not in text
    assert "Note over S,R: 3 min 15 s later" in text
    assert "Note over R: answers 23:58:00, quotes the Bundle id of the request" in text


def test_plantuml_begins_and_ends_once_and_folds_gaps() -> None:
    text = as_plantuml(a_conversation())
    assert text.startswith("@startuml\n")
    assert text.endswith("\n@enduml\n")
    assert "... 3 min 15 s later ..." in text
    assert "R --x S : 503 unavailable" in text


@pytest.mark.parametrize("write", [as_mermaid, as_plantuml])
def test_words_from_outside_cannot_add_a_line_or_a_command(write: Callable[[Lanes], str]) -> None:
    harmless, nasty = write(a_conversation()), write(a_conversation(NASTY))
    assert len(nasty.splitlines()) == len(harmless.splitlines())
    assert nasty.count("\n@enduml") == harmless.count("\n@enduml")
    assert "<script" not in nasty.replace("~<script", "")


def test_svg_is_well_formed_and_without_script_or_outside_reference() -> None:
    for title in ("Validation request, new", NASTY):
        root = etree.fromstring(as_svg(a_conversation(title)).encode())
        assert {etree.QName(node).localname for node in root.iter()} <= {
            *("svg", "title", "rect", "line", "path", "circle", "text")
        }
        assert not [name for node in root.iter() for name in node.attrib if "href" in name or name.startswith("on")]


def test_svg_shows_every_row_within_its_height() -> None:
    root = etree.fromstring(as_svg(a_conversation()).encode())
    texts = [node.text for node in root.iter("{*}text")]
    assert texts.count("Validation request, new") == 3
    assert "503 unavailable" in texts
    assert "3 min 15 s later" in texts
    assert "Complete." in texts
    bottoms = [float(node.get("y") or 0) for node in root.iter("{*}text")]
    assert max(bottoms) < float(root.get("height") or 0)
