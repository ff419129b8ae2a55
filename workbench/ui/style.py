"""The one style: Fusion, drawn our way. It says how large controls are and which function of `controls` draws what.

It runs inside paint events, so it never raises: what goes wrong is logged once, and Fusion draws instead.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionComplex,
    QStyleOptionSlider,
    QStyleOptionTab,
    QStyleOptionToolButton,
    QWidget,
)

from workbench.ui import controls, icons
from workbench.ui.theme import scaled, theme_for
from workbench.ui.widgets.painting import kept

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)
_Control = QStyle.ControlElement
_Complex = QStyle.ComplexControl
_Primitive = QStyle.PrimitiveElement
_Contents = QStyle.ContentsType
_Sub = QStyle.SubControl

SCROLL_BAR, FIELD, BUTTON = 11, 14, 12
"""Design pixels: width of a scroll bar; what a field and a button are higher than their text."""

_CONTROLS: dict[QStyle.ControlElement, Callable[..., None]] = {
    _Control.CE_PushButtonLabel: controls.push_label,
    _Control.CE_CheckBox: controls.check_box,
    _Control.CE_RadioButton: controls.radio_button,
    _Control.CE_TabBarTabShape: controls.tab_shape,
    _Control.CE_TabBarTabLabel: controls.tab_label,
    _Control.CE_HeaderSection: controls.head_section,
    _Control.CE_HeaderEmptyArea: controls.head_section,
    _Control.CE_HeaderLabel: controls.head_label,
    _Control.CE_Splitter: controls.splitter,
    _Control.CE_ProgressBarGroove: controls.progress_groove,
    _Control.CE_ProgressBarContents: controls.progress_fill,
    _Control.CE_ComboBoxLabel: controls.combo_label,
}
_NOT_DRAWN = frozenset(
    {
        _Primitive.PE_FrameLineEdit,
        _Primitive.PE_FrameTabBarBase,
        _Primitive.PE_FrameTabWidget,
        _Primitive.PE_PanelStatusBar,
        _Primitive.PE_FrameStatusBarItem,
        _Primitive.PE_IndicatorToolBarSeparator,
        _Primitive.PE_PanelScrollAreaCorner,
    }
)


class WorkbenchStyle(QProxyStyle):
    """Fusion, drawn our way. Python must keep a reference to it as long as it is in use."""

    def __init__(self) -> None:
        super().__init__("Fusion")
        self._told: set[str] = set()

    def _failed(self, what: object) -> None:
        """Log the first failure of each kind; Fusion draws what could not be drawn."""
        if repr(what) not in self._told:
            self._told.add(repr(what))
            _log.exception("the style could not draw %r", what)

    def polish(self, thing: QWidget | QPalette | QApplication) -> None:  # type: ignore[override]
        """Give fields room between edge and text; the rest is Fusion's."""
        super().polish(thing)
        if isinstance(thing, QLineEdit) and thing.hasFrame() and thing.textMargins().isNull():
            inset = max(0, scaled(10) - 4)  # Fusion adds 4
            thing.setTextMargins(inset, 0, inset, 0)

    def standardIcon(
        self, icon: QStyle.StandardPixmap, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> QIcon:
        if icon == QStyle.StandardPixmap.SP_LineEditClearButton:
            return icons.icon("close")
        return super().standardIcon(icon, option, widget)

    # sizes

    def sizeFromContents(
        self, type: QStyle.ContentsType, option: QStyleOption, size: QSize, widget: QWidget | None = None
    ) -> QSize:
        found = super().sizeFromContents(type, option, size, widget)  # type: ignore[arg-type]
        if widget is None:
            return found
        try:
            return self._size(type, option, size, widget, found)
        except Exception:  # never out of a style
            self._failed(type)
            return found

    @staticmethod
    def _size(type: QStyle.ContentsType, option: QStyleOption, size: QSize, widget: QWidget, found: QSize) -> QSize:
        tall = widget.fontMetrics().height()
        if type == _Contents.CT_PushButton:
            edges = scaled(12 if controls.word(widget, "kind") == "link" else 24)
            return QSize(size.width() + edges, max(size.height(), tall) + scaled(BUTTON))
        if type == _Contents.CT_ToolButton and isinstance(option, QStyleOptionToolButton):
            return _tool_size(option, widget, tall)
        if type == _Contents.CT_ComboBox:
            return QSize(size.width() + scaled(40), tall + scaled(FIELD))
        if type == _Contents.CT_SpinBox:
            return QSize(size.width() + scaled(36), tall + scaled(FIELD))
        if type == _Contents.CT_LineEdit:
            return QSize(found.width(), tall + scaled(FIELD))
        if type in (_Contents.CT_CheckBox, _Contents.CT_RadioButton):
            box = scaled(controls.INDICATOR)
            return QSize(box + scaled(controls.INDICATOR_GAP) + size.width() + 6, max(tall, box) + scaled(4))
        if type == _Contents.CT_TabBarTab and isinstance(option, QStyleOptionTab):
            heavy = QFont(widget.font())
            heavy.setWeight(QFont.Weight.DemiBold)
            return QSize(QFontMetrics(heavy).horizontalAdvance(option.text) + scaled(20), tall + scaled(14))
        if type == _Contents.CT_ScrollBar:
            wide = scaled(SCROLL_BAR)
            upright = isinstance(option, QStyleOptionSlider) and option.orientation == Qt.Orientation.Vertical
            return QSize(wide, found.height()) if upright else QSize(found.width(), wide)
        if type == _Contents.CT_MenuItem and found.height() > scaled(BUTTON):
            return QSize(found.width() + scaled(16), max(found.height(), tall + scaled(BUTTON)))
        return found

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        try:
            if control == _Complex.CC_SpinBox:
                found = _spin_part(option.rect, part)
            elif control == _Complex.CC_ComboBox and part == _Sub.SC_ComboBoxEditField:
                found = option.rect.adjusted(scaled(8), 1, -scaled(26), -1)
            elif control == _Complex.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
                found = _scroll_part(option, part)
            else:
                found = None
        except Exception:  # never out of a style
            self._failed(control)
            found = None
        if found is not None:
            return found
        return super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]

    # drawing

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        try:
            with kept(painter):
                drawn = self._primitive(element, option, painter, widget)
        except Exception:  # never out of a style
            self._failed(element)
            drawn = False
        if not drawn:
            super().drawPrimitive(element, option, painter, widget)

    @staticmethod
    def _primitive(
        element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None
    ) -> bool:
        if element in _NOT_DRAWN:
            return True
        if element == _Primitive.PE_PanelLineEdit:
            inside = widget is not None and isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox)
            if not inside and not (isinstance(widget, QLineEdit) and not widget.hasFrame()):
                controls.field(painter, option, widget, theme_for(option.palette))
            return True
        if element == _Primitive.PE_Frame and controls.word(widget, "kind") == "lines":
            controls.field(painter, option, widget, theme_for(option.palette))
            return True
        if element == _Primitive.PE_PanelButtonCommand:
            controls.push_button(painter, option, widget, theme_for(option.palette))
            return True
        if element == _Primitive.PE_FrameFocusRect:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            if not chosen and not isinstance(widget, QAbstractButton):
                controls.focus_ring(painter, option.rect, scaled(4), theme_for(option.palette).accent)
            return True
        if element in (_Primitive.PE_IndicatorCheckBox, _Primitive.PE_IndicatorRadioButton):
            radio = element == _Primitive.PE_IndicatorRadioButton
            controls.indicator(painter, option, option.rect.toRectF(), theme_for(option.palette), radio=radio)
            return True
        return False

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        draw = _CONTROLS.get(element)
        if draw is not None:
            try:
                with kept(painter):
                    draw(painter, option, widget, theme_for(option.palette))
            except Exception:  # never out of a style
                self._failed(element)
            else:
                return
        super().drawControl(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        try:
            with kept(painter):
                drawn = self._complex(control, option, painter, widget)
        except Exception:  # never out of a style
            self._failed(control)
            drawn = False
        if not drawn:
            super().drawComplexControl(control, option, painter, widget)

    @staticmethod
    def _complex(control: QStyle.ComplexControl, option: Any, painter: QPainter, widget: QWidget | None) -> bool:
        theme = theme_for(option.palette)
        if control == _Complex.CC_ToolButton:
            controls.tool_button(painter, option, widget, theme)
        elif control in (_Complex.CC_ComboBox, _Complex.CC_SpinBox):
            controls.field(painter, option, widget, theme)
            sign = "down" if control == _Complex.CC_ComboBox else "updown"
            controls.field_arrow(painter, option, widget, sign, theme)
        elif control == _Complex.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            slider = _scroll_part(option, _Sub.SC_ScrollBarSlider)
            if slider is not None and option.maximum > option.minimum:
                upright = option.orientation == Qt.Orientation.Vertical
                controls.scroll_bar(painter, option, slider, theme, upright=upright)
        else:
            return False
        return True


def _tool_size(option: QStyleOptionToolButton, widget: QWidget, tall: int) -> QSize:
    """Icon, words and arrow with room around them; as high as a push button, so that they can stand in one row."""
    high = tall + scaled(BUTTON)
    icon = 0 if option.icon.isNull() else scaled(controls.ICON)
    text = "" if option.toolButtonStyle == Qt.ToolButtonStyle.ToolButtonIconOnly else option.text
    if option.toolButtonStyle == Qt.ToolButtonStyle.ToolButtonTextUnderIcon:
        wide = max(option.iconSize.width(), widget.fontMetrics().horizontalAdvance(text))
        return QSize(wide + scaled(16), option.iconSize.height() + tall + scaled(14))
    arrow = (
        scaled(controls.ARROW) + (scaled(controls.GAP) // 2 if text else 0) if controls.has_arrow(option, widget) else 0
    )
    if not text:
        return QSize(max(high, icon + arrow + scaled(BUTTON)), high)
    heavy = QFont(widget.font())
    heavy.setWeight(QFont.Weight.DemiBold)
    words = QFontMetrics(heavy).horizontalAdvance(text.replace("&", ""))
    return QSize(words + (icon + scaled(controls.GAP) if icon else 0) + arrow + scaled(22), high)


def _spin_part(box: QRect, part: QStyle.SubControl) -> QRect | None:
    """Where the parts of a number field are."""
    wide = scaled(26)
    if part == _Sub.SC_SpinBoxEditField:
        return box.adjusted(scaled(8), 1, -wide, -1)
    half = box.height() // 2
    if part == _Sub.SC_SpinBoxUp:
        return QRect(box.right() - wide + 1, box.y(), wide, half)
    if part == _Sub.SC_SpinBoxDown:
        return QRect(box.right() - wide + 1, box.y() + half, wide, box.height() - half)
    return None


def _scroll_part(option: QStyleOptionSlider, part: QStyle.SubControl) -> QRect | None:
    """Where the parts of a scroll bar are: a handle, and nothing at the ends."""
    box, upright = option.rect, option.orientation == Qt.Orientation.Vertical
    length = box.height() if upright else box.width()
    span = option.maximum - option.minimum
    handle, start = length, 0
    if span > 0:
        share = length * option.pageStep // max(1, span + option.pageStep)
        handle = min(length, max(scaled(28), share))
        start = (length - handle) * (option.sliderPosition - option.minimum) // span
    places = {
        _Sub.SC_ScrollBarGroove: (0, length),
        _Sub.SC_ScrollBarSlider: (start, handle),
        _Sub.SC_ScrollBarSubPage: (0, start),
        _Sub.SC_ScrollBarAddPage: (start + handle, length - start - handle),
        _Sub.SC_ScrollBarSubLine: (0, 0),
        _Sub.SC_ScrollBarAddLine: (length, 0),
    }
    if (found := places.get(part)) is None:
        return None
    first, long = found
    return (
        QRect(box.x(), box.y() + first, box.width(), long)
        if upright
        else QRect(box.x() + first, box.y(), long, box.height())
    )
