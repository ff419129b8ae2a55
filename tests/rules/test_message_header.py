from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.rules.builders import (
    acknowledged,
    add,
    at,
    cancelled,
    changed,
    composed,
    drop,
    findings,
    fixes_itself,
    judged,
    mended,
    put,
    replied,
    validation,
    verdict,
)
from workbench.rules import Side
from workbench.standard import default_profile
from workbench.standard.urls import CDSS_EXTENSION

if TYPE_CHECKING:
    from workbench.messages import Edit

REFERRAL, REPLY = composed(), replied()
H = "Bundle.entry[0].resource"
PATIENT_URL = REFERRAL.at(f"{at(REFERRAL, 'Patient').removesuffix('.resource')}.fullUrl")


@pytest.mark.parametrize(
    ("rule", "edits", "letters", "fixed"),
    [
        ("MSG-001", [put(f"{H}.eventCoding.system", "https://mock.example/events")], ("e", "e"), True),
        ("MSG-001", [put(f"{H}.eventCoding.code", "ServiceRequest-Request")], ("e", "e"), True),
        ("MSG-001", [put(f"{H}.eventCoding.code", "referral")], ("e", "e"), False),
        ("MSG-001", [drop(f"{H}.eventCoding")], ("e", "e"), False),
        ("MSG-002", [drop(f"{H}.destination")], ("e", "e"), False),
        ("MSG-002", [put(f"{H}.destination[1]", {"endpoint": "x"})], ("e", "w"), False),
        ("MSG-003", [drop(f"{H}.destination[0].receiver")], ("e", "e"), False),
        ("MSG-003", [put(f"{H}.destination[0].receiver.reference", PATIENT_URL)], ("e", "e"), False),
        ("MSG-004", [put(f"{H}.destination[0].endpoint", "http://fhir.nhs.uk/id/dos-service-id|1")], ("e", "e"), True),
        ("MSG-004", [put(f"{H}.destination[0].endpoint", "https://fhir.nhs.uk/id/dos-service-id|1")], ("e", "w"), True),
        ("MSG-004", [put(f"{H}.destination[0].endpoint", "9990000918")], ("e", "e"), True),
        ("MSG-004", [put(f"{H}.destination[0].endpoint", "https://fhir.nhs.uk/Id/dos-service-id|")], ("e", "e"), False),
        ("MSG-005", [drop(f"{H}.source.endpoint")], ("e", "e"), False),
        ("MSG-005", [put(f"{H}.source.endpoint", "https://mock.example|1")], ("e", "e"), False),
        ("MSG-005", [put(f"{H}.source.endpoint", "https://fhir.nhs.uk/id/dos-service-id|1")], ("e", "w"), True),
        ("MSG-005", [put(f"{H}.source.endpoint", "https://fhir.nhs.uk/id/dos-service-id|")], ("e", "e"), False),
        ("MSG-006", [drop(f"{H}.source.name")], ("e", "e"), False),
        ("MSG-007", [drop(f"{H}.source.version")], ("w", "w"), False),
        ("MSG-008", [drop(f"{H}.sender")], ("e", "e"), False),
        ("MSG-008", [put(f"{H}.sender.reference", PATIENT_URL)], ("e", "e"), False),
        ("MSG-009", [put(f"{H}.sender.identifier", {"assigner": {"display": "x"}})], ("e", "e"), False),
        ("MSG-010", [put(f"{H}.reason.coding[0].system", "https://mock.example/reasons")], ("e", "e"), True),
        ("MSG-010", [put(f"{H}.reason.coding[0].code", "NEW")], ("e", "e"), True),
        ("MSG-010", [drop(f"{H}.reason")], ("e", "e"), False),
        ("MSG-010", [add(f"{H}.reason.coding[0]", {"system": "https://mock.example", "code": "a"})], ("e", "e"), True),
        ("MSG-010", [add(f"{H}.reason.coding[1]", {"system": "https://mock.example", "code": "a"})], ("e", "e"), True),
        ("MSG-011", [drop(f"{H}.focus")], ("e", "e"), False),
        ("MSG-011", [put(f"{H}.focus[0].reference", PATIENT_URL)], ("e", "e"), True),
        ("MSG-011", [put(f"{H}.focus[0]", {"display": "the order"})], ("e", "e"), True),
        ("MSG-012", [drop(f"{H}.definition")], ("e", "e"), True),
        ("MSG-012", [put(f"{H}.definition", "https://fhir.nhs.uk/MessageDefinition/mock")], ("e", "e"), True),
        ("MSG-014", [put(f"{H}.response", {"identifier": "x", "code": "ok"})], ("e", "e"), True),
        ("MSG-017", [drop(f"{H}.extension")], ("w", "w"), False),
        ("MSG-018", [put(f"{H}.source.endpoint", REFERRAL.facts.destination_endpoint)], ("e", "w"), False),
    ],
)
def test_a_changed_header_is_found_out(rule: str, edits: list[Edit], letters: tuple[str, str], fixed: bool) -> None:
    message = changed(REFERRAL, *edits)
    assert judged(REFERRAL, rule) == ("-", "-")
    assert judged(message, rule) == letters
    if fixed:
        assert fixes_itself(message, rule)
    else:
        assert findings(verdict(message), rule)[0].fix is None


