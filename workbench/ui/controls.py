"""How controls are drawn: buttons, fields, check boxes, tabs, heads, bars; functions of painter, option and theme.

The style decides which of them is asked; they read the properties `kind`, `tone`, `severity` and `arrow` of a widget.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QPlainTextEdit,
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionHeader,
    QStyleOptionProgressBar,
    QStyleOptionTab,
    QStyleOptionToolButton,
)

from workbench.ui import icons
from workbench.ui.theme import colour, font, scaled
from workbench.ui.widgets.painting import CENTRE, FIXED, LEFT, kept, rounded

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from workbench.ui.theme import Theme

_State = QStyle.StateFlag
RADIUS, FOCUS = 6, 2.0
ICON, ARROW, GAP, INDICATOR, INDICATOR_GAP = 16, 14, 6, 16, 8
"""Design pixels: icon and arrow of a button, room before its words; a check box, room before its words."""


class Look(NamedTuple):
    """Fill and edge of a button (empty for none), and the colour of its words."""

    fill: str
    edge: str
    ink: str


def word(widget: QWidget | None, name: str) -> str:
    """A property of a widget that holds a word; empty when it has none."""
    found = widget.property(name) if widget is not None else None
    return found if isinstance(found, str) else ""


def has_arrow(option: QStyleOptionToolButton, widget: QWidget | None) -> bool:
    """Whether a tool button opens a menu and shows it."""
    menu = bool(option.features & QStyleOptionToolButton.ToolButtonFeature.HasMenu)
    return menu or bool(widget is not None and widget.property("arrow"))


def by_keyboard(option: QStyleOption) -> bool:
    """Whether a control has the focus, and somebody moves about by keyboard."""
    both = _State.State_HasFocus | _State.State_KeyboardFocusChange
    return option.state & both == both


def button_look(option: QStyleOption, kind: str, theme: Theme) -> Look:
    """How a push button looks by its kind and state."""
    flat = kind in ("link", "ghost")
    if not option.state & _State.State_Enabled:
        return Look("" if flat else theme.sunken, "" if flat else theme.hairline, theme.disabled)
    near = bool(option.state & (_State.State_MouseOver | _State.State_Sunken))
    if kind == "primary":
        return Look(QColor(theme.accent).darker(112).name() if near else theme.accent, "", theme.on_accent)
    if kind == "danger":
        solid = theme.env_production.solid
        return Look(QColor(solid).darker(112).name() if near else solid, "", theme.env_production.on)
    if flat:
        return Look(theme.hover if near else "", "", theme.accent if kind == "link" else theme.text)
    return Look(theme.hover if near else theme.raised, theme.border, theme.text)


def tool_look(option: QStyleOption, kind: str, theme: Theme) -> Look:
    """How a tool button looks by its kind and state."""
    chosen = bool(option.state & _State.State_On)
    near = bool(option.state & (_State.State_MouseOver | _State.State_Sunken))
    if not option.state & _State.State_Enabled:
        return Look("", theme.hairline if kind in ("boxed", "filter") else "", theme.disabled)
    if kind == "nav":
        fill = theme.selected if chosen else theme.hover if near else ""
        return Look(fill, "", theme.accent if chosen else theme.text2)
    if kind == "segment":
        return Look(theme.chosen, theme.hairline, theme.text) if chosen else Look("", "", theme.text2)
    if kind == "filter":
        return Look(theme.accent_bg, theme.accent, theme.text) if chosen else Look("", theme.border, theme.text2)
    if kind == "boxed":
        return Look(theme.hover if near or chosen else theme.raised, theme.border, theme.text)
    return Look(theme.hover if near or chosen else "", "", theme.accent if chosen else theme.text2)


def _font(painter: QPainter, widget: QWidget | None, weight: QFont.Weight | None = None) -> QFont:
    shown = QFont(widget.font() if widget is not None else painter.font())
    if weight is not None:
        shown.setWeight(weight)
    return shown


def _words(painter: QPainter, place: QRect, text: str, ink: str, shown: QFont, align: Qt.AlignmentFlag) -> None:
    """One line of words without their mnemonic signs, elided where they do not fit."""
    plain = text.replace("&&", "\0").replace("&", "").replace("\0", "&")
    painter.setFont(shown)
    painter.setPen(colour(ink))
    fitting = QFontMetrics(shown).elidedText(plain, Qt.TextElideMode.ElideRight, max(0, place.width()))
    painter.drawText(place, align | Qt.TextFlag.TextSingleLine, fitting)


def _shape(painter: QPainter, icon: QIcon, ink: str, size: int, x: float, y: float) -> None:
    """An icon of ours in an ink, or anybody else's icon as it is."""
    name = icon.name()
    if name in icons.names():
        painter.drawPixmap(QPointF(x, y), icons.pixmap(name, ink, size, painter.device().devicePixelRatioF()))
    else:
        icon.paint(painter, QRect(round(x), round(y), size, size))


