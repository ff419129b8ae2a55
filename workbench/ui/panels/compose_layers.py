"""The button that switches layers of findings on and off and sorts them, and the line that says what is not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from workbench.messages import Layer
from workbench.rules.help import layer_words
from workbench.rules.sifting import hidden_words
from workbench.ui.models.findings import Order, capital
from workbench.ui.widgets import Area, Label, button, row, tool

if TYPE_CHECKING:
    from collections.abc import Mapping


class LayersButton(QWidget):
    """`switched(object)` carries the layers that are off now, `ordered(str)` the Order that was chosen."""

    switched = Signal(object)
    ordered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._menu = QMenu(self)
        self._menu.setObjectName("layers-menu")
        self._layers: dict[Layer, QAction] = {}
        for layer in Layer:
            action = self._menu.addAction(layer_words(layer))
            action.setObjectName(f"layer-{layer.value}")
            action.setCheckable(True)
            action.setChecked(True)
            self._layers[layer] = action
            action.triggered.connect(self._on_switched)
        self._menu.addSeparator()
        orders = QActionGroup(self)
        for order, words in ((Order.PLACE, self.tr("Sort by place")), (Order.WORST, self.tr("Worst first"))):
            action = self._menu.addAction(words)
            action.setObjectName(f"order-{order.value}")
            action.setCheckable(True)
            action.setChecked(order is Order.PLACE)
            action.setData(order.value)
            orders.addAction(action)
        orders.triggered.connect(self._on_ordered)
        self._button = tool(self.tr("Layers"), "filter", kind="boxed", name="layers")
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._button.setMenu(self._menu)
        self.setLayout(row(self._button))

    def show_off(self, off: frozenset[Layer]) -> None:
        """Show which layers are off."""
        for layer, action in self._layers.items():
            action.setChecked(layer not in off)

    def _on_switched(self, _: bool) -> None:
        self.switched.emit(frozenset(layer for layer, action in self._layers.items() if not action.isChecked()))

    def _on_ordered(self, action: QAction) -> None:
        self.ordered.emit(str(action.data()))


class UnshownLine(Area):
    """What the list leaves out: `all_wanted` asks for every layer, `silenced_wanted` for what is silenced."""

    all_wanted = Signal()
    silenced_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(role="sunken", edges="b", parent=parent)
        self._hidden = Label("", step="caption", role="text2", elide=True, hug=True)
        self._hidden.setObjectName("hidden-layers")
        self._all = button(_tr("Show all layers"), self.all_wanted.emit, kind="link", name="show-all-layers")
        self._silenced = Label("", step="caption", role="text2", elide=True, hug=True)
        self._silenced.setObjectName("silenced-count")
        self._review = button(_tr("Review"), self.silenced_wanted.emit, kind="link", name="review-silenced")
        items = (self._hidden, self._all, self._silenced, self._review, None)
        self.setLayout(row(*items, margins=(16, 0, 16, 0), spacing=10))
        self.hide()

    def show_unshown(self, off: Mapping[Layer, int], silenced: int, service: str) -> None:
        """Say it, or take the line away where everything is shown."""
        self._hidden.show_text(capital(hidden_words(tuple(off.items()))))
        words = _tr("{count} silenced for {service}").format(count=silenced, service=service)
        self._silenced.show_text(words)
        for part in (self._hidden, self._all):
            part.setVisible(bool(off))
        for part in (self._silenced, self._review):
            part.setVisible(silenced > 0)
        self.setVisible(bool(off) or silenced > 0)


def _tr(text: str) -> str:
    return QCoreApplication.translate("UnshownLine", text)
