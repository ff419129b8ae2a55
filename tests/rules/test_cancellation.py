from __future__ import annotations

import pytest

from tests.rules.builders import at, booking, cancelled, changed, composed, findings, fixes_itself, judged, put, verdict

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


def test_only_what_is_current_is_cancelled() -> None:
    for message, first in ((cancelled(), composed()), (cancelled("booking-new"), booking())):
        kind = message.facts.focus or ""
        assert not findings(verdict(message, original=first), "WFL-105")
        ended = changed(first, put(f"{at(first, kind)}.status", "cancelled"))
        (found,) = findings(verdict(message, original=ended), "WFL-105")
        assert (found.path, found.severity.value) == (f"{at(message, kind)}.status", "error")
        assert not findings(verdict(message), "WFL-105")


@pytest.mark.parametrize(
    ("element", "value"),
    [("identifier[0].value", "9990000425"), ("name[0].family", "Larkspur"), ("birthDate", "1991-02-03")],
)
def test_a_cancellation_is_about_the_same_patient(element: str, value: str) -> None:
    message = cancelled()
    patient = at(message, "Patient")
    other = changed(message, put(f"{patient}.{element}", value))
    assert not findings(verdict(message, original=composed()), "WFL-106")
    (found,) = findings(verdict(other, original=composed()), "WFL-106")
    assert (found.path, found.severity.value) == (f"{patient}.{element.partition('[')[0]}", "warning")
    assert not findings(verdict(other), "WFL-106")
