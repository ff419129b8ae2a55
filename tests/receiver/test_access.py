"""Who may call, by organisation; what a caller leaves behind; the page of `pages` is named in every refusal."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from tests.receiver.builders import RULES, Mock, a_message, get, issue, post
from workbench.headers import base64_json
from workbench.receiver import Kind
from workbench.receiver.access import Caller, caller, only
from workbench.receiver.pages import PAGES, cited

ODS = "https://fhir.nhs.uk/Id/ods-organization-code"


def header(*identifiers: tuple[str, str]) -> str:
    rows = [{"system": system, "value": value} for system, value in identifiers]
    return base64_json.encode({"resourceType": "Organization", "identifier": [*rows]})


@pytest.mark.parametrize(
    ("value", "organisation"),
    [
        (header((ODS, "ZZM01")), "ZZM01"),
        (header(("https://other.example", "X"), (ODS, "ZZM01")), "ZZM01"),
        (header(("https://other.example", "X")), "X"),
        (header(), ""),
        ("not base64", ""),
    ],
)
def test_the_caller_is_the_organisation_by_its_ods_code(value: str, organisation: str) -> None:
    request = get("/Slot", NHSD_End_User_Organisation=value)
    assert caller(request) == Caller(organisation, request.header("X-Correlation-Id") or "")


ALLOWED = replace(RULES, access=only(frozenset({"zzm01"})))
CALLS = [
    (get("/metadata"), None),
    (get("/MessageDefinition?context=x"), None),
    (get("/metadata", NHSD_End_User_Organisation=header((ODS, "ZZX99"))), "ZZX99 may not call here"),
    (get("/Slot"), "is missing"),
    (get("/Appointment/1", NHSD_End_User_Organisation="?"), "names no organisation"),
    (get("/Appointment/1", NHSD_End_User_Organisation=header((ODS, "ZZX99"))), "ZZX99 may not call here"),
    (get("/Appointment/1", NHSD_End_User_Organisation=header((ODS, "ZZM01"))), None),
    (post(a_message().source), None),
]


@pytest.mark.parametrize(("request_", "why"), CALLS)
def test_others_than_those_on_the_list_are_answered_401_before_anything_else(request_, why) -> None:  # noqa: ANN001
    response = asyncio.run(Mock(ALLOWED).router(request_))
    if why is None:
        assert response.status != 401
        return
    assert issue(response) == (401, "REC_UNAUTHORIZED", "security")
    assert why in json.loads(response.body)["issue"][0]["diagnostics"]
    assert response.header("X-Request-Id") == request_.header("X-Request-Id")


def test_without_a_list_everybody_may_call() -> None:
    assert only(frozenset())(get("/Slot")) is None


def test_what_is_taken_keeps_the_organisation_that_brought_it_also_after_others_update_it() -> None:
    mock = Mock()
    assert mock.post(a_message().source).status == 200
    kinds = {item.kind for kind in Kind for item in mock.state.of(kind)}
    assert kinds == {Kind.REFERRAL, Kind.ENCOUNTER, Kind.RECEIVED}
    assert {item.organisation for kind in Kind for item in mock.state.of(kind)} == {"ZZM01"}


REFUSED = {
    "R1": (post(b"{}", request_id="1"), "Core, Transactional integrity"),
    "R0": (post(b"{}"), "Core, Error handling, Bundle processing"),
    "parameters": (get("/Slot"), "Core, Error handling, Failure scenarios"),
    "version": (get("/metadata", Accept="application/fhir+json; version=2.0.0"), "Analysis, Content negotiation"),
}


@pytest.mark.parametrize("rule", REFUSED)
def test_a_refusal_names_its_rule_and_its_page(rule: str) -> None:
    request, page = REFUSED[rule]
    mock = Mock()
    said = json.loads(asyncio.run(mock.router(request)).body)["issue"][0]["diagnostics"]
    assert said.endswith(f" Rule {rule}; see {page}.")
    assert mock.calls[-1].answered_by == rule


def test_a_page_is_one_of_the_table_or_the_one_given() -> None:
    assert cited("R4") == f" Rule R4; see {PAGES['R4']}."
    assert cited("own rule", "Core, A page") == " Rule own rule; see Core, A page."
    assert cited("harness-404") == ""


def test_every_answer_has_the_ids_and_the_default_headers_and_nothing_more() -> None:
    requests = [
        *(request for request, _ in REFUSED.values()),
        *(request for request, _ in CALLS),
        get("/nothing"),
        replace(get("/Slot"), method="TRACE"),
    ]
    for request in requests:
        response = asyncio.run(Mock().router(request))
        names = sorted(name for name, _ in response.headers)
        usual = ["Cache-Control", "Content-Type", "X-Content-Type-Options", "X-Correlation-Id", "X-Request-Id"]
        assert names == (["Allow", *usual] if response.status == 405 else usual), request.url
        for name in ("X-Request-Id", "X-Correlation-Id"):
            assert response.header(name) == request.header(name)
