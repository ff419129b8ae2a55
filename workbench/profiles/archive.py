"""Reading the files of a FHIR package, from a `.tgz` or an unpacked folder, without trusting either.

Nothing is written and nothing leaves its folder: links, climbing paths, names twice and bombs are refused. Knows
archives and limits; must not know what the files mean.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import tarfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from workbench.errors import ErrorCode, InputError
from workbench.messages.values import Number
from workbench.profiles.manifests import Manifest, read_manifest
from workbench.profiles.sources import folders_of_kinds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from _typeshed import WriteableBuffer

    from workbench.messages import JsonObject

MOST_BYTES = 512 * 1024 * 1024
"""Of a whole package, unpacked."""
MOST_FILE_BYTES = 64 * 1024 * 1024
MOST_FILES = 50_000
MOST_RATIO = 100
"""How many times its own size a package may be when unpacked; published ones come to about ten."""
LEAST_BYTES = 1024 * 1024
"""What any package may unpack to, however well it is packed."""

_MANIFEST = "package.json"
_READ = (".json", ".xml")
_DRIVE = re.compile(r"[A-Za-z]:")
_LONGEST_NAME = 255
_ODD_CHARACTER = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_LONGEST_SHOWN = 60
_SET_ID = 0o6000


@dataclass(frozen=True, slots=True)
class Contents:
    """A package as it was read."""

    manifest: Manifest
    files: tuple[tuple[str, bytes], ...]
    """(name, content) of the JSON and XML files that stand beside `package.json`, sorted by name; of a folder of
    definitions by kind also those of such folders, as `StructureDefinition-name`."""


def read_package(path: Path) -> Contents:
    """The manifest and the JSON and XML files of a package.

    InputError that names the package: when it is none, is damaged, holds what no package may hold, passes a limit, or
    is for another FHIR version.
    """
    what = path.name
    try:
        files = dict(_folder(path, what) if path.is_dir() else _archive(path, what))
    except OSError as error:
        cause = error.strerror or str(error)
        raise InputError(ErrorCode.INPUT_UNREADABLE, what=what, cause=cause) from error
    roots = sorted((name for name in files if name.rsplit("/", 1)[-1] == _MANIFEST), key=lambda one: one.count("/"))
    if not roots or roots[0].count("/") > 1:
        raise InputError(ErrorCode.INPUT_PACKAGE, what=what, cause="it holds no package/package.json")
    folder = roots[0].removesuffix(_MANIFEST)
    manifest = read_manifest(read_json(files[roots[0]], what=f"{roots[0]} of {what}"), what=what)
    beside = (
        (name.removeprefix(folder), content)
        for name, content in sorted(files.items())
        if name.startswith(folder) and "/" not in name.removeprefix(folder)
    )
    return Contents(
        manifest,
        tuple((n, c) for n, c in beside if n.endswith(_READ) and n != _MANIFEST and not n.startswith(".")),
    )


def read_json(content: bytes, *, what: str) -> JsonObject:
    """The object in a file, numbers as they are written; InputError naming the file when it cannot be read."""
    try:
        value = json.loads(
            content.decode("utf-8-sig"), parse_int=Number, parse_float=Number, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise InputError(ErrorCode.INPUT_PACKAGE_DAMAGED, what=what, cause=f"it is no JSON ({error})") from error
    if not isinstance(value, dict):
        raise InputError(ErrorCode.INPUT_PACKAGE_DAMAGED, what=what, cause="it holds no JSON object")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _folder(path: Path, what: str) -> Iterator[tuple[str, bytes]]:
    """The files of an unpacked package: of `package/` where there is one, else of the folder and its kinds' folders."""
    inside = path / "package"
    root = inside if (inside / _MANIFEST).is_file() else path
    if not (root / _MANIFEST).is_file():
        raise InputError(ErrorCode.INPUT_PACKAGE, what=what, cause="it holds no package/package.json")
    guard = _Guard(what)
    for folder in (root, *folders_of_kinds(root)):
        lead = "" if folder == root else f"{folder.name}-"
        for file in sorted(folder.iterdir()):
            if file.is_symlink():
                guard.refuse(f"{file.name} is a link")
            if file.is_file() and file.suffix in _READ:
                name = f"package/{lead}{file.name}"
                guard.take(name, file.stat().st_size)
                guard.once(name)
                yield name, file.read_bytes()


