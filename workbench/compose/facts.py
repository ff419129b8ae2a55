"""Who and what a message is about: the facts a person chooses before a message is composed.

It must not know how a message is built from them, nor where they are stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.messages import Message
    from workbench.messages.values import JsonObject
    from workbench.standard import VersionProfile

DOS_SERVICE = "https://fhir.nhs.uk/Id/dos-service-id"


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a conversation: an organisation and the service it takes part with."""

    name: str
    ods_code: str
    service_id: str
    service_name: str = ""
    service_system: str = DOS_SERVICE

    @property
    def endpoint(self) -> str:
        """`system|value`, as MessageHeader.source and destination carry it (guide, Message Headers)."""
        return f"{self.service_system}|{self.service_id}"


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """The patient; an empty value is left out of the message, an empty NHS number with its verification status."""

    id: str
    family: str
    given: str
    nhs_number: str = ""
    gender: str = "unknown"
    birth_date: str = ""
    line: str = ""
    city: str = ""
    postcode: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Who asks, or who answers: a person in a role."""

    family: str = "Tamworth"
    given: str = "Ines"
    role_profile_id: str = "999000000203"
    role_code: str = "224608005"
    """SNOMED CT."""
    role_display: str = "Administrative healthcare staff"


@dataclass(frozen=True, slots=True)
class SourceSoftware:
    """What MessageHeader.source and the CDSS extension say about the composing system."""

    supplier: str = "Invented Supplier"
    name: str = "BaRS Workbench"
    version: str = "0"
    phone: str = "01632 960499"
    cdss: str = ""
    """Decision support product; empty means the software itself."""
    cdss_version: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything a new message needs beside its template."""

    sender: Party
    receiver: Party
    patient: PatientFacts
    use_case: str
    """A code of usecases-categories-bars, lower case."""
    versions: VersionProfile
    practitioner: Practitioner = Practitioner()
    software: SourceSoftware = SourceSoftware()
    case_number: str = ""
    """The sender's own reference for the case; empty means one is made from the Bundle's id."""


@dataclass(frozen=True, slots=True)
class Links:
    """What ties a new message to earlier ones (guide, Transactional integrity and Journey ID)."""

    journey_id: str | None = None
    """The GUID of the journey; None takes that of `original`, else makes one."""
    service_request_id: str | None = None
    """The receiver's id of the referral a booking belongs to: Appointment.basedOn."""
    appointment_id: str | None = None
    """The receiver's id of the booking a referral belongs to: ServiceRequest.supportingInfo."""
    slot: tuple[JsonObject, ...] = ()
    """The chosen Slot, its Schedule and HealthcareService (and Practitioner, PractitionerRole, Location) as
    `slot_resources` takes them from the answer to GET /Slot; empty makes a sample slot."""
    original: Message | None = None
    """An earlier message of the same journey."""
    patient: JsonObject | None = None
    """The Patient of an earlier message of the conversation; None makes one of the setting."""
