"""Resources that are sent alone, outside of messages: bookings, referrals, pointers, rows of the endpoint catalogue.

As small as the API specification lets them be; a person completes them by hand. It must not know calls or headers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.compose.filling import instant
from workbench.standard.urls import NHS_NUMBER, ODS_CODE, SNOMED, UK_CORE_PROFILE, USE_CASES
from workbench.standard.versions import is_at_least

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.compose.facts import Party, PatientFacts
    from workbench.messages.values import JsonObject

BARS_IDENTIFIER = "https://fhir.nhs.uk/Id/BaRS-Identifier"
PRODUCT_ID = "https://fhir.nhs.uk/id/product-id"
TYPE_CODES = {"Appointment": "749001000000101", "ServiceRequest": "3457005"}
"""SNOMED CT codes by which a pointer says what it leads to (API specification, POST /DocumentReference)."""
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
_FORMAT = ("https://fhir.nhs.uk/England/CodeSystem/England-NRLFormatCode", "urn:nhs-ic:structured")


@dataclass(frozen=True, slots=True)
class Pointed:
    """What a pointer leads to."""

    type: str
    """`Appointment` or `ServiceRequest`."""
    id: str
    nhs_number: str
    keeper: Party
    """Who holds it: the custodian, and the target of reading it."""
    period: tuple[str, str] | None = None
    """Start and end of the appointment."""


def pointer(to: Pointed, *, product: str, api: str) -> JsonObject:
    """A DocumentReference; `content.format` is one Coding in version 1.1.0 of the interface, a list since 1.2.0."""
    coding: JsonObject = {"system": _FORMAT[0], "code": _FORMAT[1]}
    listed = is_at_least(api, "1.2.0")
    made: JsonObject = {
        "resourceType": "DocumentReference",
        "identifier": [
            {"system": BARS_IDENTIFIER, "value": to.id},
            {"system": to.keeper.service_system, "value": to.keeper.service_id},
            {"system": PRODUCT_ID, "value": product},
        ],
        "status": "current",
        "type": _concept(SNOMED, TYPE_CODES[to.type]),
        "category": [_concept(SNOMED, TYPE_CODES[to.type])],
        "subject": {"identifier": {"system": NHS_NUMBER, "value": to.nhs_number}},
        "custodian": {"identifier": {"system": ODS_CODE, "value": to.keeper.ods_code}},
        "content": [
            {
                "attachment": {"url": f"{to.keeper.service_system}|{to.keeper.service_id}"},
                "format": [{"coding": [coding]}] if listed else coding,
            }
        ],
    }
    if to.period is not None:
        made["context"] = {"period": {"start": to.period[0], "end": to.period[1]}}
    return made


def appointment(
    patient: PatientFacts, use_case: str, *, now: datetime, slot: tuple[str, str, str] | None = None
) -> JsonObject:
    """A booking of a slot: (id, start, end)."""
    made: JsonObject = {
        "resourceType": "Appointment",
        "meta": _meta("Appointment", now),
        "status": "booked",
        "serviceCategory": [_concept(USE_CASES, use_case)],
    }
    if slot is not None:
        made |= {"start": slot[1], "end": slot[2], "slot": [{"reference": f"Slot/{slot[0]}"}]}
    made |= {"created": instant(now), "participant": [{"actor": _subject(patient), "status": "accepted"}]}
    return made


def service_request(patient: PatientFacts, use_case: str, *, now: datetime) -> JsonObject:
    """A referral."""
    return {
        "resourceType": "ServiceRequest",
        "meta": _meta("ServiceRequest", now),
        "status": "active",
        "intent": "plan",
        "category": [_concept(USE_CASES, use_case)],
        "subject": _subject(patient),
        "authoredOn": instant(now),
    }


def organization(keeper: Party) -> JsonObject:
    """An organisation of the catalogue (API 1.2.0 and 1.3.0)."""
    return {
        "resourceType": "Organization",
        "identifier": [{"system": ODS_CODE, "value": keeper.ods_code}],
        "active": True,
        "name": keeper.name,
    }


def healthcare_service(keeper: Party, *, product: str, endpoint: str = "") -> JsonObject:
    """A service of the catalogue, with the id of its Endpoint where that is known."""
    made: JsonObject = {
        "resourceType": "HealthcareService",
        "identifier": [
            {"system": keeper.service_system, "value": keeper.service_id},
            {"system": PRODUCT_ID, "value": product},
        ],
        "active": True,
        "name": keeper.service_name,
        "providedBy": [{"identifier": {"system": ODS_CODE, "value": keeper.ods_code}}],
    }
    if endpoint:
        made["endpoint"] = [{"reference": f"Endpoint/{endpoint}"}]
    return made


def endpoint(keeper: Party, address: str, *, product: str, period: tuple[str, str] | None = None) -> JsonObject:
    """An address of the catalogue; one without a period is a template."""
    made: JsonObject = {
        "resourceType": "Endpoint",
        "identifier": [{"system": PRODUCT_ID, "value": product}],
        "status": "active",
        "name": keeper.service_name,
        "connectionType": _concept(f"{_TERMINOLOGY}/endpoint-connection-type", "hl7-fhir-msg"),
        "payloadType": [_concept(f"{_TERMINOLOGY}/endpoint-payload-type", "bars")],
        "managingOrganization": [{"identifier": {"system": ODS_CODE, "value": keeper.ods_code}}],
        "address": address,
        "header": "public",
    }
    if period is not None:
        made["identifier"] = [
            {"system": keeper.service_system, "value": keeper.service_id},
            {"system": PRODUCT_ID, "value": product},
        ]
        made["period"] = {"start": period[0], "end": period[1]}
    return made


def _meta(type: str, now: datetime) -> JsonObject:
    return {"lastUpdated": instant(now), "profile": [f"{UK_CORE_PROFILE}UKCore-{type}"]}


def _subject(patient: PatientFacts) -> JsonObject:
    return {"identifier": {"system": NHS_NUMBER, "value": patient.nhs_number}}


def _concept(system: str, code: str) -> JsonObject:
    return {"coding": [{"system": system, "code": code}]}
