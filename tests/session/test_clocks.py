"""A clock that is wrong: said with its number, and corrected in an assertion only where a person agreed to it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.session.conftest import a_session, now
from workbench.errors import NetworkError
from workbench.keys import generate_private_pem
from workbench.session import signing
from workbench.session.events import Noticed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.session.session import Session
    from workbench.session.tokens import Attempt

BEHIND = timedelta(minutes=-12)
AHEAD = timedelta(minutes=12)
SETTING = "BARS_WORKBENCH_THEIR_CLOCK"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of 2,048 bits, which take a tenth of the time to make."""
    monkeypatch.setattr(signing, "generate_private_pem", partial(generate_private_pem, 2048))


def shifted(by: timedelta) -> Callable[[], datetime]:
    return lambda: now() + by


def last(session: Session) -> Attempt:
    found = session._parts.tokens.last_attempt("embedded")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("by", "words"), [(BEHIND, "12 min behind"), (AHEAD, "12 min ahead of")], ids=["behind", "ahead"]
)
def test_a_person_agrees_before_an_assertion_is_dated_by_the_other_sides_time(
    play: Callable[..., Any], by: timedelta, words: str
) -> None:
    async def work(session: Session) -> None:
        told: list[str] = []
        session.subscribe(lambda event: told.append(event.title) if isinstance(event, Noticed) else None)
        session._engine.clock = shifted(by)
        sentence = f"This machine's clock is {words} Embedded sandbox's"

        page = await session.doctor.test()
        assert (page.clock, page.their_clock, page.dated) == (sentence, False, "")
        assert page.diagnosis is not None
        assert page.diagnosis.checks[0].id == "clock"
        assert told == [f"{sentence}."]
        status = await session.status()
        assert status.environment.clock == f"{sentence}. Sign-ins are likely to be refused: see Keys."
        await session.doctor.test()
        assert last(session).exchange.dated_by_s == 0.0, "nothing is corrected without a word"
        assert told == [f"{sentence}."], "said once"

        page = await session.doctor.use_their_clock(True)
        assert page.their_clock
        page = await session.doctor.test()
        assert [step.tone.value for step in page.steps] == ["ok"] * 4
        assert (page.diagnosis, page.dated) == (None, "Embedded sandbox's time")
        assert (await session.detail(last(session).exchange.id)).dated == "Embedded sandbox's time"
        assert abs(last(session).exchange.dated_by_s + by.total_seconds()) < 3
        assert (await session.status()).environment.clock == (
            f"{sentence}. Sign-ins are dated by Embedded sandbox's time."
        )

        await session.doctor.use_their_clock(False)
        await session.doctor.forget()
        with pytest.raises(NetworkError):
            await session.renew_token()

    play(work)


def test_the_setting_agrees_in_advance_and_a_clock_that_is_set_right_ends_it(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        session._engine.clock = shifted(AHEAD)
        with pytest.raises(NetworkError):
            await session.renew_token()  # nobody has told the time yet
        await session.renew_token()
        assert last(session).exchange.dated_by_s < -11 * 60

        session._engine.clock = now
        with pytest.raises(NetworkError):
            await session.renew_token()  # dated by what was known
        assert (await session.doctor.page()).clock == ""
        await session.renew_token()
        assert last(session).exchange.dated_by_s == 0.0

    play(work, **{SETTING: "true"})


def test_another_refusal_is_not_laid_to_a_clock_that_was_corrected(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        session._engine.clock = shifted(BEHIND)
        await session.doctor.test()
        await session.doctor.use_their_clock(True)
        sandbox = session._parts.sandbox
        assert sandbox is not None
        sandbox.sandbox.register(session._engine.current_environment().client_id, {"keys": []})
        found = (await session.doctor.test()).diagnosis
        assert found is not None
        assert found.checks[0].id == "published"
        (clock,) = [check for check in found.checks if check.id == "clock"]
        assert clock.state.value == "fine"
        assert clock.words.endswith("the sign-in was dated by Embedded sandbox's time")

    play(work)


def test_whose_time_a_sign_in_was_dated_by_is_known_after_a_restart(tmp_path: Path) -> None:
    async def work() -> None:
        async with a_session(tmp_path / "workspace", **{SETTING: "true"}) as session:
            session._engine.clock = shifted(AHEAD)
            with pytest.raises(NetworkError):
                await session.renew_token()
            plain = last(session).exchange
            await session.renew_token()
            corrected = last(session).exchange
        assert (plain.dated_by_s, -723 < corrected.dated_by_s < -717) == (0.0, True)
        async with a_session(tmp_path / "workspace") as session:
            assert session._parts.tokens.attempt(corrected.id) is None, "what is known of attempts is of one run"
            found = await session.detail(corrected.id)
            assert (found.exchange.dated_by_s, found.dated) == (corrected.dated_by_s, "Embedded sandbox's time")
            assert (await session.detail(plain.id)).dated == ""

    asyncio.run(work())


def test_a_few_seconds_are_no_news(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        session._engine.clock = shifted(timedelta(seconds=50))
        await session.renew_token()
        assert (await session.status()).environment.clock == ""

    play(work)
