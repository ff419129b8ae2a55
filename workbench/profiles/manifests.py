"""What a package says of itself: name, version, FHIR versions and dependencies, from its `package.json`.

Values only; must not know where packages lie or what else is in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, InputError
from workbench.messages.tree import as_object, text, texts

if TYPE_CHECKING:
    from workbench.messages import JsonObject

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]{0,60}")
_WANTED = re.compile(r"[A-Za-z0-9*][A-Za-z0-9.+_*-]{0,60}")
FHIR = "4.0"
"""The FHIR version that is checked: R4, 4.0.x."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The facts of a package that loading needs."""

    name: str
    version: str
    dependencies: tuple[tuple[str, str], ...] = ()
    """(name, wanted version) in the order of the package."""

    @property
    def label(self) -> str:
        """`name#version`, as packages are named everywhere."""
        return f"{self.name}#{self.version}"


def read_manifest(content: JsonObject, *, what: str) -> Manifest:
    """The manifest of a `package.json`.

    InputError when name or version are missing or could not be part of a file name, and when the package says that it
    is for another FHIR version than 4.0.x.
    """
    name, version = text(content.get("name")) or "", text(content.get("version")) or ""
    if not _NAME.fullmatch(name) or ".." in name:
        raise InputError(ErrorCode.INPUT_PACKAGE, what=what, cause="its package.json gives no usable name")
    if not _VERSION.fullmatch(version):
        raise InputError(ErrorCode.INPUT_PACKAGE, what=what, cause="its package.json gives no usable version")
    said = [
        one
        for key in ("fhirVersions", "fhir-version-list", "fhirVersion")
        for one in texts(content.get(key))
        if one[:1].isdigit()
    ]
    if said and not any(one == FHIR or one.startswith(f"{FHIR}.") for one in said):
        raise InputError(ErrorCode.INPUT_PACKAGE_VERSION, what=f"{name}#{version}", cause=", ".join(said))
    wanted = tuple(
        (other, number)
        for other, number in as_object(content.get("dependencies")).items()
        if isinstance(number, str) and _NAME.fullmatch(other) and _WANTED.fullmatch(number)
    )
    return Manifest(name, version, wanted)


def split_label(label: str) -> tuple[str, str] | None:
    """Name and version of `name#version` (or `name@version`); None when it is not written so."""
    for sign in ("#", "@"):
        name, found, version = label.partition(sign)
        if found and _NAME.fullmatch(name) and _WANTED.fullmatch(version):
            return name, version
    return None


def fits(version: str, wanted: str) -> bool:
    """Whether a version is what a dependency asks for: the same, or one that a wildcard such as `1.0.x` allows."""
    if version == wanted or wanted in ("*", "x", "latest"):
        return True
    parts = wanted.split(".")
    if parts[-1] not in ("x", "X", "*"):
        return False
    given = version.split("-", 1)[0].split(".")
    fixed = [part for part in parts if part not in ("x", "X", "*")]
    return given[: len(fixed)] == fixed


def newest(versions: list[str]) -> str:
    """The highest of some versions; a release comes before its pre-releases."""
    return max(versions, key=_rank)


def _rank(version: str) -> tuple[tuple[int, ...], bool, str]:
    release, _, label = version.partition("-")
    return tuple(int(part) if part.isdigit() else -1 for part in release.split(".")), not label, label
