"""Extensions: defined, standing where they may, with the parts their definitions name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.profiles.made import URL, Made, a_profile, a_rule, a_slice
from workbench.messages import Severity, build
from workbench.profiles.compiled import ExtensionContext
from workbench.profiles.profile_message import check_message

PATIENT = {"resourceType": "Patient"}
UK = "https://fhir.hl7.org.uk/StructureDefinition/"


def an_extension(name: str, *children: object, contexts: tuple[tuple[str, str], ...] = (), **facts: object) -> object:
    places = tuple(ExtensionContext(*one) for one in contexts)
    return a_profile(name, "Extension", *children, contexts=places, **facts)


def found(resource: dict[str, object], *profiles: object, names: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    report = check_message(build(resource), Made(profiles, names=names))
    return [(str(one.problem.kind), one.problem.path) for one in report.found]


def with_one(name: str, **value: object) -> dict[str, object]:
    return {"url": URL + name, **(value or {"valueString": "x"})}


def test_an_extension_is_checked_against_its_own_definition_wherever_it_stands() -> None:
    profile = an_extension("Told", a_rule("value[x]", types=("boolean",), min=1))
    good, bad = with_one("Told", valueBoolean=True), with_one("Told")
    assert found(PATIENT | {"extension": [good], "name": [{"extension": [good]}]}, profile) == []
    held = PATIENT | {"extension": [bad], "name": [{"family": "A", "_family": {"extension": [bad]}}]}
    assert sorted(found(held, profile)) == [
        ("wrong-type", "Patient.extension[0].valueString"),
        ("wrong-type", "Patient.name[0].family.extension[0].valueString"),
    ]


def test_an_empty_extension_is_left_to_base_r4() -> None:
    profile = an_extension("Told", a_rule("value[x]", types=("boolean",), min=1))
    assert found(PATIENT | {"extension": [{"url": URL + "Told"}]}, profile) == []


@pytest.mark.parametrize(
    ("context", "owner", "fits"),
    [
        (("element", "Patient"), "patient", True),
        (("element", "Patient"), "name", False),
        (("element", "Patient.name"), "name", True),
        (("element", "HumanName"), "name", True),
        (("element", "HumanName.family"), "family", True),
        (("element", "HumanName.given"), "family", False),
        (("element", "string"), "family", True),
        (("element", "Element"), "name", True),
        (("element", "Element"), "patient", True),
        (("element", "Resource"), "patient", True),
        (("element", "DomainResource"), "patient", True),
        (("element", "DomainResource"), "name", False),
        (("element", "Patient.contact"), "contact", True),
        (("element", "BackboneElement"), "contact", True),
        (("element", "BackboneElement"), "name", False),
        (("element", "Patient.multipleBirth[x]"), "birth", True),
        (("element", "Slot"), "patient", False),
        (("extension", URL + "Outer"), "patient", False),
        (("extension", URL + "Outer"), "outer", True),
        (("fhirpath", "name.exists()"), "name", True),
    ],
)
def test_an_extension_stands_where_its_definition_allows(context: tuple[str, str], owner: str, fits: bool) -> None:
    one = [with_one("Told")]
    held: dict[str, dict[str, object]] = {
        "patient": {"extension": one},
        "name": {"name": [{"extension": one}]},
        "family": {"name": [{"_family": {"extension": one}}]},
        "contact": {"contact": [{"extension": one}]},
        "birth": {"_multipleBirthBoolean": {"extension": one}},
        "outer": {"extension": [with_one("Outer", extension=one)]},
    }
    kinds = [kind for kind, _ in found(PATIENT | held[owner], an_extension("Told", contexts=(context,)))]
    assert kinds == ([] if fits else ["extension"])


@pytest.mark.parametrize(
    ("name", "owner", "told"),
    [("ContactPreference", "contact", True), ("ContactPreference", "name", False), ("Told", "contact", False)],
)
def test_where_payload_tables_differ_from_a_definition_it_is_said(name: str, owner: str, told: bool) -> None:
    url = f"{UK}Extension-UKCore-{name}"
    profile = replace(an_extension(name, contexts=(("element", "Slot"),)), url=url)
    held = PATIENT | {owner: [{"extension": [{"url": url, "valueString": "x"}]}]}
    report = check_message(build(held), Made((profile,)))
    assert ["payload tables" in one.problem.text for one in report.found] == [told]


def test_a_modifier_is_written_as_one() -> None:
    plain, modifier = an_extension("Plain"), an_extension("Strong", modifier=True)
    good = PATIENT | {"extension": [with_one("Plain")], "modifierExtension": [with_one("Strong")]}
    assert found(good, plain, modifier) == []
    swapped = PATIENT | {"extension": [with_one("Strong")], "modifierExtension": [with_one("Plain")]}
    assert len(found(swapped, plain, modifier)) == 2


def test_a_part_that_nobody_defined_is_found() -> None:
    part = a_slice("known", "extension", a_rule("url", fixed="known"))
    profile = an_extension("Told", a_rule("extension", slices=(part,)))
    parts = [{"url": "known", "valueString": "x"}, {"url": "stranger", "valueString": "x"}]
    assert found(PATIENT | {"extension": [with_one("Told", extension=parts)]}, profile) == [
        ("extension", "Patient.extension[0].extension[1]")
    ]
    simple = an_extension("Told", a_rule("value[x]"))
    assert len(found(PATIENT | {"extension": [with_one("Told", extension=parts)]}, simple)) == 2


def test_an_unknown_extension_is_a_warning_only_where_its_package_is_loaded() -> None:
    held = PATIENT | {"extension": [{"url": UK + "Extension-None", "valueString": "x"}]}
    assert found(held) == []
    assert found(held, names=("fhir.r4.ukcore.stu1#0.5.1",)) == [("extension", "Patient.extension[0]")]
    report = check_message(build(held), Made(names=("fhir.r4.ukcore.stu1#0.5.1",)))
    assert [one.problem.severity for one in report.found] == [Severity.WARNING]
    agreed = PATIENT | {"extension": [{"url": "https://other.invalid/Extension-None", "valueString": "x"}]}
    assert found(agreed, names=("fhir.r4.ukcore.stu1#0.5.1",)) == []


def test_the_address_of_another_profile_is_none_of_an_extension() -> None:
    held = PATIENT | {"extension": [with_one("Named")]}
    assert found(held, a_profile("Named", "Patient")) == [("extension", "Patient.extension[0]")]
