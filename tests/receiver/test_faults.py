"""Faults on purpose: which calls they meet, and what becomes of an answer."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from tests.receiver.builders import get, new_id
from workbench.exchange import Drop, Request, Response
from workbench.receiver import Fault, Faults, FaultSetting, Outcomes
from workbench.receiver.faults import AMOUNTS, REPLY_FAULTS, WORDS, spoilt

ANSWER = Response(
    200, "OK", (("Content-Type", "application/fhir+json"), ("X-Request-Id", "A")), b'{"resourceType": "Slot"}'
)
OUTCOMES = Outcomes("ZZM02", new_id)


def answered(faults: Faults, request: Request | None = None) -> Response:
    seen: list[Request] = []

    async def handler(request: Request) -> Response:
        seen.append(request)
        return replace(ANSWER, reason=f"{len(seen)} handled")

    return asyncio.run(faults.answer(handler, OUTCOMES.refuse, request or get("/metadata")))


def faulty(fault: Fault, **setting: int) -> Faults:
    faults = Faults(new_id)
    faults.set(fault, FaultSetting(True, setting.get("every", 1), setting.get("amount", 0)))
    return faults


def test_nothing_is_wrong_at_first_and_after_all_is_turned_off() -> None:
    faults = faulty(Fault.MALFORMED)
    assert json.loads(answered(Faults(new_id)).body)
    with pytest.raises(ValueError, match=r"Expecting|Invalid"):
        json.loads(answered(faults).body)
    faults.reset()
    assert not any(setting.on for setting in faults.settings().values())
    assert answered(faults).body == ANSWER.body


def test_every_third_call_meets_it_and_the_log_is_told_which() -> None:
    faults = faulty(Fault.ERROR, every=3, amount=502)
    calls = [get("/metadata") for _ in range(7)]
    assert [answered(faults, call).status for call in calls] == [200, 200, 502, 200, 200, 502, 200]
    assert [faults.met_by(call) for call in calls] == ["", "", WORDS[Fault.ERROR]] * 2 + [""]


@pytest.mark.parametrize(
    ("fault", "drop", "handled"),
    [(Fault.UNREAD, Drop.UNREAD, False), (Fault.LOST, Drop.BEFORE, True), (Fault.CUT, Drop.WITHIN, True)],
)
def test_a_connection_ends_before_after_or_within_the_answer(fault: Fault, drop: Drop, handled: bool) -> None:
    response = answered(faulty(fault))
    assert response.delivery is not None
    assert response.delivery.drop is drop
    assert ("handled" in response.reason) is handled
    assert response.delivery.within == (len(ANSWER.body) // 2 if fault is Fault.CUT else 0)


def test_an_answer_waits_after_the_message_was_processed() -> None:
    handled = []

    async def play() -> None:
        async def handler(request: Request) -> Response:
            handled.append(request)
            return ANSWER

        async with asyncio.timeout(0.05):
            await faulty(Fault.WAIT, amount=60_000).answer(handler, OUTCOMES.refuse, get("/metadata"))

    with pytest.raises(TimeoutError):
        asyncio.run(play())
    assert len(handled) == 1


def test_ids_type_and_body_can_be_wrong() -> None:
    wrong = answered(faulty(Fault.WRONG_IDS))
    assert wrong.header("X-Request-Id") not in (None, "A")
    assert answered(faulty(Fault.WRONG_TYPE)).header("Content-Type") == "text/html"
    slow = answered(faulty(Fault.SLOW, amount=7))
    assert slow.delivery is not None
    assert slow.delivery.bytes_per_s == 7.0
    error = answered(faulty(Fault.ERROR, amount=503))
    assert (error.status, error.reason) == (503, "Service Unavailable"), "the message is not processed"


def test_numbers_out_of_bounds_are_the_nearest_that_are_allowed() -> None:
    faults = Faults(new_id)
    for fault, (_, least, most) in AMOUNTS.items():
        faults.set(fault, FaultSetting(True, 0, -5))
        assert faults.settings()[fault] == FaultSetting(True, 1, least)
        faults.set(fault, FaultSetting(True, 10**9, 10**9))
        assert faults.settings()[fault] == FaultSetting(True, 1000, most)


def test_faults_of_replies_leave_answers_alone() -> None:
    for fault in REPLY_FAULTS:
        assert answered(faulty(fault)).body == ANSWER.body
        assert spoilt(fault, get("/metadata"), ANSWER, new_id) == ANSWER
