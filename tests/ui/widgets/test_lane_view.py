"""The swim lanes: rows of every kind in both themes, one accessible row a leg, links between rows, heads above.

Also lane_paint, lane_heads, and the list model (`models/lanes`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent

from tests.ui.widgets import pixels
from workbench.evidence.lanes import LaneHead, LaneKind, LaneRow, LaneTone
from workbench.ui.models.lanes import LaneModel
from workbench.ui.theme import LIGHT, THEMES, Theme, palette_for, scaled
from workbench.ui.widgets.lane_heads import LaneHeads
from workbench.ui.widgets.lane_paint import columns, tone_pair
from workbench.ui.widgets.lane_view import LaneView

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


def test_the_tip_of_a_leg_says_all_of_it_with_nothing_cut(qtbot: QtBot) -> None:
    view = a_view(qtbot)
    place = next(
        n for n in range(view.model().rowCount()) if "Interim response" in str(view.model().index(n, 0).data())
    )
    tip = view.model().index(place, 0).data(Qt.ItemDataRole.ToolTipRole)
    for words in ("Interim response", "10:06:29", "200 accepted", "answers 10:02:19, same Bundle id quoted"):
        assert words in tip


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


CHECKS = (
    LaneRow(LaneKind.CHECK, "Capability check", "c1", "10:02:10", "metadata", status="200", operation="metadata"),
    LaneRow(LaneKind.CHECK, "Definitions", "c2", "10:02:11", "x", status="200", operation="message-definition"),
)
RUN = (ROWS[0], *CHECKS, *ROWS[2:])


def titles(view: LaneView) -> list[str]:
    return [view.model().row(n).title for n in range(view.model().rowCount())]


def test_a_run_of_checks_opens_by_click_and_closes_by_key(qtbot: QtBot) -> None:
    view = a_view(qtbot, RUN)
    assert titles(view)[:3] == ["Tuesday 14 October 2025", "Capability check", "Referral"]
    view.choose(3)
    chosen = view.model().row(view.currentIndex().row()).exchange
    place = view.visualRect(view.model().index(1, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert titles(view)[1:4] == ["Capability check", "Capability check", "Definitions"]
    assert (view.model().row_of("c2"), view.currentIndex().row()) == (3, 1)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert titles(view)[2] == "Referral"
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert titles(view)[3] == "Definitions"
    view.choose(view.model().row_of(chosen))
    view.toggle(1)
    assert view.model().row(view.currentIndex().row()).exchange == chosen, "what is chosen stays chosen"


def test_every_check_opens_at_once(qtbot: QtBot) -> None:
    view = a_view(qtbot, RUN)
    view.model().set_all_open(True)
    assert view.model().rowCount() == len(RUN) + 1
    view.model().set_all_open(False)
    assert view.model().rowCount() == len(RUN) - 1


def test_the_keyboard_goes_from_leg_to_leg(qtbot: QtBot) -> None:
    view = a_view(qtbot)
    gone = []
    view.leg_chosen.connect(gone.append)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        qtbot.keyClick(view, key)
    assert gone == ["c1", "e0", "e1", "e2", "e1"], "days, gaps and the end are passed over"
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert gone[-1] == "e2"
    with qtbot.waitSignal(view.opened) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == ["e2"]
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    assert gone[-1] == "c1"


def test_control_and_plus_minus_zero_zoom(qtbot: QtBot) -> None:
    view = a_view(qtbot)
    heads = LaneHeads()
    qtbot.addWidget(heads)
    view.shaped.connect(heads.follow)
    before = view.sizeHintForRow(3)
    qtbot.keyClick(view, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    larger = view.sizeHintForRow(3)
    assert larger > before
    assert heads._zoom == view.scale.zoom > 1
    for _ in range(20):
        qtbot.keyClick(view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert view.sizeHintForRow(3) < before
    assert not view.grab().isNull()
    qtbot.keyClick(view, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.sizeHintForRow(3) == before


def test_the_partner_of_the_leg_under_the_pointer_lights_up(qtbot: QtBot) -> None:
    view = a_view(qtbot)
    plain = pixels.image_of(view)
    qtbot.mouseMove(view.viewport(), view.visualRect(view.model().index(5, 0)).center())
    qtbot.waitUntil(lambda: view.hovered == 5)
    assert view.partners == {3}
    asked = view.visualRect(view.model().index(3, 0))
    place = (asked.right() - scaled(14), asked.top() + scaled(8))
    lit = pixels.image_of(view)
    assert lit.pixelColor(*place).name().upper() == LIGHT.waiting.bg
    assert plain.pixelColor(*place).name().upper() == LIGHT.surface
    view._hover(-1)
    assert view.partners == frozenset()


def asked_for_menu(view: LaneView, reason: QContextMenuEvent.Reason, row: int) -> QContextMenuEvent:
    place = view.visualRect(view.model().index(row, 0)).center()
    return QContextMenuEvent(reason, place, view.viewport().mapToGlobal(place))


def test_the_menu_opens_on_the_leg_under_the_pointer_and_with_the_key(qtbot: QtBot) -> None:
    view = a_view(qtbot)
    for reason, row in ((QContextMenuEvent.Reason.Mouse, 5), (QContextMenuEvent.Reason.Keyboard, 5)):
        with qtbot.waitSignal(view.menu_wanted):
            view.contextMenuEvent(asked_for_menu(view, reason, row))
        assert view.currentIndex().row() == 5
    with qtbot.assertNotEmitted(view.menu_wanted):
        view.contextMenuEvent(asked_for_menu(view, QContextMenuEvent.Reason.Mouse, 0))


def test_a_row_is_drawn_once_for_what_it_looks_like(qtbot: QtBot) -> None:
    view = a_view(qtbot)
    view.grab()
    delegate = view.itemDelegate()
    kept = len(delegate._drawn)
    view.grab()
    assert (len(delegate._drawn), kept >= len(ROWS) - 1) == (kept, True)
    view.choose(3)
    view.grab()
    assert len(delegate._drawn) > kept


def test_a_conflict_is_amber(qtbot: QtBot) -> None:
    doubt = LaneRow(
        LaneKind.MESSAGE,
        "Other",
        "e9",
        status="200 accepted",
        note="not sure: x",
        note_tone=LaneTone.WARNING,
        ident="i",
    )
    view = a_view(qtbot, (*ROWS, doubt))
    assert {LIGHT.warning.solid} <= set(pixels.colours(view))
    assert view.sizeHintForRow(len(ROWS)) > view.sizeHintForRow(5)
