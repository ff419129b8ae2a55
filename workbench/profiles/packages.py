"""The FHIR packages in use: loaded once per process, asked by checks from any thread.

`load` takes names and paths, so that a worker process can be given the same packages by their strings. Profiles are
compiled once per set of packages and kept on disk; each is read when it is first asked for, as is every value set.
"""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import InputError
from workbench.messages.tree import objects
from workbench.profiles import blobs, reading, sources
from workbench.profiles.blobs import Blobs
from workbench.profiles.coding import profile_from_json, profile_to_json
from workbench.profiles.compiling import Structure, base_type, compile_profile
from workbench.profiles.dependencies import close_over
from workbench.profiles.reduced import CODE_SYSTEMS, PROFILES, SNAPSHOTS, VALUE_SETS, WHOLE_SYSTEMS
from workbench.profiles.terminology import ValueSet, resolve, resolve_system

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbench.messages import JsonObject
    from workbench.profiles.compiled import CompiledProfile
    from workbench.profiles.dependencies import Closure
    from workbench.profiles.reading import Package

_COMPILED = "compiled"


class Packages:
    """What is loaded; a `Definitions`. Nothing in it changes but what has been read so far.

    On its way to a worker process it is only its names: it is loaded anew there.
    """

    def __init__(self, references: tuple[str, ...], closure: Closure, *, make: bool = True) -> None:
        self._references = references
        self._packages = closure.packages
        self._missing = closure.missing
        self._compiled = _compiled(closure.packages, make=make)
        self._profiles: dict[str, CompiledProfile | None] = {}
        self._value_sets: dict[str, ValueSet] = {}
        self._systems: dict[str, ValueSet] = {}

    def __reduce__(self) -> tuple[object, ...]:
        """By what it is loaded again in another process."""
        return _load_again, (self._references,)

    @property
    def names(self) -> tuple[str, ...]:
        """`name#version` of every package, dependencies after what needs them."""
        return tuple(one.manifest.label for one in self._packages)

    @property
    def missing(self) -> tuple[str, ...]:
        """`name#version` of what is needed and was not found."""
        return self._missing

    @property
    def packages(self) -> tuple[Package, ...]:
        """The packages themselves."""
        return self._packages

    @property
    def profile_urls(self) -> tuple[str, ...]:
        """The address of every profile and extension."""
        return tuple(self._compiled.names(_COMPILED))

    def profile(self, canonical: str) -> CompiledProfile | None:
        """The definition at an address (a `|version` after it must fit), None when no package has it.

        The types of base R4 are known without any package; they ask nothing more.
        """
        if canonical not in self._profiles:
            self._profiles[canonical] = self._read(canonical)
        return self._profiles[canonical]

    def _read(self, canonical: str) -> CompiledProfile | None:
        url, _, version = canonical.partition("|")
        value = self._compiled.value(_COMPILED, url)
        if value is None:
            return base_type(canonical)
        found = profile_from_json(value)
        return found if _version_fits(found.version, version) else None

    def contains(self, value_set: str, system: str | None, code: str) -> bool | None:
        """Whether a value set has a code; None when that cannot be told from the packages."""
        return self._resolved(value_set).contains(system, code)

    def defines(self, system: str, code: str) -> bool | None:
        """Whether a code system has a code; None when no package has the whole system."""
        found = self._systems.get(system)
        if found is None:
            found = self._systems[system] = resolve_system(self, system)
        return found.contains(system, code)

    def unresolved(self, value_set: str) -> str:
        """Why some or all codes of a value set cannot be told, in words; empty when they can."""
        return self._resolved(value_set).unresolved

    def _resolved(self, canonical: str) -> ValueSet:
        found = self._value_sets.get(canonical)
        if found is None:
            found = self._value_sets[canonical] = resolve(self, canonical)
        return found

    # what compiling and terminology ask

    def structure(self, canonical: str) -> Structure | None:
        """The definition at an address as the packages have it."""
        return _structure(self._packages, canonical)

    def value_set(self, canonical: str) -> JsonObject | None:
        """The value set at an address; one of another version than is asked for counts as absent."""
        return _value(self._packages, VALUE_SETS, canonical)

    def code_system(self, url: str) -> JsonObject | None:
        """The code system at an address."""
        return _value(self._packages, CODE_SYSTEMS, url)

    def system_of_value_set(self, canonical: str) -> str | None:
        """The code system whose codes together are the value set of that address."""
        address = canonical.partition("|")[0]
        notes = (package.blobs.note(WHOLE_SYSTEMS, address) for package in self._packages)
        return next((system for system in notes if system is not None), None)


class _Loaded(NamedTuple):
    """Packages, and what they were loaded from: they are loaded again when one of these has changed."""

    stamps: tuple[tuple[str, int, int], ...]
    packages: Packages


