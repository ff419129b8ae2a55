"""Single bookings and referrals: created, changed, patched, deleted; what may not change is refused."""

# ruff: noqa: ANN001 - tests take table rows

from __future__ import annotations

import asyncio
import json

import pytest

from tests.receiver.builders import ACCESS, NOW, SERVICE, Mock, issue, new_id
from workbench.exchange import Request, Response
from workbench.receiver import BASE
from workbench.receiver.diary import slots
from workbench.receiver.state import Kind

PATIENT = {"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000417"}}
FREE = [slot.id for slot in slots(SERVICE, NOW) if slot.free]
BUSY = [slot.id for slot in slots(SERVICE, NOW) if not slot.free]
BOOKING = {
    "resourceType": "Appointment",
    "status": "booked",
    "slot": [{"reference": f"Slot/{FREE[0]}"}],
    "participant": [{"actor": PATIENT, "status": "accepted"}],
}
REFERRAL = {"resourceType": "ServiceRequest", "status": "active", "intent": "plan", "subject": PATIENT}


def call(mock: Mock, method: str, path: str, body=None, version: str = "1.1.0") -> Response:
    given = {**dict(ACCESS), "Accept": f"application/fhir+json; version={version}"}
    ids = (("X-Request-Id", new_id()), ("X-Correlation-Id", new_id()))
    source = json.dumps(body).encode() if isinstance(body, dict) else body or b""
    return asyncio.run(mock.router(Request(method, f"http://x{BASE}{path}", (*ids, *given.items()), source)))


def made(mock: Mock, body: dict) -> str:
    answer = call(mock, "POST", f"/{body['resourceType']}", body)
    assert answer.status == 200, answer.body
    return json.loads(answer.body)["id"]


@pytest.mark.parametrize(("body", "kind"), [(BOOKING, Kind.APPOINTMENT), (REFERRAL, Kind.REFERRAL)])
def test_what_is_created_is_found_changed_and_taken_back(body, kind) -> None:
    mock, name = Mock(), body["resourceType"]
    id = made(mock, body)
    query = f"/{name}?patient%3Aidentifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C9990000417"
    assert json.loads(mock.get(query).body)["total"] == 1
    changed = call(mock, "PUT", f"/{name}/{id}", {**body, "description" if name == "Appointment" else "note": "x"})
    assert changed.status == 200
    told = call(mock, "DELETE", f"/{name}/{id}")
    assert json.loads(told.body)["issue"][0]["severity"] == "information"
    assert json.loads(mock.get(query).body)["total"] == 0
    found = mock.state.find(kind, id)
    assert found is not None
    assert found.status == "entered-in-error"
    assert issue(call(mock, "DELETE", f"/{name}/{id}")) == (409, "REC_CONFLICT", "conflict")
    assert [one.answered_by for one in mock.calls if one.operation.endswith("-create")] == [
        "appointment-create" if name == "Appointment" else "service-request-create"
    ]


def test_a_patch_moves_a_booking_to_a_free_slot_and_keeps_the_rest() -> None:
    mock = Mock()
    id = made(mock, BOOKING)
    moved = call(
        mock, "PATCH", f"/Appointment/{id}", {"resourceType": "Appointment", "slot": [{"reference": f"Slot/{FREE[1]}"}]}
    )
    assert json.loads(moved.body)["participant"] == BOOKING["participant"]
    assert (mock.state.holder_of(FREE[0]), mock.state.holder_of(FREE[1])) == (None, id)
    other = {**BOOKING, "slot": [{"reference": f"urn:uuid:{FREE[1]}"}]}
    assert issue(call(mock, "POST", "/Appointment", other)) == (409, "REC_CONFLICT", "conflict")


REFUSED = [
    ("POST", "/Appointment", {**BOOKING, "status": "pending"}, (400, "REC_BAD_REQUEST", "invariant")),
    (
        "POST",
        "/Appointment",
        {**BOOKING, "slot": [{"reference": f"Slot/{BUSY[0]}"}]},
        (409, "REC_CONFLICT", "conflict"),
    ),
    ("POST", "/Appointment", REFERRAL, (400, "REC_BAD_REQUEST", "invalid")),
    ("POST", "/Appointment", b"{", (400, "REC_BAD_REQUEST", "invalid")),
    ("PUT", "/Appointment/{id}", {**BOOKING, "id": new_id()}, (400, "REC_BAD_REQUEST", "invariant")),
    (
        "PUT",
        "/Appointment/{id}",
        {**BOOKING, "slot": [{"reference": f"Slot/{FREE[2]}"}]},
        (400, "REC_BAD_REQUEST", "invariant"),
    ),
    (
        "PATCH",
        "/Appointment/{id}",
        {"resourceType": "Appointment", "slot": [{"reference": f"Slot/{BUSY[0]}"}]},
        (409, "REC_CONFLICT", "conflict"),
    ),
    ("PUT", f"/ServiceRequest/{new_id()}", REFERRAL, (404, "REC_NOT_FOUND", "not-found")),
    ("DELETE", "/Appointment/seven", None, (400, "REC_BAD_REQUEST", "value")),
]


@pytest.mark.parametrize(("method", "path", "body", "expected"), REFUSED)
def test_what_may_not_be_written_is_refused_and_changes_nothing(method, path, body, expected) -> None:
    mock = Mock()
    id = made(mock, BOOKING)
    before = mock.state.snapshot()
    assert issue(call(mock, method, path.replace("{id}", id), body)) == expected
    assert mock.state.snapshot() == before


def test_version_one_has_no_such_calls() -> None:
    mock = Mock()
    assert issue(call(mock, "POST", "/Appointment", BOOKING, "1.0.0")) == (501, "REC_NOT_IMPLEMENTED", "not-supported")
