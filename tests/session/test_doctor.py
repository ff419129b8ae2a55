"""The auth doctor at work in a session, with tokens: one token for many sends, a refusal explained, a JWT read."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from workbench.errors import InputError
from workbench.exchange import Address, FailureKind
from workbench.session.calls import Outgoing
from workbench.session.events import Noticed
from workbench.session.views import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.exchange import Exchange
    from workbench.session.events import SessionEvent
    from workbench.session.session import Session


def token_calls(session: Session) -> list[Any]:
    """Every token request that the embedded sandbox has answered."""
    sandbox = session._parts.sandbox
    assert sandbox is not None
    return [row for row in sandbox.sandbox.log.rows() if row.request.url.endswith("/oauth2/token")]


async def checks(session: Session, number: int) -> list[Exchange]:
    """So many capability checks at once."""
    service = next(one for one in session._engine.directory.services.all() if one.role == "receiver")
    sender = session._parts.sender
    return list(await asyncio.gather(*(sender.send(Outgoing("metadata", service)) for _ in range(number))))


def test_fifty_sends_at_once_make_one_token_request_and_one_more_when_it_is_refused(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        session._engine.tokens.drop(session._engine.current_environment().token_url or "")
        before = len(token_calls(session))
        assert {one.response.status for one in await checks(session, 50) if one.response} == {200}
        assert len(token_calls(session)) == before + 1
        sandbox = session._parts.sandbox
        assert sandbox is not None
        sandbox.sandbox.tokens._tokens.clear()  # the platform forgets every token
        done = await checks(session, 50)
        assert {one.response.status for one in done if one.response} == {200}
        assert len(token_calls(session)) == before + 2
        again = [one for one in done if one.attempt == 2]
        assert again
        for one in again:
            first = await session._parts.timeline.exchange(one.retry_of or "")
            assert first.request.header("X-Request-Id") == one.request.header("X-Request-Id")
        ids = [one.claims["jti"] for one in (a.jwt for a in session._parts.tokens._attempts.values()) if one]
        assert len(ids) == len(set(ids)) >= 2

    play(work)


def test_the_whole_sign_in_is_tested_and_a_refusal_is_explained(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        doctor = session.doctor
        page = await doctor.test()
        assert [(step.name, step.tone) for step in page.steps] == [
            ("Key", Tone.OK),
            ("Assertion", Tone.OK),
            ("Token", Tone.OK),
            ("Call", Tone.OK),
        ]
        assert (page.diagnosis, page.token.tone, page.needs_token) == (None, Tone.OK, True)
        assert dict(page.assertion)["alg"] == "RS512"

        forgotten = await doctor.forget()
        assert forgotten.token.text == "No token yet"

        sandbox, environment = session._parts.sandbox, session._engine.current_environment()
        assert sandbox is not None
        sandbox.sandbox.register(environment.client_id, {"keys": []})
        page = await doctor.test()
        assert [step.tone for step in page.steps] == [Tone.OK, Tone.OK, Tone.ERROR]
        assert page.diagnosis is not None
        assert (page.diagnosis.refusal, page.diagnosis.checks[0].id) == ("keys-missing", "published")
        assert page.diagnosis.title == f"Embedded sandbox does not know the key {dict(page.assertion)['kid']} yet"
        assert "refused 403" in page.token.text

        (failed,) = await checks(session, 1)
        detail = await session.detail(failed.id)
        assert failed.failure is not None
        assert detail.diagnosis is not None
        assert detail.diagnosis.refusal == "keys-missing"
        sandbox.register()
        assert (await doctor.test()).diagnosis is None

    play(work)


def test_a_token_endpoint_that_is_down_stops_the_send_and_is_explained(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        engine = session._engine
        await session.doctor.forget()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            engine.sandbox_address = Address("127.0.0.1", probe.getsockname()[1])
            page = await session.doctor.test()
            (failed,) = await checks(session, 1)
        assert page.diagnosis is not None
        assert (page.diagnosis.refusal, page.steps[-1].tone) == ("net.refused", Tone.ERROR)
        assert page.diagnosis.title == page.steps[-1].words
        assert failed.failure is not None
        assert failed.failure.kind is FailureKind.NOT_SENT

    play(work)


def test_an_application_without_bars_and_a_service_that_is_not_there_are_explained_in_the_timeline(
    play: Callable[..., Any],
) -> None:
    async def work(session: Session) -> None:
        sandbox, environment = session._parts.sandbox, session._engine.current_environment()
        assert sandbox is not None
        keys = session._engine.keys.jwks("embedded")
        sandbox.sandbox.register(environment.client_id, keys, subscribed=False)
        page = await session.doctor.test()
        assert page.diagnosis is not None
        assert (page.diagnosis.refusal, page.steps[-1].tone) == ("P5", Tone.ERROR)
        sandbox.register()

        service = next(one for one in session._engine.directory.services.all() if one.role == "receiver")
        sandbox.sandbox.unroute(service.system, service.value)
        (done,) = await checks(session, 1)
        detail = await session.detail(done.id)
        assert detail.diagnosis is not None
        assert detail.explanation is not None
        assert (detail.diagnosis.refusal, detail.explanation.code) == ("P11", "PROXY_NOT_FOUND")
        assert service.value in detail.diagnosis.title
        page = await session.doctor.test()
        assert (page.steps[-1].tone, "the token was accepted" in page.steps[-1].words) == (Tone.WARNING, True)

    play(work)


def test_a_pasted_token_is_read_and_nothing_of_it_is_kept(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        with pytest.raises(InputError):
            await session.doctor.decode("opaque")
        environment = session._engine.current_environment()
        key = session._engine.keys.load(session._engine.keys.kid_for("embedded") or "")
        claims = {
            "iss": environment.client_id,
            "sub": environment.client_id,
            "aud": environment.token_url,
            "jti": "j",
            "exp": int(session._engine.clock().timestamp()) + 200,
        }
        token = jwt.encode(claims, key.private, algorithm="RS512", headers={"kid": key.kid})
        good = await session.doctor.decode(f"Bearer {token}")
        assert (good.tone, dict(good.rows)["jti"]) == (Tone.OK, "j")
        bad = await session.doctor.decode(jwt.encode({**claims, "aud": "x"}, key.private, algorithm="RS512"))
        assert (bad.tone, bad.sentence) == (Tone.WARNING, "The header of the JWT names no key.")
        signature = token.rpartition(".")[2]
        assert signature not in repr(good)
        kept = [path.read_bytes() for path in session._engine.workspace.folder.rglob("*") if path.is_file()]
        assert not any(signature.encode() in data for data in kept)

    play(work)


def test_a_clock_that_is_off_is_told_once(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        told: list[SessionEvent] = []
        session.subscribe(told.append)
        engine = session._engine
        real = engine.clock
        object.__setattr__(engine, "clock", lambda: real().replace(year=real().year + 1))
        for _ in range(2):
            page = await session.doctor.test()
        notices = [one for one in told if isinstance(one, Noticed)]
        assert len(notices) == 1
        assert "ahead of Embedded sandbox's" in notices[0].title
        assert page.diagnosis is not None
        assert (page.diagnosis.refusal, page.diagnosis.checks[0].id) == ("exp-far", "clock")

    play(work)
