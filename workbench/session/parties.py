"""Who asks whom about whom: entries of the directory as messages name them, and the slots that a service offers.

Pure functions of values.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from workbench.compose import Party, PatientFacts, Practitioner
from workbench.messages import tree

if TYPE_CHECKING:
    from workbench.directory import Identity, Patient, Service
    from workbench.messages import Message

SLOT_DAYS = 7
PEOPLE = ("Schedule:actor:Practitioner", "Schedule:actor:PractitionerRole")


def slot_parameters(service_id: str, start: datetime, *, people: bool = False) -> tuple[tuple[str, str], ...]:
    """A search over the next seven days with both bounds and the least includes (API specification, GET /Slot).

    `people` asks for who is seen too, as bookings of Application 7 name them (its payload table, Schedule.actor).
    """
    first = start.astimezone(UTC).replace(microsecond=0)
    last = first + timedelta(days=SLOT_DAYS)
    return (
        ("Schedule.actor:HealthcareService", service_id),
        ("status", "free"),
        ("start", f"ge{first.isoformat()}"),
        ("start", f"le{last.isoformat()}"),
        ("_include", "Slot:schedule"),
        ("_include", "Schedule:actor:HealthcareService"),
        *((("_include", name) for name in PEOPLE) if people else ()),
    )


def first_free_slot(answer: Message) -> str | None:
    """The id of the first free slot in the answer to a slot search."""
    return next(
        (
            id
            for entry in answer.entries()
            if entry.type == "Slot" and entry.resource.get("status") == "free"
            if (id := tree.text(entry.resource.get("id")))
        ),
        None,
    )


def party(service: Service) -> Party:
    """A service of the directory as one side of a message."""
    return Party(service.organisation, service.ods_code, service.value, service.name, service.system)


def practitioner(identity: Identity) -> Practitioner:
    """The person of an identity as a message names them."""
    return Practitioner(
        identity.practitioner_family,
        identity.practitioner_given,
        identity.role_profile,
        identity.role_code,
        identity.role,
    )


def patient_facts(patient: Patient) -> PatientFacts:
    """A patient of the directory as a message names them."""
    return PatientFacts(
        patient.id,
        patient.family,
        patient.given,
        patient.nhs_number,
        patient.gender,
        patient.birth_date,
        patient.line,
        patient.city,
        patient.postcode,
        patient.phone,
    )


def patient_values(patient: Patient) -> dict[str, str]:
    """A patient of the directory as the variables of a draft name them."""
    return {name: value for name, value in asdict(patient_facts(patient)).items() if name != "id"}
