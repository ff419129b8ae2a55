"""Replies that rules want: kept with the answer that promises them, so that no end of the program loses one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.session.conftest import a_session
from workbench.errors import ErrorCode, StoreError
from workbench.receiver.answer_rule import OWN, AnswerRule, How, When
from workbench.session.due import OWNER, Due
from workbench.session.options import SessionOptions
from workbench.session.recording import Recorder

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.exchange import Exchange
    from workbench.session.session import Session

ALONE = SessionOptions(start_sandbox=False)
WANTED = (("validation-interim", 3600.0), ("validation-full", 60.0))


def with_rule(session: Session) -> None:
    when = When(operation="process-message", kind="validation")
    session._parts.receiver.answers.keep(AnswerRule("mine", when, How.TAKE, replies=WANTED, source=OWN))


def test_what_is_due_comes_back_as_it_was_kept() -> None:
    due = Due("e", (("validation-interim", 1.5), ("validation-full", 60.0)), datetime(2026, 7, 20, 8, 0, tzinfo=UTC))
    assert Due.from_json("e", due.to_json()) == due


def test_a_reply_outlives_a_program_that_ends_between_the_answer_and_its_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer reached the caller, and nothing after it was done: the reply is due at the next start."""

    async def nothing(_self: Recorder, _exchange: Exchange) -> None:
        """The program has ended."""

    async def first() -> str:
        async with a_session(tmp_path / "w", options=ALONE) as session:
            with_rule(session)
            with monkeypatch.context() as ended:
                ended.setattr(Recorder, "record", nothing)
                session._engine.history.journal._recorded = session._parts.recorder.record
                choice = next(id for id, _ in session.to_me.choices() if id.startswith("validation-new"))
                assert (await session.to_me.send(choice)).status == 200
            assert session.replies.due.words() == "none", "nobody was told of it"
            ((key, _),) = (await session._engine.history.state.load(OWNER)).items()
            return key[1]

    async def second(id: str) -> tuple[str, str]:
        async with a_session(tmp_path / "w", options=ALONE) as session:
            status = await session.status()
            assert (status.receiver.due, status.receiver.due_at is not None) == (2, True)
            return session.replies.due.words_of(id), session.replies.due.words()

    words, all_words = asyncio.run(second(asyncio.run(first())))
    assert words.startswith("reply in ")
    assert all_words.startswith("2, in ")


@pytest.mark.expects_warnings
def test_an_answer_that_cannot_be_stored_promises_nothing(tmp_path: Path) -> None:
    async def work() -> None:
        async with a_session(tmp_path / "w", options=ALONE) as session:
            with_rule(session)
            journal, due = session._engine.history.journal, session.replies.due
            real, jobs = journal._store.begin, []

            def full(job: object, what: str) -> asyncio.Future[object]:
                jobs.append(what)
                failed: asyncio.Future[object] = asyncio.get_running_loop().create_future()
                failed.set_exception(StoreError(ErrorCode.STORE_FULL, what=what))
                return failed

            journal._store.begin = full  # type: ignore[method-assign,assignment]
            choice = next(id for id, _ in session.to_me.choices() if id.startswith("validation-new"))
            assert (await session.to_me.send(choice)).status == 500
            journal._store.begin = real  # type: ignore[method-assign]
            assert jobs == ["the answer"]
            assert due._promised == {}
            assert await session._engine.history.state.load(OWNER) == {}
            page = await session.receiver_page("own")
            assert page.sentence.endswith("1 message today, 1 refused for want of storage.")

    asyncio.run(work())
