"""What of a verdict counts: findings of layers that are switched off and known noise of a service are set apart.

What is fatal always counts. Nothing is lost: what was set apart is handed on with the reason.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from workbench.directory.silences import silence_for
from workbench.messages import Layer, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from workbench.directory.silences import Silence
    from workbench.messages import Finding
    from workbench.rules.values import Verdict


class Silenced(NamedTuple):
    """A finding that does not count, and why."""

    finding: Finding
    silence: Silence


@dataclass(frozen=True, slots=True)
class Sifted:
    """A verdict without what does not count."""

    verdict: Verdict
    silenced: tuple[Silenced, ...] = ()
    hidden: tuple[tuple[Layer, int], ...] = ()
    """How many findings of each layer that is switched off were left out; layers without any too."""


def sift(verdict: Verdict, *, silences: Sequence[Silence] = (), off: Collection[Layer] = ()) -> Sifted:
    """Set apart what is silenced, and what is of a layer that is `off`; both only where it is not fatal."""
    kept: list[Finding] = []
    silenced: list[Silenced] = []
    hidden: Counter[Layer] = Counter()
    for finding in verdict.findings:
        if finding.severity is not Severity.FATAL:
            if finding.layer in off:
                hidden[finding.layer] += 1
                continue
            if (silence := silence_for(silences, finding)) is not None:
                silenced.append(Silenced(finding, silence))
                continue
        kept.append(finding)
    counted = tuple((layer, hidden[layer]) for layer in Layer if layer in off)
    return Sifted(replace(verdict, findings=tuple(kept)), tuple(silenced), counted)


def layers_of(words: str) -> tuple[frozenset[Layer], tuple[str, ...]]:
    """The layers that a list of names with commas says, and the names that are none."""
    names = [name.strip().lower() for name in words.split(",") if name.strip()]
    known = {layer.value: layer for layer in Layer}
    return (
        frozenset(known[name] for name in names if name in known),
        tuple(name for name in names if name not in known),
    )


def hidden_words(hidden: Sequence[tuple[Layer, int]]) -> str:
    """`harness and profile findings hidden (3)`, with how many there were; empty when nothing is switched off."""
    if not hidden:
        return ""
    names = [layer.value for layer, _ in hidden]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{listed} findings hidden ({sum(count for _, count in hidden)})"
