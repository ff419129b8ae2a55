"""Whether a reply came in time, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workbench.messages import Summary
from workbench.session.timeliness import DUE, due_words, with_due

DUE_AT = datetime(2026, 10, 14, 12, 32, tzinfo=UTC)


@pytest.mark.parametrize(
    ("came", "words"),
    [
        (timedelta(minutes=-11, seconds=-13), "12:32:00, answered 11 min 13 s before"),
        (timedelta(hours=1, minutes=5), "12:32:00, answered 1 h 5 min late"),
        (timedelta(0), "12:32:00, answered at that time"),
        (timedelta(days=2), "14 Oct 12:32:00, answered 2 days late"),
    ],
)
def test_how_long_before_or_after_it_came(came: timedelta, words: str) -> None:
    assert due_words(DUE_AT, DUE_AT + came, UTC) == words


def test_it_stands_in_place_of_the_time_that_is_repeated() -> None:
    facts = (("About", "J.J."), ("Outcome", "See a GP"), ("By", "12:32"), ("Status", "finished"), ("From", "A"))
    told = with_due(Summary("T", "S.", facts, ((4, "Who"),)), "12:32:00, in time")
    assert [name for name, _ in told.facts] == ["About", "Outcome", DUE, "Status", "From"]
    assert told.sections[1] == ("Who", (("From", "A"),))
