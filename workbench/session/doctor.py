"""The auth doctor's use cases: the token part of the Keys panel, a test of the whole sign-in, reading a pasted JWT.

Gathers what is known on this machine and hands it to `workbench.doctor`; what a refusal means is decided there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.doctor import (
    CallFacts,
    Diagnosis,
    Explanation,
    KnownKey,
    KnownPlace,
    SignIn,
    State,
    assertion_checks,
    diagnose_call,
    diagnose_token,
    explain,
)
from workbench.doctor.jwt_words import jwt_rows
from workbench.doctor.skew import skew_of
from workbench.errors import ConfigError, ErrorCode, NetworkError, WorkbenchError
from workbench.exchange import Direction
from workbench.keys import read_jwt
from workbench.session.calls import Outgoing
from workbench.session.engine import EMBEDDED
from workbench.session.events import StatusChanged
from workbench.session.token_views import DecodedToken, Step, TokenPage
from workbench.session.views import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.directory import Environment, Service
    from workbench.exchange import Exchange
    from workbench.session.engine import Engine
    from workbench.session.platform import EmbeddedSandbox
    from workbench.session.sending import Sender
    from workbench.session.tokens import Attempt, TokenCalls
    from workbench.session.views import Status

_TOKEN_TROUBLE = frozenset({ErrorCode.NET_TOKEN_REFUSED, ErrorCode.NET_TOKEN_ANSWER})
_OF_TOKENS = frozenset({"P3", "P4", "P5", "P6"})
"""Rules of the proxy by which it refuses a token."""
_RECEIVERS_OWN = "P18"
"""What a receiver says itself is explained, and has no cause on this machine."""


class Doctor:
    """What the window asks about tokens; called on the I/O thread."""

    def __init__(
        self,
        engine: Engine,
        tokens: TokenCalls,
        sender: Sender,
        status: Callable[[], Status],
        sandbox: EmbeddedSandbox | None,
    ) -> None:
        self._engine = engine
        self._tokens = tokens
        self._sender = sender
        self._status = status
        self._sandbox = sandbox

    async def page(self) -> TokenPage:
        """The token of the chosen environment, and why the last request was refused if it was."""
        return self._page(())

    async def forget(self) -> TokenPage:
        """Forget the token of the chosen environment, so that the next call asks for another."""
        self._engine.tokens.drop(self._engine.current_environment().token_url or "")
        self._engine.publish(StatusChanged(self._status()))
        return self._page(())

    async def use_their_clock(self, agreed: bool) -> TokenPage:
        """Date sign-ins of the chosen environment by its time until the program ends, or by this machine's again."""
        self._tokens.clocks.agree(self._engine.current_environment().id, agreed)
        self._engine.publish(StatusChanged(self._status()))
        return self._page(())

    async def decode(self, text: str) -> DecodedToken:
        """A pasted JWT, read and tested against the chosen environment; InputError when it is none. Nothing is kept."""
        engine, environment = self._engine, self._engine.current_environment()
        keys = self._keys()
        jwt = await engine.compute(read_jwt, text, [dict(key.jwk) for key in keys])
        place = _place(environment)
        facts = SignIn(place, self._places(), keys, engine.clock(), jwt, published=self._published(place))
        checks = tuple(sorted(assertion_checks(facts), key=lambda check: check.state is not State.WRONG))
        failed = next((check for check in checks if check.state is State.WRONG), None)
        rows = jwt_rows(jwt, engine.clock())
        if failed is None:
            sentence = f"{place.title} would take this assertion, as far as can be told here."
            return DecodedToken(Tone.OK, sentence, "", rows, checks)
        sentence = f"{failed.sentence}."
        return DecodedToken(Tone.WARNING, sentence, failed.next_step, rows, checks)

    async def test(self) -> TokenPage:
        """Go the whole way in the chosen environment: key, assertion, a fresh token, one harmless call with it."""
        environment = self._engine.usable_environment()
        steps: list[Step] = []
        if not environment.needs_token:
            steps.append(Step("Token", f"{environment.title} asks for none", Tone.OK))
        elif not await self._sign_in(environment, steps):
            return self._page(tuple(steps))
        diagnosis = await self._harmless_call(environment, steps)
        return self._page(tuple(steps), diagnosis)

    async def _sign_in(self, environment: Environment, steps: list[Step]) -> bool:
        """Key, assertion and token as steps; whether there is a token now."""
        engine = self._engine
        engine.tokens.drop(environment.token_url or "")
        try:
            token = await self._tokens.bearer(environment)
        except NetworkError as error:
            last = self._tokens.last_attempt(environment.id)
            kid = last.jwt.kid if last is not None and last.jwt is not None else ""
            steps.append(Step("Key", f"{kid} is at hand", Tone.OK))
            steps.append(Step("Assertion", "signed with RS512, good for 240 s", Tone.OK))
            steps.append(Step("Token", error.sentence, Tone.ERROR))
            return False
        except WorkbenchError as error:
            steps.append(Step("Key", f"{error.sentence} {error.next_step}", Tone.ERROR))
            return False
        finally:
            engine.publish(StatusChanged(self._status()))
        if token is None:
            raise AssertionError("an environment that asks for a token gives one or an error")
        steps.append(Step("Key", f"{token.kid} is at hand", Tone.OK))
        steps.append(Step("Assertion", "signed with RS512, good for 240 s", Tone.OK))
        left = token.seconds_left(engine.timer())
        steps.append(Step("Token", f"{environment.title} gave one for {left:.0f} s", Tone.OK))
        return True

    async def _harmless_call(self, environment: Environment, steps: list[Step]) -> Diagnosis | None:
        """Ask a service of the environment for its capability statement: it reads, and it needs the token."""
        service = self._harmless_service(environment)
        if service is None:
            steps.append(Step("Call", f"no service of {environment.title} is in the directory", Tone.NEUTRAL))
            return None
        try:
            done = await self._sender.send(Outgoing("metadata", service))
        except ConfigError as error:
            steps.append(Step("Call", f"{error.sentence} {error.next_step}", Tone.ERROR))
            return None
        if done.response is None:
            words = done.failure.sentence if done.failure is not None else "no answer"
            steps.append(Step("Call", words, Tone.ERROR))
            return None
        status = done.response.status
        diagnosis = diagnose_call(self._call(done)) if not done.response.ok else None
        if diagnosis is None:
            steps.append(Step("Call", f"{service.name} gave its capability statement ({status})", Tone.OK))
            return None
        if diagnosis.refusal in _OF_TOKENS:
            steps.append(Step("Call", f"{environment.title} refused the token: {status}", Tone.ERROR))
            return diagnosis
        words = f"the token was accepted; {service.name} answered {status}: {diagnosis.title}"
        steps.append(Step("Call", words, Tone.WARNING))
        return diagnosis

    def _harmless_service(self, environment: Environment) -> Service | None:
        every = self._engine.directory.services.all()
        return next((one for one in every if one.role == "receiver" and environment.id in one.environments), None)

    # for the timeline

    async def about(self, exchange: Exchange) -> tuple[Diagnosis | None, Explanation | None]:
        """Why a call of the history was refused, and what its answer means; (None, None) for one that was not."""
        every = self._engine.directory.environments.all()
        known = exchange.direction is Direction.OUT and any(one.id == exchange.environment for one in every)
        if exchange.operation == "token" or (exchange.failure is not None and exchange.failure.code in _TOKEN_TROUBLE):
            return (self._of_token(exchange) if known else None), None
        if exchange.response is None or exchange.response.ok:
            return None, None
        size = len(exchange.response.body)
        told = await self._engine.compute(explain, exchange.response, size=size)
        found = await self._engine.compute(diagnose_call, self._call(exchange), size=size) if known else None
        return (found if found is not None and found.refusal != _RECEIVERS_OWN else None), told

    def dated(self, exchange: Exchange) -> str:
        """`INT's time` for a token request that was dated by it; empty for all else."""
        if not exchange.dated_by_s:
            return ""
        return f"{self._engine.known_environment(exchange.environment).title}'s time"

    def _of_token(self, exchange: Exchange) -> Diagnosis | None:
        """Of a token request itself, or of a call that could not be sent without one."""
        if exchange.operation == "token":
            return diagnose_token(self._facts(exchange, self._tokens.attempt(exchange.id)))
        last = self._tokens.last_attempt(exchange.environment)
        if last is None or last.exchange.timing.started < exchange.timing.started:
            return None
        return diagnose_token(self._facts(last.exchange, last))

    # facts

    def _page(self, steps: tuple[Step, ...], diagnosis: Diagnosis | None = None) -> TokenPage:
        environment = self._engine.current_environment()
        last = self._tokens.last_attempt(environment.id)
        refused = diagnose_token(self._facts(last.exchange, last)) if last is not None else None
        return TokenPage(
            environment=environment.title,
            needs_token=environment.needs_token,
            token=self._tokens.view(environment),
            assertion=jwt_rows(last.jwt) if last is not None and last.jwt is not None else (),
            asked=last.exchange.timing.started if last is not None else None,
            diagnosis=refused or diagnosis,
            steps=steps,
            clock=self._tokens.clocks.words(self._engine, environment.id),
            their_clock=self._tokens.clocks.agreed(self._engine, environment.id),
            dated=self.dated(last.exchange) if last is not None else "",
        )

    def _facts(self, exchange: Exchange, attempt: Attempt | None) -> SignIn:
        place = _place(self._engine.known_environment(exchange.environment))
        return SignIn(
            place=place,
            places=self._places(),
            keys=self._keys(),
            at=exchange.timing.started,
            jwt=attempt.jwt if attempt is not None else None,
            jti_used=attempt.jti_used if attempt is not None else False,
            request=exchange.request,
            response=exchange.response,
            failure=exchange.failure,
            skew_s=skew_of(exchange),
            dated_by_s=exchange.dated_by_s,
            published=self._published(place),
            tls=exchange.tls,
        )

    def _call(self, exchange: Exchange) -> CallFacts:
        assert exchange.response is not None
        place = _place(self._engine.known_environment(exchange.environment))
        held = exchange.request.header("Authorization")
        return CallFacts(
            place=place,
            places=self._places(),
            request=exchange.request,
            response=exchange.response,
            at=exchange.timing.started,
            key=exchange.key or "",
            token=self._tokens.token_facts(held) if held else None,
            services=tuple(
                (one.system, one.value)
                for one in self._engine.directory.services.all()
                if not one.environments or place.id in one.environments
            ),
            keys=self._keys(),
            skew_s=skew_of(exchange),
            tls=exchange.tls,
        )

    def _places(self) -> tuple[KnownPlace, ...]:
        engine = self._engine
        return tuple(_place(engine.environment_of(one.id)) for one in engine.directory.environments.all())

    def _keys(self) -> tuple[KnownKey, ...]:
        return tuple(KnownKey(one.kid, one.environments, one.jwk) for one in self._engine.keys.facts())

    def _published(self, place: KnownPlace) -> frozenset[str] | None:
        """The key set that is registered for the application: known of the embedded sandbox only."""
        if place.id != EMBEDDED or self._sandbox is None:
            return None
        registered = self._sandbox.sandbox.tokens.clients
        keys = next((one.keys for one in registered if one.id == place.client_id), ())
        return frozenset(str(key.get("kid", "")) for key in keys)


def _place(environment: Environment) -> KnownPlace:
    return KnownPlace(
        environment.id,
        environment.title,
        environment.base_url,
        environment.token_url or "",
        environment.client_id,
        environment.needs_token,
    )
