"""The answers on purpose that come with the program: what the national harness made known.

Knows the table; must not know when a rule is looked up.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from workbench import assets
from workbench.receiver.answer_rule import HARNESS, rule_of

if TYPE_CHECKING:
    from workbench.receiver.answer_rule import AnswerRule


@cache
def answer_rules() -> tuple[AnswerRule, ...]:
    """Every row of `resources/sandbox/answers.toml`, in its order."""
    return tuple(rule_of(row, HARNESS) for row in assets.table("sandbox", "answers.toml")["answer"])
