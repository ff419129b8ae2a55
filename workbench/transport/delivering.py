"""An answer on its way out: whole and at once, or with the fault that was asked for on purpose.

Knows bytes only; what the fault is for is decided where the answer is made.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from workbench.exchange import Drop

if TYPE_CHECKING:
    from workbench.exchange import Delivery

_STEP_S = 0.1
"""A slow body leaves in pieces, one in so many seconds, of one byte at least."""


class Dropped(Exception):  # noqa: N818 - it was wanted
    """The connection is to end here: not all of the answer has left, on purpose."""


async def deliver(
    writer: asyncio.StreamWriter, head: bytes, body: bytes, delivery: Delivery | None, limit_s: float
) -> None:
    """Write an answer; Dropped where it is to break off. ConnectionError when the caller has gone, TimeoutError when it
    takes more seconds than `limit_s` and those that were asked for on purpose."""
    if delivery is None:
        writer.write(head + body)
        if writer.transport.is_closing() or writer.transport.get_write_buffer_size():  # else all has left
            async with asyncio.timeout(limit_s):
                await writer.drain()
        return
    async with asyncio.timeout(limit_s + _planned_s(delivery, len(body))):
        await _deliver_badly(writer, head, body, delivery)


async def _deliver_badly(writer: asyncio.StreamWriter, head: bytes, body: bytes, delivery: Delivery) -> None:
    """With the fault that was asked for."""
    await asyncio.sleep(delivery.delay_s)
    if delivery.drop is Drop.BEFORE:
        raise Dropped
    writer.write(head)
    await writer.drain()
    part = body[: delivery.within] if delivery.drop is Drop.WITHIN else body
    step = max(1, round(delivery.bytes_per_s * _STEP_S)) if delivery.bytes_per_s > 0 else max(1, len(part))
    for start in range(0, len(part), step):
        writer.write(part[start : start + step])
        await writer.drain()
        if delivery.bytes_per_s > 0:
            await asyncio.sleep(step / delivery.bytes_per_s)
    if delivery.drop is Drop.WITHIN:
        raise Dropped


def _planned_s(delivery: Delivery, size: int) -> float:
    """Seconds that a body of so many bytes takes on purpose, so that no deadline cuts what was asked for."""
    return delivery.delay_s + (size / delivery.bytes_per_s + _STEP_S if delivery.bytes_per_s > 0 else 0.0)
