"""Which token a call carries: signed with the key of the environment, asked for once and kept until it nears its end.

Secrets stay in the token value; nothing here may log or publish them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import ConfigError, ErrorCode
from workbench.exchange import Direction, Exchange, Request, Timing
from workbench.keys import client_assertion, decode_assertion
from workbench.session.views import TokenView, Tone
from workbench.standard import default_profile
from workbench.transport.journaled import send_journaled

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from workbench.directory import Environment
    from workbench.session.engine import Engine
    from workbench.transport.tokens import Token


class TokenCalls:
    """Makes the token requests of the engine it is attached to, as exchanges of the history."""

    def __init__(self) -> None:
        self._engine: Engine | None = None
        self.last_assertion: tuple[tuple[str, str], ...] = ()
        """The last assertion, decoded for reading; its signature is left out."""

    def attach(self, engine: Engine) -> None:
        """Say for whom; the token cache is built before the engine that holds it."""
        self._engine = engine

    @property
    def fetch(self) -> Callable[[Request], Awaitable[Exchange]]:
        """Sends one token request and journals it in the environment whose token address it goes to."""
        return self._fetch

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
            key=engine.keys.kid_for(environment),
        )
        return await send_journaled(engine.client(environment), engine.history.journal, exchange)

    async def bearer(self, environment: Environment) -> Token | None:
        """A valid token, None where the environment asks for none.

        ConfigError without a key for the environment, VaultError while the vault is locked, NetworkError when the
        token is refused.
        """
        engine = self._engine
        if engine is None or not environment.needs_token:
            return None
        url, kid = environment.token_url, engine.keys.kid_for(environment.id)
        if url is None or kid is None:
            raise ConfigError(ErrorCode.CONFIG_KEY, what=environment.title)
        key = engine.keys.load(kid)

        def assertion() -> str:
            made = client_assertion(
                key, client_id=environment.client_id, token_url=url, now=engine.clock(), jti=engine.ids()
            )
            self.last_assertion = decode_assertion(made).rows()
            return made

        return await engine.tokens.get(url, kid=kid, client_id=environment.client_id, assertion=assertion)

    def view(self, environment: Environment) -> TokenView:
        """The token chip as it stands now; asks nobody."""
        engine = self._engine
        if engine is None or not environment.needs_token:
            return TokenView(Tone.OK, "No token needed")
        token = engine.tokens.current(environment.token_url or "")
        if token is None:
            if engine.keys.kid_for(environment.id) is None:
                return TokenView(Tone.NEUTRAL, f"No key for {environment.title}")
            return TokenView(Tone.NEUTRAL, "No token yet")
        if token.seconds_left(engine.timer()) <= 0:
            return TokenView(Tone.NEUTRAL, "Token has run out", environment.client_id, token.kid)
        return TokenView(Tone.OK, "Token", environment.client_id, token.kid, token.expires)
