"""`rules`: the list, one page, JSON, and a rule that does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Done


def test_every_rule_has_a_line(command: Callable[..., Done]) -> None:
    done = command("rules")
    assert done.code == 0
    assert any(line.startswith("REF-001  Error") for line in done.out.splitlines())


def test_named_rules_are_shown_whole(command: Callable[..., Done]) -> None:
    done = command("rules", "ref-001", "SYN-003")
    assert done.code == 0
    assert done.out.count("To mend: ") == 2
    whole = command("rules", "REF-001", "--format", "json").document
    assert [row["rule"] for row in whole["rules"]] == ["REF-001"]
    assert whole["rules"][0]["how"]


def test_a_rule_that_does_not_exist_is_2(command: Callable[..., Done]) -> None:
    done = command("rules", "NOT-000")
    assert (done.code, done.out) == (2, "")
    assert "NOT-000" in done.err
