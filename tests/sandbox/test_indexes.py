"""The calls that the platform answers itself (`national`, `registry`, `pointers`, `catalogue`).

Bookings that partners hold have pointers, and routes have entries; what clients write is kept beside them.
"""

# ruff: noqa: ANN001 - tests take table rows

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.receiver.builders import DOS, issue
from tests.sandbox.builders import OUTSIDE, SENDER, Box, a_call, a_message
from workbench.compose import Party
from workbench.compose.singles import Pointed, endpoint, healthcare_service, organization, pointer
from workbench.sandbox.registry import Registry

if TYPE_CHECKING:
    from workbench.exchange import Response

NHS = "https://fhir.nhs.uk/Id/nhs-number"
ED, NUMBER = "2000011147", "9990000417"
HOSPITAL = Party("Mock Hospital", "ZZM02", "9990000918", "Mock Department")
POINTED = Pointed("Appointment", "0badcafe-0000-4000-8000-000000000001", NUMBER, HOSPITAL, ("2026-07-20", "2026-07-21"))
POINTER = pointer(POINTED, product="P-1", api="1.5.0")


def ask(box: Box, method: str, path: str, body=None, version: str = "1.1.0") -> Response:
    accept = f"application/fhir+json; version={version}" if version else "application/fhir+json"
    source = json.dumps(body).encode() if body is not None else b""
    return box.call(a_call(method=method, path=path, body=source, Accept=accept, NHSD_Target_Identifier=None))


def searched(box: Box, **query: str) -> list[dict]:
    written = "&".join(f"{quote(name)}={quote(value, safe='')}" for name, value in query.items())
    answer = ask(box, "GET", f"/DocumentReference?subject%3Aidentifier={quote(NHS + '|' + NUMBER, safe='')}&{written}")
    assert answer.status == 200, answer.body
    return [entry["resource"] for entry in json.loads(answer.body).get("entry", [])]


def test_a_booking_that_a_partner_takes_has_a_pointer_until_it_is_cancelled() -> None:
    box = Box()
    assert searched(box) == []
    message = a_message(box, ED, "booking-new", number=NUMBER)
    taken = box.call(a_call(ED, body=message.source, use_context="a1t1|booked|booking-request|new"))
    assert taken.status == 200, taken.body
    (found,) = searched(box)
    held = {one["system"]: one["value"] for one in found["identifier"]}
    appointment = next(
        entry["resource"]
        for entry in json.loads(taken.body)["entry"]
        if entry["resource"]["resourceType"] == "Appointment"
    )
    assert held["https://fhir.nhs.uk/Id/BaRS-Identifier"] == appointment["id"]
    assert held[DOS] == ED
    assert found["context"]["period"]["start"] == appointment["start"]
    assert json.loads(ask(box, "GET", f"/DocumentReference/{found['id']}").body) == found
    assert issue(ask(box, "DELETE", f"/DocumentReference/{found['id']}"))[0] == 403, "only its owner may"


def test_pointers_are_written_read_changed_and_deleted() -> None:
    box = Box()
    made = ask(box, "POST", "/DocumentReference", POINTER)
    assert made.status == 201
    id = (made.header("Location") or "").rpartition("/")[2]
    assert id.startswith("ZZM02-")
    assert [one["id"] for one in searched(box, type="http://snomed.info/sct|749001000000101")] == [id]
    assert searched(box, type="http://snomed.info/sct|3457005") == []
    assert searched(box, **{"custodian:identifier": "https://fhir.nhs.uk/Id/ods-organization-code|X"}) == []
    changed = {**POINTER, "status": "superseded"}
    assert ask(box, "PUT", f"/DocumentReference/{id}", changed).status == 200
    other = {**POINTER, "custodian": {"identifier": {"system": "x", "value": "ZZM03"}}}
    assert issue(ask(box, "PUT", f"/DocumentReference/{id}", other))[0] == 400
    kept = box.sandbox.snapshot()
    box.sandbox.reset()
    assert searched(box) == []
    box.sandbox.restore(kept)
    assert searched(box)[0]["status"] == "superseded"
    assert ask(box, "DELETE", f"/DocumentReference/{id}").status == 200
    assert issue(ask(box, "GET", f"/DocumentReference/{id}")) == (404, "NOT_FOUND", "not-found")


