from __future__ import annotations

import pytest

from workbench.headers.names import LONGEST_VALUE, name_problem, suggestion, value_problem


@pytest.mark.parametrize(
    ("name", "word"),
    [("", "empty"), ("NHSD-End-User- Organisation", "blank"), ("A:B", "colon"), ("Näme", "ASCII"), ("a(b)", "char")],
)
def test_names_that_cannot_be(name: str, word: str) -> None:
    assert word in (name_problem(name) or "")


@pytest.mark.parametrize("name", ["Accept", "X-Request-Id", "use-context", "x_y!"])
def test_names_that_can(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("a\rb", "line break"),
        ("a\nb", "line break"),
        ("a\r\nX: y", "line break"),
        ("a\0b", "NUL"),
        ("a\x07b", "control"),
        ("a\x7fb", "control"),
        ("ŷ", "ASCII"),
        ("x" * (LONGEST_VALUE + 1), "more than"),
    ],
)
def test_values_that_cannot_be(value: str, word: str) -> None:
    assert word in (value_problem(value) or "")


def test_ordinary_values_can() -> None:
    assert value_problem("application/fhir+json; version=1.0.0\t") is None


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Authorisation", "Authorization"),
        ("NHSD-End-User- Organisation", "NHSD-End-User-Organisation"),
        ("NHSD-Target Identifier", "NHSD-Target-Identifier"),
        ("NHSD-End-User-Organization", "NHSD-End-User-Organisation"),
        ("NHSD-Requesting-Sofware", "NHSD-Requesting-Software"),
        ("XRequestId", "X-Request-Id"),
        ("x-request-id", None),
        ("X-Request-ID", None),
        ("User-Agent", None),
        ("X-Forwarded-For", None),
    ],
)
def test_near_misses_name_the_right_header(name: str, meant: str | None) -> None:
    assert suggestion(name) == meant
