"""The paths of discriminators, on values and on rules."""

from __future__ import annotations

import pytest

from tests.profiles.made import URL, Made, a_context, a_profile, a_rule, a_slice
from workbench.profiles.compiled import TypeRule
from workbench.profiles.profile_paths import Step, addresses_of, follow, is_type, rules_at, steps_of
from workbench.profiles.profile_values import Item, Located

OBSERVATION = {
    "resourceType": "Observation",
    "code": {"coding": [{"code": "a"}, {"code": "b"}]},
    "valueQuantity": {"unit": "m"},
    "subject": {"reference": "#p"},
    "contained": [{"resourceType": "Patient", "id": "p", "gender": "male"}],
    "extension": [{"url": "urn:e", "valueString": "x"}, {"url": "urn:f"}],
}
HELD = Located("Observation", OBSERVATION)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$this", ()),
        ("coding.code", (Step("name", "coding"), Step("name", "code"))),
        ("$this.resolve()", (Step("resolve", ""),)),
        ("extension('urn:e').value", (Step("extension", "urn:e"), Step("name", "value"))),
        ("value.ofType(Quantity)", (Step("name", "value"), Step("ofType", "Quantity"))),
        ("value.as(FHIR.Quantity)", (Step("name", "value"), Step("ofType", "Quantity"))),
        ("code.where(x)", None),
        ("code[0]", None),
        ("code.", (Step("name", "code"),)),
        (".code", None),
    ],
)
def test_paths_are_read(path: str, expected: object) -> None:
    assert steps_of(path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$this", ["Observation"]),
        ("code.coding.code", ["Observation.code.coding[0].code", "Observation.code.coding[1].code"]),
        ("value", ["Observation.valueQuantity"]),
        ("value.ofType(Quantity).unit", ["Observation.valueQuantity.unit"]),
        ("value.ofType(string)", []),
        ("subject.resolve().gender", ["Observation.contained[0].gender"]),
        ("encounter.resolve()", []),
        ("extension('urn:e').value", ["Observation.extension[0].valueString"]),
        ("resourceType", ["Observation.resourceType"]),
        ("code.none", []),
    ],
)
def test_paths_are_followed_through_values(path: str, expected: list[str]) -> None:
    found = follow(HELD.item, steps_of(path) or (), HELD, a_context(OBSERVATION, Made()))
    assert [one.path for one in found] == expected


INNER = a_profile("Inner", "HumanName", a_rule("family", fixed="A"))
OUTER = a_profile("Outer", "Patient", a_rule("gender", fixed="male"))
EXTENSION = a_profile("Extra", "Extension", a_rule("value[x]", a_rule("code", fixed="c")))


@pytest.mark.parametrize(
    ("rule", "path", "expected"),
    [
        (a_rule("identifier", a_rule("system", fixed="s")), "system", ["s"]),
        (a_rule("name", types=(TypeRule("HumanName", (INNER.url,)),)), "family", ["A"]),
        (a_rule("subject", types=(TypeRule("Reference", (), (OUTER.url,)),)), "resolve().gender", ["male"]),
        (a_rule("entry"), f"extension('{EXTENSION.url}').value.code", ["c"]),
        (a_rule("entry", a_rule("value[x]", slices=(a_slice("q", "value[x]", types=("Quantity",), fixed="q"),))),
         "value.ofType(Quantity)", ["q"]),
        (a_rule("entry"), "name", []),
        (a_rule("name", types=(TypeRule("HumanName", (URL + "None",)),)), "family", []),
    ],
)  # fmt: skip
def test_paths_are_followed_through_rules(rule: object, path: str, expected: list[str]) -> None:
    context = a_context(OBSERVATION, Made((INNER, OUTER, EXTENSION)))
    assert [one.fixed for one in rules_at(rule, steps_of(path) or (), context)] == expected


def test_the_rule_of_an_extension_may_stand_in_a_slice() -> None:
    inline = a_slice("e", "extension", a_rule("url", fixed="urn:e"), a_rule("value[x]", fixed="v"))
    rule = a_rule("entry", a_rule("extension", slices=(inline,)))
    context = a_context(OBSERVATION, Made())
    assert [one.fixed for one in rules_at(rule, steps_of("extension('urn:e').value") or (), context)] == ["v"]
    assert rules_at(rule, steps_of("extension('urn:f').value") or (), context) == []


@pytest.mark.parametrize(
    ("kind", "asked", "expected"),
    [
        ("Quantity", "Quantity", True),
        ("Age", "Quantity", True),
        ("code", "string", True),
        ("string", "code", False),
        ("Patient", "DomainResource", True),
        ("Patient", "Resource", True),
        ("Bundle", "Slot", False),
        ("Bundle", "DomainResource", False),
        ("Patient.contact", "BackboneElement", True),
        ("HumanName", "Element", True),
        ("", "Quantity", False),
    ],
)
def test_a_type_is_itself_or_what_it_is_derived_from(kind: str, asked: str, expected: bool) -> None:
    assert is_type(Item("Mock", "x", {}, kind), asked) is expected


def test_the_profiles_of_types_are_listed() -> None:
    assert addresses_of((TypeRule("A", ("u", "v")), TypeRule("B"), TypeRule("C", ("w",)))) == ("u", "v", "w")
