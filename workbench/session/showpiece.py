"""One rich conversation for pictures: a capability check, a validation request that meets a 503 and is sent again, an
interim and a full reply minutes later.

Everything in it really happens in the embedded sandbox; only the clock is moved on between the steps.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from workbench.session.events import ExchangeRecorded

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.session.events import SessionEvent
    from workbench.session.session import Session

MESSAGE = "validation-new/a4t1"
LONGEST_S = 20.0
"""Seconds that a reply may take before the play is given up."""
_STEPS_S = (2.0, 5.0, 130.0, 190.0)
"""Seconds between the check and the request, its two attempts, and before each reply; fewer than a token lives."""


async def play(session: Session, skip: Callable[[float], None]) -> str:
    """Play it and give the id of the conversation; `skip` moves the clock on by seconds.

    TimeoutError where a reply does not come. Afterwards faults are off and attempts as they were.
    """
    offer = await session.offer(MESSAGE)
    service = next(one.id for one in offer.services if not one.reason)
    checked = await session.directory.check(service)
    asked = (await session.detail(checked.exchange)).exchange
    skip(_STEPS_S[0])
    draft = await session.new_draft(MESSAGE, service, offer.patients[0].id)
    page = await session.settings_page()
    attempts = next(row.value for row in page.settings if row.name == "send_attempts")
    await session.change_setting("send_attempts", "1")
    await session.answering.set_fault("sandbox", "error", on=True, amount=503)
    try:
        correlation_id = asked.request.header("X-Correlation-Id") or "new"
        refused = await session.send(draft.id, draft.text, correlation_id=correlation_id)
    finally:
        await session.answering.faults_off("sandbox")
        await session.change_setting("send_attempts", attempts)
    skip(_STEPS_S[1])
    arrivals: asyncio.Queue[str] = asyncio.Queue()
    seen = set(await _legs(session, refused.conversation))

    def on_event(event: SessionEvent) -> None:
        if isinstance(event, ExchangeRecorded) and event.conversation.id == refused.conversation:
            arrivals.put_nowait(event.exchange)

    end = session.subscribe(on_event)
    try:
        again = await session.retry(refused.exchange)
        seen.add(again.exchange)
        for step in _STEPS_S[2:]:
            skip(step)
            await asyncio.wait_for(_next(arrivals, seen), LONGEST_S)
    finally:
        end()
    await session.settle()
    return again.conversation


async def _legs(session: Session, conversation: str) -> list[str]:
    return [row.exchange for row in (await session.conversation(conversation)).lanes.rows if row.exchange]


async def _next(arrivals: asyncio.Queue[str], seen: set[str]) -> None:
    """Wait for an exchange that was not there before."""
    while (exchange := await arrivals.get()) in seen:
        pass
    seen.add(exchange)
