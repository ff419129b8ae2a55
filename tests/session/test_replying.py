"""Replies to messages that were taken: by hand, as the other party, and by a rule after a while.

Also `session.taken`, which reads what a reply needs to know.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.session.conftest import a_session
from workbench.errors import ErrorCode, InputError
from workbench.exchange import Direction
from workbench.messages import parse
from workbench.receiver.answer_rule import OWN, AnswerRule, How, When
from workbench.session.due import Due
from workbench.session.events import ExchangeRecorded, Noticed, ReceiverChanged
from workbench.session.options import SessionOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.exchange import Exchange
    from workbench.session.session import Session

OWN_SERVICE = "nhs-111-yorkshire"
CORRELATION = "X-Correlation-Id"


async def send(session: Session, message: str, service: str) -> str:
    """Send a message; the id of the exchange."""
    patient = (await session.offer()).patients[0].id
    draft = await session.new_draft(message, service, patient)
    result = await session.send(draft.id, draft.text)
    return result.exchange


async def legs(session: Session, exchange: str) -> list[Exchange]:
    """The exchanges of the conversation, oldest first."""
    conversation = await session.conversation(await session.conversation_of(exchange) or "")
    found = [row.exchange for row in conversation.lanes.rows if row.exchange]
    return [(await session.detail(id)).exchange for id in found]


async def arrived(session: Session, exchange: str) -> Exchange:
    """The message as the own receiver got it."""
    return next(leg for leg in await legs(session, exchange) if leg.direction is Direction.IN)


class Arrivals:
    """Waits for exchanges that are finished."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._changed = asyncio.Event()
        session.subscribe(self._hear)

    def _hear(self, event: object) -> None:
        if isinstance(event, ExchangeRecorded | ReceiverChanged):
            self._changed.set()

    async def rest(self) -> None:
        """Wait until no reply is due any more."""
        async with asyncio.timeout(20):
            while self._session.replies.due.words() != "none":
                self._changed.clear()
                await self._changed.wait()

    async def until(self, exchange: str, wanted: Callable[[list[Exchange]], bool]) -> list[Exchange]:
        """The conversation once it is as wanted."""
        async with asyncio.timeout(20):
            while True:
                self._changed.clear()
                found = await legs(self._session, exchange)
                if wanted(found):
                    return found
                await self._changed.wait()


def replies(found: list[Exchange], direction: Direction) -> list[Any]:
    """The facts of every reply that was answered, in order."""
    facts = [
        parse(leg.request.body).facts
        for leg in found
        if leg.direction is direction and leg.request.body and leg.response is not None
    ]
    return [one for one in facts if one.event == "servicerequest-response"]


def test_a_received_request_is_answered_interim_then_full_with_roles_and_ids_as_the_standard_says(
    play: Callable[..., Any],
) -> None:
    async def work(session: Session) -> None:
        sent = await send(session, "validation-new/a4t1", OWN_SERVICE)
        got = await arrived(session, sent)
        offered = [row.id for row in await session.replies.offers(got.id)]
        assert offered == ["validation-interim", "validation-rejection", "validation-full"]
        request = parse(got.request.body).facts
        first = await session.replies.send(got.id, "validation-interim")
        assert first is not None
        await session.settle()
        second = await session.replies.send(got.id, "validation-full")
        assert second is not None
        for result, reason in ((first, "new"), (second, "update")):
            exchange = (await session.detail(result.exchange)).exchange
            assert exchange.response is not None
            assert exchange.response.status == 200, exchange.response.body
            facts = parse(exchange.request.body).facts
            assert (facts.event, facts.reason) == ("servicerequest-response", reason)
            assert facts.response_to == request.bundle_id
            assert facts.bundle_id != request.bundle_id
            assert facts.journey_id == request.journey_id
            assert facts.destination_endpoint == request.source_endpoint
            assert facts.source_endpoint == request.destination_endpoint
            assert exchange.request.header(CORRELATION) == got.request.header(CORRELATION)
            assert exchange.request.header("X-Request-Id") != got.request.header("X-Request-Id")

    play(work)


