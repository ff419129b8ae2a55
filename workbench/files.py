"""Files written whole or not at all: beside their target, flushed, then renamed; for their owner only.

Also what is wrong with a zip as such. Knows JSON, zips and the file system; must not know what a file means.
"""

from __future__ import annotations

import json
import os
import zipfile
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LOCAL_HEAD = 30
"""Bytes before the name of a member of a zip (APPNOTE 4.3.7)."""


def write_json(file: Path, value: Mapping[str, object]) -> None:
    """Replace a JSON file (UTF-8, two spaces). OSError when it cannot be written; the old file is then as it was."""
    write_text(file, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def write_text(file: Path, text: str) -> None:
    """Replace a file by a text (UTF-8, for its owner alone), whole or not at all. OSError when it cannot be written."""
    write_bytes(file, text.encode())


def write_bytes(file: Path, content: bytes) -> None:
    """Replace a file by bytes, as `write_text`."""
    beside = file.with_name(f".{file.name}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def check_zip(archive: zipfile.ZipFile) -> None:
    """BadZipFile for a zip in which members lie over each other, which is how a small one unpacks to very much.

    Python itself checks this only from its later versions on.
    """
    members = sorted(archive.infolist(), key=lambda one: one.header_offset)
    for one, following in pairwise(members):
        name = len(one.orig_filename.encode("utf-8" if one.flag_bits & 0x800 else "cp437", "replace"))
        if one.header_offset + _LOCAL_HEAD + name + one.compress_size > following.header_offset:
            raise zipfile.BadZipFile("members of it lie over each other")
