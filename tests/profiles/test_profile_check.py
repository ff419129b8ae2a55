"""A resource against one profile: cardinality, types, values, slices, constraints and profiles of types."""

from __future__ import annotations

import pytest

from tests.profiles.made import URL, Made, a_constraint, a_context, a_profile, a_rule, a_slice, found, problems, sliced
from workbench.messages import Number, Severity
from workbench.profiles.compiled import TypeRule
from workbench.profiles.fhirpath_limits import MOST_OVERRUNS
from workbench.profiles.profile_check import check

PATIENT = {"resourceType": "Patient"}
NHS = {"system": "urn:nhs", "value": "1"}
OTHER = {"system": "urn:other", "value": "2"}


def test_what_is_missing_is_found_where_it_belongs() -> None:
    profile = a_profile("Mock", "Patient", a_rule("birthDate", min=1), a_rule("name", min=2))
    assert found(PATIENT | {"name": [{"family": "A"}]}, profile) == [
        ("missing", "Patient.birthDate"),
        ("missing", "Patient.name"),
    ]
    assert found(PATIENT | {"birthDate": "2000-01-01", "name": [{"family": "A"}, {"family": "B"}]}, profile) == []


def test_a_primitive_with_an_extension_only_is_there() -> None:
    profile = a_profile("Mock", "Patient", a_rule("birthDate", a_rule("extension", min=1), min=1))
    absent = {"extension": [{"url": "urn:absent", "valueCode": "unknown"}]}
    assert found(PATIENT | {"_birthDate": absent}, profile) == []
    assert found(PATIENT | {"birthDate": "2000"}, profile) == [("missing", "Patient.birthDate.extension")]


def test_what_is_too_much_is_found_at_the_first_that_is() -> None:
    profile = a_profile("Mock", "Patient", a_rule("name", max=1), a_rule("photo", max=0))
    assert found(PATIENT | {"name": [{"family": "A"}, {"family": "B"}], "photo": [{"url": "urn:x"}]}, profile) == [
        ("too-many", "Patient.name[1]"),
        ("too-many", "Patient.photo[0]"),
    ]
    assert found(PATIENT | {"name": [{"family": "A"}]}, profile) == []


def test_children_are_asked_for_only_where_their_parent_is() -> None:
    profile = a_profile("Mock", "Patient", a_rule("contact", a_rule("name", min=1)))
    assert found(PATIENT, profile) == []
    assert found(PATIENT | {"contact": [{"name": {"text": "A"}}, {"gender": "male"}]}, profile) == [
        ("missing", "Patient.contact[1].name")
    ]


def test_a_choice_may_be_narrowed_to_some_types() -> None:
    profile = a_profile("Mock", "Observation", a_rule("value[x]", types=("Quantity", "string"), min=1))
    assert found({"resourceType": "Observation", "valueString": "a"}, profile) == []
    assert found({"resourceType": "Observation", "valueBoolean": True}, profile) == [
        ("wrong-type", "Observation.valueBoolean")
    ]
    assert found({"resourceType": "Observation"}, profile) == [("missing", "Observation.value[x]")]


def test_a_resource_inside_may_be_narrowed_to_some_types() -> None:
    entry = a_rule("entry", a_rule("resource", types=("Patient",)))
    profile = a_profile("Mock", "Bundle", entry)
    bundle = {"resourceType": "Bundle", "entry": [{"resource": PATIENT}, {"resource": {"resourceType": "Slot"}}]}
    assert found(bundle, profile) == [("wrong-type", "Bundle.entry[1].resource")]


def test_a_fixed_value_is_exactly_that_and_the_repair_sets_it() -> None:
    profile = a_profile("Mock", "ServiceRequest", a_rule("intent", fixed="plan"))
    (only,) = problems({"resourceType": "ServiceRequest", "intent": "order"}, profile)
    assert (only.kind, only.path) == ("fixed", "ServiceRequest.intent")
    assert only.text == 'Mock fixes intent to "plan", and it is "order".'
    assert only.fix is not None
    assert [(edit.path, edit.value) for edit in only.fix.edits] == [("ServiceRequest.intent", "plan")]
    assert problems({"resourceType": "ServiceRequest", "intent": "plan"}, profile) == []
    assert problems({"resourceType": "ServiceRequest"}, profile) == []


