from __future__ import annotations

import pytest

from workbench.headers.ids import changed_in_echo, id_problem, is_nil, not_echoed, same_ids

ID = "0badcafe-0000-4000-8000-000000000001"
OTHER = "0badcafe-0000-4000-8000-000000000002"
SENT = (("X-Request-Id", ID), ("X-Correlation-Id", OTHER))


@pytest.mark.parametrize("value", [ID, ID.upper()])
def test_a_uuid_is_fine(value: str) -> None:
    assert id_problem(value) is None


@pytest.mark.parametrize(
    "value", ["", "{" + ID + "}", "urn:uuid:" + ID, ID.replace("-", ""), ID[:-1], ID + "\n", ID[:9] + "-" + ID[9:]]
)
def test_anything_else_is_not(value: str) -> None:
    assert id_problem(value)


def test_nil_and_twins_are_seen() -> None:
    assert is_nil("00000000-0000-0000-0000-000000000000")
    assert not is_nil(ID)
    assert same_ids((("x-request-id", ID), ("x-correlation-id", ID.upper())))
    assert not same_ids(SENT)
    assert not same_ids(())


def test_an_echo_may_change_case_only() -> None:
    assert changed_in_echo(SENT, (("x-request-id", ID.upper()), ("x-correlation-id", OTHER))) == ()
    assert changed_in_echo(SENT, (("X-Request-Id", OTHER),)) == ("X-Request-Id",)
    assert not_echoed(SENT, (("X-Request-Id", OTHER),)) == ("X-Correlation-Id",)
    assert not_echoed((), ()) == ()
