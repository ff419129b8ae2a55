"""Bundles of type searchset: the answers to searches, and the resources around a slot.

Knows FHIR shapes; must not know parameters or refusals.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from workbench.receiver.diary import made_id
from workbench.standard.urls import DOS_SERVICE_ID, ODS_CODE, SDS_ROLE_PROFILE, UK_CORE_PROFILE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from workbench.messages import JsonObject, JsonValue
    from workbench.receiver.diary import SlotTime
    from workbench.receiver.values import ReceiverRules, ServiceOffer

PEOPLE = ("Schedule:actor:Practitioner", "Schedule:actor:PractitionerRole")
"""Includes of who is seen, and in which role."""
_PRACTICES = "a7"
"""How the use cases of Application 7 begin, whose slots say what they are for (its payload table)."""
_CATEGORY: JsonObject = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/service-category",
            "code": "17",
            "display": "General Practice",
        }
    ]
}
_ROUTINE: JsonObject = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/v2-0276",
            "code": "ROUTINE",
            "display": "Routine appointment",
        }
    ]
}
_ROLE: JsonObject = {
    "coding": [
        {"system": "http://snomed.info/sct", "code": "62247001", "display": "General practitioner"},
    ]
}
_DIARY = "https://receiver.example/Id/diary"
_KINDS = ("Schedule", "HealthcareService", "Location", "Organization", "Practitioner", "PractitionerRole")
Entry = tuple[str, "JsonObject", str]
"""fullUrl, resource, search mode (`match` or `include`)."""


def instant(moment: datetime) -> str:
    """A FHIR instant in UTC, to the second."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


def bundle(entries: Sequence[Entry], id: str, now: datetime, url: str, total: int) -> JsonObject:
    """A searchset of these entries; `total` counts the matches."""
    from workbench.messages import Number

    listed: list[JsonValue] = [
        {"fullUrl": full_url, "resource": resource, "search": {"mode": mode}} for full_url, resource, mode in entries
    ]
    made: JsonObject = {
        "resourceType": "Bundle",
        "id": id,
        "meta": {"lastUpdated": instant(now)},
        "type": "searchset",
        "total": Number(str(total)),
        "link": [{"relation": "self", "url": url}],
    }
    if listed:
        made["entry"] = listed
    return made


def slot_entries(
    service: ServiceOffer,
    rules: ReceiverRules,
    chosen: Sequence[tuple[SlotTime, bool]],
    includes: Sequence[str],
    now: datetime,
) -> tuple[Entry, ...]:
    """The slots, their Schedule and HealthcareService, and of what else there is around them what was asked for."""
    if not chosen:
        return ()
    ids = {kind: made_id(kind, service.value) for kind in _KINDS}
    practice = any(code.startswith(_PRACTICES) for code in service.use_cases)
    of_practice: JsonObject = {"serviceCategory": [_CATEGORY]} if practice else {}
    sort: JsonObject = {"appointmentType": _ROUTINE} if practice else {}
    found: list[Entry] = []
    for slot, free in chosen:
        found.append(
            _entry(
                "Slot",
                slot.id,
                now,
                {
                    **of_practice,
                    **sort,
                    "schedule": _to(ids["Schedule"]),
                    "status": "free" if free else "busy",
                    "start": instant(slot.start),
                    "end": instant(slot.end),
                },
                mode="match",
            )
        )
    people = tuple(kind for kind in ("Practitioner", "PractitionerRole") if f"Schedule:actor:{kind}" in includes)
    schedule: JsonObject = {
        "active": True,
        **of_practice,
        "actor": [_to(ids[kind]) for kind in ("HealthcareService", *people)],
    }
    if practice:
        schedule = {"identifier": [{"system": _DIARY, "value": service.value}], **schedule}
    found.append(_entry("Schedule", ids["Schedule"], now, schedule))
    offered: JsonObject = {
        "identifier": [{"system": DOS_SERVICE_ID, "value": service.value}],
        "active": True,
        "name": service.name,
    }
    if "HealthcareService:providedBy" in includes:
        offered["providedBy"] = _to(ids["Organization"])
    if "HealthcareService:location" in includes:
        offered["location"] = [_to(ids["Location"])]
    found.append(_entry("HealthcareService", ids["HealthcareService"], now, offered))
    if "HealthcareService:location" in includes:
        found.append(_entry("Location", ids["Location"], now, {"status": "active", "name": service.name}))
    if "HealthcareService:providedBy" in includes:
        organisation: JsonObject = {
            "identifier": [{"system": ODS_CODE, "value": rules.ods_code}],
            "name": rules.name,
        }
        found.append(_entry("Organization", ids["Organization"], now, organisation))
    if "Practitioner" in people:
        person: JsonObject = {
            "identifier": [{"system": SDS_ROLE_PROFILE, "value": "999000000417"}],
            "name": [{"family": "Okehurst", "given": ["Devi"]}],
        }
        found.append(_entry("Practitioner", ids["Practitioner"], now, person))
    if "PractitionerRole" in people:
        role: JsonObject = {"code": [_ROLE]}
        if "Practitioner" in people:
            role["practitioner"] = _to(ids["Practitioner"])
        if "HealthcareService:providedBy" in includes:
            role["organization"] = _to(ids["Organization"])
        found.append(_entry("PractitionerRole", ids["PractitionerRole"], now, role))
    return tuple(found)


def _to(id: str) -> JsonObject:
    return {"reference": f"urn:uuid:{id}"}


def _entry(kind: str, id: str, now: datetime, elements: JsonObject, *, mode: str = "include") -> Entry:
    resource: JsonObject = {
        "resourceType": kind,
        "id": id,
        "meta": {"lastUpdated": instant(now), "profile": [f"{UK_CORE_PROFILE}UKCore-{kind}"]},
        **elements,
    }
    return f"urn:uuid:{id}", resource, mode
