"""Reading MessageDefinitions in every published form, and choosing the one that a message is judged by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.builders import a_setting
from tests.rules.builders import NOW, counting
from workbench.compose import compose
from workbench.errors import InputError
from workbench.messages import Number, Syntax, build, convert, parse
from workbench.messages.message_definitions import definitions_in, fitting
from workbench.standard.definitions import Row, definitions
from workbench.standard.events import Event

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.messages import JsonObject

REFERRAL = "https://fhir.nhs.uk/MessageDefinition/bars-message-servicerequest-request-referral"
USE_CASES = "https://fhir.nhs.uk/CodeSystem/usecases-categories-bars"
WORKFLOW = {"system": "http://terminology.hl7.org/CodeSystem/usage-context-type", "code": "workflow"}


def a_definition(**changes: object) -> JsonObject:
    codings = [
        {"system": "https://fhir.nhs.uk/Id/dos-service-id", "code": "9990000918"},
        {"system": USE_CASES, "code": "A1T1"},
        {"system": USE_CASES, "code": "a1t2"},
    ]
    made: JsonObject = {
        "resourceType": "MessageDefinition",
        "url": REFERRAL,
        "version": "2.1.0",
        "status": "active",
        "useContext": [{"code": WORKFLOW, "valueCodeableConcept": {"coding": [one]}} for one in codings],
        "eventCoding": {
            "system": "https://fhir.nhs.uk/CodeSystem/message-events-bars",
            "code": "servicerequest-request",
        },
        "focus": [
            {"code": "Bundle", "profile": "https://mock.example/Bundle", "min": Number("1"), "max": "1"},
            {"code": "Patient", "profile": "https://mock.example/Patient|1.0", "min": Number("1"), "max": "1"},
            {"code": "Consent", "min": Number("0"), "max": "*"},
        ],
    }
    return {**made, **changes}


def searchset(*resources: JsonObject) -> JsonObject:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources]}


@pytest.mark.parametrize("syntax", list(Syntax))
def test_a_definition_is_read_from_either_syntax(syntax: Syntax) -> None:
    (read,) = definitions_in(convert(build(a_definition()), syntax))
    assert (read.name, read.url, read.version) == (REFERRAL.rpartition("/")[2], REFERRAL, "2.1.0")
    assert read.event is Event.SERVICEREQUEST_REQUEST
    assert (read.services, read.use_cases) == (("9990000918",), ("a1t1", "a1t2"))
    assert read.rows == (Row("Patient", "https://mock.example/Patient", 1, 1), Row("Consent", "", 0, None))
    assert read.profiles("Consent") == ()
    assert not read.is_template


def test_the_old_form_of_the_context_is_read_too() -> None:
    old = [
        {
            "code": [
                {"system": "https://fhir.nhs.uk/CodeSystem/dos-id", "code": "2000099999"},
                {"system": USE_CASES, "code": "a5t1"},
            ],
            "valueCodeableConcept": {
                "coding": [{"system": "http://terminology.hl7.org/CodeSystem/variant-state", "code": "positive"}]
            },
        }
    ]
    (read,) = definitions_in(build(a_definition(useContext=old)))
    assert (read.services, read.use_cases) == (("2000099999",), ("a5t1",))


def test_a_search_result_gives_them_all_but_those_of_foreign_events() -> None:
    foreign = a_definition(eventCoding={"code": "mock-event"})
    other = a_definition(url="https://mock.example/MessageDefinition/own")
    read = definitions_in(build(searchset(a_definition(), foreign, other)))
    assert [one.name for one in read] == [REFERRAL.rpartition("/")[2], "own"]


@pytest.mark.parametrize("resource", [searchset(), {"resourceType": "Patient"}, a_definition(eventCoding=None)])
def test_a_file_without_any_is_refused(resource: JsonObject) -> None:
    with pytest.raises(InputError, match=r"mock\.json is not a FHIR resource: it holds no MessageDefinition"):
        definitions_in(build(resource), what="mock.json")


def test_the_fitting_one_has_the_url_then_use_case_service_and_version() -> None:
    facts = compose("referral-new", a_setting(), now=NOW, ids=counting()).facts
    (right,) = definitions_in(build(a_definition()))
    booking = definitions()["bars-message-booking-request"]
    others = (
        booking,
        replace(right, own_url="https://mock.example/MessageDefinition/other"),
        replace(right, use_cases=("a2t1",)),
        replace(right, services=("1",)),
        replace(right, version="1.0.8"),
    )
    assert fitting((*others, right), facts) is right
    assert fitting((), facts) is None
    assert fitting((booking, others[1]), facts) is others[1]
    assert fitting((booking,), facts) is booking


def test_every_published_definition_is_read(shared: Path) -> None:
    names = set()
    for path in sorted((shared / "data" / "bars-definitions").rglob("*essageDefinition*.*")):
        if path.suffix not in (".json", ".xml") or "StructureDefinition" in path.parts:
            continue
        (read,) = definitions_in(parse(path.read_bytes()))
        names.add(read.name)
        assert read.is_template, path.name
        assert read.use_cases
        assert read.applications
        assert {row.type for row in read.rows} >= {"MessageHeader", "Patient", "Organization"}
    assert names == set(definitions())


def test_what_the_interface_shows_as_an_answer_is_read(shared: Path) -> None:
    (path,) = (shared / "data" / "examples" / "api-spec-1.4.0").glob("message_definition__*.json")
    (read,) = definitions_in(parse(path.read_bytes()))
    assert read.event is Event.SERVICEREQUEST_REQUEST
    assert read.use_cases == ("referraltopharmacy",)
