"""Faults on purpose: what goes wrong with every so-manieth answer of a receiver, and with the replies it sends.

Nothing is kept: faults are off when the program starts. Knows HTTP values; how a connection is broken is the server's.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from workbench.exchange import Delivery, Drop, Response
from workbench.headers.ids import TRANSACTION_IDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.exchange import Handler, Ids, Refuse, Request

_KEPT = 500


class Fault(StrEnum):
    """What can go wrong."""

    WAIT = "wait"
    """The answer comes late; the message is processed at once."""
    SLOW = "slow"
    """The body of the answer comes slowly."""
    UNREAD = "unread"
    """The connection ends before the message is looked at."""
    LOST = "lost"
    """The message is processed, and the connection ends without an answer."""
    CUT = "cut"
    """The connection ends in the middle of the body."""
    ERROR = "error"
    """An error of the server, and the message is not processed."""
    MALFORMED = "malformed"
    """The body is no JSON."""
    WRONG_IDS = "wrong-ids"
    """The ids that are echoed are not those of the call."""
    WRONG_TYPE = "wrong-type"
    """Content-Type says that the body is a web page."""
    TWICE = "twice"
    """Each reply is sent twice, with the same ids."""
    ORDER = "order"
    """Of several replies the last comes first."""
    NEVER = "never"
    """Replies are not sent."""


REPLY_FAULTS = frozenset({Fault.TWICE, Fault.ORDER, Fault.NEVER})


@dataclass(frozen=True, slots=True)
class FaultSetting:
    """How one fault stands."""

    on: bool = False
    every: int = 1
    """Which calls it meets: 5 = every fifth."""
    amount: int = 0
    """Milliseconds to wait, bytes a second of a slow body, status of an error."""


AMOUNTS: Mapping[Fault, tuple[int, int, int]] = {
    Fault.WAIT: (1200, 0, 120_000),
    Fault.SLOW: (200, 1, 1_000_000),
    Fault.ERROR: (503, 500, 599),
}
"""At first, at least, at most; other faults have no amount."""

WORDS: Mapping[Fault, str] = {
    Fault.WAIT: "late by fault",
    Fault.SLOW: "slow by fault",
    Fault.UNREAD: "dropped by fault",
    Fault.LOST: "dropped by fault",
    Fault.CUT: "cut by fault",
    Fault.ERROR: "error by fault",
    Fault.MALFORMED: "malformed by fault",
    Fault.WRONG_IDS: "wrong ids by fault",
    Fault.WRONG_TYPE: "wrong type by fault",
    Fault.TWICE: "sent twice by fault",
    Fault.ORDER: "out of order by fault",
    Fault.NEVER: "not sent by fault",
}
"""What a log says of it."""


class Faults:
    """The faults of one receiver, and which calls they met. Used on one loop only."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._settings: dict[Fault, FaultSetting] = {}
        self._count = 0
        self._met: OrderedDict[tuple[str, ...], tuple[Fault, ...]] = OrderedDict()
        self.reset()

    def reset(self) -> None:
        """Turn everything off."""
        self._settings = {fault: FaultSetting(amount=AMOUNTS.get(fault, (0, 0, 0))[0]) for fault in Fault}
        self._count = 0

    def settings(self) -> Mapping[Fault, FaultSetting]:
        """How every fault stands."""
        return dict(self._settings)

    def set(self, fault: Fault, setting: FaultSetting) -> None:
        """Change one; numbers out of bounds are taken as the nearest that is allowed. Counting starts anew."""
        _, least, most = AMOUNTS.get(fault, (0, 0, 0))
        amount = max(least, min(most, setting.amount))
        self._settings[fault] = FaultSetting(setting.on, max(1, min(1000, setting.every)), amount)
        self._count = 0

    def is_on(self, fault: Fault) -> bool:
        """Whether replies are to meet a fault now."""
        return self._settings[fault].on

    def met_by(self, request: Request) -> str:
        """What a log says of the faults that one of the latest calls met; empty when there were none."""
        return ", ".join(WORDS[fault] for fault in self._met.get(_key(request), ()))

    def note(self, request: Request, fault: Fault) -> None:
        """A call has met a fault."""
        self._met[_key(request)] = (*self._met.pop(_key(request), ()), fault)
        while len(self._met) > _KEPT:
            self._met.popitem(last=False)

    async def answer(self, handler: Handler, refuse: Refuse, request: Request) -> Response:
        """The answer of `handler` with the faults that are this call's lot; `refuse` words an error of the server."""
        self._count += 1
        due = [
            fault
            for fault, setting in self._settings.items()
            if setting.on and fault not in REPLY_FAULTS and self._count % setting.every == 0
        ]
        for fault in due:
            self.note(request, fault)
        if Fault.UNREAD in due:
            return Response(0, delivery=Delivery(drop=Drop.UNREAD), answered_by=WORDS[Fault.UNREAD])
        if Fault.ERROR in due:
            status = self._settings[Fault.ERROR].amount
            response = refuse(status, "transient", "this is a fault on purpose", request)
        else:
            response = await handler(request)
        if Fault.WAIT in due:
            await asyncio.sleep(self._settings[Fault.WAIT].amount / 1000)
        for fault in due:
            response = spoilt(fault, request, response, self._ids, self._settings[fault].amount)
        if due:
            words = ", ".join(WORDS[fault] for fault in due)
            response = replace(response, answered_by=f"{response.answered_by}; {words}".removeprefix("; "))
        return response


def spoilt(fault: str, request: Request, response: Response, ids: Ids, amount: int = 0) -> Response:
    """An answer with one fault; one that concerns no answer leaves it as it is. ValueError for a name that is none."""
    amount = amount or AMOUNTS.get(Fault(fault), (0, 0, 0))[0]
    delivery = response.delivery or Delivery()
    match Fault(fault):
        case Fault.SLOW:
            return replace(response, delivery=replace(delivery, bytes_per_s=float(amount)))
        case Fault.LOST:
            return replace(response, delivery=replace(delivery, drop=Drop.BEFORE))
        case Fault.CUT:
            return replace(response, delivery=replace(delivery, drop=Drop.WITHIN, within=len(response.body) // 2))
        case Fault.MALFORMED:
            return replace(response, body=b'{"resourceType": "Bundle", "entry": [' + response.body[:40])
        case Fault.WRONG_IDS:
            wrong = {name.lower() for name in TRANSACTION_IDS}
            headers = tuple((name, ids() if name.lower() in wrong else value) for name, value in response.headers)
            return replace(response, headers=headers)
        case Fault.WRONG_TYPE:
            kept = tuple(row for row in response.headers if row[0].lower() != "content-type")
            return replace(response, headers=(("Content-Type", "text/html"), *kept))
    return response


def _key(request: Request) -> tuple[str, ...]:
    ids = tuple(request.header(name) or "" for name in TRANSACTION_IDS)
    return ids if any(ids) else (request.method, request.url)
