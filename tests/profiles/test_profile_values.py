"""Items of elements, with their paths and types, and comparing values."""

from __future__ import annotations

import pytest

from workbench.messages import Number
from workbench.profiles.profile_values import Item, Located, equal, fits, items_of, type_name

PATIENT = {
    "resourceType": "Patient",
    "birthDate": "2000-01-01",
    "_birthDate": {"extension": [{"url": "urn:e"}]},
    "name": [{"given": ["A", None], "_given": [None, {"id": "g"}]}],
    "contact": [{"name": {"family": "B"}}],
    "deceasedBoolean": True,
    "contained": [{"resourceType": "Slot"}],
}
ROOT = Located("Patient", PATIENT).item


def test_items_have_paths_and_types() -> None:
    assert items_of(ROOT, "name")[0][::3] == ("Patient.name[0]", "HumanName")
    (contact,) = items_of(ROOT, "contact")
    assert (contact.type, type_name(contact)) == ("Patient.contact", "BackboneElement")
    assert items_of(contact, "name") == [Item("Patient.contact[0].name", {"family": "B"}, {}, "HumanName")]
    assert items_of(ROOT, "contained")[0].type == "Slot"
    assert items_of(ROOT, "photo") == []


def test_a_choice_is_found_under_its_concrete_name() -> None:
    assert items_of(ROOT, "deceased[x]") == [Item("Patient.deceasedBoolean", True, {}, "boolean")]
    assert items_of(ROOT, "multipleBirth[x]") == []


def test_a_primitive_has_its_extensions_beside_it() -> None:
    (birth,) = items_of(ROOT, "birthDate")
    assert (birth.value, birth.type) == ("2000-01-01", "date")
    assert [one[::3] for one in items_of(birth, "extension")] == [("Patient.birthDate.extension[0]", "Extension")]
    (name,) = items_of(ROOT, "name")
    assert [(one.path, one.value, one.shadow) for one in items_of(name, "given")] == [
        ("Patient.name[0].given[0]", "A", {}),
        ("Patient.name[0].given[1]", None, {"id": "g"}),
    ]


@pytest.mark.parametrize(
    ("found", "wanted", "same", "fitting"),
    [
        ("a", "a", True, True),
        ("a", "b", False, False),
        (True, True, True, True),
        (Number("1.0"), Number("1.00"), True, True),
        ("1", Number("1"), False, False),
        ({"a": "1", "b": "2"}, {"b": "2", "a": "1"}, True, True),
        ({"a": "1", "b": "2"}, {"a": "1"}, False, True),
        ({"a": "1"}, {"a": "1", "b": "2"}, False, False),
        ([{"a": "1", "b": "2"}, {"c": "3"}], [{"c": "3"}], False, True),
        (["a", "b"], ["b", "a"], False, True),
        (["a"], ["a"], True, True),
        ("a", ["a"], False, False),
        (None, {"a": "1"}, False, False),
    ],
)
def test_fixed_values_are_the_same_and_patterns_fit(found: object, wanted: object, same: bool, fitting: bool) -> None:
    assert equal(found, wanted) is same
    assert fits(found, wanted) is fitting
