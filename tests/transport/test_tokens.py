"""Tokens: one request for many callers, reuse until near the end, refusals in the platform's words, no secret shown."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.transport.builders import an_exchange
from workbench.errors import ErrorCode, NetworkError
from workbench.exchange import Exchange, Failure, FailureKind, Request, Response
from workbench.transport.tokens import Token, Tokens, life_of

URL = "https://int.api.service.nhs.uk/oauth2/token"
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


class Platform:
    """Answers token requests; counts them and what they were signed with."""

    def __init__(self, answer: Response | Failure | None = None) -> None:
        self.requests: list[Request] = []
        self.answer = answer
        self.seconds = 0.0

    async def fetch(self, request: Request) -> Exchange:
        self.requests.append(request)
        number = len(self.requests)
        await asyncio.sleep(0)
        body = {"access_token": f"Canary{number}", "expires_in": "599", "token_type": "Bearer"}
        answer = self.answer or Response(200, "OK", (), json.dumps(body).encode())
        exchange = replace(an_exchange(URL), request=request)
        if isinstance(answer, Failure):
            return replace(exchange, failure=answer)
        return replace(exchange, response=answer)

    def tokens(self) -> Tokens:
        return Tokens(timer=lambda: self.seconds, clock=lambda: NOW, fetch=self.fetch)


def test_fifty_callers_make_one_request() -> None:
    platform = Platform()
    tokens = platform.tokens()

    async def play() -> list[str]:
        got = await asyncio.gather(
            *(tokens.get(URL, kid="k", client_id="app", assertion=lambda: "signed") for _ in range(50))
        )
        return [one.reveal() for one in got]

    assert asyncio.run(play()) == ["Canary1"] * 50
    assert len(platform.requests) == 1
    body = platform.requests[0].body.decode()
    assert "grant_type=client_credentials" in body
    assert "client_assertion=signed" in body
    assert platform.requests[0].header("Content-Type") == "application/x-www-form-urlencoded"


def test_a_token_is_renewed_half_a_minute_before_its_end_and_for_another_key() -> None:
    platform = Platform()
    tokens = platform.tokens()

    async def get(kid: str = "k") -> str:
        return (await tokens.get(URL, kid=kid, client_id="app", assertion=lambda: "a")).reveal()

    async def play() -> list[str]:
        found = [await get()]
        platform.seconds = 560.0
        found.append(await get())
        platform.seconds = 570.0
        found.append(await get())
        found.append(await get("other"))
        tokens.drop(URL)
        found.append(await get("other"))
        return found

    assert asyncio.run(play()) == ["Canary1", "Canary1", "Canary2", "Canary3", "Canary4"]


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("599", 599.0), (599, 599.0), (None, 60.0), ("soon", 60.0), (-5, 60.0), (0, 60.0), (1e99, 60.0), ("nan", 60.0)],
)
def test_lives_that_cannot_be_meant_count_as_a_minute(told: object, seconds: float) -> None:
    assert life_of(told) == seconds


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (
            Response(401, "", (), b'{"error": "invalid_request", "error_description": "Non-unique \'jti\' claim"}'),
            ErrorCode.NET_TOKEN_REFUSED,
            "Non-unique 'jti'",
        ),
        (Response(200, "", (), b"<html>"), ErrorCode.NET_TOKEN_ANSWER, "no JSON"),
        (Response(200, "", (), b"[" * 100_000), ErrorCode.NET_TOKEN_ANSWER, "no JSON"),
        (Response(200, "", (), b"{}"), ErrorCode.NET_TOKEN_ANSWER, "no access_token"),
        (Response(200, "", (), b'{"access_token": "a\\nb"}'), ErrorCode.NET_TOKEN_ANSWER, "no access_token"),
        (
            Failure.of(FailureKind.NOT_SENT, ErrorCode.NET_REFUSED, what="x:1"),
            ErrorCode.NET_REFUSED,
            "Nothing is listening",
        ),
    ],
)
def test_refusals_keep_the_platforms_words(answer: Response | Failure, code: ErrorCode, words: str) -> None:
    tokens = Platform(answer).tokens()
    with pytest.raises(NetworkError) as raised:
        asyncio.run(tokens.get(URL, kid="k", client_id="app", assertion=lambda: "a"))
    assert (raised.value.code, words in raised.value.sentence) == (code, True), raised.value.sentence
    assert tokens.current(URL, kid="k", client_id="app") is None


def test_each_key_and_application_has_a_token_of_its_own() -> None:
    platform = Platform()
    tokens = platform.tokens()

    async def play() -> list[str]:
        pairs = [("a", "app"), ("b", "app"), ("a", "other"), ("a", "app"), ("b", "app")]
        got = await asyncio.gather(*(tokens.get(URL, kid=k, client_id=c, assertion=lambda: "s") for k, c in pairs))
        return [one.reveal() for one in got]

    found = asyncio.run(play())
    assert (len(platform.requests), found[0], found[1]) == (3, found[3], found[4])
    assert len(set(found)) == 3
    tokens.drop(URL)
    assert tokens.current(URL, kid="a", client_id="app") is None


def test_fifty_calls_that_are_refused_at_once_ask_for_one_fresh_token() -> None:
    platform = Platform()
    tokens = platform.tokens()

    async def get() -> Token:
        return await tokens.get(URL, kid="k", client_id="app", assertion=lambda: "a")

    async def again(used: Token) -> str:
        tokens.refused(used.authorization())
        return (await get()).reveal()

    async def play() -> list[str]:
        used = await asyncio.gather(*(get() for _ in range(50)))
        return list(await asyncio.gather(*(again(one) for one in used)))

    assert asyncio.run(play()) == ["Canary2"] * 50
    assert len(platform.requests) == 2
    tokens.refused("Bearer Canary1")
    assert tokens.current(URL, kid="k", client_id="app") is not None, "an older token that is refused harms nobody"


def test_a_token_never_shows_its_value() -> None:
    tokens = Platform().tokens()
    token = asyncio.run(tokens.get(URL, kid="k", client_id="app", assertion=lambda: "a"))
    assert "Canary" not in f"{token!r} {token}"
    assert (token.expires, token.seconds_left(100.0)) == (NOW + timedelta(seconds=599), 499.0)
