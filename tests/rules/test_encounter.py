from __future__ import annotations

import pytest

from tests.rules.applications import Case, callback, check, dispatch, url
from tests.rules.builders import (
    acknowledged,
    at,
    changed,
    composed,
    drop,
    findings,
    judged,
    mended,
    put,
    replied,
    validation,
    verdict,
)
from workbench.exchange import Response
from workbench.messages import build
from workbench.rules import Side
from workbench.standard import default_profile
from workbench.standard.urls import REJECTED_REASONS

REFERRAL = composed()
CASE = at(REFERRAL, "Encounter")
INTERIM, FULL, REJECTION = replied("validation-interim"), replied(), replied("validation-rejection")


def own(message: object) -> str:
    """The path of the Encounter in focus."""
    wanted = message.at(f"{at(message, 'MessageHeader')}.focus[0].reference")
    return next(entry.path for entry in message.entries() if entry.full_url == wanted)


@pytest.mark.parametrize(
    "case",
    [
        Case("ENC-003", (drop(f"{CASE}.identifier"),), f"{CASE}.identifier", ("w", "w")),
        Case("ENC-004", (drop(f"{CASE}.episodeOfCare"),), f"{CASE}.episodeOfCare", ("e", "e")),
        Case(
            "ENC-004",
            (put(f"{CASE}.episodeOfCare[0].reference", "EpisodeOfCare/mock"),),
            f"{CASE}.episodeOfCare[0].reference",
            ("w", "w"),
        ),
        Case("ENC-005", (put(f"{CASE}.class.code", "IMP"),), f"{CASE}.class.code", ("w", "w")),
        Case("ENC-005", (drop(f"{CASE}.class.system"),), f"{CASE}.class.system", ("w", "w"), True),
        Case("ENC-006", (drop(f"{CASE}.subject"),), f"{CASE}.subject", ("e", "e"), True),
        Case(
            "ENC-008",
            (put(f"{CASE}.period.end", "2026-11-24T09:00:00+00:00"), put(f"{CASE}.status", "in-progress")),
            f"{CASE}.period.end",
            ("w", "w"),
            True,
        ),
    ],
    ids=lambda case: f"{case.rule} {case.path.rpartition('resource.')[2]}",
)
def test_cases(case: Case) -> None:
    check(REFERRAL, case)


def test_a_virtual_case_is_right_too() -> None:
    assert judged(changed(REFERRAL, put(f"{CASE}.class.code", "VR")), "ENC-005") == ("-", "-")


def test_validations_say_when_they_began() -> None:
    asked = at(validation(), "Encounter")
    check(validation(), Case("ENC-008", (drop(f"{asked}.period"),), f"{asked}.period.start", ("w", "w")))
    assert judged(changed(REFERRAL, drop(f"{CASE}.period")), "ENC-008") == ("-", "-")


def test_call_backs_follow_finished_calls() -> None:
    asked = at(callback(), "Encounter")
    check(callback(), Case("ENC-001", (put(f"{asked}.status", "triaged"),), f"{asked}.status", ("w", "w")))


def test_answers_add_a_planned_case() -> None:
    taken = acknowledged()
    answer = Response(200, body=taken.source)
    assert not findings(verdict(taken, Side.RECEIVE, response=answer), "ENC-002")
    bare = Response(200, body=REFERRAL.source)
    (found,) = findings(verdict(REFERRAL, Side.RECEIVE, response=bare), "ENC-002")
    assert (found.path, found.severity.value) == ("Bundle.entry", "warning")
    assert not findings(verdict(REFERRAL, Side.RECEIVE), "ENC-002")
    other = at(taken, "Encounter", 1)
    late = changed(taken, put(f"{other}.status", "finished"))
    found_late = findings(verdict(late, Side.RECEIVE, response=Response(200, body=late.source)), "ENC-002")
    assert [one.path for one in found_late] == [f"{other}.status"]


