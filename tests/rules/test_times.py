from __future__ import annotations

import pytest

from tests.rules.builders import at, changed, composed, findings, fixes_itself, judged, mended, put, verdict

REFERRAL = composed()
ORDER, PLAN, PATIENT = (at(REFERRAL, kind) for kind in ("ServiceRequest", "CarePlan", "Patient"))
AUTHORED = f"{ORDER}.authoredOn"


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30T09:00:00+00:00",
        "2026-11-24T09:00",
        "2026-11-24T09:00:00",
        "24.11.2026",
        "2026-13",
        "2026-11-24T24:30:00Z",
    ],
)
def test_what_is_no_time_is_an_error(text: str) -> None:
    assert judged(changed(REFERRAL, put(AUTHORED, text)), "TIM-001") == ("e", "e")


@pytest.mark.parametrize("text", ["2026-11-24T09:00:00Z", "2026-11-24T09:00:00.1234567+00:00", "2026-11-24", "2026"])
def test_what_is_one_is_none(text: str) -> None:
    assert judged(changed(REFERRAL, put(AUTHORED, text)), "TIM-001") == ("-", "-")


def test_a_birth_date_is_a_date() -> None:
    assert judged(changed(REFERRAL, put(f"{PATIENT}.birthDate", "1990-02-03T00:00:00Z")), "TIM-001") == ("e", "e")
    assert judged(changed(REFERRAL, put(f"{PATIENT}.birthDate", "1990-02-31")), "TIM-001") == ("e", "e")


@pytest.mark.parametrize("text", ["2026-11-24", "2026-11-24T09:00:00.12345678+00:00"])
def test_a_time_is_whole_and_no_finer_than_seven_digits(text: str) -> None:
    assert judged(changed(REFERRAL, put(AUTHORED, text)), "TIM-002") == ("w", "w")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-06-01T00:30:00+01:00", "2026-05-31T23:30:00+00:00"),
        ("2026-06-01T09:00:00.1234567-05:30", "2026-06-01T14:30:00.1234567+00:00"),
    ],
)
def test_another_offset_is_swapped_to_utc_with_its_digits(text: str, utc: str) -> None:
    message = changed(REFERRAL, put(AUTHORED, text))
    (found,) = findings(verdict(message), "TIM-003")
    assert mended(message, found).at(AUTHORED) == utc
    assert fixes_itself(message, "TIM-003")


def test_a_period_runs_forward() -> None:
    period = {"start": "2026-11-24T09:00:00+00:00", "end": "2026-11-24T08:59:59+00:00"}
    assert judged(changed(REFERRAL, put(f"{ORDER}.occurrencePeriod", period)), "TIM-004") == ("e", "e")
    zoned = {"start": "2026-11-24T09:00:00+01:00", "end": "2026-11-24T08:30:00+00:00"}
    assert judged(changed(REFERRAL, put(f"{ORDER}.occurrencePeriod", zoned)), "TIM-004") == ("-", "-")
    mixed = {"start": "2026-11-24T09:00:00+00:00", "end": "2026-11-24"}
    assert judged(changed(REFERRAL, put(f"{ORDER}.occurrencePeriod", mixed)), "TIM-004") == ("-", "-")


def test_a_care_plan_has_begun() -> None:
    late = changed(REFERRAL, put(f"{PLAN}.period.start", "2027-01-01T00:00:00.0000000+00:00"))
    assert judged(late, "TIM-005") == ("w", "w")
