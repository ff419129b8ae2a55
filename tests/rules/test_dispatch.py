from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.builders import (
    at,
    booking,
    cancelled,
    changed,
    composed,
    drop,
    findings,
    fixes_itself,
    judged,
    put,
    replied,
    validation,
    verdict,
)

if TYPE_CHECKING:
    from workbench.messages import Message

REFERRAL = composed()
H = "Bundle.entry[0].resource"
REASON = f"{H}.reason.coding[0].code"


def status(message: Message, kind: str, value: str):
    return changed(message, put(f"{at(message, kind)}.status", value))


def case(message: Message, code: str):
    """The message with another use case."""
    return changed(message, put(f"{at(message, 'ServiceRequest')}.category[0].coding[1].code", code))


def test_a_booking_response_is_always_refused() -> None:
    assert judged(changed(booking(), put(f"{H}.eventCoding.code", "booking-response")), "WFL-001") == ("e", "e")


@pytest.mark.parametrize("value", ["draft", "on-hold", "completed"])
def test_a_new_request_is_active(value: str) -> None:
    message = status(REFERRAL, "ServiceRequest", value)
    assert judged(message, "WFL-002") == ("e", "e")
    assert fixes_itself(message, "WFL-002")


def test_a_revoked_new_referral_is_an_error_too() -> None:
    message = status(REFERRAL, "ServiceRequest", "revoked")
    assert judged(message, "WFL-002") == ("e", "e")
    assert judged(message, "WFL-102") == ("e", "e")


@pytest.mark.parametrize(
    ("message", "value", "letters"),
    [
        (REFERRAL, "completed", ("-", "-")),
        (REFERRAL, "active", ("e", "e")),
        (validation(), "active", ("-", "-")),
        (validation(), "completed", ("e", "e")),
        (case(REFERRAL, "a6t1"), "active", ("-", "-")),
        (case(REFERRAL, "a6t1"), "draft", ("e", "e")),
    ],
)
def test_the_care_plan_fits(message: Message, value: str, letters: tuple[str, str]) -> None:
    assert judged(status(message, "CarePlan", value), "WFL-003") == letters


@pytest.mark.parametrize(
    ("message", "value", "letters"),
    [
        (REFERRAL, "triaged", ("-", "-")),
        (REFERRAL, "finished", ("-", "-")),
        (REFERRAL, "in-progress", ("e", "e")),
        (validation(), "in-progress", ("-", "-")),
        (validation(), "finished", ("e", "e")),
        (case(REFERRAL, "a6t2"), "in-progress", ("-", "-")),
        (case(REFERRAL, "a6t2"), "planned", ("e", "e")),
    ],
)
def test_the_encounter_fits(message: Message, value: str, letters: tuple[str, str]) -> None:
    assert judged(status(message, "Encounter", value), "WFL-004") == letters


def test_updates_are_active_or_ended() -> None:
    update = changed(validation(), put(REASON, "update"))
    assert judged(update, "WFL-005") == ("-", "-")
    assert judged(status(update, "ServiceRequest", "on-hold"), "WFL-005") == ("-", "-")
    assert judged(status(update, "ServiceRequest", "draft"), "WFL-005") == ("e", "e")
    assert judged(cancelled(), "WFL-005") == ("-", "-")
    referral = changed(REFERRAL, put(REASON, "update"))
    assert judged(referral, "WFL-005") == ("-", "-")
    assert judged(status(referral, "ServiceRequest", "on-hold"), "WFL-005") == ("e", "e")


def test_a_booking_is_booked() -> None:
    assert judged(booking(), "WFL-006") == ("-", "-")
    message = status(booking(), "Appointment", "proposed")
    assert judged(message, "WFL-006") == ("e", "e")
    assert fixes_itself(message, "WFL-006")


@pytest.mark.parametrize(
    ("kind", "use_case", "target", "value", "letters"),
    [
        ("validation-full", "a4t1", "ServiceRequest", "active", ("-", "-")),
        ("validation-full", "a4t1", "ServiceRequest", "completed", ("-", "-")),
        ("validation-full", "a4t1", "ServiceRequest", "draft", ("e", "e")),
        ("safeguarding-dna", "a1t1", "ServiceRequest", "revoked", ("-", "-")),
        ("safeguarding-dna", "a1t1", "ServiceRequest", "active", ("e", "e")),
    ],
)
def test_replies_fit_a_row(kind: str, use_case: str, target: str, value: str, letters: tuple[str, str]) -> None:
    assert judged(status(replied(kind, use_case), target, value), "WFL-007") == letters


def test_the_focus_of_a_reply_is_at_a_stage() -> None:
    reply = replied("validation-interim")
    focus = next(entry.path for entry in reply.entries() if entry.full_url == reply.at(f"{H}.focus[0].reference"))
    assert judged(changed(reply, put(f"{focus}.status", "cancelled")), "WFL-007") == ("-", "-")
    assert judged(changed(reply, put(f"{focus}.status", "arrived")), "WFL-007") == ("e", "e")
    dispatch = case(changed(reply, put(f"{focus}.status", "arrived")), "a6t1")
    as_referral = changed(dispatch, put(f"{at(dispatch, 'ServiceRequest')}.category[0].coding[0].code", "referral"))
    assert judged(as_referral, "WFL-007") == ("-", "-")


def test_a_broker_takes_new_referrals_only() -> None:
    broker = case(REFERRAL, "a8t1")
    assert judged(broker, "WFL-008") == ("-", "-")
    assert judged(changed(broker, put(REASON, "update")), "WFL-008") == ("e", "w")


def test_a_request_without_category_cannot_be_sorted() -> None:
    path = f"{at(REFERRAL, 'ServiceRequest')}.category"
    assert judged(REFERRAL, "WFL-009") == ("-", "-")
    assert judged(changed(REFERRAL, drop(path)), "WFL-009") == ("e", "e")
    assert not findings(verdict(changed(REFERRAL, drop(path))), "WFL-003")
