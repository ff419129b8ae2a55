from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

import pytest

from tests.rules.builders import called, composed, headers_for, verdict
from workbench.headers.base64_json import encode
from workbench.rules import Side

if TYPE_CHECKING:
    from pathlib import Path

MESSAGE = composed()
TARGET, ORGANISATION = "NHSD-Target-Identifier", "NHSD-End-User-Organisation"
PRACTITIONER, SOFTWARE = "NHSD-Requesting-Practitioner", "NHSD-Requesting-Software"
SERVICE = "https://fhir.nhs.uk/Id/dos-service-id"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
ROLE = "https://fhir.nhs.uk/Id/sds-role-profile-id"
OWN = {"HDR-008", "HDR-009", "HDR-010", "HDR-011", "HDR-012", "HDR-013"} | {f"HDR-0{n}" for n in range(19, 25)}


def found(name: str, value: str, side: Side = Side.COMPOSE) -> list[tuple[str, str, str]]:
    """(rule, first letter of its severity, path below the header) of this module's rules."""
    request = called(MESSAGE, headers_for(MESSAGE, (name, value)))
    held = [one for one in verdict(MESSAGE, side, request=request).findings if one.rule in OWN]
    assert all(one.path.startswith(f"headers['{name}']") for one in held)
    return [(one.rule, one.severity.value[0], one.path.partition("']")[2]) for one in held]


def organisation(**changes: object) -> dict:
    made = {"resourceType": "Organization", "identifier": [{"system": ODS, "value": "ZZM01"}], "name": "Mock"}
    return {name: value for name, value in {**made, **changes}.items() if value is not None}


def software(**changes: object) -> dict:
    made = {
        "resourceType": "Device",
        "identifier": [{"system": "https://mock.example/Id", "value": "M-1"}],
        "deviceName": {"name": "Mock", "type": "manufacturer-name"},
        "version": {"value": "1"},
    }
    return {name: value for name, value in {**made, **changes}.items() if value is not None}


def role(**changes: object) -> dict:
    coding = {"system": "http://snomed.info/sct", "code": "62247001"}
    made = {
        "resourceType": "PractitionerRole",
        "identifier": [{"system": ROLE, "value": "990000000001"}],
        "code": [{"coding": [coding]}],
    }
    return {**made, **changes}


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        (TARGET, {"system": SERVICE, "value": "9990000918"}),
        (TARGET, {"value": "2000072489", "system": SERVICE}),
        (TARGET, {"system": "https://fhir.nhs.uk/Id/ers-dos-service-id", "value": "AandG"}),
        (ORGANISATION, organisation(name="Tŷ Ffynnon ~ Out?>of hours")),
        (
            ORGANISATION,
            organisation(active=True, identifier=[{"system": ODS, "value": "A1"}, {"value": "x"}]),
        ),
        (PRACTITIONER, role()),
        (PRACTITIONER, role(code=[])),
        (SOFTWARE, software()),
        (SOFTWARE, software(manufacturer="Mock")),
    ],
)
def test_good_headers_have_nothing_against_them(name: str, inside: dict) -> None:
    assert found(name, encode(inside)) == []
    assert found(name, encode(inside), Side.RECEIVE) == []


