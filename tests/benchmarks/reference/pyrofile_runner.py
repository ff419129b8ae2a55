"""Judges FHIR R4 JSON files with pyrofile-validator and prints one JSON object a line, as `Reference.java` does.

Runs under an interpreter that has that package, never inside ours: it knows nothing of this project.
Arguments: the number of timed rounds, package files (ending in .tgz), files to judge.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from pathlib import Path

from pyrofile_validator import Validator  # type: ignore[import-not-found]
from pyrofile_validator.config import ValidatorConfig  # type: ignore[import-not-found]


def main(arguments: list[str]) -> None:
    results = sys.stdout
    rounds = int(arguments[0])
    packages = [one for one in arguments[1:] if one.endswith(".tgz")]
    files = [one for one in arguments[1:] if not one.endswith(".tgz")]
    with contextlib.redirect_stdout(sys.stderr):  # its FHIRPath engine prints traces
        validator = Validator(
            ValidatorConfig.load_dict(
                {"fhirVersion": "4.0.1", "localPackagePaths": packages, "terminology": {"mode": "local"}}
            )
        )
        judged = []
        for file in files:
            line: dict[str, object] = {"file": file}
            try:
                source = Path(file).read_text(encoding="utf-8-sig")
                report = validator.validate_resource(json.loads(source))
                line["issues"] = [one.to_dict() for one in (*report.errors, *report.warnings, *report.information)]
                judged.append((file, source))
            except Exception as problem:
                line["failure"] = f"{type(problem).__name__}: {problem}"
            print(json.dumps(line), file=results, flush=True)
        for file, source in judged if rounds else []:
            seconds = []
            for _ in range(rounds):
                started = time.perf_counter()
                validator.validate_resource(json.loads(source))
                seconds.append(time.perf_counter() - started)
            print(json.dumps({"file": file, "seconds": seconds}), file=results, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
