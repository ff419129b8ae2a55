"""Asynchronous replies: which, to whom, with which ids and headers; also partner, log, tasks and sandbox."""

# ruff: noqa: ANN001 - tests take table rows

from __future__ import annotations

import asyncio
import base64
import json

import pytest

from tests.receiver.builders import DOS
from tests.sandbox.builders import OUTSIDE, SENDER, Box, a_call, a_message
from workbench.exchange import Response
from workbench.messages import parse
from workbench.messages.identity import is_uuid
from workbench.receiver import Kind
from workbench.sandbox import ReplyDelays, partner_specs

ED, CAS = "2000011147", "2000003366"


@pytest.mark.parametrize(
    ("service", "template", "use_case", "number", "definitions", "reasons"),
    [
        (CAS, "validation-new", "a4t1", "9990000417", ["validation-interim", "validation-full"], ["new", "update"]),
        (CAS, "validation-new", "a4t1", "9658499147", ["validation-full"], ["new"]),
        (CAS, "validation-new", "a4t1", "9658499155", ["validation-interim"], ["new"]),
        (ED, "referral-full", "a1t1", "9990000417", ["referral"], ["new"]),
        (ED, "referral-new", "a1t1", "9658499163", ["referral"], ["new"]),
        (ED, "referral-new", "a1t1", "9990000417", [], []),
    ],
)
def test_the_replies_a_message_starts(service, template, use_case, number, definitions, reasons) -> None:
    box = Box()
    original = a_message(box, service, template, use_case, number)
    call = a_call(service, body=original.source)
    response = box.call(call)
    assert response.status == 200, response.body
    sent = [parse(request.body) for request in box.outside.requests]
    assert [m.facts.definition.rsplit("response-")[-1] for m in sent] == definitions
    assert [m.facts.reason for m in sent] == reasons
    for request, message in zip(box.outside.requests, sent, strict=True):
        assert request.url == f"{OUTSIDE}/$process-message"
        assert request.header("X-Correlation-Id") == call.header("X-Correlation-Id")
        assert is_uuid(request.header("X-Request-Id"))
        assert request.header("X-Request-Id") != call.header("X-Request-Id")
        target = json.loads(base64.b64decode(request.header("NHSD-Target-Identifier")))
        assert target == {"system": DOS, "value": SENDER.service_id}
        organisation = json.loads(base64.b64decode(request.header("NHSD-End-User-Organisation")))
        assert organisation["name"].startswith("Northgate")
        assert request.header("use-context").split("|")[2:] == ["servicerequest-response", message.facts.reason]
        assert request.header("Authorization") is None
        assert message.facts.response_to == original.facts.bundle_id
        assert message.facts.bundle_id != original.facts.bundle_id
        assert message.facts.source_endpoint == original.facts.destination_endpoint
        assert message.facts.destination_endpoint == original.facts.source_endpoint
        assert message.facts.journey_id == original.facts.journey_id
    ids = [request.header("X-Request-Id") for request in box.outside.requests]
    assert len(set(ids)) == len(ids)


def test_a_full_reply_is_new_when_the_interim_one_was_not_taken() -> None:
    box = Box()
    box.outside.outcome = Response(500)
    box.call(a_call(CAS, body=a_message(box, CAS, "validation-new", "a4t1").source))
    assert [parse(r.body).facts.reason for r in box.outside.requests] == ["new", "new"]


def test_a_reply_without_a_route_is_a_failure_in_the_own_log() -> None:
    box = Box()
    box.sandbox.unroute(DOS, SENDER.service_id)
    box.call(a_call(body=a_message(box, ED, "referral-full").source))
    assert box.outside.requests == []
    row = box.sandbox.log.rows()[-1]
    assert (row.outgoing, row.failure.code) == (True, "net.no-address")


