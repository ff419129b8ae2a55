"""Duplicates by both ids or by the request id alone, and what is said of a request id used twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.receiver.builders import RULES, Mock, a_message, issue, new_id
from workbench.exchange import LedgerState
from workbench.receiver import MemoryLedger
from workbench.receiver.process_message import REUSED


def test_by_the_request_id_alone_another_correlation_id_is_the_same_message() -> None:
    mock = Mock(replace(RULES, request_id_alone=True))
    body, request_id = a_message().source, new_id()
    assert mock.post(body, request_id, new_id()).status == 200
    assert issue(mock.post(body, request_id.upper(), new_id())) == (409, "REC_CONFLICT", "duplicate")
    assert mock.post(body, new_id(), new_id()).status == 200


def test_by_both_ids_it_is_another_message_and_the_half_match_is_told() -> None:
    mock = Mock()
    body, request_id = a_message().source, new_id()
    assert mock.post(body, request_id, new_id()).status == 200
    assert mock.calls[-1].note == ""
    assert mock.post(body, request_id, new_id()).status == 200
    assert mock.calls[-1].note == REUSED
    assert mock.post(body, new_id(), new_id()).status == 200
    assert mock.calls[-1].note == ""


@pytest.mark.parametrize(
    ("ended", "alone", "found"),
    [
        (None, True, LedgerState.PROCESSING),
        (True, True, LedgerState.DONE),
        (False, True, LedgerState.FRESH),
        (True, False, LedgerState.FRESH),
    ],
)
def test_what_another_correlation_id_finds(ended: bool | None, alone: bool, found: LedgerState) -> None:
    async def scenario() -> LedgerState:
        ledger = MemoryLedger()
        await ledger.begin("R", "C1")
        if ended is not None:
            await ledger.finish("R", "C1", ended)
        return await ledger.begin("r", "C2", alone=alone)

    assert asyncio.run(scenario()) is found
