from __future__ import annotations

import pytest

from tests.rules.builders import (
    at,
    changed,
    composed,
    drop,
    findings,
    fixes_itself,
    judged,
    mended,
    put,
    short,
    verdict,
)
from workbench.rules import Side
from workbench.standard import VersionProfile, default_profile

REFERRAL = composed()
NUMBER = f"{at(REFERRAL, 'Patient')}.identifier[0]"
VALUE = f"{NUMBER}.value"
STATUS = f"{NUMBER}.extension[0].valueCodeableConcept.coding[0].code"


def test_a_wrong_check_digit_offers_the_right_one() -> None:
    message = changed(REFERRAL, put(VALUE, "9990000410"))
    (found,) = findings(verdict(message), "PAT-001")
    assert (found.path, found.fix.label) == (VALUE, "Use …0417")
    assert found.resource == "the patient's NHS number"
    assert mended(message, found).resource == REFERRAL.resource
    assert judged(message, "PAT-001") == ("e", "w")


@pytest.mark.parametrize(
    ("value", "fixed"),
    [
        ("999 000 0417", True),
        ("999-000-0417", True),
        ("999000041", False),
        ("99900004170", False),
        ("999000041X", False),
    ],
)
def test_other_shapes(value: str, fixed: bool) -> None:
    message = changed(REFERRAL, put(VALUE, value))
    assert judged(message, "PAT-001") == ("e", "w")
    assert (findings(verdict(message), "PAT-001")[0].fix is not None) == fixed
    assert not fixed or fixes_itself(message, "PAT-001")


def test_digits_that_no_number_begins_with_have_no_fix() -> None:
    from workbench.messages.nhs_number import check_digit

    nine = next(f"{n:09d}" for n in range(999000000, 999000100) if check_digit(f"{n:09d}") is None)
    (found,) = findings(verdict(changed(REFERRAL, put(VALUE, f"{nine}0"))), "PAT-001")
    assert found.fix is None
    assert "begins" in found.text


def test_no_number_is_no_finding() -> None:
    bare = changed(REFERRAL, drop(NUMBER))
    assert not {rule for rule, _ in short(verdict(bare))} & {"PAT-001", "PAT-002", "PAT-003", "PAT-004"}


@pytest.mark.parametrize(
    ("status", "versions", "compose", "receive"),
    [
        ("number-present-and-verified", default_profile(1, "1.0.8"), set(), set()),
        ("number-present-but-not-traced", default_profile(1), set(), set()),
        ("number-present-but-not-traced", default_profile(1, "1.0.8"), {("PAT-003", "e")}, {("PAT-003", "w")}),
        ("number-present-but-not-traced", default_profile(5, "1.1.3"), {("PAT-003", "w")}, {("PAT-003", "w")}),
        ("number-present-but-not-traced", default_profile(5), set(), set()),
        ("number-present-but-not-traced", default_profile(8), {("PAT-004", "e")}, {("PAT-004", "w")}),
        ("trace-required", default_profile(1), {("PAT-002", "w")}, {("PAT-002", "w")}),
        ("trace-required", default_profile(3, "1.0.4"), set(), set()),
        ("trace-required", default_profile(3), {("PAT-002", "w")}, {("PAT-002", "w")}),
        ("trace-required", default_profile(6), set(), set()),
    ],
)
def test_the_status_depends_on_the_version(status: str, versions: VersionProfile, compose: set, receive: set) -> None:
    message = changed(REFERRAL, put(STATUS, status))
    for side, wanted in ((Side.COMPOSE, compose), (Side.RECEIVE, receive)):
        found = short(verdict(message, side, versions=versions))
        assert {one for one in found if one[0] in ("PAT-002", "PAT-003", "PAT-004")} == wanted


def test_a_number_without_status_is_told() -> None:
    assert judged(changed(REFERRAL, drop(f"{NUMBER}.extension")), "PAT-002") == ("w", "w")


def test_a_broker_needs_a_number() -> None:
    found = verdict(changed(REFERRAL, drop(NUMBER)), versions=default_profile(8))
    assert [one.severity.value for one in findings(found, "PAT-004")] == ["error"]
