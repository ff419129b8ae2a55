"""The answers on purpose that come with the program."""

from __future__ import annotations

from workbench.receiver import How, answer_rules
from workbench.receiver.answer_rule import HARNESS, row_of, rule_of
from workbench.receiver.samples import SPOILT, names
from workbench.standard.operations import operations


def test_every_answer_names_a_real_call_once() -> None:
    rows = answer_rules()
    assert {row.when.operation for row in rows} <= set(operations())
    assert len({row.id for row in rows}) == len(rows)


def test_every_refusal_has_its_words_and_every_sample_is_there() -> None:
    for row in answer_rules():
        assert (row.status >= 400) is (row.how is How.REFUSE)
        assert (row.how is not How.REFUSE) or (row.issue and row.why.endswith("."))
        assert (row.how is not How.SAMPLE) or row.sample in {*names(), SPOILT}


def test_every_answer_can_be_written_down_and_read_again() -> None:
    for row in answer_rules():
        assert rule_of(row_of(row), HARNESS) == row