def test_a_fixed_number_is_compared_by_value() -> None:
    profile = a_profile("Mock", "Observation", a_rule("value[x]", a_rule("value", fixed=Number("1.0"))))
    one = {"resourceType": "Observation", "valueQuantity": {"value": Number("1.00")}}
    assert found(one, profile) == []
    two = {"resourceType": "Observation", "valueQuantity": {"value": Number("1.01")}}
    assert found(two, profile) == [("fixed", "Observation.valueQuantity.value")]


def test_a_fixed_value_that_is_missing_is_put_in_by_the_repair() -> None:
    profile = a_profile("Mock", "Bundle", a_rule("type", min=1, fixed="message"))
    (only,) = problems({"resourceType": "Bundle"}, profile)
    assert only.fix is not None
    assert only.fix.edits[0].value == "message"


def test_a_pattern_allows_more_than_it_has() -> None:
    pattern = {"coding": [{"system": "urn:s", "code": "a"}]}
    profile = a_profile("Mock", "Observation", a_rule("code", pattern=pattern))
    more = {"text": "A", "coding": [{"code": "b"}, {"system": "urn:s", "code": "a", "display": "A"}]}
    assert found({"resourceType": "Observation", "code": more}, profile) == []
    less = {"coding": [{"system": "urn:s"}]}
    assert found({"resourceType": "Observation", "code": less}, profile) == [("pattern", "Observation.code")]


def identifiers(rules: str = "open", *, ordered: bool = False) -> object:
    nhs = a_slice("nhs", "identifier", a_rule("system", fixed="urn:nhs"), a_rule("use", min=1), min=1, max=1)
    other = a_slice("other", "identifier", a_rule("system", fixed="urn:other"))
    slicing = sliced(("value", "system"), rules=rules, ordered=ordered)
    return a_profile("Mock", "Patient", a_rule("identifier", slicing=slicing, slices=(nhs, other)))


def test_slices_have_cardinalities_and_children_of_their_own() -> None:
    used = NHS | {"use": "official"}
    assert found(PATIENT | {"identifier": [OTHER, used]}, identifiers()) == []
    assert found(PATIENT | {"identifier": [OTHER]}, identifiers()) == [("missing", "Patient.identifier")]
    assert found(PATIENT | {"identifier": [used, used]}, identifiers()) == [("too-many", "Patient.identifier[1]")]
    assert found(PATIENT | {"identifier": [NHS]}, identifiers()) == [("missing", "Patient.identifier[0].use")]


@pytest.mark.parametrize(
    ("rules", "ordered", "held", "expected"),
    [
        ("open", False, [{"value": "3"}, NHS], []),
        ("closed", False, [{"value": "3"}, NHS], [("slice", "Patient.identifier[0]")]),
        ("openAtEnd", False, [{"value": "3"}, NHS], [("slice", "Patient.identifier[0]")]),
        ("openAtEnd", False, [NHS, {"value": "3"}], []),
        ("open", True, [NHS, OTHER], []),
        ("open", True, [OTHER, NHS], [("slice", "Patient.identifier[1]")]),
    ],
)
def test_a_slicing_is_open_closed_or_ordered(rules: str, ordered: bool, held: list[object], expected: object) -> None:
    used = [one | {"use": "official"} if one is NHS else one for one in held]
    assert found(PATIENT | {"identifier": used}, identifiers(rules, ordered=ordered)) == expected


def test_slices_may_be_sliced_again() -> None:
    inner = a_slice("nhs/old", "identifier", a_rule("use", fixed="old"), max=1)
    nhs = a_slice(
        "nhs", "identifier", a_rule("system", fixed="urn:nhs"), slicing=sliced(("value", "use")), slices=(inner,)
    )
    rule = a_rule("identifier", slicing=sliced(("value", "system")), slices=(nhs,))
    old, foreign = NHS | {"use": "old"}, OTHER | {"use": "old"}
    profile = a_profile("Mock", "Patient", rule)
    assert found(PATIENT | {"identifier": [old, NHS, foreign, foreign]}, profile) == []
    assert found(PATIENT | {"identifier": [old, old]}, profile) == [("too-many", "Patient.identifier[1]")]


