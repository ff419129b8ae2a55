"""Discriminators of every kind tell to which slice a value belongs."""

from __future__ import annotations

import pytest

from tests.profiles.made import SET, URL, Made, a_context, a_profile, a_rule, a_slice, sliced
from workbench.messages import Number
from workbench.profiles.compiled import BindingRule, TypeRule
from workbench.profiles.profile_slices import assign
from workbench.profiles.profile_values import Located, items_of

NAMED = a_profile("Named", "Patient", a_rule("name", min=1))
EXTRA = a_profile("Extra", "Extension", a_rule("url", fixed=URL + "Extra"))
MADE = Made((NAMED, EXTRA), sets={SET + "s": {"a"}})


def slots(resource: dict[str, object], rule: object) -> list[object]:
    """The slice of every value, `?` where it cannot be told."""
    held = Located(str(resource["resourceType"]), resource)
    context = a_context(resource, MADE)
    assigned = assign(items_of(held.item, rule.name), rule, held, context)
    return [slot if told or slot is not None else "?" for _, slot, told in assigned]


def concepts(*codes: str) -> dict[str, object]:
    return {
        "resourceType": "Observation",
        "category": [{"coding": [{"system": "urn:s", "code": one}]} for one in codes],
    }


def by(discriminator: tuple[str, str], *slices: object, name: str = "category") -> object:
    return a_rule(name, slicing=sliced(discriminator), slices=slices)


def test_by_value_deep_inside() -> None:
    rule = by(("value", "coding.code"), a_slice("a", "category", a_rule("coding", a_rule("code", fixed="a"))))
    assert slots(concepts("a", "b"), rule) == [0, None]


def test_by_value_of_an_element_whose_children_are_fixed() -> None:
    rule = by(("value", "coding"), a_slice("a", "category", a_rule("coding", a_rule("code", fixed="a"))))
    assert slots(concepts("a", "b"), rule) == [0, None]


def test_by_pattern_of_the_value_itself() -> None:
    rule = by(("pattern", "$this"), a_slice("a", "category", pattern={"coding": [{"code": "a"}]}))
    assert slots(concepts("b", "a"), rule) == [None, 0]


def test_by_the_codes_of_a_value_set() -> None:
    rule = by(("value", "$this"), a_slice("a", "category", binding=BindingRule("required", SET + "s")))
    assert slots(concepts("b", "a"), rule) == [None, 0]
    far = by(("value", "$this"), a_slice("a", "category", binding=BindingRule("required", SET + "far")))
    assert slots(concepts("a"), far) == ["?"]


def test_by_existence() -> None:
    with_text, without = (
        a_slice("with", "category", a_rule("text", min=1)),
        a_slice("out", "category", a_rule("text", max=0)),
    )
    held = {"resourceType": "Observation", "category": [{"text": "x"}, {"coding": []}]}
    assert slots(held, by(("exists", "text"), with_text, without)) == [0, 1]


def test_by_the_type_of_a_choice() -> None:
    rule = a_rule("value[x]", slices=(a_slice("q", "value[x]", types=("Quantity",)),))
    assert slots({"resourceType": "Observation", "valueQuantity": {"value": Number("1")}}, rule) == [0]
    assert slots({"resourceType": "Observation", "valueString": "x"}, rule) == [None]


@pytest.mark.parametrize("kind", ["type", "profile"])
def test_by_what_a_reference_leads_to(kind: str) -> None:
    slice_ = a_slice("p", "participant", a_rule("actor", types=(TypeRule("Reference", (), (NAMED.url,)),)))
    rule = by((kind, "actor.resolve()"), slice_, name="participant")
    held = {
        "resourceType": "Appointment",
        "contained": [
            {"resourceType": "Patient", "id": "p", "name": [{"family": "A"}]},
            {"resourceType": "Location", "id": "l"},
            {"resourceType": "Patient", "id": "q"},
        ],
        "participant": [{"actor": {"reference": f"#{one}"}} for one in "plq"],
    }
    assert slots(held, rule) == [0, None, 0 if kind == "type" else None]


def test_by_an_extension_and_its_value() -> None:
    extension = a_rule(
        "extension", slices=(a_slice("e", "extension", a_rule("url", fixed="urn:e"), a_rule("value[x]", fixed="v")),)
    )
    rule = by(("value", "extension('urn:e').value"), a_slice("v", "category", extension))
    category = [{"extension": [{"url": "urn:e", "valueString": one}]} for one in "vw"]
    assert slots({"resourceType": "Observation", "category": category}, rule) == [0, None]


def test_extensions_are_told_by_their_address_without_being_told_to() -> None:
    known = a_slice("known", "extension", types=(TypeRule("Extension", (EXTRA.url,)),))
    foreign = a_slice("foreign", "extension", types=(TypeRule("Extension", (URL + "None",)),))
    rule = a_rule("extension", slices=(known, foreign))
    held = {"resourceType": "Patient", "extension": [{"url": one} for one in (URL + "None", EXTRA.url, "urn:x")]}
    assert slots(held, rule) == [1, 0, None]


def test_several_discriminators_must_all_fit() -> None:
    both = a_slice("b", "identifier", a_rule("system", fixed="s"), a_rule("use", fixed="old"))
    rule = a_rule("identifier", slicing=sliced(("value", "system"), ("value", "use")), slices=(both,))
    held = {"resourceType": "Patient", "identifier": [{"system": "s", "use": "old"}, {"system": "s"}, {"use": "old"}]}
    assert slots(held, rule) == [0, None, None]


@pytest.mark.parametrize(
    "rule",
    [
        by(("value", "text"), a_slice("a", "category")),
        by(("value", "where(x)"), a_slice("a", "category", a_rule("text", fixed="a"))),
        by(("profile", "$this"), a_slice("a", "category")),
        a_rule("category", slices=(a_slice("a", "category"),)),
    ],
)
def test_what_no_profile_tells_is_not_told(rule: object) -> None:
    assert slots(concepts("a"), rule) == ["?"]
