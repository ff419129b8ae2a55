"""Sending: a token, the journal, the network; retries keep bytes and ids.

Every send leaves an exchange, failed ones too. Knows no window.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from workbench.errors import ConfigError, ErrorCode, WorkbenchError
from workbench.evidence.lanes import seconds_words
from workbench.exchange import Direction, Exchange, Failure, FailureKind, Timing
from workbench.rules import profile_of
from workbench.session.calls import NEW, call_request, read_facts
from workbench.session.events import StatusChanged
from workbench.session.views import SendResult, Tone
from workbench.standard import default_profile
from workbench.standard.operations import operations
from workbench.transport.journaled import send_journaled, stopped

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.directory import Environment
    from workbench.session.calls import Outgoing
    from workbench.session.engine import Engine
    from workbench.session.tokens import TokenCalls
    from workbench.session.views import Status


_MADE_ANEW = frozenset({"authorization", "host", "accept-encoding", "content-length"})
"""Headers that a retry does not take over: they follow from the token and the connection."""


class Sender:
    """Makes calls in the chosen environment."""

    def __init__(self, engine: Engine, tokens: TokenCalls, status: Callable[[], Status]) -> None:
        self._engine = engine
        self._tokens = tokens
        self._status = status

    async def send(self, outgoing: Outgoing) -> Exchange:
        """Send and record one call; ConfigError before anything leaves when the environment may not be used so."""
        engine = self._engine
        environment = engine.usable_environment()
        check_production(environment, outgoing.confirm_host, operations()[outgoing.operation].method)
        identity = engine.current_identity()
        facts, syntax = read_facts(outgoing.body)
        versions = profile_of(facts, default_profile())
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
        return await self._deliver(exchange, environment)

    async def retry(self, original: Exchange, confirm_host: str = "") -> Exchange:
        """Send the same bytes with the same ids again (Core, Transactional integrity, definition of a retry).

        It goes to where the environment is now: the embedded sandbox has another port at every start, and a token goes
        to no other host than its own. ConfigError where the environment cannot be used or its address is another one.
        """
        environment = self._engine.usable_environment(original.environment)
        check_production(environment, confirm_host, original.request.method)
        return await self._deliver(self._again(original, _rebased(original.request.url, environment)), environment)

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

    async def _deliver(self, exchange: Exchange, environment: Environment) -> Exchange:
        """Send; one fresh token and one more try with the same ids after a 401 (API specification, security)."""
        done = await self._attempt(exchange, environment)
        refused = done.response is not None and done.response.status == 401
        if refused and done.key is not None:
            self._engine.tokens.drop(environment.token_url or "")
            done = await self._attempt(self._again(done, done.request.url), environment)
        self._engine.publish(StatusChanged(self._status()))
        return done

    async def _attempt(self, exchange: Exchange, environment: Environment) -> Exchange:
        engine = self._engine
        try:
            token = await self._tokens.bearer(environment)
        except asyncio.CancelledError:
            await asyncio.shield(engine.history.journal.answered(stopped(exchange)))
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
        return await send_journaled(engine.client(environment.id), engine.history.journal, ready)


def _rebased(url: str, environment: Environment) -> str:
    """The address of an earlier call where the environment is now; ConfigError when its path is none of it."""
    base, old = urlsplit(environment.base_url), urlsplit(url)
    if not old.path.startswith(f"{base.path.rstrip('/')}/"):
        cause = f"the call went to {old.path}, which lies outside of {environment.base_url}."
        raise ConfigError(ErrorCode.CONFIG_NOT_READY, what=environment.title, cause=cause)
    return urlunsplit((base.scheme, base.netloc, old.path, old.query, ""))


def check_production(environment: Environment, confirmed: str, method: str) -> None:
    """ConfigError unless the host of production was typed by hand; reads and other environments need nothing."""
    host = urlsplit(environment.base_url).hostname or ""
    if environment.production and method != "GET" and confirmed.strip().lower() != host:
        raise ConfigError(ErrorCode.CONFIG_HOST, what=host, cause=confirmed or "no host name was given")


def result_of(exchange: Exchange, conversation: str, service: str) -> SendResult:
    """What became of a send in one sentence."""
    took = exchange.timing.total
    spent = f" in {seconds_words(took)}" if took is not None else ""
    if exchange.failure is not None:
        unknown = exchange.failure.kind in (FailureKind.UNKNOWN, FailureKind.CUT)
        tone = Tone.UNKNOWN if unknown else Tone.ERROR
        return SendResult(exchange.id, conversation, tone, exchange.failure.sentence, exchange.failure.next_step)
    response = exchange.response
    if response is None:
        return SendResult(exchange.id, conversation, Tone.WAITING, f"Sent to {service}")
    if response.ok:
        return SendResult(exchange.id, conversation, Tone.OK, f"Sent to {service}: {response.status}{spent}")
    return SendResult(
        exchange.id,
        conversation,
        Tone.ERROR,
        f"{service} refused: {response.status}{spent}",
        "Open it in the timeline to read why.",
    )