def test_a_constraint_that_does_not_hold_is_found_with_its_severity() -> None:
    def profile(severity: str) -> object:
        return a_profile("Mock", "Patient", root={"invariants": (a_constraint("name.exists()", severity),)})

    (error,) = problems(PATIENT, profile("error"))
    assert (error.kind, error.path, error.severity) == ("invariant", "Patient", Severity.ERROR)
    assert error.text == "Mock, constraint moc-1: It must hold."
    (warning,) = problems(PATIENT, profile("warning"))
    assert warning.severity is Severity.WARNING
    assert problems(PATIENT | {"name": [{"family": "A"}]}, profile("error")) == []


def test_a_constraint_that_cannot_be_run_is_no_finding_and_is_named() -> None:
    profile = a_profile("Mock", "Patient", root={"invariants": (a_constraint("name.noSuchFunction()"),)})
    context = a_context(PATIENT, Made())
    assert list(check(PATIENT, "Patient", profile, context)) == []
    assert list(context.unrun) == ["moc-1 of Mock"]


def test_a_constraint_that_took_too_long_is_not_run_again_and_several_end_all() -> None:
    profile = a_profile("Mock", "Patient", root={"invariants": (a_constraint("photo.exists()"),)})
    context = a_context(PATIENT, Made())
    assert len(list(check(PATIENT, "Patient", profile, context))) == 1
    context.overrun.add("photo.exists()")
    assert list(check(PATIENT, "Patient", profile, context)) == []
    context.overrun = {f"photo.count() > {number}" for number in range(MOST_OVERRUNS)}
    assert list(check(PATIENT, "Patient", profile, context)) == []
    assert context.unrun == {"moc-1 of Mock": "too many others took too long"}


def test_a_value_meets_the_profile_of_its_type_or_one_of_several() -> None:
    short = a_profile("Short", "HumanName", a_rule("family", min=1))
    long = a_profile("Long", "HumanName", a_rule("given", min=1))
    made = Made((short, long))
    one = a_profile("Mock", "Patient", a_rule("name", types=(TypeRule("HumanName", (short.url,)),)))
    assert found(PATIENT | {"name": [{"given": ["A"]}]}, one, made) == [("missing", "Patient.name[0].family")]
    two = a_profile("Mock", "Patient", a_rule("name", types=(TypeRule("HumanName", (short.url, long.url)),)))
    assert found(PATIENT | {"name": [{"given": ["A"]}]}, two, made) == []
    assert found(PATIENT | {"name": [{"text": "A"}]}, two, made) == [("wrong-type", "Patient.name[0]")]


def test_the_resource_of_an_entry_meets_the_profile_asked_for() -> None:
    named = a_profile("Named", "Patient", a_rule("name", min=1))
    entry = a_rule("entry", a_rule("resource", types=(TypeRule("Patient", (named.url,)),)))
    profile = a_profile("Mock", "Bundle", entry)
    bundle = {"resourceType": "Bundle", "entry": [{"resource": PATIENT}]}
    assert found(bundle, profile, Made((named,))) == [("missing", "Bundle.entry[0].resource.name")]
    assert found(bundle, profile, Made()) == [], "a profile that nobody has finds nothing"


def test_a_profile_of_another_type_finds_nothing() -> None:
    assert found(PATIENT, a_profile("Mock", "Slot", a_rule("start", min=1))) == []
    assert found(PATIENT, a_profile("Mock", "DomainResource", a_rule("text", min=1))) == [("missing", "Patient.text")]


def test_odd_shapes_are_passed_over() -> None:
    profile = a_profile("Mock", "Patient", a_rule("name", a_rule("family", min=1, fixed="A"), min=1, max=1))
    for odd in (None, "text", [None], [["A"]], True, Number("1"), {}, []):
        list(problems(PATIENT | {"name": odd}, profile))
    assert found(PATIENT | {"name": []}, profile) == [("missing", "Patient.name")]


def test_profiles_that_point_at_each_other_end() -> None:
    made = Made((a_profile("Loop", "Patient", a_rule("contained", types=(TypeRule("Patient", (URL + "Loop",)),))),))
    assert found(PATIENT | {"contained": [PATIENT]}, made.profiles[0], made) == []
