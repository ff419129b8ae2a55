"""The files of a folder or zip in which a harness or a person keeps messages, read without trusting them.

Nothing is unpacked to disk. Members that lead out, are encrypted, or pass a limit are told, not read. Knows archives
and limits; must not know what the files mean.
"""

from __future__ import annotations

import io
import lzma
import stat
import zipfile
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, InputError
from workbench.files import check_zip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENDINGS = (".json", ".xml", ".har", ".http", ".txt", ".log")
"""Endings of files that may hold messages; others are not looked at."""
MOST_FILES = 10_000
MOST_FILE_BYTES = 20 * 1024 * 1024
MOST_BYTES = 200 * 1024 * 1024
"""Of all files together, unpacked."""
MOST_RATIO = 200
"""How many times its packed size a member may be; messages come to ten or twenty."""
LEAST_BYTES = 1024 * 1024
"""What any member may unpack to, however well it is packed."""
_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class ReportFile:
    """One file with what it holds."""

    name: str
    """With its folders, parted by `/`."""
    content: bytes
    changed: datetime
    """UTC; zips keep no zone, so theirs is taken for UTC."""


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """What was read, by name, and what was not, a sentence each."""

    files: tuple[ReportFile, ...]
    passed_over: tuple[str, ...] = ()


def read_files(path: Path) -> ReportFiles:
    """The files of a zip, of a folder with those under it, or the one file that it is.

    InputError for a path that cannot be read (input.missing, input.unreadable), and for a zip that is damaged or holds
    too much (input.archive).
    """
    try:
        if path.is_dir():
            return _of_folder(path)
        with path.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise _refused(path.name, _too_much())
        if zipfile.is_zipfile(io.BytesIO(content)):
            return _of_zip(path.name, content)
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return ReportFiles((ReportFile(path.name, content, changed),))
    except FileNotFoundError:
        raise InputError(ErrorCode.INPUT_MISSING, what=str(path)) from None
    except OSError as error:
        raise InputError(ErrorCode.INPUT_UNREADABLE, what=path.name, cause=error.strerror or str(error)) from error


def _of_folder(folder: Path) -> ReportFiles:
    files: list[ReportFile] = []
    passed_over: list[str] = []
    whole = 0
    for found in sorted(_under(folder)):
        name = found.relative_to(folder).as_posix()
        facts = found.lstat()
        if not stat.S_ISREG(facts.st_mode):
            passed_over.append(f"{shown(name)} is a link or no ordinary file.")
            continue
        with found.open("rb") as opened:
            content = opened.read(MOST_FILE_BYTES + 1)
        if len(content) > MOST_FILE_BYTES:
            passed_over.append(_too_long(name))
            continue
        whole += len(content)
        if whole > MOST_BYTES or len(files) == MOST_FILES:
            raise _refused(folder.name, _too_much())
        files.append(ReportFile(name, content, datetime.fromtimestamp(facts.st_mtime, UTC)))
    return ReportFiles(tuple(files), tuple(passed_over))


def _under(folder: Path) -> Iterator[Path]:
    """Files that may hold messages, in the folder and those below; folders that are links are not entered."""
    for found in folder.iterdir():
        if found.is_dir() and not found.is_symlink():
            yield from _under(found)
        elif found.suffix.lower() in ENDINGS:
            yield found


def _of_zip(zip_name: str, packed: bytes) -> ReportFiles:
    files: list[ReportFile] = []
    passed_over: list[str] = []
    whole = 0
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            check_zip(archive)
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) > MOST_FILES:
                raise _refused(zip_name, _too_much())
            for member in sorted(members, key=lambda one: one.filename):
                if (problem := _problem(member)) is not None:
                    passed_over.append(problem)
                elif PurePosixPath(member.filename).suffix.lower() in ENDINGS:
                    content = _unpacked(archive, member)
                    if content is None:
                        passed_over.append(_too_long(member.filename))
                        continue
                    whole += len(content)
                    if whole > MOST_BYTES:
                        raise _refused(zip_name, _too_much())
                    files.append(ReportFile(member.filename, content, _changed(member)))
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError) as error:
        raise _refused(zip_name, f"it is damaged or packed in a way that is not known ({error})") from error
    return ReportFiles(tuple(files), tuple(passed_over))


def _problem(member: zipfile.ZipInfo) -> str | None:
    """Why a member is not looked at; None when it may be."""
    name = member.filename
    steps = name.replace("\\", "/").split("/")
    if ".." in steps or name.startswith("/") or "\\" in name or ":" in steps[0]:
        return f"{shown(name)} leads out of the archive."
    if stat.S_ISLNK(member.external_attr >> 16):
        return f"{shown(name)} is a link."
    if member.flag_bits & 1:
        return f"{shown(name)} is encrypted."
    return None


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes | None:
    """What a member holds; None where it passes a limit, whatever the archive says of its size."""
    most = min(MOST_FILE_BYTES, max(LEAST_BYTES, member.compress_size * MOST_RATIO))
    with archive.open(member) as opened:
        content = opened.read(most + 1)
    return None if len(content) > most else content


def _changed(member: zipfile.ZipInfo) -> datetime:
    try:
        return datetime(*member.date_time, tzinfo=UTC)
    except ValueError:
        return datetime(1980, 1, 1, tzinfo=UTC)  # the oldest time that a zip can say; this one says none


def shown(name: str) -> str:
    """A name from outside as it may stand in a sentence."""
    plain = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in name)
    return plain if len(plain) <= _LONGEST_SHOWN else f"...{plain[-_LONGEST_SHOWN:]}"


def _too_long(name: str) -> str:
    return f"{shown(name)} holds more than {MOST_FILE_BYTES // 1024 // 1024} MiB, or is packed like a trap."


def _too_much() -> str:
    return f"it holds more than {MOST_FILES:,} files or {MOST_BYTES // 1024 // 1024} MiB"


def _refused(name: str, cause: str) -> InputError:
    return InputError(ErrorCode.INPUT_ARCHIVE, what=shown(name), cause=cause)
