"""Faults that a person asks for, as a client on the other end of a connection sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.sandbox.bench import CAS, ED, Bench
from workbench.receiver import Fault, FaultSetting, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.close()


def put(bench: Bench, fault: Fault, *, every: int = 1, amount: int = 0) -> None:
    bench.served.sandbox.faults.set(fault, FaultSetting(True, every, amount))


def referrals(bench: Bench) -> int:
    return sum(partner.state.count(Kind.REFERRAL) for partner in bench.served.sandbox.partners.values())


def last(bench: Bench) -> str:
    """The rule of the last call that came in, as the log of a CI run has it."""
    return str([one for one in bench.told if one["direction"] == "in"][-1]["answered_by"])


def test_a_lost_answer_was_processed_and_the_retry_is_a_duplicate(bench: Bench) -> None:
    put(bench, Fault.LOST, every=2)
    message = bench.message("referral-new", "a1t1", ED)
    same = {
        "X-Request-Id": "b9a1a3de-0001-4aaa-8bbb-000000000001",
        "X-Correlation-Id": "b9a1a3de-0001-4aaa-8bbb-000000000002",
    }
    assert bench.get("/metadata", ED).status_code == 200
    with pytest.raises(httpx.RemoteProtocolError):
        bench.post(message, ED, **same)
    assert referrals(bench) == 1
    again = bench.post(message, ED, **same)
    assert (again.status_code, again.json()["issue"][0]["code"]) == (409, "duplicate")
    assert any("dropped by fault" in str(one["answered_by"]) for one in bench.told)


def test_a_connection_that_ends_before_the_message_is_read_changes_nothing(bench: Bench) -> None:
    put(bench, Fault.UNREAD)
    message = bench.message("referral-new", "a1t1", ED)
    same = {
        "X-Request-Id": "b9a1a3de-0001-4aaa-8bbb-000000000003",
        "X-Correlation-Id": "b9a1a3de-0001-4aaa-8bbb-000000000004",
    }
    with pytest.raises(httpx.RemoteProtocolError):
        bench.post(message, ED, **same)
    assert referrals(bench) == 0
    bench.served.sandbox.faults.reset()
    assert bench.post(message, ED, **same).status_code == 200, "the same ids again are no duplicate"
    unread = next(one for one in bench.told if one["status"] is None)
    assert "dropped by fault" in str(unread["answered_by"])


def test_a_body_that_is_cut_short_is_seen_as_such(bench: Bench) -> None:
    put(bench, Fault.CUT)
    with pytest.raises(httpx.RemoteProtocolError):
        bench.send("referral-new", "a1t1", ED)
    assert referrals(bench) == 1


def test_a_slow_body_comes_whole(bench: Bench) -> None:
    put(bench, Fault.SLOW, amount=100_000)
    response = bench.send("referral-new", "a1t1", ED)
    assert response.json()["resourceType"] == "Bundle"
    assert "slow by fault" in last(bench)


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        (Fault.MALFORMED, lambda response: not _is_json(response)),
        (Fault.WRONG_TYPE, lambda response: response.headers["Content-Type"] == "text/html"),
        (
            Fault.WRONG_IDS,
            lambda response: response.headers["X-Request-Id"] != response.request.headers["X-Request-Id"],
        ),
        (Fault.ERROR, lambda response: response.status_code == 502),
    ],
)
def test_an_answer_is_wrong_in_the_way_that_was_asked_for(bench: Bench, fault: Fault, check) -> None:  # noqa: ANN001
    put(bench, fault, amount=502)
    assert check(bench.send("referral-new", "a1t1", ED))
    assert "by fault" in last(bench)


def _is_json(response: httpx.Response) -> bool:
    try:
        response.json()
    except ValueError:
        return False
    return True


def test_a_receiver_that_answers_too_late_is_answered_for_by_bars_and_has_the_message() -> None:
    from workbench.sandbox import ProxyLimits

    bench = Bench(limits=ProxyLimits(wait_s=0.2))
    try:
        put(bench, Fault.WAIT, amount=60_000)
        response = bench.send("referral-new", "a1t1", ED)
        issue = response.json()["issue"][0]
        assert (response.status_code, issue["code"]) == (408, "timeout")
        assert referrals(bench) == 1, "the sender's retry will be told that it is a duplicate"
    finally:
        bench.close()


@pytest.mark.parametrize(
    ("fault", "stems"),
    [
        (Fault.TWICE, ["interim", "interim", "full", "full"]),
        (Fault.ORDER, ["full", "interim"]),
        (Fault.NEVER, []),
    ],
)
def test_replies_come_twice_the_wrong_way_round_or_never(bench: Bench, fault: Fault, stems: list[str]) -> None:
    put(bench, fault)
    assert bench.send("validation-new", "a4t1", CAS).status_code == 200
    bench.on_loop(bench.served.sandbox.settle())
    found = bench.listener.wait(len(stems))
    assert [(one.facts.definition or "").rsplit("-", 1)[-1] for one in found] == stems
    if fault is Fault.TWICE:
        assert found[0].facts.bundle_id == found[1].facts.bundle_id
        sent = [one["request_id"] for one in bench.told if one["direction"] == "out"]
        assert sent[0] == sent[1], "the same message with the same ids"
