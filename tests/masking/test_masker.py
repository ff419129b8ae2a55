"""Messages without the people in them."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

import pytest

from tests.builders import PATIENT, a_setting
from workbench.compose import compose
from workbench.masking import Masker, Pseudonyms
from workbench.messages import Syntax, build, convert, parse, tree

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.messages import JsonObject

MASKER = Masker(Pseudonyms(b"key"))

SEEDED = [
    *("Zyxfamily", "Zyxgiven", "Zyxsecond", "Zyxtext", "Zyxphone1"),
    *("zyxmail@zyx.example", "Zyxline1", "Zyxline2", "Zyxcity", "Zyxdistrict"),
    *("Zyxpostcode", "Zyxaddresstext", "ZyxhospitalNo", "Zyxcontact", "Zyxcontactgiven"),
    *("Zyxcontactphone", "Zyxphoto", "Zyxnarrative", "Zyxnote", "Zyxdescription"),
    *("Zyxcomment", "Zyxanswer", "Zyxconcepttext", "Zyxdisplay", "Zyxextension"),
    *("Zyxrelated", "Zyxrelatedgiven", "Zyxpractitioner", "Zyxrole", "Zyxplace"),
    *("Zyxplaceline", "Zyxpayload", "Zyxpatientinstruction", "Zyxcode", "Zyxvaluestring"),
    *("Zyxtitle", "Zyxunknown", "Zyxassigner", "Zyxperiodtext", "Zyxreason"),
]


def a_seeded_bundle() -> JsonObject:
    s = iter(SEEDED)
    patient = {
        "resourceType": "Patient",
        "name": [{"family": next(s), "given": [next(s), next(s)], "text": next(s)}],
        "telecom": [{"system": "phone", "value": next(s)}, {"system": "email", "value": next(s)}],
        "address": [
            {
                "line": [next(s), next(s)],
                "city": next(s),
                "district": next(s),
                "postalCode": next(s),
                "text": next(s),
            }
        ],
        "identifier": [
            {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9434765919"},
            {"system": "https://x/hospital", "value": next(s)},
        ],
        "birthDate": "1959-05-04",
        "contact": [{"name": {"family": next(s), "given": [next(s)]}, "telecom": [{"value": next(s)}]}],
        "photo": [{"contentType": "image/png", "title": next(s)}],
        "text": {"status": "generated", "div": f"<div>{next(s)}</div>"},
    }
    request = {
        "resourceType": "ServiceRequest",
        "note": [{"text": next(s)}],
        "reasonCode": [{"text": "plain"}],
        "subject": {"reference": "Patient/9434765919", "display": "?"},
    }
    care_plan = {"resourceType": "CarePlan", "description": next(s), "status": "active"}
    appointment = {"resourceType": "Appointment", "comment": next(s)}
    response = {"resourceType": "QuestionnaireResponse", "item": [{"answer": [{"valueString": next(s)}]}]}
    condition = {"resourceType": "Condition", "code": {"text": next(s)}}
    request["subject"]["display"] = next(s)  # type: ignore[index]
    patient["extension"] = [{"url": "https://x/place", "valueString": next(s)}]
    related = {"resourceType": "RelatedPerson", "name": [{"family": next(s), "given": [next(s)]}]}
    practitioner = {"resourceType": "Practitioner", "name": [{"family": next(s)}]}
    role = {"resourceType": "PractitionerRole", "identifier": [{"value": next(s)}]}
    location = {"resourceType": "Location", "name": next(s), "address": {"line": [next(s)]}}
    communication = {"resourceType": "Communication", "payload": [{"contentString": next(s)}]}
    request["patientInstruction"] = next(s)
    observation = {"resourceType": "Observation", "code": {"text": next(s)}, "valueString": next(s)}
    document = {"resourceType": "DocumentReference", "content": [{"attachment": {"title": next(s), "data": "Wnl4"}}]}
    request["unknownElement"] = {"inside": [next(s)]}
    patient["identifier"].append({"value": "X1", "assigner": {"display": next(s)}})  # type: ignore[attr-defined]
    task = {"resourceType": "Task", "description": next(s), "statusReason": {"text": next(s)}}
    assert next(s, None) is None
    everything = [patient, request, care_plan, appointment, response, condition, related, practitioner, role, location]
    everything += [communication, observation, document, task]
    bundle = {"resourceType": "Bundle", "type": "message", "entry": [{"resource": r} for r in everything]}
    return parse(json.dumps(bundle).encode()).resource


def test_none_of_forty_personal_texts_is_left_in_json_or_xml() -> None:
    assert len(SEEDED) == 40
    masked = build(MASKER.resource(a_seeded_bundle()))
    for text in (masked.text, convert(masked, Syntax.XML).text):
        assert [word for word in SEEDED if word.lower() in text.lower()] == []
        assert "9434765919" not in text
        assert "1959-05-04" not in text
        assert "Wnl4" not in text


def test_what_is_masked_is_replaced_in_texts_that_quote_it_in_any_case() -> None:
    bundle = a_seeded_bundle()
    quoted = " / ".join([*SEEDED, *(word.upper() for word in SEEDED), "9434765919", "943 476 5919"])
    masked = MASKER.text(quoted, [bundle])
    assert [word for word in SEEDED if word.lower() in masked.lower()] == []
    assert "9434765919" not in masked
    assert "943 476 5919" not in masked


def test_a_number_is_masked_in_the_groups_it_was_written_in() -> None:
    plain = MASKER.text("9434765919")
    assert MASKER.text("943 476 5919") == f"{plain[:3]} {plain[3:6]} {plain[6:]}"
    assert MASKER.text("943-476-5919") == f"{plain[:3]}-{plain[3:6]}-{plain[6:]}"


def test_a_list_names_somebody_as_their_messages_do() -> None:
    (name,) = tree.objects(_patient(MASKER.resource(a_seeded_bundle()))["name"])
    assert MASKER.name("Zyxgiven Zyxsecond", "Zyxfamily") == name["text"]


def test_a_list_that_repeats_the_call_names_nobody() -> None:
    link = {"relation": "self", "url": "https://x/Appointment?patient:name=Zyxfamily&q=%209434765919"}
    bundle: JsonObject = {"resourceType": "Bundle", "type": "searchset", "link": [link]}
    masked = build(MASKER.resource(bundle)).text
    assert "Zyxfamily" not in masked
    assert "9434765919" not in masked
    assert "https://x/Appointment?patient:name=" in masked


def test_the_same_person_gets_the_same_name_and_number_in_two_messages() -> None:
    first, second = (
        MASKER.resource(compose(name, a_setting(), now=_now(), ids=_ids(name)).resource)
        for name in ("referral-full", "booking-new")
    )
    patients = [_patient(message) for message in (first, second)]
    assert patients[0]["name"] == patients[1]["name"]
    assert patients[0]["identifier"] == patients[1]["identifier"]
    assert PATIENT.family not in json.dumps(patients[0]["name"], default=str)


def test_initials_and_year_of_birth_stay() -> None:
    bundle = a_seeded_bundle()
    (name,) = tree.objects(_patient(MASKER.resource(bundle))["name"])
    assert str(name["family"])[0] == "Z"
    assert str(_patient(MASKER.resource(bundle))["birthDate"]).startswith("1959-")


def test_the_input_is_not_changed_and_masking_is_the_same_each_time() -> None:
    bundle = a_seeded_bundle()
    before = build(bundle).source
    assert MASKER.resource(bundle) == MASKER.resource(bundle)
    assert build(bundle).source == before


def test_codes_references_times_and_organisations_stay() -> None:
    kept: JsonObject = {
        "resourceType": "Bundle",
        "entry": [
            {
                "fullUrl": "urn:uuid:1",
                "resource": {
                    "resourceType": "ServiceRequest",
                    "status": "active",
                    "authoredOn": "2026-01-01T10:00:00Z",
                    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1", "display": "Chest pain"}]},
                    "subject": {"reference": "urn:uuid:2"},
                },
            },
            {"resource": {"resourceType": "Organization", "name": "Northgate", "address": [{"city": "Northgate"}]}},
        ],
    }
    assert MASKER.resource(kept) == kept


def test_a_number_that_is_no_nhs_number_stays_in_a_text() -> None:
    assert MASKER.text("slot 1234567890 of 2026") == "slot 1234567890 of 2026"


@pytest.mark.parametrize("name", ["REFREQ01", "REFREQ04", "VALRESP02", "BOOKREQ01", "REFREQ11"])
def test_an_official_message_keeps_its_shape_and_loses_its_people(shared: Path, name: str) -> None:
    (path,) = (shared / "data/examples/xml").glob(f"{name} -*.xml")
    message = parse(path.read_bytes())
    masked = build(MASKER.resource(message.resource))
    assert masked.facts.resource_ids == message.facts.resource_ids
    assert masked.facts.event == message.facts.event
    assert [r.target_entry for r in masked.references()] == [r.target_entry for r in message.references()]
    lost = [was for was, mask in MASKER.replacements(message.resource).items() if not mask.startswith("[masked, ")]
    told = {str(value) for _, value in tree.walk(masked.resource, "") if isinstance(value, str)}
    assert not told & set(lost)


def _patient(bundle: JsonObject) -> JsonObject:
    entries = [tree.as_object(entry.get("resource")) for entry in tree.objects(bundle["entry"])]
    return next(entry for entry in entries if entry["resourceType"] == "Patient")


def _now() -> object:
    from datetime import UTC, datetime

    return datetime(2026, 1, 1, tzinfo=UTC)


def _ids(name: str) -> object:
    numbers = itertools.count(1)
    return lambda: f"{sum(name.encode()):08x}-0000-4000-8000-{next(numbers):012}"
