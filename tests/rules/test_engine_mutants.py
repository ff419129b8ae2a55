"""Official messages with one fault each: nearly every fault is found where it is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.rules.builders import headers_for
from tests.rules.mutants import mutants
from workbench.messages import parse
from workbench.messages.paths import parent
from workbench.rules import Side, judge_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.rules.mutants import Mutant
    from workbench.exchange import Headers
    from workbench.messages import Message

Key = tuple[str, str, str]
MOST = 2
"""Mutants of one kind that are judged of each message."""


def found(source: bytes, headers: Headers) -> set[Key]:
    _, verdict = judge_bytes(source, versions=None, side=Side.RECEIVE, timer=lambda: 0.0, headers=headers)
    return {(one.rule, one.path, one.text) for one in verdict.findings}


def is_seen(mutant: Mutant, new: set[Key]) -> bool:
    """Whether a finding that the good twin lacks is at the fault, below it, or at its parent."""
    near = (mutant.place, parent(mutant.place))
    return any(path in near or path.startswith((mutant.place + ".", mutant.place + "[")) for _, path, _ in new)


def sample(message: Message) -> list[Mutant]:
    """Some mutants of every kind, spread over the message."""
    kinds: dict[str, list[Mutant]] = {}
    for mutant in mutants(message):
        kinds.setdefault(mutant.kind, []).append(mutant)
    return [one for same in kinds.values() for one in same[:: -(-len(same) // MOST)]]


def test_faults_of_official_messages_are_found_where_they_are(shared: Path) -> None:
    made: Counter[str] = Counter()
    missed: list[str] = []
    for file in sorted((shared / "data" / "examples" / "xml").glob("*.xml")):
        message = parse(file.read_bytes())
        if message.facts.event is None:
            continue
        headers = headers_for(message)
        before = found(message.source, headers)
        for mutant in sample(message):
            assert mutant.source != message.source or mutant.headers
            made[mutant.kind] += 1
            new = found(mutant.source, mutant.headers or headers) - before
            if not is_seen(mutant, new):
                missed.append(f"{mutant.kind}: {mutant.place} of {file.stem}")
    assert sum(made.values()) >= 300, made
    assert len(missed) <= 0.02 * sum(made.values()), "\n".join(missed)
    assert all(kind in made for kind in ("bad header", "bad nhs number", "wrong code", "dangling reference")), made
