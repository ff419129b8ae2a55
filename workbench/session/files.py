"""Message files: read from disk for a draft, and what became of one that was sent from the command line."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench import files
from workbench.errors import ErrorCode, InputError, StoreError
from workbench.messages.encoding import decode

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.evidence.runs import ExchangeLine
    from workbench.messages import Finding
    from workbench.rules.sifting import Silenced

LARGEST_FILE = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileSend:
    """The exchange of a sent file and what was found in it."""

    line: ExchangeLine
    sentence: str
    next_step: str
    findings: tuple[Finding, ...]
    silenced: tuple[Silenced, ...] = ()
    """What is known noise of the service; none of it is among the findings."""


def write_text(path: str, text: str) -> None:
    """Write a text, whole or not at all; StoreError when it cannot be written."""
    _written(Path(path), lambda file: files.write_text(file, text))


def write_bytes(path: str, content: bytes) -> None:
    """Write bytes, whole or not at all; StoreError when they cannot be written."""
    _written(Path(path), lambda file: files.write_bytes(file, content))


def _written(file: Path, write: Callable[[Path], None]) -> None:
    try:
        write(file)
    except OSError as error:
        raise StoreError(ErrorCode.STORE_FAILED, what=f"{file.name}", cause=error.strerror or str(error)) from error


def read_file(path: str) -> tuple[bytes, str]:
    """The bytes of a file and its name; InputError when it is absent, a folder, unreadable or over 20 MiB."""
    file = Path(path)
    source = read_bounded(file)
    if len(source) > LARGEST_FILE:
        raise InputError(ErrorCode.INPUT_TOO_LARGE, what=file.name, limit="20 MiB")
    return source, file.name


def check_sendable(source: bytes, name: str) -> None:
    """InputError unless a text goes over the wire as it is: FHIR messages are UTF-8 without a byte order mark."""
    found = decode(source, what=name)
    if found.marked or found.encoding not in ("utf-8", "ascii"):
        cause = "it starts with a byte order mark" if found.encoding == "utf-8" else f"it is {found.encoding.upper()}"
        raise InputError(ErrorCode.INPUT_NOT_UTF8, what=name, cause=cause)


def read_bounded(file: Path) -> bytes:
    """The bytes of a file, one more than 20 MiB at most: the rest of a larger one is not looked at.

    InputError when it is absent, no ordinary file (a folder, a device, a pipe that nobody writes) or unreadable.
    """
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            cause = "it is a folder" if file.is_dir() else "it is no ordinary file"
            raise InputError(ErrorCode.INPUT_UNREADABLE, what=file.name, cause=cause)
        with file.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise InputError(ErrorCode.INPUT_MISSING, what=str(file)) from None
    except OSError as error:
        raise InputError(ErrorCode.INPUT_UNREADABLE, what=file.name, cause=error.strerror or str(error)) from error
