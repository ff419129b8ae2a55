"""Rules on the headers of a call: they are there, can be read, and say the same as the message.

Where headers come from and how they are built is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.exchange.values import header, headers
from workbench.headers import base64_json, ids, names
from workbench.headers.build import use_context
from workbench.messages import Layer, Severity, Syntax, tree
from workbench.messages.identity import split_endpoint
from workbench.rules import scope, sources
from workbench.rules.registry import rule
from workbench.rules.survey import survey
from workbench.rules.values import Answer, Hit
from workbench.standard import api_versions, urls
from workbench.standard.header_table import HeaderShape, HeaderSpec, header_specs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.exchange.values import Headers
    from workbench.headers.base64_json import Decoded
    from workbench.rules.values import Submission

TARGET = "NHSD-Target-Identifier"
ORGANISATION = "NHSD-End-User-Organisation"
PRACTITIONER = "NHSD-Requesting-Practitioner"
SOFTWARE = "NHSD-Requesting-Software"

_MISSING = Answer(400, "REC_BAD_REQUEST", "required")
_INVALID = Answer(400, "REC_BAD_REQUEST", "invalid")
_TARGET = Answer(400, "PROXY_BAD_REQUEST", "structure")
_LAYER = Layer.HEADERS
_MILD_ON_RECEIPT = frozenset({"Accept", "use-context", "Content-Type"})
"""Neither the platform nor a receiver stops a message for these."""


@rule("HDR-001", Severity.ERROR, source=sources.HEADERS, layer=_LAYER, applies=scope.calls, answer=_MISSING)
def required_headers_are_there(s: Submission) -> Iterator[Hit]:
    """Every header that the call requires is there.

    Accept, Content-Type and use-context stop no message on its way, so their absence is a warning when received. A
    token never reaches the receiver, and the public sandbox takes none: its absence is a note when sending.
    """
    assert s.request is not None
    call = scope.operation_of(s)
    for spec in header_specs().values():
        if not spec.required_in(call, has_body=bool(s.request.body)) or headers(s.request.headers, spec.name):
            continue
        if spec.name == TARGET:
            continue
        path = f"headers['{spec.name}']"
        if spec.shape is HeaderShape.BEARER:
            if s.composing:
                text = "No token goes along; only the public sandbox takes calls without one."
                yield Hit(path, text, severity=Severity.INFORMATION)
            continue
        severity = Severity.WARNING if spec.name in _MILD_ON_RECEIPT and not s.composing else Severity.ERROR
        yield Hit(path, f"The header {spec.name} is missing.", severity=severity)


@rule("HDR-002", Severity.ERROR, source=sources.HEADERS, layer=_LAYER, applies=scope.calls, answer=_TARGET)
def target_is_there(s: Submission) -> Iterator[Hit]:
    """NHSD-Target-Identifier is there: the platform routes by it and refuses a call without it."""
    assert s.request is not None
    if scope.operation_of(s).needs_target and not headers(s.request.headers, TARGET):
        yield Hit(f"headers['{TARGET}']", f"The header {TARGET} is missing: the call cannot be routed.")


@rule("HDR-003", Severity.ERROR, source=sources.HTTP, layer=_LAYER, applies=scope.calls, answer=_INVALID)
def names_are_legal(s: Submission) -> Iterator[Hit]:
    """Header names have no blanks, colons or letters beyond ASCII."""
    for name, _ in _headers(s):
        if problem := names.name_problem(name):
            meant = names.suggestion(name)
            hint = f" {meant} is meant." if meant else ""
            yield Hit(_path(name), f"'{name}' is no header name: {problem}.{hint}")


@rule("HDR-004", Severity.WARNING, source=sources.HEADERS, layer=_LAYER, applies=scope.calls)
def names_are_spelt_right(s: Submission) -> Iterator[Hit]:
    """A header that is nearly one of the standard is spelt as published.

    Older pages of the standard print some names with mistakes.
    """
    for name, _ in _headers(s):
        if names.name_problem(name) is None and (meant := names.suggestion(name)):
            yield Hit(_path(name), f"'{name}' is not a header of the standard; {meant} is probably meant.")


@rule("HDR-005", Severity.ERROR, source=sources.HTTP, layer=_LAYER, applies=scope.calls, answer=_INVALID)
def values_are_legal(s: Submission) -> Iterator[Hit]:
    """Header values are visible ASCII without line breaks or other control characters.

    Other letters belong inside the base64 JSON.
    """
    for name, value in _headers(s):
        if problem := names.value_problem(value):
            yield Hit(_path(name), f"The value of {name} cannot be sent: {problem}.")


@rule("HDR-006", Severity.WARNING, source=sources.HTTP, layer=_LAYER, applies=scope.calls)
def values_are_trimmed_and_short(s: Submission) -> Iterator[Hit]:
    """Header values have no blanks around them and stay below the length at which intermediaries cut."""
    for name, value in _headers(s):
        if value != value.strip(" \t"):
            yield Hit(_path(name), f"The value of {name} has blanks around it.")
        if names.LONG_VALUE < len(value) <= names.LONGEST_VALUE:
            yield Hit(_path(name), f"The value of {name} has {len(value):,} characters; some intermediaries cut it.")


@rule("HDR-007", Severity.ERROR, source=sources.HEADERS, layer=_LAYER, applies=scope.calls, answer=_INVALID)
def headers_are_given_once(s: Submission) -> Iterator[Hit]:
    """No header of the standard is there twice; Accept may be."""
    for spec in header_specs().values():
        held = headers(_headers(s), spec.name)
        if len(held) > 1 and spec.name != "Accept":
            said = "with different values" if len(set(held)) > 1 else "with the same value"
            yield Hit(_path(spec.name), f"The header {spec.name} is there {len(held)} times {said}.")


@rule("HDR-008", Severity.ERROR, source=sources.HEADERS, layer=_LAYER, applies=scope.calls, answer=_TARGET)
def target_can_be_read(s: Submission) -> Iterator[Hit]:
    """NHSD-Target-Identifier is base64 of a JSON object with a system and a value.

    The platform refuses anything else before the receiver sees it.
    """
    value = header(_headers(s), TARGET)
    if value is None:
        return
    found = _read(s, header_specs()[TARGET], value)
    if isinstance(found, str):
        yield Hit(_path(TARGET), found)
        return
    for name in ("system", "value"):
        if tree.text(found.value.get(name)) is None:
            yield Hit(f"{_path(TARGET)}.{name}", f"{TARGET} needs system and value; its {name} is missing or no text.")


@rule("HDR-009", Severity.ERROR, source=sources.HEADERS, layer=_LAYER, applies=scope.calls, answer=_INVALID)
def access_headers_can_be_read(s: Submission) -> Iterator[Hit]:
    """The access headers are base64 of a JSON object with the resource type of each."""
    for spec, value in _encoded(s):
        if spec.name == TARGET:
            continue
        found = _read(s, spec, value)
        if isinstance(found, str):
            yield Hit(_path(spec.name), found)
        elif found.value.get("resourceType") != spec.resource_type:
            held = tree.text(found.value.get("resourceType")) or "nothing"
            yield Hit(f"{_path(spec.name)}.resourceType", f"{spec.name} holds {held}; it must be {spec.resource_type}.")


@rule("HDR-010", Severity.WARNING, source=sources.HEADERS, layer=_LAYER, applies=scope.calls)
def encoding_is_exact(s: Submission) -> Iterator[Hit]:
    """Base64 values are written so that encoding them again gives the same text."""
    for spec, value in _encoded(s):
        found = _read(s, spec, value)
        if not isinstance(found, str):
            for note in found.notes:
                yield Hit(_path(spec.name), f"The value of {spec.name} can be read, but {note}.")


@rule("HDR-011", Severity.WARNING, source=sources.HEADERS, layer=_LAYER, applies=scope.calls)
def target_system_is_spelt_right(s: Submission) -> Iterator[Hit]:
    """The system of the target is spelt as in the catalogue, which compares it letter by letter."""
    found = _decoded(s, TARGET)
    held = tree.text(found.value.get("system")) if found else None
    if held and held != urls.DOS_SERVICE_ID and held.lower().replace("http:", "https:") == urls.DOS_SERVICE_ID.lower():
        severity = Severity.ERROR if s.composing else Severity.WARNING
        text = f"The system of the target is spelt '{held}'; the catalogue knows '{urls.DOS_SERVICE_ID}'."
        yield Hit(f"{_path(TARGET)}.system", text, severity=severity)


@rule("HDR-012", Severity.ERROR, source=sources.HEADERS, layer=_LAYER, applies=scope.calls, answer=_INVALID)
def organisation_is_complete(s: Submission) -> Iterator[Hit]:
    """NHSD-End-User-Organisation has a name and an ODS code."""
    found = _decoded(s, ORGANISATION)
    if found is None:
        return
    if tree.text(found.value.get("name")) is None:
        yield Hit(f"{_path(ORGANISATION)}.name", "The asking organisation has no name.")
    systems = {
        (tree.text(item.get("system")) or "").lower()
        for item in tree.objects(found.value.get("identifier"))
        if tree.text(item.get("value"))
    }
    if urls.ODS_CODE.lower() not in systems:
        yield Hit(f"{_path(ORGANISATION)}.identifier", "The asking organisation has no ODS code.")


@rule("HDR-013", Severity.ERROR, source=sources.HEADERS, layer=_LAYER, applies=scope.calls, answer=_INVALID)
def practitioner_and_software_are_complete(s: Submission) -> Iterator[Hit]:
    """The asking person and software have an identifier; the software also its name and version.

    Name and version of the software are objects here, unlike the lists of FHIR's Device; lists are accepted.
    """
    for name in (PRACTITIONER, SOFTWARE):
        found = _decoded(s, name)
        if found and not any(tree.text(item.get("value")) for item in tree.objects(found.value.get("identifier"))):
            yield Hit(f"{_path(name)}.identifier", f"{name} has no identifier.")
    found = _decoded(s, SOFTWARE)
    if found is None:
        return
    for element, inner in (("deviceName", "name"), ("version", "value")):
        if not tree.inner_text(found.value, element, inner):
            yield Hit(f"{_path(SOFTWARE)}.{element}", f"{SOFTWARE} does not say its {element}.")


@rule("HDR-014", Severity.ERROR, source=sources.INTEGRITY, layer=_LAYER, applies=scope.calls, answer=_INVALID)
def transaction_ids_are_uuids(s: Submission) -> Iterator[Hit]:
    """X-Request-Id and X-Correlation-Id are UUIDs: 8-4-4-4-12 hexadecimal digits and nothing else."""
    for name in ids.TRANSACTION_IDS:
        for value in headers(_headers(s), name):
            if problem := ids.id_problem(value):
                yield Hit(_path(name), f"The value of {name} is no UUID: {problem}.")


@rule("HDR-015", Severity.WARNING, source=sources.INTEGRITY, layer=_LAYER, applies=scope.calls)
def transaction_ids_name_something(s: Submission) -> Iterator[Hit]:
    """The transaction ids are not zeros, and not the same for message and conversation."""
    for name in ids.TRANSACTION_IDS:
        if ids.is_nil(header(_headers(s), name) or ""):
            yield Hit(_path(name), f"The value of {name} is all zeros: it names nothing.")
    if ids.same_ids(_headers(s)):
        yield Hit(_path(ids.CORRELATION_ID), "Message and conversation have the same id.")


@rule("HDR-016", Severity.WARNING, source=sources.HEADERS, layer=_LAYER, applies=scope.calls)
def accept_asks_for_a_version(s: Submission) -> Iterator[Hit]:
    """Accept asks for FHIR in a version of the interface, as three plain numbers."""
    held = header(_headers(s), "Accept")
    if held is None:
        return
    kind, _, parameters = held.partition(";")
    version = next(
        (part.strip()[8:] for part in parameters.split(";") if part.strip().lower().startswith("version=")), ""
    )
    if kind.strip().lower() not in ("application/fhir+json", "application/fhir+xml"):
        yield Hit(_path("Accept"), "Accept does not ask for application/fhir+json.")
    if not version:
        yield Hit(_path("Accept"), "Accept asks for no version of the interface.")
    elif version not in api_versions():
        yield Hit(_path("Accept"), f"'{version}' is no published version of the interface.")


@rule("HDR-017", Severity.WARNING, source=sources.HEADERS, layer=_LAYER, applies=scope.calls)
def content_type_fits_the_body(s: Submission) -> Iterator[Hit]:
    """Content-Type says how the body is written."""
    held = header(_headers(s), "Content-Type")
    if held is None or s.message is None:
        return
    kind = held.partition(";")[0].strip().lower()
    wanted = "application/fhir+xml" if s.message.syntax is Syntax.XML else "application/fhir+json"
    if kind != wanted:
        yield Hit(_path("Content-Type"), f"Content-Type is {kind or 'empty'}, but the body is {wanted}.")


@rule("HDR-018", Severity.INFORMATION, source=sources.HEADERS, layer=_LAYER, applies=scope.calls)
def unpublished_headers_are_told(s: Submission) -> Iterator[Hit]:
    """NHSD-Requesting-Person is in no published specification: it was taken out, and is read but never sent by us."""
    if headers(_headers(s), "NHSD-Requesting-Person"):
        yield Hit(_path("NHSD-Requesting-Person"), "NHSD-Requesting-Person is not in the published specification.")


@rule("HDR-101", Severity.WARNING, source=sources.MESSAGE_HEADERS, layer=_LAYER, applies=scope.calls_with_message)
def target_is_the_destination(s: Submission) -> Iterator[Hit]:
    """The service in NHSD-Target-Identifier is the destination that the message names.

    The platform routes by the header alone; the receiver refuses a message that is not for it.
    """
    found = _decoded(s, TARGET)
    wanted = survey(s).facts.destination_endpoint
    if found is None or not wanted:
        return
    system, value = split_endpoint(wanted)
    severity = Severity.ERROR if s.composing else Severity.WARNING
    held = tree.text(found.value.get("value"))
    if held and held != value:
        text = f"The call goes to service {held}, the message to {value}."
        yield Hit(f"{_path(TARGET)}.value", text, severity=severity)
    elif held and system and tree.text(found.value.get("system")) not in (None, system):
        yield Hit(f"{_path(TARGET)}.system", "Header and message name the service by different systems.")


@rule("HDR-102", Severity.WARNING, source=sources.LOGGING, layer=_LAYER, applies=scope.calls_with_message)
def use_context_is_that_of_the_message(s: Submission) -> Iterator[Hit]:
    """use-context names use case, kind, event and reason of the message.

    It is for statistics: receivers ignore it.
    """
    held = header(_headers(s), "use-context")
    wanted = use_context(survey(s).facts)
    if held is not None and wanted is not None and held.strip() != wanted:
        yield Hit(_path("use-context"), f"use-context says '{held}'; the message is '{wanted}'.")


def _headers(s: Submission) -> Headers:
    assert s.request is not None, "rules on headers run only on requests"
    return s.request.headers


def _path(name: str) -> str:
    return f"headers['{name}']"


def _encoded(s: Submission) -> Iterator[tuple[HeaderSpec, str]]:
    """Every base64 header that is there."""
    for spec in header_specs().values():
        if spec.shape is HeaderShape.BASE64_JSON:
            for value in headers(_headers(s), spec.name):
                yield spec, value


def _read(s: Submission, spec: HeaderSpec, value: str) -> Decoded | str:
    """The decoded value, or why it cannot be decoded; worked out once."""
    kept: dict[str, Decoded | str] = s.kept.setdefault("headers", {})
    if value not in kept:
        try:
            kept[value] = base64_json.read(value, what=spec.name)
        except InputError as error:
            kept[value] = error.sentence
    return kept[value]


def _decoded(s: Submission, name: str) -> Decoded | None:
    """The first value of a base64 header when it can be read."""
    value = header(_headers(s), name)
    if value is None:
        return None
    found = _read(s, header_specs()[name], value)
    return None if isinstance(found, str) else found
