from __future__ import annotations

import pytest

from tests.rules.builders import at, booking, cancelled, changed, composed, fixes_itself, judged, put

H = "Bundle.entry[0].resource"
REASON = f"{H}.reason.coding[0].code"


@pytest.mark.parametrize("reason", ["new", "delete"])
@pytest.mark.parametrize("template", ["referral-full", "booking-new"])
def test_another_reason_is_tolerated_from_others(reason: str, template: str) -> None:
    message = changed(cancelled(template), put(REASON, reason))
    assert judged(cancelled(template), "WFL-101") == ("-", "-")
    assert judged(message, "WFL-101") == ("e", "w")
    assert fixes_itself(message, "WFL-101")
    assert judged(message, "WFL-104") == ("-", "-")
    assert judged(message, "WFL-006") == ("-", "-")


@pytest.mark.parametrize("template", ["referral-full", "booking-new"])
def test_a_cancellation_follows_its_definition(template: str) -> None:
    message = changed(cancelled(template), put(f"{H}.definition", composed(template).facts.definition))
    assert judged(cancelled(template), "WFL-102") == ("-", "-")
    assert judged(message, "WFL-102") == ("e", "e")
    assert fixes_itself(message, "WFL-102")


def test_what_is_cancelled_has_ended() -> None:
    order = cancelled()
    assert judged(order, "WFL-103") == ("-", "-")
    assert judged(cancelled(error=True), "WFL-103") == ("-", "-")
    assert judged(changed(order, put(f"{at(order, 'ServiceRequest')}.status", "active")), "WFL-103") == ("e", "e")
    visit = cancelled("booking-new")
    path = f"{at(visit, 'Appointment')}.status"
    assert judged(visit, "WFL-103") == ("-", "-")
    assert judged(changed(visit, put(path, "entered-in-error")), "WFL-103") == ("e", "w")
    assert judged(changed(visit, put(path, "booked")), "WFL-103") == ("e", "e")
    assert fixes_itself(changed(visit, put(path, "booked")), "WFL-103")


def test_delete_is_for_cancellations() -> None:
    assert judged(changed(booking(), put(REASON, "delete")), "WFL-104") == ("e", "e")
