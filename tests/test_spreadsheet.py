"""Rows for spreadsheets."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.spreadsheet import as_csv, cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1", "＠a"])
def test_a_text_that_would_run_stands_behind_an_apostrophe(text: str) -> None:
    assert cell(text) == f"'{text}"


def test_numbers_and_nothing_stay_what_they_are() -> None:
    assert [cell(value) for value in (-1, 2.5, None, "plain", True)] == ["-1", "2.5", "", "plain", "True"]


@given(st.lists(st.lists(st.text(alphabet=st.characters(exclude_characters="\r\n\0")), min_size=2, max_size=2)))
def test_every_row_comes_back_with_its_cells(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(as_csv(["a", "b"], rows))))
    assert read == [["a", "b"], *[[cell(value) for value in row] for row in rows]]
