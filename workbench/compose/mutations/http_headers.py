"""Faults in the headers of the call: target, access headers, version and type of the body.

Answers: API specification, header parameters; live proxy (target); Core, Error handling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.compose.mutations.making import bad, left_out, sent_as
from workbench.compose.mutations.values import HeaderChange, Mutation
from workbench.headers.base64_json import decode, encode
from workbench.messages import json_text, tree
from workbench.rules.values import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.messages import JsonObject, Message

TARGET = "NHSD-Target-Identifier"
ORGANISATION = "NHSD-End-User-Organisation"
SOFTWARE = "NHSD-Requesting-Software"
PRACTITIONER = "NHSD-Requesting-Practitioner"

_NOT_DECODED = Answer(400, "PROXY_BAD_REQUEST", "400")
_NOT_SCHEMA = Answer(400, "PROXY_BAD_REQUEST", "structure")
_NO_TARGET = Answer(404, "PROXY_NOT_FOUND", "not-found")
_BROKEN = Answer(500, "REC_SERVER_ERROR", "exception")
_MEDIA_TYPE = Answer(415, "REC_BAD_REQUEST", "not-supported")


def _inside(name: str, change: Callable[[JsonObject], JsonObject]) -> HeaderChange:
    """Change the JSON that a header carries."""

    def make(held: str, _message: Message) -> str:
        return encode(change(decode(held, what=name)))

    return sent_as(name, make)


def _without(*names: str) -> Callable[[JsonObject], JsonObject]:
    return lambda held: {name: value for name, value in held.items() if name not in names}


def _named(value: str, name: str) -> Callable[[JsonObject], JsonObject]:
    return lambda held: {**held, name: value}


def _plain(name: str) -> HeaderChange:
    """The JSON itself in place of its base64."""
    return sent_as(name, lambda held, _message: json_text.dump(decode(held, what=name), indent=None))


def _lower_case_code(held: JsonObject) -> JsonObject:
    identifiers = [{**one, "value": str(one.get("value", "")).lower()} for one in tree.objects(held.get("identifier"))]
    return {**held, "identifier": [*identifiers]}


MUTATIONS = (
    Mutation(
        "no-target",
        "No target",
        "NHSD-Target-Identifier is left out.",
        left_out(TARGET),
        "HDR-002",
        None,
        _NOT_DECODED,
    ),
    Mutation(
        "target-cut-short",
        "Target cut short",
        "NHSD-Target-Identifier loses its last characters, so that its base64 no longer ends as it must.",
        sent_as(TARGET, lambda held, _message: held.rstrip("=")[:-1] + "="),
        "HDR-008",
        None,
        _NOT_DECODED,
    ),
    Mutation(
        "target-without-system",
        "Target without a system",
        "The JSON in NHSD-Target-Identifier has no system.",
        _inside(TARGET, _without("system")),
        "HDR-008",
        None,
        _NOT_SCHEMA,
    ),
    Mutation(
        "target-without-value",
        "Target without a value",
        "The JSON in NHSD-Target-Identifier has no value.",
        _inside(TARGET, _without("value")),
        "HDR-008",
        None,
        _NOT_SCHEMA,
    ),
    Mutation(
        "target-not-json",
        "Target that is no JSON",
        "NHSD-Target-Identifier is base64 of a text that is not JSON.",
        sent_as(TARGET, lambda _held, _message: "bm90IGpzb24="),
        "HDR-008",
        None,
        _BROKEN,
    ),
    Mutation(
        "target-unknown-service",
        "Target that nobody is",
        "NHSD-Target-Identifier asks for a service id that the endpoint catalogue does not have.",
        _inside(TARGET, _named("9999999999", "value")),
        "HDR-101",
        None,
        _NO_TARGET,
    ),
    Mutation(
        "target-unknown-system",
        "Target in a system that nobody knows",
        "NHSD-Target-Identifier names a system of identifiers that the endpoint catalogue does not have.",
        _inside(TARGET, _named("https://fhir.nhs.uk/Id/no-such-system", "system")),
        "HDR-019",
        None,
        _BROKEN,
    ),
    Mutation(
        "no-organisation-header",
        "Nobody asks",
        "NHSD-End-User-Organisation is left out.",
        left_out(ORGANISATION),
        "HDR-001",
        bad("required"),
    ),
    Mutation(
        "organisation-not-encoded",
        "Organisation as plain JSON",
        "NHSD-End-User-Organisation holds its JSON without base64.",
        _plain(ORGANISATION),
        "HDR-009",
        bad("invalid"),
    ),
    Mutation(
        "organisation-without-ods-code",
        "Organisation without an ODS code",
        "The resource in NHSD-End-User-Organisation has no identifier.",
        _inside(ORGANISATION, _without("identifier")),
        "HDR-012",
        bad("invalid"),
    ),
    Mutation(
        "organisation-without-name",
        "Organisation without a name",
        "The resource in NHSD-End-User-Organisation has no name.",
        _inside(ORGANISATION, _without("name")),
        "HDR-012",
        bad("invalid"),
    ),
    Mutation(
        "organisation-of-another-type",
        "Organisation that is a Patient",
        "The resource in NHSD-End-User-Organisation says that it is a Patient.",
        _inside(ORGANISATION, _named("Patient", "resourceType")),
        "HDR-009",
        bad("invalid"),
    ),
    Mutation(
        "organisation-lower-case",
        "ODS code in small letters",
        "The ODS code in NHSD-End-User-Organisation is written in small letters.",
        _inside(ORGANISATION, _lower_case_code),
        "HDR-021",
        None,
    ),
    Mutation(
        "no-software-header",
        "No software asks",
        "NHSD-Requesting-Software is left out.",
        left_out(SOFTWARE),
        "HDR-001",
        bad("required"),
    ),
    Mutation(
        "software-without-version",
        "Software without a version",
        "The resource in NHSD-Requesting-Software has no version.",
        _inside(SOFTWARE, _without("version")),
        "HDR-013",
        bad("invalid"),
    ),
    Mutation(
        "software-without-identifier",
        "Software without an identifier",
        "The resource in NHSD-Requesting-Software has no identifier.",
        _inside(SOFTWARE, _without("identifier")),
        "HDR-013",
        bad("invalid"),
    ),
    Mutation(
        "practitioner-without-identifier",
        "Person without an identifier",
        "The resource in NHSD-Requesting-Practitioner has no identifier.",
        _inside(PRACTITIONER, _without("identifier")),
        "HDR-013",
        bad("invalid"),
    ),
    Mutation(
        "use-context-of-another-message",
        "Use context of another message",
        "use-context names another event than the message.",
        sent_as("use-context", lambda held, _message: "|".join([*held.split("|")[:2], "no-such-event", "new"])),
        "HDR-102",
        None,
    ),
    Mutation(
        "accept-another-version",
        "A version nobody offers",
        "Accept asks for version 9.0.0 of the interface.",
        sent_as("Accept", lambda _held, _message: "application/fhir+json; version=9.0.0"),
        "HDR-016",
        Answer(406, "REC_NOT_ACCEPTABLE", "processing"),
    ),
    Mutation(
        "no-content-type",
        "No type of the body",
        "Content-Type is left out.",
        left_out("Content-Type"),
        "HDR-025",
        _MEDIA_TYPE,
    ),
    Mutation(
        "content-type-text",
        "A body that says it is plain text",
        "Content-Type says text/plain.",
        sent_as("Content-Type", lambda _held, _message: "text/plain"),
        "HDR-025",
        _MEDIA_TYPE,
    ),
    Mutation(
        "content-type-utf-16",
        "A body that says it is UTF-16",
        "Content-Type names the charset utf-16.",
        sent_as("Content-Type", lambda held, _message: f"{held}; charset=utf-16"),
        "HDR-025",
        _MEDIA_TYPE,
    ),
    Mutation(
        "content-type-of-the-other-syntax",
        "JSON that says it is XML",
        "Content-Type names the other of JSON and XML.",
        sent_as(
            "Content-Type",
            lambda held, _message: held.replace("xml", "json") if "xml" in held else held.replace("json", "xml"),
        ),
        "HDR-017",
        None,
    ),
)
