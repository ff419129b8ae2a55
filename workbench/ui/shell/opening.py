"""What stands in the middle of the window until the workspace is open: nothing at first, then what takes so long.

Where that is the system keyring, which may be asking in a window that nobody sees, a person can go on without it.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.ui.theme import scaled
from workbench.ui.widgets import Area, Banner, Busy, Label, button, column, row

KEYRING_LATE_MS = 1000
"""A keyring that is open already answers sooner: then nothing is said of it."""


class Opening(Area):
    """Says that the workspace is being opened once that takes longer than a moment, or why it cannot be.

    `keyring_refused` fires when a person waits no longer for the system keyring.
    """

    keyring_refused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(role="canvas", parent=parent)
        self._busy = Busy(can_stop=False)
        self._busy.setFixedWidth(scaled(420))
        self._busy.hide()
        self._keyring = QWidget()
        self._keyring.setFixedWidth(scaled(420))
        self._words = Label("", role="text2", wrap=True)
        self._go_on = button(self.tr("Go on without the keyring"), self._on_go_on, name="opening-go-on")
        self._keyring.setLayout(column(self._words, row(self._go_on, None), margins=(0, 16, 0, 0), spacing=12))
        self._keyring.hide()
        self._late = QTimer(self, singleShot=True, interval=KEYRING_LATE_MS)
        self._late.timeout.connect(self._keyring.show)
        self._column = QVBoxLayout(self)
        self._column.addStretch(1)
        self._column.addWidget(self._busy, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addLayout(row(None, self._keyring, None))  # an alignment would cut words that are wrapped
        self._column.addStretch(1)

    def begin(self) -> None:
        """The workspace is being opened."""
        self._busy.start(self.tr("Opening the workspace"))

    def wait_for_keyring(self, on: bool) -> None:
        """Opening waits for the system keyring, or does so no more."""
        self._go_on.setEnabled(on)
        if not on:
            self._late.stop()
            self._keyring.hide()
            return
        self._words.setText(
            self.tr(
                "The system keyring has not given out the lock of the keys yet. It may be asking for your password in a"
                " window of its own. Without it the keys stay locked until you open them in Keys."
            )
        )
        self._late.start()

    def show_problem(self, title: str, text: str) -> None:
        """It cannot be opened: what happened, and what to do."""
        self._busy.finish()
        self.wait_for_keyring(False)
        banner = Banner("error", title, text)
        banner.setFixedWidth(scaled(620))
        banner.setObjectName("opening-problem")
        self._column.insertLayout(1, row(None, banner, None))

    def _on_go_on(self) -> None:
        self._go_on.setEnabled(False)
        self.keyring_refused.emit()
