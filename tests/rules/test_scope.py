from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.builders import called, composed, replied
from workbench.exchange import Request
from workbench.messages import build
from workbench.rules import Side, Submission
from workbench.rules.scope import messages, operation_of, orders, posted, responses, with_header
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
        ("DELETE", "https://mock.example/FHIR/R4/Appointment/1", "unknown"),
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
