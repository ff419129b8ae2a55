"""A message walked once: resources, extensions, codings."""

from __future__ import annotations

from workbench.profiles.profile_values import Located
from workbench.profiles.profile_walk import walk

BUNDLE = {
    "resourceType": "Bundle",
    "entry": [
        {
            "resource": {
                "resourceType": "Patient",
                "contained": [{"resourceType": "Organization", "extension": [{"url": "urn:o"}]}],
                "_birthDate": {"extension": [{"url": "urn:b", "valueCoding": {"code": "c"}}]},
                "contact": [
                    {"extension": [{"url": "urn:c", "extension": [{"url": "part"}, {"url": "urn:d"}]}]},
                ],
                "maritalStatus": {"coding": [{"code": "m"}]},
                "noSuchElement": {"coding": [{"code": "x"}], "extension": [{"url": "urn:x"}]},
            }
        },
        {"resource": {"resourceType": "Parameters", "parameter": [{"resource": {"resourceType": "Slot"}}]}},
    ],
}
FIRST, SECOND = "Bundle.entry[0].resource", "Bundle.entry[1].resource"
WALKED = walk(Located("Bundle", BUNDLE))


def test_every_resource_is_found_where_it_stands() -> None:
    assert sorted(one.path for one in WALKED.resources) == [
        "Bundle",
        FIRST,
        f"{FIRST}.contained[0]",
        SECOND,
        f"{SECOND}.parameter[0].resource",
    ]


def test_extensions_with_an_address_are_found_with_what_they_extend() -> None:
    told = sorted((one.url, one.owner_path, one.owner.type, one.holder.path) for one in WALKED.extensions)
    assert told == [
        ("urn:b", "Patient.birthDate", "date", FIRST),
        ("urn:c", "Patient.contact", "Patient.contact", FIRST),
        ("urn:d", "Patient.contact.extension", "Extension", FIRST),
        ("urn:o", "Organization", "Organization", f"{FIRST}.contained[0]"),
    ]


def test_codings_are_found_and_what_r4_does_not_know_is_passed_over() -> None:
    assert sorted(one.path for one in WALKED.codings) == [
        f"{FIRST}.birthDate.extension[0].valueCoding",
        f"{FIRST}.maritalStatus.coding[0]",
    ]


def test_any_shape_is_walked() -> None:
    for odd in ([[{"a": 1}]], [None, "x"], {"resource": None}, "text", {"extension": "x"}, [{"_x": {}}]):
        assert not walk(Located("Bundle", {"resourceType": "Bundle", "entry": odd})).codings
