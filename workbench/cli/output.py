"""How commands write: results to stdout in UTF-8, progress to stderr when it is a terminal."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from workbench.evidence.plain import plain

if TYPE_CHECKING:
    from workbench.errors import WorkbenchError


def document(value: object) -> None:
    """One JSON document on one line."""
    _write(json.dumps(value, ensure_ascii=False, separators=(", ", ": ")) + "\n")


def emit(text: str) -> None:
    """A text for people to stdout; nothing in it controls the terminal."""
    _write(plain(text))


def verbatim(text: str) -> None:
    """A text for programs to stdout, exactly as it is."""
    _write(text)


def complain(error: WorkbenchError) -> None:
    """What stopped a command: its sentence, next step and code on stderr."""
    print(plain(f"bars-workbench: {error.sentence}\n{error.next_step} [{error.code}]"), file=sys.stderr)


def notice(text: str) -> None:
    """A sentence about the run itself, on stderr."""
    print(plain(text), file=sys.stderr)


def _write(text: str) -> None:
    """To stdout as UTF-8, whatever the terminal's own encoding is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def progress(text: str) -> None:
    """A line about long work, only where a person watches."""
    if sys.stderr.isatty():
        print(plain(text), file=sys.stderr)
