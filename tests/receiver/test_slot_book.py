"""Slots entered by hand beside those of the diary, and what a booking does to both."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.receiver.builders import NOW, RULES, SERVICE, Mock
from tests.receiver.test_endpoints import slot_query
from workbench.receiver import Item, Kind, ReceiverState
from workbench.receiver.diary import slots
from workbench.receiver.slot_book import free_slots, slots_of

START, END = "2026-07-20T09:07:00+00:00", "2026-07-20T09:22:00+00:00"
BARE = replace(SERVICE, diary="")


def entered(id: str, status: str = "free", **resource: str) -> Item:
    return Item(Kind.SLOT, id, {"start": START, "end": END, **resource}, status=status, service=SERVICE.value)


def test_a_slot_entered_by_hand_is_offered_in_the_order_of_time() -> None:
    state = ReceiverState()
    state.put(entered("by-hand"))
    found = slots_of(SERVICE, state, NOW)
    assert len(found) == len(slots(SERVICE, NOW)) + 1
    assert [slot.start for slot in found] == sorted(slot.start for slot in found)
    assert slots_of(BARE, state, NOW)[0].end - slots_of(BARE, state, NOW)[0].start == timedelta(minutes=15)


def test_one_of_the_id_of_a_diary_slot_goes_before_it() -> None:
    state, free = ReceiverState(), next(slot for slot in slots(SERVICE, NOW) if slot.free)
    before = free_slots(SERVICE, state, NOW)
    state.put(entered(free.id, "busy", start=free.start.isoformat(), end=free.end.isoformat()))
    assert free_slots(SERVICE, state, NOW) == before - 1
    state.remove((Kind.SLOT, free.id))
    assert free_slots(SERVICE, state, NOW) == before


@pytest.mark.parametrize(
    "changes", [{"start": "soon"}, {"end": ""}, {"start": "2026-07-20T07:59:00+00:00"}, {"start": "2026-07-20"}]
)
def test_one_that_is_over_or_cannot_be_read_is_not_offered(changes: dict[str, str]) -> None:
    state = ReceiverState()
    state.put(entered("by-hand", **changes))
    assert slots_of(BARE, state, NOW) == ()


def test_one_of_another_service_is_not_offered() -> None:
    state = ReceiverState()
    state.put(entered("by-hand")._replace(service="other"))
    assert slots_of(BARE, state, NOW) == ()


def test_a_booked_one_is_not_free_and_free_again_when_the_booking_is_forgotten() -> None:
    mock = Mock(replace(RULES, services=(BARE,)))
    mock.state.put(entered("by-hand"))

    def found() -> int:
        answer = json.loads(mock.get(slot_query()).body)
        return int(answer["total"])

    assert found() == 1
    mock.state.put(Item(Kind.APPOINTMENT, "a", {}, status="booked", slot="by-hand"))
    assert found() == 0
    mock.state.remove((Kind.APPOINTMENT, "a"))
    assert found() == 1
    with pytest.raises(KeyError):
        mock.state.remove((Kind.APPOINTMENT, "a"))