def _content(
    painter: QPainter, place: QRect, icon: QIcon, text: str, look: Look, shown: QFont, *, shape: str, arrow: bool
) -> None:
    """Icon, words and arrow in the middle of a button; the words give way when there is no room."""
    size, gap = scaled(ICON), scaled(GAP)
    plain = text.replace("&&", "\0").replace("&", "").replace("\0", "&")
    before = 0 if icon.isNull() else size + (gap if plain else 0)
    after = scaled(ARROW) + (gap // 2 if plain else 0) if arrow else 0
    metrics = QFontMetrics(shown)
    fitting = metrics.elidedText(plain, Qt.TextElideMode.ElideRight, max(0, place.width() - before - after - 2))
    wide = metrics.horizontalAdvance(fitting)
    x = place.x() + (place.width() - before - wide - after) / 2
    if not icon.isNull():
        _shape(painter, icon, shape, size, x, place.y() + (place.height() - size) / 2)
    if fitting:
        painter.setFont(shown)
        painter.setPen(colour(look.ink))
        painter.drawText(QRectF(x + before, place.y(), wide + 2, place.height()), LEFT, fitting)
    if arrow:
        tip = scaled(ARROW)
        drawn = icons.pixmap("down", look.ink, tip, painter.device().devicePixelRatioF())
        painter.drawPixmap(QPointF(x + before + wide + after - tip, place.y() + (place.height() - tip) / 2), drawn)


def focus_ring(painter: QPainter, place: QRectF | QRect, radius: float, ink: str) -> None:
    """The ring around what has the keyboard."""
    rounded(painter, place, radius, edge=ink, width=FOCUS)


def push_button(painter: QPainter, option: QStyleOption, widget: QWidget | None, theme: Theme) -> None:
    """Fill, edge and focus ring of a push button; on a filled one the ring is inside."""
    kind = word(widget, "kind")
    look = button_look(option, kind, theme)
    radius = scaled(RADIUS)
    rounded(painter, option.rect, radius, fill=look.fill, edge=look.edge)
    if by_keyboard(option):
        filled = kind in ("primary", "danger")
        place = option.rect.adjusted(2, 2, -2, -2) if filled else option.rect
        focus_ring(painter, place, radius - 2 if filled else radius, look.ink if filled else theme.accent)


def push_label(painter: QPainter, option: QStyleOptionButton, widget: QWidget | None, theme: Theme) -> None:
    """Icon and words of a push button."""
    look = button_look(option, word(widget, "kind"), theme)
    shown = _font(painter, widget)
    _content(painter, option.rect, option.icon, option.text, look, shown, shape=look.ink, arrow=False)


def tool_button(painter: QPainter, option: QStyleOptionToolButton, widget: QWidget | None, theme: Theme) -> None:
    """A whole tool button."""
    kind, place = word(widget, "kind"), option.rect
    chosen = bool(option.state & _State.State_On)
    look = tool_look(option, kind, theme)
    radius = place.height() / 2 if kind == "filter" else scaled(8 if kind == "nav" else RADIUS)
    ground = place.adjusted(2, 2, -2, -2) if kind == "segment" else place
    rounded(painter, ground, radius - 1 if kind == "segment" else radius, fill=look.fill, edge=look.edge)
    if kind == "nav" and chosen:
        _nav_bar(painter, place, theme)
    if by_keyboard(option):
        focus_ring(painter, ground, radius, theme.accent)
    heavy = chosen and kind in ("nav", "segment", "filter")
    shown = _font(painter, widget, QFont.Weight.DemiBold if heavy else None)
    tone = word(widget, "tone")
    shape = theme.tone(tone).solid if tone and option.state & _State.State_Enabled else look.ink
    if option.toolButtonStyle == Qt.ToolButtonStyle.ToolButtonTextUnderIcon:
        _stacked(painter, option, look, shown)
        return
    text = "" if option.toolButtonStyle == Qt.ToolButtonStyle.ToolButtonIconOnly else option.text
    icon = option.icon
    if option.features & QStyleOptionToolButton.ToolButtonFeature.Arrow:
        icon = icons.icon(_ARROWS.get(option.arrowType, "down"))
    arrow = has_arrow(option, widget)
    if kind == "nav" and not text:
        size = option.iconSize.width()
        x, y = place.x() + (place.width() - size) / 2, place.y() + (place.height() - size) / 2
        _shape(painter, icon, look.ink, size, x, y)
        return
    _content(painter, place, icon, text, look, shown, shape=shape, arrow=arrow)


_ARROWS = {
    Qt.ArrowType.UpArrow: "up",
    Qt.ArrowType.DownArrow: "down",
    Qt.ArrowType.LeftArrow: "left",
    Qt.ArrowType.RightArrow: "right",
}


def _nav_bar(painter: QPainter, place: QRect, theme: Theme) -> None:
    """The accent bar of the place in front, at its left edge."""
    inset = place.height() * 0.22
    bar = QRectF(place.x(), place.y() + inset, 3, place.height() - 2 * inset)
    rounded(painter, bar, 1.5, fill=theme.accent)


def _stacked(painter: QPainter, option: QStyleOptionToolButton, look: Look, shown: QFont) -> None:
    """Icon over words."""
    place, size = option.rect, option.iconSize.width()
    tall = QFontMetrics(shown).height()
    top = place.y() + (place.height() - size - scaled(2) - tall) / 2
    _shape(painter, option.icon, look.ink, size, place.x() + (place.width() - size) / 2, top)
    below = QRect(place.x(), round(top + size + scaled(2)), place.width(), tall)
    _words(painter, below, option.text, look.ink, shown, CENTRE)


def field(painter: QPainter, option: QStyleOption, widget: QWidget | None, theme: Theme) -> None:
    """Ground, edge and focus ring of anything to fill in."""
    severity = word(widget, "severity")
    possible = bool(option.state & _State.State_Enabled)
    fixed = not possible or word(widget, "kind") == FIXED
    fixed = fixed or (isinstance(widget, QLineEdit | QPlainTextEdit) and widget.isReadOnly())
    edge, width = (theme.hairline if fixed else theme.border), 1.0
    if severity:
        edge, width = theme.tone(severity).fg, 1.5
    if possible and option.state & _State.State_HasFocus:
        edge, width = (edge if severity else theme.accent), FOCUS
    rounded(painter, option.rect, scaled(RADIUS), fill=theme.sunken if fixed else theme.surface, edge=edge, width=width)


def field_arrow(painter: QPainter, option: QStyleOption, widget: QWidget | None, name: str, theme: Theme) -> None:
    """The sign at the right of a combo or a number; none where it is only to be read."""
    if word(widget, "kind") == FIXED:
        return
    size, place = scaled(ARROW), option.rect
    ink = theme.text2 if option.state & _State.State_Enabled else theme.disabled
    drawn = icons.pixmap(name, ink, size, painter.device().devicePixelRatioF())
    painter.drawPixmap(QPointF(place.right() - size - scaled(8), place.y() + (place.height() - size) / 2), drawn)


def combo_label(painter: QPainter, option: QStyleOptionComboBox, widget: QWidget | None, theme: Theme) -> None:
    """What a combo shows."""
    if option.editable:
        return
    ink = theme.text if option.state & _State.State_Enabled else theme.disabled
    room = option.rect.adjusted(scaled(10), 0, -scaled(26), 0)
    _words(painter, room, option.currentText, ink, _font(painter, widget), LEFT)


def indicator(painter: QPainter, option: QStyleOption, place: QRectF, theme: Theme, *, radio: bool) -> None:
    """The box of a check box or the ring of a radio button."""
    on = bool(option.state & (_State.State_On | _State.State_NoChange))
    possible = bool(option.state & _State.State_Enabled)
    radius = place.width() / 2 if radio else place.width() / 4
    fill = (theme.accent if possible else theme.disabled) if on else theme.surface if possible else theme.sunken
    edge = "" if on else theme.border if possible else theme.hairline
    rounded(painter, place, radius, fill=fill, edge=edge, width=1.2)
    if by_keyboard(option):
        focus_ring(painter, place.adjusted(-2, -2, 2, 2), radius + 2, theme.accent)
    if not on:
        return
    sign = theme.on_accent if possible else theme.surface
    with kept(painter):
        if radio:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(sign))
            painter.drawEllipse(place.center(), place.width() / 5, place.width() / 5)
            return
        pen = QPen(colour(sign), max(1.8, place.width() / 9))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        unit = place.width() / 16
        points = ((4.0, 8.0), (12.0, 8.0)) if option.state & _State.State_NoChange else _TICK
        painter.drawPolyline([QPointF(place.x() + dx * unit, place.y() + dy * unit) for dx, dy in points])


