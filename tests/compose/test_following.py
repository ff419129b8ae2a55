"""Acknowledgement, replies and cancellation of every request (compose.following, compose.originals)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from workbench.compose import acknowledge, cancel, compose, reply, template
from workbench.errors import InputError
from workbench.messages import convert
from workbench.messages.values import Syntax
from workbench.standard.definitions import definitions

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from workbench.compose import Party, Setting
    from workbench.exchange import Ids
    from workbench.messages import Message

REQUESTS = [("booking-new", "a1t1"), ("referral-new", "a2t1"), ("referral-full", "a1t1"), ("validation-new", "a4t1")]
REPLIES = ("validation-interim", "validation-rejection", "validation-full")


@pytest.fixture
def call(a_setting: Callable[..., Setting], now: datetime, ids: Ids):
    """A request and its acknowledgement."""

    def of(id: str, use_case: str):
        request = compose(id, a_setting(use_case), now=now, ids=ids)
        return request, acknowledge(request, now=now + timedelta(seconds=1), ids=ids, case_number="R-77")

    return of


def by_url(message: Message) -> dict[str, dict]:
    return {entry.full_url: entry.resource for entry in message.entries()}


def fits(message: Message, template_id: str) -> None:
    """References resolve and the counts are those of the definition."""
    assert [r.value for r in message.references() if r.value.startswith("urn:") and r.target_entry is None] == []
    counts = definitions()[template(template_id).kind.definition].counts()
    found = Counter(entry.type for entry in message.entries())
    assert set(found) <= set(counts)
    for kind, (least, most) in counts.items():
        if kind != "Bundle":
            assert least <= found[kind] <= (most if most is not None else found[kind]), kind


@pytest.mark.parametrize(("id", "use_case"), REQUESTS)
def test_an_acknowledgement_is_the_request_with_ids(
    call: Callable[..., tuple[Message, Message]], id: str, use_case: str
) -> None:
    request, answer = call(id, use_case)
    assert answer.facts.bundle_id == request.facts.bundle_id
    echoed = by_url(answer)
    for url, resource in by_url(request).items():
        assert echoed[url]["id"]
        extra = {"id": echoed[url]["id"]}
        if resource["resourceType"] == "Appointment":
            extra["created"] = "2026-07-20T09:00:01.1234560+00:00"
        assert echoed[url] == {**resource, **extra}
    ids = [resource["id"] for resource in echoed.values()]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(("id", "use_case"), REQUESTS[1:])
def test_a_planned_encounter_with_the_case_number_is_added(
    call: Callable[..., tuple[Message, Message]], resources: Callable[..., list[dict]], id: str, use_case: str
) -> None:
    request, answer = call(id, use_case)
    own, planned = resources(answer, "Encounter")
    assert planned["status"] == "planned"
    assert planned["identifier"][0]["value"] == "R-77"
    assert planned["episodeOfCare"] == own["episodeOfCare"]
    assert answer.facts.journey_id == request.facts.journey_id


def test_an_acknowledgement_keeps_the_syntax_and_ids_it_was_given(
    call: Callable[..., tuple[Message, Message]], now: datetime, ids: Ids
) -> None:
    request, answer = call("validation-new", "a4t1")
    assert acknowledge(convert(request, Syntax.XML), now=now, ids=ids, case_number="1").syntax is Syntax.XML
    again = acknowledge(answer, now=now, ids=ids, case_number="R-78")
    assert again.resource == answer.resource


@pytest.mark.parametrize("kind", REPLIES)
def test_replies_turn_the_ends_and_quote_the_request(
    call: Callable[..., tuple[Message, Message]], now: datetime, ids: Ids, receiver: Party, kind: str
) -> None:
    request, answer = call("validation-new", "a4t1")
    message = reply(kind, request, answer, responder=receiver, now=now + timedelta(minutes=5), ids=ids)
    fits(message, kind)
    facts = message.facts
    assert facts.event == "servicerequest-response"
    assert facts.response_to == request.facts.bundle_id != facts.bundle_id
    assert facts.source_endpoint == request.facts.destination_endpoint
    assert facts.destination_endpoint == request.facts.source_endpoint
    assert facts.journey_id == request.facts.journey_id
    assert facts.focus == "Encounter"
    header, asked = message.entries()[0].resource, request.entries()[0].resource
    assert header["sender"] == asked["destination"][0]["receiver"]
    assert header["destination"][0]["receiver"] == asked["sender"]
    assert header["response"]["code"] == "ok"


@pytest.mark.parametrize("kind", REPLIES)
def test_replies_keep_full_urls_and_the_ids_of_the_acknowledgement(
    call: Callable[..., tuple[Message, Message]], now: datetime, ids: Ids, receiver: Party, kind: str
) -> None:
    request, answer = call("validation-new", "a4t1")
    message = reply(kind, request, answer, responder=receiver, now=now, ids=ids)
    given = by_url(answer)
    kept = {url: resource for url, resource in by_url(message).items() if url in given}
    assert {resource["resourceType"] for resource in kept.values()} >= {"ServiceRequest", "Patient", "Encounter"}
    assert all(resource["id"] == given[url]["id"] for url, resource in kept.items())
    planned = answer.entries()[-1]
    focus = kept[planned.full_url]
    assert focus["identifier"] == planned.resource["identifier"]
    assert message.entries()[0].resource["focus"] == [{"reference": planned.full_url}]


@pytest.mark.parametrize(
    ("kind", "status", "reason"),
    [
        ("validation-interim", "in-progress", "validation-triage-outcome"),
        ("validation-rejection", "cancelled", "RRNA"),
        ("validation-full", "finished", "validation-triage-outcome"),
    ],
)
def test_the_receivers_encounter_tells_the_outcome(
    call: Callable[..., tuple[Message, Message]],
    now: datetime,
    ids: Ids,
    receiver: Party,
    kind: str,
    status: str,
    reason: str,
):
    request, answer = call("validation-new", "a4t1")
    message = reply(kind, request, answer, responder=receiver, now=now, ids=ids)
    focus = by_url(message)[answer.entries()[-1].full_url]
    assert (focus["status"], focus["reasonCode"][0]["coding"][0]["code"]) == (status, reason)
    assert ("end" in focus["period"]) == (kind == "validation-full")


def test_a_full_response_is_an_update_only_after_an_interim(
    call: Callable[..., tuple[Message, Message]],
    now: datetime,
    ids: Ids,
    receiver: Party,
    resources: Callable[..., list[dict]],
) -> None:
    request, answer = call("validation-new", "a4t1")
    first = reply("validation-full", request, answer, responder=receiver, now=now, ids=ids)
    told = reply("validation-full", request, answer, responder=receiver, now=now, ids=ids, interim_sent=True)
    assert (first.facts.reason, told.facts.reason) == ("new", "update")
    assert resources(first, "ServiceRequest")[0]["status"] == "active"
    assert len(resources(first, "CarePlan")) == 1


def test_after_an_interim_only_what_changed_is_newer(
    call: Callable[..., tuple[Message, Message]], now: datetime, ids: Ids, receiver: Party
) -> None:
    request, answer = call("validation-new", "a4t1")
    early, late = now + timedelta(minutes=5), now + timedelta(minutes=9)
    interim = reply("validation-interim", request, answer, responder=receiver, now=early, ids=ids)
    full = reply("validation-full", request, answer, responder=receiver, now=late, ids=ids, interim=interim)
    fits(full, "validation-full")
    assert full.facts.reason == "update"
    stamps = {entry.type: entry.resource["meta"]["lastUpdated"][14:16] for entry in full.entries()}
    assert stamps["Patient"] == "05"
    assert stamps["Location"] == "00"
    assert stamps["ServiceRequest"] == stamps["CarePlan"] == stamps["MessageHeader"] == "09"


def test_a_reply_works_without_an_acknowledgement(
    call: Callable[..., tuple[Message, Message]], now: datetime, ids: Ids, receiver: Party
) -> None:
    request, _ = call("validation-new", "a4t1")
    message = reply("validation-interim", request, None, responder=receiver, now=now, ids=ids, case_number="R-9")
    fits(message, "validation-interim")
    assert message.facts.focus_status == "in-progress"


def test_a_rejection_says_why(
    call: Callable[..., tuple[Message, Message]], now: datetime, ids: Ids, receiver: Party
) -> None:
    request, answer = call("validation-new", "a4t1")
    message = reply("validation-rejection", request, answer, responder=receiver, now=now, ids=ids, why="Out of area")
    assert by_url(message)[answer.entries()[-1].full_url]["reasonCode"][0]["text"] == "Out of area"


@pytest.mark.parametrize("id", ["referral-new", "referral-full"])
def test_who_did_not_attend_is_reported_with_the_booking(
    call: Callable[..., tuple[Message, Message]],
    now: datetime,
    ids: Ids,
    receiver: Party,
    resources: Callable[..., list[dict]],
    id: str,
) -> None:
    request, answer = call(id, "a1t1")
    _, booked = call("booking-new", "a1t1")
    message = reply("safeguarding-dna", request, answer, responder=receiver, now=now, ids=ids, booking=booked)
    fits(message, "safeguarding-dna")
    request_now, appointment = resources(message, "ServiceRequest")[0], resources(message, "Appointment")[0]
    assert (message.facts.focus, request_now["status"]) == ("ServiceRequest", "revoked")
    assert request_now["id"] == resources(answer, "ServiceRequest")[0]["id"]
    assert appointment["status"] == "noshow"
    assert appointment["id"] == resources(booked, "Appointment")[0]["id"]
    assert appointment["slot"] == [{"reference": f"Slot/{resources(booked, 'Slot')[0]['id']}"}]
    assert len(resources(message, "Flag")) == (1 if id == "referral-full" else 0)


def test_who_did_not_attend_without_a_booking_has_no_appointment(
    call: Callable[..., tuple[Message, Message]],
    now: datetime,
    ids: Ids,
    receiver: Party,
    resources: Callable[..., list[dict]],
) -> None:
    request, answer = call("referral-full", "a1t1")
    message = reply("safeguarding-dna", request, answer, responder=receiver, now=now, ids=ids)
    assert resources(message, "Appointment") == []


@pytest.mark.parametrize(("id", "use_case"), REQUESTS)
def test_a_cancellation_carries_ids_and_only_what_it_needs(
    call: Callable[..., tuple[Message, Message]], now: datetime, ids: Ids, id: str, use_case: str
) -> None:
    request, answer = call(id, use_case)
    message = cancel(request, answer, now=now + timedelta(minutes=5), ids=ids, why="Seen elsewhere")
    kind = f"{id.partition('-')[0]}-cancel"
    fits(message, kind)
    facts = message.facts
    assert (facts.event, facts.reason) == (request.facts.event, "update")
    assert facts.bundle_id != request.facts.bundle_id
    assert facts.destination_endpoint == request.facts.destination_endpoint
    assert facts.use_case == request.facts.use_case
    given = by_url(answer)
    changed = []
    for url, resource in list(by_url(message).items())[1:]:
        assert resource["id"] == given[url]["id"]
        if resource["meta"]["lastUpdated"] != given[url]["meta"]["lastUpdated"]:
            changed.append(resource["resourceType"])
    assert changed == [facts.focus]
    assert facts.focus_status == ("cancelled" if id == "booking-new" else "revoked")


def test_a_cancelled_booking_names_its_slot(
    call: Callable[..., tuple[Message, Message]], now: datetime, ids: Ids, resources: Callable[..., list[dict]]
) -> None:
    request, answer = call("booking-new", "a1t1")
    appointment = resources(cancel(request, answer, now=now, ids=ids, why="Better"), "Appointment")[0]
    assert appointment["slot"] == [{"reference": f"Slot/{resources(answer, 'Slot')[0]['id']}"}]
    assert appointment["cancelationReason"] == {"text": "Better"}


@pytest.mark.parametrize(("id", "use_case"), REQUESTS[1:])
def test_what_was_sent_in_error_says_so(
    call: Callable[..., tuple[Message, Message]], now: datetime, ids: Ids, id: str, use_case: str
) -> None:
    request, answer = call(id, use_case)
    message = cancel(request, answer, now=now, ids=ids, error=True, why="Wrong patient")
    assert message.facts.focus_status == "entered-in-error"


def test_the_period_of_a_validation_stays_in_its_cancellation(
    call: Callable[..., tuple[Message, Message]], now: datetime, ids: Ids, resources: Callable[..., list[dict]]
) -> None:
    periods = [
        "occurrencePeriod" in resources(cancel(*call(*case), now=now, ids=ids, why="x"), "ServiceRequest")[0]
        for case in (("validation-new", "a4t1"), ("referral-new", "a1t1"))
    ]
    assert periods == [True, False]


def test_a_reply_to_what_has_no_request_is_refused(
    call: Callable[..., tuple[Message, Message]], now: datetime, ids: Ids, receiver: Party
) -> None:
    request, answer = call("booking-new", "a1t1")
    with pytest.raises(InputError, match="no ServiceRequest"):
        reply("safeguarding-dna", request, answer, responder=receiver, now=now, ids=ids)
    with pytest.raises(InputError, match="not a reply"):
        reply("referral-cancel", request, answer, responder=receiver, now=now, ids=ids)
