"""The rules of the loaded packages: one for each kind, each finding with the profile that says so."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.profiles.made import SET, URL, Made, a_constraint, a_profile, a_rule, a_slice, sliced
from workbench.messages import Layer, Severity, Source, build
from workbench.profiles.compiled import BindingRule, TypeRule
from workbench.profiles.packages import load
from workbench.rules import Side, Submission, judge, judge_bytes, rules
from workbench.standard import default_profile

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.profiles.packages import Packages
    from workbench.rules import Verdict


def judged(resource: dict[str, object], packages: Made | None) -> Verdict:
    submission = Submission(build(resource), None, None, default_profile(), Side.RECEIVE, packages=packages)
    return judge(submission, timer=lambda: 0.0)


def of_profiles(resource: dict[str, object], packages: Made | None) -> list[tuple[str, str, Severity]]:
    found = judged(resource, packages).findings
    return [(one.rule, one.path, one.severity) for one in found if one.layer is Layer.PROFILE]


IDENTIFIERS = a_rule(
    "identifier",
    slicing=sliced(("value", "system"), rules="closed"),
    slices=(a_slice("nhs", "identifier", a_rule("system", fixed="urn:nhs")),),
)
REQUIRED, EXTENSIBLE = BindingRule("required", SET + "s"), BindingRule("extensible", SET + "s")
TO_PATIENTS = (TypeRule("Reference", (), ("http://hl7.org/fhir/StructureDefinition/Patient",)),)
ORGANISATION = {"reference": "Organization/1"}
CONCEPT = {"coding": [{"system": "urn:s", "code": "x"}]}
SETS = {SET + "s": {"a"}}


@pytest.mark.parametrize(
    ("rule", "severity", "held", "element"),
    [
        ("PRO-001", "error", {}, a_rule("birthDate", min=1)),
        ("PRO-002", "error", {"name": [{"family": "A"}, {"family": "B"}]}, a_rule("name", max=1)),
        ("PRO-003", "error", {"deceasedBoolean": True}, a_rule("deceased[x]", types=("dateTime",))),
        ("PRO-004", "error", {"gender": "male"}, a_rule("gender", fixed="female")),
        ("PRO-005", "error", {"maritalStatus": {"text": "x"}}, a_rule("maritalStatus", pattern={"text": "y"})),
        ("PRO-006", "error", {"identifier": [{"system": "urn:x", "value": "1"}]}, IDENTIFIERS),
        ("PRO-007", "error", {"maritalStatus": CONCEPT}, a_rule("maritalStatus", binding=REQUIRED)),
        ("PRO-008", "warning", {"maritalStatus": CONCEPT}, a_rule("maritalStatus", binding=EXTENSIBLE)),
        ("PRO-009", "error", {"name": [{"text": "A"}]}, a_rule("name", invariants=(a_constraint("family.exists()"),))),
        ("PRO-010", "error", {"extension": [{"url": URL + "Mock", "valueString": "x"}]}, a_rule("name")),
        ("PRO-011", "error", {"managingOrganization": ORGANISATION}, a_rule("managingOrganization", types=TO_PATIENTS)),
    ],
)  # fmt: skip
def test_each_kind_is_told_by_its_rule(rule: str, severity: str, held: dict[str, object], element: object) -> None:
    profile = a_profile("Mock", "Patient", element)
    patient = {"resourceType": "Patient", "meta": {"profile": [profile.url]}, **held}
    found = of_profiles(patient, Made((profile,), sets=SETS))
    assert [(one[0], one[2].value) for one in found] == [(rule, severity)]
    assert of_profiles(patient, None) == [], "without packages nothing is checked"
    good = {"resourceType": "Patient", "meta": {"profile": [profile.url]}, "birthDate": "2000-01-01"}
    assert of_profiles(good, Made((profile,), sets=SETS)) == []


def test_an_unknown_profile_is_told_only_with_packages() -> None:
    patient = {"resourceType": "Patient", "meta": {"profile": [URL + "None"]}}
    assert of_profiles(patient, Made()) == [("PRO-012", "Patient.meta.profile[0]", Severity.WARNING)]
    assert of_profiles(patient, None) == []


def test_a_finding_names_its_profile() -> None:
    profile = a_profile("Mock", "Patient", a_rule("birthDate", min=1))
    patient = {"resourceType": "Patient", "meta": {"profile": [profile.url]}}
    (found,) = [one for one in judged(patient, Made((profile,))).findings if one.layer is Layer.PROFILE]
    assert found.source == Source("Mock", "profile")
    assert found.text == "Mock needs birthDate, and there is none."


def test_every_rule_of_the_layer_has_its_help() -> None:
    own = [one for one in rules() if one.layer is Layer.PROFILE]
    assert [one.id for one in own] == [f"PRO-{number:03}" for number in range(1, 13)]


PACKAGES = (
    "uk.nhsdigital.bars.r4-1.34.0.tgz",
    "fhir.r4.ukcore.stu1-0.5.1.tgz",
    "uk.nhsdigital.r4-2.5.0.tgz",
    "hl7.fhir.r4.core-4.0.1.tgz",
)
KNOWN = {
    ("PRO-004", "error"): 24,
    ("PRO-007", "error"): 2,
    ("PRO-007", "information"): 5,
    ("PRO-010", "error"): 2,
    ("PRO-011", "information"): 2,
    ("PRO-012", "warning"): 26,
}
"""What the official examples have: the use case beside the category that package 1.34.0 fixes in every coding, a flag
category that nobody published, codes newer than that package, a contact preference on a contact, references to a
Schedule with a blank in an address and to a Slot without its Schedule, a profile that nobody publishes."""


@pytest.fixture(scope="module")
def packages(shared: Path) -> Packages:
    return load([str(shared / "data" / "packages" / name) for name in PACKAGES])


def test_official_examples_have_only_their_known_defects(shared: Path, packages: Packages) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    examples = sorted((shared / "data" / "examples").rglob("*.*"))
    for path in examples:
        if path.suffix not in (".json", ".xml"):
            continue
        _, found = judge_bytes(
            path.read_bytes(), versions=None, side=Side.RECEIVE, timer=lambda: 0.0, packages=packages
        )
        counted.update((one.rule, one.severity.value) for one in found.findings if one.layer is Layer.PROFILE)
        assert "INT-000" not in {one.rule for one in found.findings}, path.name
        assert all(one.place for one in found.findings), path.name
    assert sum(counted.values()) > 0
    assert {key: count for key, count in counted.items() if key[0] != "PRO-008"} == KNOWN