_lock = threading.Lock()
_loaded: dict[tuple[bool, tuple[str, ...], Path, Path], _Loaded] = {}
"""By what was asked for, and the folders that names are looked up in."""


def load(references: Iterable[str], *, lenient: bool = False) -> Packages:
    """The packages named (paths of `.tgz` files or folders, or `name#version`), with what they need.

    Loaded once per process and again only when a file has changed. InputError when one cannot be found or used, or two
    versions of one are named; with `lenient` one that is not found is listed in `missing` in place of that.
    """
    return _load(tuple(references), lenient=lenient, make=True)


def load_kept(references: Iterable[str]) -> Packages | None:
    """As `load` with `lenient`, but only from compiled forms, in milliseconds; None when something must be made."""
    try:
        return _load(tuple(references), lenient=True, make=False)
    except reading.NotKeptError:
        return None


def prepare(references: tuple[str, ...]) -> None:
    """Make the compiled forms of packages, for a worker process; raises as `load` with `lenient`."""
    load(references, lenient=True)


def _load_again(references: tuple[str, ...]) -> Packages:
    return load(references, lenient=True)


def _load(asked: tuple[str, ...], *, lenient: bool, make: bool) -> Packages:
    key = (lenient, asked, sources.added_folder(), sources.shared_folder())
    with _lock:
        known = _loaded.get(key)
        if known is not None and all(sources.stamp(Path(row[0])) == row for row in known.stamps):
            return known.packages
        packages = Packages(asked, _closure(asked, lenient=lenient, make=make), make=make)
        sought = [one.path for one in packages.packages]
        if packages.missing:  # they may turn up where it was looked for
            sought += [sources.added_folder(), sources.shared_folder(), *(one.parent for one in sought)]
        _loaded[key] = _Loaded(tuple(sources.stamp(path) for path in dict.fromkeys(sought)), packages)
        return packages


def _closure(references: tuple[str, ...], *, lenient: bool, make: bool) -> Closure:
    roots: list[Package] = []
    missing: list[str] = []
    for reference in references:
        try:
            path = sources.locate(reference)
        except InputError:
            if not lenient:
                raise
            missing.append(reference)
            continue
        roots.append(reading.read(path, make=make))
    return close_over(roots, missing, make=make)


def _compiled(packages: tuple[Package, ...], *, make: bool) -> Blobs:
    """The profiles of a set of packages, from disk or made now."""
    if not packages:
        return Blobs({}, {}, b"")
    key = hashlib.sha256("\n".join(one.digest for one in packages).encode()).hexdigest()
    file = sources.compiled_folder() / f"{key[:40]}.profiles"
    kept = blobs.read(file)
    if kept is not None and kept.head.get("digest") == key:
        return kept
    if not make:
        raise reading.NotKeptError(key)
    writing = blobs.Writing({"digest": key, "packages": [one.manifest.label for one in packages]})
    finder = _Finder(packages)
    for package in packages:
        for url in package.blobs.names(PROFILES):
            found = finder.structure(url)
            if found is not None and found.derived and not writing.has(_COMPILED, url):
                profile = compile_profile(finder, found)
                writing.add(_COMPILED, url, profile.version, profile_to_json(profile))
    content = writing.content()
    made = blobs.parse(content)
    if made is None:
        raise AssertionError("a compiled form that was just made cannot be read")
    blobs.write(file, content)
    return made


class _Finder:
    """Definitions of a set of packages, each read once while compiling."""

    def __init__(self, packages: tuple[Package, ...]) -> None:
        self._packages = packages
        self._found: dict[str, Structure | None] = {}

    def structure(self, canonical: str) -> Structure | None:
        """The definition at an address."""
        if canonical not in self._found:
            self._found[canonical] = _structure(self._packages, canonical)
        return self._found[canonical]


def _structure(packages: tuple[Package, ...], canonical: str) -> Structure | None:
    value = _value(packages, PROFILES, canonical)
    if value is None:
        return None
    snapshot = _value(packages, SNAPSHOTS, canonical) or {}
    return Structure(canonical.partition("|")[0], value, tuple(objects(snapshot.get("elements"))))


def _value(packages: tuple[Package, ...], section: str, canonical: str) -> JsonObject | None:
    url, _, version = canonical.partition("|")
    for package in packages:
        note = package.blobs.note(section, url)
        if note is not None and _version_fits(note, version):
            return package.blobs.value(section, url)
    return None


def _version_fits(version: str, wanted: str) -> bool:
    """Whether a version is the one asked for, or a finer one of it; none asked for fits any."""
    return not wanted or not version or version == wanted or version.startswith(f"{wanted}.")
