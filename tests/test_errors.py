"""Errors in words: every code has its row, every row is filled in, an error survives a worker process."""

from __future__ import annotations

import copy
import re

import pytest

from workbench import assets
from workbench.errors import ErrorCode, InputError, StoreError, wording, wordings
from workbench.messages import Place


def test_every_code_has_a_sentence_and_a_next_step_and_no_row_is_left_over() -> None:
    rows = wordings()
    assert set(rows) == set(ErrorCode)
    assert set(assets.table("errors.toml")) == {code.value for code in ErrorCode}
    for row in rows.values():
        assert row.sentence.strip().endswith((".", "}"))
        assert row.next_step.strip()


@pytest.mark.parametrize("code", list(ErrorCode))
def test_the_facts_of_a_code_fill_its_sentence(code: ErrorCode) -> None:
    row = wordings()[code]
    names = set(re.findall(r"{(\w+)}", row.sentence + row.next_step))
    words = wording(code, **{name: f"<{name}>" for name in names})
    assert "{" not in words.sentence + words.next_step
    for name in names:
        assert f"<{name}>" in words.sentence + words.next_step
        with pytest.raises(KeyError):
            wording(code, **{other: "" for other in names - {name}})


def test_an_error_tells_what_to_do_and_comes_back_whole_from_a_worker() -> None:
    error = InputError(ErrorCode.INPUT_MISSING, what="draft.json", place=Place(3, 4, 50), details="nothing secret")
    back = copy.copy(error)  # as a worker process gives it back: by __reduce__
    assert type(back) is InputError
    assert (back.code, back.sentence, back.next_step, back.place, back.details) == (
        error.code,
        error.sentence,
        error.next_step,
        error.place,
        error.details,
    )
    assert "draft.json" in str(error)
    assert f"[{ErrorCode.INPUT_MISSING}]" in str(error)
    assert StoreError(ErrorCode.STORE_FAILED, what="x", cause="disk").cause == "disk"
