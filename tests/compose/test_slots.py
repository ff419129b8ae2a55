"""A slot out of an answer to GET /Slot, into a booking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workbench.compose import Links, compose, slot_resources
from workbench.errors import InputError
from workbench.messages import build

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from workbench.compose import Setting
    from workbench.exchange import Ids

DAY = "2026-07-21"
HOST = "https://mock.example/FHIR/R4"


def an_answer(*, relative: bool = True):
    """Two slots of one schedule; references relative, or to fullUrls that are no ids."""
    found = {
        "Slot/s1": {
            "schedule": "Schedule/d1",
            "status": "free",
            "start": f"{DAY}T10:00:00Z",
            "end": f"{DAY}T10:10:00Z",
        },
        "Slot/s2": {
            "schedule": "Schedule/d1",
            "status": "free",
            "start": f"{DAY}T11:00:00Z",
            "end": f"{DAY}T11:10:00Z",
        },
        "Schedule/d1": {"actor": ["HealthcareService/h1", "PractitionerRole/r1"]},
        "HealthcareService/h1": {"name": "Mock clinic", "providedBy": "Organization/o1", "location": ["Location/l1"]},
        "Location/l1": {"name": "Mock house"},
        "PractitionerRole/r1": {"practitioner": "Practitioner/p1"},
        "Practitioner/p1": {"active": True},
        "Organization/o1": {"name": "Mock trust"},
    }
    url = {local: f"{HOST}/{local}" if relative else f"urn:uuid:{n}" for n, local in enumerate(found)}

    def linked(value: object) -> object:
        if isinstance(value, list):
            return [linked(item) for item in value]
        if value in found:
            return {"reference": value if relative else url[str(value)]}
        return value

    entries = []
    for local, members in found.items():
        kind, _, id = local.partition("/")
        resource = {"resourceType": kind, "id": id, **{name: linked(value) for name, value in members.items()}}
        entries.append({"fullUrl": url[local], "resource": resource})
    return build({"resourceType": "Bundle", "id": "b", "type": "searchset", "entry": entries})


@pytest.mark.parametrize("relative", [True, False])
def test_a_slot_brings_what_it_leads_to(relative: bool) -> None:
    found = slot_resources(an_answer(relative=relative), "s2")
    assert [f"{item['resourceType']}/{item['id']}" for item in found] == [
        "Slot/s2",
        "Schedule/d1",
        "HealthcareService/h1",
        "PractitionerRole/r1",
        "Location/l1",
        "Practitioner/p1",
    ]
    assert found[0]["schedule"] == {"reference": "Schedule/d1"}


def test_a_slot_that_was_not_offered_is_refused() -> None:
    with pytest.raises(InputError, match="s9"):
        slot_resources(an_answer(), "s9")


@pytest.mark.parametrize("relative", [True, False])
def test_a_booking_takes_the_slot_with_its_ids(
    a_setting: Callable[..., Setting], now: datetime, ids: Ids, resources: Callable[..., list[dict]], relative: bool
) -> None:
    links = Links(slot=slot_resources(an_answer(relative=relative), "s2"))
    booking = compose("booking-new", a_setting(), now=now, ids=ids, links=links)
    assert (
        dict(booking.facts.resource_ids).items()
        >= {
            "Slot": "s2",
            "Schedule": "d1",
            "HealthcareService": "h1",
            "PractitionerRole": "r1",
            "Practitioner": "p1",
            "Location": "l1",
        }.items()
    )
    slot, appointment = resources(booking, "Slot")[0], resources(booking, "Appointment")[0]
    assert slot["status"] == "busy"
    assert (appointment["start"], appointment["end"]) == (slot["start"], slot["end"])
    assert resources(booking, "HealthcareService")[0]["active"] is True
    assert len(resources(booking, "Organization")) == 2
    urns = [r for r in booking.references() if r.value.startswith("urn:")]
    assert [r.value for r in urns if r.target_entry is None] == []
    assert [r.value for r in booking.references() if not r.value.startswith("urn:")] == []


def test_an_answer_with_a_bare_service_makes_up_no_people(
    a_setting: Callable[..., Setting], now: datetime, ids: Ids, resources: Callable[..., list[dict]]
) -> None:
    chosen = tuple(
        item
        for item in slot_resources(an_answer(), "s1")
        if item["resourceType"] in ("Slot", "Schedule", "HealthcareService")
    )
    booking = compose("booking-new", a_setting(), now=now, ids=ids, links=Links(slot=chosen))
    assert resources(booking, "Practitioner") == []
    assert len(resources(booking, "Schedule")[0]["actor"]) == 1
