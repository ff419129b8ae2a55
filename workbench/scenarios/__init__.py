"""The workflows of the standard as plays in two roles: generators of values, without any I/O.

The list below names every scenario; their words are in `resources/scenarios`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from workbench import assets
from workbench.scenarios.drive import Driven, drive
from workbench.scenarios.urgent_care import book_then_refer, refer_only, refer_then_book, safeguarding_dna
from workbench.scenarios.validation import validation
from workbench.scenarios.values import Await, Expect, Play, Scenario, Send, Step, Wish

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workbench.exchange import Ids

_PLAYS: Mapping[str, Callable[[Ids], Play]] = {
    "refer-only": refer_only,
    "book-then-refer": book_then_refer,
    "refer-then-book": refer_then_book,
    "validation": validation,
    "safeguarding-dna": safeguarding_dna,
}


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Every scenario in the order it is shown and run."""
    words = {row["id"]: row for row in assets.table("scenarios", "scenarios.toml")["scenario"]}
    return tuple(
        Scenario(
            id,
            words[id]["title"],
            words[id]["sentence"],
            words[id]["group"],
            words[id]["use_case"],
            tuple(
                Step(number, row["actor"], row["other"], row["sentence"], row["must_come_back"])
                for number, row in enumerate(words[id]["step"], 1)
            ),
            play,
        )
        for id, play in _PLAYS.items()
    )


__all__ = ["Await", "Driven", "Expect", "Play", "Scenario", "Send", "Step", "Wish", "drive", "scenarios"]
