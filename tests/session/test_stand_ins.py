"""Masked values of forms, and what each stands for."""

from __future__ import annotations

from workbench.session.stand_ins import MOST, StandIns


def test_what_comes_back_as_it_was_shown_is_what_it_stands_for() -> None:
    held = StandIns()
    assert held.give("9434765919", "9990000417") == "9990000417"
    assert held.real("9990000417") == "9434765919"


def test_what_a_person_changed_or_what_was_never_masked_means_itself() -> None:
    held = StandIns()
    held.give("9434765919", "9990000417")
    held.give("same", "same")
    assert held.real("9990000418") == "9990000418"
    assert held.real("same") == "same"


def test_only_so_many_are_remembered_and_the_oldest_go_first() -> None:
    held = StandIns()
    for number in range(MOST + 1):
        held.give(f"real {number}", f"shown {number}")
    assert held.real("shown 0") == "shown 0"
    assert held.real(f"shown {MOST}") == f"real {MOST}"
    held.give("real 1", "shown 1")
    held.give("new", "shown new")
    assert held.real("shown 1") == "real 1", "what is shown again is not old"
