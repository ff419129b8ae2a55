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
from workbench.receiver import decision, effects
from workbench.receiver.matrix import Effect
from workbench.receiver.outcome import FHIR_JSON, FHIR_XML, respond
from workbench.receiver.refusals import verdict_refusal
from workbench.receiver.values import Accepted, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.exchange import Clock, Ids, Request, Response
    from workbench.messages import Message
    from workbench.receiver.matrix import Row
    from workbench.receiver.outcome import Outcomes
    from workbench.receiver.state import ReceiverState
    from workbench.receiver.values import Ledger, ReceiverRules


AT_ONCE = 256 * 1024
"""Bytes of a body that is read at once; a larger one is read beside the loop, so that other calls go on."""


class Done(NamedTuple):
    """An answer and the rule that gave it."""

    response: Response
    rule: str


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
        known = await self.ledger.begin(request_id, correlation_id)
        if known in _DUPLICATES:
            return self._refused(_DUPLICATES[known], request)
        ok = False
        try:
            outcome = await self._process(request)
            ok = not isinstance(outcome, Refusal)
        finally:
            await self.ledger.finish(request_id, correlation_id, ok)
        return self._refused(outcome, request) if isinstance(outcome, Refusal) else outcome

    def _refused(self, refusal: Refusal, request: Request) -> Done:
        return Done(self.outcomes.answer(refusal, request), refusal.rule)

    async def _process(self, request: Request) -> Done | Refusal:
        try:
            if len(request.body) > AT_ONCE:
                message = await asyncio.to_thread(parse, request.body, what="The body")
            else:
                message = parse(request.body, what="The body")
        except InputError as error:
            where = f" at line {error.place.line}, column {error.place.column}" if error.place else ""
            return Refusal(400, "invalid", f"the body cannot be read as a FHIR message{where} ({error.code}).", "R0")
        if (refusal := decision.check(message, self.rules)) is not None:
            return refusal
        row = decision.row_of(message)
        if row is None:
            raise AssertionError("a checked message has a row of the decision table")
        refusal = await self._judged(request, message) or self._on_purpose(message) or await self._unknown(row, message)
        return refusal or self._take(row, request, message)

    async def _judged(self, request: Request, message: Message) -> Refusal | None:
        if self.rules.judge is None:
            return None
        try:
            async with asyncio.timeout(self.rules.limit_s):
                verdict = await self.rules.judge(request, message)
        except TimeoutError:
            text = f"the message could not be judged within {self.rules.limit_s:g} seconds."
            return Refusal(408, "timeout", text, "time limit", code="REC_TIMEOUT")
        return verdict_refusal(verdict)

    def _on_purpose(self, message: Message) -> Refusal | None:
        numbers, kind = decision.nhs_numbers(message), decision.kind_of(message)
        for rule in self.rules.answers:
            if rule.operation != "process-message" or rule.value not in numbers or rule.kind not in ("", kind):
                continue
            if rule.kind != "response" and message.facts.reason != "new":
                continue
            return Refusal(rule.status, rule.issue, rule.why, rule.id)
        return None

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

    def _take(self, row: Row, request: Request, message: Message) -> Done | Refusal:
        """Look at the state, change it and word the answer: no await in here, so two at once cannot mix."""
        now = self.clock()
        if (refusal := effects.hindrance(row, message, self.state, self.rules, now)) is not None:
            return refusal
        answer = acknowledge(message, now=now, ids=self.ids, case_number=f"R-{self.ids()[:8].upper()}")
        correlation_id = request.header(CORRELATION_ID) or ""
        self.state.put(*effects.changes(row, message, answer, self.state, correlation_id))
        if self.accepted is not None:
            self.accepted(Accepted(request, message, answer, row.id))
        content_type = FHIR_XML if answer.syntax is Syntax.XML else FHIR_JSON
        return Done(respond(200, answer.source, request, content_type), row.id)


_DUPLICATES = {
    LedgerState.DONE: Refusal(
        409, "duplicate", "this message has already been processed.", "R2: duplicate", code="REC_CONFLICT"
    ),
    LedgerState.PROCESSING: Refusal(
        425, "duplicate", "this message is still being processed.", "R2: too early", code="REC_TOO_EARLY"
    ),
}
