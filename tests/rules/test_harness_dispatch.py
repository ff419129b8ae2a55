from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.builders import add, at, changed, composed, findings, judged, mended, put, verdict
from workbench.rules import Side

if TYPE_CHECKING:
    from workbench.messages import JsonObject, Message

UK_CORE = "https://fhir.hl7.org.uk/StructureDefinition/"
SCENE = "https://fhir.nhs.uk/StructureDefinition/BARSFlag-scene-safety"
PLAIN = composed("referral-new")
DISPATCH = changed(PLAIN, put(f"{at(PLAIN, 'ServiceRequest')}.category[0].coding[1].code", "a6t1"))


def with_entries(message: Message, *resources: JsonObject) -> Message:
    start = len(message.entries())
    edits = [
        add(
            f"Bundle.entry[{start + index}]",
            {"fullUrl": f"urn:uuid:0badcafe-0000-4000-8000-0000000000{90 + index}", "resource": resource},
        )
        for index, resource in enumerate(resources)
    ]
    return changed(message, *edits)


def place(number: int) -> str:
    return f"Bundle.entry[{len(DISPATCH.entries()) + number}].resource"


def places(message: Message, rule: str) -> list[str]:
    return [one.path for one in findings(verdict(message, Side.RECEIVE), rule)]


def typed(kind: str, *profiles: str) -> JsonObject:
    return {"resourceType": kind, "meta": {"profile": list(profiles)}}


def test_one_of_each_is_enough() -> None:
    assert judged(DISPATCH, "TKW-011") == ("-", "-")
    twice = with_entries(DISPATCH, {"resourceType": "Practitioner"}, {"resourceType": "Consent"})
    assert judged(twice, "TKW-011") == ("i", "i")
    assert places(twice, "TKW-011") == [place(0), place(1)]
    assert places(with_entries(PLAIN, {"resourceType": "Practitioner"}), "TKW-011") == []


def test_a_third_identifier_of_encounters_is_told() -> None:
    path = f"{at(DISPATCH, 'Encounter')}.identifier"
    held = [{"system": "https://mock.example/case", "value": str(number)} for number in range(3)]
    assert judged(changed(DISPATCH, put(path, held[:2])), "TKW-012") == ("-", "-")
    assert places(changed(DISPATCH, put(path, held)), "TKW-012") == [f"{path}[2]"]


def test_scene_and_safety_name_both_their_profiles() -> None:
    incident, flag = UK_CORE + "BARSLocation-incident-location", "http://hl7.org/fhir/StructureDefinition/Flag"
    right = with_entries(DISPATCH, typed("Location", UK_CORE + "UKCore-Location", incident), typed("Flag", flag, SCENE))
    assert places(right, "TKW-013") == []
    half = with_entries(DISPATCH, typed("Location", incident), typed("Flag", SCENE))
    assert places(half, "TKW-013") == [f"{place(0)}.meta.profile", f"{place(1)}.meta.profile"]
    assert places(mended(half, findings(verdict(half), "TKW-013")[0]), "TKW-013") == [f"{place(1)}.meta.profile"]
    untyped = with_entries(DISPATCH, typed("Location", UK_CORE + "UKCore-Location"))
    assert places(untyped, "TKW-013") == [f"{place(0)}.meta.profile"]
    twice = with_entries(DISPATCH, *[typed("Flag", flag, SCENE)] * 2)
    assert places(twice, "TKW-013") == [place(1)]


def test_two_questionnaires_are_known() -> None:
    known = {"resourceType": "QuestionnaireResponse", "questionnaire": "https://fhir.nhs.uk/Questionnaire/PTS"}
    assert places(with_entries(DISPATCH, known), "TKW-014") == []
    for other in ({**known, "questionnaire": "https://mock.example/Q"}, {"resourceType": "QuestionnaireResponse"}):
        assert places(with_entries(DISPATCH, other), "TKW-014") == [f"{place(0)}.questionnaire"]
    assert places(DISPATCH, "TKW-014") == []


def test_answers_are_labelled() -> None:
    def labelled(text: str, name: str = "PTS") -> Message:
        reason = {"url": "https://mock.example/reason", "valueCodeableConcept": {"text": text}}
        url = f"https://fhir.nhs.uk/Questionnaire/{name}"
        return with_entries(
            DISPATCH, {"resourceType": "QuestionnaireResponse", "questionnaire": url, "extension": [reason]}
        )

    assert places(labelled("Pre Triage Sieve (PTS)"), "TKW-015") == []
    assert judged(labelled("Sieve"), "TKW-015") == ("w", "w")
    assert places(labelled("PTS", "NOC"), "TKW-015") == [f"{place(0)}.extension[0].valueCodeableConcept.text"]
    assert places(labelled("anything", "own"), "TKW-015") == []
