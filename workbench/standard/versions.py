"""Which released versions exist and which the product uses by default (guide 1.12.0, release pages)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets

if TYPE_CHECKING:
    from collections.abc import Mapping


NEWEST_PACKAGE = "1.41"
"""The FHIR package of guide 1.12.0."""


@dataclass(frozen=True, slots=True)
class VersionProfile:
    """The versions a connection or scenario works with; nothing else carries versions."""

    application: int
    """Number of the BaRS Application, 1 to 8."""
    application_version: str
    """Goes into Bundle.meta.versionId."""
    core: str
    """`1.0.7` or `1.5.0`: the line of the Core guide."""
    api: str
    """Goes into the version parameter of Accept."""

    @property
    def name(self) -> str:
        """`Application 1 2.1.0, API 1.0.0` as screens show it."""
        return f"Application {self.application} {self.application_version}, API {self.api}"


@dataclass(frozen=True, slots=True)
class Application:
    """One BaRS Application with its versions, newest first."""

    number: int
    title: str
    default_version: str
    versions: tuple[str, ...]
    """Every version a receiver of the current and the previous major may meet."""
    status: str
    """`stable`, `beta` or `alpha`."""
    api: str
    """The least API version it needs; the default of Accept."""
    packages: Mapping[str, str]
    """The FHIR package each of its versions came out with; the oldest versions are left out."""

    @property
    def prerelease(self) -> bool:
        """Whether it must be badged and is never chosen by itself."""
        return self.status != "stable"


@cache
def applications() -> Mapping[int, Application]:
    """Every Application by number, from `resources/standard/versions.toml`."""
    rows = assets.table("standard", "versions.toml")["application"]
    return {
        row["number"]: Application(
            row["number"],
            row["title"],
            row["default"],
            tuple(row["versions"]),
            row["status"],
            row["api"],
            row["packages"],
        )
        for row in rows
    }


@cache
def api_versions() -> tuple[str, ...]:
    """API versions a person may choose, oldest first."""
    return tuple(assets.table("standard", "versions.toml")["api_versions"])


def core_line(api: str) -> str:
    """The Core guide that goes with an API version: 1.0.7 for 1.0.x, else 1.5.0."""
    return "1.0.7" if api.startswith("1.0.") else "1.5.0"


def default_profile(application: int = 1, version: str | None = None, api: str | None = None) -> VersionProfile:
    """The versions to use for an Application; KeyError for a number that does not exist."""
    row = applications()[application]
    chosen = api or row.api
    return VersionProfile(application, version or row.default_version, core_line(chosen), chosen)


def supports(application: int, version: str) -> bool:
    """Whether a receiver of ours takes this Application version in Bundle.meta.versionId."""
    row = applications().get(application)
    return row is not None and version in row.versions


def known_version(version: str) -> bool:
    """Whether any Application ever had this version."""
    return any(version in row.versions for row in applications().values())


def is_at_least(version: str, least: str) -> bool:
    """Whether a version is the same as or newer than another by SemVer; what is no version at all is older."""
    return _order(version) >= _order(least)


def package_of(application: int, version: str) -> str:
    """The FHIR package an Application version goes with: the one it came out with, for its newest version the newest.

    `1.0` for versions older than the table.
    """
    row = applications().get(application)
    if row is None:
        return "1.0"
    return NEWEST_PACKAGE if version == row.default_version else row.packages.get(version, "1.0")


def _order(version: str) -> tuple[tuple[int, ...], bool, tuple[tuple[int, str], ...]]:
    """Numbers, then a release after its pre-releases, then the pre-release part by part (SemVer 2.0.0, 11)."""
    core, _, pre = version.strip().partition("-")
    numbers = tuple(int(part) if part.isdecimal() else -1 for part in core.split("."))
    parts = tuple((int(part), "") if part.isdecimal() else (-1, part) for part in pre.split(".") if part)
    return numbers, not pre, parts
