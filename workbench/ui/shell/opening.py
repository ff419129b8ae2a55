"""What stands in the middle of the window until the workspace is open: nothing at first, then what takes so long."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.ui.theme import scaled
from workbench.ui.widgets import Area, Banner, Busy


class Opening(Area):
    """Says that the workspace is being opened once that takes longer than a moment, or why it cannot be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(role="canvas", parent=parent)
        self._busy = Busy(can_stop=False)
        self._busy.setFixedWidth(scaled(420))
        self._busy.hide()
        self._column = QVBoxLayout(self)
        self._column.addStretch(1)
        self._column.addWidget(self._busy, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)

    def begin(self) -> None:
        """The workspace is being opened."""
        self._busy.start(self.tr("Opening the workspace"))

    def show_problem(self, title: str, text: str) -> None:
        """It cannot be opened: what happened, and what to do."""
        self._busy.finish()
        banner = Banner("error", title, text)
        banner.setFixedWidth(scaled(620))
        banner.setObjectName("opening-problem")
        self._column.insertWidget(1, banner, 0, Qt.AlignmentFlag.AlignHCenter)
