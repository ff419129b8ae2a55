"""Exchanges without the people in them."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

from tests.masking.test_masker import MASKER, SEEDED, a_seeded_bundle
from workbench.evidence.masked import UNREADABLE, masked_body, masked_exchange
from workbench.exchange import Direction, Exchange, Request, Response, Timing
from workbench.headers import base64_json
from workbench.messages import Syntax, build, convert
from workbench.standard import default_profile

NUMBER = "9434765919"


def an_exchange(body: bytes, *, url: str = "https://x.example/a", answer: bytes = b"") -> Exchange:
    practitioner = {"resourceType": "Practitioner", "name": [{"family": "Zyxpractitioner"}]}
    access = base64.b64encode(json.dumps(practitioner).encode()).decode()
    request = Request("POST", url, (("NHSD-Requesting-Practitioner", access), ("Content-Length", "9")), body)
    return Exchange(
        "e1",
        1,
        Direction.OUT,
        "int",
        "process-message",
        default_profile(1),
        request,
        Timing(datetime(2026, 1, 1, tzinfo=UTC)),
        response=Response(400, body=answer),
    )


def everything(exchange: Exchange) -> str:
    """All that an exchange holds, with what is encoded in it decoded."""
    response = exchange.response
    assert response is not None
    decoded = [base64.b64decode(value).decode() for name, value in exchange.request.headers if name.startswith("NHSD-")]
    parts = [exchange.request.url, str(exchange.request.headers), *decoded]
    return " ".join([*parts, exchange.request.body.decode(), response.body.decode()]).lower()


def test_nothing_personal_is_left_in_body_header_address_or_answer() -> None:
    message = build(a_seeded_bundle())
    quoted = " ".join(SEEDED)
    issue = {"severity": "error", "code": "invalid", "diagnostics": f"Patient {NUMBER}: {quoted}"}
    answer = json.dumps({"resourceType": "OperationOutcome", "issue": [issue]}).encode()
    url = f"https://x.example/a?patient:identifier={quote('https://fhir.nhs.uk/Id/nhs-number|')}{NUMBER}&q=Zyx%66amily"
    for body in (message.source, convert(message, Syntax.XML).source):
        told = everything(masked_exchange(an_exchange(body, url=url, answer=answer), MASKER))
        assert [word for word in SEEDED if word.lower() in told] == []
        assert NUMBER not in told


def test_who_is_searched_for_is_nowhere_in_the_call_or_in_what_quotes_it() -> None:
    url = "https://x.example/Appointment?patient:name=Zyxgiven%20Zyxfamily&patient:birthdate=1959-05-04"
    issue = {"severity": "error", "code": "invalid", "diagnostics": "nobody is called Zyxgiven Zyxfamily"}
    answer = json.dumps({"resourceType": "OperationOutcome", "issue": [issue]}).encode()
    exchange = an_exchange(b"", url=url, answer=answer)
    assert exchange.response is not None
    exchange = replace(exchange, response=replace(exchange.response, remark="Zyxgiven Zyxfamily again"))
    masked = masked_exchange(exchange, MASKER)
    assert masked.response is not None
    told = everything(masked) + masked.response.remark.lower()
    assert [word for word in ("zyxgiven", "zyxfamily", "1959-05-04") if word in told] == []
    assert masked.response.remark.endswith(" again")
    assert masked.request.url.startswith("https://x.example/Appointment?patient:name=Z")


def test_the_answers_own_words_stay() -> None:
    issue = {"severity": "error", "code": "invalid", "diagnostics": "Zyxfamily is no name"}
    answer = json.dumps({"resourceType": "OperationOutcome", "issue": [issue]}).encode()
    masked = masked_exchange(an_exchange(build(a_seeded_bundle()).source, answer=answer), MASKER)
    assert masked.response is not None
    assert b"is no name" in masked.response.body
    assert b'"invalid"' in masked.response.body


def test_a_header_stays_a_resource_and_what_is_no_person_stays() -> None:
    target = base64_json.encode({"system": "https://fhir.nhs.uk/Id/dos-service-id", "value": "2000011147"})
    exchange = an_exchange(b"")
    exchange = replace(exchange, request=replace(exchange.request, headers=(("NHSD-Target-Identifier", target),)))
    masked = masked_exchange(exchange, MASKER)
    assert masked.request.headers == (("NHSD-Target-Identifier", target),)
    assert masked.request.url == "https://x.example/a"


def test_an_address_without_anything_personal_stays_as_it_is() -> None:
    url = "https://x.example/Slot?start=ge2026-01-01T10:00:00%2B00:00&_include=Slot:schedule"
    assert masked_exchange(an_exchange(b"", url=url), MASKER).request.url == url


def test_a_body_that_cannot_be_read_is_replaced_whole() -> None:
    masked = masked_exchange(an_exchange(b'{"name": "Zyxfamily"', answer=b"<html>Zyxfamily"), MASKER)
    assert masked.request.body == UNREADABLE
    assert masked.response is not None
    assert masked.response.body == UNREADABLE


def test_a_body_keeps_its_syntax() -> None:
    message = convert(build(a_seeded_bundle()), Syntax.XML)
    assert masked_body(message.source, MASKER).startswith(b"<?xml")
