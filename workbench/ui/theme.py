"""Colours, type scale and lengths of the window: two themes, their palettes, and sizes that follow the system's font.

It knows values only; what is drawn with them is the business of `style` and `widgets`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Pair:
    """The colours of one status or environment, as `#RRGGBB`."""

    fg: str
    """Words and thin lines, on the tint and on every ground."""
    bg: str
    """The tint behind them."""
    solid: str
    """Shapes and filled badges."""
    on: str
    """Text and signs on `solid`."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Every colour of the window; a role that QPalette has is in `palette_for` too."""

    name: str
    canvas: str
    """Window, rail, bars, behind cards."""
    surface: str
    """Cards, lists, editors, fields."""
    sunken: str
    """Gutter, table head, read-only field."""
    raised: str
    """Buttons, command palette, toasts."""
    hover: str
    """Under the pointer, track of segments, empty progress."""
    selected: str
    """Chosen row, always with an accent bar."""
    chosen: str
    """The chosen segment."""
    text: str
    text2: str
    """Second line, icons."""
    text3: str
    """Captions, units."""
    disabled: str
    """What cannot be operated; never information."""
    hairline: str
    """Separators and card edges: decoration."""
    border: str
    """Edge of anything that can be operated."""
    accent: str
    """Primary, focus, current."""
    on_accent: str
    accent_bg: str
    """Tint of the accent: current line, chosen filter."""
    lane: str
    """Lifelines, resting scroll bar."""
    tooltip: str
    on_tooltip: str
    scrim: str
    """Over the window, under the command palette; `#AARRGGBB`."""
    error: Pair
    warning: Pair
    note: Pair
    ok: Pair
    waiting: Pair
    unknown: Pair
    neutral: Pair
    env_embedded: Pair
    env_sandbox: Pair
    env_int: Pair
    env_own: Pair
    env_production: Pair
    syn_key: str
    syn_str: str
    syn_num: str
    syn_kw: str
    syn_punct: str
    syn_url: str
    add_fg: str
    add_bg: str
    del_fg: str
    del_bg: str

    @property
    def dark(self) -> bool:
        """Whether it is the dark one."""
        return self.name == "dark"

    def role(self, name: str) -> str:
        """A plain colour by name, for example `text2` or `surface`."""
        value = getattr(self, name)
        if not isinstance(value, str):
            raise TypeError(f"{name} is not a plain colour of the theme: use tone() or environment()")
        return value

    def tone(self, name: str) -> Pair:
        """The colours of a status by name (a `Tone`, a `LaneTone`, or a status icon); neutral for anything else."""
        return {
            "error": self.error,
            "warning": self.warning,
            "note": self.note,
            "ok": self.ok,
            "waiting": self.waiting,
            "running": self.waiting,
            "unknown": self.unknown,
        }.get(name, self.neutral)

    def environment(self, id: str) -> Pair:
        """The colours of an environment by id; an id that is not one of ours is an own environment."""
        return {
            "embedded": self.env_embedded,
            "sandbox": self.env_sandbox,
            "int": self.env_int,
            "production": self.env_production,
        }.get(id, self.env_own)


_WHITE = "#FFFFFF"
_INK = "#14181D"

LIGHT: Final = Theme(
    name="light",
    canvas="#F2F4F7",
    surface=_WHITE,
    sunken="#F7F9FB",
    raised=_WHITE,
    hover="#E8ECF1",
    selected="#DDEAF8",
    chosen=_WHITE,
    text="#17202A",
    text2="#434F5C",
    text3="#586472",
    disabled="#8D97A3",
    hairline="#DCE1E7",
    border="#838E9B",
    accent="#005EB8",
    on_accent=_WHITE,
    accent_bg="#E4EFFA",
    lane="#C9D1DA",
    tooltip="#17202A",
    on_tooltip=_WHITE,
    scrim="#5A17202A",
    error=Pair("#A8201A", "#FBE9E8", "#B3261E", _WHITE),
    warning=Pair("#7A4300", "#FDF1DA", "#8F5000", _WHITE),
    note=Pair("#0A558F", "#E3F0FA", "#0A6AB0", _WHITE),
    ok=Pair("#0B6237", "#E2F3E9", "#0F7A45", _WHITE),
    waiting=Pair("#4338A0", "#ECEBFA", "#5247B8", _WHITE),
    unknown=Pair("#6B3F6E", "#F5EAF6", "#7E4A82", _WHITE),
    neutral=Pair("#434F5C", "#E9EDF1", "#586472", _WHITE),
    env_embedded=Pair("#075E5B", "#DDF1F0", "#0A716D", _WHITE),
    env_sandbox=Pair("#3A4F78", "#E6EBF5", "#4A6296", _WHITE),
    env_int=Pair("#7D2A6B", "#F8E8F4", "#96337F", _WHITE),
    env_own=Pair("#5A5215", "#F2EFD9", "#6C6319", _WHITE),
    env_production=Pair("#A8201A", "#FBE9E8", "#B3150D", _WHITE),
    syn_key="#0A558F",
    syn_str="#7A3E12",
    syn_num="#0B6237",
    syn_kw="#7D2A6B",
    syn_punct="#586472",
    syn_url="#434F8C",
    add_fg="#0B6237",
    add_bg="#DFF3E6",
    del_fg="#A8201A",
    del_bg="#FBE4E2",
)

