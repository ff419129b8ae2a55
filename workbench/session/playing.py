"""Scenarios, played: turns their steps into real calls, waits for replies, and keeps the result of every expectation.

The workflows themselves are generators in `scenarios`; nothing about a particular one is known here.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from workbench.compose import compose
from workbench.errors import ConfigError, ErrorCode, WorkbenchError
from workbench.evidence.lanes import seconds_words
from workbench.evidence.runs import ExchangeLine, ExpectationLine, ScenarioResult
from workbench.exchange import Direction
from workbench.scenarios import Await, Expect, Send, scenarios
from workbench.session.calls import Outgoing, facts_in
from workbench.session.events import ExchangeRecorded, ScenarioChanged, SessionEvent
from workbench.session.views import ExpectationView, ScenarioView, StepState, StepView

if TYPE_CHECKING:
    from workbench.exchange import Exchange
    from workbench.messages import MessageFacts
    from workbench.scenarios import Scenario
    from workbench.session.composing import Composer
    from workbench.session.engine import Engine
    from workbench.session.sending import Sender


@dataclass(slots=True)
class _Run:
    """One run while it goes on."""

    scenario: Scenario
    step: int = 0
    state: StepState = StepState.RUNNING
    took: dict[int, str] = field(default_factory=dict)
    failed_steps: set[int] = field(default_factory=set)
    expectations: list[ExpectationView] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    conversation: str = ""


class Player:
    """Runs scenarios in the chosen environment and remembers the last run of each."""

    def __init__(self, engine: Engine, composer: Composer, sender: Sender) -> None:
        self._engine = engine
        self._composer = composer
        self._sender = sender
        self._last: dict[str, ScenarioView] = {}

    def views(self) -> tuple[ScenarioView, ...]:
        """Every scenario with its last run."""
        return tuple(self._last.get(row.id) or view_of(_Run(row, state=StepState.TO_COME)) for row in scenarios())

    async def run(self, id: str) -> tuple[ScenarioView, ScenarioResult]:
        """Play one scenario to its end; what comes back wrong fails its expectation. WorkbenchError where it cannot be
        played at all: nobody of that name, nothing may be stored or sent; the scenario then stands as failed."""
        scenario = next((row for row in scenarios() if row.id == id), None)
        if scenario is None:
            raise ConfigError(ErrorCode.CONFIG_SCENARIO, what=id, cause=", ".join(row.id for row in scenarios()))
        run = _Run(scenario)
        arrivals = _Arrivals(self._engine)
        try:
            await self._play(run, arrivals)
        finally:
            arrivals.close()
        run.state = StepState.PASSED if all(e.passed for e in run.expectations) else StepState.FAILED
        await self._engine.settle()
        result = await self._result(run)
        return self._last[id], result

    async def _play(self, run: _Run, arrivals: _Arrivals) -> None:
        play = run.scenario.run(self._engine.ids)
        answer: Exchange | None = None
        try:
            wish = next(play)
            while True:
                if isinstance(wish, Expect):
                    passed = ExpectationView(wish.text, wish.passed, run.step)
                    run.expectations.append(passed)
                    if not wish.passed:
                        run.failed_steps.add(run.step)
                    answer = None
                else:
                    run.step = wish.step
                    self._show(run)
                    started = self._engine.timer()
                    answer = await (
                        self._send(run, wish) if isinstance(wish, Send) else self._await(run, wish, arrivals)
                    )
                    run.took[run.step] = seconds_words(self._engine.timer() - started)
                self._show(run)
                wish = play.send(answer)
        except StopIteration:
            return
        except WorkbenchError as error:
            run.failed_steps.add(run.step)
            run.expectations.append(ExpectationView(f"{error.sentence} {error.next_step}", False, run.step))
            run.state = StepState.FAILED
            self._show(run)
            raise

    async def _send(self, run: _Run, wish: Send) -> Exchange:
        engine = self._engine
        service = engine.directory.services.find(wish.service)
        body = b""
        if wish.template is not None:
            patient = engine.directory.patient(wish.patient) if wish.patient else engine.directory.patients[0]
            setting = self._composer.setting(service, patient, wish.use_case)
            body = compose(wish.template, setting, now=engine.clock(), ids=engine.ids, links=wish.links).source
        exchange = await self._sender.send(
            Outgoing(
                wish.operation,
                service,
                body,
                parameters=wish.parameters,
                path_values=wish.path_values,
                correlation_id=wish.correlation_id,
                run=run.scenario.id,
            )
        )
        run.exchanges.append(exchange)
        return exchange

    async def _await(self, run: _Run, wish: Await, arrivals: _Arrivals) -> Exchange | None:
        found = await arrivals.wait(wish.correlation_id, {e.id for e in run.exchanges}, wish.within_s)
        if found is None:
            return None
        exchange = await self._engine.history.queries.exchange(found)
        run.exchanges.append(exchange)
        return exchange

    def _show(self, run: _Run) -> None:
        view = view_of(run)
        self._last[run.scenario.id] = view
        self._engine.publish(ScenarioChanged(view))

    async def _result(self, run: _Run) -> ScenarioResult:
        lines = []
        for exchange in run.exchanges:
            lines.append(exchange_line(exchange, await reasons_of(self._engine, exchange.id)))
            if not run.conversation:
                run.conversation = await self._engine.history.queries.conversation_of(exchange.id) or ""
        self._show(run)
        return ScenarioResult(
            run.scenario.id,
            run.scenario.title,
            run.state is StepState.PASSED,
            run.conversation,
            tuple(lines),
            tuple(ExpectationLine(e.text, bool(e.passed)) for e in run.expectations),
        )


class _Arrivals:
    """Exchanges that came in since the run began, by correlation id; waits without polling."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._changed = asyncio.Event()
        self._seen: list[str] = []
        engine.listeners.append(self._on_event)

    def close(self) -> None:
        self._engine.listeners.remove(self._on_event)

    def _on_event(self, event: SessionEvent) -> None:
        if isinstance(event, ExchangeRecorded):
            self._seen.append(event.exchange)
            self._changed.set()

    async def wait(self, correlation_id: str, known: set[str], within_s: float) -> str | None:
        """The first incoming exchange with that correlation id that is not known yet; None when time is up."""
        looked = 0
        try:
            async with asyncio.timeout(within_s):
                while True:
                    self._changed.clear()
                    while looked < len(self._seen):
                        id = self._seen[looked]
                        looked += 1
                        if id not in known and await self._fits(id, correlation_id):
                            return id
                    await self._changed.wait()
        except TimeoutError:
            return None

    async def _fits(self, id: str, correlation_id: str) -> bool:
        exchange = await self._engine.history.queries.exchange(id)
        return exchange.direction is Direction.IN and exchange.request.header("X-Correlation-Id") == correlation_id


