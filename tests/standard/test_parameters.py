from __future__ import annotations

from workbench.standard import api_versions
from workbench.standard.operations import operations
from workbench.standard.parameters import parameter_specs


def test_every_row_belongs_to_a_reading_call_of_the_table() -> None:
    assert set(parameter_specs()) == {
        "message-definition",
        "slot-search",
        "appointment-search",
        "service-request-search",
        "pointer-search",
        "organization-search",
        "healthcare-service-search",
        "endpoint-search",
        "endpoint-template-search",
    }
    assert all(operations()[id].method == "GET" for id in parameter_specs())
    assert all(row.since in api_versions() for rows in parameter_specs().values() for row in rows.values())


def test_what_is_needed_is_among_the_values() -> None:
    slots = parameter_specs()["slot-search"]
    assert {row.name for row in slots.values() if row.required} == set(slots)
    assert set(slots["_include"].needed) < set(slots["_include"].values)
    assert (slots["start"].most, slots["_include"].most) == (2, None)


def test_demographics_came_later_than_the_identifier() -> None:
    rows = parameter_specs()["appointment-search"]
    assert {row.name for row in rows.values() if row.since == "1.0.0"} == {"patient:identifier"}
