"""Replies that a rule of the own receiver wants to messages it took: kept with the answer, sent when their time comes.

What is due outlives the program, however it ends: it is stored in the transaction of the answer that promises it. How
a reply is made and sent is somebody else's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from workbench.errors import WorkbenchError
from workbench.messages import Number, tree
from workbench.receiver import Fault
from workbench.sandbox.tasks import Tasks
from workbench.session.events import ExchangeRecorded, Noticed, ReceiverChanged
from workbench.session.receiving import OWN
from workbench.session.taken import INTERIM
from workbench.session.views import Tone

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from workbench.messages import JsonObject
    from workbench.receiver import Accepted, Faults
    from workbench.session.engine import Engine
    from workbench.session.events import SessionEvent

OWNER = "replies due"
"""Whose items the replies are that have not gone out yet."""
_KIND = "due"


@dataclass(frozen=True, slots=True)
class Due:
    """Replies that a rule wants to one message."""

    exchange: str
    kinds: tuple[tuple[str, float], ...]
    """Templates with the seconds before each, the next one first."""
    at: datetime
    """When the first of them goes out."""

    def to_json(self) -> JsonObject:
        """As it is kept."""
        return {"at": self.at.isoformat(), "kinds": [[kind, Number(f"{after:g}")] for kind, after in self.kinds]}

    @classmethod
    def from_json(cls, exchange: str, stored: JsonObject) -> Due:
        """As it was kept; ValueError for what is none."""
        rows = stored.get("kinds")
        pairs = [pair for pair in rows if isinstance(pair, list)] if isinstance(rows, list) else []
        kinds = tuple((str(pair[0]), float(str(pair[1]))) for pair in pairs if len(pair) == 2)
        return cls(exchange, kinds, datetime.fromisoformat(tree.text(stored.get("at")) or ""))


class DueReplies:
    """What is due; called on the I/O thread."""

    def __init__(
        self,
        engine: Engine,
        faults: Faults,
        send: Callable[[str, str, bool], Awaitable[None]],
        told: Callable[[], None],
    ) -> None:
        """`send(exchange, kind, twice)` sends one reply; `told` is called when what is due has changed."""
        self._engine = engine
        self._faults = faults
        self._send = send
        self._told = told
        self._tasks = Tasks()
        self._promised: dict[str, Due] = {}
        """Kept with answers that are not known to be stored yet."""
        self._due: dict[str, Due] = {}

    async def start(self) -> None:
        """Take up the replies that were due when the program ended."""
        for (_, id), stored in (await self._engine.history.state.load(OWNER)).items():
            self._plan(Due.from_json(id, tree.as_object(stored)))

    async def close(self) -> None:
        """Send nothing any more; what is due stays due for the next start."""
        await self._tasks.close()

    def on_accepted(self, accepted: Accepted) -> None:
        """A message was taken here; what its rule wants is kept with the answer, and planned once that is stored."""
        if accepted.rule is None or not accepted.rule.replies:
            return
        if self._faults.is_on(Fault.NEVER):
            self._faults.note(accepted.request, Fault.NEVER)
            return
        kinds = tuple((kind, self._after(kind, seconds)) for kind, seconds in accepted.rule.replies)
        if self._faults.is_on(Fault.ORDER):
            kinds = kinds[::-1]
        state = self._engine.history.state
        id = state.answering
        due = Due(id, kinds, self._engine.clock() + timedelta(seconds=kinds[0][1]))
        if not state.save_with_answer(OWNER, {(_KIND, id): due.to_json()}, lambda: self._forget(id)):
            raise AssertionError("a message is taken while its answer is being made")
        if not self._promised:  # only while it waits for something: who listens for good is told every notice
            self._engine.listeners.append(self._on_event)
        self._promised[id] = due

    def words(self) -> str:
        """How many replies are due and when the next one is: `1, in 12 s`."""
        if not self._due:
            return "none"
        return f"{self.count}, {self._in(min(due.at for due in self._due.values()))}"

    def words_of(self, exchange: str) -> str:
        """When the reply to one message goes out, `reply in 12 s`; empty where none is due."""
        return f"reply {self._in(self._due[exchange].at)}" if exchange in self._due else ""

    @property
    def count(self) -> int:
        """How many replies are due."""
        return sum(len(due.kinds) for due in self._due.values())

    @property
    def next_at(self) -> datetime | None:
        """When the next one goes out; None where none is due."""
        return min((due.at for due in self._due.values()), default=None)

    def _in(self, at: datetime) -> str:
        left = max(0, round((at - self._engine.clock()).total_seconds()))
        if left < 1:
            return "now"
        return f"in {left} s" if left < 120 else f"in {round(left / 60)} min"

    def _after(self, kind: str, seconds: float | None) -> float:
        own = self._engine.settings.workspace
        usual = {INTERIM: own.interim_delay_s, "validation-full": own.full_delay_s}
        return usual.get(kind, own.safeguarding_delay_s) if seconds is None else seconds

    def _on_event(self, event: SessionEvent) -> None:
        if isinstance(event, ExchangeRecorded) and event.exchange in self._promised:
            self._engine.spawn(self._take_up(event.exchange), "replies a rule wants")

    async def _take_up(self, id: str) -> None:
        """Plan what was promised with an answer that is stored by now."""
        exchange = await self._engine.history.queries.exchange(id)
        due = self._promised.get(id)
        if due is not None and exchange.response is not None:
            self._forget(id)
            self._plan(due)

    def _forget(self, id: str) -> None:
        self._promised.pop(id, None)
        if not self._promised:
            self._engine.listeners.remove(self._on_event)

    async def keep(self, due: Due) -> None:
        """Store what is due, and plan it."""
        await self._engine.history.state.save(OWNER, {(_KIND, due.exchange): due.to_json()})
        self._plan(due)

    def _plan(self, due: Due) -> None:
        self._due[due.exchange] = due
        left = max(0.0, (due.at - self._engine.clock()).total_seconds())
        self._tasks.after(left, lambda: self._fall_due(due), f"reply to {due.exchange}")
        self._changed()

    async def _fall_due(self, due: Due) -> None:
        """Send the next reply; the one after it comes later. One that cannot be sent is told and ends the row."""
        rest: Due | None = None
        try:
            await self._send(due.exchange, due.kinds[0][0], self._faults.is_on(Fault.TWICE))
            if due.kinds[1:]:
                later = self._engine.clock() + timedelta(seconds=due.kinds[1][1])
                rest = Due(due.exchange, due.kinds[1:], later)
        except WorkbenchError as error:
            title = f"A reply that a rule wants was not sent: {error.sentence}"
            self._engine.publish(Noticed(Tone.ERROR, title, error.next_step))
        except KeyError:
            title = "A reply that a rule wants was not sent: the message it answers is no longer in the history."
            self._engine.publish(Noticed(Tone.WARNING, title, "Nothing has to be done."))
        self._due.pop(due.exchange, None)
        if rest is not None:
            await self.keep(rest)
            return
        await self._engine.history.state.save(OWNER, {(_KIND, due.exchange): None})
        self._changed()

    def _changed(self) -> None:
        self._engine.publish(ReceiverChanged(OWN))
        self._told()
