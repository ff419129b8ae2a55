"""The table of calls: routes, echo, versions, searches and reads; also searches, searchset, capability and state."""

# ruff: noqa: ANN001, ANN003 - tests take fixtures and table rows

from __future__ import annotations

import asyncio
import json
from urllib.parse import quote

import pytest

from tests.receiver.builders import DOS, Mock, a_message, get, issue
from workbench.messages import parse
from workbench.receiver import BASE, Kind

SLOT = {
    "Schedule.actor:HealthcareService": ["9990000918"],
    "status": ["free"],
    "start": ["ge2026-07-20T09:00:00+00:00", "le2026-07-20T12:00:00+00:00"],
    "_include": ["Slot:schedule", "Schedule:actor:HealthcareService"],
}
BAD = "REC_BAD_REQUEST"


def slot_query(**changes) -> str:
    names = {"service": "Schedule.actor:HealthcareService", "include": "_include"}
    values = dict(SLOT)
    for name, value in changes.items():
        values[names.get(name, name)] = value
    return "/Slot?" + "&".join(f"{quote(n)}={quote(v)}" for n, vs in values.items() for v in vs)


def test_slots_come_with_their_schedule_and_service(mock: Mock) -> None:
    response = mock.get(slot_query())
    assert response.status == 200
    answer = parse(response.body)
    types = [entry.type for entry in answer.entries()]
    assert types.count("Slot") == 5
    assert types[-2:] == ["Schedule", "HealthcareService"]
    assert {e.resource["status"] for e in answer.entries() if e.type == "Slot"} == {"free"}
    assert all(reference.target_entry is not None for reference in answer.references())
    assert mock.get(slot_query()).body.count(b'"Slot"') == 5


def test_busy_slots_and_more_includes_on_request(mock: Mock) -> None:
    both = parse(mock.get(slot_query(status=["free,busy"], include=["Slot:*"])).body)
    assert {e.resource["status"] for e in both.entries() if e.type == "Slot"} == {"free", "busy"}
    around = {"Schedule", "HealthcareService", "Location", "Organization", "Practitioner", "PractitionerRole"}
    assert {e.type for e in both.entries()} == {"Slot", *around}
    schedule = next(e.resource for e in both.entries() if e.type == "Schedule")
    assert len(schedule["actor"]) == 3


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"service": []}, (400, BAD, "required")),
        ({"service": ["1"]}, (404, "REC_NOT_FOUND", "not-found")),
        ({"service": ["2000081230"]}, (408, "REC_TIMEOUT", "timeout")),
        ({"status": []}, (400, BAD, "required")),
        ({"status": ["maybe"]}, (400, BAD, "value")),
        ({"start": []}, (400, BAD, "required")),
        ({"start": SLOT["start"][:1]}, (400, BAD, "required")),
        ({"start": ["ge2026-07-20", "le2026-07-21"]}, (400, BAD, "value")),
        ({"start": ["ge2026-02-30T00:00:00Z", "le2026-07-21T00:00:00Z"]}, (400, BAD, "value")),
        ({"start": ["ge2026-07-21T00:00:00Z", "le2026-07-20T00:00:00Z"]}, (400, BAD, "value")),
        (
            {"start": ["ge2026-07-20T00:00:00Z", "le2026-10-20T00:00:00Z"]},
            (422, "REC_UNPROCESSABLE_ENTITY", "too-costly"),
        ),
        ({"include": SLOT["_include"][:1]}, (400, BAD, "required")),
    ],
)
def test_slot_searches_that_are_refused(mock: Mock, changes, expected) -> None:
    assert issue(mock.get(slot_query(**changes))) == expected


