"""The bounds of expressions: patterns that may never end, and the time of one expression."""

from __future__ import annotations

import re
from itertools import count

import pytest

from workbench.profiles import fhirpath_limits as limits
from workbench.profiles.fhirpath_limits import OverrunError, UnrunnableError, bounded, matches, replace_matches, steps


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a*)*",
        "((a+)b?)*",
        "(?:a+){2,}",
        "(?P<x>a+)+",
        "(a|aa)+$",
        "(a?)+",
        "(.*a){10,20}",
        r"(\.[\s\S]+)+$",
        "([a-z]+|b)*",
    ],
)
def test_patterns_that_may_never_end(pattern: str) -> None:
    assert re.compile(pattern)
    assert limits.repeats_of(pattern) is None
    with pytest.raises(UnrunnableError, match="for ever"):
        matches(["a"], pattern)


@pytest.mark.parametrize(
    ("pattern", "repeats"),
    [
        ("", 0),
        ("^[0-9]{6}$", 0),
        ("[A-Z]([A-Za-z0-9_]){0,254}", 1),
        ("^([456789]{1}[0-9]{9})$", 0),
        (r"^[a-zA-Z0-9\/\-_\[\]\@]+$", 1),
        ("[(a+)+]", 0),
        (r"\(a+\)+", 2),
        ("(a|b)c", 0),
        ("(?:ab)*", 1),
        ("a?b*c+", 2),
    ],
)
def test_other_patterns_end(pattern: str, repeats: int) -> None:
    assert limits.repeats_of(pattern) == repeats


def test_the_more_repeats_the_shorter_the_text() -> None:
    assert matches(["a" * 5000], "^a+$") == [True]
    assert matches(["a" * 100_000], "^a") == [True]
    with pytest.raises(UnrunnableError, match="5,000 characters"):
        matches(["a" * 5000], "a*a*b")


@pytest.mark.parametrize("pattern", ["(", "[", "a{2,1}", "*"])
def test_a_pattern_that_cannot_be_read(pattern: str) -> None:
    with pytest.raises(UnrunnableError, match="cannot be read"):
        matches(["a"], pattern)


def test_texts_that_are_searched() -> None:
    assert matches([], "a") == []
    assert matches(["a\nb"], "a.b") == [True]
    assert replace_matches(["2020-01"], r"(\d{4})-(\d{2})", "$2/$1") == ["01/2020"]
    assert replace_matches([], "a", "b") == []
    for values in (["a", "b"], [1]):
        with pytest.raises(UnrunnableError, match="one text"):
            matches(values, "a")
    with pytest.raises(UnrunnableError, match="puts in"):
        replace_matches(["a"], "a", "$7")


def test_a_step_is_taken_only_while_there_is_time() -> None:
    tree = steps({"children": [{"type": "Term", "children": []}]})
    step = tree["children"][0]
    assert step["type"] == "Term"
    with bounded(3600):
        assert step["type"] == "Term"
        with bounded(-1), pytest.raises(OverrunError, match="longer than 1 s"):
            step["type"]
        assert step["type"] == "Term"
    assert step["type"] == "Term"


def test_what_runs_inside_is_not_counted() -> None:
    step = steps({"type": "Term"})
    far = count(0, 10**9)
    with bounded(0, clock=lambda: float(10**9)):
        with bounded(0, clock=lambda: float(next(far))):
            pass
        assert step["type"] == "Term"
