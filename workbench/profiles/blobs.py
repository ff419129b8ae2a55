"""Many small JSON values in one file, each read alone: a first line that says where everything is, then the values.

The form of everything that is compiled from packages. A file that is broken, cut or of another format counts as absent.
Must not know what the values mean.
"""

from __future__ import annotations

import json
import logging
import os
import zlib
from typing import TYPE_CHECKING

from workbench.messages import json_text
from workbench.messages.tree import as_object
from workbench.messages.values import Number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from workbench.messages import JsonObject, JsonValue

FORMAT = 5
"""Raised whenever what is kept, or how, changes."""

MOST_FILES = 60
"""Compiled files that are kept; each can be made again."""

_log = logging.getLogger(__name__)


class Blobs:
    """The values of one file, in memory as bytes. Immutable; safe to share between threads."""

    def __init__(self, head: JsonObject, index: Mapping[str, Mapping[str, tuple[str, int, int]]], body: bytes) -> None:
        self.head = head
        self._index = index
        self._body = body

    def names(self, section: str) -> Mapping[str, tuple[str, int, int]]:
        """Every name of a section with its note (a version, say) and its place."""
        return self._index.get(section, {})

    def note(self, section: str, name: str) -> str | None:
        """The note of a name, None when the section has no such name."""
        found = self.names(section).get(name)
        return found[0] if found is not None else None

    def value(self, section: str, name: str) -> JsonObject | None:
        """The value of a name, read now; None when the section has no such name."""
        found = self.names(section).get(name)
        if found is None:
            return None
        _, start, size = found
        content = zlib.decompress(self._body[start : start + size])
        return as_object(json.loads(content, parse_int=Number, parse_float=Number))


class Writing:
    """Values on their way into a file."""

    def __init__(self, head: JsonObject) -> None:
        self._head = head
        self._index: dict[str, dict[str, tuple[str, int, int]]] = {}
        self._parts: list[bytes] = []
        self._size = 0

    def has(self, section: str, name: str) -> bool:
        """Whether a name is taken."""
        return name in self._index.get(section, {})

    def add(self, section: str, name: str, note: str, value: JsonValue) -> None:
        """Keep a value; of two of one name the first stays."""
        if self.has(section, name):
            return
        content = zlib.compress(json_text.dump(value, None).encode("utf-8"), 6)
        self._index.setdefault(section, {})[name] = (note, self._size, len(content))
        self._parts.append(content)
        self._size += len(content)

    def content(self) -> bytes:
        """The whole file."""
        body = b"".join(self._parts)
        first = {
            "format": FORMAT,
            "head": self._head,
            "index": {section: {n: [*row] for n, row in rows.items()} for section, rows in self._index.items()},
            "size": len(body),
            "check": zlib.crc32(body),
        }
        return json.dumps(first, separators=(",", ":")).encode("ascii") + b"\n" + body


def parse(content: bytes) -> Blobs | None:
    """The values of a file's content; None when it is broken, cut or of another format."""
    line, _, body = content.partition(b"\n")
    try:
        first = json.loads(line)
        if first["format"] != FORMAT or first["size"] != len(body) or first["check"] != zlib.crc32(body):
            return None
        index = {
            str(section): {str(name): (str(row[0]), int(row[1]), int(row[2])) for name, row in rows.items()}
            for section, rows in first["index"].items()
        }
        return Blobs(as_object(first["head"]), index, body)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return None


def read(file: Path) -> Blobs | None:
    """The values of a file; None when it is absent or cannot be used, which is logged."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        _log.info("compiled file %s cannot be read: %s", file.name, error.strerror)
        return None
    found = parse(content)
    if found is None:
        _log.info("compiled file %s is broken or old and is made again", file.name)
    return found


def _forget_old(folder: Path) -> None:
    """Keep the newest files only: those of packages that changed are never asked for again."""
    dated = sorted(((one.stat().st_mtime_ns, one) for one in folder.iterdir()), reverse=True)
    for _, old in dated[MOST_FILES:]:
        old.unlink(missing_ok=True)


def write(file: Path, content: bytes) -> None:
    """Keep a file for the next time, whole or not at all; a folder that cannot be written is logged and no mistake."""
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(file)
        _forget_old(file.parent)
    except OSError as error:
        _log.info("compiled file %s cannot be kept: %s", file.name, error.strerror)
