"""Which BaRS packages are called too old."""

from __future__ import annotations

import pytest

from workbench.profiles.outdated import caution, cautions


@pytest.mark.parametrize("version", ["1.34.0", "1.9.0", "1.34", "0.1.0", "1.34.0-snapshots"])
def test_an_old_package_is_told_with_its_version_and_what_to_load(version: str) -> None:
    said = caution(f"uk.nhsdigital.bars.r4#{version}")
    assert said.startswith(f"BaRS {version} is older than the current definitions:")
    assert said.endswith("Load 1.35.0 or newer.")


@pytest.mark.parametrize(
    "label",
    ["uk.nhsdigital.bars.r4#1.35.0", "uk.nhsdigital.bars.r4#1.41.0", "uk.nhsdigital.bars.r4#2.0.0",
     "uk.nhsdigital.bars.r4#current", "uk.nhsdigital.r4#1.0.0", "no label"],
)  # fmt: skip
def test_nothing_is_said_of_any_other(label: str) -> None:
    assert caution(label) == ""


def test_each_is_said_once() -> None:
    old = "uk.nhsdigital.bars.r4#1.34.0"
    assert cautions([old, "fhir.r4.ukcore.stu1#0.5.1", old]) == (caution(old),)
