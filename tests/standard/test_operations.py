from __future__ import annotations

import pytest

from workbench.standard.operations import operation_at, operations

WRITES = {
    f"{one}-{verb}" for one in ("appointment", "service-request") for verb in ("create", "update", "patch", "delete")
}
POINTERS = {f"pointer-{verb}" for verb in ("search", "read", "create", "update", "delete")}
CATALOGUE = {
    f"{one}-{verb}"
    for one in ("healthcare-service", "endpoint")
    for verb in ("search", "read", "create", "update", "delete")
}
ORGANISATIONS = {f"organization-{verb}" for verb in ("search", "read", "create", "update", "delete")}
TEMPLATES = {f"endpoint-template-{verb}" for verb in ("search", "create", "update", "delete")}
FIRST = {
    "metadata",
    "message-definition",
    "process-message",
    "slot-search",
    "appointment-search",
    "appointment-read",
    "service-request-search",
    "service-request-read",
}


def test_header_sets_say_what_goes_along() -> None:
    calls = operations()
    assert calls["process-message"].carries_use_context
    assert calls["process-message"].needs_target
    assert not calls["slot-search"].carries_use_context
    assert not calls["metadata"].needs_target
    assert calls["process-message"].path == "/$process-message"
    assert calls["appointment-read"].answer == "Appointment"


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.0.0", FIRST),
        ("1.1.0", FIRST | WRITES | POINTERS),
        ("1.2.0", FIRST | WRITES | POINTERS | CATALOGUE | ORGANISATIONS),
        ("1.3.0", FIRST | WRITES | POINTERS | CATALOGUE | ORGANISATIONS),
        ("1.4.0", FIRST | WRITES | POINTERS | CATALOGUE | TEMPLATES),
        ("1.5.0", FIRST | WRITES | POINTERS | CATALOGUE | TEMPLATES),
    ],
)
def test_every_version_has_its_calls(version: str, expected: set[str]) -> None:
    assert {one.id for one in operations().values() if one.group and one.exists_in(version)} == expected
    assert all(one.preview is (one.id in CATALOGUE | ORGANISATIONS | TEMPLATES) for one in operations().values())


def test_headers_of_a_call_may_differ_between_versions() -> None:
    created, looked_up = operations()["pointer-create"], operations()["endpoint-search"]
    assert (created.letters("1.1.0"), created.letters("1.2.0"), created.letters()) == ({*"NO"}, {*"NU"}, {*"NU"})
    assert (looked_up.letters("1.3.0"), looked_up.letters("1.4.0")) == ({*"ES"}, {"E"})


@pytest.mark.parametrize(
    ("method", "path", "id"),
    [
        ("get", "/Appointment?patient%3Aidentifier=1", "appointment-search"),
        ("GET", "/Appointment/1/", "appointment-read"),
        ("PATCH", "/Appointment/1", "appointment-patch"),
        ("GET", "/Endpoint/$template", "endpoint-template-search"),
        ("PUT", "/Endpoint/7/$template", "endpoint-template-update"),
        ("GET", "/Endpoint/7", "endpoint-read"),
        ("POST", "/$process-message", "process-message"),
        ("GET", "/$process-message", "unknown"),
        ("GET", "/Slot/1", "unknown"),
        ("", "", "unknown"),
    ],
)
def test_a_call_is_known_by_method_and_path(method: str, path: str, id: str) -> None:
    assert operation_at(method, f"https://bars.example/FHIR/R4{path}").id == id
    assert operation_at(method, path).id == id
