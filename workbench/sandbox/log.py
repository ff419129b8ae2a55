"""The sandbox's own log: what passed inside it, newest last; none of it reaches the history.

A Journal in memory. Must not know the rules that answered, beyond their names.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.headers.ids import TRANSACTION_IDS

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.exchange import Clock, Exchange, Failure, Ids, Request, Response

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class LogRow:
    """One call the sandbox answered or made."""

    id: str
    time: datetime
    outgoing: bool
    """Whether the sandbox made it: an asynchronous reply."""
    request: Request
    response: Response | None = None
    failure: Failure | None = None
    answered_by: str = ""
    seconds: float | None = None
    """How long the answer took."""


Listener = Callable[[LogRow], None]


class LogTable:
    """The newest 500 calls; a listener is told of each call when it is over."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._rows: OrderedDict[str, LogRow] = OrderedDict()
        self._rules: OrderedDict[int, tuple[Request, str]] = OrderedDict()
        self.listeners: list[Listener] = []

    def rows(self) -> tuple[LogRow, ...]:
        """Every row that is kept, oldest first."""
        return tuple(self._rows.values())

    def rule_of(self, ids: tuple[str, ...]) -> str:
        """The rule that gave the latest answer to a call with these transaction ids; empty where no row has them."""
        for row in reversed(self._rows.values()):
            if not row.outgoing and tuple(row.request.header(name) for name in TRANSACTION_IDS) == ids:
                return row.answered_by
        return ""

    def clear(self) -> None:
        """Forget every row."""
        self._rows.clear()

    def note(self, request: Request, rule: str) -> None:
        """Which rule answered a request; taken up when the answer is written."""
        self._rules[id(request)] = (request, rule)
        while len(self._rules) > MOST_ROWS:
            self._rules.popitem(last=False)

    async def sending(self, exchange: Exchange) -> None:
        """A reply is about to be sent."""
        self._put(LogRow(exchange.id, exchange.timing.started, True, exchange.request))

    async def answered(self, exchange: Exchange) -> None:
        """A reply was answered, or not."""
        row = self._rows.get(exchange.id) or LogRow(exchange.id, exchange.timing.started, True, exchange.request)
        self._end(replace(row, response=exchange.response, failure=exchange.failure, answered_by="reply"))

    async def received(self, request: Request) -> str:
        """A call came in."""
        row = LogRow(self._ids(), self._clock(), False, request)
        self._put(row)
        return row.id

    async def answering(self, id: str, response: Response) -> None:
        """It is about to be answered."""
        if (row := self._rows.get(id)) is not None:
            rule = self._rules.pop(_address(row.request), (row.request, ""))[1]
            took = (self._clock() - row.time).total_seconds()
            self._end(replace(row, response=response, answered_by=rule, seconds=max(0.0, took)))

    async def delivered(self, id: str, failure: Failure | None) -> None:
        """Whether the answer reached the caller; only a failure is worth a note."""
        if failure is None or (row := self._rows.get(id)) is None:
            return
        if row.response is not None:
            self._put(replace(row, failure=failure))
            return
        rule = self._rules.pop(_address(row.request), (row.request, ""))[1]
        self._end(replace(row, failure=failure, answered_by=rule))

    def _end(self, row: LogRow) -> None:
        self._put(row)
        for listener in tuple(self.listeners):
            listener(row)

    def _put(self, row: LogRow) -> None:
        self._rows[row.id] = row
        while len(self._rows) > MOST_ROWS:
            self._rows.popitem(last=False)


def _address(request: Request) -> int:
    """Identity of a request while it is being answered."""
    return id(request)
