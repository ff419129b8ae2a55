from __future__ import annotations

import pytest

from tests.rules.builders import at, called, changed, composed, findings, headers_for, put, verdict
from workbench.headers.base64_json import encode
from workbench.rules import Side

MESSAGE = composed()
TARGET, ORGANISATION, SOFTWARE = "NHSD-Target-Identifier", "NHSD-End-User-Organisation", "NHSD-Requesting-Software"
SERVICE = "https://fhir.nhs.uk/Id/dos-service-id"
HEADER = "Bundle.entry[0].resource"


def found(*overrides: tuple[str, str], message=MESSAGE, side: Side = Side.COMPOSE) -> list[tuple[str, str, str]]:  # noqa: ANN001
    request = called(message, headers_for(message, *overrides))
    held = [one for one in verdict(message, side, request=request).findings if one.rule.startswith("HDR-1")]
    return [(one.rule, one.severity.value[0], one.path) for one in held]


def target(value: str, system: str = SERVICE) -> tuple[str, str]:
    return TARGET, encode({"system": system, "value": value})


@pytest.mark.parametrize("message", [MESSAGE, composed("booking-new"), composed("validation-new", "a4t1")])
def test_headers_made_for_a_message_fit_it(message) -> None:  # noqa: ANN001
    for side in Side:
        assert found(message=message, side=side) == []


def test_the_target_is_the_destination() -> None:
    path = f"headers['{TARGET}']"
    assert found(target("9990000918")) == []
    assert found(target("9990000001")) == [("HDR-101", "e", f"{path}.value")]
    assert found(target("9990000001"), side=Side.RECEIVE) == [("HDR-101", "w", f"{path}.value")]
    assert found(target("9990000918", "https://mock.example")) == [("HDR-101", "w", f"{path}.system")]


def test_any_destination_of_the_message_will_do() -> None:
    second = {"endpoint": f"{SERVICE}|9990000777"}
    both = changed(MESSAGE, put(f"{HEADER}.destination[1]", second))
    assert found(target("9990000777"), message=both) == []


def test_use_context_names_the_part_that_differs() -> None:
    value = "a1t2|referral|servicerequest-request|new"
    request = called(MESSAGE, headers_for(MESSAGE, ("use-context", value)))
    (one,) = findings(verdict(MESSAGE, request=request), "HDR-102")
    assert one.path == "headers['use-context']"
    assert one.text.endswith("use case differs.")
    both = called(MESSAGE, headers_for(MESSAGE, ("use-context", "a1t2|referral|servicerequest-request|update")))
    assert findings(verdict(MESSAGE, request=both), "HDR-102")[0].text.endswith("use case and reason differ.")


def organisation(code: str) -> tuple[str, str]:
    identifier = [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": code}]
    return ORGANISATION, encode({"resourceType": "Organization", "identifier": identifier, "name": "Mock"})


def test_the_asking_organisation_is_the_sender() -> None:
    assert found(organisation("zzm01")) == []
    path = f"headers['{ORGANISATION}'].identifier"
    assert found(organisation("ZZM99")) == [("HDR-103", "w", path)]
    assert found(organisation("ZZM99"), side=Side.RECEIVE) == [("HDR-103", "i", path)]


def test_the_software_has_the_version_of_the_source() -> None:
    message = changed(MESSAGE, put(f"{HEADER}.source.software", "Mock"), put(f"{HEADER}.source.version", "2.0"))
    value = {"resourceType": "Device", "identifier": [{"value": "1"}]}

    def made(name: str, version: str) -> tuple[str, str]:
        device = {"name": name, "type": "manufacturer-name"}
        return SOFTWARE, encode({**value, "deviceName": device, "version": {"value": version}})

    assert found(made("Mock", "2.0"), message=message) == []
    assert found(made("Other", "1.0"), message=message) == []
    assert found(made("Mock", "1.0"), message=message) == [("HDR-104", "i", f"headers['{SOFTWARE}'].version")]


def test_accept_reaches_what_the_application_needs() -> None:
    case = f"{at(MESSAGE, 'ServiceRequest')}.category[0].coding[1].code"
    newer = changed(MESSAGE, put(case, "a5t1"))
    held = found(("Accept", "application/fhir+json; version=1.0.0"), message=newer)
    assert ("HDR-105", "i", "headers['Accept']") in held
    held = found(("Accept", "application/fhir+json; version=1.1.0"), message=newer)
    assert "HDR-105" not in {rule for rule, _, _ in held}
