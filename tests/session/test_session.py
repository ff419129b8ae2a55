"""The whole job without a window: compose, judge, send, asynchronous reply, restart; secrets stay out of what is kept.

Covers what the parts of a session do together: engine, parts, composing, judging, calls, sending, tokens, recording,
timeline, platform, receiving, playing, files, options and session itself.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.session.conftest import a_session
from workbench.correlation import ConversationState
from workbench.errors import ConfigError, ErrorCode, InputError
from workbench.exchange import Direction, FailureKind
from workbench.messages import Severity
from workbench.session.events import ExchangeRecorded
from workbench.session.linking import Follow
from workbench.session.options import SessionOptions
from workbench.session.views import StepState, Tone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.session.session import Session
    from workbench.session.views import DraftView

REFERRAL = "referral-full/a1t1"


async def a_draft(session: Session, message: str = REFERRAL) -> DraftView:
    offer = await session.offer(message)
    service = next(one.id for one in offer.services if not one.reason)
    return await session.new_draft(message, service, offer.patients[0].id)


def errors_of(verdict: Any) -> list[str]:
    return [one.rule for one in verdict.findings if one.severity in (Severity.FATAL, Severity.ERROR)]


def test_a_referral_is_answered_with_ids_and_its_reply_joins_it(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        events: list[object] = []
        session.subscribe(events.append)
        draft = await a_draft(session)
        verdict = await session.validate(draft.id, draft.text)
        assert errors_of(verdict.verdict) == []
        names = {header.name for header in verdict.headers}
        assert names >= {"X-Request-Id", "X-Correlation-Id", "NHSD-Target-Identifier"}
        sent = await session.send(draft.id, draft.text)
        assert sent.tone is Tone.OK, sent.text
        await session.settle()

        view = await session.conversation(sent.conversation)
        assert view.row.state is ConversationState.ANSWERED
        shown = [row for row in view.lanes.rows if row.exchange]
        reply = next(row for row in shown if not row.from_sender)
        assert reply.note.startswith("answers ")
        assert reply.status == "200 accepted"

        detail = await session.detail(sent.exchange)
        assert detail.response is not None
        taken = [entry["resource"] for entry in detail.response.resource["entry"]]
        assert [one["id"] for one in taken if one["resourceType"] == "ServiceRequest"]
        back = await session.detail(reply.exchange)
        assert back.exchange.direction is Direction.IN
        assert any(link.reason for link in back.links)
        assert any(isinstance(event, ExchangeRecorded) for event in events)

    play(work)


def test_what_was_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    async def first() -> tuple[str, bytes]:
        async with a_session(tmp_path / "w") as session:
            draft = await a_draft(session)
            sent = await session.send(draft.id, draft.text)
            await session.settle()
            return sent.conversation, (await session.detail(sent.exchange)).exchange.request.body

    async def second(conversation: str) -> tuple[Any, Any, bytes]:
        async with a_session(tmp_path / "w") as session:
            view = await session.conversation(conversation)
            leg = next(row.exchange for row in view.lanes.rows if row.exchange and "eferral" in row.title)
            draft = await session.drafts.last()
            return view, draft, (await session.detail(leg)).exchange.request.body

    conversation, body = asyncio.run(first())
    view, draft, kept = asyncio.run(second(conversation))
    assert view.row.state is ConversationState.ANSWERED
    assert kept == body
    assert draft is not None


def test_a_broken_reference_is_found_and_refused(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft = await a_draft(session)
        bundle = json.loads(draft.text)
        bundle["entry"][0]["resource"]["focus"][0]["reference"] = "urn:uuid:00000000-0000-4000-8000-000000000000"
        text = json.dumps(bundle)
        verdict = await session.validate(draft.id, text)
        assert errors_of(verdict.verdict)
        assert "400" in verdict.likely
        sent = await session.send(draft.id, text)
        assert sent.tone is Tone.ERROR
        detail = await session.detail(sent.exchange)
        assert detail.exchange.response is not None
        assert detail.exchange.response.status == 400
        assert any("refused" in text.lower() for _, text in detail.chips)

    play(work)


def test_the_same_ids_again_are_a_duplicate(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft = await a_draft(session)
        sent = await session.send(draft.id, draft.text)
        again = await session.retry(sent.exchange)
        assert again.conversation == sent.conversation
        detail = await session.detail(again.exchange)
        assert detail.exchange.attempt == 2
        assert detail.exchange.response is not None
        first = await session.detail(sent.exchange)
        assert detail.exchange.request.body == first.exchange.request.body
        assert detail.exchange.response.status == 409

    play(work)


def test_a_referral_is_withdrawn_in_its_own_conversation(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft = await a_draft(session)
        sent = await session.send(draft.id, draft.text)
        (withdrawal,) = await session.linking.follow(sent.exchange, Follow.CANCEL)
        focus = {entry["resource"]["resourceType"]: entry["resource"] for entry in json.loads(withdrawal.text)["entry"]}
        assert focus["ServiceRequest"]["status"] == "revoked"
        done = await session.send(withdrawal.id, withdrawal.text)
        assert done.tone is Tone.OK, done.text
        assert done.conversation == sent.conversation
        copy = await session.fork(sent.exchange)
        assert copy.text
        assert copy.id != draft.id

    play(work)


def test_a_message_is_compared_with_the_one_it_follows(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft = await a_draft(session)
        sent = await session.send(draft.id, draft.text)
        (withdrawal,) = await session.linking.follow(sent.exchange, Follow.CANCEL)
        bundle = json.loads(withdrawal.text)
        patient = next(one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Patient")
        patient["birthDate"] = "1901-01-01"
        text = json.dumps(bundle)
        for written, found in ((withdrawal.text, False), (text, True)):
            judged = await session.validate(withdrawal.id, written)
            assert ("WFL-106" in {one.rule for one in judged.verdict.findings}) is found
        done = await session.send(withdrawal.id, text)
        await session.settle()
        kept = (await session.detail(done.exchange)).verdict
        assert "WFL-106" in {one.rule for one in kept.findings}
        first = (await session.detail(sent.exchange)).verdict
        assert first.valid

    play(work)


@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_a_draft_goes_out_in_the_syntax_it_is_written_in(play: Callable[..., Any], syntax: str) -> None:
    async def work(session: Session) -> None:
        draft = await a_draft(session)
        text = await session.forms.convert(draft.text, syntax)
        sent = await session.send(draft.id, text)
        assert sent.tone is Tone.OK, sent.text
        request = (await session.detail(sent.exchange)).exchange.request
        assert f"fhir+{syntax}" in (request.header("Content-Type") or "")
        assert request.body == text.encode()

    play(work)


def test_every_scenario_passes_and_tells_why(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        views = await session.scenarios()
        assert len(views) >= 3
        for view in views:
            done = await session.run_scenario(view.id)
            failed = [one.text for one in done.expectations if not one.passed]
            assert done.state is StepState.PASSED, failed
            assert done.conversation
            assert all(step.took for step in done.steps)
        with pytest.raises(ConfigError):
            await session.run_scenario("no-such-scenario")
        rows = await session.conversations()
        assert len(rows) >= len(views)
        (found, *_) = await session.conversations(text=rows[-1].title)
        assert found.title == rows[-1].title

    play(work)


def test_no_secret_is_kept_anywhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str] = []

    async def work() -> None:
        async with a_session(tmp_path / "w", passphrase="a few words in a row") as session:
            await session.keys.create("embedded")
            await session.renew_token()
            environment = session._engine.usable_environment()  # the token itself is shown nowhere
            token = await session._parts.tokens.bearer(environment)
            seen.append(token.reveal())
            draft = await a_draft(session)
            await session.send(draft.id, draft.text)
            await session.settle()

    asyncio.run(work())
    (token,) = seen
    assert len(token) > 20
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert token.encode() not in kept
    assert b"PRIVATE KEY" not in kept
    assert b"a few words in a row" not in kept
    assert token not in caplog.text
    assert "client_assertion=ey" not in kept.decode("latin-1")


def test_a_stopped_sandbox_is_told_with_the_next_step(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft = await a_draft(session)
        await session.renew_token()
        sandbox = session._parts.sandbox
        assert sandbox is not None
        await sandbox.close()
        sent = await session.send(draft.id, draft.text)
        assert sent.tone is Tone.ERROR
        assert sent.next_step
        failure = (await session.detail(sent.exchange)).exchange.failure
        assert failure is not None
        assert failure.kind is FailureKind.NOT_SENT

    play(work, options=SessionOptions(reply_delay_s=0.0))


def test_a_port_that_is_taken_is_said_and_the_rest_works(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        blocker = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
        port = blocker.sockets[0].getsockname()[1]
        await session.stop_receiver()
        page = await session.receiver_page("own")
        assert not page.listening
        await session.change_setting("receiver_port", str(port))
        with pytest.raises(Exception, match=str(port)):
            await session.start_receiver()
        status = await session.status()
        assert status.receiver.problem
        blocker.close()
        draft = await a_draft(session)
        assert (await session.send(draft.id, draft.text)).tone is Tone.OK

    play(work)


def test_choices_and_settings_that_do_not_exist_are_refused(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        for call in (
            session.choose_environment("nowhere"),
            session.choose_identity("nobody"),
            session.change_setting("receiver_port", "99999"),
            session.change_setting("no_such_setting", "1"),
            session.directory.check("none"),
            session.send_file("/no/such/file.json", service="none"),
        ):
            with pytest.raises((ConfigError, InputError)) as raised:
                await call
            assert raised.value.sentence
            assert raised.value.next_step

    play(work)


def test_a_file_that_is_not_fhir_opens_as_text_with_a_finding(play: Callable[..., Any], tmp_path: Path) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_bytes(b"<Bundle><entry></Bundle>")
    picture = tmp_path / "picture.json"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(21 * 1024 * 1024)

    async def work(session: Session) -> None:
        draft = await session.open_file(str(broken))
        verdict = await session.validate(draft.id, draft.text)
        (finding, *_) = verdict.verdict.findings
        assert finding.severity is Severity.FATAL
        assert finding.text
        assert verdict.summary is None
        for path, code in (
            (huge, ErrorCode.INPUT_TOO_LARGE),
            (tmp_path / "none.json", ErrorCode.INPUT_MISSING),
            (picture, ErrorCode.INPUT_NOT_UTF8),
        ):
            with pytest.raises(InputError) as raised:
                await session.open_file(str(path))
            assert raised.value.code is code

    play(work)


def test_a_retry_after_a_restart_goes_to_where_the_sandbox_is_now(tmp_path: Path) -> None:
    async def first() -> str:
        async with a_session(tmp_path / "w", passphrase="a few words in a row") as session:
            offer = await session.offer("referral-full/a1t1")
            service = next(one.id for one in offer.services if not one.reason)
            draft = await session.new_draft("referral-full/a1t1", service, offer.patients[0].id)
            return (await session.send(draft.id, draft.text)).exchange

    async def second(sent: str) -> None:
        async with a_session(tmp_path / "w", passphrase="a few words in a row") as session:
            before = (await session.detail(sent)).exchange
            again = await session.retry(sent)
            after = (await session.detail(again.exchange)).exchange
            assert after.response is not None, again.text
            assert after.request.url != before.request.url
            assert after.request.body == before.request.body
            for name in ("X-Request-Id", "X-Correlation-Id"):
                assert after.request.header(name) == before.request.header(name)

    asyncio.run(second(asyncio.run(first())))


@pytest.mark.parametrize("closing", [False, True])
def test_a_send_given_up_before_its_token_came_is_kept_as_stopped(tmp_path: Path, closing: bool) -> None:
    async def first() -> None:
        async with a_session(tmp_path / "w", passphrase="a few words in a row") as session:
            draft = await a_draft(session)
            asked = asyncio.Event()

            async def never(_: object) -> None:
                asked.set()
                await asyncio.Event().wait()

            session._parts.sender._tokens.bearer = never  # type: ignore[method-assign]
            task = asyncio.ensure_future(session.send(draft.id, draft.text))
            await asked.wait()
            if closing:
                await session.close()
            else:
                task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    async def second() -> None:
        async with a_session(tmp_path / "w", passphrase="a few words in a row") as session:
            await session.settle()
            (row,) = await session.conversations(None, "", 10)
            view = await session.conversation(row.id)
            (leg,) = [one.exchange for one in view.lanes.rows if one.exchange]
            failure = (await session.detail(leg)).exchange.failure
            assert failure is not None
            assert failure.kind is FailureKind.STOPPED

    asyncio.run(first())
    asyncio.run(second())


def test_a_token_request_is_kept_in_the_environment_it_is_for(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft = await a_draft(session)
        sent = await session.send(draft.id, draft.text)
        engine = session._parts.engine
        await session.choose_environment("int")
        engine.tokens.drop(engine.environment_of("embedded").token_url or "")
        assert (await session.retry(sent.exchange)).text
        recent = await engine.history.queries.recent(10, direction=Direction.OUT.value)
        kept = [(one.exchange.environment, one.exchange.key) for one in recent if one.exchange.operation == "token"]
        assert len(kept) == 2
        assert {environment for environment, _ in kept} == {"embedded"}
        assert all(key for _, key in kept)

    play(work)
