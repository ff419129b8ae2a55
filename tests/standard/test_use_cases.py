from __future__ import annotations

import pytest

from workbench.standard.use_cases import use_cases


def test_all_34_are_there_with_their_applications() -> None:
    assert len(use_cases()) == 34
    assert {row.application for row in use_cases().values()} == set(range(1, 9))
    assert use_cases()["referraltopharmacy"].application == 5


@pytest.mark.parametrize(
    ("code", "purposes"),
    [
        ("a1t1", (True, True, False)),
        ("a3t1", (False, True, False)),
        ("a4t1", (False, False, True)),
        ("a7t1", (True, False, False)),
    ],
)
def test_purposes(code: str, purposes: tuple[bool, bool, bool]) -> None:
    row = use_cases()[code]
    assert (row.booking, row.referral, row.validation) == purposes


def test_marks() -> None:
    assert {code for code, row in use_cases().items() if row.withdrawn} == {"a5t2", "a5t3", "referraltopharmacy"}
    assert use_cases()["a1t10"].since == "1.41"
    assert use_cases()["a1t1"].since == ""
