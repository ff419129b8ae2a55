"""Messages: the rows on bookings, referrals, validations and what else is answered to them."""

# ruff: noqa: ANN001 - cases are rows of a table

from __future__ import annotations

from tests.sandbox.bench import CAD, CAS, ED, SENDER, Bench, code, ids, new_id
from tests.sandbox.harness_kit import (
    BOOK,
    BOOKING,
    BOOKING_501,
    CANCELLED,
    FULL,
    INTERIM,
    READ_405,
    READ_408,
    READ_429,
    READ_501,
    READ_503,
    REFER,
    REFERRAL,
    SCENE_1,
    SCENE_2,
    TEXT_1,
    TEXT_2,
    VALIDATE,
    VALIDATION,
    a_later,
    case,
    gives,
    later_on,
    reads,
    refuses,
    replies,
)
from workbench.compose import cancel, update
from workbench.messages import build, parse
from workbench.standard.urls import USE_CASES


@case("a1b89c63", "318f9d0c")
def _(bench, row) -> None:
    gives(bench, BOOK, "9658499007", BOOKING)
    gives(bench, REFER, "9658499058", REFERRAL)


@case("9f090151", "6f20ea3a")
def _(bench, row) -> None:
    gives(bench, BOOK, "none", BOOKING)
    other = bench.send(*BOOK)
    assert other.status_code == 200, "any other patient is taken too, under an id of its own"


@case("fac5b6b0")
def _(bench, row) -> None:
    refuses(bench, BOOK, row[1], row[2])


@case("952b4e1a")
def _(bench, row) -> None:
    refuses(bench, BOOK, row[1], row[2])


@case("2c4016f3", "440efe05")
def _(bench, row) -> None:
    later = a_later(bench, BOOK, "9658499007")
    bench.served.sandbox.reset()
    for _ in range(2):
        response = bench.post(later, ED)
        assert response.status_code == 200, response.text
        assert ids(response, "Appointment") == [BOOKING], "whatever was booked before"


@case("2c9a0ea3", "104f7e90")
def _(bench, row) -> None:
    assert code(reads(bench, BOOKING_501, 501, "Appointment")) == (501, "REC_NOT_IMPLEMENTED", "not-supported")


@case("32149d84")
def _(bench, row) -> None:
    """What is held under its id; one of the harness is always there, others only when they were booked."""
    bench.served.sandbox.reset()
    reads(bench, BOOKING, 200, "Appointment")
    reads(bench, "00000000-0000-4000-8000-000000000001", 404, "Appointment")


@case("32550f17")
def _(bench, row) -> None:
    gives(bench, BOOK, "9658499090", BOOKING_501)
    reads(bench, BOOKING_501, 501, "Appointment")


@case("1d15a0a3", "3c1387cf")
def _(bench, row) -> None:
    message = bench.message(*BOOK)
    entries = list(message.resource["entry"])
    double = next(one for one in entries if one["resource"]["resourceType"] == "Appointment")
    more = build(
        {**message.resource, "entry": [*entries, {**double, "fullUrl": f"urn:uuid:{new_id()}"}]}, message.syntax
    )
    assert code(bench.post(more, ED)) == (400, "REC_BAD_REQUEST", "invariant")


def with_status(message, type: str, status: str):
    entries = [
        {**one, "resource": {**one["resource"], "status": status}} if one["resource"]["resourceType"] == type else one
        for one in message.resource["entry"]
    ]
    return build({**message.resource, "entry": entries}, message.syntax)


@case("5d0bcba5", "0d710704")
def _(bench, row) -> None:
    new = with_status(bench.message(*BOOK), "Appointment", "proposed")
    assert bench.post(new, ED).status_code == 400
    later = with_status(a_later(bench, BOOK, "9658499007"), "Appointment", "noshow")
    assert bench.post(later, ED).status_code == 400


@case("bece340a", "4d4b8b05")
def _(bench, row) -> None:
    gives(bench, REFER, "9658499058", REFERRAL)
    gives(bench, REFER, "none", REFERRAL)


