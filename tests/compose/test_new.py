"""New messages: every template for every use case it serves (compose.new, compose.builder, compose.facts)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from workbench.compose import Links, compose, template, templates
from workbench.errors import InputError
from workbench.messages import convert, parse
from workbench.messages.values import Number, Syntax
from workbench.standard import VersionProfile
from workbench.standard.definitions import definitions

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from workbench.compose import Setting, Template
    from workbench.exchange import Ids
    from workbench.messages import Message

CASES = [(item.id, code) for item in templates() if not item.follows for code in item.use_cases]
SLOT_TYPES = {"Slot", "Schedule", "HealthcareService", "Practitioner", "PractitionerRole", "Location"}


@pytest.fixture(params=CASES, ids=lambda case: "-".join(case))
def composed(request: pytest.FixtureRequest, a_setting: Callable[..., Setting], now: datetime, ids: Ids):
    """(template, message) of each case."""
    id, use_case = request.param
    return template(id), compose(id, a_setting(use_case), now=now, ids=ids)


def plain(value: object) -> object:
    """The tree as other libraries know it."""
    if isinstance(value, Number):
        return value.decimal
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def texts(value: object):
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    else:
        yield value


def test_the_header_says_what_the_message_is(composed: tuple[Template, Message]) -> None:
    chosen, message = composed
    facts = message.facts
    assert (facts.event, facts.reason) == (chosen.kind.event, "new")
    assert facts.definition == definitions()[chosen.kind.definition].url
    assert facts.source_endpoint == "https://fhir.nhs.uk/Id/dos-service-id|9990000917"
    assert facts.destination_endpoint == "https://fhir.nhs.uk/Id/dos-service-id|9990000918"
    assert facts.response_to is None
    assert message.at("Bundle.meta.versionId")


def test_references_lead_to_entries(composed: tuple[Template, Message]) -> None:
    _, message = composed
    urns = [reference for reference in message.references() if reference.value.startswith("urn:")]
    assert urns
    assert [r.value for r in urns if r.target_entry is None] == []


def test_the_definition_is_respected(composed: tuple[Template, Message]) -> None:
    chosen, message = composed
    counts = definitions()[chosen.kind.definition].counts()
    found = Counter(entry.type for entry in message.entries())
    for kind, (least, most) in counts.items():
        if kind != "Bundle":
            assert least <= found[kind] <= (most if most is not None else found[kind]), kind
    assert set(found) <= set(counts)


def test_full_urls_are_unique_lower_case_urns(composed: tuple[Template, Message]) -> None:
    _, message = composed
    urls = [entry.full_url for entry in message.entries()]
    assert len(set(urls)) == len(urls)
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", url) for url in urls)


def test_only_the_resources_of_a_slot_have_ids(composed: tuple[Template, Message]) -> None:
    chosen, message = composed
    with_id = {kind for kind, _ in message.facts.resource_ids if kind != "Bundle"}
    assert with_id <= (SLOT_TYPES if chosen.kind.id == "booking-new" else set())


def test_all_resources_carry_the_same_moment(composed: tuple[Template, Message]) -> None:
    _, message = composed
    stamps = {entry.resource["meta"]["lastUpdated"] for entry in message.entries()}
    assert stamps == {"2026-07-20T09:00:00.1234560+00:00"}
    assert message.at("Bundle.timestamp") in stamps


def test_nothing_is_left_unfilled(composed: tuple[Template, Message]) -> None:
    _, message = composed
    assert [value for value in texts(message.resource) if value in ("", None) or "{" in str(value)] == []


def test_codings_carry_a_display(composed: tuple[Template, Message]) -> None:
    _, message = composed

    def codings(value: object):
        if isinstance(value, dict):
            if "system" in value and "code" in value and "unit" not in value:
                yield value
            for item in value.values():
                yield from codings(item)
        elif isinstance(value, list):
            for item in value:
                yield from codings(item)

    assert [coding for coding in codings(message.resource) if not coding.get("display")] == []


def test_other_models_of_fhir_accept_the_resources(composed: tuple[Template, Message]) -> None:
    _, message = composed
    for entry in message.entries():
        model = getattr(import_module(f"fhir.resources.R4B.{entry.type.lower()}"), entry.type)
        assert model.model_validate(plain(entry.resource)).get_resource_type() == entry.type


def test_the_message_survives_xml(composed: tuple[Template, Message]) -> None:
    _, message = composed
    there = convert(message, Syntax.XML)
    back = convert(parse(there.source), Syntax.JSON)
    assert back.resource == message.resource


def test_the_same_ids_and_time_give_the_same_bytes(
    a_setting: Callable[..., Setting], now: datetime, count_ids: Callable[[], Ids]
) -> None:
    once, twice = (compose("referral-full", a_setting(), now=now, ids=count_ids()) for _ in range(2))
    assert once.source == twice.source


def test_a_patient_without_number_and_phone_has_neither(
    a_setting: Callable[..., Setting], now: datetime, ids: Ids, resources: Callable[..., list[dict]]
) -> None:
    setting = a_setting()
    bare = replace(setting, patient=replace(setting.patient, nhs_number="", phone="", birth_date=""))
    patient = resources(compose("referral-new", bare, now=now, ids=ids), "Patient")[0]
    assert {"identifier", "contact", "birthDate"} & set(patient) == set()


def test_next_of_kin_waits_for_its_version(
    a_setting: Callable[..., Setting], now: datetime, ids: Ids, resources: Callable[..., list[dict]]
) -> None:
    old = a_setting(versions=VersionProfile(1, "2.0.0", "1.0.7", "1.0.0"))
    assert resources(compose("referral-full", old, now=now, ids=ids), "RelatedPerson") == []
    assert len(resources(compose("referral-full", a_setting(), now=now, ids=ids), "RelatedPerson")) == 1


def test_links_tie_booking_and_referral(
    a_setting: Callable[..., Setting], now: datetime, ids: Ids, resources: Callable[..., list[dict]]
) -> None:
    links = Links(service_request_id="sr-1", appointment_id="ap-1", journey_id="0badcafe-0000-4000-8000-0000000000ff")
    booking = compose("booking-new", a_setting(), now=now, ids=ids, links=links)
    referral = compose("referral-new", a_setting(), now=now, ids=ids, links=links)
    assert resources(booking, "Appointment")[0]["basedOn"] == [{"reference": "ServiceRequest/sr-1"}]
    assert resources(referral, "ServiceRequest")[0]["supportingInfo"] == [{"reference": "Appointment/ap-1"}]
    assert referral.facts.journey_id == links.journey_id


def test_the_journey_goes_on_from_an_earlier_message(
    a_setting: Callable[..., Setting], now: datetime, ids: Ids
) -> None:
    first = compose("referral-new", a_setting(), now=now, ids=ids)
    second = compose("referral-new", a_setting(), now=now, ids=ids, links=Links(original=first))
    assert second.facts.journey_id == first.facts.journey_id
    assert second.facts.bundle_id != first.facts.bundle_id


def test_safeguarding_is_flagged_and_the_plan_points_to_it(
    a_setting: Callable[..., Setting], now: datetime, ids: Ids, resources: Callable[..., list[dict]]
) -> None:
    message = compose("referral-full", a_setting(), now=now, ids=ids)
    categories = {flag["category"][0]["coding"][0]["code"] for flag in resources(message, "Flag")}
    assert categories == {"SG", "RA"}
    assert len(resources(message, "CarePlan")[0]["supportingInfo"]) == 2


def test_a_reply_is_not_composed_out_of_nothing(a_setting: Callable[..., Setting], now: datetime, ids: Ids) -> None:
    with pytest.raises(InputError, match="answers or follows"):
        compose("validation-full", a_setting("a4t1"), now=now, ids=ids)
