"""Names of other versions of FHIR."""

from __future__ import annotations

from workbench import assets
from workbench.standard.other_versions import version_of_element, version_of_type
from workbench.standard.r4 import r4


def test_a_type_of_another_version_is_told() -> None:
    assert version_of_type("ActorDefinition") == "R5"
    assert version_of_type("ReferralRequest") == "STU3"
    assert version_of_type("Patient") is None
    assert version_of_type("Nonsense") is None


def test_an_element_that_came_later_is_told() -> None:
    assert version_of_element("Appointment", "replaces") == "R5"
    assert version_of_element("Appointment", "status") is None
    assert version_of_element("Nonsense", "status") is None


def test_the_table_names_nothing_that_r4_has() -> None:
    rows = assets.table("standard", "other_versions.toml")
    types = {name for names in rows["types"].values() for name in names.split()}
    assert not types & r4().resource_types()
    elements = [(kind, name) for kind, names in rows["elements"].items() for name in names.split()]
    assert len(elements) > 300
    assert not [pair for pair in elements if not r4().is_described(pair[0]) or r4().element(*pair)]
