"""`bars-workbench validate`: judge files and folders; needs no workspace and takes no lock.

With `--service` the workspace is read for what is silenced there.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench import workspace
from workbench.cli import output
from workbench.directory import Directory
from workbench.directory.silences import read_silences
from workbench.errors import ConfigError, ErrorCode
from workbench.evidence import verdicts
from workbench.headers import read_header_lines
from workbench.messages import Layer, parse
from workbench.messages.message_definitions import definitions_in
from workbench.profiles.packages import load
from workbench.rules.sifting import layers_of
from workbench.session.batch import Against, BatchFile, files_in, judge_files
from workbench.session.files import read_bounded
from workbench.settings import load_app_settings
from workbench.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.cli.arguments import Arguments
    from workbench.directory.silences import Silence
    from workbench.profiles.packages import Packages
    from workbench.standard.definitions import Definition

STOPPED = 130
"""The exit code of a run that Ctrl-C ended."""


class _Service(NamedTuple):
    """For which service is judged, and what is silenced for it."""

    id: str = ""
    silences: tuple[Silence, ...] = ()


def validate(arguments: Arguments) -> int:
    """Judge every file; 0 when all are valid, 1 when one is not; InputError for a path that does not exist.

    Ctrl-C ends it with what was judged so far.
    """
    lines = None
    if arguments.headers:
        lines = read_header_lines(
            read_bounded(Path(arguments.headers)).decode("utf-8", "replace"), what=arguments.headers
        )
    service = _service(arguments)
    against = Against(
        headers=lines,
        offered=_offered(arguments.definition) if arguments.definition else (),
        packages=_packages(arguments.package),
        silences=service.silences,
        off=_off(arguments),
    )
    files = files_in(arguments.paths)
    judged: list[verdicts.FileVerdict] = []
    stopped = asyncio.run(_judge(files, against, judged))
    if arguments.format == "json":
        output.document(verdicts.as_json(judged, service=service.id))
    else:
        output.emit(verdicts.as_junit(judged) if arguments.format == "junit" else verdicts.as_text(judged))
    if stopped:
        output.notice(f"Stopped: {len(judged)} of {len(files)} files were judged.")
        return STOPPED
    return 0 if all(file.verdict.valid for file in judged) else 1


async def _judge(files: Sequence[BatchFile], against: Against, judged: list[verdicts.FileVerdict]) -> bool:
    """Judge every file into the list; whether it was stopped before the end."""
    worker = Worker(processes=1)
    try:
        _tell(files, 0)
        async for one in judge_files(files, against, worker):
            judged.append(one)
            _tell(files, len(judged))
    except asyncio.CancelledError:
        return True
    finally:
        await worker.close()
    return False


def _tell(files: Sequence[BatchFile], done: int) -> None:
    if done < len(files):
        output.progress(f"{done + 1} of {len(files)}: {files[done].shown}")


def _off(arguments: Arguments) -> frozenset[Layer]:
    """The layers that are switched off; ConfigError for a name that is none."""
    off: frozenset[Layer] = frozenset()
    for flag, given in (("--layers", arguments.layers), ("--no-layer", ",".join(arguments.no_layer))):
        if given is None:
            continue
        named, unknown = layers_of(given)
        if unknown:
            cause = f"'{unknown[0]}' is none of {', '.join(Layer)}"
            raise ConfigError(ErrorCode.CONFIG_FLAG, what=flag, cause=cause)
        off |= frozenset(Layer) - named if flag == "--layers" else named
    return off


def _packages(given: Sequence[str]) -> Packages | None:
    """The packages named, with what they need; InputError for one that cannot be used."""
    if not given:
        return None
    output.progress("Reading the packages...")
    return load(given)


def _service(arguments: Arguments) -> _Service:
    """The service named; ConfigError where the workspace has none of that name."""
    if not arguments.service:
        return _Service()
    opened = workspace.open_read_only(workspace.choose(arguments.workspace, load_app_settings(os.environ)))
    id = Directory.load(opened.read).services.find(arguments.service).id
    return _Service(id, tuple(one for one in read_silences(opened.read("services.json")) if one.service == id))


def _offered(given: str) -> tuple[Definition, ...]:
    """The receiver's own message definitions; InputError for a file that holds none."""
    return definitions_in(parse(read_bounded(Path(given)), what=given), what=given)
