"""The latest messages are read once; what is large or long ago is read anew."""

from __future__ import annotations

import asyncio

import pytest

from workbench.errors import InputError
from workbench.messages import build
from workbench.messages.recent import KEPT, LARGEST, facts_recent, hold, hold_facts, let_go, parse_recent, remember


def body(number: int, size: int = 0) -> bytes:
    return b'{"resourceType": "Bundle", "type": "message", "id": "%d"}' % number + b" " * size


def test_the_same_bytes_are_the_same_message_until_others_have_come() -> None:
    first = parse_recent(body(0))
    assert parse_recent(body(0)) is first
    for number in range(1, KEPT + 1):
        parse_recent(body(number))
    assert parse_recent(body(0)) is not first
    assert parse_recent(body(0)).facts == first.facts


def test_a_message_that_was_made_is_known_by_its_bytes() -> None:
    made = build({"resourceType": "Bundle", "type": "message", "id": "made"})
    remember(made)
    assert parse_recent(made.source) is made


def test_a_large_message_is_not_kept_and_a_bad_one_is_refused_each_time() -> None:
    large = body(1, LARGEST)
    assert parse_recent(large) is not parse_recent(large)
    for _ in range(2):
        with pytest.raises(InputError):
            parse_recent(b"{")


def test_a_task_that_holds_its_messages_shares_them_however_many_others_read() -> None:
    async def call(number: int, both_read: asyncio.Barrier) -> bool:
        hold()
        first = parse_recent(body(number))
        await both_read.wait()
        shared = parse_recent(body(number)) is first
        let_go()
        return shared and parse_recent(body(number)) is not first

    async def calls() -> list[bool]:
        many = 2 * KEPT
        barrier = asyncio.Barrier(many)
        return await asyncio.gather(*(call(number, barrier) for number in range(1000, 1000 + many)))

    assert all(asyncio.run(calls()))


def test_a_task_can_keep_the_facts_alone_of_what_it_read() -> None:
    async def call() -> None:
        hold()
        first, made = parse_recent(body(1)), build({"resourceType": "Bundle", "type": "message", "id": "made"})
        remember(made)
        hold_facts(first.source)
        assert facts_recent(first.source) == (first.facts, first.syntax)
        assert facts_recent(first.source)[0] is first.facts
        assert parse_recent(first.source) is not first
        assert parse_recent(made.source) is not made
        let_go()
        assert facts_recent(first.source)[0] is not first.facts

    asyncio.run(call())
