"""Rules of base FHIR R4: what holds for any resource of any system, one rule for each kind of mistake.

One walk over the message feeds all of them; times and periods are told in `times`. Must not know how it is walked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Layer, Severity
from workbench.messages.identity import is_uuid, strip_urn
from workbench.profiles import base
from workbench.profiles.problems import Kind
from workbench.rules import scope, sources
from workbench.rules.registry import rule
from workbench.rules.survey import survey
from workbench.rules.values import Answer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbench.profiles.problems import Problem
    from workbench.rules.values import Submission

_INVALID = Answer(400, "REC_BAD_REQUEST", "structure")
_BAD_VALUE = Answer(400, "REC_BAD_REQUEST", "value")
_OF_MESSAGES = frozenset({"bdl-2", "bdl-3", "bdl-4", "bdl-5", "bdl-7", "bdl-8", "bdl-11", "bdl-12"})
"""Invariants of a Bundle that the rules on messages tell in their own words."""


@rule(
    "BAS-001",
    Severity.ERROR,
    source=sources.R4_RESOURCES,
    layer=Layer.BASE,
    applies=scope.resources,
    answer=_INVALID,
)
def elements_are_known(s: Submission) -> Iterator[Hit]:
    """Every element is one that FHIR R4 has at that place.

    A name that R4 does not know is a misspelling, an element one level too high or too low, or one from another
    version of FHIR. Receivers refuse such a message, or lose what stands there. Where only one letter or the case
    differs and the value fits, the repair corrects the name; what R4 has no place for belongs in an extension.
    """
    yield from hits(s, Kind.UNKNOWN_ELEMENT)


@rule("BAS-002", Severity.ERROR, source=sources.R4_JSON, layer=Layer.BASE, applies=scope.resources, answer=_INVALID)
def values_have_their_shape(s: Submission) -> Iterator[Hit]:
    """Every value is written as its type is: a text, a number, true or false, an object, or a list of them.

    An element that may repeat is a list even when it stands once; one that may not is never a list. Numbers and true
    or false stand without quotes, everything else in quotes. Null stands only in a list of simple values, where an
    extension beside it says why there is none; `_name` holds the id and extensions of a simple value and nothing else.
    """
    yield from hits(s, Kind.WRONG_SHAPE)


@rule("BAS-003", Severity.ERROR, source=sources.R4_JSON, layer=Layer.BASE, applies=scope.resources, answer=_INVALID)
def nothing_is_empty(s: Submission) -> Iterator[Hit]:
    """No element is empty: no empty text, list or object, no text of blanks, nothing that has an id alone.

    FHIR leaves out what has no value. The repair takes the element away; where it must be there, give it its value.
    """
    yield from hits(s, Kind.EMPTY)


@rule("BAS-004", Severity.ERROR, source=sources.R4_RESOURCES, layer=Layer.BASE, applies=scope.resources)
def required_elements_are_there(s: Submission) -> Iterator[Hit]:
    """Every element that FHIR R4 requires is there.

    These hold in all uses of FHIR, whatever a profile says: a resource without them cannot be read by anyone. The
    finding is at the place where the element belongs.
    """
    yield from hits(s, Kind.MISSING)


@rule("BAS-005", Severity.ERROR, source=sources.R4_RESOURCES, layer=Layer.BASE, applies=scope.resources)
def elements_stand_once(s: Submission) -> Iterator[Hit]:
    """An element that may stand once stands once.

    It was given several times. Only its author can say which one is meant, so there is no repair.
    """
    yield from hits(s, Kind.TOO_MANY)


@rule("BAS-006", Severity.ERROR, source=sources.R4_CHOICES, layer=Layer.BASE, applies=scope.resources)
def choices_are_made_once(s: Submission) -> Iterator[Hit]:
    """An element with a choice of types has one value, of one type.

    `deceasedBoolean` and `deceasedDateTime`, for example, are the same element: only one of them may stand.
    """
    yield from hits(s, Kind.TWO_CHOICES)


@rule("BAS-007", Severity.ERROR, source=sources.R4_DATATYPES, layer=Layer.BASE, applies=scope.resources)
def values_have_their_format(s: Submission) -> Iterator[Hit]:
    """Every simple value has the format of its datatype.

    Ids are letters, digits, hyphens and dots, 64 at most; codes and addresses have no blanks around them; whole
    numbers are in their range; base64 is base64; a narrative is XHTML that runs nothing. References are an address, a
    resource type with an id, or # with the id of a contained resource. Dates and times have a rule of their own.
    Blanks around an address are only a warning in a received message: everybody can tell what is meant. So is the
    `urn:uuid:` that tables of the standard write before the id a reply quotes, which a rule on replies tells.
    """
    yield from hits(s, Kind.BAD_FORMAT)


@rule("BAS-008", Severity.ERROR, source=sources.R4_CODES, layer=Layer.BASE, applies=scope.resources, answer=_BAD_VALUE)
def codes_are_known(s: Submission) -> Iterator[Hit]:
    """Where FHIR R4 says which codes there are, one of them stands.

    Such a binding is called required: no other code may be used, and a coding has to name the code system too. Codes
    are compared with their case. The repair writes the one code that differs by case only, or names the system.
    """
    yield from hits(s, Kind.BAD_CODE)


@rule("BAS-009", Severity.ERROR, source=sources.R4_RESOURCES, layer=Layer.BASE, applies=scope.resources)
def types_are_known(s: Submission) -> Iterator[Hit]:
    """Resources and choices have a type that FHIR R4 allows there.

    A resource of another version of FHIR is told with the version that has it.
    """
    yield from hits(s, Kind.WRONG_TYPE)


@rule("BAS-010", Severity.ERROR, source=sources.R4_REFERENCES, layer=Layer.BASE, applies=scope.resources)
def references_name_allowed_types(s: Submission) -> Iterator[Hit]:
    """A reference names a type of resource that FHIR R4 knows and allows there.

    This is about what its text and its type say; references to entries of the message have a rule of their own. A
    type that FHIR R4 does not know is only a warning in a received message.
    """
    yield from hits(s, Kind.WRONG_TARGET)


@rule("BAS-011", Severity.ERROR, source=sources.R4_INVARIANTS, layer=Layer.BASE, applies=scope.resources)
def invariants_hold(s: Submission) -> Iterator[Hit]:
    """What FHIR R4 asks of several elements together holds.

    Every such rule has a key, which the finding names; the page of the resource or datatype lists them. What is only
    good practice, as a narrative in every resource, is not asked for.
    """
    yield from hits(s, Kind.INVARIANT)


@rule("BAS-012", Severity.ERROR, source=sources.R4_RESOURCES, layer=Layer.RESPONSE, applies=scope.answered_calls)
def answers_are_r4(s: Submission) -> Iterator[Hit]:
    """The body of an answer is as base FHIR R4 wants it.

    Judged by the rules of the layer base; the path is that inside the answer. Judge the answer alone to see which rule
    each finding is of, and the repairs.
    """
    answer = s.answer
    if answer is None:
        return
    for problem in base.check(answer.resource, answer.resource_type):
        yield Hit(problem.path, problem.text, None, problem.severity)


def hits(s: Submission, kind: Kind) -> Iterator[Hit]:
    """What the walk found of one kind, without what a rule of the standard says of the same."""
    for problem in _problems(s).get(kind, ()):
        if not _said_elsewhere(s, problem):
            milder = Severity.WARNING if problem.readable and not s.composing else problem.severity
            yield Hit(problem.path, problem.text, problem.fix, milder)


def _problems(s: Submission) -> Mapping[Kind, list[Problem]]:
    """Everything the walk finds, by kind; walked once."""
    if "base" not in s.kept:
        found: dict[Kind, list[Problem]] = {}
        if s.message is not None:
            for problem in base.check(s.message.resource, s.message.resource_type):
                found.setdefault(problem.kind, []).append(problem)
        s.kept["base"] = found
    kept: Mapping[Kind, list[Problem]] = s.kept["base"]
    return kept


def _said_elsewhere(s: Submission, problem: Problem) -> bool:
    """Whether the rules on Bundles or references tell it: of the message itself, of a reference to an entry."""
    if problem.key in _OF_MESSAGES:
        return ".resource." not in problem.path and scope.messages(s)
    if problem.kind is Kind.WRONG_TARGET:
        found = survey(s).reference(problem.path)
        return found is not None and found.target_entry is not None
    if problem.kind is Kind.BAD_FORMAT and problem.path.endswith(".response.identifier"):
        return not s.composing and scope.responses(s) and is_uuid(strip_urn(survey(s).facts.response_to or ""))
    return False
