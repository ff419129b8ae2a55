"""The record locator of the sandbox: pointers (DocumentReference) to bookings and referrals, searched by NHS number.

API specification 1.1.0 on, DocumentReference. Bookings that the partners hold have pointers of their own; others are
what clients wrote. Must not know tokens or routing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import tree
from workbench.messages.identity import split_endpoint
from workbench.receiver.searches import Query
from workbench.sandbox.national import (
    Refused,
    done,
    given,
    identifiers,
    missing,
    not_owned,
    read_body,
    refusal,
    searchset,
    unknown,
    wrong,
)
from workbench.standard.urls import NHS_NUMBER, ODS_CODE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from workbench.exchange import Ids, Request, Response
    from workbench.messages import JsonObject
    from workbench.sandbox.registry import Registry

TYPE = "DocumentReference"
PAGE = 20
"""Pointers in one answer; the token of the next page stands in meta.tag."""
NEXT = "https://fhir.nhs.uk/NRL/next-page-token"
_FIXED = ("subject", "custodian", "type")
"""What an update may not change."""


class Pointers:
    """Answers the calls on `/DocumentReference`."""

    def __init__(self, registry: Registry, held: Callable[[], Iterable[JsonObject]], ids: Ids) -> None:
        """`held` gives the pointers that follow from what the partners hold."""
        self._registry = registry
        self._held = held
        self._ids = ids

    def answer(self, request: Request, id: str) -> Response:
        """Answer one call; `id` is empty for those without one."""
        outcome = self._outcome(request, id)
        return refusal(outcome, request, self._ids) if isinstance(outcome, Refused) else outcome

    def _outcome(self, request: Request, id: str) -> Response | Refused:
        match request.method, bool(id):
            case "GET", False:
                return self._search(request)
            case "POST", False:
                return self._create(request)
            case "GET", True:
                found = self._find(id)
                return given(found, request) if found is not None else unknown(TYPE)
            case "PUT", True:
                return self._update(request, id)
            case "DELETE", True:
                return self._delete(request, id)
        return Refused(405, "not-supported", "METHOD_NOT_ALLOWED", f"{request.method} is not offered here.")

    def _all(self) -> tuple[JsonObject, ...]:
        return (*self._registry.of(TYPE), *self._held())

    def _find(self, id: str) -> JsonObject | None:
        return next((one for one in self._all() if one.get("id") == id), None)

    def _search(self, request: Request) -> Response | Refused:
        query = Query.of(request)
        subject = query.first("subject:identifier")
        if not subject:
            return missing("The parameter subject:identifier")
        if split_endpoint(subject)[0].lower() != NHS_NUMBER.lower() or not split_endpoint(subject)[1]:
            return wrong(f"subject:identifier is {NHS_NUMBER}|value.")
        custodian, type = query.first("custodian:identifier"), query.first("type")
        found = [
            one
            for one in self._all()
            if _is(one, "subject", subject)
            and (not custodian or _is(one, "custodian", custodian))
            and (not type or type.rpartition("|")[2] in {tree.text(c.get("code")) for c in tree.codings(one["type"])})
        ]
        written = query.first("next-page-token")
        first = int(written) if written.isdecimal() and written.isascii() and len(written) < 8 else 0
        tags: list[JsonObject] = []
        if len(found) > first + PAGE:
            tags.append({"system": NEXT, "code": str(first + PAGE)})
        return searchset(found[first : first + PAGE], request, self._ids, tags=tags)

    def _create(self, request: Request) -> Response | Refused:
        resource = _checked(read_body(request, TYPE))
        if isinstance(resource, Refused):
            return resource
        owner = tree.inner_text(resource, "custodian", "identifier", "value") or "NONE"
        id = f"{owner}-{self._ids()}"
        self._registry.put(TYPE, id, {**resource, "id": id})
        place = ("Location", f"{request.url.partition('?')[0].rstrip('/')}/{id}")
        return done(201, "RESOURCE_CREATED", "Resource created.", request, self._ids, place)

    def _update(self, request: Request, id: str) -> Response | Refused:
        before = self._own(id)
        if isinstance(before, Refused):
            return before
        resource = _checked(read_body(request, TYPE))
        if isinstance(resource, Refused):
            return resource
        changed = [name for name in _FIXED if resource.get(name) != before.get(name)]
        if changed or resource.get("id", id) != id:
            return wrong(f"An update may not change {', '.join(changed) or 'id'}.")
        self._registry.put(TYPE, id, {**resource, "id": id})
        return done(200, "RESOURCE_UPDATED", "Resource updated.", request, self._ids)

    def _delete(self, request: Request, id: str) -> Response | Refused:
        before = self._own(id)
        if isinstance(before, Refused):
            return before
        self._registry.remove(TYPE, id)
        return done(200, "RESOURCE_DELETED", "Resource deleted.", request, self._ids)

    def _own(self, id: str) -> JsonObject | Refused:
        found = self._registry.find(TYPE, id)
        if found is not None:
            return found
        return unknown(TYPE) if self._find(id) is None else not_owned(TYPE)


def _checked(resource: JsonObject | Refused) -> JsonObject | Refused:
    """What a pointer cannot be without: whose it is, of what type, who keeps it, and two identifiers."""
    if isinstance(resource, Refused):
        return resource
    if not any(system.lower() == NHS_NUMBER.lower() for system, _ in _of(resource, "subject")):
        return missing("subject.identifier with an NHS number")
    if not tree.codings(resource.get("type")):
        return missing("type")
    if not any(system == ODS_CODE for system, _ in _of(resource, "custodian")):
        return missing("custodian.identifier with an ODS code")
    return resource if len(identifiers(resource.get("identifier"))) > 1 else missing("identifier")


def _of(resource: JsonObject, name: str) -> tuple[tuple[str, str], ...]:
    return identifiers(tree.inner(resource.get(name), "identifier"))


def _is(resource: JsonObject, name: str, asked: str) -> bool:
    """Whether the identifier of an element is the one that is asked for."""
    wanted, number = split_endpoint(asked)
    held = _of(resource, name)
    return any((not wanted or wanted.lower() == system.lower()) and number == value for system, value in held)
