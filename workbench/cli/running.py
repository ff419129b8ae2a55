"""`bars-workbench run`: play scenarios and print what they expected and got."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import workbench
from workbench import files
from workbench.cli import output
from workbench.cli.opening import now, opened
from workbench.errors import ConfigError, ErrorCode, StoreError
from workbench.evidence import runs
from workbench.session.options import SessionOptions

if TYPE_CHECKING:
    from workbench.cli.arguments import Arguments
    from workbench.evidence.runs import ScenarioResult


def run(arguments: Arguments) -> int:
    """0 when every expectation was met, 1 when one was not."""
    results = asyncio.run(_run(arguments))
    if arguments.format == "json":
        output.document(runs.as_json(results))
    else:
        output.emit(runs.as_junit(results) if arguments.format == "junit" else runs.as_text(results))
    if arguments.report:
        _report(Path(arguments.report), results)
    return 0 if all(result.passed for result in results) else 1


async def _run(arguments: Arguments) -> tuple[ScenarioResult, ...]:
    options = SessionOptions(environment=arguments.environment, reply_delay_s=0.0)
    async with opened(arguments, options) as session:
        if (await session.status()).environment.production:
            cause = "scenarios are not played there; only send reaches production"
            raise ConfigError(ErrorCode.CONFIG_FLAG, what=f"--environment {arguments.environment}", cause=cause)
        names = [arguments.scenario]
        if arguments.scenario == "all":
            names = [scenario.id for scenario in await session.scenarios()]
        results = []
        for name in names:
            output.progress(f"running {name}")
            results.append(await session.play(name))
        return tuple(results)


def _report(folder: Path, results: tuple[ScenarioResult, ...]) -> None:
    made = f"Made {now():%d %B %Y, %H:%M} UTC"
    versions = f"BaRS Workbench {workbench.__version__}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files.write_text(folder / "report.html", runs.as_html(results, made=made, versions=versions))
        files.write_text(folder / "report.xml", runs.as_junit(results))
    except OSError as error:
        raise StoreError(
            ErrorCode.STORE_FAILED, what=f"The report in {folder}", cause=error.strerror or str(error)
        ) from error
