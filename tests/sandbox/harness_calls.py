"""Calls that read: the rows on capability, definitions and slots; the guide goes before the configuration."""

# ruff: noqa: ANN001 - cases are rows of a table

from __future__ import annotations

from tests.receiver.builders import DOS
from tests.sandbox.bench import ANY, CAD, CAS, ED, LEAST, Bench, code, ids
from tests.sandbox.harness_kit import (
    BOOKING,
    BOOKINGS,
    FULL,
    INTERIM,
    REFERRALS,
    case,
    offered,
    stated,
)
from workbench.standard.urls import USE_CASES


@case("7d06a307")
def _(bench, row) -> None:
    found = bench.slots(ANY, "free,busy").json()["entry"]
    slots = [entry["resource"] for entry in found if entry["resource"]["resourceType"] == "Slot"]
    assert slots
    assert all(slot["id"] for slot in slots)


@case("7ccabaa7")
def _(bench, row) -> None:
    good = bench.slots(ANY).request.url
    response = bench.http.get(str(good).replace("start=ge", "&start=ge", 1), headers=bench.slots(ANY).request.headers)
    assert response.status_code == 200, "an empty part of the query is passed over"


@case("5ce473ea", "1737240a", "d6040b91")
def _(bench, row) -> None:
    bench.served.sandbox.reset()
    query = [("patient:identifier", "https://fhir.nhs.uk/Id/nhs-number|9658499007")]
    response = bench.get("/Appointment", ED, query)
    assert ids(response, "Appointment") == [BOOKING]
    sample = response.json()["entry"][0]["resource"]
    assert (sample["status"], len(sample["participant"])) == ("booked", 1)
    assert sample["participant"][0]["status"] == "accepted"
    assert sample["slot"][0]["reference"].startswith("Slot/")
    assert sample["basedOn"][0]["reference"].startswith("ServiceRequest/")


@case("1c1a7b58")
def _(bench, row) -> None:
    message = bench.message("referral-full", "a1t1", ED)
    assert bench.post(message, ED).status_code == 200, "an Observation without a note is not flagged"


@case("9ccd9b7a", "405d296e", "3c569260")
def _(bench, row) -> None:
    assert bench.send("referral-pharmacy", "a5t1", "2000070513").status_code == 200
    other = bench.send("referral-new", "a1t1", "2000070513")
    assert code(other) == (422, "REC_UNPROCESSABLE_ENTITY", "not-supported"), "checked against Application 5"


@case("dcc39bf2")
def _(bench, row) -> None:
    message = bench.message("referral-pharmacy", "a5t1", "2000070513")
    same = {
        "X-Request-Id": "5d8f2c11-97a5-4e1c-8a55-2f6d1b6f0a01",
        "X-Correlation-Id": "5d8f2c11-97a5-4e1c-8a55-2f6d1b6f0a02",
    }
    assert bench.post(message, "2000070513", **same).status_code == 200
    assert code(bench.post(message, "2000070513", **same)) == (409, "REC_CONFLICT", "duplicate")
    assert bench.post(message, "2000070513").status_code == 200, "the same Bundle.id with other ids is no duplicate"


@case("40d71305", "95505f43")
def _(bench, row) -> None:
    for service in (ED, CAS, "2000070513", CAD):
        assert bench.definitions(service, context=f"{DOS}|FAIL0401").status_code == 401
        assert bench.definitions(service, context=f"{DOS}|FAIL0404").status_code == 404


@case("92f34471")
def _(bench, row) -> None:
    assert stated(bench.get("/metadata", ED)) == REFERRALS | BOOKINGS


@case("25a80b79")
def _(bench, row) -> None:
    assert stated(bench.get("/metadata", "2000076289")) == REFERRALS


@case("7233910c")
def _(bench, row) -> None:
    assert stated(bench.get("/metadata", "1374839566")) == {FULL, INTERIM}


@case("1664be07", "5d8d7503")
def _(bench, row) -> None:
    for service in (ANY, "2000073917"):
        assert bench.get("/metadata", service).json()["resourceType"] == "CapabilityStatement"


@case("d5d21f44", "b13f3601", "e2a6cec8")
def _(bench, row) -> None:
    """It is a receiver here as well: Overtown takes bookings and referrals."""
    assert "servicerequest-response-referral" in stated(bench.get("/metadata", "2000093816"))
    assert "servicerequest-response-referral" in offered(bench.definitions("2000093816"))[0]


@case("3af188d7")
def _(bench, row) -> None:
    assert "servicerequest-request-validation" in stated(bench.get("/metadata", CAS))


@case("815555ca", "6f2c192b")
def _(bench, row) -> None:
    names, codes = offered(bench.definitions(ED))
    assert names == REFERRALS | BOOKINGS
    assert codes >= {"a1t1", "a1t3", "a2t1", "a2t3"}


@case("7915f738", "dfe088dd")
def _(bench, row) -> None:
    names, codes = offered(bench.definitions("2000076289"))
    assert names == REFERRALS
    assert codes >= {"a1t1", "a1t3", "a1t5", "a2t1", "a2t3", "a3t1"}


