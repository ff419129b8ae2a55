"""Sending: a token, the journal, the network; retries keep bytes and ids.

Every send leaves an exchange, failed ones too. Knows no window.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from random import random
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from workbench.doctor.call_refusal import outcome_issues
from workbench.errors import ConfigError, ErrorCode, WorkbenchError
from workbench.exchange import Direction, Exchange, Failure, FailureKind, Timing
from workbench.rules import profile_of
from workbench.session.answers import reading
from workbench.session.calls import NEW, call_request, read_facts
from workbench.session.events import SendProgress, StatusChanged
from workbench.session.views import SendResult
from workbench.standard.operations import operations
from workbench.transport.journaled import send_journaled, stopped
from workbench.transport.retrying import pause
from workbench.transport.tls import host_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from workbench.directory import Environment
    from workbench.exchange import Phase, Response
    from workbench.session.calls import Outgoing
    from workbench.session.engine import Engine
    from workbench.session.tokens import TokenCalls
    from workbench.session.views import Status
    from workbench.transport.client import Client


_MADE_ANEW = frozenset({"authorization", "host", "accept-encoding", "content-length"})
"""Headers that a retry does not take over: they follow from the token and the connection."""


class Watch:
    """Tells everybody who listens how far one call is, through all its attempts."""

    def __init__(self, engine: Engine, call: str, of: int, client: Client | None = None) -> None:
        self._engine = engine
        self.client = client
        """What a lane of many sends goes through; then nobody follows the phases of each. None = a single send, through
        the one client of the environment."""
        self._call = call
        self.of = of
        """Attempts there may be."""
        self.attempt = 1

    def phase(self, phase: Phase) -> None:
        """The attempt under way does something else now."""
        if self.client is None:
            self._engine.publish(SendProgress(self._call, phase, self.attempt, self.of))

    def wait(self, seconds: float) -> None:
        """The next attempt begins after a pause."""
        self.attempt += 1
        self._engine.publish(SendProgress(self._call, None, self.attempt, self.of, seconds))


class Sender:
    """Makes calls in the chosen environment."""

    def __init__(
        self,
        engine: Engine,
        tokens: TokenCalls,
        status: Callable[[], Status],
        rest: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random,
    ) -> None:
        """`rest` waits so many seconds between two attempts, `chance` spreads them."""
        self._rest = rest
        self._chance = chance
        self._engine = engine
        self._tokens = tokens
        self._status = status

    async def send(self, outgoing: Outgoing, watch: Watch | None = None) -> Exchange:
        """Send and record one call; ConfigError before anything leaves when the environment may not be used so."""
        engine = self._engine
        environment = engine.usable_environment()
        check_production(environment, outgoing.confirm_host, operations()[outgoing.operation].method)
        identity = engine.current_identity()
        facts, syntax = read_facts(outgoing.body)
        versions = outgoing.versions or environment.versions_of(profile_of(facts, environment.profile))
        chosen = replace(
            outgoing,
            request_id=engine.ids() if outgoing.request_id == NEW else outgoing.request_id,
            correlation_id=engine.ids() if outgoing.correlation_id == NEW else outgoing.correlation_id,
        )
        exchange = Exchange(
            id=engine.ids(),
            seq=0,
            direction=Direction.OUT,
            environment=environment.id,
            operation=outgoing.operation,
            versions=versions,
            request=call_request(chosen, identity, environment.base_url, facts, syntax, versions),
            timing=Timing(engine.clock()),
            service=outgoing.service.id,
            identity=identity.id,
            draft=outgoing.draft,
            run=outgoing.run,
        )
        return await self._deliver(exchange, environment, watch)

    async def persist(self, outgoing: Outgoing, call: str) -> Exchange:
        """Send one call, and send it again as the guide says until an answer decides: the last exchange.

        Every attempt keeps bytes and ids. SendProgress of this `call` tells what it is doing; cancelling between two
        attempts loses nothing, for each has been recorded.
        """
        watch = Watch(self._engine, call, self._engine.settings.workspace.send_attempts)
        return await self._go_on(await self.send(outgoing, watch), watch, outgoing.confirm_host)

    async def persist_retry(self, original: Exchange, call: str, confirm_host: str = "") -> Exchange:
        """Send the same bytes and ids again as `retry` does, and go on as `persist` does."""
        watch = Watch(self._engine, call, self._engine.settings.workspace.send_attempts)
        return await self._go_on(await self.retry(original, confirm_host, watch), watch, confirm_host)

    async def _go_on(self, done: Exchange, watch: Watch, confirm_host: str) -> Exchange:
        while watch.attempt < watch.of and reading(done, "").retry:
            told = done.response.header("Retry-After") if done.response is not None else None
            wait = pause(watch.attempt, told, self._engine.clock(), self._chance())
            watch.wait(wait)
            await self._rest(wait)
            done = await self.retry(done, confirm_host, watch)
        return done

    async def retry(self, original: Exchange, confirm_host: str = "", watch: Watch | None = None) -> Exchange:
        """Send the same bytes with the same ids again (Core, Transactional integrity, definition of a retry).

        It goes to where the environment is now: the embedded sandbox has another port at every start, and a token goes
        to no other host than its own. ConfigError where the environment cannot be used or its address is another one.
        """
        environment = self._engine.usable_environment(original.environment)
        check_production(environment, confirm_host, original.request.method)
        again = self._again(original, _rebased(original.request.url, environment))
        return await self._deliver(again, environment, watch)

    def _again(self, original: Exchange, url: str) -> Exchange:
        kept = tuple(row for row in original.request.headers if row[0].lower() not in _MADE_ANEW)
        return replace(
            original,
            id=self._engine.ids(),
            seq=0,
            response=None,
            failure=None,
            tls=None,
            peer_date=None,
            timing=Timing(self._engine.clock()),
            retry_of=original.retry_of or original.id,
            attempt=original.attempt + 1,
            request=replace(original.request, url=url, headers=kept),
        )

    async def _deliver(self, exchange: Exchange, environment: Environment, watch: Watch | None) -> Exchange:
        """Send; one fresh token and one more try with the same ids after a 401 (API specification, security).

        Not where a receiver gave it: it did not accept the caller, and another token says nothing else to it.
        """
        done = await self._attempt(exchange, environment, watch)
        if done.key is not None and done.response is not None and _token_refused(done.response):
            self._tokens.refused(done)
            done = await self._attempt(self._again(done, done.request.url), environment, watch)
        if watch is None or watch.client is None:
            self._engine.publish(StatusChanged(self._status()))
        return done

    async def _attempt(self, exchange: Exchange, environment: Environment, watch: Watch | None) -> Exchange:
        engine = self._engine
        try:
            token = await self._tokens.bearer(environment)
            client = (watch.client if watch is not None else None) or engine.client(environment.id)
        except asyncio.CancelledError:
            await asyncio.shield(engine.history.journal.answered(stopped(exchange, left=False)))
            raise
        except WorkbenchError as error:
            failed = replace(
                exchange, failure=Failure(FailureKind.NOT_SENT, error.code, error.sentence, error.next_step)
            )
            await engine.history.journal.answered(failed)
            return failed
        headers = exchange.request.headers
        if token is not None:
            headers = (("Authorization", f"Bearer {token.reveal()}"), *headers)
        ready = replace(exchange, key=token.kid if token else None, request=replace(exchange.request, headers=headers))
        told = watch.phase if watch is not None else None
        done = await send_journaled(client, engine.history.journal, ready, told)
        self._tokens.heard(done)
        return done


def _rebased(url: str, environment: Environment) -> str:
    """The address of an earlier call where the environment is now; ConfigError when its path is none of it."""
    base, old = urlsplit(environment.base_url), urlsplit(url)
    if not old.path.startswith(f"{base.path.rstrip('/')}/"):
        cause = f"the call went to {old.path}, which lies outside of {environment.base_url}."
        raise ConfigError(ErrorCode.CONFIG_NOT_READY, what=environment.title, cause=cause)
    return urlunsplit((base.scheme, base.netloc, old.path, old.query, ""))


def _token_refused(response: Response) -> bool:
    return response.status == 401 and not any(one.details_code.startswith("REC_") for one in outcome_issues(response))


def check_production(environment: Environment, confirmed: str, method: str) -> None:
    """ConfigError unless the host of production was typed by hand; reads and other environments need nothing."""
    host = host_of(environment.base_url)
    if environment.live and method != "GET" and confirmed.strip().lower() != host:
        raise ConfigError(ErrorCode.CONFIG_HOST, what=host, cause=confirmed or "no host name was given")


def result_of(exchange: Exchange, conversation: str, service: str) -> SendResult:
    """What became of a send in one sentence."""
    found = reading(exchange, service)
    return SendResult(exchange.id, conversation, found.tone, found.text, found.next_step)