@pytest.mark.parametrize(
    ("name", "inside", "compose", "receive"),
    [
        (TARGET, {"system": SERVICE}, [("HDR-008", "e", ".value")], None),
        (TARGET, {"system": SERVICE, "value": 1}, [("HDR-008", "e", ".value")], None),
        (TARGET, {"system": "", "value": "1"}, [("HDR-008", "e", ".system")], None),
        (
            TARGET,
            {"System": SERVICE, "value": "9990000918"},
            [("HDR-008", "e", ".system"), ("HDR-024", "w", ".System")],
            None,
        ),
        (TARGET, {"system": SERVICE, "value": "9990000918", "mock": 1}, [("HDR-024", "i", ".mock")], None),
        (
            TARGET,
            {"system": SERVICE.lower(), "value": "9990000918"},
            [("HDR-011", "e", ".system")],
            [("HDR-011", "w", ".system")],
        ),
        (TARGET, {"system": "tests", "value": "NHS0001"}, [("HDR-019", "i", ".system")], None),
        (TARGET, {"system": SERVICE, "value": f"{SERVICE}|9990000918"}, [("HDR-020", "w", ".value")], None),
        (TARGET, {"system": SERVICE, "value": "A9999"}, [("HDR-020", "w", ".value")], None),
        (ORGANISATION, organisation(name=None), [("HDR-012", "e", ".name")], None),
        (ORGANISATION, organisation(identifier=[]), [("HDR-012", "e", ".identifier")], None),
        (ORGANISATION, organisation(resourceType="Organisation"), [("HDR-009", "e", ".resourceType")], None),
        (
            ORGANISATION,
            organisation(identifier=[{"system": ODS, "value": "zz m01"}]),
            [("HDR-021", "w", ".identifier[0].value")],
            None,
        ),
        (
            ORGANISATION,
            organisation(identifier=[{"value": "x"}, {"system": ODS.lower(), "value": "ZZM01"}]),
            [("HDR-021", "w", ".identifier[1].system")],
            None,
        ),
        (PRACTITIONER, role(identifier=[]), [("HDR-013", "e", ".identifier")], None),
        (
            PRACTITIONER,
            role(identifier=[{"system": "https://mock.example", "value": "1"}]),
            [("HDR-022", "w", ".identifier")],
            None,
        ),
        (PRACTITIONER, role(code=[{"coding": [{"code": "1"}]}]), [("HDR-022", "w", ".code[0].coding[0]")], None),
        (PRACTITIONER, role(resourceType="Practitioner"), [("HDR-009", "e", ".resourceType")], None),
        (SOFTWARE, software(version=None), [("HDR-013", "e", ".version")], None),
        (SOFTWARE, software(deviceName={"type": "manufacturer-name"}), [("HDR-013", "e", ".deviceName")], None),
        (
            SOFTWARE,
            software(deviceName=[{"name": "Mock", "type": "manufacturer-name"}]),
            [("HDR-023", "w", ".deviceName")],
            [("HDR-023", "i", ".deviceName")],
        ),
        (
            SOFTWARE,
            software(deviceName={"name": "Mock"}),
            [("HDR-023", "w", ".deviceName.type")],
            [("HDR-023", "i", ".deviceName.type")],
        ),
        (SOFTWARE, software(devicename={"name": "x"}), [("HDR-024", "w", ".devicename")], None),
    ],
)
def test_what_is_inside_is_judged_at_its_place(name: str, inside: dict, compose: list, receive: list | None) -> None:
    assert found(name, encode(inside)) == compose
    assert found(name, encode(inside), Side.RECEIVE) == (compose if receive is None else receive)


def test_a_member_that_is_there_twice_is_told() -> None:
    text = b'{"system":"x","system":"%s","value":"9990000918"}' % SERVICE.encode()
    assert found(TARGET, base64.b64encode(text).decode()) == [("HDR-010", "w", "")]


def test_odd_bits_at_the_end_are_told() -> None:
    value = encode(organisation(name="Mock A"))
    while not value.endswith("="):
        value = encode(organisation(name="Mock A" + "x" * (len(value) % 5 + 1)))
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    body = value.rstrip("=")
    spoilt = body[:-1] + alphabet[alphabet.index(body[-1]) + 1] + "=" * (len(value) - len(body))
    assert found(ORGANISATION, spoilt) == [("HDR-010", "w", "")]


def test_a_second_target_is_read_too() -> None:
    request = called(MESSAGE, (*headers_for(MESSAGE), (TARGET, "e30")))
    rules = {one.rule for one in verdict(MESSAGE, request=request).findings}
    assert {"HDR-007", "HDR-008"} <= rules


def test_the_samples_of_the_specification_have_no_error(shared: Path) -> None:
    """One of them holds place-holders instead of a role; it is told for that."""
    schemas = shared / "data" / "api" / "openapi"
    names = {
        "TargetIdentifier": TARGET,
        "RequestingOrganisation": ORGANISATION,
        "RequestingPractitioner": PRACTITIONER,
        "RequestingSoftware": SOFTWARE,
    }
    judged = set()
    for file in sorted(schemas.glob("schemas*/*.yaml")):
        for value in re.findall(r"(?<![\w+/])eyJ[\w+/]+={0,2}", file.read_text(encoding="utf-8")):
            errors = [rule for rule, severity, _ in found(names[file.stem], value, Side.RECEIVE) if severity == "e"]
            assert errors == (["HDR-009"] if b'"string"' in base64.b64decode(value) else []), file.name
            judged.add(file.stem)
    assert judged == set(names)
