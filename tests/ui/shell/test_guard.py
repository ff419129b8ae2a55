"""The red sentences and the frame: there in production and where a certificate is not checked, nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget

from workbench.session.views import EnvironmentView
from workbench.ui.context import PanelId
from workbench.ui.shell.buttons import EnvironmentPill
from workbench.ui.shell.guard import FRAME, Guard, WindowFrame
from workbench.ui.theme import DARK, LIGHT, palette_for, scaled

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.ui.driving import Person
    from workbench.ui.style import WorkbenchStyle
    from workbench.ui.theme import Theme

LIVE = EnvironmentView("production", "Production", "", True, production=True, host="api.example", colour="production")
PLAIN = EnvironmentView("int", "INT", "", True, colour="int")


def shown(guard: QWidget) -> list[str]:
    return [bar.accessibleName() for bar in guard.findChildren(QAbstractButton) if not bar.isHidden()]


def test_sentences_stand_only_where_there_is_danger(qtbot: QtBot) -> None:
    guard = Guard()
    qtbot.addWidget(guard)
    guard.show_environment(PLAIN)
    assert shown(guard) == []
    guard.show_environment(LIVE)
    assert shown(guard) == ["PRODUCTION: live patients. Every send asks for the host name."]
    guard.show_environment(EnvironmentView("rig", "Rig", "", True, unverified="rig.example"))
    assert shown(guard) == ["The certificate of rig.example is not checked until the program is closed."]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_frame_is_red_at_the_edges_and_leaves_the_middle_alone(
    qtbot: QtBot, our_style: WorkbenchStyle, theme: Theme
) -> None:
    QApplication.setPalette(palette_for(theme))
    frame = WindowFrame()
    qtbot.addWidget(frame)
    layout = QVBoxLayout(frame)
    frame.resize(200, 120)
    red = QColor(theme.env_production.solid)
    for live in (False, True):
        frame.show_production(live)
        picture = frame.grab().toImage()
        edges = [picture.pixelColor(1, 60), picture.pixelColor(198, 60), picture.pixelColor(100, 118)]
        assert [one == red for one in edges] == [live] * 3
        assert picture.pixelColor(100, 60) != red
        assert layout.contentsMargins().left() == (scaled(FRAME) if live else 0)


def test_production_is_red_all_over_and_a_press_leads_to_the_environments(person: Person) -> None:
    person.compose()
    person.desk.bridge.submit(person.desk.session.choose_environment("production"), lambda *_: None)
    bar = person.find(QAbstractButton, "production-bar")
    person.until(bar.isVisible)
    send = person.find(QAbstractButton, "send-button")
    assert send.text() == "Send to PRODUCTION"
    pill = person.find(EnvironmentPill, "environment")
    assert pill.accessibleName() == "Environment: Production, live patients"
    assert pill._title == "PRODUCTION", "the one word in capitals"
    person.press("production-bar")
    person.quiet()
    assert person.window._stack.currentWidget() is person.window.panel(PanelId.SETTINGS)
    person.desk.bridge.submit(person.desk.session.choose_environment("embedded"), lambda *_: None)
    person.until(lambda: not bar.isVisible())
    assert send.text() == "Send"
