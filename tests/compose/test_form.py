"""The form of a message, made from its table: form, form_table, form_places, form_values and form_names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from workbench.compose.form import CardView, FieldView, FormView, form_of
from workbench.compose.form_names import entry_name, own_name, targets
from workbench.compose.form_places import element_of, holds, locate, uncovered
from workbench.compose.form_table import FieldKind, FieldSpec, form_table
from workbench.compose.form_values import written
from workbench.messages import Edit, EditOp, JsonObject, Message, Number, build, parse, rewrite
from workbench.standard import default_profile
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENT: JsonObject = {
    "resourceType": "Patient",
    "identifier": [
        {"system": "https://x.example/id", "value": "7"},
        {"use": "official", "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990001073"},
    ],
    "name": [{"family": "Jones", "given": ["Julie", "Ann"]}],
    "telecom": [{"system": "phone", "value": "01632 960417"}],
    "birthDate": "1959-05-04",
    "multipleBirthBoolean": False,
    "photo": [{"title": "a"}],
}
FLAG: JsonObject = {
    "resourceType": "Flag",
    "status": "active",
    "code": {"coding": [{"system": "https://fhir.nhs.uk/CodeSystem/scene-safety-codes-bars", "code": "S"}]},
    "subject": {"reference": "urn:uuid:p", "display": "Julie"},
    "encounter": {"reference": "urn:uuid:gone"},
}


def bundle(*resources: JsonObject) -> Message:
    """A Bundle of resources whose fullUrls are the first letters of their types."""
    entries: list[object] = [
        {"fullUrl": f"urn:uuid:{str(one['resourceType'])[0].lower()}", "resource": one} for one in resources
    ]
    return parse(json.dumps({"resourceType": "Bundle", "type": "message", "entry": entries}, default=str).encode())


def form(message: Message) -> FormView:
    """The form by the default versions."""
    return form_of(message, default_profile())


def cards(shown: FormView) -> Iterator[CardView]:
    """Every card."""
    for section in shown.sections:
        yield from section.cards


def field(message: Message, label: str, kind: str = "") -> FieldView:
    """The first field of a label."""
    return next(
        one
        for card in cards(form(message))
        for one in card.all_fields()
        if one.spec.label == label and kind in (card.note or card.title)
    )


def test_the_table_names_elements_that_r4_has() -> None:
    wrong = []
    for card in form_table().cards.values():
        specs = [(one.path, one) for one in card.fields]
        specs += [(f"{group.path}.{one.path}".rstrip("."), one) for group in card.groups for one in group.fields]
        for path, spec in specs:
            known = element_of(build({"resourceType": card.type}), f"{card.type}.{path}")
            if known is None:
                wrong.append(f"{card.type}.{path}")
            elif spec.kind is FieldKind.CODE and not known.codes:
                wrong.append(f"{card.type}.{path} has no codes")
            elif (spec.kind is FieldKind.REFERENCE) != ("Reference" in known.types):
                wrong.append(f"{card.type}.{path} is a reference or is shown as one")
            elif spec.kind is FieldKind.CONCEPT and "CodeableConcept" not in known.types:
                wrong.append(f"{card.type}.{path} is no concept")
        assert card.type in r4().resource_types()
    assert not wrong, wrong


def test_every_closed_list_has_words() -> None:
    for card in form_table().cards.values():
        for spec in card.fields:
            if spec.kind is FieldKind.CONCEPT and not spec.open:
                assert any(form_table().codes(system) for system in spec.systems), f"{card.type}: {spec.label}"


def test_a_message_is_shown_in_sections() -> None:
    shown = form(bundle({"resourceType": "MessageHeader"}, PATIENT, FLAG, {"resourceType": "Basic"}))
    assert [section.spec.title for section in shown.sections] == [
        "Message",
        "Patient",
        "Safeguarding and flags",
        "Other",
    ]
    assert [card.removable for card in cards(shown)] == [False, False, True, True, True]


def test_fields_show_their_values_in_words() -> None:
    message = bundle(PATIENT, FLAG)
    assert field(message, "NHS number").value == "999 000 1073"
    assert field(message, "NHS number").path == "Bundle.entry[0].resource.identifier[1]"
    assert field(message, "Given names").value == "Julie Ann"
    assert dict(field(message, "Gender").choices)["female"] == "Female"
    what = field(message, "What")
    assert what.value == "S", "an open code without words of its own is shown as it is"
    about = field(message, "About")
    assert dict(about.choices)[about.value] == "Patient: Julie Ann Jones"
    lost = field(message, "Encounter")
    assert dict(lost.choices)[lost.value] == "Not in this message"


def test_what_a_message_must_have_is_marked() -> None:
    message = bundle(PATIENT, FLAG)
    assert field(message, "NHS number").required, "the guide asks for it"
    assert field(message, "State", "Flag").required, "R4 asks for it"
    assert not field(message, "Until", "Flag").required


def test_what_the_form_does_not_show_is_counted() -> None:
    card = next(card for card in cards(form(bundle(PATIENT))) if card.title == "Patient")
    assert card.more == 4, "the other identifier, the use of the NHS number, the multiple birth, the photo"
    bare = next(iter(cards(form(parse(b'{"resourceType":"Patient","birthDate":"1959"}')))))
    assert bare.more == 0
    assert uncovered({"a": 1, "b": {"c": "x", "d": "y"}, "id": "i"}, "R", frozenset({"R.b.c"})) == 2  # type: ignore[dict-item]


def test_groups_show_their_items() -> None:
    card = next(card for card in cards(form(bundle(PATIENT))) if card.title == "Patient")
    phone = card.groups[0]
    assert [item.path for item in phone.items] == ["Bundle.entry[0].resource.telecom[0]"]
    assert [one.value for one in phone.items[0].fields] == ["phone", "01632 960417"]


def edits(message: Message, view: FieldView, text: str) -> tuple[Edit, ...]:
    """What a field does with a text."""
    place = locate(message, view.base, view.spec)
    return written(message, view.spec, place.path, place.value, text)


@pytest.mark.parametrize(
    ("label", "text", "path", "value"),
    [
        ("Family name", "Smith", "name[0].family", "Smith"),
        ("Given names", "Jo  Ann", "name[0].given", ["Jo", "Ann"]),
        ("Born", "1960-01-02", "birthDate", "1960-01-02"),
        ("Gender", "female", "gender", "female"),
        (
            "NHS number",
            "999 000 0018",
            "identifier[1]",
            {"use": "official", "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"},
        ),
        (
            "Language",
            "en: English",
            "communication[0].language.coding[0]",
            {"system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-HumanLanguage", "code": "en", "display": "English"},
        ),
    ],
)
def test_a_field_writes_one_element(label: str, text: str, path: str, value: object) -> None:
    message = bundle(PATIENT)
    made = edits(message, field(message, label), text)
    assert [(one.op, one.path, one.value) for one in made] == [(EditOp.SET, f"Bundle.entry[0].resource.{path}", value)]
    again = rewrite(message, made)
    assert edits(again, field(again, label), field(again, label).value) == ()


def test_an_empty_field_takes_its_element_away() -> None:
    message = bundle(PATIENT)
    view = field(message, "Born")
    assert edits(message, view, " ") == (Edit(EditOp.REMOVE, "Bundle.entry[0].resource.birthDate"),)
    gender = field(message, "Gender")
    assert edits(message, gender, "") == ()


def test_a_code_keeps_what_stands_beside_it() -> None:
    held: JsonObject = {"system": "s", "code": "a", "display": "A", "userSelected": True}
    flag = {**FLAG, "category": [{"coding": [held]}]}
    message = bundle(PATIENT, flag)
    made = edits(message, field(message, "Category"), "https://fhir.nhs.uk/CodeSystem/flag-categories-bars|SG")
    assert made[0].value == {
        "system": "https://fhir.nhs.uk/CodeSystem/flag-categories-bars",
        "code": "SG",
        "display": "Safeguarding Concern",
        "userSelected": True,
    }


def test_a_reference_takes_the_name_of_its_target_along() -> None:
    message = bundle(PATIENT, FLAG, {"resourceType": "Location", "name": "North gate"})
    made = edits(message, field(message, "About"), "urn:uuid:l")
    assert made[0].value == {"reference": "urn:uuid:l", "display": "North gate"}


def test_numbers_and_truths_are_written_as_such() -> None:
    number = FieldSpec("Longitude", "position.longitude", FieldKind.NUMBER)
    message = bundle({"resourceType": "Location"})
    path = "Bundle.entry[0].resource.position.longitude"
    assert written(message, number, path, None, "-1.250")[0].value == Number("-1.250")
    assert written(message, number, path, None, "west")[0].value == "west", "who tests may send what is wrong"
    truth = FieldSpec("Active", "active", FieldKind.TRUTH)
    assert written(message, truth, path, None, "false")[0].value is False


def test_codes_of_several_systems_share_one_concept() -> None:
    message = bundle({"resourceType": "ServiceRequest"})
    for label, value in (
        ("Category", "https://fhir.nhs.uk/CodeSystem/message-category-servicerequest|referral"),
        ("Use case", "https://fhir.nhs.uk/CodeSystem/usecases-categories-bars|a1t1"),
    ):
        message = rewrite(message, edits(message, field(message, label), value))
    assert [one["code"] for one in message.at("Bundle.entry[0].resource.category[0].coding")] == ["referral", "a1t1"]  # type: ignore[union-attr,index,call-overload]


def test_resources_are_called_by_their_own_names() -> None:
    message = bundle(PATIENT, FLAG)
    assert [entry_name(entry) for entry in message.entries()] == ["Patient: Julie Ann Jones", "Flag: S"]
    assert own_name({"resourceType": "Encounter"}) == ""
    assert targets(message, ("Patient",)) == (("urn:uuid:p", "Patient: Julie Ann Jones"),)
    assert len(targets(message, ())) == 2


def test_elements_are_found_inside_lists() -> None:
    value: JsonObject = {"answer": [{"valueString": "x"}, {"valueCoding": {}}]}
    assert holds(value, "answer.valueCoding")
    assert not holds(value, "answer.valueDate")


def test_every_official_field_that_is_left_alone_changes_nothing(shared: Path) -> None:
    count = 0
    for path in sorted((shared / "data" / "examples").rglob("*.json")):
        source = path.read_bytes()
        if b'"resourceType"' not in source:
            continue
        message = parse(source)
        for card in cards(form(message)):
            for view in card.all_fields():
                assert edits(message, view, view.value) == (), (view.key, view.value)
                count += 1
    assert count > 1000
