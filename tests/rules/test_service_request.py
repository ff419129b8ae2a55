from __future__ import annotations

import pytest

from tests.rules.applications import Case, broker, callback, check, dispatch, link
from tests.rules.builders import (
    add,
    at,
    cancelled,
    changed,
    composed,
    drop,
    findings,
    judged,
    put,
    replied,
    validation,
    verdict,
)
from workbench.rules.service_request import REFERRAL_PROFILE, VALIDATION_PROFILE

REFERRAL, VALIDATION = composed(), validation()
ORDER, ASKED = at(REFERRAL, "ServiceRequest"), at(VALIDATION, "ServiceRequest")


def full_url(message: object, type: str) -> str:
    return message.at(f"{at(message, type).removesuffix('.resource')}.fullUrl")


PATIENT, FLAG = full_url(REFERRAL, "Patient"), full_url(REFERRAL, "Flag")
PARTY = full_url(REFERRAL, "Organization")

REFERRALS = [
    Case("SRQ-001", (put(f"{ORDER}.intent", "order"),), f"{ORDER}.intent", ("e", "e"), True),
    Case("SRQ-003", (put(f"{ORDER}.subject.reference", PARTY),), f"{ORDER}.subject.reference", ("e", "e"), True),
    Case("SRQ-004", (drop(f"{ORDER}.encounter"),), f"{ORDER}.encounter", ("e", "e"), True),
    Case("SRQ-005", (drop(f"{ORDER}.basedOn"),), f"{ORDER}.basedOn", ("e", "e"), True),
    Case("SRQ-006", (drop(f"{ORDER}.requester"),), f"{ORDER}.requester", ("e", "e"), True),
    Case("SRQ-006", (put(f"{ORDER}.requester.reference", PARTY),), f"{ORDER}.requester.reference", ("e", "e"), True),
    Case("SRQ-007", (drop(f"{ORDER}.performer"),), f"{ORDER}.performer", ("e", "e"), True),
    Case(
        "SRQ-007", (put(f"{ORDER}.performer[0].reference", PARTY),), f"{ORDER}.performer[0].reference", ("w", "w"), True
    ),
    Case("SRQ-007", (put(f"{ORDER}.performer[0].reference", PATIENT),), f"{ORDER}.performer[0].reference", ("e", "e")),
    Case("SRQ-008", (drop(f"{ORDER}.authoredOn"),), f"{ORDER}.authoredOn", ("e", "e")),
    Case("SRQ-009", (put(f"{ORDER}.occurrenceDateTime", "2026"),), f"{ORDER}.occurrenceDateTime", ("e", "e")),
    Case(
        "SRQ-012", (put(f"{ORDER}.supportingInfo", [link(FLAG)]),), f"{ORDER}.supportingInfo[0].reference", ("w", "w")
    ),
    Case(
        "SRQ-012", (put(f"{ORDER}.supportingInfo", [link(PARTY)]),), f"{ORDER}.supportingInfo[0].reference", ("w", "w")
    ),
    Case("SRQ-013", (put(f"{ORDER}.reasonCode", [{"text": "mock"}]),), f"{ORDER}.reasonCode[0].text", ("w", "w")),
    Case(
        "SRQ-014", (put(f"{ORDER}.meta.profile[0]", VALIDATION_PROFILE),), f"{ORDER}.meta.profile[0]", ("w", "w"), True
    ),
    Case("SRQ-016", (put(f"{ORDER}.orderDetail", [{"text": "mock"}]),), f"{ORDER}.orderDetail", ("i", "i")),
]


@pytest.mark.parametrize("case", REFERRALS, ids=lambda case: f"{case.rule} {case.path.rpartition('resource.')[2]}")
def test_referrals(case: Case) -> None:
    check(REFERRAL, case)


