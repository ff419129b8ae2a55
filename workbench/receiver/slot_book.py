"""The slots a service has: those of its diary, and those entered by hand, which go before it.

Knows the state and the diary; must not know how slots are searched for or who may book one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import tree
from workbench.profiles.primitives import moment
from workbench.receiver.diary import SlotTime, slots
from workbench.receiver.state import Kind

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.receiver.state import Item, ReceiverState
    from workbench.receiver.values import ServiceOffer


def slots_of(service: ServiceOffer, state: ReceiverState, now: datetime) -> tuple[SlotTime, ...]:
    """Every slot of a service that begins after `now`, in time order; one entered by hand replaces that of its id."""
    found = {slot.id: slot for slot in slots(service, now)}
    for item in state.of(Kind.SLOT):
        if item.service not in ("", service.value):
            continue
        found.pop(item.id, None)
        entered = slot_time(item)
        if entered is not None and entered.start > now:
            found[item.id] = entered
    return tuple(sorted(found.values(), key=lambda slot: (slot.start, slot.id)))


def slot_time(item: Item) -> SlotTime | None:
    """A kept Slot as a time that can be booked; None where its start or end cannot be read."""
    start, end = (moment(tree.text(item.resource.get(name)) or "") for name in ("start", "end"))
    if start is None or end is None:
        return None
    return SlotTime(item.id, start, end, item.status == "free")


def free_slots(service: ServiceOffer, state: ReceiverState, now: datetime) -> int:
    """How many slots of a service can be booked now."""
    return sum(slot.free and state.holder_of(slot.id) is None for slot in slots_of(service, state, now))
