"""How many messages came today, in words; midnight begins anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from workbench.session.arrived_today import ArrivedToday

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_it_counts_from_what_the_history_has_and_says_what_could_not_be_kept() -> None:
    today = ArrivedToday(lambda: NOON)
    assert today.words() == "No message yet today."
    today.begin(213)
    today.came()
    assert today.words() == "214 messages today, none lost."
    today.unkept()
    assert today.words() == "214 messages today, 1 refused for want of storage."


def test_another_day_begins_with_nothing() -> None:
    now = [NOON]
    today = ArrivedToday(lambda: now[0])
    today.begin(5)
    now[0] += timedelta(days=1)
    assert today.words() == "No message yet today."
    today.came()
    assert today.words() == "1 message today, none lost."
    assert today.midnight.hour == today.midnight.minute == 0
