"""The swim lanes: rows of every kind in both themes, one accessible row a leg, links between rows, heads above."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from tests.ui.widgets import pixels
from workbench.evidence.lanes import LaneHead, LaneKind, LaneRow, LaneTone
from workbench.ui.models.lanes import LaneModel
from workbench.ui.theme import LIGHT, THEMES, Theme, palette_for, scaled
from workbench.ui.widgets.lane_view import LaneHeads, LaneView, columns, tone_pair

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("our_style")

ASKED = LaneRow(
    LaneKind.MESSAGE, "Validation request", "e1", "10:02:19", "attempt 2", status="200 accepted", took="412 ms"
)
REFUSED = LaneRow(LaneKind.MESSAGE, "Referral", "e0", "10:02:14", status="503 unavailable", tone=LaneTone.ERROR)
REPLY = LaneRow(
    LaneKind.MESSAGE,
    "Interim response",
    "e2",
    "10:06:29",
    from_sender=False,
    status="200 accepted",
    note="answers 10:02:19, same Bundle id quoted",
    answers=3,
)
ROWS = (
    LaneRow(LaneKind.DAY, "Tuesday 14 October 2025"),
    LaneRow(LaneKind.CHECK, "Capability check", "c1", "10:02:11", "metadata", status="200", took="4 ms"),
    REFUSED,
    ASKED,
    LaneRow(LaneKind.FOLD, "4 min 10 s later"),
    REPLY,
    LaneRow(LaneKind.END, "Complete. No reply is outstanding."),
)


def a_view(qtbot: QtBot, rows: tuple[LaneRow, ...] = ROWS, *, tall: int = 700) -> LaneView:
    model = LaneModel()
    model.show(rows)
    view = LaneView(model)
    qtbot.addWidget(view)
    view.resize(800, tall)
    view.show()
    return view


def test_lanes_lie_within_the_view_at_equal_distances() -> None:
    found = columns(1000)
    assert 0 < found.gutter < found.sender < found.broker < found.receiver < 1000
    assert found.broker - found.sender == pytest.approx(found.receiver - found.broker)
    narrow = columns(1)
    assert narrow.sender <= narrow.broker <= narrow.receiver


@pytest.mark.parametrize("tone", LaneTone)
def test_every_tone_has_the_colours_of_the_theme(tone: LaneTone) -> None:
    assert tone_pair(LIGHT, tone) == LIGHT.tone(tone)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_rows_are_painted(qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    qapp.setPalette(palette_for(theme))
    found = set(pixels.colours(a_view(qtbot)))
    wanted = {theme.accent, theme.error.fg, theme.error.bg, theme.ok.bg, theme.waiting.fg, theme.lane}
    assert wanted <= found


def test_red_is_only_for_faults(qtbot: QtBot) -> None:
    calm = tuple(row for row in ROWS if row is not REFUSED)
    found = set(pixels.colours(a_view(qtbot, calm)))
    assert not {LIGHT.error.fg, LIGHT.error.bg, LIGHT.error.solid} & found


def test_a_link_is_drawn_from_the_reply_to_what_it_answers(qtbot: QtBot) -> None:
    linked = a_view(qtbot)
    loose = a_view(qtbot, tuple(row if row is not REPLY else LaneRow(LaneKind.MESSAGE, "Other", "e2") for row in ROWS))
    x = round(columns(linked.viewport().width()).sender) - scaled(14)
    between = linked.visualRect(linked.model().index(4, 0)).center().y()
    near = [(x + dx, between + dy) for dx in (-1, 0, 1) for dy in range(-8, 9)]

    def violet(view: LaneView) -> bool:
        image = pixels.image_of(view)
        shades = [image.pixelColor(px, py) for px, py in near]
        return any(shade.blue() - shade.red() > 40 for shade in shades)

    assert (violet(linked), violet(loose)) == (True, False)


def test_every_row_is_spoken_whole(qtbot: QtBot) -> None:
    view = a_view(qtbot)
    interface = QAccessible.queryAccessibleInterface(view)
    assert (pixels.spoken(view), interface.childCount()) == ("Messages of the conversation", len(ROWS))
    spoken = [interface.child(n).text(QAccessible.Text.Name) for n in range(len(ROWS))]
    assert spoken[3] == "10:02:19, Validation request, attempt 2, 200 accepted, 412 ms"
    assert spoken[5].endswith("answers 10:02:19, same Bundle id quoted")


def test_a_leg_that_is_gone_to_is_told(qtbot: QtBot) -> None:
    view = a_view(qtbot)
    with qtbot.waitSignal(view.leg_chosen) as by_program:
        view.choose(3)
    with qtbot.waitSignal(view.leg_chosen) as by_mouse:
        place = view.visualRect(view.model().index(5, 0)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert (by_program.args, by_mouse.args) == (["e1"], ["e2"])
    with qtbot.assertNotEmitted(view.leg_chosen):
        view.choose(99)


def test_rows_are_high_enough_for_what_they_say(qtbot: QtBot) -> None:
    view = a_view(qtbot)
    heights = [view.sizeHintForRow(n) for n in range(len(ROWS))]
    assert heights[5] > heights[2] > heights[1] > heights[0]


def test_a_long_conversation_is_scrolled(qtbot: QtBot) -> None:
    view = a_view(qtbot, tuple(LaneRow(LaneKind.MESSAGE, f"Message {n}", f"e{n}") for n in range(500)), tall=300)
    view.choose(499)
    assert view.visualRect(view.model().index(499, 0)).bottom() <= view.viewport().height()
    assert not view.grab().isNull()


def test_heads_name_who_stands_over_the_lanes(qtbot: QtBot) -> None:
    heads = LaneHeads()
    qtbot.addWidget(heads)
    heads.resize(800, heads.height())
    blank = len(pixels.colours(heads))
    heads.show_heads(
        LaneHead("Sender", "NHS 111"), LaneHead("BaRS", "Embedded sandbox"), LaneHead("Receiver", "Northgate"), "box"
    )
    assert heads.accessibleName() == "Sender NHS 111, BaRS Embedded sandbox, Receiver Northgate"
    assert len(pixels.colours(heads)) > blank
