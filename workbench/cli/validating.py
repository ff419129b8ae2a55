"""`bars-workbench validate`: judge files and folders; needs no workspace and takes no lock."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli import output
from workbench.errors import ErrorCode, InputError
from workbench.evidence import verdicts
from workbench.headers import read_header_lines
from workbench.rules import Side, judge_bytes
from workbench.session.files import read_bounded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.cli.arguments import Arguments


def validate(arguments: Arguments) -> int:
    """Judge every file; 0 when all are valid, 1 when one is not; InputError for a path that does not exist."""
    lines = None
    if arguments.headers:
        lines = read_header_lines(
            read_bounded(Path(arguments.headers)).decode("utf-8", "replace"), what=arguments.headers
        )
    files = [file for given in arguments.paths for file in _files(given)]
    judged = []
    for number, (shown, path) in enumerate(files, 1):
        output.progress(f"{number} of {len(files)}: {shown}")
        message, verdict = judge_bytes(
            read_bounded(path), versions=None, side=Side.RECEIVE, timer=time.perf_counter, headers=lines, what=path.name
        )
        judged.append(verdicts.FileVerdict(shown, message, verdict))
    if arguments.format == "json":
        output.document(verdicts.as_json(judged))
    else:
        output.emit(verdicts.as_junit(judged) if arguments.format == "junit" else verdicts.as_text(judged))
    return 0 if all(file.verdict.valid for file in judged) else 1


def _files(given: str) -> Iterator[tuple[str, Path]]:
    """The path itself, or every .json and .xml file under a folder, sorted; paths are shown as given."""
    path = Path(given)
    if path.is_dir():
        for file in sorted(p for p in path.rglob("*") if p.suffix.lower() in (".json", ".xml") and p.is_file()):
            yield str(file), file
    elif path.exists():
        yield given, path
    else:
        raise InputError(ErrorCode.INPUT_MISSING, what=given)
