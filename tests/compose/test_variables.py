"""Variables in the text of a draft: what each stands for, how it is written in either syntax, and unknown ones."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.compose.variables import Values, filled, has_variables
from workbench.errors import InputError

if TYPE_CHECKING:
    from workbench.exchange import Ids


ID = "0badcafe-0000-4000-8000-00000000000"


@pytest.fixture
def values(now: datetime, ids: Ids) -> Values:
    return Values(now, ids, {"family": "Quill", "nhs_number": "9990000417"})


@pytest.mark.parametrize(
    ("written", "stands_for"),
    [
        ("{{now}}", "2026-07-20T09:00:00.1234560+00:00"),
        ("{{ now - 20 min }}", "2026-07-20T08:40:00.1234560+00:00"),
        ("{{today}}", "2026-07-20"),
        ("{{today + 2 d}}", "2026-07-22"),
        ("{{today + 2 h}}", "2026-07-20T11:00:00.1234560+00:00"),
        ("{{Today+2h}}", "2026-07-20T11:00:00.1234560+00:00"),
        ("{{patient.family}}", "Quill"),
        ("{{new UUID}}", "0badcafe-0000-4000-8000-000000000001"),
        ("{{new uuid a}} {{new UUID a}}", f"{ID}1 {ID}1"),
        ("{{new UUID}} {{new UUID}}", f"{ID}1 {ID}2"),
    ],
)
def test_what_a_variable_stands_for(values: Values, written: str, stands_for: str) -> None:
    assert filled(written, values) == stands_for


def test_columns_of_a_row_win_over_the_patient(values: Values) -> None:
    row = replace(values, row={"family": "Other", "ward": "7"})
    assert filled("{{patient.family}} {{patient.nhs_number}} {{ward}}", row) == "Other 9990000417 7"


def test_values_are_written_as_their_syntax_needs_them(values: Values) -> None:
    odd = replace(values, patient={"family": 'O"Neil & <Sons> \\'})
    assert json.loads(filled('{"family": "{{patient.family}}"}', odd)) == {"family": odd.patient["family"]}
    assert filled('<family value="{{patient.family}}"/>', odd) == '<family value="O&quot;Neil &amp; &lt;Sons&gt; \\"/>'


@pytest.mark.parametrize("wrong", ["{{}}", "{{tomorrow}}", "{{now + 2}}", "{{patient.shoe_size}}", "{{today + 2 y}}"])
def test_a_variable_that_does_not_exist_is_named_with_its_line(values: Values, wrong: str) -> None:
    with pytest.raises(InputError, match=r"line 2 has \{\{"):
        filled(f"{{\n  {wrong}", values)


@given(st.text().filter(lambda text: "{{" not in text))
def test_a_text_without_variables_stays(text: str) -> None:
    assert not has_variables(text)
    assert filled(text, Values(datetime(2026, 7, 20, tzinfo=UTC), lambda: "x", {})) == text
