"""Faults of the text itself: what no reader of JSON or XML should pass over. Answers: Core, Error handling; FHIR R4.

Changes texts by pattern; it must not know what the elements mean.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.compose.mutations.making import bad
from workbench.compose.mutations.values import ANY, JSON, XML, Mutation, TextChange

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.messages import Message

_INVALID = bad("invalid")
_ID = re.compile(r'("resourceType"\s*:\s*"Bundle"\s*,)')
_STRING = re.compile(r'("family"\s*:\s*")([^"\\]*)(")')
_NAMESPACE = "http://hl7.org/fhir"
_DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>\s*")
_ROOT = re.compile(r"<Bundle\b[^>]*>")


def _replaced(pattern: re.Pattern[str], new: str) -> Callable[[Message], str]:
    return lambda message: pattern.sub(new, message.text, count=1)


def _undeclared(message: Message) -> str:
    return _DECLARATION.sub("", message.text)


MUTATIONS = (
    Mutation(
        "cut-short",
        "Cut short",
        "The text ends in the middle, as if the connection had broken.",
        TextChange("the text", lambda message: message.text[: len(message.text) // 2]),
        "SYN-003",
        _INVALID,
        drafts=JSON,
    ),
    Mutation(
        "cut-short-xml",
        "Cut short",
        "The text ends in the middle, as if the connection had broken.",
        TextChange("the text", lambda message: message.text[: len(message.text) // 2]),
        "SYN-004",
        _INVALID,
        drafts=XML,
    ),
    Mutation(
        "nothing",
        "Nothing at all",
        "The body is empty but for a blank.",
        TextChange("the text", lambda _message: " "),
        "SYN-001",
        _INVALID,
    ),
    Mutation(
        "trailing-comma",
        "A comma too many",
        "A comma stands before the last brace.",
        TextChange("the text", lambda message: re.sub(r"\s*\}\s*$", ",}", message.text)),
        "SYN-003",
        _INVALID,
        drafts=JSON,
    ),
    Mutation(
        "comment",
        "A comment",
        "A comment stands before the message, which JSON does not have.",
        TextChange("the text", lambda message: "// sent by hand\n" + message.text),
        "SYN-003",
        _INVALID,
        drafts=JSON,
    ),
    Mutation(
        "one-a-line",
        "Two values, one a line",
        "A second JSON value follows on a line of its own.",
        TextChange("the text", lambda message: re.sub(r"\s*\n\s*", " ", message.text.strip()) + "\n{}\n"),
        "SYN-013",
        _INVALID,
        drafts=JSON,
    ),
    Mutation(
        "duplicate-key",
        "A key twice",
        "The Bundle has its resourceType twice.",
        TextChange("Bundle.resourceType", _replaced(_ID, r'\1 "resourceType": "Bundle",')),
        "SYN-101",
        _INVALID,
        drafts=JSON,
    ),
    Mutation(
        "unknown-resource-type",
        "A type that FHIR does not have",
        "The resourceType of the whole is Message.",
        TextChange(
            "Bundle.resourceType",
            lambda message: message.text.replace('"Bundle"', '"Message"', 1),
        ),
        "SYN-008",
        _INVALID,
        drafts=JSON,
    ),
    Mutation(
        "half-a-character",
        "Half a character",
        "The family name ends with half of a surrogate pair.",
        TextChange("Patient.name.family", _replaced(_STRING, r"\1\2\\ud83d\3")),
        "SYN-104",
        _INVALID,
        drafts=JSON,
    ),
    Mutation(
        "nul-character",
        "The character NUL",
        "The family name holds the character NUL.",
        TextChange("Patient.name.family", _replaced(_STRING, r"\1\2\\u0000\3")),
        "SYN-105",
        _INVALID,
        drafts=JSON,
    ),
    Mutation(
        "byte-order-mark",
        "A byte order mark",
        "A byte order mark stands in front, as some editors write it.",
        TextChange("the text", lambda message: "\ufeff" + message.text.removeprefix("\ufeff")),
        "SYN-102",
        None,
        drafts=ANY,
    ),
    Mutation(
        "doctype",
        "A document type",
        "The document has a DOCTYPE, which FHIR forbids.",
        TextChange("the text", lambda message: "<!DOCTYPE Bundle>\n" + _undeclared(message)),
        "SYN-005",
        _INVALID,
        drafts=XML,
    ),
    Mutation(
        "other-encoding",
        "Another encoding",
        "The document says that it is ISO-8859-1.",
        TextChange("the text", lambda message: '<?xml version="1.0" encoding="ISO-8859-1"?>\n' + _undeclared(message)),
        "SYN-103",
        _INVALID,
        drafts=XML,
    ),
    Mutation(
        "no-namespace",
        "Another namespace",
        "The root element is in a namespace that is not that of FHIR.",
        TextChange(
            "the text",
            lambda message: message.text.replace(f'"{_NAMESPACE}"', '"https://supplier.example/fhir"', 1),
        ),
        "SYN-006",
        _INVALID,
        drafts=XML,
    ),
    Mutation(
        "stylesheet",
        "A stylesheet",
        "The document names a stylesheet.",
        TextChange("the text", lambda message: '<?xml-stylesheet href="own.xsl"?>\n' + _undeclared(message)),
        "SYN-107",
        None,
        drafts=XML,
    ),
    Mutation(
        "text-between-tags",
        "Text between the tags",
        "The root element holds a text of its own.",
        TextChange("the text", lambda message: _ROOT.sub(lambda match: match[0] + "sent by hand", message.text, 1)),
        "SYN-110",
        _INVALID,
        drafts=XML,
    ),
    Mutation(
        "unknown-attribute",
        "An attribute that FHIR does not have",
        "The root element has an attribute of the supplier's own.",
        TextChange("Bundle.colour", lambda message: message.text.replace("<Bundle ", '<Bundle colour="red" ', 1)),
        "SYN-109",
        _INVALID,
        drafts=XML,
    ),
)
