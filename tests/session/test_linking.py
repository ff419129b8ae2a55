"""What follows from a message that was taken: drafts of the same conversation, sent to the embedded sandbox."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from workbench.errors import InputError
from workbench.messages import parse
from workbench.session.linking import Follow
from workbench.session.views import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.session.session import Session
    from workbench.session.views import DraftView, SendResult

ED, CAS, PRACTICE = "northgate-emergency-department", "northgate-clinical-assessment-service", "mill-lane-surgery"
CONTROL = "westmoor-ambulance-control"


async def sent(session: Session, message: str, service: str = ED) -> SendResult:
    """A message that was composed, sent and taken."""
    offer = await session.offer()
    draft = await session.new_draft(message, service, offer.patients[1].id)
    done = await session.send(draft.id, draft.text)
    assert done.tone is Tone.OK, done.text
    await session.settle()
    return done


def first(draft: DraftView, type: str) -> dict[str, Any]:
    bundle = json.loads(draft.text)
    return next(one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == type)


async def answered(session: Session, exchange: str, type: str) -> dict[str, Any]:
    """A resource as the receiver answered it, with its ids."""
    bundle = json.loads((await session.detail(exchange)).exchange.response.body)
    return next(one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == type)


async def taken(session: Session, draft: DraftView, conversation: str) -> SendResult:
    """Send a draft: nothing is held against it, it is taken, and it lands in the conversation."""
    verdict = await session.validate(draft.id, draft.text)
    worse = [one for one in verdict.verdict.findings if one.severity.value != "information"]
    assert [(one.rule, one.text) for one in worse] == []
    done = await session.send(draft.id, draft.text)
    assert (done.tone, done.conversation) == (Tone.OK, conversation), done.text
    await session.settle()
    return done


def test_a_booking_for_a_referral_names_it_and_goes_on_with_its_journey(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        done = await sent(session, "referral-full/a1t1")
        found = await session.linking.slots(done.exchange)
        free = [one for one in found.rows if one.free]
        (draft,) = await session.linking.follow(done.exchange, Follow.BOOK, (found.exchange, free[2].id))
        appointment = first(draft, "Appointment")
        given = await answered(session, done.exchange, "ServiceRequest")
        assert appointment["basedOn"] == [{"reference": f"ServiceRequest/{given['id']}"}]
        assert first(draft, "Slot")["id"] == free[2].id
        person, asked = first(draft, "Patient"), await answered(session, done.exchange, "Patient")
        assert person["identifier"][0]["value"] == asked["identifier"][0]["value"]
        assert "id" not in person
        booked = await taken(session, draft, done.conversation)
        calls = [await session.detail(one) for one in (done.exchange, found.exchange, booked.exchange)]
        assert len({one.exchange.request.header("X-Correlation-Id") for one in calls}) == 1
        assert len({one.exchange.request.header("X-Request-Id") for one in calls}) == 3

    play(work)


def test_a_referral_for_a_booking_names_it(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        done = await sent(session, "booking-new/a1t1")
        (draft,) = await session.linking.follow(done.exchange, Follow.REFER)
        given = await answered(session, done.exchange, "Appointment")
        assert {"reference": f"Appointment/{given['id']}"} in first(draft, "ServiceRequest")["supportingInfo"]
        referred = await taken(session, draft, done.conversation)
        (booking,) = await session.linking.follow(referred.exchange, Follow.BOOK)
        journey = parse((await session.detail(referred.exchange)).exchange.request.body).facts.journey_id
        (again,) = await session.linking.follow(done.exchange, Follow.REFER)
        assert first(booking, "Appointment")["basedOn"]
        assert first(again, "Encounter")["episodeOfCare"][0]["reference"] == f"EpisodeOfCare/{journey}"

    play(work)


@pytest.mark.parametrize(
    ("message", "service", "what", "status"),
    [
        ("booking-new/a1t1", ED, Follow.CANCEL, "cancelled"),
        ("booking-gp/a7t1", PRACTICE, Follow.CANCEL, "cancelled"),
        ("referral-new/a1t1", ED, Follow.ERROR, "entered-in-error"),
        ("validation-new/a4t1", CAS, Follow.UPDATE, "active"),
        ("referral-cad/a6t2", CONTROL, Follow.UPDATE, "active"),
    ],
)
def test_what_changes_a_message_keeps_its_ids_and_is_taken(
    play: Callable[..., Any], message: str, service: str, what: Follow, status: str
) -> None:
    async def work(session: Session) -> None:
        done = await sent(session, message, service)
        (draft,) = await session.linking.follow(done.exchange, what)
        type = "Appointment" if message.startswith("booking") else "ServiceRequest"
        given = await answered(session, done.exchange, type)
        assert (first(draft, type)["id"], first(draft, type)["status"]) == (given["id"], status)
        assert first(draft, "MessageHeader")["reason"]["coding"][0]["code"] == "update"
        await taken(session, draft, done.conversation)

    play(work)


def test_rebooking_cancels_first_and_books_for_the_same_referral(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        referred = await sent(session, "referral-new/a1t1")
        (draft,) = await session.linking.follow(referred.exchange, Follow.BOOK)
        booked = await taken(session, draft, referred.conversation)
        withdrawal, anew = await session.linking.follow(booked.exchange, Follow.REBOOK)
        assert first(withdrawal, "Appointment")["status"] == "cancelled"
        assert first(anew, "Appointment")["basedOn"] == first(draft, "Appointment")["basedOn"]
        assert first(anew, "Slot")["id"] != first(draft, "Slot")["id"], "the slot is still taken"
        await taken(session, withdrawal, referred.conversation)
        await taken(session, anew, referred.conversation)

    play(work)


def test_what_is_no_longer_current_at_its_receiver_is_not_changed(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        done = await sent(session, "referral-new/a1t1")
        (draft,) = await session.linking.follow(done.exchange, Follow.CANCEL)
        await taken(session, draft, done.conversation)
        with pytest.raises(InputError, match="revoked by now"):
            await session.linking.follow(done.exchange, Follow.CANCEL)

    play(work)


def test_what_cannot_follow_says_why(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        async def reasons(exchange: str) -> dict[str, str]:
            return {one.id: one.reason for one in await session.linking.offers(exchange) if one.reason}

        booked = await sent(session, "booking-new/a1t1")
        assert reasons_of(await reasons(booked.exchange)) == {"error", "book"}
        referred = await sent(session, "referral-pharmacy/a5t1", "harrow-lane-pharmacy")
        found = await reasons(referred.exchange)
        assert found == {
            "book": "Its use case knows no bookings",
            "refer": "It is no booking",
            "rebook": "It is no booking",
        }
        broker = await sent(session, "referral-broker/a8t1", "moorland-referral-broker")
        assert reasons_of(await reasons(broker.exchange)) == {"cancel", "error", "update", "book", "refer", "rebook"}
        search = (await session.linking.slots(booked.exchange)).exchange
        assert set((await reasons(search)).values()) == {"It is no booking, referral or validation request"}
        with pytest.raises(InputError, match="knows no bookings"):
            await session.linking.follow(referred.exchange, Follow.BOOK)

    play(work)


def reasons_of(found: dict[str, str]) -> set[str]:
    return set(found)
