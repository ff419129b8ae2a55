"""Sets up and runs the three validators, each in a process of its own that prints JSON lines.

Knows processes, Maven, virtual environments and the clock; must not know what findings mean or how they compare.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
REFERENCE = HERE / "reference"
PYROFILE = "pyrofile-validator==0.3.0"


class MissingToolError(Exception):
    """A validator cannot be run here; its text is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Tool:
    """How one of the validators is started; the arguments are rounds, packages, files."""

    name: str
    title: str
    command: tuple[str, ...]


@dataclass(slots=True)
class Run:
    """What one run of a validator gave."""

    issues: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    """The findings of every file that it could read, as it writes them."""
    failures: dict[str, str] = field(default_factory=dict)
    """Why it could not read a file."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Warm time of a file: the median of the rounds."""
    first: float = 0.0
    """Seconds from the start of the process to the first verdict."""


def cache() -> Path:
    """The folder for what is built and installed, outside the repository."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "bars-workbench-benchmarks"


def ours() -> Tool:
    """This program's validator, in the interpreter that runs now."""
    return Tool("ours", "BaRS Workbench", (sys.executable, "-m", "tests.benchmarks.side_by_side_ours"))


def reference() -> Tool:
    """HAPI FHIR's instance validator, built with Maven at the first time; MissingToolError when it cannot be."""
    java, maven = shutil.which("java"), shutil.which("mvn")
    if java is None:
        raise MissingToolError(
            "The HL7 reference validator is left out: it needs Java 17, and there is no `java` here."
        )
    pom, source = REFERENCE / "pom.xml", REFERENCE / "src/main/java/Reference.java"
    state = hashlib.sha256(pom.read_bytes() + source.read_bytes()).hexdigest()[:16]
    built = cache() / f"reference-{state}"
    classpath = built / "classpath.txt"
    if not classpath.is_file():
        if maven is None:
            raise MissingToolError(
                "The HL7 reference validator is left out: building it needs Maven, and there is no `mvn`."
            )
        built.mkdir(parents=True, exist_ok=True)
        command = [maven, "-q", "-B", "-f", str(pom), f"-Dout={built}", "compile", "dependency:build-classpath"]
        partial = built / "classpath.part"
        done = subprocess.run([*command, f"-Dmdep.outputFile={partial}"], capture_output=True, text=True, check=False)
        if done.returncode:
            cause = _last(done.stdout + done.stderr)
            raise MissingToolError(f"The HL7 reference validator is left out: Maven could not build it ({cause}).")
        partial.rename(classpath)
    path = os.pathsep.join([str(built / "classes"), classpath.read_text(encoding="utf-8").strip()])
    return Tool("reference", "HL7 reference validator (HAPI FHIR)", (java, "-cp", path, "Reference"))


def pyrofile() -> Tool:
    """Pyrofile in a virtual environment of its own, made at the first time; MissingToolError when it cannot be."""
    home = cache() / PYROFILE.replace("==", "-")
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = home / "ready"
    if not ready.is_file():
        venv.create(home, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", PYROFILE]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise MissingToolError(f"Pyrofile is left out: pip could not install it ({_last(done.stderr)}).")
        ready.touch()
    return Tool("pyrofile", PYROFILE.replace("==", " "), (str(python), str(REFERENCE / "pyrofile_runner.py")))


def run(tool: Tool, packages: Sequence[Path], files: Sequence[Path], *, rounds: int) -> Run:
    """Let a validator judge files; MissingToolError with what it printed last when it breaks off."""
    found = Run()
    command = [*tool.command, str(rounds), *map(str, packages), *map(str, files)]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
        started = time.perf_counter()
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, cwd=ROOT, env=_as_installed(), text=True, encoding="utf-8"
        ) as process:
            for text in process.stdout or ():
                found.first = found.first or time.perf_counter() - started
                line = json.loads(text)
                if "issues" in line:
                    found.issues[line["file"]] = line["issues"]
                elif "failure" in line:
                    found.failures[line["file"]] = line["failure"]
                else:
                    found.seconds[line["file"]] = statistics.median(line["seconds"])
        if process.returncode:
            errors.seek(0)
            raise MissingToolError(f"{tool.title} is left out: it broke off ({_last(errors.read())}).")
    return found


def cold(ready: Sequence[Tool], packages: Sequence[Path], file: Path, *, starts: int) -> dict[str, float]:
    """Seconds from the start of a process to its first verdict by tool: medians of starts by turns.

    By turns, so that what else the machine does slows all alike. What a validator keeps on disk is there already.
    """
    taken: dict[str, list[float]] = {tool.name: [] for tool in ready}
    for _ in range(starts):
        for tool in ready:
            taken[tool.name].append(run(tool, packages, [file], rounds=0).first)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def _as_installed() -> dict[str, str]:
    """The environment, but with compiled Python kept, as an installed program has it; outside the repository."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(cache() / "bytecode")}


def _last(printed: str) -> str:
    """The first complaint of a program, or its last line."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    return next((line for line in lines if "[ERROR]" in line), lines[-1] if lines else "it says nothing")[:300]
