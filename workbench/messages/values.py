"""The values everything above speaks in: JSON trees, places, findings, edits and the facts of a message."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from workbench.errors import Place

__all__ = [
    "Edit",
    "EditOp",
    "Finding",
    "Fix",
    "JsonArray",
    "JsonObject",
    "JsonValue",
    "Layer",
    "MessageFacts",
    "Number",
    "Place",
    "Severity",
    "Source",
    "Syntax",
]


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number that keeps its text: `1.10` stays `1.10`, twenty digits stay twenty digits."""

    text: str

    @property
    def decimal(self) -> Decimal:
        """Its exact value."""
        return Decimal(self.text)

    def __str__(self) -> str:
        return self.text


JsonValue = None | bool | str | Number | list["JsonValue"] | dict[str, "JsonValue"]
JsonObject = dict[str, JsonValue]
JsonArray = list[JsonValue]


class Syntax(StrEnum):
    """How a message is written."""

    JSON = "json"
    XML = "xml"


class Severity(StrEnum):
    """How bad a finding is; on screen fatal and error both read Error, information reads Note."""

    FATAL = "fatal"
    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"

    @property
    def rank(self) -> int:
        """0 for fatal up to 3 for information: sorts the worst first."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Layer(StrEnum):
    """Which kind of rule found it."""

    SYNTAX = "syntax"
    BASE = "base"
    PROFILE = "profile"
    BARS = "bars"
    DEFINITION = "definition"
    CODES = "codes"
    HEADERS = "headers"
    PARAMETERS = "parameters"
    RESPONSE = "response"
    HARNESS = "harness"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the standard says so: a document and a section of it."""

    document: str
    section: str

    def __str__(self) -> str:
        return f"{self.document}, {self.section}" if self.section else self.document


class EditOp(StrEnum):
    """What an edit does at its path."""

    SET = "set"
    INSERT = "insert"
    REMOVE = "remove"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a message tree.

    `set` replaces or adds the element at `path` (missing parents are made), `insert` puts a value before the list
    position of `path`, `remove` takes the element away (an emptied parent goes too), `move` takes it to `to`.
    """

    op: EditOp
    path: str
    value: JsonValue = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Fix:
    """A repair that is certain, as edits that are applied together."""

    label: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong or worth knowing, where, who says so, and how to mend it."""

    rule: str
    severity: Severity
    layer: Layer
    path: str
    """FHIRPath with zero-based indexes from the root, or `headers['Name'].part`, or `parameters['name'][0]`."""
    text: str
    """One sentence."""
    source: Source
    place: Place | None = None
    resource: str = ""
    """The element in the reader's words, for example `Patient, identifier`."""
    fix: Fix | None = None


class MessageFacts(NamedTuple):
    """What the rest of the program asks of a message again and again; None or empty where it does not say."""

    event: str | None = None
    """MessageHeader.eventCoding.code."""
    reason: str | None = None
    """MessageHeader.reason code."""
    use_case: str | None = None
    """The usecases-categories-bars code, lower case."""
    category: str | None = None
    """`referral` or `validation` (message-category-servicerequest), or the Appointment's status for a booking."""
    focus: str | None = None
    """Resource type of MessageHeader.focus[0]."""
    focus_id: str | None = None
    """The focus resource's own `id`."""
    focus_status: str | None = None
    bundle_id: str | None = None
    header_id: str | None = None
    response_to: str | None = None
    """MessageHeader.response.identifier without `urn:uuid:`."""
    version_id: str | None = None
    """Bundle.meta.versionId: the Application version."""
    written: str | None = None
    """When it was written, as written: Bundle.timestamp, else meta.lastUpdated. Ages are those of that day."""
    definition: str | None = None
    source_endpoint: str | None = None
    """`system|value` as written."""
    destination_endpoint: str | None = None
    journey_id: str | None = None
    """The GUID part of Encounter.episodeOfCare.reference."""
    breach_time: str | None = None
    """ServiceRequest.occurrencePeriod.end of the first ServiceRequest, as written: until when a reply is wanted."""
    resource_ids: tuple[tuple[str, str], ...] = ()
    """(resource type, id) of every resource that has an id, in entry order."""
    linked_ids: tuple[tuple[str, str], ...] = ()
    """(resource type, id) of references such as `Appointment/<id>` in supportingInfo, basedOn and slot."""
    encounter_identifiers: tuple[str, ...] = ()
    """`system|value` of every Encounter.identifier."""
    updated: tuple[tuple[str, str], ...] = ()
    """(`ServiceRequest/<id>` or `Appointment/<id>`, meta.lastUpdated as written) of those that have both."""
    patient_name: str | None = None
    """`Family, Given` of the first Patient; personal data."""
    patient_initials: str | None = None
    patient_birth_date: str | None = None
    patient_gender: str | None = None
    nhs_number: str | None = None
    sender_name: str | None = None
    receiver_name: str | None = None
