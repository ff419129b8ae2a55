"""Which token a call carries: signed with the key of the environment, asked for once and kept until it nears its end.

Remembers of every attempt what a doctor asks for, never the secrets; nothing here may log or publish them.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from workbench.doctor import TokenFacts
from workbench.doctor.jwt_words import jwt_rows
from workbench.errors import ConfigError, ErrorCode, InputError
from workbench.exchange import Direction, Exchange, Request, Timing
from workbench.history.secrets import cut_exchange, placeholder
from workbench.keys import client_assertion
from workbench.keys.jwt_text import JwtFacts, read_jwt
from workbench.session.clocks import NONE, Clocks
from workbench.session.views import TokenView, Tone
from workbench.standard import default_profile
from workbench.transport.journaled import send_journaled
from workbench.transport.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import timedelta

    from workbench.directory import Environment
    from workbench.session.engine import Engine
    from workbench.transport.client import Client
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
        self._corrections: dict[str, timedelta] = {}
        """By jti, until the request with it is made."""
        self.clocks = Clocks()

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

    def heard(self, done: Exchange) -> None:
        """A call was answered: where no token endpoint tells the environment's time, its answer does."""
        engine = self._engine
        if engine is not None and not engine.known_environment(done.environment).needs_token:
            self.clocks.heard(engine, done)

    def refused(self, exchange: Exchange) -> None:
        """A call was answered 401: forget the token that it carried, and no other."""
        if self._engine is not None:
            self._engine.tokens.refused(exchange.request.header("Authorization") or "")

    async def _fetch(self, request: Request) -> Exchange:
        engine = self._attached()
        known = (engine.environment_of(one.id) for one in engine.directory.environments.all())
        environment = next((one.id for one in known if one.token_url == request.url), engine.environment)
        return await self._ask(request, engine.known_environment(environment), engine.client(environment))

    async def _ask(self, request: Request, environment: Environment, client: Client) -> Exchange:
        engine, jwt = self._attached(), self._assertion(request)
        exchange = Exchange(
            id=engine.ids(),
            seq=0,
            direction=Direction.OUT,
            environment=environment.id,
            operation="token",
            versions=default_profile(),
            request=request,
            timing=Timing(engine.clock()),
            key=engine.kid_of(environment),
            dated_by_s=self._corrections.pop(_jti(jwt), NONE).total_seconds(),
        )
        done = await send_journaled(client, engine.history.journal, exchange)
        self._remember(done, jwt)
        return done

    def _attached(self) -> Engine:
        if self._engine is None:
            raise AssertionError("token calls are attached before the first one is made")
        return self._engine

    def _assertion(self, request: Request) -> JwtFacts | None:
        """The assertion of a token request without its signature."""
        told = parse_qs(request.body.decode("ascii", "replace")).get("client_assertion", [""])[0]
        keys = self._engine.keys.facts() if self._engine is not None else ()
        try:
            return read_jwt(told, [dict(key.jwk) for key in keys])
        except InputError:
            return None

    def _remember(self, done: Exchange, jwt: JwtFacts | None) -> None:
        jti = _jti(jwt)
        used = bool(jti) and jti in self._used
        self._attempts[done.id] = Attempt(cut_exchange(done)[0], jwt, used)
        if jti:
            self._used.add(jti)
        while len(self._attempts) > MOST_KEPT:
            self._attempts.popitem(last=False)
        if self._engine is not None:
            self.clocks.heard(self._engine, done)

    async def bearer(self, environment: Environment) -> Token | None:
        """A valid token, None where the environment asks for none.

        ConfigError without a key for the environment, VaultError while the vault is locked, NetworkError when the
        token is refused.
        """
        if self._engine is None or not environment.needs_token:
            return None
        return await self._token(environment, self._engine.tokens)

    async def trial(self, environment: Environment, client: Client) -> Token | None:
        """As `bearer`, by a client of one's own for an environment as it may become: asked for anew and not kept."""
        engine = self._attached()
        if not environment.needs_token:
            return None

        async def fetch(request: Request) -> Exchange:
            return await self._ask(request, environment, client)

        return await self._token(environment, Tokens(timer=engine.timer, clock=engine.clock, fetch=fetch))

    async def _token(self, environment: Environment, tokens: Tokens) -> Token:
        engine = self._attached()
        url, kid = environment.token_url, engine.kid_of(environment)
        if url is None or kid is None:
            engine.keys.check_unlocked(environment.id, environment.key)
            raise ConfigError(ErrorCode.CONFIG_KEY, what=environment.title)
        key = engine.keys.load(kid)

        def assertion() -> str:
            jti, correction = engine.ids(), self.clocks.correction(engine, environment.id)
            if correction:
                self._corrections[jti] = correction
            now = engine.clock() + correction
            return client_assertion(key, client_id=environment.client_id, token_url=url, now=now, jti=jti)

        token = await tokens.get(url, kid=kid, client_id=environment.client_id, assertion=assertion)
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
            locked = engine.keys.locked(environment.id, environment.key)
            return TokenView(Tone.NEUTRAL, "Keys are locked" if locked else f"No key for {environment.title}")
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


def _jti(jwt: JwtFacts | None) -> str:
    return str(jwt.claims.get("jti", "")) if jwt is not None else ""
