"""The calls that the platform answers itself and routes nowhere: pointers and the endpoint catalogue.

Says which of the two a path belongs to, and what the partners and routes of the sandbox are worth in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from workbench.compose import Party
from workbench.compose.singles import Pointed, pointer
from workbench.messages import tree
from workbench.receiver import BASE
from workbench.receiver.diary import made_id
from workbench.receiver.state import CURRENT, Kind
from workbench.sandbox.catalogue import PRODUCT, TEMPLATE, TYPES, Catalogue
from workbench.sandbox.pointers import TYPE, Pointers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbench.exchange import Ids, Request, Response
    from workbench.messages import JsonObject
    from workbench.sandbox.partner import Partner
    from workbench.sandbox.proxy import Routes
    from workbench.sandbox.registry import Registry

_API = "1.5.0"
"""Pointers of the partners are written as this version of the interface has them; every one can read it."""


class Indexes:
    """Both indexes of one sandbox."""

    def __init__(self, registry: Registry, partners: Mapping[str, Partner], routes: Routes, ids: Ids) -> None:
        self._partners = partners
        self._routes = routes
        self._pointers = Pointers(registry, self._held, ids)
        self._catalogue = Catalogue(registry, self._served, ids)

    def answer(self, request: Request, below: str) -> Response | None:
        """Answer a call by its path below the base; None where it is to be routed."""
        type, *rest = below.strip("/").split("/")
        template = rest[-1:] == [TEMPLATE] and type == "Endpoint"
        ids = rest[:-1] if template else rest
        if len(ids) > 1:
            return None
        id = unquote(ids[0]) if ids else ""
        if type == TYPE and not template:
            return self._pointers.answer(request, id)
        if type in TYPES:
            return self._catalogue.answer(request, type, id, template=template)
        return None

    def _held(self) -> Iterator[JsonObject]:
        """A pointer to every booking that a partner holds (Core, DocumentReference: bookings only)."""
        for partner in self._partners.values():
            for item in partner.state.of(Kind.APPOINTMENT):
                if item.status not in CURRENT[Kind.APPOINTMENT] or not item.person.nhs_number:
                    continue
                start, end = tree.text(item.resource.get("start")), tree.text(item.resource.get("end"))
                period = (start, end) if start and end else None
                keeper = self._keeper(partner, item.service)
                to = Pointed("Appointment", item.id, item.person.nhs_number, keeper, period)
                id = f"{partner.spec.ods_code}-{made_id(TYPE, item.id)}"
                yield {**pointer(to, product=PRODUCT, api=_API), "id": id}

    def _served(self, url: str) -> Iterator[tuple[Party, str]]:
        """Every service of the routes with its address; partners are served where the sandbox is."""
        here = f"{url.partition(BASE)[0]}{BASE}"
        known = {
            (service.system, service.value): self._keeper(partner, service.value)
            for partner in self._partners.values()
            for service in partner.spec.services
        }
        for system, value, target in self._routes.all():
            keeper = known.get((system, value)) or Party(value, "UNKNOWN", value, value, system)
            yield keeper, target if isinstance(target, str) else here

    @staticmethod
    def _keeper(partner: Partner, value: str) -> Party:
        service = partner.rules.service(value) or partner.spec.services[0]
        return Party(partner.spec.name, partner.spec.ods_code, service.value, service.name, service.system)
