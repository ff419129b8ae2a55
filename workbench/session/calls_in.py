"""A call that another tool made as a filled-in form of the page of calls: its parameters, its part of the address.

Pure functions; what the form has no place for is named, never dropped silently. Sends nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from workbench.headers.ids import CORRELATION_ID, REQUEST_ID
from workbench.session.call_forms import TO, TO_PLATFORM, TO_SERVICE, USE_CONTEXT
from workbench.session.call_views import CallOrder, FieldKind
from workbench.standard import api_versions
from workbench.standard.urls import USE_CASES

if TYPE_CHECKING:
    from workbench.exchange import Request
    from workbench.session.call_views import CallField, CallForm

_VERSION = re.compile(r";\s*version\s*=\s*\"?([0-9.]+)", re.IGNORECASE)
_TARGET = "NHSD-Target-Identifier"
_TAKEN = frozenset(
    name.lower() for name in ("Accept", "Content-Type", USE_CONTEXT, _TARGET, REQUEST_ID, CORRELATION_ID)
)
"""Headers that a form has a place for, or that are new with every call."""


def version_of(request: Request) -> str:
    """The version of the interface that a call accepts; empty where it names none that is known."""
    found = _VERSION.search(request.header("Accept") or "")
    return found[1] if found is not None and found[1] in api_versions() else ""


def order_of(request: Request, form: CallForm, service: str) -> tuple[CallOrder, tuple[str, ...]]:
    """The call as values of a form, and what was left out, a sentence each; `service` is an id of the directory."""
    given = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    values = tuple((field.key, _value(field, given, request, form)) for field in form.fields)
    left_out = tuple(f"The parameter {name}={value} has no place in the form." for name, value in given)
    anew = [name for name, _ in request.headers if name.lower() not in _TAKEN]
    if anew:
        names = ", ".join(dict.fromkeys(anew))
        left_out = (*left_out, f"Headers are made anew, for whoever is acted as: {names} are not as they were.")
    body = request.body.decode("utf-8", "replace") if form.has_body else ""
    return CallOrder(form.call.id, service, form.api, values, body), left_out


def _value(field: CallField, given: list[tuple[str, str]], request: Request, form: CallForm) -> str:
    """What a field gets; parameters that were taken are taken out of `given`."""
    if field.kind is FieldKind.PATH:
        return _part(request.url, form.call.path)
    if field.key == TO:
        return TO_SERVICE if request.header(_TARGET) is not None else TO_PLATFORM
    if field.key == USE_CONTEXT:
        return request.header(USE_CONTEXT) or ""
    fitting = [row for row in given if row[0] == field.name and _fits(field, row[1])]
    taken = fitting if field.kind is FieldKind.REPEATED else fitting[:1]
    known = {value for value, _ in field.choices}
    if known:
        taken = [row for row in taken if {*row[1].split(",")} <= known or row[1] in known]
    for row in taken:
        given.remove(row)
    return ",".join(value for _, value in taken)


def _fits(field: CallField, value: str) -> bool:
    """Whether one of several values of a parameter is the one of this field: a bound by its sign, a use case by its
    system."""
    if field.key in ("start.ge", "start.le"):
        return value.startswith(field.key[-2:])
    if field.name == "context":
        return value.startswith(f"{USE_CASES}|") == (field.key == "context.case")
    return True


def _part(url: str, path: str) -> str:
    """What stands in the place of `{id}`."""
    wanted, parts = path.split("/"), urlsplit(url).path.rstrip("/").split("/")
    return unquote(parts[len(parts) - len(wanted) + wanted.index("{id}")])
