"""Rules on the receiver's own message definition, its answer to `GET /MessageDefinition`: it is one for this message.

Which resources it asks for is judged with the published ones. Silent where no definition of a receiver is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Layer, Severity
from workbench.rules import scope, sources
from workbench.rules.registry import rule
from workbench.rules.survey import service_value, set_fix, survey
from workbench.rules.values import Answer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.rules.survey import Survey
    from workbench.rules.values import Submission
    from workbench.standard.definitions import Definition

_NOT_OFFERED = Answer(422, "REC_UNPROCESSABLE_ENTITY", "not-supported")


def own_definition(s: Submission) -> Definition | None:
    """The receiver's own definition when the message follows it."""
    return s.definition if s.definition is not None and _is_followed(s.definition, survey(s)) else None


def _is_followed(own: Definition, found: Survey) -> bool:
    """Whether the message names it, or names what is known to mean it."""
    published = found.definition
    return own.is_named(found.facts.definition) or (published is not None and published.url == own.url)


@rule(
    "DEF-008",
    Severity.ERROR,
    source=sources.NEGOTIATION,
    layer=Layer.DEFINITION,
    applies=scope.with_header,
    answer=_NOT_OFFERED,
)
def receiver_offers_the_definition(s: Submission) -> Iterator[Hit]:
    """The message follows a definition that the receiver offers.

    Checked where the receiver's definitions are known. What else the message holds is then judged by the published
    definition that it names.
    """
    found = survey(s)
    if s.definition is not None and found.facts.definition and not _is_followed(s.definition, found):
        held = found.facts.definition.rpartition("/")[2]
        yield Hit(_place(found), f"The receiver does not offer {held}; it offers {s.definition.name}.")


@rule(
    "DEF-009",
    Severity.ERROR,
    source=sources.NEGOTIATION,
    layer=Layer.DEFINITION,
    applies=scope.with_header,
    answer=_NOT_OFFERED,
)
def receiver_offers_the_use_case(s: Submission) -> Iterator[Hit]:
    """The receiver offers its definition for the use case of the message.

    Its useContext lists them. The published patterns list samples only: by one of those it is a warning.
    """
    found = survey(s)
    own, held = own_definition(s), found.facts.use_case
    if own is None or not own.use_cases or held is None or held in own.use_cases:
        return
    listed = ", ".join(own.use_cases)
    owner = found.first("ServiceRequest") or found.first("Appointment")
    element = "serviceCategory" if owner and owner.type == "Appointment" else "category"
    path = f"{owner.path}.{element}" if owner else _place(found)
    severity = Severity.WARNING if own.is_template else Severity.ERROR
    yield Hit(path, f"The definition is not offered for the use case '{held}', but for {listed}.", severity=severity)


@rule(
    "DEF-010",
    Severity.WARNING,
    source=sources.NEGOTIATION,
    layer=Layer.DEFINITION,
    applies=scope.with_header,
    answer=_NOT_OFFERED,
)
def definition_is_that_of_the_destination(s: Submission) -> Iterator[Hit]:
    """The service that the message goes to is one of those the definition is offered for.

    When we compose, a definition of another service is an error: it was asked of the wrong one.
    """
    found = survey(s)
    own = own_definition(s)
    held = service_value(found.facts.destination_endpoint)
    if own is None or own.is_template or not own.services or not held or held in own.services or not found.header:
        return
    severity = Severity.ERROR if s.composing else Severity.WARNING
    text = f"The message goes to service {held}; the definition is that of {', '.join(own.services)}."
    yield Hit(f"{found.header.path}.destination[0].endpoint", text, severity=severity)


@rule(
    "DEF-011",
    Severity.WARNING,
    source=sources.NEGOTIATION,
    layer=Layer.DEFINITION,
    applies=scope.with_header,
    answer=_NOT_OFFERED,
)
def version_is_that_of_the_definition(s: Submission) -> Iterator[Hit]:
    """Bundle.meta.versionId is the version of the receiver's definition.

    A receiver need not take a message of another major version: an error when we compose. Another minor version is a
    note.
    """
    found = survey(s)
    own, held = own_definition(s), found.facts.version_id
    if own is None or own.is_template or not own.version or not held or held == own.version:
        return
    path = "Bundle.meta.versionId"
    fix = set_fix(f"Set the version to {own.version}", path, own.version)
    if held.partition(".")[0] == own.version.partition(".")[0]:
        text = f"The message follows {held}, the receiver's definition {own.version}."
        yield Hit(path, text, fix if s.composing else None, Severity.INFORMATION)
        return
    text = f"The message follows {held}, the receiver's definition {own.version}: it may refuse another major version."
    severity = Severity.ERROR if s.composing else Severity.WARNING
    yield Hit(path, text, severity=severity)


def _place(found: Survey) -> str:
    return f"{found.header.path}.definition" if found.header else "Bundle"
