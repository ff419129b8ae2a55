"""The icons: every file draws, takes any ink, and follows the palette; names used in the program exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QImage, QPalette, QPixmap

from workbench import assets
from workbench.ui import icons
from workbench.ui.actions import specs
from workbench.ui.theme import DARK, LIGHT, palette_for

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

NAMES = sorted(icons.names())
ROOT = Path(__file__).resolve().parents[2]


def inks(pixmap: QPixmap) -> set[str]:
    """Colours of the opaque pixels."""
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    colours = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {colour.name() for colour in colours if colour.alpha() == 255}


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_drawn_in_any_ink(qapp: QApplication, name: str) -> None:
    red = inks(icons.pixmap(name, "#ff0000", 24, 4.0, "#00ff00"))
    blue = inks(icons.pixmap(name, "#0000ff", 24, 4.0, "#00ff00"))
    assert "#ff0000" in red
    assert "#0000ff" in blue
    assert "#0000ff" not in red


@pytest.mark.parametrize("name", NAMES)
def test_files_hold_placeholders_and_the_grid(name: str) -> None:
    text = assets.text("icons", f"{name}.svg")
    root = ElementTree.fromstring(text)
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke-linecap") == "round"
    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', text))
    assert colours <= {"none", icons.INK, icons.SIGN}
    assert icons.INK in colours
    assert name in icons.STATUS | {"dot", "logo"} or root.get("stroke-width") == "1.75"


def test_shapes_of_the_statuses_are_there() -> None:
    assert icons.names() >= icons.STATUS


def test_every_action_has_an_icon() -> None:
    assert {spec.icon for spec in specs()} <= icons.names()


def test_names_written_in_the_program_exist() -> None:
    calls = {"icon", "pixmap", "Pic"}
    wrong = []
    for path in (ROOT / "workbench").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            named = getattr(node.func, "id", getattr(node.func, "attr", ""))
            given = [k.value for k in node.keywords if k.arg == "icon"] + (node.args[:1] if named in calls else [])
            for value in given:
                if isinstance(value, ast.Constant) and value.value and value.value not in icons.names():
                    wrong.append(f"{path.name}:{node.lineno} {value.value}")
    assert not wrong, wrong


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError, match="there is no icon 'nothing'"):
        icons.icon("nothing")
    with pytest.raises(KeyError, match=r"resources/icons/nothing\.svg"):
        icons.pixmap("nothing", "#000000", 16, 1.0)


def test_an_empty_name_is_an_empty_picture(qapp: QApplication) -> None:
    assert icons.icon("").isNull()
    assert inks(icons.pixmap("", "#ff0000", 16, 1.0)) == set()


def test_the_sign_stands_out_on_the_shape() -> None:
    assert b'stroke="#FFFFFF"' in icons.svg("error", "#B3261E")
    assert b'stroke="#14181D"' in icons.svg("error", "#FF8A80")
    assert b'stroke="#123456"' in icons.svg("error", "#FF8A80", "#123456")


def test_size_and_ratio(qapp: QApplication) -> None:
    drawn = icons.pixmap("send", "#000000", 16, 2.0)
    assert (drawn.size(), drawn.devicePixelRatio(), drawn.deviceIndependentSize().toSize()) == (
        QSize(32, 32),
        2.0,
        QSize(16, 16),
    )


def test_an_icon_tells_its_name_also_as_a_copy(qapp: QApplication) -> None:
    assert QIcon(icons.icon("send")).name() == "send"


@pytest.mark.parametrize(("theme", "name"), [(LIGHT, "send"), (DARK, "send"), (LIGHT, "error"), (DARK, "error")])
def test_an_icon_follows_the_palette(qapp: QApplication, theme: object, name: str) -> None:
    chosen = LIGHT if theme is LIGHT else DARK
    qapp.setPalette(palette_for(chosen))
    wanted = chosen.error.solid if name == "error" else chosen.text2
    assert wanted.lower() in inks(icons.icon(name).pixmap(QSize(64, 64), 1.0))


def test_a_disabled_icon_is_pale(qapp: QApplication) -> None:
    qapp.setPalette(palette_for(LIGHT))
    drawn = icons.icon("send").pixmap(QSize(64, 64), 1.0, QIcon.Mode.Disabled)
    disabled = qapp.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text).name()
    assert disabled in inks(drawn)


def test_an_icon_is_crisp_on_a_fine_screen(qapp: QApplication) -> None:
    drawn = icons.icon("send").pixmap(QSize(16, 16), 2.0)
    assert (drawn.size(), drawn.devicePixelRatio()) == (QSize(32, 32), 2.0)
