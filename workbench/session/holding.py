"""What receivers hold, for reading and changing by hand: the own receiver's, and that of every party of the sandbox.

A change is stored before it counts. What messages do to the state is in `receiver`; must not know any window.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import ErrorCode, InputError
from workbench.messages import json_text, tree
from workbench.messages.facts import initials
from workbench.receiver import Item, Kind
from workbench.receiver.searchset import instant
from workbench.receiver.slot_book import slots_of
from workbench.receiver.state import person_of
from workbench.receiver.writes import person_in, slot_in
from workbench.session.events import ReceiverChanged
from workbench.session.files import read_file, write_text
from workbench.session.held_resources import items_of, read_resource, updated
from workbench.session.holding_linked import keep_linked, linked_blank, linked_rows, linked_text
from workbench.session.holding_views import BLANK, HeldPage, HeldRow, slot_resource
from workbench.session.masking import Shown
from workbench.session.platform import SANDBOX
from workbench.session.platform import owner as partner_owner
from workbench.session.receiving import LINKED, OWN, OWNER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import JsonObject
    from workbench.receiver import ReceiverState, ServiceOffer
    from workbench.session.engine import Engine
    from workbench.session.kept_linked import KeptLinked
    from workbench.session.masking import Masking
    from workbench.session.platform import EmbeddedSandbox
    from workbench.session.receiving import OwnReceiver

MOST_ROWS = 2000


class _Holder(NamedTuple):
    """Somebody who holds a state."""

    id: str
    title: str
    state: ReceiverState
    services: tuple[ServiceOffer, ...]
    owner: str
    """Whose items these are in the history."""


class Holding:
    """The use cases of the state pane; called on the I/O thread."""

    def __init__(
        self, engine: Engine, receiver: OwnReceiver, sandbox: EmbeddedSandbox | None, masking: Masking
    ) -> None:
        self._engine = engine
        self._masking = masking
        self._receiver = receiver
        self._sandbox = sandbox

    async def page(self, page: str) -> HeldPage:
        """Everything that is held behind a tab of the Receiver panel, `own` or `sandbox`; newest last, per kind."""
        rows: list[HeldRow] = []
        for holder in self._holders(page):
            rows += self._rows(holder)
        rows += linked_rows(self._linked(page), page)
        organisations = tuple(sorted({row.organisation for row in rows if row.organisation}))
        holders = tuple((holder.id, holder.title) for holder in self._holders(page))
        return HeldPage(page, holders, tuple(rows[:MOST_ROWS]), organisations, len(rows))

    async def text(self, holder: str, kind: str, id: str) -> str:
        """The resource of a row as JSON text; KeyError where there is none."""
        if kind == LINKED:
            return linked_text(self._linked(holder), id)
        return json_text.dump(self._resource(self._holder(holder), Kind(kind), id))

    async def shown(self, holder: str, kind: str, id: str, *, unmasked: bool = False) -> Shown:
        """The resource of a row as it is shown: while people are masked without them, unless asked for `unmasked`.

        KeyError where there is none.
        """
        text, masker = await self.text(holder, kind, id), self._masking.wanted(unmasked=unmasked)
        if masker is None or kind == LINKED:
            return Shown(text, masked=False)
        shown = json_text.dump(masker.resource(self._resource(self._holder(holder), Kind(kind), id)))
        return Shown(shown, masked=shown != text)

    async def blank(self, holder: str, kind: str) -> str:
        """What a new resource of a kind may look like, as JSON text, with an id of its own."""
        if kind == LINKED:
            return linked_blank()
        services = self._holder(holder).services
        service = services[0].value if services else ""
        return json_text.dump(BLANK[Kind(kind)](self._engine.ids(), self._engine.clock(), service))

    async def keep(self, holder: str, kind: str, id: str, text: str, organisation: str = "") -> str:
        """Hold a resource as its text says; `id` is empty for a new one, and the id it then has is given.

        InputError for a text that is no such resource, or a booking of a slot that is not free: nothing is changed
        then. A resource that was changed counts as updated now. StoreError when it cannot be kept.
        """
        if kind == LINKED:
            return await self._keep_linked(holder, id, text)
        place, what = self._holder(holder), Kind(kind)
        resource = read_resource(text, what, id)
        before = place.state.find(what, id) if id else None
        own = tree.text(resource.get("id")) or self._engine.ids()
        resource = {**resource, "id": own}
        known = self._resource(place, what, id) if id else {}
        if resource != known and updated(resource) == updated(known):
            meta = {**tree.as_object(resource.get("meta")), "lastUpdated": instant(self._engine.clock())}
            resource = {**resource, "meta": meta}
        item = self._item(place, what, resource, before)
        item = item._replace(organisation=organisation.strip() or item.organisation)
        self._check_slot(place, item)
        await self._engine.history.state.save(place.owner, {(what.value, own): item.to_json()})
        place.state.put(item, quietly=True)
        self._changed(holder)
        return own

    async def remove(self, holder: str, kind: str, id: str) -> None:
        """Forget one thing; KeyError where it is not held, StoreError when that cannot be kept."""
        if kind == LINKED:
            if not await self._linked(holder).forget(id):
                raise KeyError(id)
            self._changed(holder)
            return
        place, what = self._holder(holder), Kind(kind)
        if place.state.find(what, id) is None:
            raise KeyError(id)
        await self._engine.history.state.save(place.owner, {(what.value, id): None})
        place.state.remove((what, id), quietly=True)
        self._changed(holder)

    async def reset(self, page: str, organisation: str = "") -> int:
        """Forget everything, or what one end-user organisation brought; how many things it was."""
        count = 0
        for holder in self._holders(page):
            gone = [
                (item.kind, item.id)
                for kind in Kind
                for item in holder.state.of(kind)
                if not organisation or item.organisation == organisation
            ]
            if gone:
                values = {(kind.value, id): None for kind, id in gone}
                await self._engine.history.state.save(holder.owner, values)
                holder.state.remove(*gone, quietly=True)
                count += len(gone)
        count += await self._linked(page).forget(organisation)
        self._changed(page)
        return count

    def _linked(self, holder: str) -> KeptLinked:
        """The table of linked bookings behind a tab, or of a party: the parties of the sandbox have one together."""
        return self._receiver.linked if holder == OWN or self._sandbox is None else self._sandbox.linked

    async def _keep_linked(self, holder: str, id: str, text: str) -> str:
        organisation = await keep_linked(self._linked(holder), id, text)
        self._changed(holder)
        return organisation

    def snapshot(self) -> JsonObject:
        """What the own receiver holds, as JSON."""
        return self._receiver.snapshot()

    def restore(self, text: str) -> None:
        """Replace what the own receiver holds by a snapshot as JSON text; InputError when it is none."""
        snapshot = json_text.load(text, what="The state")
        if not isinstance(snapshot, dict):
            raise InputError(ErrorCode.INPUT_STATE, what="The state", cause="it is no JSON object")
        try:
            self._receiver.restore(snapshot)
        except ValueError as error:
            raise InputError(ErrorCode.INPUT_STATE, what="The state", cause=str(error)) from error

    async def save(self, page: str, path: str) -> None:
        """Write everything that is held to a file, as `--state` of the command line takes it up; StoreError."""
        snapshot = self._receiver.snapshot()
        if page == SANDBOX and self._sandbox is not None:
            snapshot = self._sandbox.sandbox.snapshot()
        await asyncio.to_thread(write_text, path, f"{json_text.dump(snapshot)}\n")

    async def load(self, page: str, path: str) -> None:
        """Hold what a file says instead; InputError for one that is no snapshot, and nothing is changed then."""
        source, name = await asyncio.to_thread(read_file, path)
        try:
            found = json_text.load(source.decode("utf-8-sig"), what=name)
        except UnicodeDecodeError as error:
            raise InputError(ErrorCode.INPUT_STATE, what=name, cause="it is no UTF-8 text") from error
        if not isinstance(found, dict):
            raise InputError(ErrorCode.INPUT_STATE, what=name, cause="it is no JSON object")
        parts = self._parts_of(page, found)
        if not parts:
            raise InputError(ErrorCode.INPUT_STATE, what=name, cause="it holds no state of this receiver")
        try:
            read = [(holder, [*items_of(part)]) for holder, part in parts]
        except ValueError as error:
            raise InputError(ErrorCode.INPUT_STATE, what=name, cause=str(error)) from error
        for holder, items in read:
            now = {(item.kind.value, item.id): item.to_json() for item in items}
            gone = {(item.kind.value, item.id): None for kind in Kind for item in holder.state.of(kind)}
            await self._engine.history.state.save(holder.owner, {**gone, **now})
            holder.state.clear()
            holder.state.put(*items, quietly=True)
        await self._linked(page).replace(tree.as_object(found.get(LINKED)))
        self._changed(page)

    def _parts_of(self, page: str, snapshot: JsonObject) -> list[tuple[_Holder, JsonObject]]:
        """The state of each holder in a snapshot."""
        if page == OWN:
            known = {LINKED, *(kind.value for kind in Kind)}
            items = {kind: held for kind, held in snapshot.items() if kind != LINKED}
            return [(self._holder(OWN), items)] if set(snapshot) <= known and items else []
        partners = tree.as_object(snapshot.get("partners"))
        return [
            (holder, tree.as_object(tree.as_object(partners[holder.id]).get("state")))
            for holder in self._holders(page)
            if holder.id in partners
        ]

    def _holders(self, page: str) -> tuple[_Holder, ...]:
        if page == OWN or self._sandbox is None:
            rules = self._receiver.rules()
            return (_Holder(OWN, rules.name, self._receiver.state, rules.services, OWNER),)
        return tuple(
            _Holder(id, partner.spec.name, partner.state, partner.spec.services, partner_owner(id))
            for id, partner in self._sandbox.sandbox.partners.items()
        )

    def _holder(self, id: str) -> _Holder:
        page = OWN if id == OWN else SANDBOX
        return next(holder for holder in self._holders(page) if holder.id == id)

    def _changed(self, holder: str) -> None:
        self._engine.publish(ReceiverChanged(OWN if holder == OWN else SANDBOX))

    def _rows(self, holder: _Holder) -> Iterator[HeldRow]:
        names = {service.value: service.name for service in holder.services}
        yield from self._slot_rows(holder, names)
        for kind in (Kind.APPOINTMENT, Kind.REFERRAL, Kind.ENCOUNTER, Kind.RECEIVED):
            for item in holder.state.of(kind):
                yield HeldRow(
                    holder=holder.id,
                    kind=kind.value,
                    id=item.id,
                    status=item.status,
                    organisation=item.organisation,
                    service=names.get(item.service, item.service),
                    about=initials(item.person.given, item.person.family) if item.person.family else "",
                    when=updated(item.resource),
                    editable=kind is not Kind.RECEIVED,
                    removable=True,
                )

    def _slot_rows(self, holder: _Holder, names: dict[str, str]) -> Iterator[HeldRow]:
        """The slots of every service, those of its diary included; a slot of the diary is edited and not removed."""
        now = self._engine.clock()
        kept = {item.id: item for item in holder.state.of(Kind.SLOT)}
        shown: set[str] = set()
        for service in holder.services:
            for slot in slots_of(service, holder.state, now):
                if slot.id in shown:
                    continue
                shown.add(slot.id)
                booked = holder.state.holder_of(slot.id) is not None
                organisation = kept[slot.id].organisation if slot.id in kept else ""
                yield HeldRow(
                    holder=holder.id,
                    kind=Kind.SLOT.value,
                    id=slot.id,
                    status="booked" if booked else "free" if slot.free else "busy",
                    organisation=organisation,
                    service=service.name,
                    about="entered by hand" if slot.id in kept else "of the diary",
                    when=instant(slot.start),
                    editable=True,
                    removable=slot.id in kept,
                )
        for item in kept.values():
            if item.id not in shown:
                service_name = names.get(item.service, item.service)
                start = tree.text(item.resource.get("start")) or ""
                yield HeldRow(
                    holder.id, Kind.SLOT.value, item.id, item.status, item.organisation, service_name, "over", start
                )

    def _resource(self, holder: _Holder, kind: Kind, id: str) -> JsonObject:
        item = holder.state.find(kind, id)
        if item is not None:
            return item.resource
        if kind is Kind.SLOT:
            now = self._engine.clock()
            for service in holder.services:
                for slot in slots_of(service, holder.state, now):
                    if slot.id == id:
                        return slot_resource(id, slot.start, slot.end, "free" if slot.free else "busy", service.value)
        raise KeyError(id)

    def _item(self, holder: _Holder, kind: Kind, resource: JsonObject, before: Item | None) -> Item:
        """A resource as it is kept, with what was known of it before."""
        id = tree.text(resource.get("id")) or ""
        item = before or Item(kind, id, resource)
        person = item.person
        if kind in (Kind.APPOINTMENT, Kind.REFERRAL):
            stated = person_in(kind, resource)
            person = stated if stated != person_of({}) else person
        service = item.service
        if kind is Kind.SLOT:
            service = service or _service_of(resource, holder)
        elif not service and len(holder.services) == 1:
            service = holder.services[0].value
        return item._replace(
            resource=resource,
            status=tree.text(resource.get("status")) or "",
            person=person,
            service=service,
            slot=(slot_in(resource) or item.slot) if kind is Kind.APPOINTMENT else "",
        )

    def _check_slot(self, holder: _Holder, item: Item) -> None:
        """InputError when a booking takes a slot that somebody else has."""
        if item.kind is not Kind.APPOINTMENT or item.status != "booked" or not item.slot:
            return
        taken = holder.state.holder_of(item.slot)
        if taken not in (None, item.id):
            raise InputError(ErrorCode.INPUT_HELD, what="The Appointment", cause=f"its slot is booked by {taken}")


def _service_of(slot: JsonObject, holder: _Holder) -> str:
    """The service a Slot is of: that its schedule names, else the first one."""
    named = tree.inner_text(slot, "schedule", "display") or ""
    chosen = next((one.value for one in holder.services if named in (one.value, one.name)), "")
    return chosen or (holder.services[0].value if holder.services else "")
