"""Answers with a fault on purpose: late, slow, broken off, dropped; the journal says what became of them."""

from __future__ import annotations

import asyncio

import pytest

from tests.transport.builders import MemoryJournal, raw, served
from workbench.exchange import Delivery, Drop, Failure, FailureKind, Request, Response
from workbench.transport.limits import Limits

CALL = b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"
BODY = b"0123456789"


def answered(delivery: Delivery, limits: Limits = Limits()) -> tuple[bytes, MemoryJournal]:  # noqa: B008 - frozen
    async def handler(_: Request) -> Response:
        return Response(200, "OK", (), BODY, delivery=delivery)

    async def play() -> tuple[bytes, MemoryJournal]:
        async with served(handler, limits=limits) as (_, port, journal):
            return await raw(port, CALL), journal

    return asyncio.run(play())


@pytest.mark.parametrize(
    ("delivery", "left", "delivered"),
    [
        (Delivery(drop=Drop.BEFORE), b"", False),
        (Delivery(drop=Drop.WITHIN, within=4), b"0123", False),
        (Delivery(drop=Drop.WITHIN), b"", False),
        (Delivery(drop=Drop.AFTER), BODY, True),
        (Delivery(delay_s=0.01, bytes_per_s=1000, drop=Drop.AFTER), BODY, True),
    ],
)
def test_what_leaves_is_what_was_asked_for(delivery: Delivery, left: bytes, delivered: bool) -> None:
    answer, journal = answered(delivery)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert body == left
    assert head.startswith(b"HTTP/1.1 200") is (delivery.drop is not Drop.BEFORE)
    assert journal.names() == ["received", "answering", "delivered"]
    failure = journal.events[2][1]
    if delivered:
        assert failure is None
    else:
        assert isinstance(failure, Failure)
        assert (failure.kind, "on purpose" in failure.sentence) == (FailureKind.NOT_DELIVERED, True)


def test_a_slow_body_takes_as_long_as_planned_whatever_the_deadline_of_writing() -> None:
    slow = Delivery(delay_s=0.05, bytes_per_s=100, drop=Drop.AFTER)
    answer, journal = answered(slow, Limits(write_s=0.05))
    assert answer.endswith(BODY)
    assert journal.events[2][1] is None
