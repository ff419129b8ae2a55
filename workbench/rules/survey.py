"""A message surveyed once for all rules: typed elements by kind, entries by type, and what kind of message it is.

Judges nothing.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.messages import Edit, EditOp, Fix, tree
from workbench.messages.identity import split_endpoint
from workbench.messages.references import by_type
from workbench.standard.definitions import Definition, definition_of
from workbench.standard.events import Event, Reason
from workbench.standard.r4 import r4
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.messages import Entry, JsonObject, JsonValue, Message, MessageFacts, Reference
    from workbench.rules.values import Submission

Found = tuple[str, "JsonObject"]

SHORT_ALIAS = "bars-message-servicerequest-request-response-short"
"""A name that official examples cite and nobody published."""
SHORT = "bars-message-servicerequest-response-referral-short"

_ENDS = ("revoked", "entered-in-error", "cancelled")
_TIMES = frozenset({"instant", "dateTime", "date", "time"})


@dataclass(frozen=True, slots=True)
class Elements:
    """Elements of a tree by datatype, each with its path, in document order."""

    codings: list[Found] = field(default_factory=list)
    identifiers: list[Found] = field(default_factory=list)
    periods: list[Found] = field(default_factory=list)
    times: list[tuple[str, str, str]] = field(default_factory=list)
    """(path, datatype, text)."""


class Survey:
    """One message as rules look at it."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.facts: MessageFacts = message.facts
        self.bundle: JsonObject = message.resource if message.resource_type == "Bundle" else {}
        self.entries = message.entries()
        self.types: Mapping[str, tuple[Entry, ...]] = by_type(self.entries)
        self._elements: Elements | None = None
        self._by_path: dict[str, Reference] | None = None

    def all(self, type: str) -> tuple[Entry, ...]:
        """The entries of a type; for a single resource the resource itself."""
        return self.types.get(type, ())

    def first(self, type: str) -> Entry | None:
        """The first entry of a type."""
        return next(iter(self.all(type)), None)

    @property
    def header(self) -> Entry | None:
        """The MessageHeader."""
        return self.first("MessageHeader")

    def resources(self, type: str) -> list[Found]:
        """Every resource of a type with its path, in a Bundle or standing alone."""
        if self.message.resource_type == type:
            return [(type, self.message.resource)]
        return [(entry.path, entry.resource) for entry in self.all(type)]

    def reference(self, path: str) -> Reference | None:
        """The reference that stands at a path (of the text itself)."""
        if self._by_path is None:
            self._by_path = {found.path: found for found in self.message.references()}
        return self._by_path.get(path)

    def target(self, path: str) -> Entry | None:
        """The entry that the Reference at a path points to; the path may end before `.reference`."""
        found = self.reference(path if path.endswith(".reference") else f"{path}.reference")
        if found is None or found.target_entry is None:
            return None
        return self.entries[found.target_entry]

    @property
    def focus(self) -> Entry | None:
        """The entry MessageHeader.focus points to."""
        return self.target(f"{self.header.path}.focus[0]") if self.header else None

    @property
    def definition(self) -> Definition | None:
        """The published definition the message names; a known wrong name counts as what was meant."""
        named = self.facts.definition
        return definition_of(SHORT if named and named.rstrip("/").endswith(SHORT_ALIAS) else named)

    @property
    def application(self) -> int | None:
        """The number of the Application the use case belongs to."""
        found = use_cases().get(self.facts.use_case or "")
        return found.application if found else None

    @property
    def is_response(self) -> bool:
        """Whether it is an asynchronous reply."""
        return self.facts.event == Event.SERVICEREQUEST_RESPONSE

    @property
    def is_cancellation(self) -> bool:
        """Whether it takes an earlier message back: by its definition or the status of its focus."""
        if self.is_response:
            return False
        named = self.definition
        return bool(named and named.name.endswith("-cancelled")) or self.focus_status in _ENDS

    @property
    def focus_status(self) -> str | None:
        """Status of the resource an order is about: the ServiceRequest or the Appointment."""
        if self.facts.event == Event.BOOKING_REQUEST:
            return status(self.first("Appointment"))
        return status(self.first("ServiceRequest"))

    @property
    def looks_acknowledged(self) -> bool:
        """Whether a new request is the body of a good answer: with the receiver's id, or its planned Encounter."""
        if self.is_response or self.facts.reason != Reason.NEW:
            return False
        planned = len(self.all("Encounter")) > 1 and any(status(one) == "planned" for one in self.all("Encounter"))
        return bool(self.facts.focus_id) or planned

    def elements(self) -> Elements:
        """Every element of the datatypes that rules of the whole tree ask for."""
        if self._elements is None:
            self._elements = Elements()
            _collect(self.message.resource, self.message.resource_type, self.message.resource_type, self._elements)
        return self._elements


def survey(submission: Submission) -> Survey:
    """The survey of the submission's message; call it only where there is one."""
    assert submission.message is not None, "rules on messages run only where there is one"
    if "survey" not in submission.kept:
        submission.kept["survey"] = Survey(submission.message)
    kept: Survey = submission.kept["survey"]
    return kept


def status(entry: Entry | None) -> str | None:
    """The status of an entry's resource."""
    return tree.text(entry.resource.get("status")) if entry else None


def service_value(endpoint: str | None) -> str:
    """The service id of `system|value`."""
    return split_endpoint(endpoint or "")[1]


def fresh_id(message: Message, path: str) -> str:
    """A UUID made from the message and a place in it: new for every message, the same however often it is judged."""
    digest = hashlib.sha256(message.source + path.encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def set_fix(label: str, path: str, value: JsonValue) -> Fix:
    """A repair that sets one element."""
    return Fix(label, (Edit(EditOp.SET, path, value),))


def remove_fix(label: str, path: str) -> Fix:
    """A repair that takes one element away."""
    return Fix(label, (Edit(EditOp.REMOVE, path),))


def _collect(value: JsonObject, path: str, kind: str, into: Elements) -> None:
    """Go down the tree along the R4 types; elements R4 has not are passed over. Depth is bounded by the reader."""
    table = r4()
    for name, item in value.items():
        spec = table.element(kind, name)
        if spec is None:
            continue
        type_name = spec.types[0]
        here = f"{path}.{name}"
        items = enumerate(item) if isinstance(item, list) else ((-1, item),)
        child = None if table.is_primitive(type_name) else table.child_path(kind, name)
        for index, one in items:
            place = here if index < 0 else f"{here}[{index}]"
            if isinstance(one, str):
                if type_name in _TIMES:
                    into.times.append((place, type_name, one))
            elif isinstance(one, dict):
                if type_name == "Coding":
                    into.codings.append((place, one))
                elif type_name == "Identifier":
                    into.identifiers.append((place, one))
                elif type_name == "Period":
                    into.periods.append((place, one))
                inner = child
                if inner is None and isinstance(own := one.get("resourceType"), str):
                    inner = own
                if inner:
                    _collect(one, place, inner, into)