def test_a_reply_opens_in_compose_within_its_conversation(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        got = await arrived(session, await send(session, "validation-new/a4t1", OWN_SERVICE))
        draft = await session.replies.draft(got.id, "validation-rejection", why="Nobody is free")
        assert "Nobody is free" in draft.text
        result = await session.send(draft.id, draft.text)
        exchange = (await session.detail(result.exchange)).exchange
        assert exchange.request.header(CORRELATION) == got.request.header(CORRELATION)
        assert exchange.response is not None
        assert exchange.response.status == 200, exchange.response.body

    play(work)


def test_the_other_party_is_played_by_hand(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        arrivals = Arrivals(session)
        sent = await send(session, "referral-new/a1t1", "northgate-emergency-department")
        assert [row.id for row in await session.replies.offers(sent)] == ["safeguarding-dna"]
        assert await session.replies.send(sent, "safeguarding-dna") is None
        found = await arrivals.until(sent, lambda legs: bool(replies(legs, Direction.IN)))
        (facts,) = replies(found, Direction.IN)
        assert facts.response_to == parse(found[0].request.body).facts.bundle_id
        with pytest.raises(InputError, match="sent at once"):
            await session.replies.draft(sent, "safeguarding-dna")

    play(work)


def test_a_passed_incident_has_a_status_and_a_rejection_where_its_use_case_knows_one(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        arrivals = Arrivals(session)
        sent = await send(session, "referral-cad/a6t2", "westmoor-ambulance-control")
        assert [row.id for row in await session.replies.offers(sent)] == ["cad-status", "cad-rejection"]
        await session.replies.send(sent, "cad-status", status="arrived")
        await arrivals.until(sent, lambda legs: len(replies(legs, Direction.IN)) == 1)
        await session.replies.send(sent, "cad-rejection", why="No crew")
        found = await arrivals.until(sent, lambda legs: len(replies(legs, Direction.IN)) == 2)
        assert [facts.focus_status for facts in replies(found, Direction.IN)] == ["arrived", "cancelled"]

    play(work)


def test_what_can_have_no_such_reply_is_refused_in_words(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        for message, kind in (("booking-new/a1t1", "safeguarding-dna"), ("referral-new/a1t1", "cad-status")):
            sent = await send(session, message, "northgate-emergency-department")
            with pytest.raises(InputError) as raised:
                await session.replies.send(sent, kind)
            assert raised.value.code is ErrorCode.INPUT_TEMPLATE

    play(work)


def with_rule(session: Session, *kinds: tuple[str, float | None]) -> None:
    """Have a rule of one's own answer every validation request, and want these replies."""
    when = When(operation="process-message", kind="validation")
    session._parts.receiver.answers.keep(AnswerRule("mine", when, How.TAKE, replies=kinds, source=OWN))


def test_a_rule_replies_after_its_delays_one_after_the_other(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        with_rule(session, ("validation-interim", 0.0), ("validation-full", 0.0))
        arrivals = Arrivals(session)
        sent = await send(session, "validation-new/a4t1", OWN_SERVICE)
        found = await arrivals.until(sent, lambda legs: len(replies(legs, Direction.OUT)) == 2)
        assert [facts.reason for facts in replies(found, Direction.OUT)] == ["new", "update"]
        await arrivals.rest()

    play(work)


def test_a_reply_that_is_due_later_is_shown_and_still_due_after_a_restart(tmp_path: Path) -> None:
    async def first() -> str:
        async with a_session(tmp_path / "w") as session:
            with_rule(session, ("validation-interim", 3600.0), ("validation-full", 60.0))
            sent = await send(session, "validation-new/a4t1", OWN_SERVICE)
            await session.settle()
            assert session.replies.due.words().startswith("2, in ")
            page = await session.receiver_page("own")
            assert dict(page.state)["Replies due"].startswith("2, in ")
            assert any(entry.status.startswith("200, reply in ") for entry in page.log)
            return (await arrived(session, sent)).id

    async def second(id: str) -> str:
        async with a_session(tmp_path / "w") as session:
            return session.replies.due.words_of(id)

    assert asyncio.run(second(asyncio.run(first()))).startswith("reply in ")


def test_a_reply_to_a_message_that_is_gone_is_told_and_no_longer_due(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> list[str]:
        told: list[str] = []
        session.subscribe(lambda event: told.append(event.title) if isinstance(event, Noticed) else None)
        arrivals = Arrivals(session)
        await session.replies.due.keep(Due("gone", (("validation-full", 0.0),), session._engine.clock()))
        await arrivals.rest()
        await session.settle()
        return [*told, str(await session._engine.history.state.load("replies due"))]

    told, left = play(work, options=SessionOptions(start_sandbox=False, start_receiver=False))
    assert "no longer in the history" in told
    assert left == "{}"


FAULTS = (
    ("twice", ["interim", "interim", "full", "full"], ["new", "new", "update", "update"]),
    ("order", ["full", "interim"], ["new", "new"]),
    ("never", [], []),
)


def test_faults_on_purpose_meet_the_replies_of_rules(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        with_rule(session, ("validation-interim", 0.0), ("validation-full", 0.0))
        arrivals = Arrivals(session)
        for fault, definitions, reasons in FAULTS:
            await session.answering.faults_off("own")
            await session.answering.set_fault("own", fault, on=True)
            sent = await send(session, "validation-new/a4t1", OWN_SERVICE)
            count = len(reasons)
            await arrivals.until(sent, lambda legs, count=count: len(replies(legs, Direction.OUT)) == count)
            await arrivals.rest()
            await session.settle()
            facts = replies(await legs(session, sent), Direction.OUT)
            assert [one.reason for one in facts] == reasons, fault
            assert [(one.definition or "").rpartition("-")[2] for one in facts] == definitions, fault

    play(work)