@case("70d99a38", "19a4496e")
def _(bench, row) -> None:
    assert bench.send("referral-cad", "a6t1", "2000159910").status_code == 200
    assert bench.send("referral-new", "a1t1", "2000159910").status_code == 422, "checked against Application 6"


@case("faf27870")
def _(bench, row) -> None:
    refuses(bench, REFER, row[1], row[2])


@case("9ace1d0a", "f9353a2a")
def _(bench, row) -> None:
    refuses(bench, REFER, row[1], row[2])


@case("ff3eb72f", "2f064079", "48c1df6d")
def _(bench, row) -> None:
    for known in (CANCELLED, REFERRAL):
        later = a_later(bench, REFER, "9658499058")
        later = parse(later.source.replace(REFERRAL.encode(), known.encode()))
        bench.served.sandbox.reset()
        response = bench.post(later, ED)
        assert response.status_code == 200, response.text
        assert ids(response, "ServiceRequest") == [known]


@case("a1911d4c", "b44f5549")
def _(bench, row) -> None:
    bench.served.sandbox.reset()
    found = reads(bench, REFERRAL, 200).json()
    assert (found["status"], found["intent"]) == ("active", "plan")
    codes = [coding["code"] for category in found["category"] for coding in category["coding"]]
    assert codes == ["referral", "referraltopharmacy", "a5t1"]
    assert found["authoredOn"] < f"{later_on():%Y-%m-%d}", "the day before"


@case("4155af4f")
def _(bench, row) -> None:
    bench.served.sandbox.reset()
    found = reads(bench, VALIDATION, 200).json()
    assert (found["status"], found["intent"]) == ("active", "plan")
    assert found["occurrencePeriod"]["end"]
    assert found["locationReference"]


@case("43abda98", "7f9993ab")
def _(bench, row) -> None:
    response = reads(bench, READ_405, 405)
    assert code(response)[1:] == ("REC_METHOD_NOT_ALLOWED", "not-supported")
    assert response.headers["Allow"] == "GET, POST"


@case("3239eabd", "556d7c3c")
def _(bench, row) -> None:
    assert code(reads(bench, READ_429, 429))[1] == "REC_TOO_MANY_REQUESTS"


@case("4a9a4338", "094a17af")
def _(bench, row) -> None:
    """BaRS words a 503 of a receiver anew (rule P14), with the other spelling of the code."""
    assert code(reads(bench, READ_503, 503)) == (503, "REC_SERVICE_UNAVAILABLE", "transient")


@case("8122eb45")
def _(bench, row) -> None:
    gives(bench, REFER, "9675199962", READ_405)
    reads(bench, READ_405, 405)


@case("23eab8d8")
def _(bench, row) -> None:
    gives(bench, REFER, "9657562376", READ_429)
    reads(bench, READ_429, 429)


@case("357a4f88")
def _(bench, row) -> None:
    gives(bench, REFER, "9999960529", READ_503)
    reads(bench, READ_503, 503)


def a_scene(bench: Bench, text: str):
    """A referral between ambulance trusts of the patient and condition that the harness looks for."""
    message = bench.message("referral-cad", "a6t1", CAD, family="Grayson")
    entries, told = [], False
    for one in message.resource["entry"]:
        resource = one["resource"]
        if resource["resourceType"] == "Condition" and not told:
            told = True
            one = {**one, "resource": {**resource, "code": {**resource.get("code", {}), "text": text}}}
        entries.append(one)
    assert told, "a referral between ambulance trusts has a Condition"
    return build({**message.resource, "entry": entries}, message.syntax)


