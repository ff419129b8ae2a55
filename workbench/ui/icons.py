"""The own set of icons: SVG files on a grid of 24, drawn in whatever colour is asked for.

In the files `currentColor` stands for the ink and `#fff` for the sign knocked out of a filled shape.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from workbench import assets
from workbench.ui.theme import sign_on, theme_for

FOLDER: Final = "icons"
INK: Final = "currentColor"
SIGN: Final = "#fff"
STATUS: Final = frozenset({"error", "warning", "note", "ok", "waiting", "unknown", "neutral", "running", "skip"})
"""Icons whose shape says how something went; they are drawn in the `solid` of their status."""


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Every icon there is."""
    return frozenset(file.stem for file in assets.path(FOLDER).glob("*.svg"))


@lru_cache(maxsize=256)
def _drawing(name: str) -> str:
    if name not in names():
        raise KeyError(f"there is no icon {name!r}: draw resources/{FOLDER}/{name}.svg or use one of {sorted(names())}")
    return assets.text(FOLDER, f"{name}.svg")


def svg(name: str, ink: str, knock: str | None = None) -> bytes:
    """An icon in an ink; `knock` colours the sign on a filled shape (by default what stands out most on the ink).

    Raises KeyError when there is no such icon.
    """
    return _drawing(name).replace(INK, ink).replace(SIGN, knock or sign_on(ink)).encode()


def pixmap(name: str, ink: str, size: int, ratio: float, knock: str | None = None) -> QPixmap:
    """An icon of `size` logical pixels for a device pixel ratio, from the cache where it was drawn before.

    An empty name gives an empty picture. Raises KeyError when there is no such icon.
    """
    key = f"icon/{name}/{ink}/{size}/{ratio}/{knock}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    made = _draw(name, ink, size, ratio, knock)
    QPixmapCache.insert(key, made)
    return made


def _draw(name: str, ink: str, size: int, ratio: float, knock: str | None) -> QPixmap:
    side = max(1, round(size * ratio))
    made = QPixmap(side, side)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    if not name:
        return made
    renderer = QSvgRenderer(QByteArray(svg(name, ink, knock)))
    with QPainter(made) as painter:
        renderer.render(painter, QRectF(0, 0, size, size))
    return made


class _Engine(QIconEngine):
    """Draws an icon in a colour of the palette that is in force when it is painted."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def iconName(self) -> str:
        return self._name

    def key(self) -> str:
        return "bars-workbench"

    def clone(self) -> QIconEngine:
        return _engine(self._name)

    def _ink(self, mode: QIcon.Mode) -> str:
        theme = theme_for(QGuiApplication.palette())
        if mode == QIcon.Mode.Disabled:
            return theme.disabled
        return theme.tone(self._name).solid if self._name in STATUS else theme.text2

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        size = min(rect.width(), rect.height())
        shape = pixmap(self._name, self._ink(mode), size, painter.device().devicePixelRatioF())
        painter.drawPixmap(rect.x() + (rect.width() - size) // 2, rect.y() + (rect.height() - size) // 2, shape)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return pixmap(self._name, self._ink(mode), min(size.width(), size.height()), 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        return pixmap(self._name, self._ink(mode), min(size.width(), size.height()), scale)


_kept: list[_Engine] = []
"""Engines whose Python half must outlive the copies that Qt makes."""


def _engine(name: str) -> _Engine:
    made = _Engine(name)
    _kept.append(made)
    return made


@lru_cache(maxsize=256)
def icon(name: str) -> QIcon:
    """An icon that takes its colour from the palette when it is painted; its `name()` is the name.

    An empty name gives an empty icon. Raises KeyError when there is no such icon.
    """
    if not name:
        return QIcon()
    _drawing(name)
    return QIcon(_engine(name))
