"""What base R4 says of a type, arranged for the walk."""

from __future__ import annotations

from workbench.profiles.base_shapes import SIMPLE_QUANTITY, Form, shape_of
from workbench.standard.r4 import r4


def test_a_shape_knows_members_under_every_name() -> None:
    observation = shape_of("Observation")
    assert observation.required == ("status", "code")
    assert observation.is_resource
    assert observation.choices["effective[x]"] == (
        "effectiveDateTime",
        "effectivePeriod",
        "effectiveTiming",
        "effectiveInstant",
    )
    assert observation.members["valueBoolean"].form is Form.BOOLEAN
    assert observation.members["valueInteger"].form is Form.NUMBER
    assert observation.members["valueQuantity"].inside == "Quantity"
    assert observation.members["component"].inside == "Observation.component"
    assert observation.members["contained"].form is Form.RESOURCE
    assert "final" in observation.members["status"].codes
    assert observation.members["status"].path == "Observation.status"


def test_a_shape_has_the_invariants_of_its_type() -> None:
    assert {row.key for row in shape_of("Organization").rows} == {"org-1", "org-2", "org-3"}
    assert len(shape_of("Bundle").checks) == 1


def test_a_simple_quantity_is_a_quantity_without_comparator() -> None:
    member = shape_of("CarePlan.activity.detail").members["quantity"]
    assert member.inside == SIMPLE_QUANTITY
    simple = shape_of(SIMPLE_QUANTITY)
    assert simple.members.keys() == shape_of("Quantity").members.keys()
    assert {row.key for row in simple.rows} == {"qty-3", "sqty-1"}
    assert shape_of("Observation").members["valueQuantity"].inside == "Quantity"


def test_every_type_of_r4_has_a_shape_and_every_member_leads_on() -> None:
    waiting, seen = sorted(r4().resource_types()), set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        shape = shape_of(path)
        assert shape.members, path
        for member in shape.members.values():
            assert (member.form is Form.OBJECT) is bool(member.inside), member.path
            assert (member.form is Form.TEXT) is (member.fits is not None), member.path
            if member.inside:
                waiting.append(member.inside)
    assert len(seen) > 600


def test_an_unknown_path_has_no_members() -> None:
    assert not shape_of("NoSuchType").members
