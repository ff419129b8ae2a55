"""People masked in the timeline, and one message shown unmasked on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QTabBar, QWidget

from workbench.ui.context import PanelId
from workbench.ui.shell import dialogs
from workbench.ui.widgets import Chip

if TYPE_CHECKING:
    from tests.ui.driving import Person
    from workbench.session.views import ExchangeDetail


@pytest.fixture
def masked(person: Person) -> Person:
    """Somebody who sent a referral, got its reply, and masked people."""
    person.compose()
    person.run("send")
    panel = person.go(PanelId.TIMELINE)
    person.until(lambda: len([row for row in panel._lanes._rows if row.exchange]) > 1)
    person.quiet()
    person.run("masking")
    person.until(lambda: detail(person).masked)
    person.quiet()
    return person


def detail(person: Person) -> ExchangeDetail:
    found: ExchangeDetail = person.window.panel(PanelId.TIMELINE)._inspector._detail
    return found


def badge(person: Person) -> str:
    chip = person.find(Chip, "masked")
    return chip.text() if chip.isVisible() else ""


def raw_name(person: Person) -> str:
    """The family name that the chosen message really has; read past the window."""
    session = person.window.session
    assert session is not None
    seen: list[ExchangeDetail] = []
    person.desk.bridge.submit(
        session.detail(detail(person).exchange.id, unmasked=True), lambda one, _: seen.append(one)
    )
    person.until(lambda: seen)
    assert seen[0].request is not None
    return str(seen[0].request.facts.patient_name).partition(",")[0]


def choose(person: Person, place: int) -> None:
    panel = person.window.panel(PanelId.TIMELINE)
    rows = [n for n, row in enumerate(panel._lanes._rows) if row.exchange]
    panel._lane_view.choose(rows[place])
    wanted = panel._lanes.row(rows[place]).exchange
    person.until(lambda: detail(person).exchange.id == wanted)
    person.quiet()


def test_every_page_says_that_it_is_masked_and_shows_nobody(masked: Person) -> None:
    name = raw_name(masked)
    inspector = masked.find(QWidget, "inspector")
    for place in range(inspector.findChild(QTabBar).count()):
        inspector.findChild(QTabBar).setCurrentIndex(place)
        masked.quiet()
        assert badge(masked) == "Masked", place
        shown = masked.words(inspector) + "".join(
            one.toPlainText() for one in inspector.findChildren(QPlainTextEdit) if one.isVisible()
        )
        assert name not in shown, place
    masked.run("copy-curl")
    masked.until(lambda: "curl" in QGuiApplication.clipboard().text())
    assert name not in QGuiApplication.clipboard().text()


def test_one_message_is_shown_unmasked_after_a_question_until_another_is_chosen(
    masked: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(masked, 0)
    asked: list[bool] = []
    monkeypatch.setattr(dialogs, "ask_unmasked", lambda _: asked.append(True) or len(asked) > 1)
    masked.run("unmask")
    masked.quiet()
    assert detail(masked).masked, "a question that is answered with no changes nothing"
    masked.run("unmask")
    masked.until(lambda: not detail(masked).masked)
    assert badge(masked) == "Not masked"
    inspector = masked.find(QWidget, "inspector")
    inspector.findChild(QTabBar).setCurrentIndex(5)
    assert badge(masked) == "Masked", "other messages stand on the page that compares"
    inspector.findChild(QTabBar).setCurrentIndex(0)
    choose(masked, 1)
    assert detail(masked).masked
    choose(masked, 0)
    assert detail(masked).masked, "it was for that one time"


def test_turning_masking_off_and_on_again_forgets_what_was_unmasked(
    masked: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "ask_unmasked", lambda _: True)
    masked.run("unmask")
    masked.until(lambda: not detail(masked).masked)
    masked.run("masking")
    masked.until(lambda: badge(masked) == "")
    masked.quiet()
    assert not masked.action("unmask").isEnabled()
    masked.run("masking")
    masked.until(lambda: detail(masked).masked)


def test_a_fork_shows_people_in_compose_and_so_is_asked_about(masked: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(dialogs, "ask_unmasked", lambda _: asked.append(True) or len(asked) > 1)
    masked.run("fork")
    masked.quiet()
    assert masked.window._panel is PanelId.TIMELINE
    masked.run("fork")
    masked.until(lambda: masked.window._panel is PanelId.COMPOSE)
