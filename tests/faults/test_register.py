"""Every fault a sender can suffer has a test here that injects it: F1 to F61, by their numbers in names and ids."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent
OF_A_SENDER = set(range(1, 62))
IN_NAME = re.compile(r"test_f(\d+)_")
IN_ID = re.compile(r"F(\d+) \w")


def numbers(file: Path) -> Iterator[int]:
    """The faults that a file of tests injects: those in names of tests, and in ids of their cases."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        found = None
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found = IN_NAME.match(node.name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value:
            found = IN_ID.match(node.value)
        if found is not None:
            yield int(found[1])


def test_every_fault_of_a_sender_is_injected() -> None:
    known = {number for file in FOLDER.glob("test_*.py") for number in numbers(file)}
    missing = sorted(OF_A_SENDER - known)
    assert not missing, f"no test injects {', '.join(f'F{number}' for number in missing)}"