def test_replies_say_why() -> None:
    for message in (INTERIM, FULL):
        place = f"{own(message)}.reasonCode"
        check(message, Case("ENC-007", (drop(place),), place, ("e", "e"), True))
    place = f"{own(REJECTION)}.reasonCode"
    check(REJECTION, Case("ENC-007", (drop(place),), place, ("e", "e")))
    check(REJECTION, Case("ENC-007", (drop(f"{place}[0].text"),), f"{place}[0].text", ("w", "w")))
    other = put(f"{place}[0].coding[0]", {"system": REJECTED_REASONS, "code": "OTH", "display": "Other"})
    check(changed(REJECTION, other), Case("ENC-007", (drop(f"{place}[0].text"),), f"{place}[0].text", ("e", "e")))


def test_a_rejection_may_be_told_as_the_pseudo_code_does() -> None:
    place = own(REJECTION)
    order = f"{at(REJECTION, 'ServiceRequest')}.status"
    triaged = changed(REJECTION, put(f"{place}.status", "triaged"))
    assert judged(triaged, "ENC-007") == ("e", "e")
    assert judged(changed(triaged, put(order, "revoked")), "ENC-007") == ("-", "-")
    assert judged(changed(triaged, put(order, "revoked"), drop(f"{place}.reasonCode")), "ENC-007") == ("e", "e")


def test_dispatch_tells_its_history() -> None:
    asked = at(dispatch(), "Encounter")
    for case in (
        Case("ENC-009", (drop(f"{asked}.statusHistory"),), f"{asked}.statusHistory", ("w", "w")),
        Case("ENC-009", (drop(f"{asked}.location"),), f"{asked}.location", ("w", "w")),
        Case(
            "ENC-009",
            (put(f"{asked}.statusHistory[0].status", "finished"),),
            f"{asked}.statusHistory[0].status",
            ("w", "w"),
        ),
        Case(
            "ENC-009",
            (drop(f"{asked}.statusHistory[0].period"),),
            f"{asked}.statusHistory[0].period.start",
            ("w", "w"),
        ),
    ):
        check(dispatch(), case)


def reply_of_dispatch() -> object:
    """A status update from dispatch: the request answered with a second Encounter, which is the focus."""
    request = dispatch()
    head, asked = at(request, "MessageHeader"), at(request, "Encounter")
    entry = {
        "fullUrl": url("second"),
        "resource": {**request.at(asked), "status": "arrived", "identifier": [{"system": "https://x", "value": "2"}]},
    }
    del entry["resource"]["statusHistory"]
    bundle = {**request.resource, "entry": [*request.resource["entry"], entry]}
    prefix = "https://fhir.nhs.uk/MessageDefinition/"
    return changed(
        build(bundle),
        put(f"{head}.eventCoding.code", "servicerequest-response"),
        put(f"{head}.definition", f"{prefix}bars-message-servicerequest-response-referral-short"),
        put(f"{head}.focus[0].reference", url("second")),
    )


def test_arrivals_and_histories_depend_on_the_version() -> None:
    reply = reply_of_dispatch()
    place = at(reply, "Encounter", 1)
    old, older = default_profile(6, "1.0.0-beta.7"), default_profile(6, "1.0.0-beta.6")
    assert [one.path for one in findings(verdict(reply, versions=old), "ENC-010")] == [f"{place}.status"]
    assert not findings(verdict(reply), "ENC-010")
    told = changed(reply, put(f"{place}.statusHistory", [{"status": "planned", "period": {"start": "2026-11-24"}}]))
    assert not findings(verdict(reply), "ENC-009")
    letters = [
        [(one.path, one.severity.value) for one in findings(verdict(told, versions=versions), "ENC-009")]
        for versions in (None, older)
    ]
    assert letters == [[(f"{place}.statusHistory", "warning")], [(f"{place}.statusHistory", "information")]]
    refused = changed(reply, put(f"{place}.status", "cancelled"))
    assert [one.path for one in findings(verdict(refused), "ENC-007")] == [f"{place}.reasonCode"]


def test_later_messages_stay_on_the_journey() -> None:
    place = f"{at(FULL, 'Encounter')}.episodeOfCare[0].reference"
    strayed = changed(FULL, put(place, "EpisodeOfCare/0badcafe-0000-4000-8000-00000000ffff"))
    (found,) = findings(verdict(strayed, original=validation()), "ENC-011")
    assert (found.path, found.severity.value) == (place, "error")
    assert not findings(verdict(mended(strayed, found), original=validation()), "ENC-011")
    assert not findings(verdict(FULL, original=validation()), "ENC-011")
