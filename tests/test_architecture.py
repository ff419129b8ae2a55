"""The layers, walked: a line imports only lines above it, Qt stays in its rooms, and tests mirror the tree."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "workbench"

LINES: tuple[tuple[str, ...], ...] = (
    ("assets", "files", "spreadsheet"),
    ("errors",),
    ("standard",),
    ("messages",),
    ("exchange",),
    ("headers", "profiles", "keys", "directory", "masking", "settings", "logs"),
    ("rules", "correlation", "doctor"),
    ("compose",),
    ("transport", "receiver", "history", "scenarios", "interchange", "workspace", "worker"),
    ("sandbox", "evidence"),
    ("session",),
    ("ui",),
    ("app",),
    ("cli",),
    ("__main__",),
)
LINE_OF = {name: number for number, line in enumerate(LINES) for name in line}


def modules() -> Iterator[tuple[str, Path]]:
    """Every module as (layer, file)."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts != ("__init__",):
            yield parts[0], path


@cache
def imports(path: Path) -> tuple[tuple[str, int, bool], ...]:
    """Every imported module name as (name, line, inside a function); read once."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[str, int, bool]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nested = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, id(node) in nested
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "workbench":
                for alias in node.names:
                    yield f"workbench.{alias.name}", node.lineno, id(node) in nested
            else:
                yield node.module, node.lineno, id(node) in nested


def test_every_module_has_a_line() -> None:
    assert {layer for layer, _ in modules()} <= set(LINE_OF)


def test_imports_point_upwards() -> None:
    wrong = []
    for layer, path in modules():
        for name, line, _ in imports(path):
            parts = name.split(".")
            if parts[0] != "workbench" or len(parts) < 2 or parts[1] not in LINE_OF or parts[1] == layer:
                continue
            if LINE_OF[parts[1]] >= LINE_OF[layer]:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert not wrong, wrong


def test_qt_stays_in_its_rooms() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for layer, path in modules()
        for name, line, _ in imports(path)
        if name.split(".")[0] in ("PySide6", "shiboken6") and layer not in ("ui", "app")
    ]
    assert not wrong, wrong


def test_httpx_has_one_room() -> None:
    rooms = {
        path.name
        for _, path in modules()
        for name, _, _ in imports(path)
        if name.split(".")[0] in ("httpx", "httpcore")
    }
    assert rooms <= {"client.py", "wire.py"}


def test_the_command_line_opens_the_window_late() -> None:
    early = [
        f"{path.relative_to(ROOT)}:{line}"
        for layer, path in modules()
        if layer == "cli"
        for name, line, nested in imports(path)
        if name.startswith(("workbench.app", "workbench.ui")) and not nested
    ]
    assert not early, early


def test_style_sheets_are_not_used() -> None:
    assert not [str(p) for _, p in modules() if "setStyleSheet" in p.read_text(encoding="utf-8")]


def test_modules_stay_within_the_cap() -> None:
    long = [
        f"{path.relative_to(ROOT)} {lines}"
        for _, path in modules()
        if (lines := path.read_text(encoding="utf-8").count("\n")) > 500
    ]
    assert not long, long


def test_everything_but_the_window_runs_without_qt() -> None:
    names = [
        ".".join(("workbench", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
        for layer, path in modules()
        if layer not in ("ui", "app")
    ]
    code = "import sys, importlib; sys.modules['PySide6'] = None; [importlib.import_module(n) for n in sys.argv[1:]]"
    done = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


CROSS_CUTTING = {
    "test_end_to_end.py",
    "test_masked_everywhere.py",
    "test_architecture.py",
    "test_repository.py",
}
"""Tests of the whole rather than of one module."""


def test_tests_mirror_the_tree() -> None:
    strays = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        parts = path.relative_to(ROOT / "tests").parts
        if parts[0] in ("faults", "benchmarks") or path.name in CROSS_CUTTING:
            continue
        stem = path.stem.removeprefix("test_")
        folder = PACKAGE.joinpath(*parts[:-1])
        if not (
            (folder / f"{stem}.py").is_file()
            or (folder / stem).is_dir()
            or any(stem.startswith(module.stem + "_") for module in folder.glob("*.py"))
        ):
            strays.append(str(path.relative_to(ROOT)))
    assert not strays, f"tests without a module of their name: {strays}"


def test_every_module_has_its_test() -> None:
    """A module with more than values is tested under its own name, or a test file there names it in its docstring."""
    untested = []
    for _layer, path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        code = any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in ast.walk(tree))
        if not code or path.name in ("__init__.py", "__main__.py"):
            continue
        parts = path.relative_to(PACKAGE).parts
        folder = (ROOT / "tests").joinpath(*(("ui",) if parts == ("app.py",) else parts[:-1]))  # app.py needs Qt
        own = list(folder.glob(f"test_{path.stem}.py")) + list(folder.glob(f"test_{path.stem}_*.py"))
        named = own or [
            t
            for t in folder.glob("test_*.py")
            if path.stem in (ast.get_docstring(ast.parse(t.read_text("utf-8"))) or "")
        ]
        if not named:
            untested.append("/".join(parts))
    assert not untested, f"modules without a test of their own: {untested}"


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error"])
def test_nothing_is_left_unfinished(word: str) -> None:
    assert not [str(p) for _, p in modules() if word in p.read_text(encoding="utf-8")]
