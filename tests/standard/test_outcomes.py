from __future__ import annotations

from workbench.standard.outcomes import outcome_codes, receiver_code


def test_codes_know_status_and_retry() -> None:
    conflict = outcome_codes()["REC_CONFLICT"]
    assert (conflict.status, conflict.issue_codes, conflict.retry) == (409, ("duplicate", "conflict"), False)
    assert outcome_codes()["REC_TIMEOUT"].retry
    assert outcome_codes()["SEND_TOO_MANY_REQUESTS"].retry


def test_a_receiver_speaks_with_its_own_prefix() -> None:
    assert receiver_code(400) == "REC_BAD_REQUEST"
    assert receiver_code(422) == "REC_UNPROCESSABLE_ENTITY"
    assert receiver_code(418) == "REC_BAD_REQUEST"
    assert receiver_code(599) == "REC_SERVER_ERROR"
    assert all(code.startswith("REC_") for code, row in outcome_codes().items() if row.raised_by == "receiver")
