"""Many files judged one after another: small ones in a thread, large ones in a worker process that can be stopped.

A file that cannot be read gets a finding that says so, and the rest goes on. Must not know any window or command line.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, InputError, WorkerDied
from workbench.evidence import verdicts
from workbench.evidence.plain import plain
from workbench.evidence.verdicts import FileVerdict
from workbench.messages import summarise, title_of
from workbench.rules import Side, Verdict, judge_bytes
from workbench.rules.engine import RULE_SET
from workbench.rules.sifting import sift
from workbench.rules.syntax import unreadable
from workbench.session.files import read_bounded
from workbench.standard import default_profile

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

    from workbench.directory.silences import Silence
    from workbench.errors import WorkbenchError
    from workbench.headers.lines import HeaderLines
    from workbench.messages import Layer, Message
    from workbench.profiles.compiled import Definitions
    from workbench.standard.definitions import Definition
    from workbench.worker import Worker

IN_THREAD = 1024 * 1024
"""Bytes of a file up to which it is judged in a thread; a larger one goes to a worker process."""
SUFFIXES = (".json", ".xml")


@dataclass(frozen=True, slots=True)
class BatchFile:
    """One file to judge."""

    shown: str
    """Its path as a person gave it."""
    path: Path
    problem: str = ""
    """Why a folder could not be looked into; it then stands for the files in it."""


@dataclass(frozen=True, slots=True)
class Against:
    """What files are judged with."""

    headers: HeaderLines | None = None
    offered: tuple[Definition, ...] = ()
    packages: Definitions | None = None
    silences: tuple[Silence, ...] = ()
    off: frozenset[Layer] = field(default_factory=frozenset)
    """Layers that are switched off."""


def files_in(given: Iterable[str]) -> tuple[BatchFile, ...]:
    """Every path itself, or every .json and .xml file under a folder, sorted; paths are shown as given.

    InputError for a path that does not exist or is no file. A folder that cannot be read is one file with the problem.
    """
    return tuple(file for one in given for file in _files(one))


def judged_file(file: BatchFile, against: Against) -> FileVerdict:
    """The verdict on one file by the versions it names, as its receiver judges it."""
    if file.problem:
        return unjudged(file, InputError(ErrorCode.INPUT_UNREADABLE, what=file.path.name, cause=file.problem))
    try:
        source = read_bounded(file.path)
    except InputError as error:
        return unjudged(file, error)
    message, verdict = judge_bytes(
        source,
        versions=None,
        side=Side.RECEIVE,
        timer=time.perf_counter,
        headers=against.headers,
        packages=against.packages,
        offered=against.offered,
        what=file.path.name,
    )
    sifted = sift(verdict, silences=against.silences, off=against.off)
    facts = message.facts if message is not None else None
    return FileVerdict(file.shown, facts, sifted.verdict, sifted.silenced, sifted.hidden, _title(message))


def _title(message: Message | None) -> str:
    """What a file holds in a few words; empty where it could not be read."""
    if message is None:
        return ""
    return title_of(message.facts) if message.facts.event is not None else summarise(message).title


def unjudged(file: BatchFile, error: WorkbenchError) -> FileVerdict:
    """A file that nobody could judge: one fatal finding that says why."""
    known = error if isinstance(error, InputError) else None
    cause = error.sentence.rstrip(".")
    finding = unreadable(known or InputError(ErrorCode.INPUT_UNREADABLE, what=file.path.name, cause=cause))
    return FileVerdict(file.shown, None, Verdict((finding,), default_profile(), RULE_SET))


async def judge_files(files: Sequence[BatchFile], against: Against, worker: Worker) -> AsyncIterator[FileVerdict]:
    """The verdicts in order, each as soon as it is there; cancelling stops within a moment."""
    for file in files:
        try:
            if await asyncio.to_thread(_size, file.path) > IN_THREAD:
                yield await worker.run(judged_file, file, against)
            else:
                yield await asyncio.to_thread(judged_file, file, against)
        except WorkerDied as error:
            yield unjudged(file, error)


def report(path: str, files: Sequence[FileVerdict], service: str = "") -> str:
    """Verdicts on files as they are handed on: JSON, JUnit XML or text by the ending of the path."""
    ending = Path(path).suffix.lower()
    if ending == ".json":
        return json.dumps(verdicts.as_json(files, service=service), ensure_ascii=False, indent=2) + "\n"
    return plain(verdicts.as_junit(files) if ending == ".xml" else verdicts.as_text(files))


def _size(path: Path) -> int:
    """Bytes of a file; 0 for what cannot be asked, which judging then says."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _files(given: str) -> Iterator[BatchFile]:
    path = Path(given)
    if path.is_dir():
        yield from sorted(_inside(path), key=lambda file: file.shown)
    elif path.exists() and not path.is_file():
        raise InputError(ErrorCode.INPUT_UNREADABLE, what=path.name, cause="it is no ordinary file")
    elif path.exists():
        yield BatchFile(given, path)
    else:
        raise InputError(ErrorCode.INPUT_MISSING, what=given)


def _inside(folder: Path) -> Iterator[BatchFile]:
    closed: list[OSError] = []
    for place, _, names in os.walk(folder, onerror=closed.append):
        for name in names:
            path = Path(place, name)
            if path.suffix.lower() in SUFFIXES and path.is_file():
                yield BatchFile(str(path), path)
    for error in closed:
        yield BatchFile(str(error.filename), Path(str(error.filename)), error.strerror or str(error))
