"""FHIRPath constraints: run on elements, with the functions of FHIR that the library lacks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.profiles.made import SET, URL, Made, a_context, a_profile, a_rule
from workbench.messages import Number
from workbench.profiles.fhirpath import holds
from workbench.profiles.fhirpath_limits import OverrunError, UnrunnableError
from workbench.profiles.profile_values import Located, items_of

PATIENT = {
    "resourceType": "Patient",
    "id": "p",
    "gender": "male",
    "name": [{"family": "A", "given": ["B", "C"]}],
    "multipleBirthInteger": Number("2"),
    "contact": [{"gender": "male", "extension": [{"url": "urn:e", "valueString": "x"}]}],
}
BUNDLE = {
    "resourceType": "Bundle",
    "entry": [
        {"fullUrl": "urn:uuid:a", "resource": PATIENT},
        {"resource": {"resourceType": "Flag", "subject": {"reference": "urn:uuid:a"}, "status": "active"}},
    ],
}
FLAG = "Bundle.entry[1].resource"


def on_patient(expression: str, definitions: Made | None = None) -> bool:
    held = Located("Patient", PATIENT)
    return holds(expression, held.item, held, a_context(PATIENT, definitions or Made()))


def on_flag(expression: str, definitions: Made | None = None) -> bool:
    held = Located(FLAG, BUNDLE["entry"][1]["resource"])
    return holds(expression, held.item, held, a_context(BUNDLE, definitions or Made()))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("name.exists()", True),
        ("name.family = 'A'", True),
        ("name.given.count() > 2", False),
        ("multipleBirth > 1", True),
        ("photo", False),
        ("name.family", True),
        ("name.family.hasValue()", True),
        ("name.given.hasValue()", False),
        ("photo.hasValue()", False),
        ("%resource.id = 'p'", True),
        ("name.trace('x').exists()", True),
        ("name.family.matches('^[A-Z]$')", True),
        ("name.family.matches('^[0-9]+$')", False),
        ("photo.title.matches('x')", False),
        ("name.family.replaceMatches('A', 'B') = 'B'", True),
    ],
)
def test_a_constraint_holds_or_not(expression: str, expected: bool) -> None:
    assert on_patient(expression) is expected


def test_an_element_is_read_by_its_type() -> None:
    held = Located("Patient", PATIENT)
    (contact,) = items_of(held.item, "contact")
    (extension,) = items_of(contact, "extension")
    context = a_context(PATIENT, Made())
    assert holds("gender = 'male' and %resource.gender = 'male'", contact, held, context)
    assert holds("value = 'x'", extension, held, context)
    (gender,) = items_of(held.item, "gender")
    assert holds("$this = 'male'", gender, held, context)


def test_references_are_resolved_in_the_bundle() -> None:
    assert on_flag("subject.resolve().gender = 'male'")
    assert on_flag("subject.resolve().gender = 'female'") is False
    assert on_flag("author.resolve().exists()") is False


def test_codes_are_asked_of_value_sets() -> None:
    made = Made(sets={SET + "s": {"active"}})
    assert on_flag(f"status.memberOf('{SET}s')", made)
    assert on_flag(f"code.memberOf('{SET}s')", made) is False
    with pytest.raises(UnrunnableError, match="cannot be told"):
        on_flag(f"status.memberOf('{SET}other')", made)


def test_a_resource_conforms_to_a_type_or_a_profile() -> None:
    named = a_profile("Named", "Patient", a_rule("name", min=1))
    pictured = a_profile("Pictured", "Patient", a_rule("photo", min=1))
    made = Made((named, pictured))
    assert on_flag("subject.resolve().conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')", made)
    assert on_flag(f"subject.resolve().conformsTo('{named.url}')", made)
    assert on_flag(f"subject.resolve().conformsTo('{pictured.url}')", made) is False
    with pytest.raises(UnrunnableError):
        on_flag(f"subject.resolve().conformsTo('{URL}None')", made)


@pytest.mark.parametrize(
    "expression",
    [
        "name.(",
        "name exists()",
        "(name",
        "name == 'A'",
        "$x",
        "name.noSuch()",
        "text.`div`.htmlChecks()",
        "'a' + 1 + name",
    ],
)
def test_what_cannot_be_run_says_so(expression: str) -> None:
    with pytest.raises(UnrunnableError):
        on_patient(expression)


@pytest.mark.parametrize("expression", ["id.matches('(a+)+$')", "id.replaceMatches('(a|aa)+$', '')"])
def test_a_pattern_that_may_never_end_is_not_searched(expression: str) -> None:
    with pytest.raises(UnrunnableError, match="for ever"):
        on_patient(expression)


def test_an_expression_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(OverrunError, match="longer than"):
        on_patient("descendants()" + ".select(%resource.descendants())" * 12)


def test_a_long_expression_is_not_parsed() -> None:
    with pytest.raises(UnrunnableError, match="characters"):
        on_patient(" or ".join(["name.exists()"] * 400))


def test_the_message_is_left_as_it_was() -> None:
    before = repr(BUNDLE)
    on_flag("subject.resolve().name.family = 'A' and extension.exists().not()")
    assert repr(BUNDLE) == before


def test_the_library_is_not_loaded_before_the_first_constraint() -> None:
    code = "import sys, workbench.rules; sys.exit('fhirpathpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2]).returncode == 0
