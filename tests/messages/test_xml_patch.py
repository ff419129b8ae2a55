"""XML texts that are changed only where their elements are; also edits (rewrite) for XML."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from workbench.messages import Edit, EditOp, JsonObject, JsonValue, Syntax, build, parse, rewrite, xml_patch
from workbench.messages.places import XML_TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = st.sampled_from(["a", "b", "ä", "x < y", 'say "no"', "&", "it's", "line\nbreak"])
NAME = st.fixed_dictionaries(
    {},
    optional={
        "use": st.sampled_from(["usual", "official"]),
        "family": WORDS,
        "given": st.lists(WORDS, min_size=1, max_size=3),
        "id": st.sampled_from(["n1", "n2"]),
        "extension": st.lists(
            st.fixed_dictionaries({"url": st.sampled_from(["u:1", "u:2"]), "valueString": WORDS}),
            min_size=1,
            max_size=2,
        ),
    },
).filter(bool)
PATIENTS: st.SearchStrategy[JsonObject] = st.fixed_dictionaries(
    {"resourceType": st.just("Patient")},
    optional={
        "id": st.sampled_from(["p1", "p2"]),
        "text": st.fixed_dictionaries(
            {
                "status": st.just("generated"),
                "div": st.just('<div xmlns="http://www.w3.org/1999/xhtml"><b>x</b>\ny</div>'),
            }
        ),
        "contained": st.lists(st.just({"resourceType": "Flag", "status": "active"}), min_size=1, max_size=2),
        "active": st.booleans(),
        "name": st.lists(NAME, min_size=1, max_size=4),
        "gender": st.sampled_from(["male", "female"]),
        "birthDate": st.just("1959-05-04"),
    },
)


def typed(resource: JsonObject, dice: random.Random, *, shuffled: bool) -> str:
    """A resource as a person may have written it: own blanks, comments, quotes, and elements in any order."""
    if shuffled:
        head, *rest = resource.items()
        dice.shuffle(rest)
        resource = dict([head, *rest])
    text = build(resource, Syntax.XML).text
    parts: list[str] = []
    end = 0
    inside = depth = 0
    for match in XML_TOKEN.finditer(text):
        between, token = text[end : match.start()], match.group()
        end = match.end()
        if between.strip() or inside:
            parts.append(between)
        else:
            parts.append(dice.choice(["", " ", "\n", "\n\t", between]))
            if dice.random() < 0.2 and parts[1:]:
                parts.append(f"<!-- {len(parts)}, {'whole' if depth == 1 else 'part'} -->")
        if match["start"] and dice.random() < 0.3:
            token = re.sub(r'="([^"\']*)"', r" = '\1'", token)
        depth += 0 if token.endswith("/>") else 1 if match["start"] else -1 if token.startswith("</") else 0
        inside += token.startswith("<div") - token.startswith("</div")
        parts.append(token)
    return "".join(parts) + dice.choice(["", "\n", "\n<!-- end -->\n"])


@settings(max_examples=60)
@given(PATIENTS, PATIENTS, st.integers(0, 10_000), st.booleans())
def test_the_text_reads_as_the_new_resource(old: JsonObject, new: JsonObject, seed: int, shuffled: bool) -> None:
    text = typed(old, random.Random(seed), shuffled=shuffled)
    before = parse(text.encode())
    assert before.resource == old
    own, fresh = build(old, Syntax.XML).text, build(new, Syntax.XML).text
    assert xml_patch.patched(text, own, own) == text
    changed = xml_patch.patched(text, own, fresh)
    assert changed is not None
    after = parse(changed.encode())
    assert after.resource == parse(fresh.encode()).resource
    comments = re.findall(r"<!--.*?-->", text)
    assert not [one for one in comments if changed.count(one) > 1], "no comment is doubled"
    assert not [one for one in comments if "part" not in one and one not in changed], "one goes only with its element"


TEXT = """<?xml version="1.0"?>
<!-- a case of ours -->
<Bundle xmlns = 'http://hl7.org/fhir'>
    <type value='collection' ></type>
    <!-- who it is about -->
    <entry><resource>
        <Patient>
            <id value="p"/>   <active value="true"/>
            <name> <family value='Jones'/> <given value="Julie" /> </name>
            <!-- the second name -->
            <name>
                <family value="Smith"/>
            </name>
        </Patient></resource></entry>
    <entry><resource><Flag><status value="active"/></Flag></resource></entry>