DARK: Final = Theme(
    name="dark",
    canvas="#14181D",
    surface="#1B2026",
    sunken="#171B21",
    raised="#242A32",
    hover="#2A313A",
    selected="#1F3550",
    chosen="#3A434E",
    text="#E7ECF1",
    text2="#BBC5CF",
    text3="#9AA6B3",
    disabled="#6C7783",
    hairline="#2D343D",
    border="#75808D",
    accent="#6FB3FF",
    on_accent="#05203D",
    accent_bg="#1B2E45",
    lane="#3C4652",
    tooltip="#E7ECF1",
    on_tooltip=_INK,
    scrim="#99000000",
    error=Pair("#FF9A92", "#3A1D1D", "#FF8A80", _INK),
    warning=Pair("#F5BE62", "#352814", "#F0B24A", _INK),
    note=Pair("#7CC0F5", "#172C3D", "#6DB6F0", _INK),
    ok=Pair("#74D6A0", "#16301F", "#63CC92", _INK),
    waiting=Pair("#B5AEFF", "#282648", "#A79FFF", _INK),
    unknown=Pair("#DFA8E3", "#35223A", "#D698DB", _INK),
    neutral=Pair("#BBC5CF", "#2A313A", "#9AA6B3", _INK),
    env_embedded=Pair("#6AD3CC", "#12302F", "#55C7BF", _INK),
    env_sandbox=Pair("#A3BAE8", "#232D42", "#93ADE2", _INK),
    env_int=Pair("#F09ADB", "#3A1F35", "#EB8AD3", _INK),
    env_own=Pair("#D6CB74", "#302D17", "#CBBF60", _INK),
    env_production=Pair("#FF9A92", "#4A1613", "#CF3329", _WHITE),
    syn_key="#8CC8FF",
    syn_str="#E8B48A",
    syn_num="#7FDBA8",
    syn_kw="#EBA0DA",
    syn_punct="#9AA6B3",
    syn_url="#B9BEF5",
    add_fg="#74D6A0",
    add_bg="#16301F",
    del_fg="#FF9A92",
    del_bg="#3A1D1D",
)

THEMES: Final = (LIGHT, DARK)

_ROLES: Final = (
    (QPalette.ColorRole.Window, "canvas"),
    (QPalette.ColorRole.Base, "surface"),
    (QPalette.ColorRole.AlternateBase, "sunken"),
    (QPalette.ColorRole.Button, "raised"),
    (QPalette.ColorRole.Light, "raised"),
    (QPalette.ColorRole.Highlight, "selected"),
    (QPalette.ColorRole.Text, "text"),
    (QPalette.ColorRole.WindowText, "text"),
    (QPalette.ColorRole.ButtonText, "text"),
    (QPalette.ColorRole.HighlightedText, "text"),
    (QPalette.ColorRole.PlaceholderText, "text3"),
    (QPalette.ColorRole.Dark, "text3"),
    (QPalette.ColorRole.Midlight, "hairline"),
    (QPalette.ColorRole.Mid, "border"),
    (QPalette.ColorRole.Accent, "accent"),
    (QPalette.ColorRole.Link, "accent"),
    (QPalette.ColorRole.LinkVisited, "accent"),
    (QPalette.ColorRole.BrightText, "on_accent"),
    (QPalette.ColorRole.Shadow, "lane"),
    (QPalette.ColorRole.ToolTipBase, "tooltip"),
    (QPalette.ColorRole.ToolTipText, "on_tooltip"),
)
_DISABLED: Final = (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText)


def theme_for(palette: QPalette) -> Theme:
    """The theme that a palette belongs to, by the lightness of its Window colour."""
    return LIGHT if palette.color(QPalette.ColorRole.Window).lightness() >= 128 else DARK


