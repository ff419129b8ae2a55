"""The same files through our validator, HL7's reference validator and pyrofile: who finds what, and how fast.

`python -m tests.benchmarks side-by-side [FILES...]`; without files the official messages beside the checkout. What is
missing on this machine is said in one sentence and left out. Must not know how findings are compared or printed.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks import side_by_side_print as show
from tests.benchmarks import side_by_side_tools as tools
from tests.benchmarks.side_by_side_findings import of_ours, of_pyrofile, of_reference
from tests.benchmarks.side_by_side_match import compare, read_judged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.benchmarks.side_by_side_findings import Said

JUDGED = tools.HERE / "side_by_side.toml"
SHARED = Path(os.environ.get("BARS_SHARED", tools.ROOT.parent / "shared")) / "data"


def main(arguments: Sequence[str]) -> int:
    """0 when the targets against the reference validator are met, 1 when one is missed or cannot be measured, 2 when
    there is nothing to compare."""
    options = _options(arguments)
    files = sorted(_messages(options.files))
    packages = sorted(_packages(options.packages))
    if not files or not packages:
        what = "messages" if packages else f"FHIR packages (*.tgz) in {options.packages}"
        print(f"Nothing to compare: there are no {what}. Name files, and with --packages the folder of the packages.")
        return 2
    print(f"{len(files)} files; packages {', '.join(one.stem for one in packages)}")
    ready: list[tools.Tool] = []
    runs: dict[str, tools.Run] = {}
    first = max(files, key=lambda file: (file.suffix == ".json", file.stat().st_size))  # all three can read it
    for make in (tools.ours, tools.reference, tools.pyrofile):
        try:
            tool = make()
            run = tools.run(tool, packages, files, rounds=max(1, options.rounds))
        except tools.MissingToolError as missing:
            print(missing)
            continue
        if run.seconds:
            ready.append(tool)
            runs[tool.name] = run
        else:
            print(f"{tool.title} is left out: it could read none of the files.")
    if "ours" not in runs or len(runs) == 1:
        print("There is nothing to compare ours with.")
        return 1
    agreements = {
        name: compare(name, _findings("ours", runs["ours"]), _findings(name, run), read_judged(JUDGED))
        for name, run in runs.items()
        if name != "ours"
    }
    for name, found in agreements.items():
        show.agreement(name, found, runs[name].failures, every=options.all or name == "reference")
    seconds = {name: run.seconds for name, run in runs.items()}
    cold = tools.cold(ready, packages, first, starts=max(1, options.starts))
    show.times(seconds, cold)
    if "reference" not in agreements:
        return 1
    return 0 if show.targets(agreements["reference"], seconds, cold) else 1


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks side-by-side",
        description="The same files through our validator, HL7's reference validator and pyrofile: who finds what, and "
        "how fast. Without files: the official messages beside the checkout.",
    )
    parser.add_argument(
        "files", nargs="*", type=Path, default=[SHARED / "examples"], help="messages, or folders of them"
    )
    parser.add_argument("--packages", type=Path, default=SHARED / "packages", help="the folder of the FHIR packages")
    parser.add_argument("--rounds", type=int, default=5, help="warm verdicts on every file (%(default)s)")
    parser.add_argument("--starts", type=int, default=3, help="cold starts of every validator (%(default)s)")
    parser.add_argument(
        "--all", action="store_true", help="print every disagreement with pyrofile, not one of each kind"
    )
    options = parser.parse_args(arguments)
    absent = [str(one) for one in options.files if not one.exists() and one != SHARED / "examples"]
    if absent:
        parser.error(f"there is no {', '.join(absent)}")
    return options


def _messages(given: Iterable[Path]) -> set[Path]:
    """The files named, and the JSON and XML files of the folders named."""
    found: set[Path] = set()
    for one in given:
        inside = one.rglob("*") if one.is_dir() else (one,)
        found |= {
            file.resolve() for file in inside if file.is_file() and (file == one or file.suffix in (".json", ".xml"))
        }
    return found


def _packages(folder: Path) -> set[Path]:
    """The packages of a folder; of one that is there with and without snapshots the first, which all can read."""
    found = set(folder.glob("*.tgz"))
    return {file.resolve() for file in found if file.with_stem(f"{file.stem}-snapshots") not in found}


def _findings(name: str, run: tools.Run) -> dict[str, tuple[Said, ...]]:
    if name == "ours":
        return {file: of_ours(issues) for file, issues in run.issues.items()}
    if name == "reference":
        return {file: of_reference(issues) for file, issues in run.issues.items()}
    return {
        file: of_pyrofile(issues, json.loads(Path(file).read_text(encoding="utf-8-sig")))
        for file, issues in run.issues.items()
    }
