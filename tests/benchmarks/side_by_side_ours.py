"""Judges files with this program's own validator and prints one JSON object a line, as `reference/Reference.java` does.

Arguments: the number of timed rounds, package files (ending in .tgz), files to judge.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.profiles.packages import load
from workbench.rules import Side, judge_bytes

if TYPE_CHECKING:
    from workbench.profiles.compiled import Definitions
    from workbench.rules import Verdict


def main(arguments: list[str]) -> None:
    rounds = int(arguments[0])
    packages = load(one for one in arguments[1:] if one.endswith(".tgz"))
    files = [Path(one) for one in arguments[1:] if not one.endswith(".tgz")]
    sources = {file: file.read_bytes() for file in files}
    for file, source in sources.items():
        issues = [
            {
                "severity": one.severity.value,
                "rule": one.rule,
                "layer": one.layer.value,
                "path": one.path,
                "text": one.text,
            }
            for one in judge(source, packages).findings
        ]
        print(json.dumps({"file": str(file), "issues": issues}), flush=True)
    for file, source in sources.items() if rounds else ():
        seconds = []
        for _ in range(rounds):
            started = time.perf_counter()
            judge(source, packages)
            seconds.append(time.perf_counter() - started)
        print(json.dumps({"file": str(file), "seconds": seconds}), flush=True)


def judge(source: bytes, packages: Definitions) -> Verdict:
    """The verdict as a receiver sees it: what is asked of senders beyond the standard is left out."""
    return judge_bytes(source, versions=None, side=Side.RECEIVE, timer=time.perf_counter, packages=packages)[1]


if __name__ == "__main__":
    main(sys.argv[1:])
