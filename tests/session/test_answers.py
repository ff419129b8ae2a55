"""What an answer means in one sentence: see tests/faults/test_answers.py for every fault; here, what was never sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.transport.builders import an_exchange
from workbench.errors import ErrorCode
from workbench.exchange import Failure, FailureKind, Response
from workbench.session.answers import reading
from workbench.session.views import Tone

CALL = an_exchange("http://127.0.0.1:1/x")


def test_a_call_under_way_waits() -> None:
    assert reading(CALL, "Northgate") == (Tone.WAITING, "Sent to Northgate", "", False)


@pytest.mark.parametrize(
    ("kind", "tone"),
    [
        (FailureKind.NOT_SENT, Tone.ERROR),
        (FailureKind.STOPPED, Tone.ERROR),
        (FailureKind.UNKNOWN, Tone.UNKNOWN),
        (FailureKind.CUT, Tone.UNKNOWN),
    ],
)
def test_a_failure_speaks_for_itself_and_is_never_repeated_unasked(kind: FailureKind, tone: Tone) -> None:
    failure = Failure.of(kind, ErrorCode.NET_NO_ANSWER, what="HOST")
    found = reading(replace(CALL, failure=failure), "Northgate")
    assert found == (tone, failure.sentence, failure.next_step, False)


def test_a_read_without_a_body_is_no_stranger() -> None:
    ids = tuple(row for row in CALL.request.headers if row[0].startswith("X-"))
    read = replace(CALL, operation="metadata", response=Response(200, "OK", ids))
    assert reading(read, "Northgate").tone is Tone.OK
