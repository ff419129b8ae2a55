from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.rules.builders import called, composed, replied
from workbench.exchange import Request, Response
from workbench.headers import read_header_lines
from workbench.messages import build
from workbench.rules import Side, Submission
from workbench.rules.scope import (
    answered_slot_searches,
    calls,
    known_calls,
    messages,
    operation_of,
    orders,
    posted,
    reading_calls,
    reads,
    responses,
    slot_searches,
    with_header,
)
from workbench.standard import default_profile

if TYPE_CHECKING:
    from workbench.messages import Message


def submission(message: Message | None = None, request: Request | None = None) -> Submission:
    return Submission(message, request, None, default_profile(), Side.RECEIVE)


@pytest.mark.parametrize(
    ("method", "url", "operation"),
    [
        ("POST", "https://mock.example/FHIR/R4/$process-message", "process-message"),
        ("post", "/$process-message", "process-message"),
        ("GET", "https://mock.example/FHIR/R4/metadata", "metadata"),
        ("GET", "https://mock.example/FHIR/R4/Slot?status=free", "slot-search"),
        ("GET", "https://mock.example/FHIR/R4/Appointment/1", "appointment-read"),
        ("GET", "https://mock.example/FHIR/R4/ServiceRequest", "service-request-search"),
        ("GET", "https://mock.example/FHIR/R4/$process-message", "unknown"),
        ("DELETE", "https://mock.example/FHIR/R4/Appointment/1", "appointment-delete"),
    ],
)
def test_a_call_is_known_by_method_and_path(method: str, url: str, operation: str) -> None:
    assert operation_of(submission(request=Request(method, url))).id == operation


def test_what_counts_as_a_message() -> None:
    assert messages(submission(composed()))
    assert with_header(submission(composed()))
    assert orders(submission(composed()))
    assert responses(submission(replied()))
    assert not messages(submission())
    assert not messages(submission(build({"resourceType": "Bundle", "type": "searchset"})))
    assert messages(submission(build({"resourceType": "Bundle"})))
    patient = build({"resourceType": "Patient"})
    assert not messages(submission(patient))
    assert posted(submission(patient, called(patient, (("Accept", "x"),))))


def test_which_calls_have_headers_and_parameters() -> None:
    bare = Request("GET", "https://mock.example/FHIR/R4/Slot")
    assert not calls(submission(request=bare))
    assert calls(submission(request=Request("GET", "/Slot", (("Accept", "x"),))))
    assert calls(replace(submission(request=bare), lines=read_header_lines("", what="headers.txt")))
    assert slot_searches(submission(request=bare))
    assert reading_calls(submission(request=bare))
    assert not reads(submission(request=bare))
    assert reads(submission(request=Request("GET", "/Appointment/1")))
    assert known_calls(submission(request=Request("POST", "/$process-message")))
    assert not reading_calls(submission(request=Request("POST", "/$process-message")))
    assert not known_calls(submission(request=Request("POST", "/token")))
    assert not answered_slot_searches(submission(request=bare))
    assert answered_slot_searches(replace(submission(request=bare), response=Response(200)))


@pytest.mark.parametrize("odd", [[], {}, True])
def test_a_bundle_with_an_odd_type_was_meant_to_be_a_message(odd: object) -> None:
    message = build({"resourceType": "Bundle", "type": odd, "entry": []})
    assert messages(Submission(message, None, None, default_profile(), Side.RECEIVE))