def a_scene_update(bench: Bench, text: str, flag: str, encounter: str):
    """Its update, with the code of its Flags and the status of its Encounters."""
    first = a_scene(bench, text)
    answer = bench.post(first, CAD)
    assert answer.status_code == 200, answer.text
    later = update(first, parse(answer.content), now=later_on(), ids=new_id)
    entries = []
    for one in later.resource["entry"]:
        resource = one["resource"]
        if resource["resourceType"] == "Flag":
            system = "https://fhir.nhs.uk/CodeSystem/scene-safety-codes-bars"
            one = {**one, "resource": {**resource, "code": {"coding": [{"system": system, "code": flag}], "text": "?"}}}
        if resource["resourceType"] == "Encounter":
            one = {**one, "resource": {**resource, "status": encounter}}
        entries.append(one)
    return build({**later.resource, "entry": entries}, later.syntax)


@case("dfadfa41", "3959da49")
def _(bench, row) -> None:
    for text, id in ((TEXT_1, SCENE_1), (TEXT_2, SCENE_2)):
        assert ids(bench.post(a_scene(bench, text), CAD), "ServiceRequest") == [id]


@case("c68fecb8")
def _(bench, row) -> None:
    message = bench.message("referral-cad", "a6t1", CAD)
    kept = [one for one in message.resource["entry"] if one["resource"]["resourceType"] != "Location"]
    assert len(kept) < len(message.resource["entry"])
    assert bench.post(build({**message.resource, "entry": kept}, message.syntax), CAD).status_code == 400


def encounters(response) -> set[str]:
    assert response.status_code == 200, response.text
    found = [entry["resource"] for entry in response.json()["entry"]]
    return {one["status"] for one in found if one["resourceType"] == "Encounter"}


@case("126bc8c0")
def _(bench, row) -> None:
    message = a_scene_update(bench, TEXT_1, "U", "triaged")
    assert encounters(bench.post(message, CAD)) == {"in-progress"}
    assert bench.rule() == "dispatch-scenario-1-begun"


@case("6511cbfb")
def _(bench, row) -> None:
    message = a_scene_update(bench, TEXT_2, "S", "triaged")
    assert encounters(bench.post(message, CAD)) == {"in-progress"}
    assert bench.rule() == "dispatch-scenario-2-begun"


@case("f0445f28")
def _(bench, row) -> None:
    message = a_scene_update(bench, TEXT_1, "S", "triaged")
    assert encounters(bench.post(message, CAD)) == {"triaged"}, "it comes back as it was sent"
    assert bench.rule() == "dispatch-scenario-1-update"


@case("fa1d496e", "c09a8dd1")
def _(bench, row) -> None:
    gives(bench, VALIDATE, "none", VALIDATION)


@case("8481a8ad", "cac84232")
def _(bench, row) -> None:
    gives(bench, VALIDATE, "9658499082", READ_408)
    assert code(reads(bench, READ_408, 408))[1] == "REC_TIMEOUT"


@case("15f98fbb", "4b82b242")
def _(bench, row) -> None:
    gives(bench, VALIDATE, "9658499090", READ_501)
    reads(bench, READ_501, 501)


@case("e0ec5395", "8a0f5319")
def _(bench, row) -> None:
    for how in (update, cancel):
        later = a_later(bench, VALIDATE, "none", how)
        bench.served.sandbox.reset()
        response = bench.post(later, CAS)
        assert response.status_code == 200, response.text
        assert ids(response, "ServiceRequest") == [VALIDATION]


@case("bd151d79")
def _(bench, row) -> None:
    refuses(bench, VALIDATE, row[1], row[2])


@case("56be45d4", "0d24ea22")
def _(bench, row) -> None:
    refuses(bench, VALIDATE, row[1], row[2])


@case("98e468d6", "999dfec0")
def _(bench, row) -> None:
    names, (message,) = replies(bench, VALIDATE, "9658499147")
    assert names == [FULL]
    statuses = [one.resource["status"] for one in message.entries() if one.type == "Encounter"]
    assert "finished" in statuses


@case("2c3a58c2", "c6a1ee22")
def _(bench, row) -> None:
    names, (message,) = replies(bench, VALIDATE, "9658499155")
    assert names == [INTERIM]
    assert message.facts.focus_status == "in-progress", "as the standard has it, unlike the tool's own interim reply"