def _archive(path: Path, what: str) -> Iterator[tuple[str, bytes]]:
    """The files of a `.tgz`, each name once."""
    guard = _Guard(what)
    with path.open("rb") as raw:
        if raw.read(2) != b"\x1f\x8b":
            raise InputError(ErrorCode.INPUT_PACKAGE, what=what, cause="it is no gzip archive")
        raw.seek(0)
        try:
            most = max(LEAST_BYTES, MOST_RATIO * path.stat().st_size)
            unpacked = io.BufferedReader(_Counted(gzip.GzipFile(fileobj=raw), guard, most))
            with tarfile.open(fileobj=unpacked, mode="r|") as tar:
                for member in tar:
                    if member.isdir():
                        guard.name(member.name)
                        continue
                    if not member.isreg() or member.issparse():
                        guard.refuse(f"{member.name} is a link, a device or a sparse file")
                    if member.mode & _SET_ID:
                        guard.refuse(f"{member.name} would run as another user")
                    guard.take(member.name, member.size)
                    stream = tar.extractfile(member)
                    content = stream.read() if stream is not None else b""
                    if len(content) != member.size:
                        raise EOFError(f"{member.name} ends early")
                    name = member.name.removeprefix("./")
                    if name.endswith(_READ) and name.count("/") <= 1:  # deeper folders hold examples and pages
                        guard.once(name)
                        yield name, content
            while part := unpacked.read(LEAST_BYTES):
                if part.strip(b"\0"):
                    raise gzip.BadGzipFile("more follows")
        except EOFError as error:
            raise InputError(ErrorCode.INPUT_PACKAGE_DAMAGED, what=what, cause="it ends early") from error
        except gzip.BadGzipFile as error:
            sums = "CRC" in str(error) or "length" in str(error)
            cause = "its content does not fit its checksum" if sums else "something stands after its end"
            raise InputError(ErrorCode.INPUT_PACKAGE_DAMAGED, what=what, cause=cause) from error
        except (tarfile.TarError, zlib.error, ValueError) as error:
            raise InputError(ErrorCode.INPUT_PACKAGE_DAMAGED, what=what, cause="it cannot be unpacked") from error


class _Guard:
    """Counts what a package holds and refuses what no package may hold."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._names: set[str] = set()
        self._count = 0
        self._bytes = 0

    def refuse(self, cause: str) -> NoReturn:
        raise InputError(ErrorCode.INPUT_PACKAGE_UNSAFE, what=self.what, cause=cause)

    def name(self, name: str) -> None:
        parts = name.replace("\\", "/").split("/")
        if name.startswith(("/", "\\")) or _DRIVE.match(name) or ".." in parts or "\x00" in name:
            self.refuse(f"the name {_shown(name)} leaves its folder")
        for part in parts:
            if len(part) > _LONGEST_NAME:
                self.refuse(f"the name {_shown(name)} is longer than {_LONGEST_NAME} characters")
            if _ODD_CHARACTER.search(part) or part != part.rstrip(" .") or _DEVICE.fullmatch(part):
                self.refuse(f"the name {_shown(name)} is no file name on every system")

    def take(self, name: str, size: int) -> None:
        self.name(name)
        self._count += 1
        self._bytes += size
        if self._count > MOST_FILES:
            self.refuse(f"it has more than {MOST_FILES:,} files")
        if size > MOST_FILE_BYTES:
            self.refuse(f"{name} is larger than {MOST_FILE_BYTES // 1024**2} MiB")
        if self._bytes > MOST_BYTES:
            self.refuse(f"it is larger than {MOST_BYTES // 1024**2} MiB when unpacked")

    def once(self, name: str) -> None:
        """Of what is read, each name once; official packages do have examples that differ by case alone."""
        plain = name.lower()
        if plain in self._names:
            self.refuse(f"the name {name} stands in it twice")
        self._names.add(plain)


def _shown(name: str) -> str:
    """A name in quotes, escaped and not too long to read."""
    return repr(name) if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]!r}..."


class _Counted(io.RawIOBase):
    """A stream that refuses to give more bytes than a package may have, whatever its headers say."""

    def __init__(self, stream: gzip.GzipFile, guard: _Guard, most: int) -> None:
        """`most`: bytes that a package of its size may unpack to."""
        super().__init__()
        self._most = most
        self._given = 0
        self._stream = stream
        self._guard = guard
        self._left = MOST_BYTES + MOST_FILES * 1024

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """The next bytes."""
        view = memoryview(buffer)
        content = self._stream.read(len(view))
        view[: len(content)] = content
        self._left -= len(content)
        self._given += len(content)
        if self._given > self._most:
            self._guard.refuse(f"it unpacks to more than {MOST_RATIO} times its size")
        if self._left < 0:
            self._guard.refuse(f"it is larger than {MOST_BYTES // 1024**2} MiB when unpacked")
        return len(content)