def test_a_no_show_names_the_linked_booking() -> None:
    box = Box()
    booked = parse(box.call(a_call(body=a_message(box, ED, "booking-new").source)).body)
    from workbench.messages import Edit, EditOp, apply, build

    referral = a_message(box, ED, "referral-full")
    index = next(e for e in referral.entries() if e.type == "ServiceRequest")
    link = Edit(EditOp.SET, f"{index.path}.supportingInfo[0].reference", f"Appointment/{booked.facts.focus_id}")
    box.call(a_call(body=build(apply(referral.resource, [link])).source))
    came = parse(box.outside.requests[-1].body)
    appointment = next(e.resource for e in came.entries() if e.type == "Appointment")
    assert appointment["status"] == "noshow"
    assert appointment["id"] == booked.facts.focus_id


def test_delays_are_settings_and_nothing_waits_in_a_test() -> None:
    later = []
    box = Box(after=lambda delay, work, name: later.append((delay, work, name)), delays=ReplyDelays({}, 7.5))
    box.call(a_call(CAS, body=a_message(box, CAS, "validation-new", "a4t1").source))
    assert [delay for delay, _, _ in later] == [7.5]
    assert box.outside.requests == []
    asyncio.run(later[0][1]())
    assert len(box.outside.requests) == 1
    assert [delay for delay, _, _ in later] == [7.5, 7.5]
    assert "validation-full" in later[1][2]


def test_closing_drops_what_was_not_sent() -> None:
    box = Box(delays=ReplyDelays({}, 3600.0))

    async def play() -> int:
        await box.sandbox(a_call(CAS, body=a_message(box, CAS, "validation-new", "a4t1").source))
        await box.sandbox.close()
        await box.sandbox.settle()
        return len(box.outside.requests)

    assert asyncio.run(play()) == 0


def test_the_log_tells_which_rule_answered() -> None:
    box = Box()
    told = []
    box.sandbox.log.listeners.append(told.append)

    async def serve(request) -> None:
        id = await box.sandbox.log.received(request)
        response = await box.sandbox(request)
        await box.sandbox.log.answering(id, response)
        await box.sandbox.log.delivered(id, None)

    for request in (
        a_call(body=a_message(box, ED).source),
        a_call(body=b"{"),
        a_call(NHSD_Target_Identifier=None),
        a_call(method="GET", path="/Slot"),
    ):
        asyncio.run(serve(request))
    assert [row.answered_by for row in told] == ["referral-new", "R0", "P9", "parameters"]
    assert [row.response.status for row in told] == [200, 400, 400, 400]


def test_the_log_keeps_the_newest_five_hundred() -> None:
    box = Box()

    async def fill() -> list[str]:
        return [await box.sandbox.log.received(a_call()) for _ in range(505)]

    ids = asyncio.run(fill())
    assert [row.id for row in box.sandbox.log.rows()] == ids[5:]


def test_state_survives_a_snapshot_and_a_reset_forgets_it() -> None:
    box = Box()
    call = a_call(body=a_message(box, ED).source)
    assert box.call(call).status == 200
    again = Box()
    again.sandbox.restore(json.loads(json.dumps(box.sandbox.snapshot())))
    assert again.call(call).status == 409
    partner = again.sandbox.partners["northgate-ed"]
    assert partner.state.count(Kind.REFERRAL) == 1
    again.sandbox.reset()
    assert partner.state.count(Kind.REFERRAL) == 0
    assert again.call(call).status == 200


def test_the_registered_keys_can_be_fetched() -> None:
    from workbench.exchange import Request

    response = Box().call(Request("GET", "http://127.0.0.1:1/oauth2/jwks"))
    assert [key["kid"] for key in json.loads(response.body)["keys"]] == ["test-1"]


def test_every_service_is_served_once_and_every_reply_can_be_composed() -> None:
    from workbench.compose import template

    services = [service.value for spec in partner_specs() for service in spec.services]
    assert len(set(services)) == len(services)
    kinds = {kind for spec in partner_specs() for plan in spec.replies for kind in plan.kinds}
    assert {template(kind).kind.direction for kind in kinds} == {"response"}
