"""Every widget there is: it builds, draws in both themes and at 200 % text, and whatever takes the focus has a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import QWidget

from tests.ui.widgets import pixels
from workbench.session.views import Choice
from workbench.ui import widgets
from workbench.ui.models.table import Column
from workbench.ui.theme import THEMES, Theme, palette_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from workbench.ui.widgets import RowPaint
    from workbench.ui.widgets.rows import Index

pytestmark = pytest.mark.usefixtures("our_style")


def nothing(*_: object) -> None:
    """A slot."""


def row_height(_: Index) -> int:
    return 24


def paint_row(paint: RowPaint, index: Index) -> None:
    paint.text(paint.box, str(index.data()))


def a_picker() -> QWidget:
    picker = widgets.Picker("To service", "building", "Choose a service")
    picker.show_choices([Choice("a", "Northgate")])
    return picker


def filters() -> QWidget:
    made = widgets.FilterChips()
    made.show_filters([("error", "2 errors", "error"), ("note", "1 note", "note")])
    return made


def a_table() -> QWidget:
    table = widgets.DataTable([Column("No.", str), Column("Tone", str, tone=lambda _: "ok")], name="Numbers")
    table.show_rows([1, 2])
    return table


def a_busy() -> QWidget:
    busy = widgets.Busy("Reading")
    busy.show_share(0.5)
    return busy


MAKERS: dict[str, Callable[[], QWidget]] = {
    "ActionButton": lambda: widgets.ActionButton(QAction("Send", objectName="send")),
    "Area": lambda: widgets.Area(widgets.row(widgets.Label("text")), edges="tblr"),
    "Banner": lambda: widgets.Banner("error", "It failed", "Because.", [("Again", nothing, "primary")]),
    "Busy": a_busy,
    "Card": lambda: widgets.Card(widgets.row(widgets.Label("text")), bar="error"),
    "Chip": lambda: widgets.Chip("Answered", "ok"),
    "Combo": lambda: widgets.Field("Gender", widgets.Combo([("f", "Female")])),
    "DataTable": a_table,
    "EmptyState": lambda: widgets.EmptyState("timeline", "Nothing yet", "Send one.", [("Send", nothing, "primary")]),
    "Facts": lambda: widgets.Facts([("Made", "14 October 2025"), ("Id", "9f2c1e7a-0000")]),
    "Field": lambda: widgets.Field("Name", widgets.line("Jones"), required=True, hint="As spoken", code="SD"),
    "FilterChips": filters,
    "HeadBar": lambda: widgets.HeadBar("Headers", widgets.tool("Copy", "copy", icon_only=True), subtitle="all of them"),
    "KeyCap": lambda: widgets.KeyCap("Ctrl"),
    "Label": lambda: widgets.Label("text", elide=True),
    "LinesField": lambda: widgets.Field("Notes", widgets.LinesField("one\ntwo")),
    "PageColumn": lambda: widgets.PageColumn(widgets.column(widgets.Label("text"))),
    "Pic": lambda: widgets.Pic("error", tone="error"),
    "Picker": a_picker,
    "ScrollArea": lambda: widgets.scroll_area(widgets.holder(widgets.column(widgets.Label("text")))),
    "SearchField": lambda: widgets.SearchField("Search names"),
    "Segments": lambda: widgets.Segments([("JSON", ""), ("XML", "code")]),
    "Skeleton": widgets.Skeleton,
    "SwitchRow": lambda: widgets.SwitchRow("Show at start", "The page with three ways", True),
    "Tabs": lambda: widgets.Tabs(["Summary", "Headers"]),
    "TallList": lambda: widgets.TallList(
        QStringListModel(["one", "two"]), widgets.RowDelegate(None, row_height, paint_row), lambda _: (), name="Things"
    ),
    "Toast": lambda: widgets.Toast("ok", "Sent: 200", "Open", nothing),
    "action_button": lambda: widgets.action_button(QAction("Send", objectName="send"), kind="primary"),
    "action_tool": lambda: widgets.action_tool(QAction("Help", objectName="help")),
    "button": lambda: widgets.button("Send", icon="send"),
    "check": lambda: widgets.check("On", True),
    "line": lambda: widgets.Field("Host", widgets.line("host")),
    "list_view": lambda: widgets.list_view(
        QStringListModel(["one", "two"]), widgets.RowDelegate(None, row_height, paint_row), name="Things"
    ),
    "number": lambda: widgets.Field("Delay", widgets.number(5, 0, 9, suffix=" s")),
    "page": lambda: widgets.page(widgets.Card(widgets.row(widgets.Label("text")))),
    "progress": widgets.progress,
    "scroll_area": lambda: widgets.scroll_area(QWidget(), role="canvas"),
    "separator": widgets.separator,
    "splitter": lambda: widgets.splitter(widgets.Label("left"), widgets.Label("right")),
    "tool": lambda: widgets.tool("Copy", "copy", icon_only=True),
}
VALUES = {
    "ChoicePopup",
    "NO_LIMIT",
    "RowDelegate",
    "RowPaint",
    "announce",
    "chip_height",
    "chip_width",
    "clear",
    "column",
    "facts_grid",
    "holder",
    "paint_chip",
    "row",
    "set_kind",
    "set_severity",
}
"""What is exported besides widgets, and the list of a picker, which is drawn with it."""
BLANK = {"PageColumn", "scroll_area"}
"""Grounds that show nothing of their own."""


def test_every_widget_is_looked_at() -> None:
    assert set(MAKERS) | VALUES == set(widgets.__all__)


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", MAKERS)
def test_it_draws_something(qtbot: QtBot, qapp: QApplication, name: str, theme: Theme, percent: int) -> None:
    qapp.setPalette(palette_for(theme))
    shown = QFont(qapp.font())
    shown.setPointSizeF(shown.pointSizeF() * percent / 100)
    qapp.setFont(shown)
    widget = MAKERS[name]()
    qtbot.addWidget(widget)
    widget.resize(widget.sizeHint().expandedTo(widget.minimumSizeHint()).expandedTo(widget.minimumSize()))
    if name in ("Label", "separator", "progress", "splitter"):
        widget.resize(120, max(widget.height(), 6))
    found = pixels.colours(widget)
    assert len(found) > 1 or name in BLANK | {"separator", "Area"}
    assert theme is THEMES[0] or found.most_common(1)[0][0] != "#FFFFFF"


@pytest.mark.parametrize("name", MAKERS)
def test_what_takes_the_focus_has_a_name(qtbot: QtBot, name: str) -> None:
    widget = MAKERS[name]()
    qtbot.addWidget(widget)
    unnamed = [
        type(part).__name__
        for part in (widget, *widget.findChildren(QWidget))
        if part.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not part.objectName().startswith("qt_")
        and not pixels.spoken(part)
        and part.window() is widget
    ]
    assert unnamed == []


def test_the_theme_changes_while_widgets_are_shown(qtbot: QtBot, qapp: QApplication) -> None:
    light, dark = THEMES
    label = widgets.Label("A", role="text2")
    toned = widgets.Label("A", tone="error")
    card = widgets.Card(widgets.row(label, toned, widgets.Pic("send")))
    qtbot.addWidget(card)
    card.resize(200, 60)
    before = pixels.colours(card)
    qapp.setPalette(palette_for(dark))
    qapp.processEvents()
    after = pixels.colours(card)
    inks = [one.palette().color(one.foregroundRole()).name().upper() for one in (label, toned)]
    assert before.most_common(1)[0][0] == light.surface
    assert after.most_common(1)[0][0] == dark.surface
    assert inks == [dark.text2, dark.error.fg]
