"""What a person does in form and tree, as edits: changes, additions and new_elements."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import count

import pytest

from workbench.compose.additions import made_resource
from workbench.compose.changes import (
    Duplicated,
    ElementAdded,
    FieldSet,
    FormChange,
    ItemAdded,
    Moved,
    Removed,
    ResourceAdded,
    ValueSet,
    changed,
)
from workbench.compose.form_table import FieldKind, FieldSpec, form_table
from workbench.compose.new_elements import can_add, first_value
from workbench.errors import InputError
from workbench.messages import Message, Number, parse
from workbench.standard.r4 import r4

NOW = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
TEXT = """{ "resourceType" : "Bundle", "type":"message",
  "entry": [
     {"fullUrl": "urn:uuid:p", "resource": {"resourceType": "Patient", "id": "p1", "active": true,
        "name": [ {"family":"Jones"}, {"family":"Smith"} ]}},
     {"fullUrl": "urn:uuid:l", "resource": {"resourceType": "Location", "position": {"longitude": 1.50}}}
  ]
}"""


def message() -> Message:
    """A message as another tool wrote it."""
    return parse(TEXT.encode())


def after(change: FormChange) -> str:
    """The text with a change."""
    numbers = count(1)
    return changed(message(), change, NOW, lambda: f"id-{next(numbers)}").text


NAME = "Bundle.entry[0].resource.name"


@pytest.mark.parametrize(
    ("change", "before", "text"),
    [
        (
            FieldSet("Bundle.entry[0].resource", FieldSpec("Family name", "name[0].family", FieldKind.TEXT), "Jonas"),
            '"Jones"',
            '"Jonas"',
        ),
        (ValueSet("Bundle.entry[0].resource.active", "false"), "true", "false"),
        (ValueSet("Bundle.entry[1].resource.position.longitude", "-2.50"), "1.50", "-2.50"),
        (ValueSet("Bundle.entry[1].resource.position.longitude", "west"), "1.50", '"west"'),
        (Removed(f"{NAME}[1]"), ', {"family":"Smith"}', ""),
        (
            Moved(f"{NAME}[1]", -1),
            '{"family":"Jones"}, {"family":"Smith"}',
            '{"family":"Smith"}, {"family":"Jones"}',
        ),
        (Duplicated(f"{NAME}[0]"), '{"family":"Jones"},', '{"family":"Jones"}, {"family":"Jones"},'),
        (Moved(f"{NAME}[1]", 1), "", ""),
        (ValueSet("Bundle.type", "message"), "", ""),
    ],
)
def test_a_change_touches_only_what_it_says(change: FormChange, before: str, text: str) -> None:
    if before.startswith('{"family":"Jones"}') and isinstance(change, Duplicated):
        compact = after(change).replace(" ", "")
        assert compact == TEXT.replace(before, text, 1).replace(" ", "")
        return
    assert after(change) == TEXT.replace(before, text, 1)


def test_a_resource_goes_and_moves_with_its_entry() -> None:
    gone = parse(after(Removed("Bundle.entry[0].resource")).encode())
    assert [entry.full_url for entry in gone.entries()] == ["urn:uuid:l"]
    moved = parse(after(Moved("Bundle.entry[1].resource", -1)).encode())
    assert [entry.full_url for entry in moved.entries()] == ["urn:uuid:l", "urn:uuid:p"]


def test_a_copied_resource_has_ids_of_its_own() -> None:
    twice = parse(after(Duplicated("Bundle.entry[0].resource")).encode())
    assert [(entry.full_url, entry.id) for entry in twice.entries()] == [
        ("urn:uuid:p", "p1"),
        ("urn:uuid:id-1", "id-1"),
        ("urn:uuid:l", None),
    ]


def test_items_are_added_to_groups() -> None:
    phone = parse(after(ItemAdded("Bundle.entry[0].resource.telecom", '{"system": "phone"}', "Phone")).encode())
    assert phone.at("Bundle.entry[0].resource.telecom") == [{"system": "phone"}]
    name = parse(after(ItemAdded(NAME, '{"use": "old"}', "Name")).encode())
    assert name.at(f"{NAME}[2]") == {"use": "old"}
    flagged = changed(message(), ResourceAdded("related"), NOW, lambda: "r")
    link = ItemAdded("Bundle.entry[0].resource.link", "{}", "Link")
    assert changed(flagged, link, NOW, lambda: "x").at("Bundle.entry[0].resource.link[0]") is not None
    with pytest.raises(InputError):
        after(ItemAdded("Bundle.entry[1].resource.endpoint", "{}", "Endpoint"))


@pytest.mark.parametrize("addition", [one.id for one in form_table().additions])
def test_every_addition_makes_a_resource_that_belongs_to_the_message(addition: str) -> None:
    made = changed(message(), ResourceAdded(addition), NOW, lambda: "new")
    entry = made.entries()[-1]
    assert entry.full_url == "urn:uuid:new"
    assert entry.type in r4().resource_types()
    assert all(found.target_entry is not None for found in made.references()), "no link leads nowhere"
    assert ResourceAdded(addition).label(message()).startswith("Add ")


def test_an_addition_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError):
        made_resource(message(), "unicorn", NOW, lambda: "x")


def test_elements_are_added_with_something_to_start_from() -> None:
    made = parse(after(ElementAdded("Bundle.entry[0].resource", "gender")).encode())
    assert made.at("Bundle.entry[0].resource.gender") == "male"
    twice = parse(after(ElementAdded("Bundle.entry[0].resource", "name")).encode())
    assert len(twice.at(NAME)) == 3  # type: ignore[arg-type]
    listed = parse(after(ElementAdded("Bundle.entry[0].resource", "address")).encode())
    assert listed.at("Bundle.entry[0].resource.address") == [{}]


def test_only_what_fits_is_offered() -> None:
    names = can_add(message(), "Bundle.entry[0].resource")
    assert "birthDate" in names
    assert "name" in names, "another one may be added"
    assert "active" not in names
    assert "deceasedBoolean" in names
    inside = can_add(message(), f"{NAME}[0]")
    assert "given" in inside
    assert "family" not in inside
    assert can_add(message(), f"{NAME}[0].family") == ()


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ("active", True),
        ("birthDate", "2026-03-02"),
        ("multipleBirthInteger", Number("1")),
        ("managingOrganization", {"reference": ""}),
        ("maritalStatus", {"coding": [{"system": "", "code": ""}]}),
        ("id", ""),
    ],
)
def test_a_new_element_is_of_its_kind(element: str, value: object) -> None:
    assert first_value(r4().element("Patient", element), NOW) == value


def test_only_items_of_lists_have_a_place() -> None:
    for change in (Moved("Bundle.type", 1), Duplicated("Bundle.type")):
        with pytest.raises(InputError):
            after(change)


def test_changes_say_what_they_are() -> None:
    words = {
        FieldSet("Bundle.entry[0].resource", FieldSpec("Born", "birthDate", FieldKind.DATE), "x"): "Patient, born",
        Removed("Bundle.entry[0].resource"): "Remove the patient",
        ValueSet("Bundle.entry[0].resource.birthDate", "x"): "Set the patient's date of birth",
        Moved("Bundle.entry[0]", 1): "Move ",
        Duplicated("Bundle.entry[0]"): "Duplicate ",
        ElementAdded("Bundle", "timestamp"): "Add timestamp",
        ItemAdded("Bundle.entry[0].resource.telecom", "{}", "Phone"): "Add phone",
    }
    for change, said in words.items():
        assert change.label(message()).startswith(said)
    assert json.loads(TEXT), "the text is JSON"
