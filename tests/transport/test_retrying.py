"""The pauses between two attempts: exponential with some chance, Retry-After obeyed, two minutes at most."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workbench.transport.retrying import pause, retry_after

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failed", "chance", "seconds"),
    [(1, 0.0, 2.0), (2, 0.0, 4.0), (3, 0.0, 8.0), (4, 0.0, 16.0), (2, 1.0, 6.0), (9, 1.0, 120.0)],
)
def test_the_schedule(failed: int, chance: float, seconds: float) -> None:
    assert pause(failed, None, NOW, chance) == seconds


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("5", 5.0),
        (" 0 ", 0.0),
        ("1000000000", 120.0),
        ("Wed, 25 Nov 2026 09:00:30 GMT", 30.0),
        ("Wed, 25 Nov 2026 09:00:30", 30.0),
        ("Thu, 31 Dec 2099 00:00:00 GMT", 120.0),
        ("Wed, 25 Nov 2026 08:59:30 GMT", None),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("9" * 400, None),
        ("Wed, 25 Nov 99999 09:00:30 GMT", None),
    ],
)
def test_what_a_server_says_is_obeyed_where_it_can_be_meant(told: str | None, seconds: float | None) -> None:
    assert retry_after(told, NOW) == seconds
    assert pause(1, told, NOW, 0.0) == (2.0 if seconds is None else seconds)
