"""The help of every rule, made from its row in the registry: what holds, why, how to mend it, what is answered.

Must not know how a page is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, wordings
from workbench.messages import Layer, Severity
from workbench.rules.mending import MENDING
from workbench.rules.registry import registered, spec_of
from workbench.rules.syntax import INTERNAL, code_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.rules.registry import RuleSpec

SEVERITIES = {
    Severity.FATAL: "Error",
    Severity.ERROR: "Error",
    Severity.WARNING: "Warning",
    Severity.INFORMATION: "Note",
}
"""The words on screen."""
_LAYERS = {
    Layer.SYNTAX: "Reading the text",
    Layer.BASE: "Base FHIR R4",
    Layer.PROFILE: "Profiles",
    Layer.BARS: "The standard",
    Layer.DEFINITION: "Message definitions",
    Layer.CODES: "Codes",
    Layer.HEADERS: "HTTP headers",
    Layer.PARAMETERS: "Query parameters",
    Layer.RESPONSE: "HTTP answers",
    Layer.HARNESS: "National test harness only",
}
_HOW = {
    Layer.SYNTAX: "Correct the text at the place of the finding, and judge it again.",
    Layer.BASE: "Change the element that the finding names to what FHIR R4 allows there, or take it out.",
    Layer.PROFILE: "Change the element that the finding names to what its profile allows, or name another profile.",
    Layer.BARS: "Change the element that the finding names until the sentence above holds.",
    Layer.DEFINITION: "Add, take out or change the resource that the finding names, or follow another definition.",
    Layer.CODES: "Choose a published code, and write its system and display as published.",
    Layer.HEADERS: "Change the header beside the message, or put it back as it is composed.",
    Layer.PARAMETERS: "Change the parameter of the call that the finding names.",
    Layer.RESPONSE: "Have the receiver answer so; what was sent need not change.",
    Layer.HARNESS: "Follow it where the message goes to the national test harness; nobody else asks for it.",
}


@dataclass(frozen=True, slots=True)
class RuleHelp:
    """The help page of one rule."""

    id: str
    title: str
    """What holds, one sentence."""
    body: str
    """Why, and what else is to be known; paragraphs with an empty line between them, empty where there is no more."""
    how: str
    """What to do about a finding."""
    severity: Severity
    layer: Layer
    layer_words: str
    source: str
    versions: str
    """In which versions of which Application it holds."""
    answer: str
    """What a correct receiver answers where it is an error."""


def help_of(id: str) -> RuleHelp | None:
    """The help of a rule, None for an id nobody registered."""
    spec = spec_of(id)
    return _help(spec) if spec is not None else None


def all_help() -> tuple[RuleHelp, ...]:
    """The help of every rule, by id."""
    return tuple(_help(spec) for spec in registered())


def layer_words(layer: Layer) -> str:
    """A layer as people call it."""
    return _LAYERS[layer]


def _help(spec: RuleSpec) -> RuleHelp:
    _, _, body = spec.doc.partition("\n")
    paragraphs = [" ".join(part.split()) for part in body.split("\n\n")]
    return RuleHelp(
        id=spec.id,
        title=spec.title,
        body="\n\n".join(part for part in paragraphs if part),
        how=_how(spec),
        severity=spec.severity,
        layer=spec.layer,
        layer_words=_LAYERS[spec.layer],
        source=str(spec.source),
        versions=_versions(spec),
        answer=_answer(spec),
    )


def _how(spec: RuleSpec) -> str:
    """What to do: of a text that cannot be read what its error says, else what its row says or goes for the layer."""
    if spec.id == INTERNAL:
        return "Report it with the sentence of the finding; the other rules were checked."
    code: ErrorCode | None = code_of(spec.id)
    return wordings()[code].next_step if code is not None else MENDING.get(spec.id, _HOW[spec.layer])


def _versions(spec: RuleSpec) -> str:
    if spec.since is None and spec.until is None:
        return "Every version of every Application."
    parts = []
    for words, table in (("since", spec.since), ("until", spec.until)):
        if table is not None:
            parts.append(f"{words} {_listed(table)}")
    joined = "; ".join(parts)
    return f"{joined[:1].upper()}{joined[1:]}."


def _listed(table: Mapping[int, str]) -> str:
    return ", ".join(f"Application {number} {version}".rstrip() for number, version in sorted(table.items()))


def _answer(spec: RuleSpec) -> str:
    if spec.layer is Layer.RESPONSE:
        return "Nothing: it is the answer that is judged."
    if spec.severity.rank > Severity.ERROR.rank:
        return "It accepts the message: this alone is no reason to refuse it."
    return f"{spec.answer.status} {spec.answer.code}, issue code {spec.answer.issue}."
