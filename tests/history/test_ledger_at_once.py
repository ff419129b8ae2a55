"""Many identical messages at once against the durable ledger: exactly one success, with a restart in between.

Proves `receiver.process_message` with `history.ledger`, `history.together` and the journal as one transaction.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.receiver.builders import RULES, a_message, new_id, post
from workbench.history import HistoryJournal, IncomingContext, Ledger, StateItems, Store
from workbench.receiver import Item, Kind, ReceiverState, endpoints
from workbench.standard import default_profile

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.exchange import Request, Response

AT_ONCE, ROUNDS, OWNER = 100, 50, "receiver"
NOW = datetime(2026, 7, 20, 8, 0, tzinfo=UTC)


class Receiver:
    """A receiver over a history, as the workbench puts it together, without a socket."""

    def __init__(self, store: Store) -> None:
        self._items = StateItems(store)
        self._journal = HistoryJournal(
            store,
            clock=lambda: NOW,
            ids=new_id,
            incoming=lambda _: IncomingContext("embedded", "process-message", default_profile()),
        )
        state = ReceiverState(self._keep)
        self._router = endpoints(state, Ledger(store), RULES, lambda: NOW, new_id)

    def _keep(self, items: tuple[Item, ...]) -> None:
        values = {(item.kind.value, item.id): item.to_json() for item in items}
        assert self._items.save_with_answer(OWNER, values, lambda: None), "a message is answered in a task of its own"

    async def answer(self, request: Request) -> Response:
        """As the server does: stored, handled, stored, delivered."""
        id = await self._journal.received(request)
        response = await self._router(request)
        await self._journal.answering(id, response)
        await self._journal.delivered(id, None)
        return response


async def rounds(store: Store, requests: list[Request]) -> list[Counter[int]]:
    """The statuses that each request got when it came many times at once."""
    receiver = Receiver(store)
    found = []
    for request in requests:
        answers = await asyncio.gather(*(receiver.answer(request) for _ in range(AT_ONCE)))
        found.append(Counter(answer.status for answer in answers))
    return found


async def once(store: Store, requests: list[Request]) -> Counter[int]:
    """The statuses of each request when it comes once more."""
    receiver = Receiver(store)
    return Counter([(await receiver.answer(request)).status for request in requests])


def test_of_a_hundred_identical_messages_one_succeeds_fifty_times_over_and_a_restart_changes_nothing(
    tmp_path: Path,
) -> None:
    path = tmp_path / "history.db"
    body = a_message().source
    requests = [post(body) for _ in range(ROUNDS)]
    half = ROUNDS // 2
    found: list[Counter[int]] = []
    for part in (requests[:half], requests[half:]):
        store = Store.open(path, clock=lambda: NOW)
        try:
            found += asyncio.run(rounds(store, part))
        finally:
            store.close()
    assert [statuses[200] for statuses in found] == [1] * ROUNDS
    assert all(set(statuses) <= {200, 409, 425} for statuses in found)
    store = Store.open(path, clock=lambda: NOW)
    try:
        assert asyncio.run(once(store, requests)) == {409: ROUNDS}
        kept = asyncio.run(StateItems(store).load(OWNER))
    finally:
        store.close()
    assert sum(kind == Kind.REFERRAL for kind, _ in kept) == ROUNDS
