"""Start here in the running window: what is ready, and every way it leads on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QCheckBox

from workbench.session.views import StepState
from workbench.ui.context import PanelId
from workbench.ui.models.table import VALUE_ROLE
from workbench.ui.shell import dialogs

if TYPE_CHECKING:
    from tests.ui.driving import Person


def front(person: Person) -> PanelId:
    return next(id for id, panel in person.window._panels.items() if panel is person.window._stack.currentWidget())


def test_it_comes_first_and_says_what_is_ready(person: Person) -> None:
    assert front(person) is PanelId.START
    panel = person.window.panel(PanelId.START)
    person.until(lambda: "On this machine" in person.words(panel) and "127.0.0.1" in person.words(panel))


def test_a_whole_conversation_plays(person: Person) -> None:
    person.press("start-timeline")
    assert front(person) is PanelId.SCENARIOS
    person.until(
        lambda: (
            {one.id: one.state for one in person.values("scenarios", VALUE_ROLE)}.get("validation") is StepState.PASSED
        )
    )


def test_a_referral_is_filled_in(person: Person) -> None:
    person.press("start-compose")
    person.until(lambda: front(person) is PanelId.COMPOSE)
    person.until(lambda: '"servicerequest-request"' in person.source.toPlainText())
    person.judged()
    assert person.action("send").isEnabled()


def test_a_file_is_asked_for(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(dialogs, "ask_file", lambda window: asked.append(window) or "")
    person.press("start-doc")
    assert asked == [person.window]
    assert front(person) is PanelId.START, "giving up changes nothing"


@pytest.mark.parametrize(
    ("link", "panel"),
    [
        ("learn-services", PanelId.SERVICES),
        ("learn-keys", PanelId.KEYS),
        ("learn-receiver", PanelId.RECEIVER),
        ("learn-flag", PanelId.SCENARIOS),
        ("learn-calendar", PanelId.SCENARIOS),
    ],
)
def test_every_lesson_leads_somewhere(person: Person, link: str, panel: PanelId) -> None:
    person.press(link)
    assert front(person) is panel
    person.quiet()


def test_it_stays_away_when_told_so(person: Person) -> None:
    person.until(lambda: person.find(QCheckBox, "show-start").isChecked())
    person.quiet()
    person.find(QCheckBox, "show-start").click()
    person.quiet()
    person.window.close()
    person.desk.close()
    assert front(person.again()) is PanelId.COMPOSE
