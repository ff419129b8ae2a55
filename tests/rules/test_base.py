"""The rules of base R4 in a verdict: their layer and places, repairs, and that no defect is told twice."""

from __future__ import annotations

import pytest

from tests.rules.builders import (
    at,
    called,
    changed,
    composed,
    drop,
    findings,
    fixes_itself,
    judged,
    mended,
    put,
    replied,
    short,
    verdict,
)
from workbench.exchange import Response
from workbench.messages import Edit, JsonObject, JsonValue, Layer, Message, Number, Severity, build, parse
from workbench.profiles.problems import Kind
from workbench.rules import Side, judge_bytes, rules, spec_of

REFERRAL = composed()
ORDER, PATIENT, HEADER = (at(REFERRAL, kind) for kind in ("ServiceRequest", "Patient", "MessageHeader"))


def base(message: Message) -> set[tuple[str, str]]:
    """(rule, path) of everything that the layers syntax and base say."""
    found = verdict(message, Side.RECEIVE).findings
    return {(one.rule, one.path) for one in found if one.layer in (Layer.BASE, Layer.SYNTAX)}


@pytest.mark.parametrize(
    ("rule", "edit"),
    [
        ("BAS-001", put(f"{PATIENT}.nickname", "a")),
        ("BAS-002", put(f"{PATIENT}.active", "true")),
        ("BAS-003", put(f"{PATIENT}.maritalStatus", {})),
        ("BAS-004", put(f"{PATIENT}.link", [{"other": {"reference": "Patient/1"}}])),
        ("BAS-005", put(f"{PATIENT}.maritalStatus", [{"text": "a"}, {"text": "b"}])),
        ("BAS-007", put(f"{PATIENT}.language", " en")),
        ("BAS-008", put(f"{PATIENT}.contact[0].gender", "junk")),
        ("BAS-009", put(f"{PATIENT}.multipleBirthString", "a")),
        ("BAS-010", put(f"{PATIENT}.managingOrganization", {"type": "Patient", "display": "a"})),
        ("BAS-011", put(f"{PATIENT}.photo", [{"data": "YQ=="}])),
    ],
)
def test_each_kind_of_mistake_has_its_rule(rule: str, edit: Edit) -> None:
    assert judged(changed(REFERRAL, edit), rule) == ("e", "e")
    (found,) = findings(verdict(changed(REFERRAL, edit)), rule)
    assert found.layer is Layer.BASE
    assert found.place is not None


def test_two_values_of_a_choice_have_their_rule() -> None:
    edits = (put(f"{PATIENT}.deceasedBoolean", False), put(f"{PATIENT}.deceasedDateTime", "2026"))
    assert judged(changed(REFERRAL, *edits), "BAS-006") == ("e", "e")


def test_every_kind_that_the_walk_finds_is_told_by_one_rule() -> None:
    own = {spec.id for spec in rules() if spec.id.startswith("BAS")}
    assert own == {f"BAS-{number:03}" for number in range(1, 13)}
    elsewhere = {Kind.BAD_TIME, Kind.BACKWARD_PERIOD}
    of_profiles = {
        Kind.OUTSIDE_VALUE_SET,
        Kind.FIXED,
        Kind.PATTERN,
        Kind.SLICE,
        Kind.EXTENSION,
        Kind.UNKNOWN_PROFILE,
    }
    assert len(set(Kind) - elsewhere - of_profiles) == len(own) - 1  # the last is about answers


@pytest.mark.parametrize(
    ("rule", "edit"),
    [
        ("BAS-001", put(f"{PATIENT}.birthdates", "1990-02-03")),
        ("BAS-002", put(f"{PATIENT}.active", "true")),
        ("BAS-003", put(f"{PATIENT}.maritalStatus", {})),
        ("BAS-008", put(f"{PATIENT}.contact[0].gender", "Female")),
    ],
)
def test_certain_repairs_mend_the_message(rule: str, edit: Edit) -> None:
    message = changed(REFERRAL, *([drop(f"{PATIENT}.birthDate")] if rule == "BAS-001" else []), edit)
    assert fixes_itself(message, rule)


