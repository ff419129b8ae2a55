"""Calls within a span of time, and the limits of the platform that are made of them."""

from __future__ import annotations

import json

import pytest

from tests.receiver.builders import DOS
from tests.sandbox.builders import SENDER, Box, a_call
from workbench.errors import ErrorCode
from workbench.exchange import Failure, FailureKind, Response
from workbench.sandbox import ProxyLimits
from workbench.sandbox.rate import Rate


def test_a_rate_forgets_what_is_long_ago() -> None:
    box = Box()
    rate = Rate(lambda: box.now)
    assert [rate.allows("a", 60, 2) for _ in range(3)] == [True, True, False]
    assert rate.allows("b", 60, 2), "each by itself"
    box.pass_time(61)
    assert rate.allows("a", 60, 2)


def test_a_quota_is_answered_as_the_platform_does_and_ends(  # rule P1
) -> None:
    box = Box(limits=ProxyLimits(calls_a_minute=2))
    call = lambda: box.call(a_call(method="GET", path="/metadata"))  # noqa: E731
    assert [call().status for _ in range(3)] == [200, 200, 429]
    issue = json.loads(call().body)["issue"][0]
    assert (issue["code"], issue["details"]["coding"][0]["code"]) == ("429", "PROXY_TOO_MANY_REQUESTS")
    assert box.sandbox.log.rows()[-1].answered_by == "P1" if box.sandbox.log.rows() else True
    box.pass_time(61)
    assert call().status == 200


def test_a_spike_is_stopped_by_the_gateway_itself() -> None:
    box = Box(limits=ProxyLimits(calls_a_second=1))
    assert box.call(a_call(method="GET", path="/metadata")).status == 200
    response = box.call(a_call(method="GET", path="/metadata"))
    assert response.status == 429
    assert "fault" in json.loads(response.body), "no OperationOutcome (rule P2)"


@pytest.mark.parametrize(
    ("code", "kind", "status", "outcome"),
    [
        (ErrorCode.NET_REFUSED, FailureKind.NOT_SENT, 503, True),
        (ErrorCode.NET_TIMEOUT, FailureKind.UNKNOWN, 408, True),
        (ErrorCode.NET_RESET, FailureKind.UNKNOWN, 502, False),
        (ErrorCode.NET_CUT, FailureKind.CUT, 502, False),
    ],
)
def test_a_receiver_that_fails_is_told_as_the_platform_tells_it(
    code: ErrorCode, kind: FailureKind, status: int, outcome: bool
) -> None:
    box = Box()
    box.outside.outcome = Failure(kind, code, "It failed.", "")
    response = box.call(a_call(SENDER.service_id, method="GET", path="/metadata"))
    assert response.status == status
    assert ("issue" in json.loads(response.body)) is outcome


def test_a_receiver_that_takes_too_long_is_answered_for_after_the_wait() -> None:
    box = Box(limits=ProxyLimits(wait_s=0.05))

    async def never(_request):  # noqa: ANN001
        import asyncio

        await asyncio.Event().wait()

    box.sandbox.route(DOS, "9990000555", never)
    response = box.call(a_call("9990000555", method="GET", path="/metadata"))
    issue = json.loads(response.body)["issue"][0]
    assert (response.status, issue["code"]) == (408, "timeout")
    assert ProxyLimits().wait_s == 32.0, "what the platform waits unless told otherwise"


def test_an_identifier_system_nobody_has_is_not_found_where_the_catalogue_is_asked() -> None:
    strange = {"NHSD_Target_Identifier": "eyJzeXN0ZW0iOiAidXJuOngiLCAidmFsdWUiOiAieSJ9"}
    assert Box().call(a_call(method="GET", path="/metadata", **strange)).status == 500
    asked = Box(limits=ProxyLimits(catalogue_lookup=True))
    assert asked.call(a_call(method="GET", path="/metadata", **strange)).status == 404


def test_ping_needs_nothing() -> None:
    box = Box(ask_token=True)
    assert box.call(a_call(method="GET", path="/_ping", X_Request_Id=None)).status == 200
    assert isinstance(box.call(a_call(method="GET", path="/metadata")), Response)
