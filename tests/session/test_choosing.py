"""What can be chosen, and why not: the directory first, then what a service says about itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from workbench.compose import Purpose
from workbench.session.choosing import HARNESS, first_message
from workbench.session.offers import Offer

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.session.session import Session
    from workbench.session.views import Choice, ComposeOffer

ED, CAS, OWN = "northgate-emergency-department", "northgate-clinical-assessment-service", "nhs-111-yorkshire"
REFERRAL = "referral-new/a1t1"


def one(choices: tuple[Choice, ...], id: str) -> Choice:
    return next(choice for choice in choices if choice.id == id)


async def said(session: Session, **changes: Any) -> None:
    """What the emergency department said, changed."""
    offers = session._parts.choosing._offers
    known = (await offers.all("embedded"))[ED]
    offers._known["embedded"][ED] = replace(known, **changes)


async def reason(session: Session, message: str = REFERRAL) -> str:
    return one((await session.offer(message)).services, ED).reason


def test_before_anybody_was_asked_everything_is_offered_and_says_so(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        offer: ComposeOffer = await session.offer(REFERRAL)
        assert (one(offer.services, ED).reason, one(offer.services, ED).subtitle) == ("", "2000011147, not checked")
        assert one(offer.services, OWN).reason == "It is this workbench's own service"
        assert one(offer.services, CAS).reason.startswith("It does not take ")
        assert {choice.reason for choice in offer.messages} == {""}

    play(work)


def test_what_a_service_says_counts_for_a_day(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        await session.directory.check(ED)
        assert ", checked " in one((await session.offer(REFERRAL)).services, ED).subtitle
        assert await reason(session) == ""
        known = (await session._parts.choosing._offers.all("embedded"))[ED]
        others = tuple(row for row in known.definitions if "booking" in row.name)
        await said(session, takes=("booking-request",))
        assert await reason(session) == (
            "Its capability statement does not list bars-message-servicerequest-request-referral"
        )
        await said(session, takes=known.takes, definitions=others)
        assert await reason(session) == "It has no message definition bars-message-servicerequest-request-referral"
        await said(session, definitions=tuple(replace(row, use_cases=("a1t3",)) for row in known.definitions))
        assert (await reason(session)).startswith(
            "Its definition bars-message-servicerequest-request-referral is not for"
        )
        await said(session, definitions=tuple(replace(row, version="1.0.8") for row in known.definitions))
        assert await reason(session) == "It takes version 1.0.8 of Application 1, and this environment has 2.1.0"
        await said(session, asked=known.asked - timedelta(hours=25))
        choice = one((await session.offer(REFERRAL)).services, ED)
        assert (choice.reason, choice.subtitle) == ("", "2000011147, not checked")

    play(work)


def test_messages_of_another_service_are_marked_and_those_of_none_are_greyed(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        messages = (await session.offer("", CAS)).messages
        assert "Not for Northgate Clinical Assessment Service: it does not take" in one(messages, REFERRAL).subtitle
        assert one(messages, REFERRAL).reason == ""
        assert "Not for" not in one(messages, "validation-new/a4t1").subtitle
        for service in session._engine.directory.services.all():
            if service.role == "receiver" and ("a5t1" in service.use_cases or not service.use_cases):
                await session.directory.save(replace(service, use_cases=("a5t2",)))
        pharmacy = one((await session.offer()).messages, "referral-pharmacy/a5t1")
        assert pharmacy.reason.startswith("No service of the directory takes ")

    play(work)


def test_every_template_that_can_be_begun_is_a_choice_with_its_variant(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        titles = [one(((await session.offer()).messages), id).title for id in (REFERRAL, "referral-full/a1t1")]
        assert titles == ["111 to ED: referral, new", "111 to ED: referral, new, full"]

    play(work)


def test_the_first_message_of_a_purpose_fits_the_use_cases() -> None:
    assert first_message(Purpose.BOOKING, ["a7t1"]) == "booking-gp/a7t1"
    assert first_message(Purpose.REFERRAL, ()) == REFERRAL
    with pytest.raises(KeyError):
        first_message(Purpose.BOOKING, ["a5t1"])


def test_an_offer_without_definitions_is_not_gone_by(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        offers = session._parts.choosing._offers
        await offers.all("embedded")
        offers._known["embedded"][ED] = Offer(session._engine.clock(), "1.0.0", ("nothing-else",), (), "x")
        assert await reason(session) == ""

    play(work)


def test_services_of_the_test_harness_come_last(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        harness = {one.id for one in session._parts.engine.directory.services.all() if HARNESS in one.tags}
        assert len(harness) > 1
        offered = [choice.id for choice in (await session.offer("validation-new/a3t1")).services]
        assert set(offered[-len(harness) :]) == harness
        first = next(choice for choice in (await session.offer("validation-new/a3t1")).services if not choice.reason)
        assert first.id not in harness

    play(work)
