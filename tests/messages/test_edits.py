"""Edits of a tree and of its text; paths, places, references, identity and tree look-ups come along."""

from __future__ import annotations

import pytest

from workbench.errors import InputError
from workbench.messages import Edit, EditOp, ReferenceKind, apply, parse, paths, rewrite
from workbench.messages.identity import same_guid, split_endpoint
from workbench.messages.nhs_number import check_digit, grouped, is_valid

SOURCE = b"""{
  "resourceType": "Bundle",
  "type": "message",
  "entry": [
    {"fullUrl": "urn:uuid:aaaaaaaa-0000-4000-8000-000000000001",
     "resource": {"resourceType": "MessageHeader",
                  "focus": [{"reference": "urn:uuid:aaaaaaaa-0000-4000-8000-000000000002"}]}},
    {"fullUrl": "urn:uuid:aaaaaaaa-0000-4000-8000-000000000002",
     "resource": {"resourceType": "Patient", "active": true, "multipleBirthInteger": 2.0,
                  "generalPractitioner": [{"reference": "urn:uuid:aaaaaaaa-0000-4000-8000-00000000dead"}]}}
  ]
}
"""


@pytest.mark.parametrize(
    ("edit", "path", "value"),
    [
        (Edit(EditOp.SET, "Bundle.type", "batch", None), "Bundle.type", "batch"),
        (Edit(EditOp.SET, "Bundle.id", "x", None), "Bundle.id", "x"),
        (Edit(EditOp.INSERT, "Bundle.entry[0]", {"fullUrl": "new"}, None), "Bundle.entry[0].fullUrl", "new"),
        (Edit(EditOp.REMOVE, "Bundle.entry[0]", None, None), "Bundle.entry[0].resource.resourceType", "Patient"),
        (
            Edit(EditOp.MOVE, "Bundle.entry[1]", None, "Bundle.entry[0]"),
            "Bundle.entry[0].resource.resourceType",
            "Patient",
        ),
    ],
)
def test_an_edit_changes_what_it_names_and_nothing_else(edit: Edit, path: str, value: str) -> None:
    message = parse(SOURCE)
    changed = apply(message.resource, (edit,))
    assert paths.get(changed, path) == value
    assert message.resource == parse(SOURCE).resource
    written = rewrite(message, (edit,))
    assert paths.get(parse(written.source).resource, path) == value


def test_rewriting_keeps_the_rest_of_the_text() -> None:
    written = rewrite(parse(SOURCE), (Edit(EditOp.SET, "Bundle.type", "batch", None),))
    assert written.text == SOURCE.decode().replace('"message"', '"batch"')


def test_an_edit_that_points_to_nothing_is_refused() -> None:
    with pytest.raises(InputError):
        apply(parse(SOURCE).resource, (Edit(EditOp.REMOVE, "Bundle.entry[7]", None, None),))


def test_every_value_has_its_place() -> None:
    message = parse(SOURCE)
    for path, line in (("Bundle", 1), ("Bundle.type", 3), ("Bundle.entry[1].resource.active", 9)):
        place = message.place(path)
        assert place is not None
        assert place.line == line
        assert SOURCE.decode().split("\n")[place.line - 1][place.column - 1 :]
    assert message.place("Bundle.nothing.there") == message.place("Bundle"), "the nearest that is there"


def test_references_are_followed_and_broken_ones_known() -> None:
    found = {one.path: one for one in parse(SOURCE).references()}
    focus = found["Bundle.entry[0].resource.focus[0].reference"]
    lost = found["Bundle.entry[1].resource.generalPractitioner[0].reference"]
    assert (focus.target_entry, focus.source_entry, focus.kind) == (1, 0, ReferenceKind.URN)
    assert lost.target_entry is None


def test_circles_of_references_end() -> None:
    text = SOURCE.replace(b"00000000dead", b"000000000001")
    assert [one.target_entry for one in parse(text).references()] == [1, 0]


def test_identity() -> None:
    assert split_endpoint("https://fhir.nhs.uk/Id/dos-service-id|2000011147") == (
        "https://fhir.nhs.uk/Id/dos-service-id",
        "2000011147",
    )
    assert same_guid("AAAAAAAA-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000001")
    assert not same_guid(None, None)


@pytest.mark.parametrize(
    ("number", "valid"), [("9434765919", True), ("9434765918", False), ("943476591", False), ("x", False)]
)
def test_nhs_numbers_by_modulus_11(number: str, valid: bool) -> None:
    assert is_valid(number) is valid


def test_check_digits_and_grouping() -> None:
    assert check_digit("943476591") == 9
    assert check_digit("000000006") is None or check_digit("000000006") != 10
    assert grouped("9434765919") == "943 476 5919"
