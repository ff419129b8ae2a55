"""Bundles of type searchset: the answers to searches, and the resources around a slot.

Knows FHIR shapes; must not know parameters or refusals.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from workbench.receiver.diary import made_id
from workbench.standard.urls import DOS_SERVICE_ID, ODS_CODE, UK_CORE_PROFILE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from workbench.messages import JsonObject, JsonValue
    from workbench.receiver.diary import SlotTime
    from workbench.receiver.values import ReceiverRules, ServiceOffer

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
    """The slots, their Schedule and HealthcareService, and of Location and Organization what was asked for."""
    if not chosen:
        return ()
    ids = {kind: made_id(kind, service.value) for kind in ("Schedule", "HealthcareService", "Location", "Organization")}
    found: list[Entry] = []
    for slot, free in chosen:
        found.append(
            _entry(
                "Slot",
                slot.id,
                now,
                {
                    "schedule": _to(ids["Schedule"]),
                    "status": "free" if free else "busy",
                    "start": instant(slot.start),
                    "end": instant(slot.end),
                },
                mode="match",
            )
        )
    schedule: JsonObject = {"active": True, "actor": [_to(ids["HealthcareService"])]}
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