def palette_for(theme: Theme) -> QPalette:
    """A theme as a palette."""
    palette = QPalette()
    for role, name in _ROLES:
        palette.setColor(role, QColor(theme.role(name)))
    for role in _DISABLED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.disabled))
    return palette


@lru_cache(maxsize=512)
def colour(value: str) -> QColor:
    """A colour of the theme (`#RRGGBB` or `#AARRGGBB`) for painting; shared, so do not change it."""
    return QColor(value)


# Type and lengths

RATIOS: Final = {
    "caption": 0.92,
    "body": 1.0,
    "lead": 1.15,
    "heading": 1.3,
    "title": 1.62,
    "display": 2.3,
    "code": 0.96,
}
"""Steps of the type scale as shares of the system's font."""
MONO_RATIO: Final = 0.96
SMALLEST_PT: Final = 8.0
"""A caption is never set in less than this; with a system font of 8.5 pt or less it has the size of the text."""
DESIGN_PX: Final = 13
"""Lengths of the design are given for a text of 13 px."""


class _Scale:
    """What was worked out for the application's present font; worked out anew when that changes."""

    def __init__(self) -> None:
        self._font: QFont | None = None
        self._factor = 1.0
        self._em = 16.0
        self._fonts: dict[tuple[str, int, bool], QFont] = {}

    def _check(self) -> None:
        now = QApplication.font()
        if self._font is not None and now == self._font:
            return
        self._font = now
        self._factor = QFontInfo(now).pixelSize() / DESIGN_PX
        if now.pointSizeF() > 0:
            screen = QApplication.primaryScreen()
            dots = screen.logicalDotsPerInchY() if screen is not None else 96.0
            self._factor = now.pointSizeF() * dots / 72 / DESIGN_PX
        self._em = QFontMetricsF(now).height()
        self._fonts.clear()

    def factor(self) -> float:
        """Present size of the text divided by that of the design."""
        self._check()
        return self._factor

    def em(self) -> float:
        """Height of a line of text, px."""
        self._check()
        return self._em

    def font(self, step: str, weight: int, mono: bool) -> QFont:
        """The font of a step."""
        self._check()
        key = (step, weight, mono)
        if (made := self._fonts.get(key)) is None:
            made = self._fonts[key] = self._make(step, weight, mono)
        return QFont(made)

    def _make(self, step: str, weight: int, mono: bool) -> QFont:
        system = self._font if self._font is not None else QApplication.font()
        mono = mono or step == "code"
        made = QFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)) if mono else QFont(system)
        ratio = RATIOS[step] * (MONO_RATIO if mono and step != "code" else 1.0)
        points = system.pointSizeF()
        if points > 0:
            floor = min(points, SMALLEST_PT) if points > 8.5 else points
            made.setPointSizeF(max(points * ratio, floor))
        else:
            made.setPixelSize(max(1, round(system.pixelSize() * ratio)))
        made.setWeight(QFont.Weight(weight))
        if not mono:
            made.setFeature(QFont.Tag("tnum"), 1)
        return made


_scale = _Scale()


def font(step: str = "body", weight: int = 400, *, mono: bool = False) -> QFont:
    """The font of a step of the type scale; weights are 400, 500 and 600; figures are of equal width."""
    return _scale.font(step, weight, mono)


def scaled(px: float) -> int:
    """A length of the design in pixels of the present text size; never less than 1 for a positive length."""
    length = round(px * _scale.factor())
    return max(1, length) if px > 0 else length


def em(widget: QWidget | None = None) -> float:
    """Height of a line of a widget's text, px (without a widget: of the application's); widths are compared in it."""
    return _scale.em() if widget is None else QFontMetricsF(widget.font()).height()


# Contrast


def luminance(value: str) -> float:
    """Relative luminance by WCAG 2, 0 to 1."""
    shade = QColor(value)
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (shade.redF(), shade.greenF(), shade.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(first: str, second: str) -> float:
    """Contrast by WCAG 2, 1 to 21."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def sign_on(ink: str) -> str:
    """White or near-black, whichever stands out more on a filled shape."""
    return max((_WHITE, _INK), key=lambda sign: contrast(sign, ink))


def statuses(theme: Theme) -> Iterator[tuple[str, Pair]]:
    """Every status and environment with its name."""
    for name in ("error", "warning", "note", "ok", "waiting", "unknown", "neutral"):
        yield name, theme.tone(name)
    for name in ("embedded", "sandbox", "int", "own", "production"):
        yield f"environment {name}", theme.environment(name)