@case("49151700", "2159210e")
def _(bench, row) -> None:
    """A withdrawal can be asked about besides."""
    names, codes = offered(bench.definitions(CAS))
    wanted = {"servicerequest-request-validation", "servicerequest-request-referral"}
    assert names == wanted | {"servicerequest-request-cancelled"}
    assert codes >= {"a4t1", "a4t2", "a4t3", "a3t1"}


@case("de377aab", "aaf42416")
def _(bench, row) -> None:
    names, codes = offered(bench.definitions("1374839566"))
    assert names == {FULL, INTERIM}
    assert codes >= {"a4t1", "a4t2", "a4t3"}


@case("c7d05c5f", "8781d57e")
def _(bench, row) -> None:
    names, codes = offered(bench.definitions("2000070513", f"{USE_CASES}|a5t1"))
    assert names == REFERRALS
    assert codes == {"a5t1"}, "the withdrawn code of the configuration is not offered"


@case("be93023d", "7e4d006f", "9ada86f8")
def _(bench, row) -> None:
    """Narrowed by the use case, as the guide has it; the configuration takes the service id alone."""
    for more in ((f"{USE_CASES}|a6t1",), ()):
        names, codes = offered(bench.definitions(CAD, *more))
        assert "servicerequest-request-referral" in names
        assert "a6t1" in codes
    assert offered(bench.definitions(CAD, f"{USE_CASES}|a6t1"))[1] == {"a6t1"}


@case("5d78b12b", "96518769", "0911122e")
def _(bench, row) -> None:
    for context in (f"{DOS}|2000071898", f"{DOS}|BAD"):
        response = bench.definitions("2000071898", context=context)
        offered(response)
        assert '"Invoice"' in response.text
    assert '"Invoice"' not in bench.definitions(ED).text


@case("28d36791", "069f4322")
def _(bench, row) -> None:
    """Those of the Applications that the service takes."""
    assert offered(bench.definitions(ANY))[0] >= REFERRALS | BOOKINGS


@case("2631c331")
def _(bench, row) -> None:
    response = bench.get("/MessageDefinition", ED)
    assert code(response) == (400, "REC_BAD_REQUEST", "required")


def slots_are(bench: Bench, response, free: int, busy: int, further: set[str]) -> None:
    assert response.status_code == 200, response.text
    found = [entry["resource"] for entry in response.json().get("entry", [])]
    states = [one["status"] for one in found if one["resourceType"] == "Slot"]
    assert (states.count("free"), states.count("busy")) == (free, busy)
    assert response.json()["total"] == free + busy
    assert {one["resourceType"] for one in found} - {"Slot"} == further


TWO = {"Schedule", "HealthcareService"}


@case("1587e2f8", "e1f91cbc", "e1d77e08")
def _(bench, row) -> None:
    """Further resources are those that are asked for, as the API specification has it."""
    response = bench.slots(ANY, includes=(*LEAST, "HealthcareService:location"))
    slots_are(bench, response, 2, 0, {*TWO, "Location"})
    starts = {entry["resource"].get("start", "")[11:16] for entry in response.json()["entry"]} - {""}
    assert starts == {"10:00", "10:15"}


@case("069abe02", "36cbee0a")
def _(bench, row) -> None:
    for status in ("free,busy", "busy,free"):
        slots_are(bench, bench.slots(ANY, status), 2, 1, TWO)


@case("ad28f3a5", "d451921e")
def _(bench, row) -> None:
    slots_are(bench, bench.slots("2000073917"), 0, 0, set())
    assert bench.rule() == "slots-none"


@case("bcfa55a8")
def _(bench, row) -> None:
    asked = (*LEAST, "HealthcareService:location", "HealthcareService:providedBy")
    slots_are(bench, bench.slots("1503499715", includes=asked), 2, 0, TWO)


@case("6203cb19", "02533585")
def _(bench, row) -> None:
    assert code(bench.slots("2000081230")) == (408, "REC_TIMEOUT", "timeout")


@case("e4ce7e5a", "c901df03")
def _(bench, row) -> None:
    for status in ("free", "busy", "free,busy"):
        slots_are(bench, bench.slots("2000071234", status), 0, 1, TWO)


@case("53be1cb1", "0d1b84f4")
def _(bench, row) -> None:
    slots_are(bench, bench.slots(ANY, includes=()), 2, 0, TWO)


@case("99e52935")
def _(bench, row) -> None:
    slots_are(bench, bench.slots(ANY, "busy"), 2, 0, TWO)


@case("1fb729c1")
def _(bench, row) -> None:
    """Its diary has more slots, so that it can be booked again and again."""
    free = bench.slots(ED).json()
    both = bench.slots(ED, "free,busy").json()
    assert 0 < free["total"] < both["total"]


@case("7d7c8401")
def _(bench, row) -> None:
    assert code(bench.get("/Slot", ED, [("status", "free")])) == (400, "REC_BAD_REQUEST", "required")


@case("c5314ec2")
def _(bench, row) -> None:
    """The guide's failure scenario goes before: a service that is not known is not found."""
    query = [("Schedule.actor:HealthcareService", f"{DOS}|9990000001")]
    assert code(bench.get("/Slot", ED, query)) == (404, "REC_NOT_FOUND", "not-found")