def test_more_than_a_page_of_pointers_goes_on_with_a_token() -> None:
    box = Box()
    for number in range(23):
        row = {**POINTER, "identifier": [{"system": "x", "value": str(number)}, *POINTER["identifier"][1:]]}  # type: ignore[misc]
        assert ask(box, "POST", "/DocumentReference", row).status == 201
    path = f"/DocumentReference?subject%3Aidentifier={quote(NHS + '|' + NUMBER, safe='')}"
    first = json.loads(ask(box, "GET", path).body)
    token = first["meta"]["tag"][0]["code"]
    rest = json.loads(ask(box, "GET", f"{path}&next-page-token={token}").body)
    assert (len(first["entry"]), len(rest["entry"]), "meta" in rest) == (20, 3, False)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/DocumentReference", None, 400),
        ("GET", "/DocumentReference?subject%3Aidentifier=9990000417", None, 400),
        ("POST", "/DocumentReference", {**POINTER, "subject": {}}, 400),
        ("POST", "/DocumentReference", {**POINTER, "type": {}}, 400),
        ("POST", "/DocumentReference", {**POINTER, "identifier": []}, 400),
        ("POST", "/DocumentReference", {"resourceType": "Endpoint"}, 400),
        ("PATCH", "/DocumentReference/1", POINTER, 405),
        ("PUT", "/DocumentReference/1", POINTER, 404),
    ],
)
def test_pointers_that_cannot_be_are_refused(method, path, body, status) -> None:
    assert issue(ask(Box(), method, path, body))[0] == status


def test_the_catalogue_lists_who_serves_what_and_where() -> None:
    box = Box()

    def found(path: str, version: str = "") -> list[dict]:
        return [entry["resource"] for entry in json.loads(ask(box, "GET", path, version=version).body).get("entry", [])]

    token = quote(f"{DOS}|{ED}", safe="")
    (service,) = found(f"/HealthcareService?HealthcareService.identifier={token}")
    (address,) = found(f"/Endpoint?_has%3AHealthcareService.Identifier={token}")
    assert service["endpoint"] == [{"reference": f"Endpoint/{address['id']}"}]
    assert found(f"/Endpoint?_has%3AHealthcareService.Id={service['id']}") == [address]
    own = quote(f"{DOS}|{SENDER.service_id}", safe="")
    assert found(f"/Endpoint?_has%3AHealthcareService.Identifier={own}")[0]["address"] == OUTSIDE
    ods = service["providedBy"][0]["identifier"]["value"]
    assert len(found(f"/HealthcareService?HealthcareService.providedBy={ods}")) > 1
    assert found(f"/Organization?Organization.identifier={ods}", "1.3.0")[0]["name"]
    assert issue(ask(box, "GET", "/Organization", version=""))[0] == 404, "organisations went with 1.4.0"
    assert issue(ask(box, "GET", "/Endpoint", version="1.1.0"))[0] == 404


@pytest.mark.parametrize(
    ("path", "body", "version"),
    [
        ("/HealthcareService", healthcare_service(HOSPITAL, product="P-1"), "1.2.0"),
        ("/Endpoint", endpoint(HOSPITAL, "https://x.example", product="P-1", period=("2026", "2027")), "1.2.0"),
        ("/Organization", organization(HOSPITAL), "1.2.0"),
        ("/Endpoint/$template", endpoint(HOSPITAL, "https://x.example", product="P-1"), ""),
    ],
)
def test_the_catalogue_is_written_by_its_owners_only_and_has_nothing_twice(path, body, version) -> None:
    box = Box()
    made = json.loads(ask(box, "POST", path, body, version).body)
    assert issue(ask(box, "POST", path, body, version)) == (409, "BAD_REQUEST", "duplicate")
    one = f"/Endpoint/{made['id']}/$template" if "$template" in path else f"{path}/{made['id']}"
    assert ask(box, "PUT", one, {**body, "name": "Changed"}, version).status == 200
    assert issue(ask(box, "POST", path, {**body, "identifier": []}, version))[0] == 400
    assert ask(box, "DELETE", one, None, version).status == 200
    assert issue(ask(box, "DELETE", one, None, version))[0] == 404


def test_templates_are_found_by_tokens_whatever_the_scheme_of_their_system() -> None:
    box = Box()
    ask(box, "POST", "/Endpoint/$template", endpoint(HOSPITAL, "https://x.example", product="P-1"), "")
    kind = quote("https://terminology.hl7.org/CodeSystem/endpoint-connection-type|hl7-fhir-msg", safe="")
    rest = quote("https://terminology.hl7.org/CodeSystem/endpoint-connection-type|hl7-fhir-rest", safe="")
    totals = [
        json.loads(ask(box, "GET", f"/Endpoint/$template?ConnectionType={one}", version="").body)["total"]
        for one in (kind, rest)
    ]
    assert totals == [1, 0]


def test_a_registry_tells_of_every_change_but_not_of_a_restore() -> None:
    told: list = []
    registry = Registry()
    registry.on_change = lambda *change: told.append(change)
    registry.put("Endpoint", "1", {"id": "1"})
    registry.remove("Endpoint", "1")
    registry.restore({"Endpoint": {"2": {"id": "2"}}})
    assert told == [("Endpoint", "1", {"id": "1"}), ("Endpoint", "1", None)]
    assert (registry.find("Endpoint", "1"), registry.of("Endpoint")) == (None, ({"id": "2"},))
