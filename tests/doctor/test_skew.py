from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.transport.builders import an_exchange
from workbench.doctor.skew import skew_of


def test_the_clocks_are_compared_in_the_middle_of_the_call() -> None:
    call = an_exchange("https://mock.example")
    assert skew_of(call) is None
    timing = replace(call.timing, send=2.0, wait=2.0)
    dated = replace(call, timing=timing, peer_date=call.timing.started + timedelta(seconds=92))
    assert skew_of(dated) == 90.0
    assert skew_of(replace(dated, peer_date=call.timing.started - timedelta(seconds=8))) == -10.0
