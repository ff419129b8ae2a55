"""What to do about a finding: every row is of a rule that there is, and its page shows it."""

from __future__ import annotations

import pytest

from workbench.rules.help import all_help, help_of
from workbench.rules.mending import MENDING

WANT_NEXT_STEPS = ("BAS", "BUN", "MSG", "SRQ")
"""Topics that most messages fall foul of: a rule that is a title alone says at least what to do."""


@pytest.mark.parametrize("id", MENDING)
def test_a_row_is_what_the_page_of_its_rule_says(id: str) -> None:
    page = help_of(id)
    assert page is not None
    assert page.how == MENDING[id]


def test_no_two_rules_say_the_same() -> None:
    assert len(set(MENDING.values())) == len(MENDING)


def test_a_rule_without_more_than_its_title_says_what_to_do() -> None:
    bare = {page.id for page in all_help() if page.id[:3] in WANT_NEXT_STEPS and not page.body}
    assert bare - set(MENDING) == set()
