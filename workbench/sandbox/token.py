"""The token endpoint: verifies a signed client assertion by the platform's rules, in its order, and gives a token.

API specification, security; texts and statuses are the platform's. Must not know what a token is used for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from workbench import assets
from workbench.exchange import Response
from workbench.keys.jwt_text import jwt_parts, verifies
from workbench.receiver.outcome import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.exchange import Clock, Headers, Ids, Request

TOKEN_PATH = "/oauth2/token"
LIFETIME = timedelta(seconds=599)
FURTHEST = 310
"""Seconds that `exp` may lie ahead; five minutes with some grace."""
JTI_KEPT = timedelta(days=30)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class TokenError:
    """One refusal."""

    id: str
    status: int
    error: str
    text: str


@dataclass(frozen=True, slots=True)
class Client:
    """A registered application."""

    id: str
    keys: tuple[Mapping[str, Any], ...]
    """Its public keys as JWKs; none = it never registered one."""
    subscribed: bool = True
    """Whether BaRS is enabled for it; without, its tokens are refused by the proxy (403)."""
    restricted: bool = True
    """Whether any product allows it to ask for application-restricted tokens."""


class TokenState(StrEnum):
    """What a token presented to the proxy is worth."""

    GOOD = "good"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    NOT_SUBSCRIBED = "not-subscribed"


@cache
def token_errors() -> Mapping[str, TokenError]:
    """Every refusal by id, in the order they are looked for."""
    rows = assets.table("sandbox", "token_errors.toml")["error"]
    return {row["id"]: TokenError(row["id"], row["status"], row["error"], row["text"]) for row in rows}


class TokenEndpoint:
    """Gives tokens to registered clients. Tokens live in memory; only the loop's thread touches it."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._clients: dict[str, Client] = {}
        self._used: dict[tuple[str, str], datetime] = {}
        self._tokens: dict[str, tuple[str, datetime]] = {}

    def register(self, client: Client) -> None:
        """Add or replace a client."""
        self._clients[client.id] = client

    @property
    def clients(self) -> tuple[Client, ...]:
        """Every registered client."""
        return tuple(self._clients.values())

    def answer(self, request: Request) -> tuple[Response, str]:
        """The answer to a request at the token address, and the rule that gave it."""
        if request.method != "POST":
            return Response(405, phrase(405), (("Allow", "POST"), *_GUARDS)), "method"
        outcome = self._check(request)
        if isinstance(outcome, TokenError):
            return self._refused(outcome), outcome.id
        now = self._clock()
        self._forget(now)
        token = self._ids().replace("-", "") + self._ids().replace("-", "")
        self._tokens[token] = (outcome.id, now + LIFETIME)
        body = {
            "access_token": token,
            "expires_in": str(int(LIFETIME.total_seconds())),
            "token_type": "Bearer",
            "issued_at": str(int(now.timestamp() * 1000)),
        }
        return _json(200, body), "token"

    def client_of(self, token: str) -> str:
        """The client that a token was given to; the token itself where none was given."""
        return self._tokens[token][0] if token in self._tokens else token

    def state_of(self, token: str) -> TokenState:
        """What a bearer token is worth now."""
        found = self._tokens.get(token)
        if found is None:
            return TokenState.UNKNOWN
        client, until = found
        if self._clock() >= until:
            return TokenState.EXPIRED
        known = self._clients.get(client)
        return TokenState.GOOD if known is not None and known.subscribed else TokenState.NOT_SUBSCRIBED

    def _refused(self, error: TokenError) -> Response:
        body = {"error": error.error, "error_description": error.text, "message_id": f"rrt-{self._ids()}"}
        return _json(error.status, body)

    def _forget(self, now: datetime) -> None:
        """Drop tokens that ended an hour ago and jtis after thirty days."""
        self._tokens = {key: row for key, row in self._tokens.items() if row[1] > now - timedelta(hours=1)}
        self._used = {key: when for key, when in self._used.items() if when > now - JTI_KEPT}

    def _check(self, request: Request) -> Client | TokenError:
        errors = token_errors()
        if (request.header("Content-Type") or "").strip().lower() != _FORM:
            return errors["content-type"]
        form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        if not form.get("grant_type"):
            return errors["grant-missing"]
        if form["grant_type"] != "client_credentials":
            return errors["grant-wrong"]
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            return errors["assertion-type"]
        if not form.get("client_assertion"):
            return errors["assertion-missing"]
        read = jwt_parts(form["client_assertion"])
        if read is None:
            return errors["malformed"]
        header, claims = read
        wrong = _malformed_part(header, claims, self._clock().timestamp())
        if wrong is not None:
            return errors[wrong]
        owner, jti = str(claims["iss"]), str(claims["jti"])
        if (owner, jti) in self._used:
            return errors["jti-used"]
        if claims["exp"] > self._clock().timestamp() + FURTHEST:
            return errors["exp-far"]
        self._used[owner, jti] = self._clock()  # before the signature is looked at, as the platform does
        return self._signed(form["client_assertion"], header, claims, request)

    def _signed(
        self, assertion: str, header: Mapping[str, Any], claims: Mapping[str, Any], request: Request
    ) -> Client | TokenError:
        errors = token_errors()
        client = self._clients.get(str(claims["iss"]))
        if client is None:
            return errors["client-unknown"]
        if not client.keys:
            return errors["keys-missing"]
        key = next((row for row in client.keys if row.get("kid") == header["kid"]), None)
        if key is None:
            return errors["kid-unknown"]
        if not verifies(assertion, key):
            return errors["signature"]
        if claims.get("aud") != request.url.partition("?")[0]:
            return errors["aud"]
        return client if client.restricted else errors["not-subscribed"]


FARTHEST_TIME = 1e12
"""Seconds since 1970; what is no number of this size (infinity and NaN included) is no time."""
LONGEST_JTI = 256


def _malformed_part(header: Mapping[str, Any], claims: Mapping[str, Any], now: float) -> str | None:
    """The first thing wrong with headers and claims as such, in the platform's order."""
    exp = claims.get("exp")
    counted = isinstance(exp, int | float) and not isinstance(exp, bool) and abs(exp) < FARTHEST_TIME
    checks = (
        ("alg", header.get("alg") != "RS512"),
        ("exp-past", counted and float(str(exp)) <= now),
        ("kid-missing", not header.get("kid")),
        ("typ", str(header.get("typ", "")).upper() != "JWT"),
        ("exp-missing", exp is None),
        ("exp-type", not counted or float(str(exp)) != int(float(str(exp)))),
        ("iss-sub", not claims.get("iss") or claims.get("iss") != claims.get("sub")),
        ("jti-missing", not claims.get("jti")),
        ("jti-type", not isinstance(claims.get("jti"), str) or len(claims["jti"]) > LONGEST_JTI),
    )
    return next((id for id, wrong in checks if wrong), None)


_GUARDS: Headers = (("Cache-Control", "no-store"),)


def _json(status: int, body: Mapping[str, str]) -> Response:
    headers: Headers = (("Content-Type", "application/json"), *_GUARDS)
    return Response(status, phrase(status), headers, json.dumps(body).encode())
