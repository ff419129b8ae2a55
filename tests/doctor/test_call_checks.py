"""Checks of a call beside what the proxy refuses; with call_refusal they are walked in the folder of faults."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.doctor.builders import BOX, a_refused_call, by_id
from tests.sandbox.builders import a_call
from workbench.doctor import State
from workbench.doctor.call_checks import call_checks, target_of
from workbench.exchange import Response

NO = Response(400, "", (), b"")


def test_a_good_call_is_fine_in_every_respect_but_what_nobody_here_knows() -> None:
    checks = call_checks(a_refused_call(a_call(token="mock"), NO))
    assert {check.id for check in checks if check.state is State.WRONG} == set()
    assert {check.id for check in checks if check.state is State.UNTESTED} == {
        "token-ours",
        "token-place",
        "token-life",
        "rate",
    }


def test_where_no_token_is_asked_for_none_is_looked_for() -> None:
    checks = call_checks(a_refused_call(a_call(), NO, place=replace(BOX, needs_token=False), key=""))
    assert not [check for check in checks if check.id.startswith("token")]


def test_what_the_history_keeps_in_place_of_a_token_counts_as_one() -> None:
    kept = a_call(Authorization="[secret sha256:0badcafe]")
    assert by_id(call_checks(a_refused_call(kept, NO)), "token-there").state is State.FINE


def test_pointers_and_the_platforms_own_statement_need_no_target() -> None:
    for path in ("/DocumentReference", "/metadata"):
        call = a_call(method="GET", path=path, NHSD_Target_Identifier=None)
        assert not [one for one in call_checks(a_refused_call(call, NO)) if one.id.startswith("target")]
    assert target_of(a_refused_call(call, NO)) == {}


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ("application/fhir+json; version=1.0.0", State.FINE),
        ("application/fhir+json; version", State.WRONG),
        ("*/*", State.FINE),
    ],
)
def test_accept_is_judged_as_the_platform_reads_it(value: str, state: State) -> None:
    assert by_id(call_checks(a_refused_call(a_call(Accept=value), NO)), "accept").state is state


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ('application/fhir+json; version="1.2.0"', State.WRONG),
        ("application/fhir+json; version=1.2.0-beta", State.WRONG),
        ("application/fhir+json; version=1.0.0, application/json; version=1.4.0", State.FINE),
        ("application/fhir+json", State.WRONG),
    ],
)
def test_pointers_need_three_plain_numbers(value: str, state: State) -> None:
    call = a_call(method="GET", path="/DocumentReference", Accept=value)
    assert by_id(call_checks(a_refused_call(call, NO)), "accept").state is state


def test_an_id_that_is_no_uuid_is_named() -> None:
    check = by_id(call_checks(a_refused_call(a_call(X_Request_Id="42"), NO)), "ids")
    assert (check.state, check.words) == (State.WRONG, "X-Request-Id: it is not 8-4-4-4-12 hexadecimal digits")


def test_another_system_is_told_and_a_misspelt_one_differently() -> None:
    from tests.sandbox.test_proxy import target

    near = a_call(NHSD_Target_Identifier=target("http://fhir.nhs.uk/Id/dos-service-id"))
    far = a_call(NHSD_Target_Identifier=target("https://mock.example/Id"))
    assert "is spelt" in by_id(call_checks(a_refused_call(near, NO)), "target-system").sentence
    assert "may not know" in by_id(call_checks(a_refused_call(far, NO)), "target-system").sentence
