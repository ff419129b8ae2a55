"""Every row of the two documents on the national harness, over HTTP; needs the folder of facts."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.bench import Bench
from tests.sandbox.harness_cases import CASES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCUMENTS = ("tkw-scenarios.md", "tkw-simulator.md")
_RULER = re.compile(r"\|[-| ]+\|")


def rows(folder: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Every row of every table as (digest, text, cells), heads left out."""
    for name in DOCUMENTS:
        lines = (folder / "bars" / name).read_text("utf-8").splitlines()
        for number, line in enumerate(lines):
            head = number + 1 < len(lines) and _RULER.fullmatch(lines[number + 1])
            if line.startswith("|") and not _RULER.fullmatch(line) and not head:
                digest = hashlib.sha256(" ".join(line.split()).encode()).hexdigest()[:8]
                cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
                yield digest, f"{name}: {line}", cells


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.close()


def test_every_row_of_the_documents_has_a_case(shared: Path) -> None:
    found = {digest: text for digest, text, _ in rows(shared)}
    assert len(found) > 150
    assert not [text for digest, text in found.items() if digest not in CASES], "rows that nothing tries"
    assert not set(CASES) - set(found), "cases of rows that are no more"


@pytest.mark.parametrize("digest", sorted(CASES))
def test_the_row_gets_what_it_says(digest: str, bench: Bench, shared: Path) -> None:
    cells = next((cells for known, _, cells in rows(shared) if known == digest), None)
    assert cells is not None, "the row is no longer in the documents"
    CASES[digest](bench, cells)
