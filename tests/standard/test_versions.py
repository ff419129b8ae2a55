from __future__ import annotations

import pytest

from workbench.standard import (
    applications,
    core_line,
    default_profile,
    is_at_least,
    known_version,
    package_of,
    supports,
)


@pytest.mark.parametrize(
    ("version", "least", "holds"),
    [
        ("2.0.0", "2.0.0", True),
        ("2.1.0", "2.0.0", True),
        ("1.10.0", "1.9.0", True),
        ("1.0.8", "2.0.0", False),
        ("1.0.0-beta.8", "1.0.0-beta.7", True),
        ("1.0.0-beta.10", "1.0.0-beta.9", True),
        ("1.0.0-beta", "1.0.0-beta.4", False),
        ("1.0.0-beta.8", "1.0.0", False),
        ("1.0.0", "1.0.0-beta.8", True),
        ("1.0.0-alpha.4", "1.0.0-beta", False),
        ("", "1.0.0", False),
        ("nonsense", "1.0.0", False),
    ],
)
def test_versions_compare_as_semver(version: str, least: str, holds: bool) -> None:
    assert is_at_least(version, least) is holds


def test_the_newest_version_of_every_application_has_its_package() -> None:
    for row in applications().values():
        assert row.default_version in row.packages
        assert set(row.packages) <= set(row.versions)
    assert package_of(1, "2.1.0") == "1.41"
    assert package_of(3, "2.0.0") == "1.41"
    assert package_of(1, "2.0.0") == "1.37"
    assert package_of(1, "1.0.1") == "1.0"
    assert package_of(99, "1.0.0") == "1.0"


def test_profiles_take_the_least_api_version() -> None:
    assert default_profile().name == "Application 1 2.1.0, API 1.0.0"
    assert default_profile(8).core == "1.5.0"
    assert default_profile(4, "1.2.3", "1.1.0").application_version == "1.2.3"
    assert core_line("1.0.0") == "1.0.7"
    assert supports(6, "1.0.0-beta.8")
    assert not supports(1, "1.0.0-beta.8")
    assert known_version("1.0.0-alpha.4")
    assert not known_version("9.9.9")
