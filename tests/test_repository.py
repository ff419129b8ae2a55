"""The repository itself: version in one place, data in the wheel, README commands, no machine paths."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import workbench
from workbench import assets
from workbench.errors import ErrorCode, wordings

ROOT = Path(__file__).resolve().parents[1]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=False).stdout.split(
        "\n"
    )
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def test_version_is_read_from_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" in project["project"]["dynamic"]
    assert re.fullmatch(r"\d+\.\d+\.\d+(-[0-9a-z.]+)?", workbench.__version__)
    assert f"## {workbench.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_resources_go_into_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"] == {
        "resources": "workbench/_resources"
    }
    assert assets.root() == ROOT / "resources"


def test_every_error_code_has_its_row_and_no_row_is_idle() -> None:
    assert set(wordings()) == set(ErrorCode)
    assert set(assets.table("errors.toml")) == {code.value for code in ErrorCode}


def test_no_machine_paths_or_registry_hosts() -> None:
    wanted = re.compile(r"(?<![\w.])/(w[o]rk|f[a]rm|r[o]ot)/|index-url|registry\s*=\s*.?http")
    hits = []
    for path in tracked():
        if path.suffix in (".png", ".gz") or path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
            if wanted.search(line):
                hits.append(f"{path.relative_to(ROOT)}:{number}")
    assert not hits, hits


def test_the_readme_names_its_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"```sh\n(.+?)\n```", text, re.S)
    assert any(command.endswith("bars-workbench") for command in commands)
    assert any(command.endswith("pytest") for command in commands)