_TICK = ((4.0, 8.3), (7.0, 11.2), (12.0, 5.2))


def check_box(
    painter: QPainter, option: QStyleOptionButton, widget: QWidget | None, theme: Theme, *, radio: bool = False
) -> None:
    """A whole check box or radio button: it grows with the text."""
    place, size = option.rect, scaled(INDICATOR)
    box = QRectF(place.x() + 2, place.y() + (place.height() - size) / 2, size, size)
    indicator(painter, option, box, theme, radio=radio)
    ink = theme.text if option.state & _State.State_Enabled else theme.disabled
    room = place.adjusted(2 + size + scaled(INDICATOR_GAP), 0, 0, 0)
    _words(painter, room, option.text, ink, _font(painter, widget), LEFT)


def radio_button(painter: QPainter, option: QStyleOptionButton, widget: QWidget | None, theme: Theme) -> None:
    """A whole radio button."""
    check_box(painter, option, widget, theme, radio=True)


def tab_shape(painter: QPainter, option: QStyleOptionTab, widget: QWidget | None, theme: Theme) -> None:
    """The line under the tab in front, and the focus ring."""
    place, inset = QRectF(option.rect), scaled(6)
    if option.state & _State.State_Selected:
        line = QRectF(place.x() + inset, place.bottom() - 2.5, place.width() - 2 * inset, 2.5)
        rounded(painter, line, 1.2, fill=theme.accent)
    if by_keyboard(option):
        focus_ring(painter, place.adjusted(2, 3, -2, -4), scaled(4), theme.accent)


