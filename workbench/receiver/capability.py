"""What a receiver says about itself: its CapabilityStatement and its message definitions.

Built from the tables of the standard and the services it serves; must not know HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Number
from workbench.messages.identity import split_endpoint
from workbench.receiver import searchset
from workbench.receiver.diary import made_id
from workbench.receiver.searches import INCLUDES, Query, bad_value, required
from workbench.receiver.values import Refusal
from workbench.standard.definitions import definitions
from workbench.standard.events import Event
from workbench.standard.urls import MESSAGE_EVENTS, USE_CASES
from workbench.standard.use_cases import use_cases
from workbench.standard.versions import applications

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from workbench.exchange import Ids
    from workbench.messages import JsonObject, JsonValue
    from workbench.receiver.values import ReceiverRules, ServiceOffer
    from workbench.standard.definitions import Definition
    from workbench.standard.use_cases import UseCase

_RESOURCES: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]], ...] = (
    ("MessageDefinition", ("search-type",), (("context", "token"),)),
    ("Slot", ("search-type",), (("status", "token"), ("start", "date"), ("Schedule.actor:HealthcareService", "token"))),
    (
        "Appointment",
        ("read", "search-type", "create", "update", "patch", "delete"),
        (
            ("patient:identifier", "token"),
            ("patient:name", "string"),
            ("patient:birthdate", "date"),
            ("patient:address-postalcode", "string"),
        ),
    ),
    (
        "ServiceRequest",
        ("read", "search-type", "create", "update", "patch", "delete"),
        (
            ("patient:identifier", "token"),
            ("patient:name", "string"),
            ("patient:birthdate", "date"),
            ("patient:address-postalcode", "string"),
        ),
    ),
)
"""Resource type, what may be done with it, its search parameters and their types."""


def capability_statement(rules: ReceiverRules, now: datetime, url: str) -> JsonObject:
    """The CapabilityStatement: calls it answers and makes, messages it takes and sends (guide, Content negotiation).

    Whoever takes requests sends the replies to them, and the other way round (guide, End-to-end workflow).
    """
    messages: list[JsonValue] = [
        {"mode": mode, "definition": definition.url}
        for mode, fits in (("receiver", _taken), ("sender", _sent))
        for definition in definitions().values()
        if fits(definition, rules)
    ]
    made: JsonObject = {
        "resourceType": "CapabilityStatement",
        "id": made_id("CapabilityStatement", rules.ods_code),
        "version": rules.api_version,
        "name": "BookingAndReferralReceiver",
        "title": rules.name,
        "status": "active",
        "date": searchset.instant(now),
        "publisher": rules.name,
        "kind": "instance",
        "software": {"name": "BaRS Workbench"},
        "implementation": {"description": rules.name, "url": url},
        "fhirVersion": "4.0.1",
        "format": ["json", "xml"],
        "rest": [{"mode": "server", "resource": [_resource(*row) for row in _RESOURCES]}, {"mode": "client"}],
    }
    if messages:
        made["messaging"] = [{"supportedMessage": messages}]
    return made


def _resource(kind: str, interactions: Sequence[str], parameters: Sequence[tuple[str, str]]) -> JsonObject:
    made: JsonObject = {
        "type": kind,
        "interaction": [{"code": code} for code in interactions],
        "searchParam": [{"name": name, "type": type} for name, type in parameters],
    }
    if kind == "Slot":
        made["searchInclude"] = list(INCLUDES)
    return made


def message_definitions(query: Query, rules: ReceiverRules, now: datetime, ids: Ids, url: str) -> JsonObject | Refusal:
    """The definitions that are served in a context: a service, narrowed by a use case where one is given."""
    contexts = query.all("context")
    if not contexts:
        return required("context")
    pairs = [split_endpoint(context) for context in contexts]
    if any(not system or not value for system, value in pairs):
        return bad_value("context", "it must be system|value")
    cases = [value.lower() for system, value in pairs if system.lower() == USE_CASES.lower()]
    services = [rules.service(value) for system, value in pairs if system.lower() != USE_CASES.lower()]
    if not services or services[0] is None:
        return Refusal(404, "not-found", "the service in context is not one of this receiver.", "parameters")
    service = services[0]
    if cases and (cases[0] not in use_cases() or not service.serves(cases[0])):
        return Refusal(404, "not-found", f"nothing is defined for this use case by {service.name}.", "parameters")
    found = []
    for definition in definitions().values():
        offered = _cases(definition, service, cases)
        for number in sorted({case.application for case in offered}) if _offered(definition, service, rules) else ():
            own = [case for case in offered if case.application == number]
            resource = _definition(definition, service, own, number)
            found.append((f"urn:uuid:{resource['id']}", resource, "match"))
    if not found:
        return Refusal(404, "not-found", "no message definition fits the context.", "parameters")
    return searchset.bundle(found, ids(), now, url, len(found))


def _taken(definition: Definition, rules: ReceiverRules) -> bool:
    """Whether this receiver takes such messages at all."""
    return any(_offered(definition, service, rules) for service in rules.services)


def _sent(definition: Definition, rules: ReceiverRules) -> bool:
    """Whether this receiver sends such messages: those of its use cases that go the other way."""
    side = "receiver" if definition.event is Event.SERVICEREQUEST_RESPONSE else "sender"
    return rules.definitions_as in (side, "both") and any(_cases(definition, one, ()) for one in rules.services)


def _offered(definition: Definition, service: ServiceOffer, rules: ReceiverRules) -> bool:
    """Whether a service takes such messages: those it names, else those of its use cases and of our side."""
    if service.definitions:
        return definition.name in service.definitions
    side = "sender" if definition.event is Event.SERVICEREQUEST_RESPONSE else "receiver"
    return rules.definitions_as in (side, "both") and bool(_cases(definition, service, ()))


def _cases(definition: Definition, service: ServiceOffer, wanted: Sequence[str]) -> list[UseCase]:
    """The use cases of a service that use this definition."""
    return [
        case
        for case in use_cases().values()
        if case.application in definition.applications
        and not case.withdrawn
        and service.serves(case.code)
        and (not wanted or case.code in wanted)
    ]


def _definition(definition: Definition, service: ServiceOffer, cases: Sequence[UseCase], number: int) -> JsonObject:
    """One MessageDefinition: every resource type stands in `focus`, as the published ones have it.

    Its version is that of the Application, as negotiation compares it (guide, Content negotiation).
    """
    workflow: JsonObject = {
        "system": "http://terminology.hl7.org/CodeSystem/usage-context-type",
        "code": "workflow",
        "display": "Workflow Setting",
    }
    codings: list[JsonObject] = [{"system": service.system, "code": service.value}]
    codings += [{"system": USE_CASES, "code": case.code, "display": case.display} for case in cases]
    return {
        "resourceType": "MessageDefinition",
        "id": made_id("MessageDefinition", definition.name, service.value, str(number)),
        "url": definition.url,
        "version": applications()[number].default_version,
        "name": definition.name,
        "status": "active",
        "date": "2026-07-14",
        "useContext": [{"code": workflow, "valueCodeableConcept": {"coding": [coding]}} for coding in codings],
        "eventCoding": {"system": MESSAGE_EVENTS, "code": definition.event.value},
        "focus": [
            {
                "code": row.type,
                "profile": row.profile,
                "min": Number(str(row.min)),
                "max": "*" if row.max is None else str(row.max),
            }
            for row in definition.rows
        ],
    }
