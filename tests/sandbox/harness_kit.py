"""What the cases of the rows on the national harness share: how they are found, ids, what is looked at."""

# ruff: noqa: ANN001 - what tests hand through

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from tests.sandbox.bench import CAS, ED, Bench, ids, new_id, now
from workbench.compose import cancel
from workbench.messages import parse
from workbench.standard.urls import USE_CASES

Case = Callable[[Bench, list[str]], None]
CASES: dict[str, Case] = {}

REFERRAL, CANCELLED = "79120f41-a431-4f08-bcc5-1e67006fcae0", "09b53c07-2a21-4ba5-ac8b-f33e486d794d"
READ_405, READ_429 = "61215702-0049-4d76-9807-2123f0a6ca15", "9d280ad9-6dda-46d2-a75e-f5b47b2f4e87"
READ_503 = "4d65ddaa-4d09-41cd-87c9-aeb9c0c96352"
VALIDATION, READ_408 = "0b42eac3-0175-43c8-bbab-efaa8ca31ccf", "9e595424-9d67-45db-9a90-03259653cd37"
READ_501 = "c337e8d8-fd5b-4a13-a8e4-0f6f4ac1bb1a"
BOOKING, BOOKING_501 = "ce1c4ced-2a84-4198-9982-9caf894d0bb7", "0d440c22-7f25-4c6c-905d-2213d197d02a"
SCENE_1, SCENE_2 = "02b3eea8-014c-42f6-944e-af562e9631a1", "1118ec8e-0602-4d02-af8a-7b3cb72be619"
TEXT_1, TEXT_2 = "Arrest/ Peri Arrest", "Maternity Complications"
BOOK, REFER, VALIDATE = ("booking-new", "a1t1", ED), ("referral-new", "a1t1", ED), ("validation-new", "a4t1", CAS)
STEM = "bars-message-"


def case(*digests: str) -> Callable[[Case], Case]:
    def kept(function: Case) -> Case:
        for digest in digests:
            assert digest not in CASES, digest
            CASES[digest] = function
        return function

    return kept


def offered(response) -> tuple[set[str], set[str]]:
    """Names of the message definitions and codes of the use cases in an answer."""
    assert response.status_code == 200, response.text
    found = [entry["resource"] for entry in response.json()["entry"]]
    codes = {
        coding["code"]
        for one in found
        for context in one["useContext"]
        for coding in context["valueCodeableConcept"]["coding"]
        if coding["system"] == USE_CASES
    }
    return {one["name"].removeprefix(STEM) for one in found}, codes


def stated(response) -> set[str]:
    """Names of the message definitions in a CapabilityStatement."""
    assert response.status_code == 200, response.text
    messages = response.json()["messaging"][0]["supportedMessage"]
    return {one["definition"].rsplit("/", 1)[-1].removeprefix(STEM) for one in messages if one["mode"] == "receiver"}


REFERRALS = {"servicerequest-request-referral", "servicerequest-request-cancelled"}
BOOKINGS = {"booking-request", "booking-request-cancelled"}
FULL, INTERIM = "servicerequest-response-validation-full", "servicerequest-response-validation-interim"


def refuses(bench: Bench, kind: tuple[str, str, str], patients: str, statuses: str) -> None:
    """New messages about patients get the statuses, in turn, as sentinels of the table."""
    numbers = re.findall(r"\d{10}|…\d{3}", patients)
    wanted = [int(one) for one in re.findall(r"\b[45]\d\d\b", statuses)]
    assert len(numbers) == len(wanted) > 0
    for number, status in zip(numbers, wanted, strict=True):
        number = f"9658499{number[1:]}" if number.startswith("…") else number
        response = bench.send(*kind, number)
        assert response.status_code == status, (number, response.text)
        assert response.json()["issue"][0]["details"]["coding"][0]["code"].startswith("REC_")
        assert str(status) in bench.rule(), "the rule that fired is told"


def gives(bench: Bench, kind: tuple[str, str, str], patient: str, id: str) -> None:
    response = bench.send(*kind, patient)
    assert response.status_code == 200, response.text
    assert ids(response, "Appointment" if kind is BOOK else "ServiceRequest") == [id]


def reads(bench: Bench, id: str, status: int, kind: str = "ServiceRequest"):
    response = bench.get(f"/{kind}/{id}", ED)
    assert response.status_code == status, response.text
    return response


def later_on() -> datetime:
    """A moment after now, for what follows."""
    return now() + timedelta(seconds=1)


def a_later(bench: Bench, kind: tuple[str, str, str], patient: str, how=cancel):
    """A message and its withdrawal or update."""
    first = bench.message(*kind, patient)
    answer = bench.post(first, kind[2])
    assert answer.status_code == 200, answer.text
    words = {"why": "It is no longer wanted."}
    return how(first, parse(answer.content), now=later_on(), ids=new_id, **words)


def replies(bench: Bench, kind: tuple[str, str, str], patient: str, count: int = 1):
    """The definitions of the replies that a message starts, and the messages themselves."""
    bench.on_loop(bench.served.sandbox.settle())
    bench.listener.messages.clear()
    bench.listener.statuses.clear()
    if patient == "9658499171":
        bench.listener.statuses.append(401)
    original = bench.message(*kind, patient)
    response = bench.post(original, kind[2])
    assert response.status_code == 200, response.text
    found = bench.listener.wait(count)
    bench.on_loop(bench.served.sandbox.settle())
    assert len(found) == count
    for one in found:
        assert one.facts.response_to == original.facts.bundle_id
        assert one.facts.source_endpoint == original.facts.destination_endpoint
        assert one.facts.destination_endpoint == original.facts.source_endpoint
    return [one.facts.definition.rsplit("/", 1)[-1].removeprefix(STEM) for one in found], found
