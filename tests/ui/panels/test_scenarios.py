"""Scenarios in the running window: the list, scenarios_steps, one run and all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractButton

from workbench.session.views import StepState
from workbench.ui.context import PanelId
from workbench.ui.models.table import VALUE_ROLE
from workbench.ui.panels.scenarios_steps import STATES

if TYPE_CHECKING:
    from tests.ui.driving import Person


def states(person: Person) -> list[StepState]:
    return [view.state for view in person.values("scenarios", VALUE_ROLE)]


def test_a_scenario_is_read_before_it_runs(person: Person) -> None:
    panel = person.go(PanelId.SCENARIOS)
    assert set(states(person)) == {StepState.TO_COME}
    titles = person.rows("scenarios")
    assert len(titles) >= 3
    person.click_row("scenarios", 1)
    person.until(lambda: titles[1] in person.words(panel))
    person.until(lambda: "Must come back" in person.words(panel))
    assert not person.find(QAbstractButton, "open-conversation").isVisible()


def test_a_run_shows_every_expectation_and_leads_to_its_conversation(person: Person) -> None:
    panel = person.go(PanelId.SCENARIOS)
    person.click_row("scenarios", 0)
    person.press("run-scenario-button")
    person.until(lambda: states(person)[0] is StepState.PASSED)
    view = person.values("scenarios", VALUE_ROLE)[0]
    met = f"{len(view.expectations)} of {len(view.expectations)} expectations"
    person.until(lambda: met in panel._chip.accessibleName())
    person.until(lambda: all(one.text in person.words(panel._steps) for one in view.expectations))
    person.press("open-conversation")
    timeline = person.window.panel(PanelId.TIMELINE)
    person.until(lambda: timeline._view is not None)
    assert timeline._view.row.id == view.conversation


def test_all_scenarios_run_one_after_the_other(person: Person) -> None:
    person.run("run-all")  # from the start page: the panel was never looked at before
    person.until(lambda: states(person) and set(states(person)) == {StepState.PASSED})
    person.until(lambda: person.action("run-all").isEnabled())
    assert person.window._stack.currentWidget() is person.window.panel(PanelId.SCENARIOS)
    assert set(STATES) == set(StepState)


def test_the_last_result_is_there_when_one_comes_back(person: Person) -> None:
    person.window.play_scenario("refer-only")
    person.until(lambda: StepState.PASSED in states(person))
    passed = states(person)
    person.go(PanelId.START)
    person.go(PanelId.SCENARIOS)
    assert states(person) == passed
