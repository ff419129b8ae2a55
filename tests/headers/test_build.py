from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from workbench.errors import ErrorCode, InputError
from workbench.headers import (
    HeaderChoices,
    Organisation,
    PractitionerFacts,
    Software,
    TargetIdentifier,
    compose_headers,
    use_context,
    wire_value,
)
from workbench.headers.base64_json import encode
from workbench.headers.build import organisation_json, practitioner_json, software_json, target_json
from workbench.messages.json_text import load
from workbench.messages.values import MessageFacts
from workbench.standard import default_profile
from workbench.standard.operations import operations

if TYPE_CHECKING:
    from pathlib import Path

SERVICE = "https://fhir.nhs.uk/Id/dos-service-id"
TARGET = TargetIdentifier(SERVICE, "9990000918")
ORGANISATION = Organisation("Mock Call Centre", "ZZM01")
PERSON = PractitionerFacts("990000000001", "62247001", "General practitioner")
SOFTWARE = Software("Mock Workbench", "0.1.0", "https://mock.example/Id/device", "MOCK-1")
FACTS = MessageFacts(event="servicerequest-request", reason="new", use_case="a1t1", category="referral")
REQUEST_ID, CORRELATION_ID = "0badcafe-0000-4000-8000-000000000001", "0badcafe-0000-4000-8000-000000000002"


def composed(operation: str = "process-message", *, choices: HeaderChoices | None = None, **changes: object):
    facts = {
        "target": TARGET,
        "organisation": ORGANISATION,
        "practitioner": PERSON,
        "software": SOFTWARE,
        "request_id": REQUEST_ID,
        "correlation_id": CORRELATION_ID,
        "use_context": use_context(FACTS),
        "versions": default_profile(1),
        "content_type": "application/fhir+json",
        "choices": choices or HeaderChoices(),
    }
    return compose_headers(operations()[operation], **{**facts, **changes})


def test_a_message_carries_everything_in_order_and_spelling() -> None:
    assert composed() == (
        ("NHSD-Target-Identifier", encode(target_json(TARGET))),
        ("NHSD-End-User-Organisation", encode(organisation_json(ORGANISATION))),
        ("NHSD-Requesting-Practitioner", encode(practitioner_json(PERSON))),
        ("NHSD-Requesting-Software", encode(software_json(SOFTWARE))),
        ("X-Request-Id", REQUEST_ID),
        ("X-Correlation-Id", CORRELATION_ID),
        ("use-context", "a1t1|referral|servicerequest-request|new"),
        ("Accept", "application/fhir+json; version=1.0.0"),
        ("Content-Type", "application/fhir+json"),
    )


def test_a_read_has_no_body_headers_and_a_target_may_be_left_out_of_metadata() -> None:
    names = [name for name, _ in composed("slot-search", content_type=None, practitioner=None)]
    assert "use-context" not in names
    assert "Content-Type" not in names
    assert "NHSD-Requesting-Practitioner" not in names
    assert "NHSD-Target-Identifier" not in dict(composed("metadata", target=None))


def test_choices_leave_out_replace_and_add() -> None:
    choices = HeaderChoices((("accept", "text/plain"), ("X-Mock", "1")), frozenset({"x-request-id"}))
    found = composed(choices=choices)
    assert ("accept", "text/plain") in found
    assert found[-1] == ("X-Mock", "1")
    assert "X-Request-Id" not in dict(found)
    assert "Accept" not in dict(found)


def test_use_context_of_a_booking_names_the_status() -> None:
    booking = MessageFacts(
        event="booking-request", reason="new", use_case="a1t1", category="booked", focus_status="booked"
    )
    assert use_context(booking) == "a1t1|booked|booking-request|new"
    assert use_context(booking._replace(use_case=None)) is None


def worked_examples(text: str) -> list[tuple[str, str]]:
    section = text[text.index("### 5.1 Header values") : text.index("### 5.2")]
    return re.findall(r"^(\{.+\})\n([A-Za-z0-9+/=]{20,})$", section, re.M)


def test_the_worked_examples_of_the_reference_come_out_byte_for_byte(shared: Path) -> None:
    pairs = worked_examples((shared / "bars" / "api.md").read_text(encoding="utf-8"))
    assert len(pairs) == 5
    for plain, wanted in pairs:
        assert encode(load(plain)) == wanted
    values = [wanted for _, wanted in pairs]
    assert encode(target_json(TargetIdentifier(SERVICE, "2000072489"))) == values[0]
    assert encode(organisation_json(Organisation("Example Ambulance Trust", "A9999"))) == values[1]
    assert encode(practitioner_json(PractitionerFacts("100000000001", "62247001", "General practitioner"))) == values[3]
    made = Software("Example Workbench", "1.0.0", "https://supplier.example/Id/device-identifier", "WORKBENCH-1")
    assert encode(software_json(made)) == values[4]


@pytest.mark.parametrize("operation", ["token", "unknown"])
def test_other_calls_carry_only_what_a_person_adds(operation: str) -> None:
    assert composed(operation, choices=HeaderChoices((("X-Mock", "1"),))) == (("X-Mock", "1"),)


def test_choices_know_names_without_case_and_the_last_one_counts() -> None:
    choices = HeaderChoices().with_value("x-request-id", "first").with_value("X-Request-Id", "second")
    assert choices.overrides == (("X-Request-Id", "second"),)
    assert dict(composed(choices=choices))["X-Request-Id"] == "second"
    gone = choices.without("X-REQUEST-ID")
    assert (gone.overrides, gone.absent) == ((), frozenset({"X-REQUEST-ID"}))
    assert "X-Request-Id" not in dict(composed(choices=gone))
    assert gone.as_composed("x-request-id") == HeaderChoices()
    assert gone.with_value("X-Request-Id", "third").absent == frozenset()


IMPOSSIBLE = {
    "B53 beyond ASCII": ("X-Own", "Müller", "ASCII"),
    "B54 a line break": ("X-Own", "one\r\nHost: other", "line break"),
    "B57 no name": ("", "x", "empty"),
    "B57 a blank in the name": ("A B", "x", "blank"),
    "B58 Host": ("Host", "mock.example", "made when"),
    "B58 Content-Length": ("Content-Length", "1", "made when"),
    "B58 Transfer-Encoding": ("transfer-encoding", "chunked", "made when"),
    "B58 Connection": ("Connection", "close", "made when"),
    "a token": ("authorization", "Bearer x", "made when"),
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_what_no_header_can_carry_is_refused(case: str) -> None:
    name, value, word = IMPOSSIBLE[case]
    with pytest.raises(InputError) as raised:
        HeaderChoices().with_value(name, value)
    assert raised.value.code is ErrorCode.INPUT_HEADER
    assert word in raised.value.sentence


def test_what_is_made_when_sent_cannot_be_left_out() -> None:
    with pytest.raises(InputError):
        HeaderChoices().without("Host")


def test_json_is_encoded_where_it_belongs_and_nothing_else_is() -> None:
    name = "NHSD-End-User-Organisation"
    assert wire_value(name, '{\n  "resourceType": "Organization"\n}') == encode({"resourceType": "Organization"})
    assert wire_value(name, "not JSON") == "not JSON"
    assert wire_value(name, "[1]") == "[1]"
    assert wire_value("X-Own", '{"a": 1}') == '{"a": 1}'
