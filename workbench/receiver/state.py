"""What a receiver has taken: bookings, referrals with their encounters, messages; values put in, found and saved.

Knows no HTTP and no rule; whoever holds it may keep every put value elsewhere through `on_change`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.messages import tree

if TYPE_CHECKING:
    from workbench.messages import JsonObject, JsonValue


class Kind(StrEnum):
    """What is kept."""

    SLOT = "slot"
    """A slot entered by hand: one more than the diary has, or another status of one of its slots."""
    APPOINTMENT = "appointment"
    REFERRAL = "referral"
    ENCOUNTER = "encounter"
    RECEIVED = "received"
    """A message that was taken, by its Bundle id."""


class Person(NamedTuple):
    """By what a patient is searched for and recognised; personal data."""

    nhs_number: str = ""
    family: str = ""
    given: str = ""
    birth_date: str = ""
    postcode: str = ""


class Item(NamedTuple):
    """One thing that is kept."""

    kind: Kind
    id: str
    resource: JsonObject
    """The resource as it now stands; for a message its facts."""
    status: str = ""
    person: Person = Person()
    service: str = ""
    slot: str = ""
    """Id of the slot a booking holds."""
    bundle: str = ""
    """Id of the message that brought it first."""
    correlation_id: str = ""
    source_endpoint: str = ""
    """`system|value` of who sent it: the address of replies (Core, Message headers)."""
    organisation: str = ""
    """ODS code of the end user's organisation that brought it (NHSD-End-User-Organisation)."""

    def to_json(self) -> JsonObject:
        """As a JSON object."""
        return {
            "resource": self.resource,
            "status": self.status,
            "person": {
                "nhs_number": self.person.nhs_number,
                "family": self.person.family,
                "given": self.person.given,
                "birth_date": self.person.birth_date,
                "postcode": self.person.postcode,
            },
            "service": self.service,
            "slot": self.slot,
            "bundle": self.bundle,
            "correlation_id": self.correlation_id,
            "source_endpoint": self.source_endpoint,
            "organisation": self.organisation,
        }

    @classmethod
    def from_json(cls, kind: str, id: str, value: JsonValue) -> Item:
        """From `to_json`; what is absent is empty. ValueError for a kind that does not exist."""
        data = tree.as_object(value)
        person = tree.as_object(data.get("person"))
        texts: dict[str, Any] = {
            name: tree.text(data.get(name)) or ""
            for name in ("status", "service", "slot", "bundle", "correlation_id", "source_endpoint", "organisation")
        }
        names = ("nhs_number", "family", "given", "birth_date", "postcode")
        known = Person(*(tree.text(person.get(name)) or "" for name in names))
        return cls(Kind(kind), id, tree.as_object(data.get("resource")), person=known, **texts)


Changed = Callable[[tuple[Item, ...]], None]
Removed = Callable[[tuple[tuple[Kind, str], ...]], None]
CURRENT = {Kind.APPOINTMENT: frozenset({"booked"}), Kind.REFERRAL: frozenset({"active", "on-hold"})}
"""Statuses in which something may still be cancelled or updated (Core, Cancellation)."""


class ReceiverState:
    """Everything one receiver has taken. Only the loop's thread touches it; changes never wait for anything."""

    def __init__(self, on_change: Changed | None = None) -> None:
        self._items: dict[tuple[Kind, str], Item] = {}
        self._slots: dict[str, str] = {}
        self.on_change = on_change
        self.on_remove: Removed | None = None

    def put(self, *items: Item, quietly: bool = False) -> None:
        """Add or replace items, all of them or (if one is wrong) none; `quietly` tells nobody: they are kept."""
        for item in items:
            before = self._items.get((item.kind, item.id))
            self._items[item.kind, item.id] = item
            if item.kind is Kind.APPOINTMENT:
                self._hold(item, before.slot if before is not None else "")
        if items and self.on_change is not None and not quietly:
            self.on_change(items)

    def _hold(self, booking: Item, former: str) -> None:
        """A booked appointment holds its slot and lets go of its former one; one that is not booked holds none."""
        for slot in (former, booking.slot):
            if self._slots.get(slot) == booking.id:
                del self._slots[slot]
        if booking.slot and booking.status == "booked":
            self._slots[booking.slot] = booking.id

    def remove(self, *keys: tuple[Kind, str], quietly: bool = False) -> None:
        """Forget some items; a booking lets go of its slot. KeyError for one that is not there, and none is gone."""
        for key in keys:
            if key not in self._items:
                raise KeyError(key)
        for key in keys:
            gone = self._items.pop(key)
            if gone.kind is Kind.APPOINTMENT and self._slots.get(gone.slot) == gone.id:
                del self._slots[gone.slot]
        if keys and self.on_remove is not None and not quietly:
            self.on_remove(keys)

    def find(self, kind: Kind, id: str) -> Item | None:
        """One item; ids are compared without case where they are UUIDs in lower case."""
        return self._items.get((kind, id)) or self._items.get((kind, id.lower()))

    def holder_of(self, slot: str) -> str | None:
        """Id of the booked appointment that holds a slot."""
        return self._slots.get(slot)

    def of(self, kind: Kind) -> Iterator[Item]:
        """Every item of a kind in the order it first came."""
        return (item for item in self._items.values() if item.kind is kind)

    def count(self, kind: Kind) -> int:
        """How many there are of a kind."""
        return sum(1 for _ in self.of(kind))

    def clear(self) -> None:
        """Forget everything."""
        self._items.clear()
        self._slots.clear()

    def snapshot(self) -> JsonObject:
        """Everything as JSON: kind, then id."""
        kept: dict[str, JsonObject] = {kind.value: {} for kind in Kind}
        for item in self._items.values():
            kept[item.kind.value][item.id] = item.to_json()
        return {name: items for name, items in kept.items()}

    def restore(self, snapshot: Mapping[str, JsonValue]) -> None:
        """Replace everything by a snapshot; `on_change` is not told. ValueError for what is none."""
        found = [
            Item.from_json(kind, id, value)
            for kind, items in snapshot.items()
            for id, value in tree.as_object(items).items()
        ]
        self.clear()
        self.put(*found, quietly=True)


def person_of(patient: JsonObject) -> Person:
    """By what a Patient resource is recognised; empty where it does not say."""
    names = tree.objects(patient.get("name"))
    name = next((row for row in names if row.get("use") == "official"), names[0] if names else {})
    number = next(
        (
            tree.text(row.get("value"))
            for row in tree.objects(patient.get("identifier"))
            if (tree.text(row.get("system")) or "").strip().lower().endswith("/nhs-number")
        ),
        None,
    )
    return Person(
        (number or "").replace(" ", ""),
        tree.text(name.get("family")) or "",
        next(iter(tree.texts(name.get("given"))), ""),
        tree.text(patient.get("birthDate")) or "",
        (tree.inner_text(patient, "address", "postalCode") or "").replace(" ", "").upper(),
    )
