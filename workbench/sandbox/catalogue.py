"""The endpoint catalogue of the sandbox: who serves what at which address (API specification 1.2.0 on, a preview).

Services and endpoints of the sandbox's own routes are listed; others are what clients wrote. Must not know tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.compose.singles import endpoint, healthcare_service, organization
from workbench.messages import tree
from workbench.messages.identity import split_endpoint
from workbench.receiver.diary import made_id
from workbench.receiver.searches import Query
from workbench.rules.header_reading import media_type
from workbench.sandbox.national import (
    Refused,
    done,
    given,
    identifiers,
    missing,
    not_owned,
    read_body,
    refusal,
    same_token,
    searchset,
    unknown,
)
from workbench.standard import is_at_least

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from workbench.compose import Party
    from workbench.exchange import Ids, Request, Response
    from workbench.messages import JsonObject
    from workbench.sandbox.registry import Registry

TEMPLATE = "$template"
TYPES = frozenset({"Organization", "HealthcareService", "Endpoint"})
PRODUCT = "BARS-WORKBENCH"
_HAS_IDENTIFIER = "_has:HealthcareService.Identifier"
_HAS_ID = "_has:HealthcareService.Id"
_PERIOD = ("2020-01-01T00:00:00+00:00", "2099-12-31T00:00:00+00:00")


class Catalogue:
    """Answers the calls on `/Organization`, `/HealthcareService`, `/Endpoint` and its templates."""

    def __init__(self, registry: Registry, served: Callable[[str], Iterable[tuple[Party, str]]], ids: Ids) -> None:
        """`served` gives every service of the routes with its address, for the base address that was called."""
        self._registry = registry
        self._served = served
        self._ids = ids

    def answer(self, request: Request, type: str, id: str, *, template: bool) -> Response:
        """Answer one call on a resource type; `id` is empty for those without one."""
        outcome = self._outcome(request, type, id, TEMPLATE if template else type)
        return refusal(outcome, request, self._ids) if isinstance(outcome, Refused) else outcome

    def _outcome(self, request: Request, type: str, id: str, shelf: str) -> Response | Refused:
        if not _offered(request, type, shelf):
            return Refused(404, "not-found", "NOT_FOUND", "This version of the catalogue has no such call.")
        match request.method, bool(id):
            case "GET", False:
                return searchset(self._search(request, shelf), request, self._ids)
            case "POST", False:
                return self._put(request, type, "", shelf)
            case "GET", True if shelf != TEMPLATE:
                found = self._find(request, shelf, id)
                return given(found, request) if found is not None else unknown(type)
            case "PUT", True:
                owned = self._own(request, shelf, id, type)
                return owned if isinstance(owned, Refused) else self._put(request, type, id, shelf)
            case "DELETE", True:
                owned = self._own(request, shelf, id, type)
                if isinstance(owned, Refused):
                    return owned
                self._registry.remove(shelf, id)
                return done(200, "OK", "Resource deleted.", request, self._ids)
        return Refused(405, "not-supported", "METHOD_NOT_ALLOWED", f"{request.method} is not offered here.")

    def _all(self, request: Request, shelf: str) -> tuple[JsonObject, ...]:
        made = tuple(_made(shelf, keeper, address) for keeper, address in self._served(request.url))
        known = {tree.text(one.get("id")): one for one in made if one}
        return (*self._registry.of(shelf), *known.values())

    def _find(self, request: Request, shelf: str, id: str) -> JsonObject | None:
        return next((one for one in self._all(request, shelf) if one.get("id") == id), None)

    def _own(self, request: Request, shelf: str, id: str, type: str) -> JsonObject | Refused:
        found = self._registry.find(shelf, id)
        if found is not None:
            return found
        return unknown(type) if self._find(request, shelf, id) is None else not_owned(type)

    def _put(self, request: Request, type: str, id: str, shelf: str) -> Response | Refused:
        resource = read_body(request, type)
        if isinstance(resource, Refused):
            return resource
        held = set(identifiers(resource.get("identifier")))
        if not held:
            return missing(f"{type}.identifier")
        for other in self._all(request, shelf):
            if other.get("id") != id and held == set(identifiers(other.get("identifier"))):
                return Refused(409, "duplicate", "BAD_REQUEST", f"These identifiers are those of another {type}.")
        chosen = id or self._ids()
        kept: JsonObject = {**resource, "id": chosen}
        self._registry.put(shelf, chosen, kept)
        return given(kept, request)

    def _search(self, request: Request, shelf: str) -> tuple[JsonObject, ...]:
        query = Query.of(request)
        wanted = query.first("Endpoint.identifier" if shelf == TEMPLATE else f"{shelf}.identifier")
        provider = query.first("HealthcareService.providedBy")
        found = [
            one
            for one in self._all(request, shelf)
            if (not wanted or _has(one, "identifier", wanted))
            and (
                not provider or any(_has(held, "identifier", provider) for held in tree.objects(one.get("providedBy")))
            )
            and _is_of(one, "connectionType", query.first("ConnectionType"))
            and _is_of(one, "payloadType", query.first("PayloadType"))
        ]
        named, by_id = query.first(_HAS_IDENTIFIER), query.first(_HAS_ID)
        if named or by_id:
            allowed = {
                reference.rpartition("/")[2]
                for service in self._all(request, "HealthcareService")
                if (not named or _has(service, "identifier", named)) and (not by_id or service.get("id") == by_id)
                for row in tree.objects(service.get("endpoint"))
                if (reference := tree.text(row.get("reference")))
            }
            found = [one for one in found if one.get("id") in allowed]
        return tuple(found)


def _offered(request: Request, type: str, shelf: str) -> bool:
    """Organisations went with 1.4.0, when templates came and Accept lost its version (API specification)."""
    version = media_type(request.header("Accept") or "")[1].get("version", "")
    old = bool(version) and not is_at_least(version, "1.4.0")
    if old and not is_at_least(version, "1.2.0"):
        return False
    return old if type == "Organization" else not (old and shelf == TEMPLATE)


def _made(shelf: str, keeper: Party, address: str) -> JsonObject:
    """What a route of the sandbox is in the catalogue."""
    service = made_id("HealthcareService", keeper.service_id)
    leads_to = made_id("Endpoint", keeper.service_id)
    if shelf == "HealthcareService":
        return {**healthcare_service(keeper, product=PRODUCT, endpoint=leads_to), "id": service}
    if shelf == "Endpoint":
        return {**endpoint(keeper, address, product=PRODUCT, period=_PERIOD), "id": leads_to}
    if shelf == "Organization":
        return {**organization(keeper), "id": made_id("Organization", keeper.ods_code)}
    return {}


def _has(value: object, name: str, asked: str) -> bool:
    """Whether an element has the identifier that is asked for, `system|value` or a bare value."""
    system, wanted = split_endpoint(asked)
    held = identifiers(value.get(name)) if isinstance(value, dict) else ()
    return any((not system or system.lower() == own.lower()) and wanted == one for own, one in held)


def _is_of(one: JsonObject, name: str, asked: str) -> bool:
    held = ((tree.text(c.get("system")) or "", tree.text(c.get("code")) or "") for c in tree.codings(one.get(name)))
    return not asked or any(same_token(asked, system, code) for system, code in held)
