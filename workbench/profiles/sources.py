"""Where packages lie: added ones, the cache that FHIR tools share, and beside a package that needs them.

Knows folders and file names; what is in a package is read elsewhere.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from workbench import APP
from workbench.errors import ErrorCode, InputError
from workbench.profiles.manifests import fits, newest, split_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ARCHIVES = (".tgz", ".tar.gz")
_KINDS = re.compile(r"(structuredefinition|profile|extension|valueset|codesystem)s?", re.IGNORECASE)


def added_folder() -> Path:
    """Where added packages are kept, for all workspaces: `name#version.tgz`."""
    return platformdirs.user_data_path(APP, appauthor=False, roaming=False) / "packages"


def shared_folder() -> Path:
    """The package cache that FHIR tools share: `name#version/package`."""
    return Path.home() / ".fhir" / "packages"


def compiled_folder() -> Path:
    """Where the compiled forms are kept; everything in it can be made again."""
    return platformdirs.user_cache_path(APP, appauthor=False) / "packages"


def locate(reference: str) -> Path:
    """The package that a person names: by a path, or by `name#version` among the added and the shared ones.

    InputError when there is none.
    """
    path = Path(reference).expanduser()
    if path.exists():
        return path.absolute()
    label = split_label(reference)
    found = find(*label, beside=()) if label is not None else None
    if found is None:
        raise InputError(ErrorCode.INPUT_PACKAGE_MISSING, what=reference)
    return found


def find(name: str, wanted: str, *, beside: Iterable[Path]) -> Path | None:
    """The package of that name whose version fits best: among `beside` first, then added, then shared ones.

    By the names of files and folders only; what is found must still be asked whether it is what its name says.
    """
    for listed in (_beside(name, beside), _added(name), _shared(name)):
        candidates = {version: path for version, path in listed if fits(version, wanted)}
        if candidates:
            return candidates[newest(list(candidates))]
    return None


def added() -> list[tuple[str, str, Path]]:
    """(name, version, path) of every added package, by name and version."""
    rows = []
    for path in sorted(_entries(added_folder())):
        label = split_label(path.name.removesuffix(".tgz")) if path.name.endswith(".tgz") else None
        if label is not None:
            rows.append((*label, path))
    return rows


def digest(path: Path) -> str:
    """Tells whether a package has changed: of a file its content, of a folder the names, sizes and times in it.

    OSError when it cannot be read.
    """
    if path.is_file():
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    inside = path / "package"
    hashed = hashlib.sha256(str(path).encode("utf-8", "surrogateescape"))
    for folder in (inside if inside.is_dir() else path, *folders_of_kinds(path)):
        for file in sorted(folder.iterdir()):
            facts = file.stat()
            hashed.update(f"{file.name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return hashed.hexdigest()


def folders_of_kinds(folder: Path) -> list[Path]:
    """The folders in which a repository of definitions keeps them by kind (`StructureDefinition`, `ValueSets`), sorted.

    None for a packed layout, where all stands in `package/`. OSError when the folder cannot be read.
    """
    if (folder / "package").is_dir() or folder.name == "package":
        return []
    inside = (one for one in folder.iterdir() if _KINDS.fullmatch(one.name))
    return sorted(one for one in inside if one.is_dir() and not one.is_symlink())


def stamp(path: Path) -> tuple[str, int, int]:
    """A quick sign of change, for one run: path, size and time, both -1 for what is not there."""
    manifest = next((one for one in (path / "package" / "package.json", path / "package.json") if one.is_file()), path)
    try:
        facts = manifest.stat()
    except OSError:
        return str(path), -1, -1
    return str(path), facts.st_size, facts.st_mtime_ns


def _added(name: str) -> Iterator[tuple[str, Path]]:
    for known, version, path in added():
        if known == name:
            yield version, path


def _shared(name: str) -> Iterator[tuple[str, Path]]:
    for path in _entries(shared_folder()):
        if path.name.startswith(f"{name}#") and (path / "package" / "package.json").is_file():
            yield path.name.removeprefix(f"{name}#"), path


def _beside(name: str, folders: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    for folder in folders:
        for path in _entries(folder):
            if path.name[: len(name) + 1] not in (f"{name}-", f"{name}#", f"{name}@"):
                continue
            rest = path.name[len(name) + 1 :]
            ending = next((one for one in ARCHIVES if rest.endswith(one)), "")
            if ending or (path / "package.json").is_file() or (path / "package" / "package.json").is_file():
                yield rest.removesuffix(ending), path


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
