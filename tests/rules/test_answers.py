from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.builders import at, called, changed, composed, drop, findings, headers_for, put, verdict
from workbench.exchange import Request, Response
from workbench.rules import Side, answer_to, judge_bytes, likely_answer

if TYPE_CHECKING:
    from workbench.messages import Edit

MESSAGE = composed()
CASE = f"{at(MESSAGE, 'ServiceRequest')}.category[0].coding[1].code"


def answer(*edits: Edit, absent: tuple[str, ...] = ()):
    message = changed(MESSAGE, *edits)
    return likely_answer(verdict(message, request=called(message, headers_for(MESSAGE, absent=absent))))


def test_what_is_not_an_error_is_accepted() -> None:
    assert answer() is None
    assert answer(put("Bundle.meta.versionId", "7.7.7")) is None
    reply = Response(200, "OK", (), b"")
    assert likely_answer(verdict(MESSAGE, request=called(MESSAGE), response=reply)) is None


def test_each_error_has_its_answer() -> None:
    assert answer(drop("Bundle.meta.versionId")) == (400, "REC_BAD_REQUEST", "invariant")
    assert answer(put(CASE, "a9t9")) == (422, "REC_UNPROCESSABLE_ENTITY", "not-supported")
    assert answer(absent=("X-Request-Id",)) == (400, "REC_BAD_REQUEST", "required")
    assert answer(absent=("NHSD-Target-Identifier",)) == (400, "PROXY_BAD_REQUEST", "400")


def test_the_first_refusal_counts() -> None:
    both = answer(put(CASE, "a9t9"), drop("Bundle.meta.versionId"), absent=("X-Request-Id", "NHSD-Target-Identifier"))
    assert both == (400, "PROXY_BAD_REQUEST", "400")
    assert answer(put(CASE, "a9t9"), absent=("X-Request-Id",)) == (400, "REC_BAD_REQUEST", "required")


def test_what_cannot_be_read_is_invalid() -> None:
    found = judge_bytes(b"{", versions=None, side=Side.RECEIVE, timer=lambda: 0.0)[1]
    assert likely_answer(found) == (400, "REC_BAD_REQUEST", "invalid")


def test_one_finding_has_its_answer_too() -> None:
    (found,) = findings(verdict(changed(MESSAGE, put("Bundle.meta.versionId", "7.7.7"))), "BUN-006")
    assert answer_to(found).status == 422


def test_a_call_that_reads_has_its_answer_too() -> None:
    def call(path: str, *headers: tuple[str, str]):
        request = Request("GET", f"https://mock.example/FHIR/R4{path}", headers)
        return likely_answer(verdict(None, Side.RECEIVE, request=request))

    assert call("/Slot") == (400, "REC_BAD_REQUEST", "required")
    assert call("/Appointment/1") == (400, "REC_BAD_REQUEST", "value")
    assert call("/Slot", ("NHSD-Target-Identifier", "e30")) == (400, "PROXY_BAD_REQUEST", "structure")
    posted = called(MESSAGE, headers_for(MESSAGE, ("Content-Type", "text/plain")))
    assert likely_answer(verdict(MESSAGE, request=posted)) == (415, "REC_BAD_REQUEST", "not-supported")
