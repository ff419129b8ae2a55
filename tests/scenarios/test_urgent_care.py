"""Scenarios played against the sandbox without a loop: every expectation holds, and fails where it must.

Covers drive, expectations, urgent_care, validation and values.
"""

# ruff: noqa: ANN001 - answers are of many kinds

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import pytest

from tests.receiver.builders import new_id
from tests.sandbox.builders import SENDER, Box, a_call
from workbench.compose import Party, PatientFacts, Setting, compose
from workbench.exchange import Direction, Exchange, Response, Timing
from workbench.scenarios import Await, Send, drive, scenarios
from workbench.standard import default_profile
from workbench.standard.operations import operations
from workbench.standard.use_cases import use_cases

PATIENT = PatientFacts("p", "Quillfeather", "Ash", "9990000417", birth_date="1990-02-03")


class Player:
    """Answers wishes from a sandbox; replies wait until they are asked for."""

    def __init__(self, spoil=None) -> None:
        self.box = Box()
        self.spoil = spoil or (lambda exchange: exchange)
        self.taken = 0

    def __call__(self, wish: Send | Await) -> Exchange | None:
        found = self._send(wish) if isinstance(wish, Send) else self._next_reply(wish)
        return self.spoil(found) if found else None

    def _send(self, wish: Send) -> Exchange:
        body = b""
        if wish.template:
            receiver = Party("Mock Hospital", "ZZM02", wish.service)
            setting = Setting(SENDER, receiver, PATIENT, wish.use_case, default_profile(int(wish.use_case[1])))
            body = compose(wish.template, setting, now=self.box.now, ids=new_id, links=wish.links).source
        row = operations()[wish.operation]
        path = row.path.format(**dict(wish.path_values)) if wish.path_values else row.path
        query = f"?{urlencode(wish.parameters)}" if wish.parameters else ""
        call = a_call(
            wish.service, method=row.method, path=path + query, body=body, X_Correlation_Id=wish.correlation_id
        )
        return self._exchange(Direction.OUT, call, self.box.call(call))

    def _next_reply(self, wish: Await) -> Exchange | None:
        if self.taken == len(self.box.outside.requests):
            return None
        self.taken += 1
        return self._exchange(Direction.IN, self.box.outside.requests[self.taken - 1], Response(200))

    def _exchange(self, direction, request, response) -> Exchange:
        return Exchange(
            new_id(),
            0,
            direction,
            "embedded",
            "process-message",
            default_profile(),
            request,
            Timing(self.box.now),
            response=response,
        )


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario.id)
def test_every_scenario_passes_in_the_sandbox(scenario) -> None:
    run = drive(scenario, Player(), new_id)
    assert run.passed, [one.text for one in run.expectations if not one.passed]
    assert sorted({wish.step for wish in run.wishes}) == [step.number for step in scenario.steps]
    assert len({wish.correlation_id for wish in run.wishes}) == 1
    assert len(run.expectations) >= 5


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario.id)
def test_every_scenario_ends_when_everything_is_refused(scenario) -> None:
    run = drive(scenario, Player(lambda exchange: replace(exchange, response=Response(500))), new_id)
    assert not run.passed
    assert any("answered 200" in one.text and not one.passed for one in run.expectations)


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario.id)
def test_ids_that_are_not_echoed_are_noticed(scenario) -> None:
    def spoil(exchange: Exchange) -> Exchange:
        kept = tuple(row for row in exchange.response.headers if row[0] != "X-Request-Id")
        return replace(exchange, response=replace(exchange.response, headers=kept))

    run = drive(scenario, Player(spoil), new_id)
    assert any(one.text.startswith("X-Request-Id") and not one.passed for one in run.expectations)


def test_a_reply_that_does_not_come_is_a_failed_expectation() -> None:
    player = Player()

    def answer(wish: Send | Await) -> Exchange | None:
        return player(wish) if isinstance(wish, Send) else None

    scenario = next(row for row in scenarios() if row.id == "safeguarding-dna")
    run = drive(scenario, answer, new_id)
    assert [one.text for one in run.expectations if not one.passed] == [
        "The report that the patient did not attend arrives"
    ]


def test_a_reply_in_another_conversation_is_noticed() -> None:
    def spoil(exchange: Exchange) -> Exchange:
        if exchange.direction is Direction.OUT:
            return exchange
        headers = tuple((n, new_id() if n == "X-Correlation-Id" else v) for n, v in exchange.request.headers)
        return replace(exchange, request=replace(exchange.request, headers=headers))

    scenario = next(row for row in scenarios() if row.id == "validation")
    failed = [one.text for one in drive(scenario, Player(spoil), new_id).expectations if not one.passed]
    assert failed == [
        "The interim reply belongs to the same conversation",
        "The full reply belongs to the same conversation",
    ]


def test_the_words_are_complete() -> None:
    for scenario in scenarios():
        assert scenario.use_case in use_cases()
        assert scenario.title
        assert scenario.roles[0] == "Sender"
        for step in scenario.steps:
            assert step.sentence.endswith(".")
            assert step.must_come_back