@pytest.mark.parametrize(
    ("rule", "edits", "letters", "fixed"),
    [
        ("MSG-014", [drop(f"{H}.response")], ("e", "e"), False),
        ("MSG-015", [drop(f"{H}.response.identifier")], ("e", "e"), False),
        ("MSG-015", [put(f"{H}.response.identifier", "case-1")], ("e", "e"), False),
        ("MSG-015", [put(f"{H}.response.identifier", f"urn:uuid:{REPLY.facts.response_to}")], ("w", "w"), True),
        ("MSG-016", [put(f"{H}.response.code", "fatal-error")], ("e", "e"), True),
    ],
)
def test_a_changed_reply_is_found_out(rule: str, edits: list[Edit], letters: tuple[str, str], fixed: bool) -> None:
    message = changed(REPLY, *edits)
    assert judged(REPLY, rule) == ("-", "-")
    assert judged(message, rule) == letters
    assert fixed == (findings(verdict(message), rule)[0].fix is not None)
    assert not fixed or fixes_itself(message, rule)


def test_a_reason_may_have_words_of_ones_own_beside_its_code() -> None:
    for place in (0, 1):
        message = changed(REFERRAL, add(f"{H}.reason.coding[{place}]", {"display": "First contact"}))
        assert judged(message, "MSG-010") == ("-", "-")


def test_a_definition_of_another_event_is_replaced_by_the_right_one() -> None:
    message = changed(REFERRAL, put(f"{H}.definition", validation().facts.definition))
    assert judged(message, "MSG-013") == ("-", "-")
    message = changed(REFERRAL, put(f"{H}.definition", REPLY.facts.definition))
    (found,) = findings(verdict(message), "MSG-013")
    assert mended(message, found).facts.definition == REFERRAL.facts.definition
    broken = changed(cancelled(), drop(f"{H}.definition"))
    assert mended(broken, findings(verdict(broken), "MSG-012")[0]).resource == cancelled().resource


def test_a_name_that_was_never_published_is_tolerated_from_others() -> None:
    url = "https://fhir.nhs.uk/MessageDefinition/bars-message-servicerequest-request-response-short"
    message = changed(REPLY, put(f"{H}.definition", url))
    assert judged(message, "MSG-012") == ("e", "w")
    fixed = mended(message, findings(verdict(message), "MSG-012")[0])
    assert (fixed.facts.definition or "").endswith("servicerequest-response-referral-short")


def test_only_a_broker_may_have_another_identifier() -> None:
    ers = put(f"{H}.destination[0].endpoint", "https://fhir.nhs.uk/Id/ers-dos-service-id|1")
    assert judged(changed(REFERRAL, ers), "MSG-004") == ("e", "e")
    broker = changed(REFERRAL, ers, put(f"{at(REFERRAL, 'ServiceRequest')}.category[0].coding[1].code", "a8t1"))
    assert judged(broker, "MSG-004") == ("-", "-")


def test_the_spelling_inside_the_extension_counts() -> None:
    wrong = [{"url": CDSS_EXTENSION, "extension": [{"url": "requesterCDSSSoftware", "valueString": "x"}]}]
    held = findings(verdict(changed(REFERRAL, put(f"{H}.extension", wrong))), "MSG-017")
    assert len(held) == 2
    six = replace(default_profile(6))
    noted = verdict(
        changed(REFERRAL, drop(f"{H}.extension"), drop(at(REFERRAL, "ServiceRequest") + ".category")), versions=six
    )
    assert [one.severity.value for one in findings(noted, "MSG-017")] == ["information"]


def test_a_reply_is_compared_with_what_it_answers() -> None:
    original = acknowledged("validation-new", "a4t1")
    assert not findings(verdict(REPLY, original=original), "MSG-015")
    assert not findings(verdict(REPLY, original=original), "MSG-019")
    facts = original.facts
    kept = changed(
        REPLY,
        put(f"{H}.source.endpoint", facts.source_endpoint),
        put(f"{H}.destination[0].endpoint", facts.destination_endpoint),
        put(f"{H}.response.identifier", "0badcafe-0000-4000-8000-0000000000ff"),
    )
    for side, letter in ((Side.COMPOSE, "error"), (Side.RECEIVE, "warning")):
        found = verdict(kept, side, original=original)
        assert [one.severity.value for one in findings(found, "MSG-019")] == [letter, letter]
        assert [one.severity.value for one in findings(found, "MSG-015")] == [letter]


def test_a_reply_swaps_the_organisations_too() -> None:
    original = acknowledged("validation-new", "a4t1")
    sender, receiver = f"{H}.sender.reference", f"{H}.destination[0].receiver.reference"
    kept = changed(REPLY, put(sender, REPLY.at(receiver)), put(receiver, REPLY.at(sender)))
    for side, letter in ((Side.COMPOSE, "error"), (Side.RECEIVE, "warning")):
        found = findings(verdict(kept, side, original=original), "MSG-019")
        assert {(one.path, one.severity.value) for one in found} == {(sender, letter), (receiver, letter)}
    assert not findings(verdict(kept), "MSG-019")


@pytest.mark.parametrize("event", ["booking-request", "servicerequest-response"])
def test_an_event_that_alone_is_odd_is_what_has_to_be_mended(event: str) -> None:
    message = composed()
    path = f"{at(message, 'MessageHeader')}.eventCoding.code"
    odd = changed(message, put(path, event))
    (found,) = findings(verdict(odd), "MSG-013")
    assert found.path == path
    assert findings(verdict(odd), "MSG-011") == []
    assert mended(odd, found).resource == message.resource
