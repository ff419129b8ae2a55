"""Answers on purpose: the values that get a refusal, loaded with those the national harness made known.

Knows the table; must not know when a rule is looked up.
"""

from __future__ import annotations

from functools import cache

from workbench import assets
from workbench.receiver.values import AnswerRule


@cache
def answer_rules() -> tuple[AnswerRule, ...]:
    """Every row of `resources/sandbox/answers.toml`."""
    return tuple(
        AnswerRule(
            row["id"], row["operation"], row["value"], row["status"], row["issue"], row["why"], row.get("kind", "")
        )
        for row in assets.table("sandbox", "answers.toml")["answer"]
    )
