"""Which token a call carries: signed with the key of the environment, asked for once and kept until it nears its end.

Remembers of every attempt what a doctor asks for, never the secrets; nothing here may log or publish them.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from workbench.doctor import TokenFacts
from workbench.doctor.checks import SKEW_MOST, span
from workbench.doctor.jwt_words import jwt_rows
from workbench.doctor.skew import skew_of
from workbench.errors import ConfigError, ErrorCode, InputError
from workbench.exchange import Direction, Exchange, Request, Timing
from workbench.history.secrets import cut_exchange, placeholder
from workbench.keys import client_assertion
from workbench.keys.jwt_text import JwtFacts, read_jwt
from workbench.session.events import Noticed
from workbench.session.views import TokenView, Tone
from workbench.standard import default_profile
from workbench.transport.journaled import send_journaled

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from workbench.directory import Environment
    from workbench.session.engine import Engine
    from workbench.transport.tokens import Token

MOST_KEPT = 50


@dataclass(frozen=True, slots=True)
class Attempt:
    """One token request of this run, its secrets cut out."""

    exchange: Exchange
    jwt: JwtFacts | None
    """The assertion without its signature."""
    jti_used: bool
    """Whether an earlier attempt had the same jti."""


class TokenCalls:
    """Makes the token requests of the engine it is attached to, as exchanges of the history."""

    def __init__(self) -> None:
        self._engine: Engine | None = None
        self._attempts: OrderedDict[str, Attempt] = OrderedDict()
        self._tokens: OrderedDict[str, TokenFacts] = OrderedDict()
        self._used: set[str] = set()
        self._told: set[str] = set()

    def attach(self, engine: Engine) -> None:
        """Say for whom; the token cache is built before the engine that holds it."""
        self._engine = engine

    @property
    def fetch(self) -> Callable[[Request], Awaitable[Exchange]]:
        """Sends one token request and journals it in the environment whose token address it goes to."""
        return self._fetch

    @property
    def last_assertion(self) -> tuple[tuple[str, str], ...]:
        """The last assertion, decoded for reading; its signature is left out."""
        last = next((one.jwt for one in reversed(self._attempts.values()) if one.jwt is not None), None)
        return jwt_rows(last) if last is not None else ()

    def attempt(self, exchange: str) -> Attempt | None:
        """What is known of a token request of this run."""
        return self._attempts.get(exchange)

    def last_attempt(self, environment: str) -> Attempt | None:
        """The newest token request of an environment in this run."""
        attempts = reversed(self._attempts.values())
        return next((one for one in attempts if one.exchange.environment == environment), None)

    def token_facts(self, authorization: str) -> TokenFacts | None:
        """What is known of the token of a header, given as it was sent or as the history keeps it."""
        kept = authorization if authorization.startswith("[secret ") else placeholder(authorization.encode())
        return self._tokens.get(kept)

    def refused(self, exchange: Exchange) -> None:
        """A call was answered 401: forget the token that it carried, and no other."""
        if self._engine is not None:
            self._engine.tokens.refused(exchange.request.header("Authorization") or "")

    async def _fetch(self, request: Request) -> Exchange:
        engine = self._engine
        if engine is None:
            raise AssertionError("token calls are attached before the first one is made")
        known = (engine.environment_of(one.id) for one in engine.directory.environments.all())
        environment = next((one.id for one in known if one.token_url == request.url), engine.environment)
        exchange = Exchange(
            id=engine.ids(),
            seq=0,
            direction=Direction.OUT,
            environment=environment,
            operation="token",
            versions=default_profile(),
            request=request,
            timing=Timing(engine.clock()),
            key=engine.kid_of(engine.known_environment(environment)),
        )
        jwt = self._assertion(request)
        done = await send_journaled(engine.client(environment), engine.history.journal, exchange)
        self._remember(done, jwt)
        return done

    def _assertion(self, request: Request) -> JwtFacts | None:
        """The assertion of a token request without its signature."""
        told = parse_qs(request.body.decode("ascii", "replace")).get("client_assertion", [""])[0]
        keys = self._engine.keys.facts() if self._engine is not None else ()
        try:
            return read_jwt(told, [dict(key.jwk) for key in keys])
        except InputError:
            return None

    def _remember(self, done: Exchange, jwt: JwtFacts | None) -> None:
        jti = str(jwt.claims.get("jti", "")) if jwt is not None else ""
        self._attempts[done.id] = Attempt(cut_exchange(done)[0], jwt, bool(jti) and jti in self._used)
        if jti:
            self._used.add(jti)
        while len(self._attempts) > MOST_KEPT:
            self._attempts.popitem(last=False)
        self._warn_of_clock(done)

    def _warn_of_clock(self, done: Exchange) -> None:
        """Say once for each environment that the clocks differ by more than a minute."""
        engine, skew = self._engine, skew_of(done)
        if engine is None or skew is None or abs(skew) <= SKEW_MOST or done.environment in self._told:
            return
        self._told.add(done.environment)
        title = engine.known_environment(done.environment).title
        way = "behind" if skew > 0 else "ahead of"
        engine.publish(
            Noticed(
                Tone.WARNING,
                f"This machine's clock is {span(abs(skew))} {way} {title}'s.",
                "Set it by a time server: assertions and certificates are judged by the time.",
            )
        )

    async def bearer(self, environment: Environment) -> Token | None:
        """A valid token, None where the environment asks for none.

        ConfigError without a key for the environment, VaultError while the vault is locked, NetworkError when the
        token is refused.
        """
        engine = self._engine
        if engine is None or not environment.needs_token:
            return None
        url, kid = environment.token_url, engine.kid_of(environment)
        if url is None or kid is None:
            engine.keys.check_unlocked(environment.id)
            raise ConfigError(ErrorCode.CONFIG_KEY, what=environment.title)
        key = engine.keys.load(kid)

        def assertion() -> str:
            return client_assertion(
                key, client_id=environment.client_id, token_url=url, now=engine.clock(), jti=engine.ids()
            )

        token = await engine.tokens.get(url, kid=kid, client_id=environment.client_id, assertion=assertion)
        self._tokens[placeholder(token.authorization().encode())] = TokenFacts(kid, url, token.expires)
        while len(self._tokens) > MOST_KEPT:
            self._tokens.popitem(last=False)
        return token

    def view(self, environment: Environment) -> TokenView:
        """The token chip as it stands now; asks nobody."""
        engine = self._engine
        if engine is None or not environment.needs_token:
            return TokenView(Tone.OK, "No token needed")
        kid = engine.kid_of(environment)
        if kid is None:
            return TokenView(Tone.NEUTRAL, f"No key for {environment.title}")
        token = engine.tokens.current(environment.token_url or "", kid=kid, client_id=environment.client_id)
        if token is None:
            return self._without(environment)
        if token.seconds_left(engine.timer()) <= 0:
            return TokenView(Tone.NEUTRAL, "Token has run out", environment.client_id, token.kid)
        return TokenView(Tone.OK, "Token", environment.client_id, token.kid, token.expires)

    def _without(self, environment: Environment) -> TokenView:
        last = self.last_attempt(environment.id)
        refused = last.exchange.response if last is not None else None
        if refused is None or refused.ok:
            return TokenView(Tone.NEUTRAL, "No token yet")
        return TokenView(Tone.ERROR, f"No token for {environment.title}: refused {refused.status}")
