from __future__ import annotations

import pytest

from workbench.errors import ErrorCode, InputError, Place
from workbench.messages.remarks import Remark
from workbench.rules import Side, judge_bytes, spec_of
from workbench.rules.syntax import unreadable


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        (b"", "SYN-001"),
        (b'{"resourceType": "Patient", "id": "\xff"}', "SYN-002"),
        (b'{"resourceType": "Patient",}', "SYN-003"),
        (b'<Patient xmlns="http://hl7.org/fhir">', "SYN-004"),
        (b'<!DOCTYPE x><Patient xmlns="http://hl7.org/fhir"/>', "SYN-005"),
        (b"<Patient/>", "SYN-006"),
        (b"[1]", "SYN-007"),
        (b'{"resourceType": "Mock"}', "SYN-008"),
        (b"[" * 70 + b"]" * 70, "SYN-010"),
        (b'{"resourceType": "Patient", "a": 1e999}', "SYN-012"),
        (b'{"resourceType": "Patient"}\n{"resourceType": "Patient"}', "SYN-013"),
    ],
)
def test_each_way_of_being_unreadable_has_its_rule(source: bytes, rule: str) -> None:
    message, found = judge_bytes(source, versions=None, side=Side.RECEIVE, timer=lambda: 0.0)
    assert message is None
    assert [one.rule for one in found.findings] == [rule]
    assert found.findings[0].place is not None
    assert spec_of(rule) is not None


def test_remarks_have_help() -> None:
    assert not [kind for kind in Remark if spec_of(kind.value) is None]


def test_an_error_nobody_foresaw_is_still_a_finding() -> None:
    found = unreadable(InputError(ErrorCode.INPUT_ID, what="It", cause="odd"))
    assert (found.rule, found.place) == ("SYN-014", Place(1, 1, 0))


@pytest.mark.parametrize(
    ("source", "rule", "in_a_file", "received", "composed"),
    [
        (b"\xef\xbb\xbf" + b'{"resourceType": "Patient"}', "SYN-102", "information", "warning", "error"),
        ('{"resourceType": "Patient"}'.encode("utf-16-le"), "SYN-103", "information", "error", "error"),
    ],
)
def test_another_encoding_is_a_note_in_a_file_and_refused_on_the_way(
    source: bytes, rule: str, in_a_file: str, received: str, composed: str
) -> None:
    def severity(side: Side, headers: tuple[tuple[str, str], ...] | None = None) -> str:
        _, found = judge_bytes(source, versions=None, side=side, timer=lambda: 0.0, headers=headers)
        return next(one.severity.value for one in found.findings if one.rule == rule)

    assert severity(Side.RECEIVE) == in_a_file
    assert severity(Side.RECEIVE, (("X-Mock", "1"),)) == received
    assert severity(Side.COMPOSE) == composed
