"""What is added to the text of a Bundle stands where it belongs, and every other character stays as it was."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.messages import build, parse
from workbench.messages.json_insert import added
from workbench.messages.message import extended

BUNDLE = {
    "resourceType": "Bundle",
    "id": "b",
    "entry": [
        {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "name": [{"family": 'A "[{\\} ü'}]}},
        {"resource": {"resourceType": "Slot", "id": "s", "comment": "1,}"}, "search": {"mode": "match"}},
    ],
    "timestamp": "2026-01-01T00:00:00Z",
}
PLANNED = {"fullUrl": "urn:uuid:9", "resource": {"resourceType": "Encounter", "period": {"start": "2026"}}}


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("indent", [None, 1, 2, 4, "\t"])
def test_members_and_entries_are_added_in_the_layout_of_the_text(indent: int | str | None, last: bool) -> None:
    bundle = {name: value for name, value in BUNDLE.items() if name != "timestamp" or not last}
    text = json.dumps(bundle, indent=indent, ensure_ascii=False)
    found = added(text, 2, {0: {"id": "new", "active": "x"}}, [PLANNED], last=last)
    assert found is not None
    wanted = json.loads(text)
    wanted["entry"][0]["resource"] = {
        "resourceType": "Patient",
        "id": "new",
        "active": "x",
        "name": wanted["entry"][0]["resource"]["name"],
    }
    wanted["entry"].append(PLANNED)
    assert json.loads(found) == wanted
    if indent is not None:
        assert found == json.dumps(wanted, indent=indent, ensure_ascii=False)


def test_what_was_typed_oddly_stays_so_to_the_character() -> None:
    text = (
        '\n{ "i":"\\u00e4 \\"entry\\":[{", "entry" :[ {"resource":\t{\r\n"resourceType" : "Patient" , "n": 1.10 },'
        ' "x\\"":[ ]} ] ,"resource": 1}'
    )
    found = added(text, 1, {0: {"id": "n"}}, [{"fullUrl": "u"}])
    assert found == text.replace('"Patient"', '"Patient",\r\n"id" : "n"').replace("[ ]}", '[ ]}, {"fullUrl":"u"}')


@pytest.mark.parametrize(
    "text",
    [
        '{"entry": [], "entry": [{"resource": {"resourceType": "A"}, "resource": {"resourceType": "B"}}]}',
        '{"entry": [{"resource": {"resourceType": "A"}}], "entry": [{"resource": {"resourceType": "B"}}]}',
        '{"entry": [{"resource": {"id": 1, "resourceType": "A"}}]}',
        '{"entry": [{"resource": {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "A"}}]}}]}',
        '{"entry": [{"\\u0072esource": {"resourceType": "A", "x": {"resource": {"resourceType": "B"}}}}]}',
    ],
)
def test_a_text_in_which_resources_cannot_be_told_at_once_is_written_anew_by_whoever_asks(text: str) -> None:
    assert added(text, 1, {0: {"id": "n"}}) is None
    whole = '{"resourceType": "Bundle", ' + text[1:].replace('"A"', '"Patient"').replace('"B"', '"Slot"')
    message = parse(whole.encode())
    made = extended(message, {0: {"language": "n"}})
    assert made.at("Bundle.entry[0].resource.language") == "n"
    assert parse(made.source).resource == made.resource


_names = st.text(min_size=1, max_size=6).filter(lambda name: name not in ("resourceType", "id"))
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    resources=st.lists(st.dictionaries(_names, _values, max_size=3), min_size=1, max_size=4),
    indent=st.sampled_from([None, 2, "\t"]),
    chosen=st.sets(st.integers(0, 3)),
    one_more=st.booleans(),
)
def test_the_text_and_the_tree_of_what_was_added_to_say_the_same(
    resources: list[dict[str, object]], indent: int | str | None, chosen: set[int], one_more: bool
) -> None:
    entries = [{"resource": {"resourceType": "Patient", **resource}} for resource in resources]
    bundle = json.dumps({"resourceType": "Bundle", "type": "message", "entry": entries}, indent=indent)
    message = parse(bundle.encode())
    members = {index: {"id": f"i{index}"} for index in chosen if index < len(resources)}
    made = extended(message, members, [PLANNED] if one_more else [])
    assert (made.entries(), made.facts) == (parse(made.source).entries(), parse(made.source).facts)
    assert parse(made.source).resource == made.resource
    assert parse(made.source).facts == made.facts


def test_a_name_that_stands_twice_does_not_hide_where_the_entries_end() -> None:
    entry = '{"resource":{"resourceType":"Patient"}}'
    text = f'{{"resourceType":"Bundle","link":[],"entry":[{entry}],"link":[{{"url":"u"}}]}}'
    made = extended(parse(text.encode()), {}, [PLANNED])
    assert len(parse(made.source).entries()) == 2
    assert parse(made.source).resource == made.resource


def test_a_member_that_is_there_with_another_value_has_the_bundle_written_anew() -> None:
    message = build({"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient", "id": ""}}]})
    made = extended(message, {0: {"id": "n"}})
    assert made.at("Bundle.entry[0].resource.id") == "n"
    assert parse(made.source).resource == made.resource


def test_what_is_no_bundle_gains_nothing() -> None:
    listed = parse(b'{"resourceType":"List","entry":[{"resource":{"resourceType":"Patient"}}]}')
    made = extended(listed, {0: {"language": "n"}})
    assert (made.resource, made.entries()) == (listed.resource, ())
