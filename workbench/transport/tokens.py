"""Access tokens, in memory only: asked for once for any number of callers, reused until they near their end.

API specification, security: client credentials with a signed assertion. Must not know keys or environments.
"""

from __future__ import annotations

import asyncio
import json
import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode, urlsplit

from workbench.errors import ErrorCode, NetworkError
from workbench.exchange import Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from workbench.exchange import Clock, Exchange, Failure, Response

MARGIN_S = 30.0
"""A token is not used in its last half minute."""
UNTOLD_S = 60.0
"""Life of a token whose `expires_in` says nothing usable."""
LONGEST_S = 24 * 3600.0
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Token:
    """An access token; its value shows in no text form."""

    kid: str
    client_id: str
    expires: datetime
    """By the wall clock, UTC: for people."""
    ends: float
    """By the monotonic clock: for decisions."""
    _value: str = field(repr=False, compare=False)

    def reveal(self) -> str:
        """The value, for the Authorization header and nothing else."""
        return self._value

    def authorization(self) -> str:
        """The value of the Authorization header."""
        return f"Bearer {self._value}"

    def seconds_left(self, now: float) -> float:
        """Seconds until its end by the monotonic clock; negative after it."""
        return self.ends - now


class _Slot(NamedTuple):
    """What a token belongs to: an address, the key that signed for it, the application."""

    url: str
    kid: str
    client_id: str


class Tokens:
    """One token for each token address, key and application. Used on one loop."""

    def __init__(
        self, *, timer: Callable[[], float], clock: Clock, fetch: Callable[[Request], Awaitable[Exchange]]
    ) -> None:
        """`fetch` sends a token request and keeps it as an exchange."""
        self._timer = timer
        self._clock = clock
        self._fetch = fetch
        self._kept: dict[_Slot, Token] = {}
        self._asking: dict[_Slot, asyncio.Lock] = {}

    async def get(self, url: str, *, kid: str, client_id: str, assertion: Callable[[], str]) -> Token:
        """A token that is good for half a minute at least; `assertion` signs a fresh one when it is needed.

        NetworkError with the platform's own words when it is refused, or with the failure's when nothing came back.
        """
        slot = _Slot(url, kid, client_id)
        async with self._asking.setdefault(slot, asyncio.Lock()):
            kept = self._kept.get(slot)
            if kept is not None and kept.seconds_left(self._timer()) > MARGIN_S:
                return kept
            self._kept[slot] = await self._ask(url, kid, client_id, assertion())
            return self._kept[slot]

    def current(self, url: str, *, kid: str, client_id: str) -> Token | None:
        """The token that is kept for an address, a key and an application, run out or not."""
        return self._kept.get(_Slot(url, kid, client_id))

    def drop(self, url: str) -> None:
        """Forget every token of an address, so that the next call asks for another."""
        for slot in [one for one in self._kept if one.url == url]:
            del self._kept[slot]

    def refused(self, authorization: str) -> None:
        """Forget the token of a header that was refused; one that has taken its place meanwhile stays.

        So many calls that are refused at once ask for one fresh token, not for one each.
        """
        for slot in [one for one, kept in self._kept.items() if authorization == kept.authorization()]:
            del self._kept[slot]

    async def _ask(self, url: str, kid: str, client_id: str, assertion: str) -> Token:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
        }
        headers = (("Content-Type", FORM), ("Accept", "application/json"))
        asked, began = self._clock(), self._timer()
        exchange = await self._fetch(Request("POST", url, headers, urlencode(form).encode("ascii")))
        where = urlsplit(url).netloc
        if exchange.failure is not None:
            raise _as_error(exchange.failure, where)
        if exchange.response is None:
            raise NetworkError(ErrorCode.NET_NO_ANSWER, what=where)
        value, life = _read(exchange.response, where)
        return Token(kid, client_id, asked + timedelta(seconds=life), began + life, value)


def _as_error(failure: Failure, where: str) -> NetworkError:
    """A failure as an error with its own words."""
    error = NetworkError(ErrorCode.NET_TOKEN_ANSWER, what=where, cause=failure.sentence)
    error.code, error.sentence, error.next_step = failure.code, failure.sentence, failure.next_step
    return error


def _read(response: Response, where: str) -> tuple[str, float]:
    """Value and life in seconds out of the answer."""
    try:
        answer = json.loads(response.body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        cause = f"the answer {response.status} is no JSON object"
        raise NetworkError(ErrorCode.NET_TOKEN_ANSWER, what=where, cause=cause)
    if not response.ok:
        words = answer.get("error_description") or answer.get("error") or "no reason was given"
        raise NetworkError(ErrorCode.NET_TOKEN_REFUSED, what=where, cause=f"{response.status}, {words}")
    value = answer.get("access_token")
    if not isinstance(value, str) or not value or not value.isascii() or not value.isprintable():
        raise NetworkError(ErrorCode.NET_TOKEN_ANSWER, what=where, cause="it holds no access_token")
    return value, life_of(answer.get("expires_in"))


def life_of(told: object) -> float:
    """Seconds a token lives by `expires_in`, a number or a text; what cannot be meant counts as a minute."""
    try:
        seconds = float(str(told))
    except ValueError:
        return UNTOLD_S
    return seconds if math.isfinite(seconds) and 0 < seconds <= LONGEST_S else UNTOLD_S
