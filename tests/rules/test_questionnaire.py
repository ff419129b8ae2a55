from __future__ import annotations

import pytest

from tests.rules.applications import Case, check, dispatch, with_answers
from tests.rules.builders import at, changed, drop, findings, judged, put, verdict
from workbench.rules import Side
from workbench.standard import default_profile

LISTED = with_answers()
REJECTED, SOURCES = at(LISTED, "QuestionnaireResponse"), at(LISTED, "QuestionnaireResponse", 1)
SERVICE, SOURCE = f"{REJECTED}.item[0].item[0]", f"{SOURCES}.item[0].item[0]"
ASKED, SIEVE = at(dispatch(), "Questionnaire"), at(dispatch(), "QuestionnaireResponse")
NATURE = at(dispatch(), "QuestionnaireResponse", 1)


def full_url(type: str) -> str:
    return LISTED.at(f"{at(LISTED, type).removesuffix('.resource')}.fullUrl")


@pytest.mark.parametrize(
    "case",
    [
        Case("RES-201", (put(f"{REJECTED}.status", "amended"),), f"{REJECTED}.status", ("e", "e"), True),
        Case("RES-201", (drop(f"{REJECTED}.extension"),), f"{REJECTED}.extension", ("e", "e")),
        Case(
            "RES-203",
            (put(f"{REJECTED}.subject.reference", full_url("Patient")),),
            f"{REJECTED}.subject.reference",
            ("e", "e"),
            True,
        ),
        Case("RES-203", (drop(f"{REJECTED}.subject"),), f"{REJECTED}.subject", ("e", "e"), True),
        Case("RES-203", (drop(f"{REJECTED}.basedOn"),), f"{REJECTED}.basedOn", ("w", "w"), True),
        Case("RES-203", (drop(f"{REJECTED}.author"),), f"{REJECTED}.author", ("w", "w"), True),
        Case("RES-203", (drop(f"{REJECTED}.source"),), f"{REJECTED}.source", ("w", "w"), True),
        Case("RES-203", (put(f"{REJECTED}.item[0].linkId", "Rejected"),), f"{REJECTED}.item", ("e", "e")),
        Case("RES-203", (drop(f"{REJECTED}.item[0].item"),), f"{REJECTED}.item[0].item", ("e", "e")),
        Case("RES-203", (put(f"{SERVICE}.linkId", "First"),), f"{SERVICE}.linkId", ("e", "e")),
        Case("RES-203", (drop(f"{SERVICE}.item[0]"),), SERVICE, ("e", "e")),
        Case("RES-203", (drop(f"{SERVICE}.item[1]"),), SERVICE, ("e", "e")),
        Case("RES-203", (drop(f"{SERVICE}.item[2]"),), SERVICE, ("e", "e")),
        Case("RES-204", (drop(f"{SOURCES}.subject"),), f"{SOURCES}.subject", ("e", "w"), True),
        Case("RES-204", (drop(f"{SOURCES}.basedOn"),), f"{SOURCES}.basedOn", ("w", "w"), True),
        Case("RES-204", (put(f"{SOURCES}.item[0].linkId", "Sources"),), f"{SOURCES}.item", ("e", "e")),
        Case("RES-204", (drop(f"{SOURCE}.item[0]"),), SOURCE, ("e", "e")),
        Case("RES-204", (drop(f"{SOURCE}.item[1]"),), SOURCE, ("e", "w")),
    ],
    ids=lambda case: f"{case.rule} {case.path.rpartition('resource.')[2]}",
)
def test_referrals(case: Case) -> None:
    check(LISTED, case)


def test_a_patient_note_stands_in_for_an_address() -> None:
    note = put(f"{SOURCE}.item[1]", {"linkId": "SPNTitle", "answer": [{"valueString": "Invented note"}]})
    assert judged(changed(LISTED, note), "RES-204") == ("-", "-")


REASON = f"{NATURE}.extension[0].valueCodeableConcept.text"
ANSWER = f"{SIEVE}.item[0].answer[0].valueCoding.code"


@pytest.mark.parametrize(
    "case",
    [
        Case("RES-202", (put(REASON, "Nature of Call"),), REASON, ("w", "w"), True),
        Case(
            "RES-202",
            (put(f"{NATURE}.questionnaire", "https://fhir.nhs.uk/Questionnaire/NOC"),),
            f"{NATURE}.questionnaire",
            ("w", "w"),
        ),
        Case("RES-205", (put(ANSWER, "1"),), ANSWER, ("e", "e")),
        Case(
            "RES-205",
            (put(f"{NATURE}.item[0].answer[0].valueCoding.code", "LOCAL"),),
            f"{NATURE}.item[0].answer[0].valueCoding.code",
            ("i", "i"),
        ),
        Case("RES-205", (put(f"{NATURE}.item[1]", {"linkId": "1"}),), f"{NATURE}.item[1]", ("w", "w")),
        Case("RES-206", (put(f"{SIEVE}.item[0].text", "Breathing?"),), f"{SIEVE}.item[0].text", ("w", "w"), True),
        Case("RES-206", (put(f"{SIEVE}.item[0].linkId", "9"),), f"{SIEVE}.item[0].linkId", ("w", "w")),
        Case("RES-206", (put(ANSWER, "20716004"),), ANSWER, ("w", "w")),
        Case("RES-207", (put(f"{ASKED}.status", "draft"),), f"{ASKED}.status", ("w", "w"), True),
        *(
            Case("RES-207", (drop(f"{ASKED}.{name}"),), f"{ASKED}.{name}", ("w", "w"))
            for name in ("identifier", "version", "name", "title", "date", "publisher", "item")
        ),
        *(
            Case("RES-207", (drop(f"{ASKED}.item[0].{name}"),), f"{ASKED}.item[0].{name}", ("w", "w"))
            for name in ("text", "type", "required")
        ),
        Case(
            "RES-207",
            (drop(f"{ASKED}.item[0].answerOption"),),
            f"{ASKED}.item[0].answerOption.valueCoding",
            ("w", "w"),
        ),
    ],
    ids=lambda case: f"{case.rule} {case.path.rpartition('resource.')[2]}",
)
def test_dispatch(case: Case) -> None:
    check(dispatch(), case)


def test_local_natures_and_names_are_newer() -> None:
    old = default_profile(6, "1.0.0-beta.5")
    code = f"{NATURE}.item[0].answer[0].valueCoding.code"
    local = changed(dispatch(), put(code, "LOCAL"), put(REASON, "Nature of Call Questionnaire"))
    (found,) = findings(verdict(local, Side.RECEIVE, versions=old), "RES-205")
    assert (found.path, found.severity.value) == (code, "error")
    assert not findings(verdict(local, Side.RECEIVE, versions=old), "RES-202")
