"""What the pointer index and the endpoint catalogue of the sandbox have in common: bodies, answers, refusals.

They are the platform's own, not a receiver's: plain JSON outcomes without display. Must not know routes or partners.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import InputError
from workbench.exchange import Response
from workbench.messages import Number, build, parse, tree
from workbench.receiver.outcome import done_json, echoed_ids, outcome_json, phrase
from workbench.standard.urls import HTTP_ERROR_CODES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.exchange import Headers, Ids, Request
    from workbench.messages import JsonObject, JsonValue


class Refused(NamedTuple):
    """Why something is not done."""

    status: int
    issue: str
    """FHIR issue code."""
    code: str
    text: str


def missing(what: str) -> Refused:
    """Something that must be there is not."""
    return Refused(400, "required", "BAD_REQUEST", f"{what} is missing.")


def wrong(text: str) -> Refused:
    """Something that is there cannot be used."""
    return Refused(400, "invalid", "BAD_REQUEST", text)


def unknown(what: str) -> Refused:
    """There is none."""
    return Refused(404, "not-found", "NOT_FOUND", f"There is no {what} with this id.")


def not_owned(what: str) -> Refused:
    """It belongs to somebody else: only its owner may change it."""
    return Refused(403, "forbidden", "FORBIDDEN", f"This {what} belongs to somebody else.")


def read_body(request: Request, type: str) -> JsonObject | Refused:
    """The resource that was sent, or why it is none."""
    try:
        message = parse(request.body, what="The body")
    except InputError as error:
        return Refused(400, "structure", "BAD_REQUEST", f"The body cannot be read as FHIR ({error.code}).")
    if message.resource_type != type:
        return wrong(f"The body is a {message.resource_type}, not a {type}.")
    return message.resource


def refusal(why: Refused, request: Request, ids: Ids) -> Response:
    """The answer to what is not done."""
    body = outcome_json(ids(), issue=why.issue, system=HTTP_ERROR_CODES, code=why.code, diagnostics=why.text)
    return _respond(why.status, body, request)


def done(status: int, code: str, text: str, request: Request, ids: Ids, *more: tuple[str, str]) -> Response:
    """The answer to what was done, with further headers."""
    return _respond(status, done_json(ids(), code, text), request, *more)


def given(resource: JsonObject, request: Request) -> Response:
    """A resource as an answer."""
    return _respond(200, build(resource).source, request)


def searchset(found: Sequence[JsonObject], request: Request, ids: Ids, *, tags: Sequence[JsonObject] = ()) -> Response:
    """The answer to a search."""
    listed: list[JsonValue] = [
        {"fullUrl": f"{request.url.partition('?')[0]}/{tree.text(one.get('id')) or ''}", "resource": one}
        for one in found
    ]
    made: JsonObject = {"resourceType": "Bundle", "id": ids()}
    if tags:
        made["meta"] = {"tag": [*tags]}
    made |= {"type": "searchset", "total": Number(str(len(found)))}
    if listed:
        made["entry"] = listed
    return given(made, request)


def identifiers(value: JsonValue) -> tuple[tuple[str, str], ...]:
    """(system, value) of identifiers."""
    pairs = ((tree.text(one.get("system")), tree.text(one.get("value"))) for one in tree.objects(value))
    return tuple((system or "", held) for system, held in pairs if held)


def same_token(asked: str, system: str, code: str) -> bool:
    """Whether `system|code` is meant; samples write a system with http and with https, which is passed over."""
    wanted, _, value = asked.rpartition("|")
    return value == code and _bare(wanted) == _bare(system)


def _bare(system: str) -> str:
    return system.partition("://")[2].lower().rstrip("/")


def _respond(status: int, body: bytes, request: Request, *more: tuple[str, str]) -> Response:
    headers: Headers = (
        ("Content-Type", "application/fhir+json"),
        *echoed_ids(request),
        *more,
        ("Cache-Control", "no-store"),
    )
    return Response(status, phrase(status), headers, body)