def test_a_renamed_element_keeps_its_value() -> None:
    message = changed(REFERRAL, drop(f"{PATIENT}.gender"), put(f"{PATIENT}.Gender", "female"))
    (found,) = findings(verdict(message), "BAS-001")
    assert mended(message, found).at(f"{PATIENT}.gender") == "female"


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        (put("Bundle.total", Number("1")), {("BAS-011", "Bundle.total")}),
        (put("Bundle.entry[2].request", {"method": "POST", "url": "x"}), set()),
        (put("Bundle.entry[2].search", {"mode": "match"}), set()),
        (put("Bundle.type", "Message"), set()),
        (drop("Bundle.type"), set()),
        (put("Bundle.entry[2].fullUrl", "urn:uuid:1"), set()),
        (drop(f"{HEADER}.source"), set()),
        (put("Bundle.timestamp", "yesterday"), set()),
        (put(f"{PATIENT}.birthDate", "1990-02-31"), {("TIM-001", f"{PATIENT}.birthDate")}),
        (put(f"{ORDER}.requester.reference", "#none"), {("REF-003", f"{ORDER}.requester.reference")}),
    ],
)
def test_what_a_rule_of_the_standard_says_is_not_said_twice(edit: Edit, wanted: set[tuple[str, str]]) -> None:
    message = changed(REFERRAL, edit)
    assert base(message) == wanted
    assert not verdict(message, Side.RECEIVE).valid


def test_a_message_header_in_another_place_is_told_once() -> None:
    entries = REFERRAL.resource["entry"]
    assert isinstance(entries, list)
    message = build({**REFERRAL.resource, "entry": [*entries[1:], entries[0]]})
    assert base(message) == set()
    assert ("BUN-002", "e") in short(verdict(message))


def test_a_reference_to_an_entry_of_the_wrong_type_is_told_once() -> None:
    encounter = REFERRAL.at(f"{at(REFERRAL, 'Encounter').removesuffix('.resource')}.fullUrl")
    message = changed(REFERRAL, put(f"{PATIENT}.managingOrganization", {"reference": encounter}))
    assert base(message) == {("REF-004", f"{PATIENT}.managingOrganization.reference")}


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ({"resource": {}}, ("BAS-003", "Bundle.entry[1].resource")),
        ({"resource": None}, ("BAS-002", "Bundle.entry[1].resource")),
        (None, ("BAS-002", "Bundle.entry[1]")),
        ({"resource": {"id": "a"}}, ("BAS-004", "Bundle.entry[1].resource.resourceType")),
        ({"resource": {"resourceType": "Transport"}}, ("BAS-009", "Bundle.entry[1].resource.resourceType")),
    ],
)
def test_entries_without_a_resource_are_told(entry: JsonValue, wanted: tuple[str, str]) -> None:
    entries = REFERRAL.resource["entry"]
    assert isinstance(entries, list)
    message = build({**REFERRAL.resource, "entry": [entries[0], entry, *entries[1:]]})
    assert wanted in base(message)


def test_an_unknown_element_of_xml_is_told_once() -> None:
    source = b'<Patient xmlns="http://hl7.org/fhir"><Gender value="female"/></Patient>'
    found = judge_bytes(source, versions=None, side=Side.RECEIVE, timer=lambda: 0.0)[1].findings
    assert [(one.rule, one.path) for one in found if one.layer in (Layer.BASE, Layer.SYNTAX)] == [
        ("BAS-001", "Patient.Gender")
    ]


def test_a_value_of_xml_that_is_none_of_its_type_is_told() -> None:
    source = b'<Patient xmlns="http://hl7.org/fhir"><active value="TRUE"/><multipleBirthInteger value="two"/></Patient>'
    found = judge_bytes(source, versions=None, side=Side.RECEIVE, timer=lambda: 0.0)[1].findings
    assert [(one.rule, one.path) for one in found] == [
        ("BAS-002", "Patient.active"),
        ("BAS-007", "Patient.multipleBirthInteger"),
    ]