def view_of(run: _Run) -> ScenarioView:
    """A run as the Scenarios panel shows it."""
    steps = []
    for row in run.scenario.steps:
        if run.state is StepState.TO_COME or row.number > run.step:
            state = StepState.TO_COME
        elif row.number in run.failed_steps:
            state = StepState.FAILED
        elif row.number == run.step and run.state is StepState.RUNNING:
            state = StepState.RUNNING
        else:
            state = StepState.PASSED
        took = run.took.get(row.number, "")
        steps.append(StepView(row.number, row.actor, row.other, row.sentence, row.must_come_back, state, took))
    failed = sum(e.passed is False for e in run.expectations)
    words = {
        StepState.TO_COME: "Not run",
        StepState.RUNNING: "Running",
        StepState.PASSED: "Passed",
        StepState.FAILED: f"{failed} failed",
    }
    return ScenarioView(
        run.scenario.id,
        run.scenario.title,
        run.scenario.sentence,
        run.scenario.group,
        run.state,
        words[run.state],
        tuple(steps),
        tuple(run.expectations),
        run.conversation,
    )


async def reasons_of(engine: Engine, exchange: str) -> tuple[str, ...]:
    """Why an exchange belongs to its conversation; empty when it starts one."""
    queries = engine.history.queries
    conversation = await queries.conversation_of(exchange)
    if conversation is None:
        return ()
    links = await queries.links(conversation, every=True)
    return tuple(dict.fromkeys(link.reason for link in links if link.child == exchange and link.joins))


def exchange_line(exchange: Exchange, matched_by: tuple[str, ...], known: MessageFacts | None = None) -> ExchangeLine:
    """An exchange as the command line prints it; `known` are the facts of its request where its body is not at hand."""
    found = facts_in(exchange.request.body) if known is None else None
    facts = found[0] if found is not None else known
    return ExchangeLine(
        exchange.direction.value,
        exchange.request.method,
        urlsplit(exchange.request.url).path,
        exchange.response.status if exchange.response else None,
        exchange.request.header("X-Request-Id"),
        exchange.request.header("X-Correlation-Id"),
        facts.event if facts else None,
        facts.reason if facts else None,
        matched_by,
    )