def tab_label(painter: QPainter, option: QStyleOptionTab, widget: QWidget | None, theme: Theme) -> None:
    """The words of a tab."""
    chosen = bool(option.state & _State.State_Selected)
    shown = _font(painter, widget, QFont.Weight.DemiBold if chosen else None)
    ink = theme.text if chosen else theme.text2
    _words(
        painter, option.rect, option.text, ink if option.state & _State.State_Enabled else theme.disabled, shown, CENTRE
    )


def head_section(painter: QPainter, option: QStyleOption, widget: QWidget | None, theme: Theme) -> None:
    """Ground of a table's head."""
    painter.fillRect(option.rect, colour(theme.sunken))
    line = QRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1)
    painter.fillRect(line, colour(theme.hairline))


def head_label(painter: QPainter, option: QStyleOptionHeader, widget: QWidget | None, theme: Theme) -> None:
    """Words of a table's head, at the side where the column's values stand."""
    right = bool(option.textAlignment & Qt.AlignmentFlag.AlignRight)
    inset = scaled(10) - 2  # Fusion hands over the section without a margin of 2
    room = option.rect.adjusted(inset, 0, -inset if right else 0, 0)
    side = Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
    _words(painter, room, option.text, theme.text3, font("caption", 600), side)


def splitter(painter: QPainter, option: QStyleOption, widget: QWidget | None, theme: Theme) -> None:
    """The line between two parts."""
    painter.fillRect(option.rect, colour(theme.hairline))


def progress_groove(painter: QPainter, option: QStyleOption, widget: QWidget | None, theme: Theme) -> None:
    """The empty part of a progress bar."""
    rounded(painter, option.rect, option.rect.height() / 2, fill=theme.hover)


def progress_fill(painter: QPainter, option: QStyleOptionProgressBar, widget: QWidget | None, theme: Theme) -> None:
    """What is done; a third in the middle while nobody knows how long it takes."""
    place, span = QRectF(option.rect), option.maximum - option.minimum
    start, share = (0.33, 0.34) if span <= 0 else (0.0, (option.progress - option.minimum) / span)
    done = QRectF(
        place.x() + place.width() * start, place.y(), place.width() * max(0.0, min(1.0, share)), place.height()
    )
    if done.width() >= 1:
        rounded(painter, done, done.height() / 2, fill=theme.accent)


def scroll_bar(painter: QPainter, option: QStyleOption, slider: QRect, theme: Theme, *, upright: bool) -> None:
    """The handle of a scroll bar, without a track."""
    near = bool(option.state & (_State.State_MouseOver | _State.State_Sunken))
    handle = QRectF(slider).adjusted(3, 2, -2, -2) if upright else QRectF(slider).adjusted(2, 3, -2, -2)
    radius = min(handle.width(), handle.height()) / 2
    rounded(painter, handle, radius, fill=theme.border if near else theme.lane)
