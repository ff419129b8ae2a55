"""A double of the public sandbox as its documentation describes it: a gateway before a mock with canned answers.

It proves connections, encoding and reading of answers only; it is stateless, echoes no ids and never looks at tokens.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from workbench.exchange import Request, Response

BASE = "/booking-and-referral/FHIR/R4"
KNOWN = ("c3f6145e-1a26-4345-b3f2-dccbcba62049", "91607239-b002-470a-8709-6b25bd50fdd1")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_INCLUDES = (
    "Schedule",
    "Schedule:actor:Practitioner",
    "Schedule:actor:PractitionerRole",
    "Schedule:actor:HealthcareService",
    "HealthcareService.providedBy",
    "HealthcareService.location",
)
_METHODS = {
    "/metadata": ("GET",),
    "/MessageDefinition": ("GET",),
    "/$process-message": ("POST",),
    "/Slot": ("GET",),
    "/Appointment": ("GET", "POST"),
    "/ServiceRequest": ("GET", "POST"),
    "/Appointment/{id}": ("GET", "PATCH", "PUT", "DELETE"),
    "/ServiceRequest/{id}": ("GET", "PATCH", "PUT", "DELETE"),
    "/DocumentReference": ("GET", "POST"),
    "/DocumentReference/{id}": ("GET", "PUT", "DELETE"),
}


async def official_sandbox(request: Request) -> Response:
    """Answer as the gateway does, then as the mock behind it."""
    parts = urlsplit(request.url)
    path = parts.path.removeprefix(BASE)
    asked = dict(parse_qsl(parts.query))  # of a repeated parameter the last one counts
    target = request.header("NHSD-Target-Identifier")
    version = re.search(r"version=(\d+)\.(\d+)", request.header("Accept") or "")
    if path.startswith("/DocumentReference") and version and (int(version[1]), int(version[2])) < (1, 1):
        return _outcome(406, "processing", "SEND_NOT_ACCEPTABLE", kind="text/plain")
    shape = re.sub(r"^(/\w+)/[^/]+$", r"\1/{id}", path)
    if shape not in _METHODS:
        return _outcome(404, "not-found", "NOT_FOUND", kind="text/plain")
    if request.method not in _METHODS[shape]:
        refused = _outcome(405, "not-supported", "REC_METHOD_NOT_ALLOWED")
        allow = ("Allow", ", ".join(_METHODS[shape]))
        return Response(405, "", (*refused.headers, allow), refused.body)
    if path == "/metadata" and target is None:
        return _json({"resourceType": "CapabilityStatement", "status": "active"})
    if not path.startswith("/DocumentReference") and (why := _target_problem(target)) is not None:
        return why
    return _mock(request.method, shape, path.rpartition("/")[2], asked, request.body)


def _target_problem(text: str | None) -> Response | None:
    if text is None:
        return _outcome(400, "structure", "PROXY_BAD_REQUEST")
    try:
        named = json.loads(base64.b64decode(text))
    except (binascii.Error, ValueError):
        return _outcome(400, "400", "PROXY_BAD_REQUEST")
    system, value = named.get("system"), named.get("value")
    if not system or not value:
        return _outcome(400, "structure", "PROXY_BAD_REQUEST")
    if system.lower() == "https://fhir.nhs.uk/id/dos-service-id" and value.startswith("2000"):
        return None
    return _outcome(404, "not-found", "PROXY_NOT_FOUND")


def _mock(method: str, shape: str, id: str, asked: dict[str, str], body: bytes) -> Response:
    name = shape.split("/")[1]
    match method, shape:
        case "GET", "/metadata":
            return _json({"resourceType": "CapabilityStatement", "status": "active", "version": "1.0.0"})
        case "GET", "/MessageDefinition":
            return _set([_definition()]) if asked.get("context") else _bad()
        case "POST", "/$process-message":
            return _json(_message())
        case "GET", "/Slot":
            fine = asked.get("status") in ("free", "busy") and _is_plain(asked.get("start", ""))
            return _set(_slots()) if fine and asked.get("_include") in _INCLUDES else _bad()
        case ("GET", "/Appointment") | ("GET", "/ServiceRequest"):
            return _set([_resource(name)]) if asked.get("patient:identifier") else _bad()
        case ("GET", "/DocumentReference") | ("GET", "/DocumentReference/{id}"):
            return _set([_pointer()] * 3) if shape == "/DocumentReference" else _json(_pointer())
        case ("POST", "/DocumentReference") | ("PUT", "/DocumentReference/{id}"):
            return _outcome(200, "informational", "RESOURCE_CREATED")
        case "DELETE", "/DocumentReference/{id}":
            return _outcome(200, "informational", "RESOURCE_DELETED")
        case "GET", _:
            known = KNOWN if name == "Appointment" else KNOWN[:1]
            if not _UUID.fullmatch(id):
                return _bad()
            return _json(_resource(name)) if id in known else _outcome(404, "not-found", "REC_NOT_FOUND")
        case "DELETE", _:
            if id in KNOWN:
                return _outcome(200, "informational", "RESOURCE_UPDATED")
            return Response(404, "Not Found", (("Content-Type", "application/json"),), b"null")
    given = json.loads(body or b"{}")
    return _json(_resource(name)) if given.get("resourceType") and given.get("meta", {}).get("profile") else _bad()


def _is_plain(start: str) -> bool:
    try:
        datetime.fromisoformat(start)
    except ValueError:
        return False
    return True


def _bad() -> Response:
    return _outcome(400, "invalid", "REC_BAD_REQUEST")


def _outcome(status: int, issue: str, code: str, kind: str = "application/json") -> Response:
    severity = "information" if status == 200 else "error"
    details = {"coding": [{"system": "https://fhir.nhs.uk/Codesystem/http-error-codes", "code": code}]}
    held = [{"severity": severity, "code": issue, "details": details, "diagnostics": code}]
    return _json({"resourceType": "OperationOutcome", "issue": held}, status, kind)


def _json(resource: dict, status: int = 200, kind: str = "application/json") -> Response:
    return Response(status, "", (("Content-Type", kind),), json.dumps(resource).encode())


def _set(resources: list[dict]) -> Response:
    entries = [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources]
    return _json({"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries})


def _resource(name: str) -> dict:
    if name == "Appointment":
        return {"resourceType": name, "id": KNOWN[1], "status": "booked", "start": "2021-10-12T12:30:30+00:00"}
    return {"resourceType": name, "id": "71d2b38e-b81c-4894-a522-6a65265b1d58", "status": "active", "intent": "plan"}


def _slots() -> list[dict]:
    ids = [f"6a0e1f3c-0000-4000-8000-00000000000{n}" for n in range(8)]
    times = [(f"2022-03-0{1 + n // 4}T{9 + n % 4:02}:00:00+00:00") for n in range(8)]
    return [
        {"resourceType": "Slot", "id": id, "status": "free", "start": at} for id, at in zip(ids, times, strict=True)
    ]


def _definition() -> dict:
    return {
        "resourceType": "MessageDefinition",
        "id": "9f1c6f0a-0000-4000-8000-000000000001",
        "url": "https://fhir.nhs.uk/MessageDefinition/bars-message-servicerequest-request-referral",
        "version": "1.0.0",
        "eventCoding": {"code": "servicerequest-request"},
        "focus": [{"code": "ServiceRequest", "min": 1, "max": "1"}],
    }


def _pointer() -> dict:
    return {
        "resourceType": "DocumentReference",
        "id": "A9999-9f1c6f0a-0000-4000-8000-000000000002",
        "status": "current",
        "type": {"coding": [{"system": "http://snomed.info/sct", "code": "749001000000101"}]},
        "subject": {"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000417"}},
        "identifier": [
            {"system": "https://fhir.nhs.uk/Id/BaRS-Identifier", "value": KNOWN[0]},
            {"system": "https://fhir.nhs.uk/Id/dos-service-id", "value": "2000011147"},
        ],
    }


def _message() -> dict:
    header = {"resourceType": "MessageHeader", "eventCoding": {"code": "booking-request"}}
    entries = [header, {"resourceType": "Appointment", "id": KNOWN[1], "status": "booked"}]
    return {
        "resourceType": "Bundle",
        "type": "message",
        "id": "99173438-ebba-453a-998d-8f1ef006d76e",
        "entry": [{"fullUrl": f"urn:uuid:{KNOWN[n]}", "resource": one} for n, one in enumerate(entries)],
    }
