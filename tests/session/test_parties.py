"""Entries of the directory as messages name them, and searches for slots."""

from __future__ import annotations

from datetime import UTC, datetime

from workbench.directory import Directory
from workbench.messages import build
from workbench.session.parties import (
    PEOPLE,
    first_free_slot,
    party,
    patient_facts,
    patient_values,
    practitioner,
    slot_parameters,
)

DIRECTORY = Directory.load(lambda name: {})
NOW = datetime(2026, 7, 20, 9, 0, 0, 5, tzinfo=UTC)


def test_a_slot_search_has_both_bounds_and_asks_for_people_where_they_are_wanted() -> None:
    asked = slot_parameters("1", NOW)
    assert [value for name, value in asked if name == "start"] == [
        "ge2026-07-20T09:00:00+00:00",
        "le2026-07-27T09:00:00+00:00",
    ]
    more = slot_parameters("1", NOW, people=True)
    assert [value for name, value in more if (name, value) not in asked] == list(PEOPLE)


def test_the_first_free_slot_is_taken() -> None:
    slots = [{"resourceType": "Slot", "id": id, "status": status} for id, status in (("a", "busy"), ("b", "free"))]
    bundle = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in slots]}
    assert first_free_slot(build(bundle)) == "b"
    assert first_free_slot(build({**bundle, "entry": []})) is None


def test_the_directory_is_named_as_messages_name_it() -> None:
    service = DIRECTORY.services.all()[0]
    assert party(service).endpoint == f"{service.system}|{service.value}"
    person = DIRECTORY.patients[0]
    assert (patient_facts(person).family, patient_facts(person).nhs_number) == (person.family, person.nhs_number)
    values = patient_values(person)
    assert values["family"] == person.family
    assert "id" not in values
    identity = DIRECTORY.identities.all()[0]
    assert practitioner(identity).role_profile_id == identity.role_profile
