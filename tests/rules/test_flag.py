from __future__ import annotations

import pytest

from tests.rules.applications import Case, callback, check, dispatch
from tests.rules.builders import at, changed, composed, drop, judged, put, replied, validation
from workbench.rules.flag import SCENE_SAFETY

REFERRAL, VALIDATION = composed(), validation()
FLAG, SCENE = at(REFERRAL, "Flag"), at(VALIDATION, "Flag")


def full_url(message: object, type: str) -> str:
    return message.at(f"{at(message, type).removesuffix('.resource')}.fullUrl")


def test_flags_are_active() -> None:
    check(REFERRAL, Case("RES-121", (put(f"{FLAG}.status", "inactive"),), f"{FLAG}.status", ("e", "w"), True))


@pytest.mark.parametrize(
    ("code", "wrong"),
    [("SG", SCENE_SAFETY), ("RA", SCENE_SAFETY), ("RS", SCENE_SAFETY), ("SS", "http://snomed.info/sct")],
)
def test_codes_fit_the_category(code: str, wrong: str) -> None:
    edits = (put(f"{FLAG}.category[0].coding[0].code", code), put(f"{FLAG}.code.coding[0].system", wrong))
    check(REFERRAL, Case("RES-122", edits, f"{FLAG}.code", ("e", "w")))


def test_other_categories_leave_the_code_open() -> None:
    edits = (put(f"{FLAG}.category[0].coding[0].code", "CW"), put(f"{FLAG}.code", {"text": "Invented"}))
    assert judged(changed(REFERRAL, *edits), "RES-122") == ("-", "-")


def test_a_category_is_one_of_the_standard() -> None:
    other = put(f"{FLAG}.category[0].coding[0].system", "https://mock.example/category")
    check(REFERRAL, Case("RES-122", (other,), f"{FLAG}.category", ("e", "w")))
    check(REFERRAL, Case("RES-122", (drop(f"{FLAG}.category"),), f"{FLAG}.category", ("e", "w"), True))


def test_scene_flags_are_about_the_place() -> None:
    subject, named = f"{SCENE}.subject.reference", f"{SCENE}.meta.profile"
    for case in (
        Case("RES-123", (put(subject, full_url(VALIDATION, "Patient")),), subject, ("e", "e"), True),
        Case("RES-123", (put(named, ["http://hl7.org/fhir/StructureDefinition/Flag"]),), named, ("w", "w"), True),
    ):
        check(VALIDATION, case)
    flag = at(dispatch(), "Flag")
    unsafe = put(f"{flag}.code.coding[0].code", "U")
    check(dispatch(), Case("RES-123", (unsafe,), f"{flag}.code.text", ("e", "e")))
    check(
        dispatch(), Case("RES-123", (unsafe, put(f"{flag}.code.text", "Invented dog")), f"{flag}.code.text", ("-", "-"))
    )


@pytest.mark.parametrize(
    ("message", "letters"),
    [(VALIDATION, ("e", "e")), (dispatch(), ("e", "e")), (callback(), ("w", "w")), (replied(), ("e", "e"))],
)
def test_incidents_have_a_scene_flag(message: object, letters: tuple[str, str]) -> None:
    entry = at(message, "Flag").removesuffix(".resource")
    check(message, Case("RES-124", (drop(entry),), "Bundle.entry", letters))


def test_other_messages_need_no_scene_flag() -> None:
    assert judged(REFERRAL, "RES-124") == ("-", "-")
    assert judged(replied("validation-interim"), "RES-124") == ("-", "-")


def test_other_flags_are_about_the_patient() -> None:
    subject = f"{FLAG}.subject.reference"
    other = put(subject, full_url(REFERRAL, "Organization"))
    check(REFERRAL, Case("RES-125", (other,), subject, ("w", "w"), True))
    check(VALIDATION, Case("RES-125", (drop(f"{SCENE}.encounter"),), f"{SCENE}.encounter", ("w", "w"), True))
