"""Bindings of codes, codings and concepts."""

from __future__ import annotations

import pytest

from tests.profiles.made import SET, Made, a_context, a_profile, a_rule, found, problems
from workbench.profiles.compiled import BindingRule
from workbench.profiles.profile_codes import codes_of, is_in
from workbench.profiles.profile_values import Item, Located, items_of

KNOWN = Made(sets={SET + "s": {"a", "b"}})


def concept(*codes: str) -> object:
    return {"resourceType": "Observation", "code": {"coding": [{"system": "urn:s", "code": code} for code in codes]}}


def profile(strength: str, value_set: str = "s", element: str = "code") -> object:
    return a_profile("Mock", "Observation", a_rule(element, binding=BindingRule(strength, SET + value_set)))


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (concept("a"), []),
        (concept("x", "b"), []),
        (concept("x"), [("bad-code", "Observation.code.coding[0]")]),
        (concept("x", "y"), [("bad-code", "Observation.code")]),
        ({"resourceType": "Observation", "code": {"text": "x"}}, [("bad-code", "Observation.code")]),
        ({"resourceType": "Observation"}, []),
    ],
)
def test_a_required_set_must_have_one_of_the_codes(held: dict[str, object], expected: object) -> None:
    assert found(held, profile("required"), KNOWN) == expected


def test_an_extensible_set_gives_a_warning_and_takes_mere_text() -> None:
    (only,) = problems(concept("x"), profile("extensible"), KNOWN)
    assert (only.kind, only.path) == ("outside-value-set", "Observation.code.coding[0]")
    assert only.text == "x is not in s, which Mock names for code: use it only where no code there fits."
    assert problems({"resourceType": "Observation", "code": {"text": "x"}}, profile("extensible"), KNOWN) == []


def test_the_codes_of_the_standard_extend_every_set() -> None:
    coding = {"system": "https://fhir.nhs.uk/CodeSystem/message-events-bars", "code": "booking-request"}
    header = {"resourceType": "MessageHeader", "eventCoding": coding}
    rule = a_rule("event[x]", binding=BindingRule("extensible", SET + "s"))
    assert found(header, a_profile("Mock", "MessageHeader", rule), KNOWN) == []
    header["eventCoding"] = coding | {"code": "no-such-event"}
    assert len(found(header, a_profile("Mock", "MessageHeader", rule), KNOWN)) == 1


def test_a_set_that_cannot_be_told_finds_nothing_and_is_remembered() -> None:
    context = a_context(concept("x"), KNOWN)
    (item,) = items_of(Located("Observation", concept("x")).item, "code")
    assert is_in(item, SET + "other", context) is None
    assert context.untold == {SET + "other": "needs a terminology server"}
    assert found(concept("x"), profile("required", "other"), KNOWN) == []


def test_an_absent_code_may_be_excused_by_an_extension() -> None:
    excused = {"text": "x", "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason"}]}
    assert found({"resourceType": "Observation", "code": excused}, profile("required"), KNOWN) == []


def test_plain_codes_and_codings_are_coded_too() -> None:
    assert found({"resourceType": "Observation", "status": "x"}, profile("required", element="status"), KNOWN) == [
        ("bad-code", "Observation.status")
    ]
    coding = Item("Mock", {"system": "urn:s", "code": "a"}, {}, "Coding")
    assert [one.code for one in codes_of(coding) or []] == ["a"]
    assert codes_of(Item("Mock", {"reference": "a"}, {}, "Reference")) is None
