"""Areas and cards: grounds, edges, status bars, heads of one height, the reader's width, scrolling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tests.ui.widgets import pixels
from workbench.ui.theme import LIGHT, scaled
from workbench.ui.widgets import (
    Area,
    Card,
    Chip,
    HeadBar,
    Label,
    PageColumn,
    SearchField,
    column,
    page,
    scroll_area,
    separator,
    splitter,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("our_style")


@pytest.mark.parametrize(
    ("edge", "place"), [("t", (20, 0)), ("b", (20, -1)), ("l", (0, 10)), ("r", (-1, 10))], ids="tblr"
)
def test_an_area_draws_the_edges_it_names(qtbot: QtBot, edge: str, place: tuple[int, int]) -> None:
    area = Area(role="sunken", edges=edge)
    qtbot.addWidget(area)
    area.resize(40, 20)
    assert pixels.at(area, *place) == LIGHT.hairline
    count = 40 if edge in "tb" else 20
    assert pixels.colours(area) == {LIGHT.sunken: 800 - count, LIGHT.hairline: count}


def a_card(qtbot: QtBot, **how: object) -> Card:
    card = Card(**how)  # type: ignore[arg-type]
    qtbot.addWidget(card)
    card.resize(80, 40)
    return card


def test_a_card_is_rounded_with_a_hairline(qtbot: QtBot) -> None:
    card = a_card(qtbot)
    assert (pixels.at(card, 0, 0), pixels.at(card, 40, 0), pixels.at(card, 40, 20)) == (
        LIGHT.canvas,
        LIGHT.hairline,
        LIGHT.surface,
    )


def test_a_chosen_card_is_outlined(qtbot: QtBot) -> None:
    card = a_card(qtbot)
    card.set_selected(True)
    assert (pixels.at(card, 40, 0), pixels.at(card, 40, 1)) == (LIGHT.accent, LIGHT.accent)
    card.set_selected(False)
    assert pixels.at(card, 40, 0) == LIGHT.hairline


@pytest.mark.parametrize(("bar", "solid"), [("error", LIGHT.error.solid), ("production", LIGHT.env_production.solid)])
def test_a_bar_tells_the_status(qtbot: QtBot, bar: str, solid: str) -> None:
    card = a_card(qtbot, bar=bar)
    assert (pixels.at(card, 1, 20), pixels.at(card, 40, 20)) == (solid, LIGHT.surface)
    card.set_bar("")
    assert pixels.at(card, 1, 20) == LIGHT.surface


def test_a_toned_card_has_the_tint_and_no_edge(qtbot: QtBot) -> None:
    card = a_card(qtbot, tone="warning")
    assert (pixels.at(card, 40, 0), pixels.at(card, 40, 20)) == (LIGHT.warning.bg, LIGHT.warning.bg)


def test_a_card_can_take_another_ground(qtbot: QtBot) -> None:
    card = a_card(qtbot)
    card.set_fill("sunken")
    assert pixels.at(card, 40, 20) == LIGHT.sunken


def test_heads_of_neighbours_are_equally_high(qtbot: QtBot) -> None:
    heads = [HeadBar("A"), HeadBar("A long title", beside=Chip("Answered", "ok")), HeadBar("B", Label("x"))]
    tall = HeadBar("C", below=SearchField("Search"))
    for head in (*heads, tall):
        qtbot.addWidget(head)
    assert {head.sizeHint().height() for head in heads} == {scaled(46)}
    assert tall.sizeHint().height() == scaled(82)


def test_a_long_title_does_not_widen_its_column(qtbot: QtBot) -> None:
    head = HeadBar("A title " * 40, beside=Chip("Answered", "ok"), subtitle="and a subtitle " * 40)
    qtbot.addWidget(head)
    assert head.minimumSizeHint().width() < scaled(260)


def test_a_title_can_change(qtbot: QtBot) -> None:
    head = HeadBar("A")
    qtbot.addWidget(head)
    head.show_title("B", "below")
    assert (head.title.text(), head.subtitle.text(), head.subtitle.isHidden()) == ("B", "below", False)
    head.show_title("B")
    assert head.subtitle.isHidden()


def test_a_page_column_stays_within_the_readers_width(qtbot: QtBot) -> None:
    inner = Label("text")
    made = PageColumn(column(inner), widest=300)
    qtbot.addWidget(made)
    made.resize(scaled(300) + 200, 40)
    made.grab()
    assert (inner.width(), inner.mapTo(made, inner.rect().topLeft()).x()) == (scaled(300), 100)
    made.resize(200, 40)
    made.grab()
    assert inner.width() == 200


def test_a_scroll_area_gives_its_width_to_its_content(qtbot: QtBot) -> None:
    content = QWidget()
    content.setMinimumHeight(500)
    area = scroll_area(content, role="canvas")
    qtbot.addWidget(area)
    area.resize(200, 100)
    area.show()
    assert content.width() == area.viewport().width() < 200
    assert (area.horizontalScrollBar().maximum(), area.verticalScrollBar().maximum()) == (0, 400)
    content.setMinimumWidth(300)
    qtbot.waitUntil(lambda: area.horizontalScrollBar().maximum() > 0)


def test_a_page_puts_an_edge_around_its_items(qtbot: QtBot) -> None:
    card = Card()
    card.setFixedHeight(50)
    made = page(card)
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.show()
    place = card.mapTo(made, card.rect().topLeft())
    assert (place.x(), place.y(), card.width()) == (scaled(16), scaled(16), 400 - 2 * scaled(16))


def test_a_splitter_has_a_line_of_one_pixel(qtbot: QtBot) -> None:
    made = splitter(Area(role="surface"), Area(role="surface"))
    qtbot.addWidget(made)
    made.resize(101, 40)
    made.show()
    made.setSizes([50, 50])
    assert pixels.at(made, 50, 20) == LIGHT.hairline
    assert not made.childrenCollapsible()
    assert splitter(horizontal=False).orientation() == Qt.Orientation.Vertical


def test_a_separator_is_one_pixel(qtbot: QtBot) -> None:
    across, between = separator(), separator(vertical=14)
    qtbot.addWidget(across)
    qtbot.addWidget(between)
    assert (across.maximumHeight(), between.maximumWidth(), between.maximumHeight()) == (1, 1, scaled(14))
