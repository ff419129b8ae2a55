"""Added packages: kept as archives in one folder that all workspaces share, each named after its name and version.

Must not know which workspace uses which.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import ErrorCode, InputError, StoreError
from workbench.profiles import reading, sources
from workbench.profiles.archive import read_package
from workbench.profiles.dependencies import close_over
from workbench.profiles.manifests import split_label
from workbench.profiles.packages import load

if TYPE_CHECKING:
    from pathlib import Path


class Added(NamedTuple):
    """One added package as lists show it."""

    name: str
    version: str
    profiles: int
    """Profiles and extensions."""
    missing: tuple[str, ...] = ()
    """What it needs and nobody has added, as `name#version`."""
    problem: str = ""
    """Why it cannot be used; the other facts are then unknown."""

    @property
    def label(self) -> str:
        """`name#version`."""
        return f"{self.name}#{self.version}"


def add(reference: str) -> str:
    """Keep a package: an archive, an unpacked folder, or `name#version` of the cache that FHIR tools share.

    Gives its `name#version`. The same version once more replaces it. InputError when it is none that can be used,
    StoreError when it cannot be kept.
    """
    path = sources.locate(reference)
    package = reading.read(path)
    target = sources.added_folder() / f"{package.manifest.label}.tgz"
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        if path != target:
            content = path.read_bytes() if path.is_file() else _packed(path)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside.write_bytes(content)
            beside.replace(target)
    except OSError as error:
        cause = error.strerror or str(error)
        raise StoreError(ErrorCode.STORE_FAILED, what=f"The package {package.manifest.label}", cause=cause) from error
    load((package.manifest.label,), lenient=True)
    return package.manifest.label


def listed() -> tuple[Added, ...]:
    """Every added package, by name and version; one that can no longer be read says why."""
    rows = []
    for name, version, path in sources.added():
        try:
            package = reading.read(path)
            rows.append(Added(name, version, package.profiles, close_over([package]).missing))
        except InputError as error:
            rows.append(Added(name, version, 0, problem=f"{error.sentence} {error.next_step}"))
    return tuple(rows)


def remove(label: str) -> None:
    """Forget an added package; InputError when there is none of that name and version, StoreError when it stays."""
    wanted = split_label(label)
    path = next((path for name, version, path in sources.added() if (name, version) == wanted), None)
    if path is None:
        raise InputError(ErrorCode.INPUT_PACKAGE_MISSING, what=label)
    try:
        path.unlink()
    except OSError as error:
        cause = error.strerror or str(error)
        raise StoreError(ErrorCode.STORE_FAILED, what=f"The package {label}", cause=cause) from error


def _packed(folder: Path) -> bytes:
    """An unpacked package as an archive: its package.json and the files that are read beside it."""
    inside = folder / "package" / "package.json"
    manifest = inside if inside.is_file() else folder / "package.json"
    out = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as archive,
    ):
        for name, content in (("package.json", manifest.read_bytes()), *read_package(folder).files):
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()
