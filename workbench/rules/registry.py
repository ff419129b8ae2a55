"""The list of rules: one decorated generator each, registered under an id that is never used again.

Must not know what any rule looks at.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.messages import Layer, Severity, Source
from workbench.rules.values import Answer
from workbench.standard import is_at_least

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from workbench.rules.values import Hit, Submission
    from workbench.standard import VersionProfile

    Check = Callable[[Submission], Iterator[Hit]]
    Applies = Callable[[Submission], bool]

REFUSED = Answer(400, "REC_BAD_REQUEST", "invariant")

_ID = re.compile(r"[A-Z]{3}-\d{3}")
_RULES: dict[str, RuleSpec] = {}


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule with everything its help page shows."""

    id: str
    severity: Severity
    """Of a finding that says no other."""
    layer: Layer
    source: Source
    title: str
    """The first sentence of its help."""
    doc: str
    check: Check | None = None
    """None for what reading a text finds before any rule runs."""
    applies: Applies | None = None
    since: Mapping[int, str] | None = None
    until: Mapping[int, str] | None = None
    answer: Answer = REFUSED
    """What a correct receiver says to it where it is an error."""

    def holds_for(self, versions: VersionProfile) -> bool:
        """Whether the rule exists in these versions.

        `since` names the Applications that have it and their first version, `until` those that had it and the version
        that dropped it.
        """
        own = versions.application_version
        first = self.since.get(versions.application) if self.since is not None else ""
        if first is None or (first and not is_at_least(own, first)):
            return False
        last = self.until.get(versions.application) if self.until is not None else ""
        return last is not None and not (last and is_at_least(own, last))


def rule(
    id: str,
    severity: Severity,
    *,
    source: Source,
    layer: Layer = Layer.BARS,
    applies: Applies,
    since: Mapping[int, str] | None = None,
    until: Mapping[int, str] | None = None,
    answer: Answer = REFUSED,
) -> Callable[[Check], Check]:
    """Register a generator of hits as a rule; its docstring is the help. ValueError for a bad or used id."""

    def register(check: Check) -> Check:
        doc = inspect.getdoc(check) or ""
        title, _, _ = doc.partition("\n")
        add(RuleSpec(id, severity, layer, source, title.strip(), doc, check, applies, since, until, answer))
        return check

    return register


def add(spec: RuleSpec) -> None:
    """Put a rule into the list; ValueError for a bad id, a used id, or no help text."""
    if not _ID.fullmatch(spec.id):
        raise ValueError(f"{spec.id} is no rule id: TOPIC-nnn is needed")
    if spec.id in _RULES:
        raise ValueError(f"rule id {spec.id} is used twice")
    if not spec.doc:
        raise ValueError(f"rule {spec.id} has no docstring: it is its help")
    _RULES[spec.id] = spec


def registered() -> tuple[RuleSpec, ...]:
    """Every rule of the modules imported so far, by id."""
    return tuple(_RULES[id] for id in sorted(_RULES))


def spec_of(id: str) -> RuleSpec | None:
    """One rule, None for an id nobody registered."""
    return _RULES.get(id)
