"""The state of receivers as the window shows it, and what a new resource of each kind begins as.

Values only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from workbench.receiver import Kind
from workbench.receiver.diary import made_id
from workbench.receiver.searchset import instant
from workbench.standard.urls import NHS_NUMBER, UK_CORE_PROFILE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workbench.messages import JsonObject


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One thing that is held."""

    holder: str
    """`own`, or the id of a party of the sandbox."""
    kind: str
    id: str
    status: str
    organisation: str
    """ODS code of the end user's organisation that brought it."""
    service: str
    about: str
    """Initials of the patient, or where a slot comes from."""
    when: str
    """Start of a slot, else when it was last updated."""
    editable: bool = True
    removable: bool = True


@dataclass(frozen=True, slots=True)
class HeldPage:
    """Everything behind one tab of the Receiver panel."""

    id: str
    """`own` or `sandbox`."""
    holders: tuple[tuple[str, str], ...]
    """Id and name of each party."""
    rows: tuple[HeldRow, ...]
    organisations: tuple[str, ...]
    """Every end-user organisation that brought something."""
    total: int
    """How many rows there are; more than are shown when they are very many."""


NAMES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.SLOT: "Slot",
        Kind.APPOINTMENT: "Appointment",
        Kind.REFERRAL: "ServiceRequest",
        Kind.ENCOUNTER: "Encounter",
    }
)
"""Resource types of what can be entered."""


def slot_resource(id: str, start: datetime, end: datetime, status: str, service: str) -> JsonObject:
    """A Slot; its schedule names the service."""
    return {
        "resourceType": "Slot",
        "id": id,
        "meta": {"profile": [f"{UK_CORE_PROFILE}UKCore-Slot"]},
        "schedule": {"reference": f"urn:uuid:{made_id('Schedule', service)}", "display": service},
        "status": status,
        "start": instant(start),
        "end": instant(end),
    }


def _slot(id: str, now: datetime, service: str) -> JsonObject:
    start = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=24)
    return slot_resource(id, start, start + timedelta(minutes=15), "free", service)


def _appointment(id: str, now: datetime, _service: str) -> JsonObject:
    start = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=24)
    return {
        "resourceType": "Appointment",
        "id": id,
        "status": "booked",
        "start": instant(start),
        "end": instant(start + timedelta(minutes=15)),
        "participant": [{"actor": _patient(), "status": "accepted"}],
    }


def _referral(id: str, _now: datetime, _service: str) -> JsonObject:
    return {
        "resourceType": "ServiceRequest",
        "id": id,
        "status": "active",
        "intent": "plan",
        "subject": _patient(),
    }


def _encounter(id: str, now: datetime, _service: str) -> JsonObject:
    return {
        "resourceType": "Encounter",
        "id": id,
        "status": "planned",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "EMER", "display": "emergency"},
        "period": {"start": instant(now)},
    }


def _patient() -> JsonObject:
    """Whom it is about, by an NHS number that cannot belong to anybody."""
    return {"type": "Patient", "identifier": {"system": NHS_NUMBER, "value": "9990000417"}}


BLANK: Mapping[Kind, Callable[[str, datetime, str], JsonObject]] = MappingProxyType(
    {Kind.SLOT: _slot, Kind.APPOINTMENT: _appointment, Kind.REFERRAL: _referral, Kind.ENCOUNTER: _encounter}
)
"""What a new resource begins as: from its id, the present and the service."""
