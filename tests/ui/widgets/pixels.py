"""What tests of widgets look at: the colours of a grab, in the light theme unless another is set."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QImage

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def image_of(widget: QWidget) -> QImage:
    """A grab of a widget at its size."""
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def colours(widget: QWidget) -> Counter[str]:
    """The colours of a widget's pixels (`#RRGGBB`) with how often they occur."""
    image = image_of(widget)
    counted = Counter(memoryview(image.constBits()).cast("I"))
    return Counter({f"#{value & 0xFFFFFF:06X}": count for value, count in counted.items()})


def at(widget: QWidget, x: int, y: int) -> str:
    """The colour of one pixel; negative places count from the right and the bottom."""
    image = image_of(widget)
    return image.pixelColor(x % image.width(), y % image.height()).name().upper()


def spoken(widget: QWidget) -> str:
    """What a screen reader calls a widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""
