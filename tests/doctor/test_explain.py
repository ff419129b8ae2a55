"""Errors explained: every code of the standard, the two meanings of 409, what BaRS writes in the receiver's name."""

from __future__ import annotations

import json

import pytest

from workbench.doctor.explain import Explanation, Retry, explain
from workbench.exchange import Response
from workbench.standard.outcomes import bare_statuses, outcome_cases, outcome_codes
from workbench.standard.urls import HTTP_ERROR_CODES


def told(
    status: int, code: str = "", issue: str = "processing", said: str = "mock words", more: int = 0
) -> Explanation:
    coding = [{"system": HTTP_ERROR_CODES, "code": code}] if code else []
    row = {
        "severity": "error",
        "code": issue,
        "details": {"coding": coding},
        "diagnostics": said,
        "expression": ["A.b"],
    }
    body = json.dumps({"resourceType": "OperationOutcome", "issue": [row] * (1 + more)}).encode()
    found = explain(Response(status, "", (("Content-Type", "application/fhir+json"),), body))
    assert found is not None
    return found


ALL = [(row, issue) for row in outcome_codes().values() for issue in row.issue_codes]
OWNERS = {"SEND_": "The sender", "REC_": "The receiver", "PROXY": "BaRS itself"}
REWRITTEN = {"REC_FORBIDDEN", "REC_SERVICE_UNAVAILABLE", "REC_UNAVAILABLE"}
"""Codes whose statuses BaRS always writes itself."""


@pytest.mark.parametrize(("code", "issue"), [(row.code, issue) for row, issue in ALL])
def test_every_code_says_what_it_means_whose_it_is_and_what_to_do(code: str, issue: str) -> None:
    row = outcome_codes()[code]
    found = told(row.status, code, issue)
    assert (found.code, found.issue, found.said) == (code, issue, "mock words (A.b)")
    assert found.title
    assert found.meaning.endswith(".")
    assert found.next_step.endswith(".")
    assert found.retry_words
    by_bars = code in REWRITTEN or (code, issue) == ("REC_SERVER_ERROR", "no-store")
    assert found.rewritten is by_bars
    owner = (
        "BaRS wrote this in the receiver's name"
        if by_bars
        else OWNERS[code[:5].partition("_")[0] + "_" * (code[0] != "P")]
    )
    assert found.whose.startswith(owner)


@pytest.mark.parametrize(("code", "issue"), [(row.code, issue) for row, issue in ALL])
def test_a_retry_is_right_where_the_guide_says_so(code: str, issue: str) -> None:
    row, case = outcome_codes()[code], outcome_cases().get((code, issue))
    found = told(row.status, code, issue)
    if code in ("SEND_UNAUTHORIZED", "SEND_FORBIDDEN"):
        assert found.retry is Retry.AFTER_FIX
    elif (code, issue) == ("REC_CONFLICT", "duplicate"):
        assert found.retry is Retry.NOT_NEEDED
    else:
        assert found.retry is (Retry.YES if (case or row).retry else Retry.NO)


def test_the_retry_list_of_the_guide_is_whole() -> None:
    again = {code for code, row in outcome_codes().items() if row.retry}
    assert again == {
        "REC_TIMEOUT",
        "REC_TOO_EARLY",
        "REC_TOO_MANY_REQUESTS",
        "REC_UNAVAILABLE",
        "REC_SERVICE_UNAVAILABLE",
        "PROXY_TIMEOUT",
        "PROXY_TOO_MANY_REQUESTS",
        "PROXY_UNAVAILABLE",
        "PROXY_SERVICE_UNAVAILABLE",
        "SEND_TOO_MANY_REQUESTS",
    }


def test_the_two_meanings_of_409_are_kept_apart() -> None:
    twice, changed = told(409, "REC_CONFLICT", "duplicate"), told(409, "REC_CONFLICT", "conflict")
    assert (twice.delivered, twice.retry, twice.title) == (True, Retry.NOT_NEEDED, "Delivered before")
    assert (changed.delivered, changed.retry) == (False, Retry.NO)
    assert "changed" in changed.title
    catalogue = told(409, "BAD_REQUEST", "duplicate")
    assert (catalogue.delivered, "catalogue" in catalogue.meaning) == (False, True)
    early = told(425, "REC_TOO_EARLY", "duplicate")
    assert (early.delivered, early.retry) == (False, Retry.YES)


@pytest.mark.parametrize(
    ("code", "same"),
    [
        ("TIMEOUT", "PROXY_TIMEOUT"),
        ("NOT_FOUND", "PROXY_NOT_FOUND"),
        ("SERVER_ERROR", "PROXY_SERVER_ERROR"),
        ("SERVICE_UNAVAILABLE", "PROXY_SERVICE_UNAVAILABLE"),
        ("REC_NOT_SUPPORTED", "REC_NOT_ACCEPTABLE"),
    ],
)
def test_codes_without_prefix_and_those_of_the_pseudo_code_mean_the_same(code: str, same: str) -> None:
    row = outcome_codes()[same]
    assert told(row.status, code).meaning.lower() == f"{row.meaning}.".lower()


def test_a_cost_with_a_blank_is_understood() -> None:
    assert told(422, "REC_UNPROCESSABLE_ENTITY", "too costly").title == "Too much is asked for"
    assert told(500, "REC_SERVER_ERROR", "too costly").title == "Too much is asked for", "as older releases say it"


def test_a_code_that_nobody_published_is_named_as_such() -> None:
    found = told(400, "MOCK_CODE")
    assert (found.meaning, found.retry) == ("'MOCK_CODE' is no error code of the standard.", Retry.NO)
    assert "carries no error code" in told(400).meaning


def test_further_issues_are_listed() -> None:
    assert (
        told(422, "REC_UNPROCESSABLE_ENTITY", more=3).others
        == (("REC_UNPROCESSABLE_ENTITY processing", "mock words (A.b)"),) * 3
    )


@pytest.mark.parametrize("status", sorted(bare_statuses()))
def test_a_status_without_an_outcome_is_a_failure_of_the_communication(status: int) -> None:
    found = explain(Response(status, "", (), b"<html>mock</html>"))
    assert found is not None
    assert (found.code, "no OperationOutcome" in found.meaning) == ("", True)
    others = {401: Retry.AFTER_FIX, 403: Retry.AFTER_FIX, 407: Retry.AFTER_FIX, 413: Retry.NO}
    assert found.retry is others.get(status, Retry.YES)
    assert found.next_step.startswith("Retry with the same ids") is (found.retry is Retry.YES)
    assert found.said == "<html>mock</html>"


def test_a_redirect_is_told_and_not_followed() -> None:
    found = explain(Response(302, "", (("Location", "https://portal.example/login"),), b""))
    assert found is not None
    assert "https://portal.example/login" in found.meaning
    assert found.retry is Retry.NO


def test_a_success_needs_no_explanation() -> None:
    assert explain(Response(200, "", (), b"{}")) is None
