"""Linked bookings and referrals for each organisation, refusals in detail, and the patients of the harness."""

# ruff: noqa: ANN001 - cases are rows of a table

from __future__ import annotations

import re

from tests.sandbox.bench import ED, Bench, code, ids, new_id
from tests.sandbox.harness_kit import (
    BOOK,
    REFER,
    case,
    later_on,
)
from workbench.compose import Links, acknowledge, cancel
from workbench.messages import build, nhs_number
from workbench.receiver.ruled import LINKED_BOOKING, LINKED_REFERRAL
from workbench.receiver.state import Person, person_of


@case("4bb31a43", "dcfd8bab", "996b6231", "beb5465d")
def _(bench, row) -> None:
    """Issue codes are those of the guide; the harness writes `invalid` nearly everywhere."""
    for kind, patient, wanted in (
        (REFER, "9658499066", (400, "REC_BAD_REQUEST", "invalid")),
        (BOOK, "9658499023", (409, "REC_CONFLICT", "conflict")),
        (BOOK, "9658499031", (422, "REC_UNPROCESSABLE_ENTITY", "processing")),
        (REFER, "9658499074", (500, "REC_SERVER_ERROR", "exception")),
    ):
        response = bench.send(*kind, patient)
        assert code(response) == wanted
        assert response.headers["X-Request-Id"] == response.request.headers["X-Request-Id"]
        assert response.json()["issue"][0]["diagnostics"].startswith("ZZN0"), "it names who refuses"


@case("3b0d194d")
def _(bench, row) -> None:
    """A failure of the program itself is 500 with the code of a receiver, not of the harness' engine."""
    assert bench.served.sandbox.refuse(500, "exception", "it failed", None).status == 500


LINKED_PATIENT, OTHER_PATIENT = "9728928254", "9707606312"
STATES = ("", "booked", "referred")


def linked(bench: Bench, event: str, patient: str, organisation: str):
    """One step: its answer."""
    if event == "booking":
        return bench.send(*BOOK, patient, organisation=organisation)
    if event == "linked":
        links = Links(appointment_id=LINKED_BOOKING)
        return bench.send(*REFER, patient, links=links, organisation=organisation)
    if event == "mis-linked":
        links = Links(appointment_id="00000000-0000-4000-8000-000000000003")
        return bench.send(*REFER, patient, links=links, organisation=organisation)
    kind = BOOK if event == "cancel booking" else REFER
    first = bench.message(*kind, patient)
    id = LINKED_BOOKING if kind is BOOK else LINKED_REFERRAL
    held = bench_acknowledged(first, id)
    later = cancel(first, held, now=later_on(), ids=new_id, why="It is no longer wanted.")
    return bench.post(later, kind[2], organisation=organisation)


def bench_acknowledged(first, id: str):
    answer = acknowledge(first, now=later_on(), ids=new_id, case_number="1")
    entries = [
        {**one, "resource": {**one["resource"], "id": id}}
        if one["resource"]["resourceType"] in ("Appointment", "ServiceRequest")
        else one
        for one in answer.resource["entry"]
    ]
    return build({**answer.resource, "entry": entries}, answer.syntax)


def walks(bench: Bench, event: str, cells: list[str]) -> None:
    """The event in each state is answered with the status that stands in its cell."""
    for number, (state, cell) in enumerate(zip(STATES, cells, strict=True)):
        for patient in (LINKED_PATIENT, OTHER_PATIENT):
            organisation = f"ZZQ0{number}"
            bench.served.sandbox.answers.linked.restore({})
            for step in ("booking", "linked")[: STATES.index(state)]:
                assert linked(bench, step, patient, organisation).status_code == 200
            response = linked(bench, event, patient, organisation)
            assert response.status_code == int(cell.split()[0]), (event, state, response.text)
            assert bench.rule() == "linked"
            if "→" in cell:
                after = re.split(r"→ *", cell)[1].split()[0].strip("*")
                names = {"empty": "", "AppointmentBooked": "booked", "ReferralCreated": "referred"}
                assert bench.served.sandbox.answers.linked.all()[organisation] == names[after]


@case("58a889db", "b85bdf4b")
def _(bench, row) -> None:
    walks(bench, "booking", row[1:])


@case("f03b0146", "316c49ab")
def _(bench, row) -> None:
    walks(bench, "cancel booking", row[1:])


@case("1950efeb", "e70d9d99")
def _(bench, row) -> None:
    walks(bench, "linked", row[1:])


@case("010b89ca", "4ad1e2c2")
def _(bench, row) -> None:
    walks(bench, "mis-linked", row[1:])


@case("990887e2", "52ae1ff6")
def _(bench, row) -> None:
    walks(bench, "cancel referral", row[1:])


@case("77866035", "c7e5a2b2", "6a0ff11f", "1a6a5491", "43bb95f0", "ed00493e", "7010385f", "3f516018")
@case("f11cea8d", "1587ec9b", "6a80d6db", "675e0291", "5e7bf68c")
def _(bench, row) -> None:
    """Each organisation by itself, both patients alike, nobody else; what the refusals say."""
    bench.served.sandbox.answers.linked.restore({})
    assert "no such booking" in linked(bench, "linked", LINKED_PATIENT, "ZZQ11").text
    assert ids(linked(bench, "booking", LINKED_PATIENT, "ZZQ11"), "Appointment") == [LINKED_BOOKING]
    assert code(linked(bench, "booking", OTHER_PATIENT, "ZZQ11")) == (409, "REC_CONFLICT", "conflict")
    assert linked(bench, "booking", OTHER_PATIENT, "ZZQ12").status_code == 200, "another organisation"
    assert "not linked" in linked(bench, "mis-linked", LINKED_PATIENT, "ZZQ11").text
    assert "no such referral" in linked(bench, "cancel referral", LINKED_PATIENT, "ZZQ11").text
    assert linked(bench, "linked", LINKED_PATIENT, "ZZQ11").status_code == 200
    assert "already exists" in linked(bench, "linked", LINKED_PATIENT, "ZZQ11").text
    assert bench.send(*BOOK).status_code == bench.send(*BOOK).status_code == 200, "no other patient"
    free = bench.send(*REFER, LINKED_PATIENT, organisation="ZZQ13")
    assert free.status_code == 200, "a referral that names no booking at all is an ordinary one"


def _patient(bench, row) -> None:
    """The demographics stand in a message as the row has them, and it gets what the number is a sentinel for."""
    number, family, given, born, sex, postcode = row
    assert nhs_number.is_valid(number)
    gender = {"M": "male", "F": "female"}[sex]
    facts = {"given": given, "birth_date": born, "gender": gender, "line": "1 Lane", "postcode": postcode}
    message = bench.message("referral-new", "a1t1", ED, number, family=family, **facts)
    person = person_of(next(one.resource for one in message.entries() if one.type == "Patient"))
    assert person == Person(number, family, given, born, postcode.replace(" ", ""))
    expected = {"9658499066": 400, "9658499074": 500}.get(number, 200)
    assert bench.post(message, ED).status_code == expected


PATIENTS = """
    6e61586c 3728091e a1f427cf 3cf376f6 41be12c8 6b7c300d c85b21f1 b3823172 a48ed87e 403493b8 3408d3ae 6802ba9b
    da0edd9f b1b4804a d804ee33 fc93b6fe 7649c89c
"""
case(*PATIENTS.split())(_patient)
