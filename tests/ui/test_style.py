"""The style and its `controls`: kinds look different, sizes follow the text, and nothing it does may raise."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QScrollBar,
    QSpinBox,
    QSplitter,
    QStyle,
    QStyleOptionSlider,
    QStyleOptionSpinBox,
    QTableView,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from tests.ui.widgets import pixels
from workbench.ui import controls
from workbench.ui.icons import icon
from workbench.ui.theme import DARK, LIGHT, THEMES, Theme, palette_for, scaled
from workbench.ui.widgets import Tabs, button, progress, set_kind, set_severity, tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from workbench.ui.style import WorkbenchStyle


pytestmark = pytest.mark.usefixtures("our_style")


def main_colour(widget: QWidget) -> str:
    return pixels.colours(widget).most_common(1)[0][0]


def shown(qtbot: QtBot, widget: QWidget, size: QSize | None = None) -> QWidget:
    qtbot.addWidget(widget)
    widget.resize(size or widget.sizeHint())
    return widget


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize(
    ("kind", "role"), [("", "raised"), ("primary", "accent"), ("link", "canvas"), ("ghost", "canvas")]
)
def test_a_button_is_filled_by_its_kind(qtbot: QtBot, qapp: QApplication, theme: Theme, kind: str, role: str) -> None:
    qapp.setPalette(palette_for(theme))
    assert main_colour(shown(qtbot, button("Send", kind=kind))) == theme.role(role)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_danger_is_the_colour_of_production(qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    qapp.setPalette(palette_for(theme))
    assert main_colour(shown(qtbot, button("Delete", kind="danger"))) == theme.env_production.solid


def test_a_disabled_button_is_pale_whatever_its_kind(qtbot: QtBot) -> None:
    made = button("Send", kind="primary")
    made.setEnabled(False)
    assert main_colour(shown(qtbot, made)) == LIGHT.sunken


def test_kind_can_change(qtbot: QtBot) -> None:
    made = button("Send")
    shown(qtbot, made)
    set_kind(made, "primary")
    assert main_colour(made) == LIGHT.accent


@pytest.mark.parametrize(("severity", "role"), [("", LIGHT.border), ("error", LIGHT.error.fg)])
def test_the_edge_of_a_field_is_its_severity(qtbot: QtBot, severity: str, role: str) -> None:
    field = QLineEdit()
    set_severity(field, severity)
    shown(qtbot, field, QSize(120, 30))
    edge = field.grab().toImage().pixelColor(60, 0)
    wanted = QImage(1, 1, QImage.Format.Format_RGB32)
    wanted.fill(role)
    assert edge == wanted.pixelColor(0, 0)


def test_a_read_only_field_is_sunken(qtbot: QtBot) -> None:
    field = QLineEdit()
    field.setReadOnly(True)
    assert main_colour(shown(qtbot, field, QSize(120, 30))) == LIGHT.sunken


def test_a_checked_box_is_filled(qtbot: QtBot) -> None:
    box = QCheckBox("On")
    before = pixels.colours(shown(qtbot, box)).get(LIGHT.accent, 0)
    box.setChecked(True)
    assert (before, pixels.colours(box).get(LIGHT.accent, 0) > 50) == (0, True)


def test_a_third_state_shows(qtbot: QtBot) -> None:
    box = QCheckBox("Some")
    box.setTristate(True)
    box.setCheckState(Qt.CheckState.PartiallyChecked)
    assert pixels.colours(shown(qtbot, box)).get(LIGHT.accent, 0) > 50


def test_the_chosen_tab_is_underlined(qtbot: QtBot) -> None:
    tabs = Tabs(["Summary", "Headers"])
    shown(qtbot, tabs)
    image = tabs.grab().toImage()
    first = tabs.bar().tabRect(0).center().x()
    second = tabs.bar().tabRect(1).center().x()
    bottom = range(tabs.height() - 4, tabs.height())
    accents = [[image.pixelColor(x, y).name().upper() == LIGHT.accent for y in bottom] for x in (first, second)]
    assert [any(column) for column in accents] == [True, False]


def test_progress_fills_its_share(qtbot: QtBot) -> None:
    bar = progress()
    bar.setValue(50)
    shown(qtbot, bar, QSize(200, bar.height()))
    image = bar.grab().toImage()
    middle = bar.height() // 2
    found = [image.pixelColor(x, middle).name().upper() for x in (50, 150)]
    assert found == [LIGHT.accent, LIGHT.hover]


def test_a_busy_bar_shows_something_without_a_length(qtbot: QtBot) -> None:
    bar = progress()
    bar.setRange(0, 0)
    assert pixels.colours(shown(qtbot, bar, QSize(200, bar.height()))).get(LIGHT.accent, 0) > 0


SIZED: dict[str, Callable[[], QWidget]] = {
    "button": lambda: button("Send", icon="send"),
    "tool": lambda: tool("Copy", "copy"),
    "icon alone": lambda: tool("Copy", "copy", icon_only=True),
    "filter": lambda: tool("2 errors", "error", kind="filter"),
    "nav": lambda: tool("Compose", "compose", kind="nav"),
    "field": lambda: QLineEdit("text"),
    "combo": QComboBox,
    "number": QSpinBox,
    "check": lambda: QCheckBox("On"),
    "radio": lambda: QRadioButton("On"),
    "tabs": lambda: Tabs(["Summary"]),
    "scroll bar": lambda: QScrollBar(Qt.Orientation.Vertical),
}


@pytest.mark.parametrize("name", SIZED)
def test_sizes_grow_with_the_text(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    small = shown(qtbot, SIZED[name]()).sizeHint()
    large_font = QFont(qapp.font())
    large_font.setPointSizeF(qapp.font().pointSizeF() * 2)
    qapp.setFont(large_font)
    large = shown(qtbot, SIZED[name]()).sizeHint()
    axis = large.width() / small.width() if name == "scroll bar" else large.height() / small.height()
    assert 1.8 <= axis <= 2.2, f"{small} became {large}"


def test_controls_of_one_row_are_equally_high(qtbot: QtBot) -> None:
    buttons = [button("Send"), button("Why?", kind="link"), tool("Copy", "copy"), tool("Copy", "copy", icon_only=True)]
    fields = [QLineEdit(), QComboBox(), QSpinBox()]
    assert len({shown(qtbot, made).sizeHint().height() for made in buttons}) == 1
    assert len({shown(qtbot, made).sizeHint().height() for made in fields}) == 1


def test_a_tool_button_that_opens_a_menu_has_room_for_its_arrow(qtbot: QtBot) -> None:
    plain, with_arrow = tool("More", arrow=False), tool("More", arrow=True)
    assert shown(qtbot, with_arrow).sizeHint().width() - shown(qtbot, plain).sizeHint().width() >= scaled(14)


def test_the_parts_of_a_number_field_do_not_overlap(qtbot: QtBot, our_style: WorkbenchStyle) -> None:
    spin = QSpinBox()
    shown(qtbot, spin, QSize(120, 30))
    option = QStyleOptionSpinBox()
    spin.initStyleOption(option)
    part = QStyle.SubControl
    rects = [
        our_style.subControlRect(QStyle.ComplexControl.CC_SpinBox, option, one, spin)
        for one in (part.SC_SpinBoxEditField, part.SC_SpinBoxUp, part.SC_SpinBoxDown)
    ]
    assert not any(a.intersects(b) for a in rects for b in rects if a is not b)
    assert all(spin.rect().contains(rect) for rect in rects)


def test_a_number_is_changed_by_a_click_on_its_arrows(qtbot: QtBot) -> None:
    spin = QSpinBox()
    shown(qtbot, spin, QSize(120, 30))
    spin.setValue(5)
    qtbot.mouseClick(spin, Qt.MouseButton.LeftButton, pos=QPoint(110, 6))
    qtbot.mouseClick(spin, Qt.MouseButton.LeftButton, pos=QPoint(110, 6))
    qtbot.mouseClick(spin, Qt.MouseButton.LeftButton, pos=QPoint(110, 24))
    assert spin.value() == 6


def scroll_parts(our_style: WorkbenchStyle, bar: QScrollBar) -> dict[str, QRect]:
    option = QStyleOptionSlider()
    bar.initStyleOption(option)
    part = QStyle.SubControl
    names = {"before": part.SC_ScrollBarSubPage, "handle": part.SC_ScrollBarSlider, "after": part.SC_ScrollBarAddPage}
    return {
        name: our_style.subControlRect(QStyle.ComplexControl.CC_ScrollBar, option, one, bar)
        for name, one in names.items()
    }


@pytest.mark.parametrize("orientation", [Qt.Orientation.Vertical, Qt.Orientation.Horizontal])
def test_a_scroll_bar_is_handle_and_pages(qtbot: QtBot, our_style: WorkbenchStyle, orientation: Qt.Orientation) -> None:
    bar = QScrollBar(orientation)
    upright = orientation == Qt.Orientation.Vertical
    shown(qtbot, bar, QSize(12, 200) if upright else QSize(200, 12))
    bar.setRange(0, 300)
    bar.setPageStep(100)
    bar.setValue(150)
    lengths = {name: rect.height() if upright else rect.width() for name, rect in scroll_parts(our_style, bar).items()}
    assert lengths == {"before": 75, "handle": 50, "after": 75}


def test_a_handle_stays_large_enough_to_take(qtbot: QtBot, our_style: WorkbenchStyle) -> None:
    bar = QScrollBar(Qt.Orientation.Vertical)
    shown(qtbot, bar, QSize(12, 200))
    bar.setRange(0, 1_000_000)
    bar.setPageStep(10)
    bar.setValue(1_000_000)
    handle = scroll_parts(our_style, bar)["handle"]
    assert (handle.height(), handle.bottom()) == (scaled(28), 199)


def test_a_bar_without_anything_to_scroll_is_empty(qtbot: QtBot) -> None:
    bar = QScrollBar(Qt.Orientation.Vertical)
    bar.setRange(0, 0)
    assert set(pixels.colours(shown(qtbot, bar, QSize(12, 60)))) == {LIGHT.canvas}


def test_a_focus_ring_comes_with_the_keyboard_only(qtbot: QtBot) -> None:
    host = QWidget()
    layout = QVBoxLayout(host)
    first, second = button("One"), button("Two")
    layout.addWidget(first)
    layout.addWidget(second)
    qtbot.addWidget(host)
    host.show()
    host.activateWindow()
    qtbot.waitUntil(host.isActiveWindow)
    first.setFocus(Qt.FocusReason.MouseFocusReason)
    by_mouse = LIGHT.accent in pixels.colours(first)
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert second.hasFocus()
    assert (by_mouse, LIGHT.accent in pixels.colours(second)) == (False, True)


def test_a_foreign_icon_is_drawn_as_it_is(qtbot: QtBot) -> None:
    picture = QPixmap(16, 16)
    picture.fill("#FF00FF")
    made = QPushButton(QIcon(picture), "")
    assert "#FF00FF" in pixels.colours(shown(qtbot, made))


def test_a_mnemonic_is_not_shown(qtbot: QtBot) -> None:
    plain, marked = button("Send"), button("&Send")
    shown(qtbot, plain)
    shown(qtbot, marked, plain.size())
    assert plain.grab().toImage() == marked.grab().toImage()


EVERYTHING: dict[str, Callable[[], QWidget]] = {
    **SIZED,
    "progress": QProgressBar,
    "splitter": QSplitter,
    "table": QTableView,
    "tree": QTreeView,
    "plain tool": QToolButton,
    "horizontal bar": lambda: QScrollBar(Qt.Orientation.Horizontal),
}


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", EVERYTHING)
def test_everything_draws_in_every_state(qtbot: QtBot, qapp: QApplication, theme: Theme, name: str) -> None:
    qapp.setPalette(palette_for(theme))
    widget = EVERYTHING[name]()
    shown(qtbot, widget, QSize(120, 40))
    for enabled in (True, False):
        widget.setEnabled(enabled)
        if isinstance(widget, QAbstractButton):
            widget.setCheckable(True)
            widget.setChecked(enabled)
        assert not widget.grab().isNull()


@pytest.mark.expects_warnings
def test_a_failure_is_logged_once_and_leaves_the_painter_whole(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(painter: QPainter, *_: object, **__: object) -> None:
        painter.setOpacity(0.0)
        raise ValueError("nothing can be drawn")

    for name in ("field", "push_button", "tool_button", "indicator"):
        monkeypatch.setattr(controls, name, broken)
    for made in (QLineEdit("text"), button("Send"), tool("Copy"), QCheckBox("On")):
        shown(qtbot, made)
        assert not made.grab().isNull()
        assert not made.grab().isNull()
    said = [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]
    assert len(said) == len(set(said)) >= 3
    assert all(text.startswith("the style could not draw") for text in said)


def test_calls_that_give_nothing_keep_their_references(qtbot: QtBot) -> None:
    """A binding that drops a reference to None at every such call ends the program after some thousand of them."""
    widget = QWidget()
    qtbot.addWidget(widget)
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    before = sys.getrefcount(None)
    for _ in range(250):
        widget.update()
        painter.fillRect(0, 0, 4, 4, Qt.GlobalColor.red)
    drift = sys.getrefcount(None) - before
    painter.end()
    assert abs(drift) < 50, f"500 calls moved the count of None by {drift}"


def test_the_clear_sign_of_a_field_is_ours(our_style: WorkbenchStyle) -> None:
    clear = our_style.standardIcon(QStyle.StandardPixmap.SP_LineEditClearButton)
    assert clear.name() == icon("close").name()
    assert not our_style.standardIcon(QStyle.StandardPixmap.SP_MessageBoxWarning).isNull()


def test_looks_of_a_dark_tool(qtbot: QtBot, qapp: QApplication) -> None:
    qapp.setPalette(palette_for(DARK))
    made = tool("Lanes", "timeline", kind="segment", checkable=True)
    made.setChecked(True)
    assert main_colour(shown(qtbot, made)) == DARK.chosen