VALIDATIONS = [
    Case("SRQ-008", (drop(f"{ASKED}.authoredOn"),), f"{ASKED}.authoredOn", ("w", "w")),
    Case("SRQ-009", (drop(f"{ASKED}.occurrencePeriod.end"),), f"{ASKED}.occurrencePeriod.end", ("e", "e")),
    Case("SRQ-009", (drop(f"{ASKED}.occurrencePeriod.start"),), f"{ASKED}.occurrencePeriod.start", ("e", "e")),
    Case("SRQ-010", (drop(f"{ASKED}.occurrencePeriod"),), f"{ASKED}.occurrencePeriod", ("e", "e")),
    Case("SRQ-011", (drop(f"{ASKED}.locationReference"),), f"{ASKED}.locationReference", ("e", "e"), True),
    Case("SRQ-014", (put(f"{ASKED}.meta.profile[0]", REFERRAL_PROFILE),), f"{ASKED}.meta.profile[0]", ("w", "w"), True),
]


@pytest.mark.parametrize("case", VALIDATIONS, ids=lambda case: f"{case.rule} {case.path.rpartition('resource.')[2]}")
def test_validation_requests(case: Case) -> None:
    check(VALIDATION, case)


def test_two_care_plans_are_too_many() -> None:
    plan = full_url(REFERRAL, "CarePlan")
    check(REFERRAL, Case("SRQ-005", (add(f"{ORDER}.basedOn[1]", link(plan)),), f"{ORDER}.basedOn[1]", ("e", "w")))


def test_dispatch_says_what_help_it_asks_for() -> None:
    order = at(dispatch(), "ServiceRequest")
    code = put(f"{order}.category[0].coding[1].code", "a6t3")
    check(dispatch(), Case("SRQ-002", (code,), f"{order}.category[0].text", ("e", "e")))
    told = changed(dispatch(), code, put(f"{order}.category[0].text", "Two more crews"))
    assert judged(told, "SRQ-002") == ("-", "-")


def test_dispatch_has_no_period() -> None:
    order = at(dispatch(), "ServiceRequest")
    period = put(f"{order}.occurrencePeriod", {"start": "2026-11-24T09:00:00+00:00"})
    check(dispatch(), Case("SRQ-010", (period,), f"{order}.occurrencePeriod", ("w", "w")))


def test_call_backs_have_a_time_limit() -> None:
    order = at(callback(), "ServiceRequest")
    end = f"{order}.occurrencePeriod.end"
    check(callback(), Case("SRQ-010", (drop(end),), end, ("e", "e")))


def test_brokers_are_devices() -> None:
    order = at(broker(), "ServiceRequest")
    service = full_url(broker(), "HealthcareService")
    place = f"{order}.performer[0].reference"
    check(broker(), Case("SRQ-007", (put(place, service),), place, ("e", "e"), True))


def test_brokers_take_a_code_on_the_letter() -> None:
    order = at(broker(), "ServiceRequest")
    letter = {
        "system": "https://fhir.nhs.uk/CodeSystem/bars-broker-referral-letter-status",
        "code": "NEED_TO_ADD_LATER",
        "display": "Need to add later",
    }
    code = put(f"{order}.code", {"coding": [{"system": "http://snomed.info/sct", "code": "792891000000102"}]})
    good = changed(broker(), put(f"{order}.orderDetail", [{"coding": [letter]}]), code)
    assert judged(good, "SRQ-016") == ("-", "-")
    check(good, Case("SRQ-016", (drop(f"{order}.code"),), f"{order}.code", ("e", "e")))
    system = f"{order}.orderDetail[0].coding[0].system"
    check(good, Case("SRQ-016", (put(system, "https://mock.example"),), f"{order}.orderDetail", ("e", "e")))
    shown = f"{order}.orderDetail[0].coding[0].display"
    check(good, Case("SRQ-016", (drop(shown),), f"{order}.orderDetail[0].coding[0]", ("e", "w")))
    code = f"{order}.orderDetail[0].coding[0].code"
    check(good, Case("SRQ-016", (drop(code),), f"{order}.orderDetail[0].coding[0]", ("e", "e")))


