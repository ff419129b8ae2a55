from __future__ import annotations

import pytest

from tests.rules.builders import (
    acknowledged,
    at,
    changed,
    composed,
    drop,
    findings,
    fixes_itself,
    judged,
    mended,
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
    nameless = changed(REPLY, drop(f"{at(REPLY, 'Patient')}.id"))
    assert judged(nameless, "RES-003") == ("e", "w")
    (found,) = findings(verdict(nameless, original=acknowledged("validation-new", "a4t1")), "RES-003")
    assert found.path == f"{at(REPLY, 'Patient')}.id"
    assert mended(nameless, found).resource == REPLY.resource


def test_encounters_share_the_journey() -> None:
    path = f"{at(REPLY, 'Encounter', 1)}.episodeOfCare[0].reference"
    journey = str(REPLY.facts.journey_id)
    assert judged(REPLY, "RES-004") == ("-", "-")
    assert judged(changed(REPLY, put(path, journey.upper())), "RES-004") == ("-", "-")
    for same in (f"https://mock.example/{journey}", f"{journey}/_history/2", journey.partition("/")[2]):
        assert judged(changed(REPLY, put(path, same)), "RES-004") == ("-", "-")
    assert judged(changed(REPLY, put(path, f"EpisodeOfCare/{GUID}")), "RES-004") == ("e", "e")
    assert judged(changed(REPLY, put(path, "EpisodeOfCare/of-another")), "RES-004") == ("e", "e")


def test_a_reply_is_about_the_same_order() -> None:
    original = acknowledged("validation-new", "a4t1")
    assert not findings(verdict(REPLY, original=original), "RES-005")
    other = changed(REPLY, put(f"{at(REPLY, 'ServiceRequest')}.id", GUID))
    assert findings(verdict(other, original=original), "RES-005")
    assert not findings(verdict(other), "RES-005")


@pytest.mark.parametrize("status", ["completed", "revoked"])
def test_validation_replies_keep_the_order_active(status: str) -> None:
    message = changed(REPLY, put(f"{at(REPLY, 'ServiceRequest')}.status", status))
    assert judged(REPLY, "RES-006") == ("-", "-")
    assert judged(message, "RES-006") == ("e", "w")
    assert fixes_itself(message, "RES-006")
    assert judged(replied("safeguarding-dna", "a1t1"), "RES-006") == ("-", "-")


def test_a_reply_carries_the_case_of_the_sender() -> None:
    original = composed("validation-new", "a4t1")
    assert not findings(verdict(REPLY, original=original), "RES-007")
    cases = [one.path for one in REPLY.entries() if one.type == "Encounter"]
    strange = changed(REPLY, *(put(f"{path}.identifier[0].value", "other") for path in cases))
    (found,) = findings(verdict(strange, original=original), "RES-007")
    assert (found.path, found.severity.value) == ("Bundle.entry", "error")
    assert not findings(verdict(strange), "RES-007")
