"""Elements in the reader's words."""

from __future__ import annotations

import time

import pytest

from workbench.messages import Words, describe, owner_of
from workbench.messages.words import LONGEST, ordinal, plain_name, type_words, words_of

PATIENT = {
    "resourceType": "Patient",
    "name": [{"family": "Secretname", "given": ["Ann", "Bea"]}],
    "telecom": [{"system": "phone", "value": "1"}, {"system": "email"}, {"system": "phone", "value": "2"}],
    "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990001071"}],
    "address": [{"line": ["1 Road"]}],
    "extension": [{"url": "https://example.org/Extension-UKCore-NHSNumberVerificationStatus"}],
}
CHEST = {"resourceType": "Condition", "code": {"coding": [{"code": "1", "display": "Chest pain"}]}}
WARD = {"resourceType": "Location", "name": "Ward <b>7</b>\n\x1b[31m"}
MESSAGE = {
    "resourceType": "Bundle",
    "type": "message",
    "entry": [
        {"resource": {"resourceType": "MessageHeader"}},
        {"resource": PATIENT},
        {"resource": {"resourceType": "Condition"}},
        {"resource": CHEST},
        {"fullUrl": "urn:uuid:x"},
        {"resource": WARD},
    ],
}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("Bundle", "the message"),
        ("Bundle.id", "the message's id"),
        ("Bundle.entry[0].resource.destination[0].receiver.reference", "the message header's destination, receiver"),
        ("Bundle.entry[1].resource", "the patient"),
        ("Bundle.entry[1].resource.telecom[2].value", "the patient's second phone"),
        ("Bundle.entry[1].resource.telecom[1].use", "the patient's email, use"),
        ("Bundle.entry[1].resource.telecom[9].use", "the patient's tenth contact detail, use"),
        ("Bundle.entry[1].resource.identifier[0].value", "the patient's NHS number"),
        ("Bundle.entry[1].resource.name[0].given[1]", "the patient's name, second given name"),
        ("Bundle.entry[1].resource.telecom", "the patient's contact details"),
        ("Bundle.entry[1].resource.birthDate", "the patient's date of birth"),
        (
            "Bundle.entry[1].resource.extension[0].valueCodeableConcept.coding[0].code",
            "the patient's NHS number verification status extension, value, code",
        ),
        ("Bundle.entry[2].resource.onsetDateTime", "the first condition's onset"),
        ("Bundle.entry[3].resource.onsetDateTime", "the second condition, Chest pain: onset"),
        ("Bundle.entry[3].fullUrl", "the second condition, Chest pain: entry, full URL"),
        ("Bundle.entry[4].fullUrl", "the fifth entry's full URL"),
        ("Bundle.entry[99]", "the 100th entry"),
        ("headers['NHSD-Target-Identifier'].system", "NHSD-Target-Identifier header, system"),
        ("parameters['start'][0]", "Parameter start"),
        ("not a path", "not a path"),
    ],
)
def test_an_element_is_named_by_what_its_resource_says(path: str, words: str) -> None:
    assert Words(MESSAGE).describe(path) == words
    assert describe(path, MESSAGE) == words


def test_a_resource_alone_and_a_path_alone_are_named_too() -> None:
    assert describe("Patient.telecom[2].value", PATIENT) == "the patient's second phone"
    assert describe("Patient.birthDate") == "the patient's date of birth"
    assert describe("Patient.birthDate", MESSAGE) == "the patient's date of birth"
    assert describe("Bundle.entry", {"resourceType": "Bundle", "type": "searchset"}) == "the bundle's entry"
    contained = {"resourceType": "Task", "contained": [{"resourceType": "Organization", "name": "Clinic"}]}
    assert describe("Task.contained[0].alias", contained) == "the organization, Clinic: alias"


def test_no_person_is_named_and_nothing_of_another_resource_is_said() -> None:
    words = Words(MESSAGE)
    for kind in ("Patient", "Practitioner", "RelatedPerson"):
        person = {**PATIENT, "resourceType": kind}
        assert "Secretname" not in Words(person).describe(f"{kind}.name[0].family")
    assert "Chest" not in words.describe("Bundle.entry[2].resource.code")


def test_names_from_a_message_are_plain_and_short() -> None:
    assert Words(MESSAGE).describe("Bundle.entry[5].resource.mode") == "the location, Ward <b>7</b> [31m: mode"
    assert plain_name("word " * 50).endswith("word…")
    assert len(plain_name("x" * 500)) == LONGEST
    assert plain_name("a\u202eb\0c") == "a b c"


def test_shapes_that_fhir_does_not_know_are_named_all_the_same() -> None:
    odd = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient", "telecom": "x", "name": [1]}}]}
    assert describe("Bundle.entry[0].resource.telecom[0].value", odd) == "the patient's contact detail"
    assert describe("Bundle.entry[0].resource.name[0].made.up", odd) == "the patient's name, made, up"
    assert describe("Bundle.entry[0].id", {"resourceType": "Bundle", "entry": "x"}) == "the first entry's id"


def test_every_element_belongs_to_one_resource() -> None:
    assert owner_of("Bundle.entry[3].resource.code") == "Bundle.entry[3].resource"
    assert owner_of("Bundle.entry[3].fullUrl") == "Bundle.entry[3].resource"
    assert owner_of("Bundle.meta.profile[0]") == owner_of("Bundle") == "Bundle"
    assert owner_of("headers['X-Request-Id']") == ""


def test_names_and_numbers_in_words() -> None:
    assert [ordinal(n) for n in (1, 10, 11, 12, 21, 22, 113)] == [
        "first", "tenth", "11th", "12th", "21st", "22nd", "113th",
    ]  # fmt: skip
    assert words_of("_birthDate") == "birth date"
    assert type_words("ServiceRequest") == "Service request"


def test_a_long_list_costs_once() -> None:
    """Each of 20,000 items is asked for; counting the list anew for every one would take minutes."""
    phones = [{"system": "phone"}] * 20_000
    words = Words({"resourceType": "Patient", "telecom": phones})
    started = time.perf_counter()
    for number in range(0, len(phones)):
        words.describe(f"Patient.telecom[{number}].use")
    assert time.perf_counter() - started < 5
