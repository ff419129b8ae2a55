"""Files written whole or not at all: beside their target, flushed, then renamed; for their owner only.

Knows JSON and the file system; must not know what a file means.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


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
