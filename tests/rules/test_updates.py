from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.builders import (
    acknowledged,
    at,
    cancelled,
    changed,
    composed,
    drop,
    findings,
    judged,
    mended,
    put,
    verdict,
)
from workbench.messages import build
from workbench.rules import Side

if TYPE_CHECKING:
    from workbench.messages import Edit, Message

FIRST, TAKEN = composed(), acknowledged()
LATER = "2026-11-25T09:00:00.1234567+00:00"


def update(*edits: Edit) -> Message:
    """What was taken, without the receiver's Encounter, sent again as an update."""
    entries = TAKEN.resource["entry"]
    sent = build({**TAKEN.resource, "entry": [one for one in entries if one["resource"].get("status") != "planned"]})
    head = at(sent, "MessageHeader")
    return changed(
        sent,
        put("Bundle.id", "0badcafe-0000-4000-8000-00000000aaaa"),
        put(f"{head}.reason.coding[0].code", "update"),
        put(f"{head}.reason.coding[0].display", "Update"),
        *edits,
    )


GOOD = update()
ORDER, PATIENT, SEEN = at(GOOD, "ServiceRequest"), at(GOOD, "Patient"), at(GOOD, "Observation")


def paths(message: Message, rule: str, side: Side = Side.COMPOSE, original: Message | None = TAKEN) -> list[str]:
    return [one.path for one in findings(verdict(message, side, original=original), rule)]


def test_a_good_update_has_nothing_against_it() -> None:
    held = {one.rule for one in verdict(GOOD, original=TAKEN).findings if one.severity.value in ("error", "warning")}
    assert not held & {"BUN-018", "BUN-019", "BUN-020", "BUN-021", "WFL-107", "WFL-108"}


def test_known_resources_carry_their_ids() -> None:
    bare = update(drop(f"{SEEN}.id"))
    assert paths(bare, "BUN-019") == [f"{SEEN}.id"]
    assert not paths(bare, "BUN-019", original=None)
    (found,) = findings(verdict(bare, Side.RECEIVE, original=TAKEN), "BUN-019")
    assert found.severity.value == "warning"
    assert mended(bare, found).at(f"{SEEN}.id") == TAKEN.at(f"{at(TAKEN, 'Observation')}.id")
    assert judged(update(drop(f"{PATIENT}.id")), "BUN-019") == ("e", "w")
    assert judged(update(drop(f"{ORDER}.id")), "BUN-018") == ("e", "e")


def test_every_message_has_its_own_id() -> None:
    again = update(put("Bundle.id", TAKEN.facts.bundle_id))
    assert paths(again, "BUN-020") == ["Bundle.id"]
    assert not paths(again, "BUN-020", Side.RECEIVE)
    assert not paths(GOOD, "BUN-020")


def test_what_changed_has_a_later_time() -> None:
    time = f"{SEEN}.meta.lastUpdated"
    silent, idle = update(put(f"{SEEN}.status", "amended")), update(put(time, LATER))
    assert paths(silent, "BUN-021") == [time]
    assert paths(idle, "BUN-021") == [time]
    for none in ("2026-01-01T09:00:00+00:00", "2027-01-01T09:00:00", "mock"):
        assert not paths(update(put(time, none)), "BUN-021")
    assert not paths(update(put(f"{SEEN}.status", "amended"), put(time, LATER)), "BUN-021")
    (found,) = findings(verdict(idle, original=TAKEN), "BUN-021")
    assert found.severity.value == "warning"
    assert mended(idle, found).resource == GOOD.resource


def test_updates_are_like_the_message_before() -> None:
    head = at(GOOD, "MessageHeader")
    event, definition = f"{head}.eventCoding.code", f"{head}.definition"
    prefix = "https://fhir.nhs.uk/MessageDefinition/"
    assert paths(update(put(event, "booking-request")), "WFL-107") == [event]
    other = update(put(definition, f"{prefix}bars-message-servicerequest-request-validation"))
    assert paths(other, "WFL-107") == [definition]
    assert not paths(GOOD, "WFL-107")
    assert not paths(cancelled(), "WFL-107")


def test_resources_keep_their_addresses() -> None:
    place = f"{SEEN.removesuffix('.resource')}.fullUrl"
    moved = update(put(place, "urn:uuid:0badcafe-0000-4000-8000-00000000bbbb"))
    assert paths(moved, "WFL-108") == [place]
    person = f"{PATIENT.removesuffix('.resource')}.fullUrl"
    nameless = update(drop(f"{PATIENT}.id"), put(person, "urn:uuid:0badcafe-0000-4000-8000-00000000bbbb"))
    assert paths(nameless, "WFL-108") == [person]
    assert not paths(GOOD, "WFL-108")
    assert not paths(moved, "WFL-108", original=None)