def test_cancellations_ask_for_less() -> None:
    order = at(cancelled(), "ServiceRequest")
    assert {"encounter", "basedOn"}.isdisjoint(cancelled().at(order))
    bare = changed(
        cancelled(),
        *(drop(f"{order}.{name}") for name in ("requester", "performer") if cancelled().at(f"{order}.{name}")),
    )
    for rule in ("SRQ-004", "SRQ-005", "SRQ-006", "SRQ-007", "SRQ-013"):
        assert judged(bare, rule) == ("-", "-")
    message = cancelled("validation-new", "a4t1")
    order = at(message, "ServiceRequest")
    period = f"{order}.occurrencePeriod"
    check(message, Case("SRQ-010", (drop(period),), period, ("e", "w")))


def test_cancellations_need_no_time_unless_their_profile_does() -> None:
    message = cancelled()
    order = at(message, "ServiceRequest")
    place = f"{order}.authoredOn"
    assert judged(changed(message, drop(place)), "SRQ-008") == ("e", "e")
    for profiles in ([VALIDATION_PROFILE], []):
        other = changed(message, put(f"{order}.meta.profile", profiles))
        check(other, Case("SRQ-008", (drop(place),), place, ("w", "w")))
    both = changed(message, put(f"{order}.meta.profile", [VALIDATION_PROFILE, f"{REFERRAL_PROFILE}|1.0.5"]))
    check(both, Case("SRQ-008", (drop(place),), place, ("e", "e")))


def test_the_reply_on_an_absent_patient_may_hold_no_encounter() -> None:
    reply = replied("safeguarding-dna", "a1t1")
    place = f"{at(reply, 'ServiceRequest')}.encounter"
    check(reply, Case("SRQ-004", (drop(place),), place, ("e", "e")))
    cases = [f"Bundle.entry[{one.index}]" for one in reply.entries() if one.type == "Encounter"]
    without = changed(reply, *(drop(one) for one in reversed(cases)))
    place = f"{at(without, 'ServiceRequest')}.encounter"
    assert judged(changed(without, drop(place)), "SRQ-004") == ("e", "w")


def test_others_may_perform_beside_the_service() -> None:
    order = at(composed(), "ServiceRequest")
    role = next(one.full_url for one in composed().entries() if one.type == "PractitionerRole")
    place = f"{order}.performer[1]"
    check(composed(), Case("SRQ-007", (add(place, {"reference": role}),), f"{place}.reference", ("e", "w")))


def test_replies_name_the_case_of_the_sender() -> None:
    reply = replied()
    order = at(reply, "ServiceRequest")
    other = reply.at(f"{at(reply, 'MessageHeader')}.focus[0].reference")
    case = Case("SRQ-004", (put(f"{order}.encounter.reference", other),), f"{order}.encounter.reference", ("e", "w"))
    check(reply, case)


def test_interim_replies_may_lack_the_requester() -> None:
    interim = replied("validation-interim")
    order = at(interim, "ServiceRequest")
    check(interim, Case("SRQ-006", (drop(f"{order}.requester"),), f"{order}.requester", ("e", "w")))
    assert judged(changed(interim, drop(f"{order}.performer")), "SRQ-007") == ("-", "-")


def test_replies_repeat_the_period() -> None:
    reply = replied()
    end = f"{at(reply, 'ServiceRequest')}.occurrencePeriod.end"
    later = changed(reply, put(end, "2026-11-24T23:00:00+00:00"))
    (found,) = findings(verdict(later, original=VALIDATION), "SRQ-015")
    assert found.path == end.removesuffix(".end")
    assert found.fix is not None
    assert not findings(verdict(reply, original=VALIDATION), "SRQ-015")
    assert not findings(verdict(later), "SRQ-015")


def test_application_2_needs_no_requester() -> None:
    online = composed("referral-new", "a2t1")
    order = at(online, "ServiceRequest")
    assert judged(changed(online, drop(f"{order}.requester")), "SRQ-006") == ("-", "-")