def test_what_was_taken_can_be_read_and_found(mock: Mock) -> None:
    booked = parse(mock.post(a_message("booking-new").source).body)
    referred = parse(mock.post(a_message().source).body)
    for path, answer in (("Appointment", booked), ("ServiceRequest", referred)):
        read = mock.get(f"/{path}/{answer.facts.focus_id}")
        assert json.loads(read.body)["id"] == answer.facts.focus_id
        number = quote("https://fhir.nhs.uk/Id/nhs-number|9990000417")
        for query, total in (
            (f"patient%3Aidentifier={number}", 1),
            ("patient:name=Quillfeather&patient:birthdate=1990-02-03&patient:address-postalcode=zz993vz", 1),
            ("patient:name=Other", 0),
            (f"patient:identifier={quote('x|1')}", 0),
        ):
            found = json.loads(mock.get(f"/{path}?{query}").body)
            assert (found["type"], found["total"], len(found.get("entry", []))) == ("searchset", total, total)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/Appointment", (400, BAD, "required")),
        ("/Appointment?patient:identifier=123", (400, BAD, "value")),
        ("/Appointment?patient:birthdate=03/02/1990", (400, BAD, "value")),
        ("/Appointment/1", (400, BAD, "value")),
        ("/Appointment/0badcafe-0000-4000-8000-00000000dead", (404, "REC_NOT_FOUND", "not-found")),
        ("/Appointment/0d440c22-7f25-4c6c-905d-2213d197d02a", (501, "REC_NOT_IMPLEMENTED", "not-supported")),
        ("/ServiceRequest/61215702-0049-4d76-9807-2123f0a6ca15", (405, "REC_METHOD_NOT_ALLOWED", "not-supported")),
        ("/MessageDefinition", (400, BAD, "required")),
        ("/MessageDefinition?context=9990000918", (400, BAD, "value")),
        (f"/MessageDefinition?context={DOS}|1", (404, "REC_NOT_FOUND", "not-found")),
        (f"/MessageDefinition?context={DOS}|FAIL0401", (401, "REC_UNAUTHORIZED", "security")),
        ("/Nothing", (404, "REC_NOT_FOUND", "not-found")),
        ("/$process-message", (405, "REC_METHOD_NOT_ALLOWED", "not-supported")),
    ],
)
def test_readings_that_are_refused_echo_the_ids(mock: Mock, path: str, expected) -> None:
    request = get(path)
    response = asyncio.run(mock.router(request))
    assert issue(response) == expected
    for name in ("X-Request-Id", "X-Correlation-Id"):
        assert response.header(name) == request.header(name)
    assert response.header("Content-Type") == "application/fhir+json"
    assert response.header("Cache-Control") == "no-store"
    assert response.header("X-Content-Type-Options") == "nosniff"
    assert b"ZZM02 was unable" in response.body
    assert mock.calls[-1].response.body == response.body


def test_message_definitions_are_narrowed_by_use_case(mock: Mock) -> None:
    case = quote("https://fhir.nhs.uk/CodeSystem/usecases-categories-bars|a1t1")
    found = json.loads(mock.get(f"/MessageDefinition?context={DOS}|9990000918&context={case}").body)
    names = {e["resource"]["name"]: e["resource"] for e in found["entry"]}
    assert "bars-message-servicerequest-request-referral" in names
    assert "bars-message-servicerequest-request-validation" not in names
    codes = [
        coding["code"]
        for context in names["bars-message-booking-request"]["useContext"]
        for coding in context["valueCodeableConcept"]["coding"]
    ]
    assert codes == ["9990000918", "a1t1"]


def test_the_capability_statement_names_what_is_taken(mock: Mock) -> None:
    statement = json.loads(mock.get("/metadata").body)
    assert statement["resourceType"] == "CapabilityStatement"
    modes: dict[str, set[str]] = {"receiver": set(), "sender": set()}
    for row in statement["messaging"][0]["supportedMessage"]:
        modes[row["mode"]].add(row["definition"].rsplit("/", 1)[1])
    assert "bars-message-booking-request" in modes["receiver"]
    assert not any("response" in name for name in modes["receiver"])
    assert modes["sender"]
    assert all("response" in name for name in modes["sender"])
    assert [rest["mode"] for rest in statement["rest"]] == ["server", "client"]


def test_only_the_own_major_version_is_offered(mock: Mock) -> None:
    assert mock.get("/metadata", Accept="application/fhir+json; version=1.4.0").status == 200
    refused = mock.get("/metadata", Accept="application/fhir+json; version=2.0.0")
    assert issue(refused) == (406, "REC_NOT_ACCEPTABLE", "processing")


def test_state_survives_a_snapshot(mock: Mock) -> None:
    mock.post(a_message("booking-new").source)
    mock.post(a_message().source)
    told = []
    again = Mock()
    again.state.on_change = told.append
    again.state.restore(mock.state.snapshot())
    assert again.state.snapshot() == mock.state.snapshot()
    assert told == []
    booking = next(again.state.of(Kind.APPOINTMENT))
    assert again.state.holder_of(booking.slot) == booking.id
    assert json.loads(again.get(f"/Appointment/{booking.id}").body)["status"] == "booked"
    assert BASE.startswith("/booking-and-referral")
