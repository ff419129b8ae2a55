from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.builders import (
    acknowledged,
    add,
    at,
    booking,
    called,
    cancelled,
    changed,
    composed,
    drop,
    findings,
    headers_for,
    judged,
    put,
    replied,
    validation,
    verdict,
)
from workbench.exchange import Response
from workbench.messages import Layer, Severity
from workbench.rules import Side, rules

if TYPE_CHECKING:
    from workbench.messages import Message

REFERRAL = composed("referral-new")


def places(message: Message, rule: str) -> list[str]:
    held = findings(verdict(message, Side.RECEIVE), rule)
    assert all(one.layer is Layer.HARNESS for one in held)
    return [one.path for one in held]


def of_use_case(message: Message, code: str) -> Message:
    return changed(message, put(f"{at(message, 'ServiceRequest')}.category[0].coding[1].code", code))


def test_no_harness_rule_is_more_than_a_warning() -> None:
    own = [spec for spec in rules() if spec.layer is Layer.HARNESS]
    assert len(own) > 10
    assert all(spec.severity in (Severity.WARNING, Severity.INFORMATION) for spec in own)
    assert all("harness" in spec.title for spec in own if spec.id.startswith("TKW"))


@pytest.mark.parametrize(
    ("use_case", "value", "told"),
    [
        ("a1t1", "a1t1|referral|servicerequest-request|new", False),
        ("a1t10", "a1t10|referral|servicerequest-request|new", True),
        ("a1t10", "a1t1|referral|servicerequest-request|new", False),  # wrong: the rules on headers tell
        ("a1t1", "mock", False),
    ],
)
def test_a_right_use_context_may_be_one_the_harness_refuses(use_case: str, value: str, told: bool) -> None:
    message = of_use_case(REFERRAL, use_case)
    request = called(message, headers_for(message, ("use-context", value)))
    held = findings(verdict(message, request=request), "TKW-001")
    assert [(one.path, one.severity) for one in held] == [("headers['use-context']", Severity.INFORMATION)] * told


def test_use_context_of_a_booking_is_left_alone() -> None:
    request = called(booking(), headers_for(booking()))
    assert request.header("use-context") == "a1t1|booked|booking-request|new"
    assert not findings(verdict(booking(), request=request), "TKW-001")


def test_codings_without_display_are_counted_at_the_first() -> None:
    path = f"{at(REFERRAL, 'Consent')}.category[0].coding[0].display"
    bare = changed(REFERRAL, drop(path))
    assert judged(REFERRAL, "TKW-002") == ("-", "-")
    assert judged(bare, "TKW-002") == ("i", "i")
    assert places(bare, "TKW-002") == [path]
    event = f"{at(REFERRAL, 'MessageHeader')}.eventCoding.display"
    assert judged(changed(REFERRAL, drop(event)), "TKW-002") == ("-", "-")


def test_profiles_the_harness_does_not_list_are_told() -> None:
    path = f"{at(REFERRAL, 'HealthcareService')}.meta.profile"
    own = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-HealthcareService"
    both = changed(REFERRAL, put(path, ["http://hl7.org/fhir/StructureDefinition/HealthcareService", own]))
    assert places(REFERRAL, "TKW-003") == []
    assert places(both, "TKW-003") == [f"{path}[0]"]
    full = composed("referral-full")
    assert places(full, "TKW-003") == [f"{at(full, 'RelatedPerson')}.meta.profile[0]"]
    assert places(changed(REFERRAL, put(path, ["https://mock.example/own"])), "TKW-003") == []  # the definition tells
    assert places(replied("safeguarding-dna", "a1t1"), "TKW-003") == []


def test_use_cases_younger_than_the_harness_are_told() -> None:
    path = f"{at(REFERRAL, 'ServiceRequest')}.category[0].coding[1].code"
    for code in ("a1t9", "a1t10", "a2t4", "a3t1", "a5t1"):
        assert places(of_use_case(REFERRAL, code), "TKW-004") == [], code
    for code in ("a8t1", "a2t5"):
        assert places(of_use_case(REFERRAL, code), "TKW-004") == [path], code


def test_live_dispatch_calls_are_noted() -> None:
    plan, encounter = f"{at(REFERRAL, 'CarePlan')}.status", f"{at(REFERRAL, 'Encounter')}.status"
    live = changed(of_use_case(REFERRAL, "a6t2"), put(plan, "active"), put(encounter, "in-progress"))
    assert sorted(places(live, "TKW-005")) == sorted([plan, encounter])
    assert judged(live, "TKW-005") == ("i", "i")
    assert places(of_use_case(REFERRAL, "a6t2"), "TKW-005") == []
    assert places(changed(REFERRAL, put(plan, "active")), "TKW-005") == []  # a rule of the standard tells


def test_a_second_scene_safety_flag_is_told() -> None:
    flag = next(entry for entry in validation().entries() if entry.type == "Flag")
    again = {"fullUrl": "urn:uuid:0badcafe-0000-4000-8000-000000000099", "resource": flag.resource}
    number = len(validation().entries())
    twice = changed(validation(), add(f"Bundle.entry[{number}]", again))
    assert judged(validation(), "TKW-006") == ("-", "-")
    assert judged(twice, "TKW-006") == ("w", "w")
    assert places(twice, "TKW-006") == [f"Bundle.entry[{number}].resource"]
    bare = changed(validation(), drop(at(validation(), "Flag").removesuffix(".resource")))
    update = changed(bare, put(f"{at(bare, 'MessageHeader')}.reason.coding[0].code", "update"))
    assert places(bare, "TKW-006") == []  # in a new request a rule of the standard tells
    assert places(update, "TKW-006") == ["Bundle.entry"]
    assert places(replied("validation-interim"), "TKW-006") == []
    assert places(cancelled("validation-new", "a4t1"), "TKW-006") == []


@pytest.mark.parametrize(
    ("name", "value", "refused"),
    [
        ("UPRN", "999000000417", False),
        ("UPRN", "9990000004170", True),
        ("UPRN", "9990 417", True),
        ("eastings", "-4385.25", False),
        ("eastings", "4385 m", True),
        ("northings", "438,5", True),
        ("what3words", "filled.count.soap", False),
    ],
)
def test_places_are_written_as_the_harness_reads_them(name: str, value: str, refused: bool) -> None:
    path = f"{at(validation(), 'Location')}.extension[0].extension[0]"
    message = changed(validation(), put(f"{path}.url", name), put(f"{path}.valueString", value))
    assert places(message, "TKW-007") == [f"{path}.valueString"] * refused


def test_an_answer_is_not_checked_as_a_request() -> None:
    taken = acknowledged("referral-full")
    answer = Response(200, "OK", (("Content-Type", "application/fhir+json"),), taken.source)
    assert not findings(verdict(taken, response=answer), "TKW-003")
    assert findings(verdict(taken), "TKW-003")
