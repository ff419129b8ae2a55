"""What stops a text from being read, as rules with help: one row for each way, and the finding it becomes.

Knows error codes and reading remarks; must not know how texts are read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, Place
from workbench.messages import Finding, Layer, Severity, Source
from workbench.messages.remarks import ROWS, Remark
from workbench.rules.registry import RuleSpec, add
from workbench.rules.values import Answer

if TYPE_CHECKING:
    from workbench.errors import InputError
    from workbench.rules.values import Submission

_UNREADABLE = Answer(400, "REC_BAD_REQUEST", "invalid")
_R4 = "FHIR R4"

_FATAL: dict[ErrorCode, tuple[str, str, str]] = {
    ErrorCode.INPUT_EMPTY: ("SYN-001", "There is nothing to read.", "Resource formats"),
    ErrorCode.INPUT_NOT_UTF8: ("SYN-002", "The bytes are not UTF-8.", "RESTful API, character encoding"),
    ErrorCode.INPUT_NOT_JSON: ("SYN-003", "The text is not valid JSON.", "JSON representation of resources"),
    ErrorCode.INPUT_NOT_XML: ("SYN-004", "The text is not valid XML.", "XML representation of resources"),
    ErrorCode.INPUT_DOCTYPE: ("SYN-005", "FHIR XML may not have a DOCTYPE.", "XML representation of resources"),
    ErrorCode.INPUT_NAMESPACE: (
        "SYN-006",
        "The root element is not in the namespace of FHIR.",
        "XML representation of resources",
    ),
    ErrorCode.INPUT_NOT_FHIR: ("SYN-007", "The text is not one FHIR resource.", "Resource"),
    ErrorCode.INPUT_UNKNOWN_TYPE: ("SYN-008", "The resource type is none of FHIR R4.", "Resource types"),
    ErrorCode.INPUT_TOO_LARGE: ("SYN-009", "The text is larger than can be read.", "Resource formats"),
    ErrorCode.INPUT_TOO_DEEP: ("SYN-010", "The text is nested deeper than any resource.", "Resource formats"),
    ErrorCode.INPUT_TOO_MANY: ("SYN-011", "The Bundle has more entries than can be read.", "Bundle"),
    ErrorCode.INPUT_NUMBER: ("SYN-012", "A number cannot be kept exactly.", "Datatypes, decimal"),
    ErrorCode.INPUT_NDJSON: ("SYN-013", "The text is several JSON values, one a line.", "Resource formats"),
}
INTERNAL = "INT-000"
"""A rule of ours broke: its finding says which."""

_OF_FILES = frozenset({Remark.BYTE_ORDER_MARK.value, Remark.NOT_UTF8.value})
"""What matters only once a message travels."""

_OTHER = ("SYN-014", "The text cannot be read.", "Resource formats")


def unreadable(error: InputError) -> Finding:
    """The fatal finding of a text that cannot be read; it points at the root when nobody knows better."""
    id, _, section = _FATAL.get(error.code, _OTHER)
    return Finding(
        rule=id,
        severity=Severity.FATAL,
        layer=Layer.SYNTAX,
        path="Resource",
        text=error.sentence,
        source=Source(_R4, section),
        place=error.place or Place(1, 1, 0),
        resource="Resource",
    )


def remarks_of(submission: Submission) -> list[Finding]:
    """What reading the message found, as grave as it is here.

    Another encoding or a byte order mark in a file is a note, since the program reads it all the same; a message on its
    way may have neither (FHIR R4, character encoding).
    """
    if submission.message is None:
        return []
    travels = submission.composing or submission.request is not None or submission.response is not None
    return [
        one
        if one.rule not in _OF_FILES
        else replace(one, severity=_travelling(one.rule, submission) if travels else Severity.INFORMATION)
        for one in submission.message.remarks
    ]


def _travelling(rule: str, submission: Submission) -> Severity:
    """A byte order mark is refused when we send it, and forgiven when it comes."""
    forgiven = rule == Remark.BYTE_ORDER_MARK.value and not submission.composing
    return Severity.WARNING if forgiven else Severity.ERROR


def code_of(id: str) -> ErrorCode | None:
    """The error that a rule of this topic is about; None for what was read all the same, and for other topics."""
    return next((code for code, (rule, _, _) in _FATAL.items() if rule == id), None)


def _register() -> None:
    for id, text, section in (*_FATAL.values(), _OTHER):
        doc = f"{text}\n\nNo other rule can look at it. A receiver refuses it whole."
        add(RuleSpec(id, Severity.FATAL, Layer.SYNTAX, Source(_R4, section), text, doc, answer=_UNREADABLE))
    for kind, row in ROWS.items():
        text = row.text.format(name="…", owner="…")
        doc = f"{text}\n\nThe text could be read all the same; the other rules saw what is left of it."
        add(RuleSpec(kind.value, row.severity, Layer.SYNTAX, row.source, text, doc, answer=_UNREADABLE))
    doc = "A rule could not be checked.\n\nThis is a mistake of this program, not of the message."
    own = Source("bars-workbench", "rules")
    add(RuleSpec(INTERNAL, Severity.WARNING, Layer.BARS, own, "A rule could not be checked.", doc))


_register()
