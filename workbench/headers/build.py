"""The headers of a call, composed from facts by the header table.

Names and casing are those of the API specification; values are built here and nowhere else. Must not know tokens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, InputError
from workbench.headers.base64_json import encode
from workbench.headers.names import name_problem, value_problem
from workbench.messages.json_text import load
from workbench.standard.events import Event
from workbench.standard.header_table import HeaderShape, header_spec, header_specs
from workbench.standard.urls import ODS_CODE, SDS_ROLE_PROFILE, SNOMED
from workbench.standard.versions import is_at_least

if TYPE_CHECKING:
    from workbench.exchange.values import Headers
    from workbench.messages.values import JsonObject, MessageFacts
    from workbench.standard import VersionProfile
    from workbench.standard.operations import Operation

_FHIR = "application/fhir+json"


@dataclass(frozen=True, slots=True)
class TargetIdentifier:
    """The service a call is routed to."""

    system: str
    value: str

    @property
    def endpoint(self) -> str:
        """As MessageHeader carries it: `system|value`."""
        return f"{self.system}|{self.value}"


@dataclass(frozen=True, slots=True)
class Organisation:
    """The organisation that asks."""

    name: str
    ods_code: str


@dataclass(frozen=True, slots=True)
class PractitionerFacts:
    """The person who asks; a role without code is left out."""

    role_profile_id: str
    role_code: str = ""
    role_display: str = ""


@dataclass(frozen=True, slots=True)
class Software:
    """The program that asks; its identifier is chosen by its supplier and the same in every installation."""

    name: str
    version: str
    identifier_system: str
    identifier_value: str


MADE_WHEN_SENT = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "accept-encoding",
        "user-agent",
    }
)
"""Lower-case names that nobody chooses: they follow from token and connection, or would keep a secret in a draft."""


@dataclass(frozen=True, slots=True)
class HeaderChoices:
    """What a person changed: headers to leave out and raw values that replace or add to the composed ones."""

    overrides: tuple[tuple[str, str], ...] = ()
    absent: frozenset[str] = frozenset()

    def with_value(self, name: str, value: str) -> HeaderChoices:
        """With a raw value for a header. InputError (input.header) for what no header line can carry, and for headers
        that are made when the message is sent."""
        problem = name_problem(name) or value_problem(value)
        if problem is None and name.lower() in MADE_WHEN_SENT:
            problem = "it is made when the message is sent"
        if problem is not None:
            raise InputError(ErrorCode.INPUT_HEADER, what=name or "A header", cause=problem)
        kept = self.as_composed(name)
        return HeaderChoices((*kept.overrides, (name, value)), kept.absent)

    def without(self, name: str) -> HeaderChoices:
        """With a header left out. InputError (input.header) for one that is made when the message is sent."""
        if name.lower() in MADE_WHEN_SENT:
            raise InputError(ErrorCode.INPUT_HEADER, what=name, cause="it is made when the message is sent")
        kept = self.as_composed(name)
        return HeaderChoices(kept.overrides, kept.absent | {name})

    def as_composed(self, name: str) -> HeaderChoices:
        """Without any choice about a header."""
        return HeaderChoices(
            tuple(own for own in self.overrides if own[0].lower() != name.lower()),
            frozenset(one for one in self.absent if one.lower() != name.lower()),
        )


def wire_value(name: str, written: str) -> str:
    """What goes on the wire for what a person wrote: a JSON object for a header that carries one is encoded, anything
    else stays as it was typed, right or wrong."""
    spec = header_spec(name)
    if spec is None or spec.shape is not HeaderShape.BASE64_JSON:
        return written
    try:
        inside = load(written, what=name)
    except InputError:
        return written
    return encode(inside) if isinstance(inside, dict) else written


def compose_headers(
    operation: Operation,
    *,
    target: TargetIdentifier | None,
    organisation: Organisation,
    practitioner: PractitionerFacts | None,
    software: Software,
    request_id: str,
    correlation_id: str,
    use_context: str | None,
    versions: VersionProfile,
    content_type: str | None,
    choices: HeaderChoices,
) -> Headers:
    """Every header of a call in sending order, but Authorization, which is added at send time.

    A header that is absent by choice or has nothing to say is left out; choices compare names without case.
    """
    values = {
        "NHSD-Target-Identifier": encode(target_json(target)) if target else None,
        "NHSD-End-User-Organisation": encode(organisation_json(organisation)),
        "NHSD-Requesting-Practitioner": encode(practitioner_json(practitioner)) if practitioner else None,
        "NHSD-Requesting-Software": encode(software_json(software)),
        "X-Request-Id": request_id,
        "X-Correlation-Id": correlation_id,
        "use-context": use_context,
        "Accept": accept(versions, operation),
        "Content-Type": content_type,
    }
    absent = {name.lower() for name in choices.absent}
    raw = {name.lower(): (name, value) for name, value in choices.overrides}
    composed: list[tuple[str, str]] = []
    for name, spec in header_specs().items():
        if (own := raw.pop(name.lower(), None)) is not None:
            composed.append(own)
            continue
        value = values.get(name)
        if value is not None and name.lower() not in absent and spec.belongs_to(operation, version=versions.api):
            composed.append((name, value))
    return (*composed, *raw.values())


def accept(versions: VersionProfile, operation: Operation | None = None) -> str:
    """`application/fhir+json; version=1.0.0`; without a version for calls that carry none (API specification)."""
    plain = operation.plain_accept if operation is not None else ""
    return _FHIR if plain and is_at_least(versions.api, plain) else f"{_FHIR}; version={versions.api}"


def use_context(facts: MessageFacts) -> str | None:
    """`a1t1|referral|servicerequest-request|new` of a message, None when it does not say all four (Core, Logging).

    For a booking the second part is the status of the appointment.
    """
    parts = (facts.use_case, facts.category, facts.event, facts.reason)
    if facts.event == Event.BOOKING_REQUEST and facts.focus_status:
        parts = (facts.use_case, facts.focus_status, facts.event, facts.reason)
    return "|".join(part for part in parts if part) if all(parts) else None


def target_json(target: TargetIdentifier) -> JsonObject:
    """NHSD-Target-Identifier before encoding: no FHIR resource, two fields."""
    return {"system": target.system, "value": target.value}


def organisation_json(organisation: Organisation) -> JsonObject:
    """NHSD-End-User-Organisation before encoding."""
    return {
        "resourceType": "Organization",
        "identifier": [{"system": ODS_CODE, "value": organisation.ods_code}],
        "name": organisation.name,
    }


def practitioner_json(person: PractitionerFacts) -> JsonObject:
    """NHSD-Requesting-Practitioner before encoding: a PractitionerRole."""
    role: JsonObject = {
        "resourceType": "PractitionerRole",
        "identifier": [{"system": SDS_ROLE_PROFILE, "value": person.role_profile_id}],
    }
    if person.role_code:
        coding: JsonObject = {"system": SNOMED, "code": person.role_code}
        if person.role_display:
            coding["display"] = person.role_display
        role["code"] = [{"coding": [coding]}]
    return role


def software_json(software: Software) -> JsonObject:
    """NHSD-Requesting-Software before encoding; name and version are objects, unlike the lists of FHIR's Device."""
    return {
        "resourceType": "Device",
        "identifier": [{"system": software.identifier_system, "value": software.identifier_value}],
        "deviceName": {"name": software.name, "type": "manufacturer-name"},
        "version": {"value": software.version},
    }
