from __future__ import annotations

import pytest

from workbench.errors import ErrorCode, InputError, Place
from workbench.headers import read_header_lines

TEXT = "POST /$process-message HTTP/1.1\r\n# a note\r\nAccept: application/fhir+json\r\n\r\nX-Request-Id:  abc\r\n"


def test_lines_keep_their_places() -> None:
    found = read_header_lines(TEXT, what="headers.txt")
    assert found.headers == (("Accept", "application/fhir+json"), ("X-Request-Id", " abc"))
    assert found.place("x-request-id") == Place(5, 1, TEXT.index("X-Request"))
    assert found.place("use-context") is None


def test_a_line_without_colon_is_refused_with_its_number() -> None:
    with pytest.raises(InputError, match=r"Line 2 of headers.txt") as caught:
        read_header_lines("Accept: x\nnonsense\n", what="headers.txt")
    assert caught.value.code is ErrorCode.INPUT_HEADER
    assert caught.value.place == Place(2, 1, 10)


def test_a_folded_line_stays_with_its_header() -> None:
    found = read_header_lines("Accept: a\r\n b\r\n\tc\nX-Mock: d\n", what="f")
    assert found.headers == (("Accept", "a\n b\n\tc"), ("X-Mock", "d"))
    assert found.place("X-Mock") == Place(4, 1, 18)


def test_odd_names_are_kept_for_judging() -> None:
    assert read_header_lines("NHSD-End-User- Organisation: x", what="f").headers == (
        ("NHSD-End-User- Organisation", "x"),
    )
