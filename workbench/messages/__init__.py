"""FHIR values: reading, writing, places, facts, references, edits and plain-language summaries.

Pure: bytes and trees in, values out. Must not know the BaRS rules, HTTP, files or the clock.
"""

from workbench.messages.edits import apply, rewrite
from workbench.messages.message import Message, build, convert, parse
from workbench.messages.outcome import Issue, issues
from workbench.messages.references import Entry, Reference, ReferenceKind
from workbench.messages.summary import Summary, summarise, title_of
from workbench.messages.values import (
    Edit,
    EditOp,
    Finding,
    Fix,
    JsonArray,
    JsonObject,
    JsonValue,
    Layer,
    MessageFacts,
    Number,
    Place,
    Severity,
    Source,
    Syntax,
)
from workbench.messages.words import Words, describe, owner_of

__all__ = [
    "Edit",
    "EditOp",
    "Entry",
    "Finding",
    "Fix",
    "Issue",
    "JsonArray",
    "JsonObject",
    "JsonValue",
    "Layer",
    "Message",
    "MessageFacts",
    "Number",
    "Place",
    "Reference",
    "ReferenceKind",
    "Severity",
    "Source",
    "Summary",
    "Syntax",
    "Words",
    "apply",
    "build",
    "convert",
    "describe",
    "issues",
    "owner_of",
    "parse",
    "rewrite",
    "summarise",
    "title_of",
]
