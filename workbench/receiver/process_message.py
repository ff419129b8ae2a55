"""`POST /$process-message`: access, ids, duplicates, the decision table, the verdict, what we have, the answer.

The order is that of Core, Error handling, bundle processing. State and answer come together: nothing is kept of a
message that is refused. Must not know sockets or files.
"""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from workbench.compose import acknowledge
from workbench.errors import InputError
from workbench.exchange import LedgerState
from workbench.headers.ids import CORRELATION_ID, REQUEST_ID
from workbench.messages import Syntax, parse
from workbench.messages.recent import parse_recent, remember
from workbench.receiver import decision, effects, ruled
from workbench.receiver.access import caller
from workbench.receiver.answer_rule import How
from workbench.receiver.arrival import Arrival
from workbench.receiver.matrix import Effect
from workbench.receiver.outcome import FHIR_JSON, FHIR_XML, respond
from workbench.receiver.refusals import verdict_refusal
from workbench.receiver.values import Accepted, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.exchange import Clock, Ids, Request, Response
    from workbench.messages import Message
    from workbench.receiver.answer_rule import AnswerRule
    from workbench.receiver.matrix import Row
    from workbench.receiver.outcome import Outcomes
    from workbench.receiver.state import ReceiverState
    from workbench.receiver.values import Ledger, ReceiverRules


AT_ONCE = 256 * 1024
"""Bytes of a body that is read at once; a larger one is read beside the loop, so that other calls go on."""


REUSED = "Its request id was used before, with another correlation id: each attempt at another message needs its own."
"""Said of a message that shares one id only with an earlier one (Core, Transactional integrity)."""


class Done(NamedTuple):
    """An answer and the rule that gave it."""

    response: Response
    rule: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Processor:
    """Processes messages for one receiver; its coroutines may run side by side on one loop."""

    state: ReceiverState
    ledger: Ledger
    rules: ReceiverRules
    clock: Clock
    ids: Ids
    outcomes: Outcomes
    accepted: Callable[[Accepted], None] | None = None

    async def answer(self, request: Request) -> Done:
        """Process one message whose caller and ids are already accepted (`ids_refusal`)."""
        request_id, correlation_id = request.header(REQUEST_ID) or "", request.header(CORRELATION_ID) or ""
        known = await self.ledger.begin(request_id, correlation_id, alone=self.rules.request_id_alone)
        if known in _DUPLICATES:
            return self._refused(_DUPLICATES[known], request)
        ok = False
        try:
            outcome = await self._in_time(request)
            ok = not isinstance(outcome, Refusal)
        finally:
            await self.ledger.finish(request_id, correlation_id, ok)
        if isinstance(outcome, Refusal):
            return self._refused(outcome, request)
        return outcome._replace(note=REUSED) if await self.ledger.reused(request_id, correlation_id) else outcome

    async def _in_time(self, request: Request) -> Done | Refusal:
        """Process a message within the limit; what takes longer has changed nothing (Core, Non-functional)."""
        try:
            async with asyncio.timeout(self.rules.limit_s):
                return await self._process(request)
        except TimeoutError:
            text = f"the message could not be judged within {self.rules.limit_s:g} seconds."
            return Refusal(408, "timeout", text, "time limit", code="REC_TIMEOUT")

    def _refused(self, refusal: Refusal, request: Request) -> Done:
        return Done(self.outcomes.answer(refusal, request), refusal.rule)

    async def _process(self, request: Request) -> Done | Refusal:
        try:
            if len(request.body) > AT_ONCE:
                message = await asyncio.to_thread(parse, request.body, what="The body")
            else:
                message = parse_recent(request.body, what="The body")
        except InputError as error:
            where = f" at line {error.place.line}, column {error.place.column}" if error.place else ""
            return Refusal(400, "invalid", f"the body cannot be read as a FHIR message{where} ({error.code}).", "R0")
        arrival = Arrival("process-message", request, message)
        book = self.rules.answers
        if book is not None and (rule := book.early(arrival)) is not None:
            return self._at_once(rule, request)
        if (refusal := decision.check(message, self.rules)) is not None:
            return refusal
        row = decision.row_of(message)
        if row is None:
            raise AssertionError("a checked message has a row of the decision table")
        if (refusal := await self._judged(request, message)) is not None:
            return refusal
        rule = book.find(arrival) if book is not None else None
        if rule is not None and rule.how in (How.REFUSE, How.ECHO):
            return self._at_once(rule, request)
        return await self._unknown(row, message) or self._take(row, request, message, rule)

    def _at_once(self, rule: AnswerRule, request: Request) -> Done | Refusal:
        """The answer on purpose that asks nothing of what is held."""
        if (refusal := ruled.refusal(rule)) is not None:
            return refusal
        return Done(respond(200, request.body, request, request.header("Content-Type") or FHIR_JSON), rule.id)

    async def _judged(self, request: Request, message: Message) -> Refusal | None:
        if self.rules.judge is None:
            return None
        return verdict_refusal(await self.rules.judge(request, message))

    async def _unknown(self, row: Row, message: Message) -> Refusal | None:
        """A reply to what never went out from here (Core: 404, `not-found`)."""
        if row.effect is not Effect.REPLY:
            return None
        known = self.rules.knows(message.facts.response_to or "") if self.rules.knows else False
        if inspect.isawaitable(known):
            known = await known
        if known:
            return None
        text = "no message with the Bundle id in MessageHeader.response.identifier was sent from here."
        path = "Bundle.entry[0].resource.response.identifier"
        return Refusal(404, "not-found", text, "reply: unknown", expression=path)

    def _take(self, row: Row, request: Request, message: Message, rule: AnswerRule | None) -> Done | Refusal:
        """Look at the state, change it and word the answer: no await in here, so two at once cannot mix."""
        now, who = self.clock(), caller(request)
        step = None
        if rule is not None:
            if rule.how is How.LINKED and self.rules.answers is not None:
                step = ruled.linked_step(self.rules.answers.linked, row, message, who.organisation)
            if step is not None and step.status >= 400:
                return Refusal(step.status, step.issue, step.why, rule.id)
            message = ruled.prepared(rule, row, message)
        hindrance = None if ruled.takes_all(rule) else effects.hindrance(row, message, self.state, self.rules, now)
        if hindrance is not None:
            return hindrance
        answer = acknowledge(message, now=now, ids=self.ids, case_number=f"R-{self.ids()[:8].upper()}")
        self.state.put(*effects.changes(row, message, answer, self.state, who))
        if step is not None and self.rules.answers is not None:
            self.rules.answers.linked.enter(who.organisation, step.next)
        remember(answer)  # who puts an exchange into its conversation before it is answered reads its facts
        if self.accepted is not None:
            self.accepted(Accepted(request, message, answer, row.id, rule))
        content_type = FHIR_XML if answer.syntax is Syntax.XML else FHIR_JSON
        return Done(respond(200, answer.source, request, content_type), rule.id if rule is not None else row.id)


_DUPLICATES = {
    LedgerState.DONE: Refusal(
        409, "duplicate", "this message has already been processed.", "R2: duplicate", code="REC_CONFLICT"
    ),
    LedgerState.PROCESSING: Refusal(
        425, "duplicate", "this message is still being processed.", "R2: too early", code="REC_TOO_EARLY"
    ),
}
