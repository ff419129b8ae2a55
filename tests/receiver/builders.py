"""A receiver to call: one clock, counting ids, the official examples' destination as its service."""

# ruff: noqa: ANN001 - tests take fixtures and table rows

from __future__ import annotations

import asyncio
import itertools
import json
from datetime import UTC, datetime

from workbench.compose import Links, Party, PatientFacts, Setting, compose
from workbench.exchange import Request
from workbench.headers import HeaderChoices, Organisation, Software, TargetIdentifier, compose_headers
from workbench.receiver import (
    BASE,
    AnswerBook,
    MemoryLedger,
    ReceiverRules,
    ReceiverState,
    ServiceOffer,
    answer_rules,
    endpoints,
)
from workbench.standard import default_profile
from workbench.standard.operations import operations

DOS = "https://fhir.nhs.uk/Id/dos-service-id"
NOW = datetime(2026, 7, 20, 8, 0, tzinfo=UTC)
SENDER = Party("Mock Call Centre", "ZZM01", "9990000917", "Mock Call Desk")
SERVICE = ServiceOffer(DOS, "9990000918", "Mock Emergency Department")
RECEIVER = Party("Mock Hospital", "ZZM02", "9990000918", "Mock Emergency Department")
RULES = ReceiverRules("Mock Hospital", "ZZM02", (SERVICE,), answers=AnswerBook(answer_rules()))
NUMBERS = itertools.count(1)


def new_id() -> str:
    return f"0badcafe-0000-4000-8000-{next(NUMBERS):012x}"


def access_headers() -> tuple[tuple[str, str], ...]:
    """What the standard wants on every routed call beside the ids."""
    return compose_headers(
        operations()["process-message"],
        target=TargetIdentifier(DOS, SERVICE.value),
        organisation=Organisation("Mock Call Centre", "ZZM01"),
        practitioner=None,
        software=Software("Mock", "1", "https://mock.example/Id/software", "MOCK-1"),
        request_id="",
        correlation_id="",
        use_context="a1t1|referral|servicerequest-request|new",
        versions=default_profile(),
        content_type="application/fhir+json",
        choices=HeaderChoices(),
    )


ACCESS = tuple(header for header in access_headers() if not header[0].startswith("X-"))


class Mock:
    """A receiver and what it told."""

    def __init__(self, rules: ReceiverRules = RULES) -> None:
        self.state = ReceiverState()
        self.ledger = MemoryLedger()
        self.calls: list = []
        self.accepted: list = []
        self.router = endpoints(
            self.state,
            self.ledger,
            rules,
            lambda: NOW,
            new_id,
            observer=self.calls.append,
            accepted=self.accepted.append,
        )

    def get(self, path: str, **headers: str):
        return asyncio.run(self.router(get(path, **headers)))

    def post(self, body: bytes, request_id: str | None = None, correlation_id: str | None = None):
        return asyncio.run(self.router(post(body, request_id, correlation_id)))


def get(path: str, **headers: str) -> Request:
    given = {"X-Request-Id": new_id(), "X-Correlation-Id": new_id()}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    kept = tuple((name, value) for name, value in given.items() if value)
    return Request("GET", f"http://127.0.0.1:1{BASE}{path}", kept)


def post(body: bytes, request_id: str | None = None, correlation_id: str | None = None) -> Request:
    ids = (("X-Request-Id", request_id or new_id()), ("X-Correlation-Id", correlation_id or new_id()), *ACCESS)
    url = f"http://127.0.0.1:1{BASE}/$process-message"
    return Request("POST", url, ids, body)


def a_message(template: str = "referral-new", use_case: str = "a1t1", links: Links = Links(), **patient: str):  # noqa: B008
    facts = {
        "id": "p",
        "family": "Quillfeather",
        "given": "Ash",
        "nhs_number": "9990000417",
        "birth_date": "1990-02-03",
        "phone": "01632 960400",
    }
    person = PatientFacts(**{**facts, "line": "7 Mock Lane", "postcode": "ZZ99 3VZ", **patient})
    setting = Setting(SENDER, RECEIVER, person, use_case, default_profile(int(use_case[1])))
    return compose(template, setting, now=NOW, ids=new_id, links=links)


def issue(response) -> tuple[int, str, str]:
    """Status, BaRS code and FHIR issue code of a refusal."""
    found = json.loads(response.body)
    assert found["resourceType"] == "OperationOutcome", found
    one = found["issue"][0]
    return response.status, one["details"]["coding"][0]["code"], one["code"]
