"""Every rule has a help page with what holds and how to mend it."""

from __future__ import annotations

import re

import pytest

from workbench.messages import Layer, Severity
from workbench.rules import rules
from workbench.rules.help import RuleHelp, all_help, help_of, layer_words
from workbench.rules.registry import RuleSpec, spec_of

SENTENCE = re.compile(r"\S.*[.…]$")


@pytest.mark.parametrize("page", all_help(), ids=lambda page: page.id)
def test_every_rule_says_what_holds_and_what_to_do(page: RuleHelp) -> None:
    assert SENTENCE.match(page.title), page.title
    assert "\n" not in page.title
    assert SENTENCE.match(page.how), page.how
    assert "{" not in page.how, "a fact of the sentence was not filled in"
    assert page.source
    assert page.versions.endswith(".")
    assert page.answer.endswith(".")


def test_every_rule_has_its_page_and_nothing_else_has() -> None:
    assert [page.id for page in all_help()] == [spec.id for spec in rules()]
    assert help_of("NOT-000") is None


def test_every_layer_has_words() -> None:
    assert len({layer_words(layer) for layer in Layer}) == len(Layer)


def test_a_text_that_cannot_be_read_is_mended_as_its_error_says() -> None:
    page = help_of("SYN-005")
    assert page is not None
    assert "DOCTYPE" in page.how
    assert page.severity is Severity.FATAL


def test_versions_and_answers_are_told() -> None:
    since = next(spec for spec in rules() if spec.since)
    page = help_of(since.id)
    assert page is not None
    number, version = min(since.since.items())
    assert f"Application {number} {version}".strip() in page.versions
    mild = next(spec for spec in rules() if spec.severity is Severity.WARNING and spec.layer is not Layer.RESPONSE)
    assert help_of(mild.id).answer.startswith("It accepts")
    strict = _first(Layer.BARS)
    assert help_of(strict.id).answer.startswith(f"{strict.answer.status} {strict.answer.code}")
    assert help_of(_first(Layer.RESPONSE).id).answer.startswith("Nothing")


def _first(layer: Layer) -> RuleSpec:
    found = next(spec for spec in rules() if spec.layer is layer and spec.severity is Severity.ERROR)
    assert spec_of(found.id) is found
    return found
