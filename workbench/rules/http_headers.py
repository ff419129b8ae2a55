"""Rules on the headers of a call: they are there, HTTP can carry them, and ids, versions and types can be used.

What stands inside the base64 headers is judged in `http_access`, header against message in `http_body`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.exchange.values import header, headers
from workbench.headers import ids, names
from workbench.messages import Layer, Severity, Syntax
from workbench.rules import scope, sources
from workbench.rules.header_reading import PERSON, TARGET, accepted_version, call_headers, media_type, path_of
from workbench.rules.registry import rule
from workbench.rules.values import Answer, Hit
from workbench.standard import api_versions
from workbench.standard.codes import code_systems
from workbench.standard.events import Event, Reason
from workbench.standard.header_table import HeaderShape, header_specs
from workbench.standard.urls import SR_CATEGORY
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.rules.values import Submission

_MISSING = Answer(400, "REC_BAD_REQUEST", "required")
_INVALID = Answer(400, "REC_BAD_REQUEST", "invalid")
_ROUTING = Answer(400, "PROXY_BAD_REQUEST", "400")
"""The platform fails to decode what is not there, and writes the status where an issue code belongs."""
_MEDIA_TYPE = Answer(415, "REC_BAD_REQUEST", "not-supported")
_VERSION = Answer(406, "REC_NOT_ACCEPTABLE", "processing")
_TOKEN = Answer(401, "SEND_UNAUTHORIZED", "unknown")
_LAYER = Layer.HEADERS
_MILD_ON_RECEIPT = frozenset({"Accept", "use-context"})
"""Neither the platform nor a receiver stops a message for these."""
_FHIR_TYPES = {"application/fhir+json": Syntax.JSON, "application/fhir+xml": Syntax.XML}
_CUT_OUT = "[secret "
"""What stands in place of a token in a call that was stored."""
_ONCE = ("Host", "Content-Length", "Content-Encoding", "Transfer-Encoding", "Date", "User-Agent")
"""Headers of HTTP itself of which a request has one (RFC 9110, 5.3)."""


@rule("HDR-001", Severity.ERROR, source=sources.HEADERS, layer=_LAYER, applies=scope.calls, answer=_MISSING)
def required_headers_are_there(s: Submission) -> Iterator[Hit]:
    """Every header that the call requires is there.

    Accept and use-context stop no message on its way, so their absence is a warning when received. A token never
    reaches the receiver, and the public sandbox takes none: its absence is a note when sending. The target and
    Content-Type have rules of their own.
    """
    assert s.request is not None
    call = scope.operation_of(s)
    for spec in header_specs().values():
        wanted = spec.required_in(call, has_body=bool(s.request.body), version=accepted_version(s))
        if not wanted or headers(s.request.headers, spec.name):
            continue
        if spec.name in (TARGET, "Content-Type"):
            continue
        path = path_of(spec.name)
        if spec.shape is HeaderShape.BEARER:
            if s.composing:
                text = "No token goes along; only the public sandbox takes calls without one."
                yield Hit(path, text, severity=Severity.INFORMATION)
            continue
        severity = Severity.WARNING if spec.name in _MILD_ON_RECEIPT and not s.composing else Severity.ERROR
        yield Hit(path, f"The header {spec.name} is missing.", severity=severity)


@rule("HDR-002", Severity.ERROR, source=sources.HEADERS, layer=_LAYER, applies=scope.calls, answer=_ROUTING)
def target_is_there(s: Submission) -> Iterator[Hit]:
    """NHSD-Target-Identifier is there: the platform routes by it and refuses a call without it."""
    assert s.request is not None
    if scope.operation_of(s).needs_target and not headers(s.request.headers, TARGET):
        yield Hit(path_of(TARGET), f"The header {TARGET} is missing: the call cannot be routed.")


@rule("HDR-003", Severity.ERROR, source=sources.HTTP, layer=_LAYER, applies=scope.calls, answer=_INVALID)
def names_are_legal(s: Submission) -> Iterator[Hit]:
    """Header names have no blanks, colons or letters beyond ASCII."""
    for name, _ in call_headers(s):
        if problem := names.name_problem(name):
            meant = names.suggestion(name)
            hint = f" {meant} is meant." if meant else ""
            yield Hit(path_of(name), f"'{name}' is no header name: {problem}.{hint}")


@rule("HDR-004", Severity.WARNING, source=sources.HEADERS, layer=_LAYER, applies=scope.calls)
def names_are_spelt_right(s: Submission) -> Iterator[Hit]:
    """A header that is nearly one of the standard is spelt as published.

    Older pages of the standard print some names with mistakes.
    """
    for name, _ in call_headers(s):
        if names.name_problem(name) is None and (meant := names.suggestion(name)):
            yield Hit(path_of(name), f"'{name}' is not a header of the standard; {meant} is probably meant.")


@rule("HDR-005", Severity.ERROR, source=sources.HTTP, layer=_LAYER, applies=scope.calls, answer=_INVALID)
def values_are_legal(s: Submission) -> Iterator[Hit]:
    """Header values are visible ASCII without line breaks or other control characters.

    Other letters belong inside the base64 JSON.
    """
    for name, value in call_headers(s):
        if problem := names.value_problem(value):
            yield Hit(path_of(name), f"The value of {name} cannot be sent: {problem}.")


@rule("HDR-006", Severity.WARNING, source=sources.HTTP, layer=_LAYER, applies=scope.calls)
def values_are_trimmed_and_short(s: Submission) -> Iterator[Hit]:
    """Header values have no blanks around them and stay below the length at which intermediaries cut."""
    for name, value in call_headers(s):
        if value != value.strip(" \t"):
            yield Hit(path_of(name), f"The value of {name} has blanks around it.")
        if names.LONG_VALUE < len(value) <= names.LONGEST_VALUE:
            yield Hit(path_of(name), f"The value of {name} has {len(value):,} characters; some intermediaries cut it.")


@rule("HDR-007", Severity.ERROR, source=sources.HEADERS, layer=_LAYER, applies=scope.calls, answer=_INVALID)
def headers_are_given_once(s: Submission) -> Iterator[Hit]:
    """No header of the standard, and none of those that HTTP has once, is there twice; Accept may be.

    Two programs on the way may read different ones of them.
    """
    for name in (*(spec.name for spec in header_specs().values() if spec.name != "Accept"), *_ONCE):
        held = headers(call_headers(s), name)
        if len(held) > 1:
            said = "with different values" if len(set(held)) > 1 else "with the same value"
            yield Hit(path_of(name), f"The header {name} is there {len(held)} times {said}.")


@rule("HDR-014", Severity.ERROR, source=sources.INTEGRITY, layer=_LAYER, applies=scope.calls, answer=_INVALID)
def transaction_ids_are_uuids(s: Submission) -> Iterator[Hit]:
    """X-Request-Id and X-Correlation-Id are UUIDs: 8-4-4-4-12 hexadecimal digits and nothing else."""
    for name in ids.TRANSACTION_IDS:
        for value in headers(call_headers(s), name):
            if problem := ids.id_problem(value):
                yield Hit(path_of(name), f"The value of {name} is no UUID: {problem}.")


@rule("HDR-015", Severity.WARNING, source=sources.INTEGRITY, layer=_LAYER, applies=scope.calls)
def transaction_ids_name_something(s: Submission) -> Iterator[Hit]:
    """The transaction ids are not zeros, and not the same for message and conversation."""
    for name in ids.TRANSACTION_IDS:
        if ids.is_nil(header(call_headers(s), name) or ""):
            yield Hit(path_of(name), f"The value of {name} is all zeros: it names nothing.")
    if ids.same_ids(call_headers(s)):
        yield Hit(path_of(ids.CORRELATION_ID), "Message and conversation have the same id.")


@rule("HDR-016", Severity.WARNING, source=sources.HEADERS, layer=_LAYER, applies=scope.calls, answer=_VERSION)
def accept_asks_for_a_version(s: Submission) -> Iterator[Hit]:
    """Accept asks for FHIR in a version of the interface, as three plain numbers.

    The platform takes anything else, quotes and pre-release tags included, for 1.0.0. Calls of the endpoint catalogue
    name no version since 1.4.0.
    """
    held = headers(call_headers(s), "Accept")
    if not held:
        return
    ranges = [media_type(part) for value in held for part in value.split(",") if part.strip()]
    if not any(kind in _FHIR_TYPES for kind, _ in ranges):
        yield Hit(path_of("Accept"), "Accept does not ask for application/fhir+json.")
    version = accepted_version(s)
    if not version:
        if not scope.operation_of(s).plain_accept:
            yield Hit(path_of("Accept"), "Accept asks for no version of the interface.")
    elif version not in api_versions():
        yield Hit(path_of("Accept"), f"'{version}' is no published version of the interface.")
    elif '"' in held[0] or "'" in held[0]:
        yield Hit(path_of("Accept"), f"The version {version} stands in quotes: the platform reads 1.0.0.")


@rule("HDR-017", Severity.WARNING, source=sources.HEADERS, layer=_LAYER, applies=scope.calls)
def content_type_fits_the_body(s: Submission) -> Iterator[Hit]:
    """Content-Type says how the body is written: JSON or XML."""
    held = header(call_headers(s), "Content-Type")
    if held is None or s.message is None:
        return
    stated = _FHIR_TYPES.get(media_type(held)[0])
    if stated is not None and stated is not s.message.syntax:
        wanted = "application/fhir+xml" if s.message.syntax is Syntax.XML else "application/fhir+json"
        yield Hit(path_of("Content-Type"), f"Content-Type is {media_type(held)[0]}, but the body is {wanted}.")


@rule("HDR-025", Severity.ERROR, source=sources.HEADERS, layer=_LAYER, applies=scope.calls, answer=_MEDIA_TYPE)
def content_type_is_fhir(s: Submission) -> Iterator[Hit]:
    """A body comes with a Content-Type of FHIR, in UTF-8.

    `application/fhir+json`, which every system reads, or `application/fhir+xml`; other types are answered with 415.
    """
    assert s.request is not None
    held = header(call_headers(s), "Content-Type")
    if held is None:
        if s.request.body:
            yield Hit(path_of("Content-Type"), "The header Content-Type is missing: it says how the body is written.")
        return
    kind, parameters = media_type(held)
    if s.request.body and kind not in _FHIR_TYPES:
        text = f"Content-Type is '{kind}'; a body is application/fhir+json or application/fhir+xml."
        yield Hit(path_of("Content-Type"), text)
    charset = parameters.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8"):
        yield Hit(path_of("Content-Type"), f"Content-Type says charset {charset}; FHIR is sent as UTF-8.")


@rule("HDR-026", Severity.WARNING, source=sources.LOGGING, layer=_LAYER, applies=scope.calls)
def use_context_has_four_parts(s: Submission) -> Iterator[Hit]:
    """use-context is use case, kind or status, event and reason, with bars between them and no blanks.

    For example `a1t1|referral|servicerequest-request|new`. It is for statistics: receivers ignore it.
    """
    held = header(call_headers(s), "use-context")
    if held is None:
        return
    path = path_of("use-context")
    parts = held.split("|")
    if len(parts) != 4 or not all(part and part == part.strip() for part in parts):
        yield Hit(path, f"use-context is '{held}'; four parts with | between them and no blanks are needed.")
        return
    case, kind, event, reason = parts
    if case.lower() not in use_cases():
        yield Hit(path, f"'{case}' in use-context is no published use case.")
    if event not in set(Event):
        yield Hit(path, f"'{event}' in use-context is no published event.")
    elif event.startswith("servicerequest") and kind not in code_systems()[SR_CATEGORY].codes:
        yield Hit(path, f"'{kind}' in use-context is no published category of a message.")
    if reason not in set(Reason):
        yield Hit(path, f"'{reason}' in use-context is no published reason.")


@rule("HDR-027", Severity.ERROR, source=sources.HEADERS, layer=_LAYER, applies=scope.calls, answer=_TOKEN)
def token_is_a_bearer(s: Submission) -> Iterator[Hit]:
    """Authorization is the word Bearer, one blank and a token.

    The platform answers 401 to anything else. It is not passed on: on receipt nothing is said about it.
    """
    held = header(call_headers(s), "Authorization")
    if held is None or not s.composing or held.startswith(_CUT_OUT):
        return
    scheme, _, token = held.partition(" ")
    if scheme.lower() != "bearer" or not token.strip() or " " in token:
        yield Hit(path_of("Authorization"), "Authorization must be 'Bearer ' and one token.")


@rule("HDR-028", Severity.ERROR, source=sources.FRAMING, layer=_LAYER, applies=scope.calls, answer=_INVALID)
def the_length_is_told_one_way(s: Submission) -> Iterator[Hit]:
    """Content-Length and Transfer-Encoding do not stand together.

    Two programs on the way could see the end of the message at different places.
    """
    if headers(call_headers(s), "Content-Length") and headers(call_headers(s), "Transfer-Encoding"):
        text = "Content-Length and Transfer-Encoding stand together; a message has one of them."
        yield Hit(path_of("Transfer-Encoding"), text)


@rule("HDR-018", Severity.INFORMATION, source=sources.HEADERS, layer=_LAYER, applies=scope.calls)
def unpublished_headers_are_told(s: Submission) -> Iterator[Hit]:
    """NHSD-Requesting-Person is in no published specification: it was taken out, and is read but never sent by us."""
    if headers(call_headers(s), PERSON):
        yield Hit(path_of(PERSON), "NHSD-Requesting-Person is not in the published specification.")
