"""Compose in windows of every size and text size: nothing is cut, and what has no room is behind a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QListView, QToolButton, QWidget

from tests.ui.driving import A_PATIENT
from tests.ui.panels.test_compose_form import field, form
from workbench.ui.context import PanelId
from workbench.ui.panels.compose_form_card import FormCard
from workbench.ui.widgets.areas import ScrollArea

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ui.driving import Person


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700)])
def test_header_cards_have_room_for_all_they_say(person: Person, size: tuple[int, int]) -> None:
    person.window.resize(*size)
    person.compose()
    headers = person.find(QWidget, "headers")
    person.until(lambda: headers.isVisible() and headers.findChildren(QAbstractButton, "change-header"))
    area = next(one for one in headers.findChildren(ScrollArea) if one.isVisible())
    person.until(lambda: area.verticalScrollBar().maximum() > 0)
    assert area.horizontalScrollBar().maximum() == 0


@pytest.fixture
def twice(person: Person) -> Iterator[Person]:
    """Somebody with a message in Compose at twice the text size, which makes every panel anew."""
    person.window.resize(1440, 900)
    person.desk.appearance.change("text_percent", "200")
    person.compose()
    person.until(person.find(QAbstractButton, "toggle-findings").isVisible)
    yield person
    person.desk.appearance.change("text_percent", "100")


def test_at_twice_the_text_size_the_form_has_the_room(twice: Person) -> None:
    twice.spoil(A_PATIENT)
    twice.until(lambda: "PAT-001" in twice.rules())
    panel = twice.window.panel(PanelId.COMPOSE)
    page = form(twice)
    rows, toggle = twice.find(QListView, "findings"), twice.find(QAbstractButton, "toggle-findings")
    twice.until(lambda: panel._findings.height() == panel._findings.maximumHeight())
    assert not rows.isVisible(), "the counts are one line"
    bottom = page.mapTo(panel, page.rect().bottomLeft()).y()
    assert bottom + panel._findings.height() >= panel.height() - 4, "no room is left empty"
    menu = twice.find(QToolButton, "form-add-narrow").menu()
    assert twice.find(QToolButton, "form-add-narrow").isVisible(), "what is beside the list of sections has its place"
    next(one for one in menu.actions() if one.text() == "Safeguarding concern").trigger()
    twice.until(lambda: panel._source.text().count('"resourceType": "Flag"') > 1)
    twice.judged()
    twice.until(lambda: page.ready and not panel._source._stale)
    twice.run("next-finding")
    twice.until(lambda: (twice.window.focusWidget() or page).objectName() == "field-NHS number")
    wrong = field(twice, "Patient", "NHS number")
    card = next(one for one in page.findChildren(FormCard) if one.isAncestorOf(wrong))
    for part in (card._title, wrong):
        twice.until(lambda part=part: not part.visibleRegion().isEmpty())
        assert part.visibleRegion().boundingRect() == part.rect(), "the head of its card and all of the field are seen"
    twice.bot.mouseClick(toggle, Qt.MouseButton.LeftButton)
    twice.until(rows.isVisible)
    twice.bot.mouseClick(toggle, Qt.MouseButton.LeftButton)
    twice.until(lambda: not rows.isVisible())


def test_at_twice_the_text_size_the_headers_take_the_place_of_the_views(twice: Person) -> None:
    page = form(twice)
    headers, toggle = twice.find(QWidget, "headers"), twice.find(QAbstractButton, "toggle-headers")
    twice.bot.mouseClick(toggle, Qt.MouseButton.LeftButton)
    twice.until(headers.isVisible)
    assert not page.isVisible()
    findings = twice.find(QAbstractButton, "toggle-findings")
    twice.bot.mouseClick(findings, Qt.MouseButton.LeftButton)
    twice.until(lambda: not headers.isVisible())
    twice.bot.mouseClick(toggle, Qt.MouseButton.LeftButton)
    twice.until(headers.isVisible)
    assert not findings.isChecked(), "there is room for one of them"
    twice.until(lambda: headers.width() >= twice.window.panel(PanelId.COMPOSE).width() - 2)
    twice.look("Form")
    twice.until(page.isVisible)
    assert not headers.isVisible(), "a view that is asked for is shown"


@pytest.mark.parametrize("elsewhere", [False, True], ids=["in Compose", "from Settings"])
def test_what_was_done_before_another_text_size_can_still_be_taken_back(person: Person, elsewhere: bool) -> None:
    person.compose()
    first = person.source.toPlainText()
    person.spoil(A_PATIENT)
    spoiled = person.source.toPlainText()
    assert spoiled != first
    panel = person.window.panel(PanelId.SETTINGS if elsewhere else PanelId.COMPOSE)
    person.go(PanelId.SETTINGS if elsewhere else PanelId.COMPOSE)
    person.desk.appearance.change("text_percent", "150")
    person.until(lambda: person.window.panel(PanelId.SETTINGS if elsewhere else PanelId.COMPOSE) is not panel)
    person.go(PanelId.COMPOSE)
    person.until(lambda: person.source.toPlainText() == spoiled)
    person.until(person.action("undo").isEnabled)
    while person.action("undo").isEnabled():
        person.run("undo")
    assert person.source.toPlainText() == first
    while person.action("redo").isEnabled():
        person.run("redo")
    assert person.source.toPlainText() == spoiled
    person.desk.appearance.change("text_percent", "100")


def test_what_stands_at_the_top_of_the_form_does_so_at_another_width(person: Person) -> None:
    person.window.resize(1440, 900)
    person.compose()
    page = form(person)
    person.until(lambda: page.ready and page._wide == page.width())
    card = next(one for one in page.findChildren(FormCard) if page._section_of(one.card.path) == "encounter")
    bar = page._scroll.verticalScrollBar()
    person.until(lambda: bar.maximum() > card.y())
    page.show_section("encounter")
    away = bar.value() - card.y()
    before = card.height()
    person.window.resize(1024, 700)
    person.until(lambda: card.height() != before and page._wide == page.width())
    person.until(lambda: bar.value() - card.y() == away)
    assert page._combo._combo.value() == "encounter"
