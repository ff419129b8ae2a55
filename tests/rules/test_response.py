from __future__ import annotations

from tests.rules.builders import (
    acknowledged,
    at,
    changed,
    drop,
    findings,
    fixes_itself,
    judged,
    put,
    replied,
    verdict,
)

REPLY = replied()
GUID = "0badcafe-0000-4000-8000-0000000000ff"


def test_a_reply_has_its_own_id() -> None:
    message = changed(REPLY, put("Bundle.id", (REPLY.facts.response_to or "").upper()))
    assert judged(REPLY, "RES-001") == ("-", "-")
    assert judged(message, "RES-001") == ("e", "e")
    assert fixes_itself(message, "RES-001")


def test_a_reply_is_new_or_an_update() -> None:
    path = "Bundle.entry[0].resource.reason.coding[0].code"
    assert judged(changed(REPLY, put(path, "update")), "RES-002") == ("-", "-")
    assert judged(changed(REPLY, put(path, "delete")), "RES-002") == ("e", "e")


def test_a_reply_carries_the_order_with_its_id() -> None:
    path = f"{at(REPLY, 'ServiceRequest')}.id"
    assert judged(REPLY, "RES-003") == ("-", "-")
    assert judged(changed(REPLY, drop(path)), "RES-003") == ("e", "w")


def test_encounters_share_the_journey() -> None:
    path = f"{at(REPLY, 'Encounter', 1)}.episodeOfCare[0].reference"
    journey = str(REPLY.facts.journey_id)
    assert judged(REPLY, "RES-004") == ("-", "-")
    assert judged(changed(REPLY, put(path, journey.upper())), "RES-004") == ("-", "-")
    assert judged(changed(REPLY, put(path, f"EpisodeOfCare/{GUID}")), "RES-004") == ("e", "e")


def test_a_reply_is_about_the_same_order() -> None:
    original = acknowledged("validation-new", "a4t1")
    assert not findings(verdict(REPLY, original=original), "RES-005")
    other = changed(REPLY, put(f"{at(REPLY, 'ServiceRequest')}.id", GUID))
    assert findings(verdict(other, original=original), "RES-005")
    assert not findings(verdict(other), "RES-005")
