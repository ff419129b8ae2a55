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


def typed(resource: JsonObject, dice: random.Random, *, shuffled: bool, prefix: str = "") -> str:
    """A resource as a person may have written it: own blanks, comments, quotes, prefix, and elements in any order."""
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
        is_tag = match["start"] is not None or token.startswith("</")
        if prefix and is_tag and not inside and not token.startswith("<div"):
            token = prefixed(token, prefix)
        depth += 0 if token.endswith("/>") else 1 if match["start"] else -1 if token.startswith("</") else 0
        inside += token.startswith("<div") - token.startswith("</div")
        parts.append(token)
    return "".join(parts) + dice.choice(["", "\n", "\n<!-- end -->\n"])


def prefixed(tag: str, prefix: str) -> str:
    """A tag with the prefix before its name, declared where the name space is."""
    named = tag.replace("</", f"</{prefix}:", 1) if tag.startswith("</") else tag.replace("<", f"<{prefix}:", 1)
    return re.sub(r"\bxmlns(?=\s*=)", f"xmlns:{prefix}", named)


@settings(max_examples=80)
@given(PATIENTS, PATIENTS, st.integers(0, 10_000), st.booleans(), st.sampled_from(["", "", "f", "fhir-4"]))
def test_the_text_reads_as_the_new_resource(
    old: JsonObject, new: JsonObject, seed: int, shuffled: bool, prefix: str
) -> None:
    text = typed(old, random.Random(seed), shuffled=shuffled, prefix=prefix)
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


PREFIXED = """<f:Patient xmlns:f="http://hl7.org/fhir" xmlns:h="http://www.w3.org/1999/xhtml">
  <f:text><f:status value="generated"/><h:div><h:b>x</h:b></h:div></f:text>
  <!-- since May --> <f:active value="true"/>
</f:Patient>"""


@pytest.mark.parametrize(
    ("edit", "before", "after"),
    [
        (Edit(EditOp.SET, "Patient.active", False, None), 'active value="true"', 'active value="false"'),
        (
            Edit(EditOp.SET, "Patient.name", [{"family": "Jones"}], None),
            "</f:Patient>",
            '  <f:name>\n    <f:family value="Jones"/>\n  </f:name>\n</f:Patient>',
        ),
        (
            Edit(EditOp.SET, "Patient._active", {"extension": [{"url": "u:1", "valueString": "a"}]}, None),
            '<f:active value="true"/>',
            '<f:active value="true">\n    <f:extension url="u:1">\n      <f:valueString value="a"/>\n'
            "    </f:extension>\n  </f:active>",
        ),
        (Edit(EditOp.REMOVE, "Patient.text", None, None), "\n" + PREFIXED.splitlines()[1], ""),
    ],
)
def test_prefixed_names_stay_and_new_elements_have_the_prefix_too(edit: Edit, before: str, after: str) -> None:
    changed = rewrite(parse(PREFIXED.encode()), (edit,))
    assert changed.text == PREFIXED.replace(before, after, 1)