@case("24925dc3", "441163ce")
def _(bench, row) -> None:
    names, _ = replies(bench, VALIDATE, "9990000417", 2)
    assert names == [INTERIM, FULL], "the whole loop"


@case("c4ac77c8")
def _(bench, row) -> None:
    assert replies(bench, REFER, "9658499163")[0] == ["servicerequest-response-referral"]


@case("2bf9cffb")
def _(bench, row) -> None:
    assert replies(bench, REFER, "9658499171")[0] == ["servicerequest-response-referral"]
    assert [one["status"] for one in bench.told if one["direction"] == "out"][-1] == 401


@case("0e17b1d2", "4e7ec171")
def _(bench, row) -> None:
    message = bench.message(*REFER)
    response = bench.post(message, ED, echo="yes")
    assert (response.status_code, response.content) == (200, message.source)
    assert bench.rule() == "echo"
    assert bench.post(bench.message(*REFER), ED, echo="").content != message.source


@case("47cc8ce2")
def _(bench, row) -> None:
    message = bench.message(*REFER)
    entries = []
    for one in message.resource["entry"]:
        resource = one["resource"]
        if resource["resourceType"] == "ServiceRequest":
            kept = [row for row in resource["category"] if USE_CASES not in str(row)]
            one = {**one, "resource": {**resource, "category": kept}}
        entries.append(one)
    response = bench.post(build({**message.resource, "entry": entries}, message.syntax), ED)
    assert response.status_code == 400, response.text


@case("9fb00c5b")
def _(bench, row) -> None:
    message = bench.message(*REFER)
    spoilt = parse(message.source.replace(b'"a1t1"', b'"xxxxxxxxxxxxxxxxxxx"'))
    assert bench.post(spoilt, ED).status_code == 400


@case("180578c2", "a8ff3d81")
def _(bench, row) -> None:
    _, (message,) = replies(bench, VALIDATE, "9658499147")
    refused = parse(message.source.replace(b"9658499147", b"9658499139"))
    assert code(bench.post(refused, CAS)) == (401, "REC_UNAUTHORIZED", "security")


@case("c43ba449")
def _(bench, row) -> None:
    """By the services that stand for a sender; the others know what they sent, as the guide asks of a receiver."""
    _, (message,) = replies(bench, VALIDATE, "9658499147")
    there = parse(message.source.replace(SENDER.service_id.encode(), b"1374839566"))
    response = bench.post(there, "1374839566")
    assert (response.status_code, response.content) == (200, there.source)
    assert code(bench.post(message, CAS)) == (404, "REC_NOT_FOUND", "not-found")


@case("29393c5c", "70cda3f5")
def _(bench, row) -> None:
    """The statuses of the API rules go before the one of the harness: what is not offered is 405, unknown paths 404."""
    assert bench.get("/Slot", ED, method="PUT").status_code == 405
    assert bench.get("/Nothing", ED).status_code == 404
    assert bench.post(parse(b'{"resourceType": "Bundle", "type": "message"}'), ED).status_code == 400


@case("92dfcc63", "11df6269")
def _(bench, row) -> None:
    """The guide: an id that is not known is not found."""
    assert code(reads(bench, "00000000-0000-4000-8000-000000000002", 404)) == (404, "REC_NOT_FOUND", "not-found")


@case("c3f5e791", "cf47f9c3")
def _(bench, row) -> None:
    message = bench.message(*BOOK)
    answer = bench.post(message, ED).json()
    assert answer["id"] == message.facts.bundle_id, "the Bundle that was sent"
    assert all(entry["resource"]["id"] for entry in answer["entry"])
    referral = bench.message(*REFER)
    answer = bench.post(referral, ED).json()["entry"]
    assert len(answer) == len(referral.resource["entry"]) + 1, "one more: the receiver's Encounter"
    assert (answer[-1]["resource"]["resourceType"], answer[-1]["resource"]["status"]) == ("Encounter", "planned")
    assert answer[-1]["resource"]["identifier"][0]["value"]
