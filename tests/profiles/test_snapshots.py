"""Differentials laid over each other: slices, re-slices, choices, datatypes and what refers to other elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.profiles.packed import as_json, element
from workbench.profiles.compiled import BindingRule, Slicing, TypeRule
from workbench.profiles.snapshots import BY_TYPE, Node, lay, root_of

if TYPE_CHECKING:
    from workbench.messages import JsonObject

BY_SYSTEM = {"discriminator": [{"type": "value", "path": "system"}], "rules": "open"}


def laid(type_name: str, *layers: list[dict[str, object]]) -> Node:
    root = root_of(type_name)
    for elements in layers:
        listed: list[JsonObject] = [as_json(one) for one in elements]
        lay(root, listed)
    return root


def test_a_later_definition_narrows_what_an_earlier_one_says() -> None:
    name = laid(
        "Patient",
        [element("Patient.name", min=1, max="5"), element("Patient.gender", fixedCode="male")],
        [element("Patient.name", min=0, max="2")],
    ).child("name")
    assert (name.min, name.max) == (1, 2)


def test_slices_and_slices_of_slices_stand_within_each_other() -> None:
    identifier = laid(
        "Patient",
        [
            element("Patient.identifier", slicing=BY_SYSTEM),
            element("Patient.identifier:nhs", max="1"),
            element("Patient.identifier:nhs.system", fixedUri="urn:nhs"),
            element("Patient.identifier:nhs/old", min=1),
        ],
    ).child("identifier")
    nhs = identifier.slices["nhs"]
    assert nhs.max == 1
    assert nhs.child("system").fixed == "urn:nhs"
    assert nhs.slices["nhs/old"].min == 1
    assert nhs.slices["nhs/old"].id == "Patient.identifier:nhs/old"


def test_ids_that_say_nothing_of_slices_follow_the_order() -> None:
    """Published differentials have `Bundle.entry.search` for what is meant of the slice before it."""
    entry = laid(
        "Bundle",
        [
            element("Bundle.entry", min=1),
            element("Bundle.entry.link", max="0"),
            element("Bundle.entry:header", min=1),
            {"id": "Bundle.entry.resource:header", "path": "Bundle.entry.resource", "min": 1},
            element("Bundle.entry.search", max="0"),
        ],
    ).child("entry")
    assert entry.child("link").max == 0
    assert entry.child("search").max is None
    assert entry.slices["header"].child("search").max == 0
    assert entry.slices["header"].child("resource").min == 1


def test_elements_without_ids_are_told_by_path_and_slice_name() -> None:
    identifier = laid(
        "Patient",
        [
            {"path": "Patient.identifier", "sliceName": "nhs", "min": 1},
            {"path": "Patient.identifier.system", "fixedUri": "urn:nhs"},
        ],
    ).child("identifier")
    assert identifier.slices["nhs"].child("system").fixed == "urn:nhs"


def test_a_choice_by_a_concrete_name_is_a_slice_and_narrows_the_choice() -> None:
    value = laid(
        "Observation",
        [element("Observation.valueQuantity", min=1), element("Observation.valueQuantity.unit", min=1)],
    ).child("value[x]")
    assert value.types == (TypeRule("Quantity"),)
    assert value.slicing == Slicing(BY_TYPE.discriminators, "closed")
    assert value.slices["valueQuantity"].min == 1
    assert value.slices["valueQuantity"].child("unit").spec is not None


def test_a_choice_that_is_divided_openly_stays_open() -> None:
    by_type = {"discriminator": [{"type": "type", "path": "$this"}], "rules": "open"}
    value = laid(
        "Observation",
        [
            element("Observation.value[x]", slicing=by_type),
            element("Observation.value[x]:valueQuantity", type=[{"code": "Quantity"}], max="0"),
        ],
    ).child("value[x]")
    assert value.types is None
    assert value.slicing == BY_TYPE
    assert value.slices["valueQuantity"].max == 0


def test_datatypes_are_unfolded_where_something_is_said_inside() -> None:
    given = laid("Patient", [element("Patient.name.given", min=1)]).child("name").child("given")
    assert given.defined == ("HumanName.given",)
    start = laid(
        "ServiceRequest",
        [
            element("ServiceRequest.occurrence[x]", type=[{"code": "Period"}]),
            element("ServiceRequest.occurrence[x].start", min=1),
        ],
    )
    assert start.child("occurrence[x]").child("start").defined == ("Period.start",)


def test_elements_given_by_reference_to_others_are_found() -> None:
    inner = laid("Questionnaire", [element("Questionnaire.item.item.linkId", max="1")])
    assert inner.child("item").child("item").child("linkId").spec is not None


def test_a_binding_that_is_weaker_takes_the_stronger_away_and_one_without_codes_keeps_them() -> None:
    strong = {"strength": "extensible", "valueSet": "urn:v"}
    first = element("Patient.maritalStatus", binding=strong)
    assert laid("Patient", [first]).child("maritalStatus").binding == BindingRule("extensible", "urn:v")
    weaker = laid("Patient", [first], [element("Patient.maritalStatus", binding={"strength": "preferred"})])
    assert weaker.child("maritalStatus").binding is None
    tighter = laid("Patient", [first], [element("Patient.maritalStatus", binding={"strength": "required"})])
    assert tighter.child("maritalStatus").binding == BindingRule("required", "urn:v")


def test_targets_that_are_not_said_again_stay() -> None:
    first = element("ServiceRequest.subject", type=[{"code": "Reference", "targetProfile": ["urn:p"]}])
    second = element("ServiceRequest.subject", type=[{"code": "Reference"}])
    assert laid("ServiceRequest", [first], [second]).child("subject").types == (TypeRule("Reference", (), ("urn:p",)),)


def test_what_lies_deeper_than_fhir_goes_is_passed_over() -> None:
    deep = element("Patient." + ".".join(["extension"] * 5000), min=1)
    assert laid("Patient", [deep]).children == {}
