"""What a later message of a conversation takes from an earlier one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.compose import Links, acknowledge, carried, compose, rebooked
from workbench.compose.carrying import as_new

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from workbench.compose import Setting
    from workbench.exchange import Ids
    from workbench.messages import Message


def test_a_referral_gives_its_id_its_journey_and_its_patient(
    a_setting: Callable[..., Setting], now: datetime, ids: Ids, resources: Callable[[Message, str], list[dict]]
) -> None:
    request = compose("referral-new", a_setting(), now=now, ids=ids)
    answer = acknowledge(request, now=now, ids=ids, case_number="R-1")
    links = carried(request, answer)
    assert links.service_request_id == resources(answer, "ServiceRequest")[0]["id"]
    assert links.journey_id == request.facts.journey_id
    assert links.appointment_id is None
    other = replace(a_setting(), patient=replace(a_setting().patient, family="Somebody"))
    booking = compose("booking-new", other, now=now, ids=ids, links=links)
    person = resources(booking, "Patient")[0]
    assert person["name"] == resources(request, "Patient")[0]["name"]
    assert "id" not in person


def test_a_booking_gives_its_id_and_a_rebooking_the_referral_it_was_for(
    a_setting: Callable[..., Setting], now: datetime, ids: Ids, resources: Callable[[Message, str], list[dict]]
) -> None:
    request = compose("booking-new", a_setting(), now=now, ids=ids, links=Links(service_request_id="sr-1"))
    answer = acknowledge(request, now=now, ids=ids, case_number="R-1")
    assert carried(request, answer).appointment_id == resources(answer, "Appointment")[0]["id"]
    again = rebooked(request, answer)
    assert (again.appointment_id, again.service_request_id) == (None, "sr-1")
    alone = compose("booking-new", a_setting(), now=now, ids=ids)
    assert rebooked(alone, acknowledge(alone, now=now, ids=ids, case_number="R-1")).service_request_id is None


def test_a_patient_as_new_has_no_id_and_another_address(ids: Ids) -> None:
    patient = {"resourceType": "Patient", "id": "p-1", "gender": "other"}
    (kept,) = as_new(patient, ids)["patient"]
    assert kept.resource == {"resourceType": "Patient", "gender": "other"}
    assert kept.full_url.startswith("urn:uuid:")
    assert patient["id"] == "p-1", "the earlier message is not changed"
