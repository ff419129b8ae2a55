from __future__ import annotations

from workbench.standard.outcomes import bare_statuses, known_code, outcome_cases, outcome_codes, receiver_code


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


def test_every_row_says_what_to_do_and_cases_belong_to_codes() -> None:
    for row in (*outcome_codes().values(), *outcome_cases().values()):
        assert row.next_step.endswith("."), row.code
        assert row.meaning[0].islower(), row.code
    assert all(known_code(code) is not None for code, _ in outcome_cases())
    assert [case.issue for case in outcome_cases().values() if case.delivered] == ["duplicate"]
    assert all(400 <= status < 600 for status in bare_statuses())


def test_codes_are_found_without_the_platforms_prefix_too() -> None:
    assert known_code("TIMEOUT") is outcome_codes()["PROXY_TIMEOUT"]
    assert known_code("REC_NOT_SUPPORTED") is outcome_codes()["REC_NOT_ACCEPTABLE"]
    assert known_code("MOCK") is None