</Bundle>
"""
PATIENT = "Bundle.entry[0].resource"


def edited(*edits: Edit) -> str:
    return rewrite(parse(TEXT.encode()), edits).text


def one(op: EditOp, path: str, value: JsonValue = None, to: str | None = None) -> str:
    return edited(Edit(op, path, value, to))


@pytest.mark.parametrize(
    ("changed", "before", "after"),
    [
        (lambda: one(EditOp.SET, f"{PATIENT}.name[0].family", 'Jo"n'), "'Jones'", '"Jo&quot;n"'),
        (lambda: one(EditOp.SET, f"{PATIENT}.active", False), '"true"', '"false"'),
        (lambda: one(EditOp.REMOVE, f"{PATIENT}.active"), '   <active value="true"/>', ""),
        (
            lambda: one(EditOp.REMOVE, f"{PATIENT}.name[1]"),
            '\n            <name>\n                <family value="Smith"/>\n            </name>',
            "",
        ),
        (
            lambda: one(EditOp.SET, f"{PATIENT}.gender", "female"),
            "\n        </Patient>",
            '\n            <gender value="female"/>\n        </Patient>',
        ),
        (
            lambda: one(EditOp.INSERT, f"{PATIENT}.name[1].given[0]", "Ada"),
            '<family value="Smith"/>',
            '<family value="Smith"/>\n                <given value="Ada"/>',
        ),
        (
            lambda: one(EditOp.SET, f"{PATIENT}._active", {"id": "x"}),
            '<active value="true"/>',
            '<active value="true" id="x"/>',
        ),
        (
            lambda: one(EditOp.INSERT, "Bundle.entry[2]", {"resource": {"resourceType": "Flag", "status": "inactive"}}),
            "\n</Bundle>",
            "\n    <entry>\n        <resource>\n            <Flag>\n"
            '                <status value="inactive"/>\n'
            "            </Flag>\n        </resource>\n    </entry>\n</Bundle>",
        ),
    ],
)
def test_one_change_touches_one_stretch(changed: Callable[[], str], before: str, after: str) -> None:
    assert changed() == TEXT.replace(before, after, 1)


def test_what_moves_takes_its_comment_along() -> None:
    first = "\n            <name> <family value='Jones'/> <given value=\"Julie\" /> </name>"
    second = (
        "\n            <!-- the second name -->\n"
        '            <name>\n                <family value="Smith"/>\n            </name>'
    )
    moved = one(EditOp.MOVE, f"{PATIENT}.name[1]", to=f"{PATIENT}.name[0]")
    assert moved == TEXT.replace(first + second, second + first)


def test_several_changes_are_made_at_once() -> None:
    changed = edited(
        Edit(EditOp.SET, f"{PATIENT}.name[1].family", "Smyth", None),
        Edit(EditOp.SET, "Bundle.type", "searchset", None),
        Edit(EditOp.REMOVE, f"{PATIENT}.active", None, None),
    )
    expected = TEXT.replace("Smith", "Smyth").replace("'collection'", '"searchset"')
    assert changed == expected.replace('   <active value="true"/>', "")


def test_an_element_that_was_empty_gets_its_lines() -> None:
    text = '<Patient xmlns="http://hl7.org/fhir">\r\n  <name/>\r\n</Patient>'
    changed = xml_patch.patched(
        text,
        build({"resourceType": "Patient", "name": [{}]}, Syntax.XML).text,
        build({"resourceType": "Patient", "name": [{"family": "A"}]}, Syntax.XML).text,
    )
    assert changed == (
        '<Patient xmlns="http://hl7.org/fhir">\r\n  <name>\r\n    <family value="A"/>\r\n  </name>\r\n</Patient>'
    )


def test_prefixed_names_are_written_anew_with_the_same_values() -> None:
    text = '<f:Patient xmlns:f="http://hl7.org/fhir"><f:active value="true"/></f:Patient>'
    message = parse(text.encode())
    changed = rewrite(message, (Edit(EditOp.SET, "Patient.active", False, None),))
    assert changed.resource == {"resourceType": "Patient", "active": False}
    assert "f:" not in changed.text
