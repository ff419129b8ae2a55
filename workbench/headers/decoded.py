"""Headers in friendly rows for reading: service, organisation, role, software.

Tolerant of every value; secrets are named, never shown. Must not judge beyond what stops reading.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.exchange.values import Direction
from workbench.headers import base64_json, ids, names
from workbench.messages import json_text, tree
from workbench.standard.codes import display
from workbench.standard.header_table import HeaderShape, HeaderSpec, header_spec
from workbench.standard.operations import operations
from workbench.standard.urls import ODS_CODE, SDS_ROLE_PROFILE, USE_CASES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workbench.exchange.values import Headers
    from workbench.messages.values import JsonObject

Rows = tuple[tuple[str, str], ...]

_SECRET = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_CALL_IDS = {"X-Request-Id": "Request id", "X-Correlation-Id": "Correlation id"}


_OF_HTTP = frozenset(
    {
        "accept-encoding",
        "cache-control",
        "connection",
        "content-encoding",
        "content-length",
        "date",
        "etag",
        "host",
        "location",
        "retry-after",
        "server",
        "transfer-encoding",
        "user-agent",
        "vary",
        "x-content-type-options",
    }
)
"""Lower-case names of headers that every call or answer may carry (RFC 9110)."""


@dataclass(frozen=True, slots=True)
class DecodedHeader:
    """One header as screens show it."""

    name: str
    """As it was written."""
    title: str
    """Why it is there, in a few words."""
    value: str
    """For one line: the plain value, or the first row of a decoded one."""
    rows: Rows
    """(label, value) pairs."""
    required: bool
    """Whether this call must carry it."""
    travels: bool
    """Whether the receiver sees it."""
    problem: str | None
    """Why it cannot be read or sent, else None."""
    encoded: str
    """The base64 text; empty for plain values."""
    written: str = ""
    """What a person changes: the JSON inside, indented, or the value as it is; empty for what is hidden."""
    size: int = 0
    """Bytes of its line on the wire; 0 for what is hidden."""


def decode_headers(headers: Headers, operation: str, direction: Direction) -> tuple[DecodedHeader, ...]:
    """Every header in wire order; for `operation` see the operations table, unknown ones require nothing.

    A bearer token is shown as present only. On an incoming call nothing is said about travelling on: it has arrived.
    """
    call = operations().get(operation)
    found = []
    for name, value in headers:
        spec = header_spec(name)
        required = bool(spec and call and spec.required_in(call, has_body=call.method in ("POST", "PUT", "PATCH")))
        arrived = direction is Direction.IN and name.lower() not in _SECRET
        decoded = _decoded(name, value, spec, required, arrived)
        hidden = not decoded.written and not decoded.problem and bool(value)
        found.append(decoded if hidden else replace(decoded, size=len(f"{name}: {value}\r\n".encode())))
    return tuple(found)


def _decoded(name: str, value: str, spec: HeaderSpec | None, required: bool, arrived: bool) -> DecodedHeader:
    travels = arrived or spec is None or spec.travels
    title = spec.why if spec else _unknown_title(name)
    bearer = value.lstrip()[:7].lower() == "bearer "
    if bearer or name.lower() in _SECRET:
        kind = "Bearer token, hidden" if bearer else "Hidden"
        return DecodedHeader(name, title, kind, (("Value", kind),), required, travels, None, "")
    problem = names.name_problem(name) or names.value_problem(value)
    if spec is None or spec.shape is not HeaderShape.BASE64_JSON:
        if spec and spec.shape is HeaderShape.UUID:
            problem = problem or ids.id_problem(value)
        label = _CALL_IDS.get(spec.name if spec else name, "Value")
        rows = _use_context_rows(value) if spec and spec.name == "use-context" else ((label, value),)
        return DecodedHeader(name, title, value, rows, required, travels, problem, "", value)
    try:
        inside = base64_json.decode(value, what=spec.name)
    except InputError as error:
        return DecodedHeader(name, title, "", (), required, travels, problem or error.sentence, value, value)
    rows = _ROWS.get(spec.resource_type or "", _plain_rows)(inside)
    shown = rows[0][1] if rows else ""
    return DecodedHeader(name, title, shown, rows, required, travels, problem, value, json_text.dump(inside))


def _unknown_title(name: str) -> str:
    if name.lower() in _OF_HTTP:
        return "A header of HTTP itself"
    meant = names.suggestion(name)
    return f"Not a header of the standard; {meant} was probably meant" if meant else "Not a header of the standard"


def _use_context_rows(value: str) -> Rows:
    parts = value.split("|")
    if len(parts) != 4:
        return (("Value", value),)
    shown = display(USE_CASES, parts[0])
    labels = ("Use case", "Kind", "Event", "Reason")
    words = (f"{parts[0]} ({shown})" if shown else parts[0], *parts[1:])
    return tuple(zip(labels, words, strict=True))


def _target_rows(value: JsonObject) -> Rows:
    system = tree.text(value.get("system")) or ""
    return _kept(
        ("Service", tree.text(value.get("value"))),
        ("System", system.rstrip("/").rpartition("/")[2] or system),
    )


def _organisation_rows(value: JsonObject) -> Rows:
    return _kept(
        ("Organisation", tree.text(value.get("name"))),
        ("ODS code", _identifier(value, ODS_CODE)),
        *_others(value, ODS_CODE),
    )


def _practitioner_rows(value: JsonObject) -> Rows:
    coding: JsonObject = next(iter(tree.codings(value.get("code"))), {})
    role, code = tree.text(coding.get("display")), tree.text(coding.get("code"))
    return _kept(
        ("Role", f"{role} ({code})" if role and code else role or code),
        ("Role profile", _identifier(value, SDS_ROLE_PROFILE)),
        *_others(value, SDS_ROLE_PROFILE),
    )


def _software_rows(value: JsonObject) -> Rows:
    name = tree.inner_text(value, "deviceName", "name") or tree.text(value.get("deviceName"))
    return _kept(
        ("Software", name),
        ("Version", tree.inner_text(value, "version", "value") or tree.text(value.get("version"))),
        ("Identifier", tree.inner_text(value, "identifier", "value")),
    )


def _plain_rows(value: JsonObject) -> Rows:
    """Every single value by its own name: for headers nobody describes."""
    if "system" in value and "value" in value:
        return _target_rows(value)
    rows = [
        (path.removeprefix("$."), str(item))
        for path, item in tree.walk(value, "$")
        if not isinstance(item, dict | list) and item is not None
    ]
    return tuple(rows)


_ROWS: Mapping[str, Callable[[JsonObject], Rows]] = {
    "": _plain_rows,
    "Organization": _organisation_rows,
    "PractitionerRole": _practitioner_rows,
    "Device": _software_rows,
}


def _identifier(value: JsonObject, system: str) -> str | None:
    """The value of the identifier of a system, compared without case."""
    for item in tree.objects(value.get("identifier")):
        if (tree.text(item.get("system")) or "").lower() == system.lower():
            return tree.text(item.get("value"))
    return None


def _others(value: JsonObject, system: str) -> list[tuple[str, str | None]]:
    """Identifiers of any other system, labelled by the end of it."""
    found: list[tuple[str, str | None]] = []
    for item in tree.objects(value.get("identifier")):
        named = tree.text(item.get("system")) or ""
        if named.lower() != system.lower():
            found.append((named.rstrip("/").rpartition("/")[2] or "Identifier", tree.text(item.get("value"))))
    return found


def _kept(*rows: tuple[str, str | None]) -> Rows:
    return tuple((label, text) for label, text in rows if text)