def test_single_resources_and_searchsets_are_judged_too() -> None:
    assert short(verdict(build({"resourceType": "Slot", "status": "free"}), Side.RECEIVE)) == {("BAS-004", "e")}


def test_the_body_of_an_answer_is_judged() -> None:
    body = build({"resourceType": "OperationOutcome", "issue": [{"severity": "bad", "code": "invalid"}]})
    found = verdict(REFERRAL, request=called(REFERRAL), response=Response(400, "Bad Request", (), body.source))
    (told,) = findings(found, "BAS-012")
    assert (told.path, told.layer, told.fix) == ("OperationOutcome.issue[0].severity", Layer.RESPONSE, None)
    good = verdict(REFERRAL, request=called(REFERRAL), response=Response(200, "OK", (), REFERRAL.source))
    assert findings(good, "BAS-012") == []


def test_what_is_said_of_an_answer_is_not_of_the_request() -> None:
    wrong = changed(REFERRAL, put(f"{PATIENT}.gender", "junk"))
    found = verdict(wrong, request=called(wrong), response=Response(200, "OK", (), wrong.source))
    (of_request,), (of_answer,) = findings(found, "BAS-008"), findings(found, "BAS-012")
    assert of_request.path == of_answer.path == f"{PATIENT}.gender"
    assert of_request.place is not None
    assert of_answer.place is None


@pytest.mark.parametrize(
    ("rule", "element"),
    [
        ("BAS-007", {"photo": [{"url": " https://mock.example/a", "contentType": "image/png"}]}),
        ("BAS-010", {"managingOrganization": {"reference": "Organisation/1"}}),
    ],
)
def test_what_a_reader_still_understands_is_no_reason_to_refuse(rule: str, element: JsonObject) -> None:
    assert judged(build({"resourceType": "Patient", **element}), rule) == ("e", "w")


def test_a_leap_second_is_a_note() -> None:
    path = f"{PATIENT}.meta.lastUpdated"
    (found,) = findings(verdict(changed(REFERRAL, put(path, "2016-12-31T23:59:60Z")), Side.RECEIVE), "TIM-001")
    assert found.severity is Severity.INFORMATION


@pytest.mark.parametrize("text", [b'"a\\ud800": 1', b'"a\\u0000": 1', b'"a\\ud800": 1, "a\\ud800": 2'])
def test_names_that_nobody_can_send_are_told_at_their_owner(text: bytes) -> None:
    source = b'{"resourceType": "Patient", "contact": [{"gender": "male", ' + text + b"}]}"
    message = parse(source)
    assert {remark.path for remark in message.remarks} == {"Patient.contact[0]"}
    found = judge_bytes(source, versions=None, side=Side.RECEIVE, timer=lambda: 0.0)[1].findings
    assert all(one.place for one in found)
    assert "BAS-001" in {one.rule for one in found}
    assert "".join(one.text for one in found).encode()


def test_help_says_what_to_do() -> None:
    for number in range(1, 13):
        spec = spec_of(f"BAS-{number:03}")
        assert spec is not None
        assert len(spec.doc.split()) > 20


def test_the_address_form_of_a_quoted_id_is_told_by_the_rule_on_replies() -> None:
    reply = replied()
    place = f"{at(reply, 'MessageHeader')}.response.identifier"
    prefixed = changed(reply, put(place, f"urn:uuid:{reply.facts.response_to}"))
    assert judged(prefixed, "BAS-007") == ("e", "-")
    assert judged(prefixed, "MSG-015") == ("w", "w")
    assert judged(changed(reply, put(place, "urn:uuid:case 1")), "MSG-015") == ("e", "e")
    asked = changed(REFERRAL, put(f"{HEADER}.response", {"identifier": f"urn:uuid:{reply.facts.response_to}"}))
    assert judged(asked, "BAS-007") == ("e", "e")
