"""Exports of the timeline: what a conversation or one of its messages can be written as, and where to.

Reading and writing go on elsewhere, with their progress at the foot. People are masked unless somebody ticks otherwise.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QDialog, QWidget

from workbench.session.events import ExportProgress
from workbench.session.exporting import ExportForm, ExportOrder
from workbench.session.views import Tone
from workbench.ui.actions import ActionId
from workbench.ui.theme import scaled
from workbench.ui.widgets import Banner, Combo, Field, Label, button, check, column, row

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from workbench.session.events import SessionEvent
    from workbench.session.exporting import Exporting
    from workbench.ui.context import PanelContext

PNG = "png"
"""The one form that is drawn here: from the SVG of the lanes."""
SHARP = 2.0
"""Pixels of a PNG for each of the SVG."""
TALLEST = 16_000
"""Pixels of a PNG at most: a longer conversation is drawn smaller."""
_NOT_OF_NAMES = re.compile(r"[^a-z0-9]+")


class ExportDialog(QDialog):
    """`wanted(str, bool)` carries the form that was chosen, and whether people are to stay as they are."""

    wanted = Signal(str, bool)

    def __init__(self, parent: QWidget, title: str, *, whole: bool) -> None:
        super().__init__(parent)
        self.setObjectName("export-dialog")
        heading = self.tr("Export the conversation") if whole else self.tr("Export this message")
        self.setWindowTitle(heading)
        self._about = {
            "ticket": self.tr("One zip for a ticket: a page to read, the messages, findings, lanes and versions."),
            "har": self.tr("What browsers and proxies write; other tools open it."),
            "csv": self.tr("One row for each call, safe for spreadsheets."),
            "jsonl": self.tr("One line for each call, with headers, bodies and findings, for programs."),
            "svg": self.tr("The swim lanes as a picture that stays sharp at any size."),
            "png": self.tr("The swim lanes as a picture for documents and chats."),
            "mermaid": self.tr("The swim lanes as text for wikis that draw Mermaid."),
            "plantuml": self.tr("The swim lanes as text for PlantUML."),
        }
        words = (
            ("ticket", self.tr("Ticket pack (zip)")),
            ("har", self.tr("HTTP archive (HAR)")),
            ("csv", self.tr("Table (CSV)")),
            ("jsonl", self.tr("JSON lines")),
            ("svg", self.tr("Lanes as SVG")),
            (PNG, self.tr("Lanes as PNG")),
            ("mermaid", self.tr("Lanes as Mermaid")),
            ("plantuml", self.tr("Lanes as PlantUML")),
        )
        offered = [one for one in words if whole or not (one[0] == PNG or ExportForm(one[0]).of_lanes)]
        self._form = Combo(offered, "ticket")
        self._form.setObjectName("export-form")
        self._form.setAccessibleName(self.tr("Write it as"))
        self._words = Label("", step="caption", role="text2", wrap=True)
        self._bare = check(self.tr("Leave people as they are, unmasked"), name="export-unmasked")
        self._warning = Banner(
            "warning", self.tr("Personal data"), self.tr("The file will hold names, addresses and NHS numbers.")
        )
        self._warning.hide()
        save = button(self.tr("Save as..."), self._on_save, kind="primary", icon="download", name="export-save")
        leave = button(self.tr("Cancel"), self.reject, name="export-cancel")
        self.setLayout(
            column(
                Label(heading, step="heading", weight=600),
                Label(title, role="text2", wrap=True),
                Field(self.tr("Write it as"), self._form),
                self._words,
                self._bare,
                self._warning,
                row(None, leave, save),
                margins=(20, 16, 20, 16),
                spacing=10,
            )
        )
        self.setFixedWidth(scaled(460))
        self._form.chosen.connect(self._on_form)
        self._bare.toggled.connect(self._on_bare)
        self._on_form(self._form.value())

    def _on_form(self, form: str) -> None:
        self._words.setText(self._about[form])

    def _on_bare(self, ticked: bool) -> None:
        """Warn, with room for the warning."""
        self._warning.setVisible(ticked)
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.resize(self.width(), max(layout.totalHeightForWidth(self.width()), self.sizeHint().height()))

    def _on_save(self) -> None:
        self.wanted.emit(self._form.value(), self._bare.isChecked())


class ExportDesk(QObject):
    """`front` gives conversation, its title, exchange and its title: what stands in the timeline now."""

    def __init__(self, context: PanelContext, owner: QWidget, front: Callable[[], tuple[str, str, str, str]]) -> None:
        super().__init__(owner)
        self._context = context
        self._owner = owner
        self._front = front
        self._dialog: ExportDialog | None = None
        self._order = ("", "")
        self._title = ""
        self._path = ""
        self._running: Future[Any] | None = None
        context.actions[ActionId.EXPORT].triggered.connect(self._on_whole)
        context.actions[ActionId.EXPORT_MESSAGE].triggered.connect(self._on_one)

    def on_event(self, event: SessionEvent) -> None:
        """Follow the export that is under way."""
        if self._running is not None and isinstance(event, ExportProgress) and event.conversation == self._order[0]:
            self._say(self.tr("Exporting: {done} of {total}").format(done=event.done, total=event.total))

    def _on_whole(self) -> None:
        conversation, title, _, _ = self._front()
        self._open(conversation, "", title)

    def _on_one(self) -> None:
        conversation, _, exchange, title = self._front()
        self._open(conversation, exchange, title)

    def _open(self, conversation: str, exchange: str, title: str) -> None:
        if self._running is not None:
            self._context.go.toast(Tone.NOTE, self.tr("An export is under way: wait for it, or stop it at the foot."))
            return
        if not conversation:
            return
        self._order, self._title = (conversation, exchange), title
        self._dialog = ExportDialog(self._owner, title, whole=not exchange)
        self._dialog.wanted.connect(self._on_wanted)
        self._dialog.finished.connect(self._dialog.deleteLater)
        self._dialog.open()

    def _on_wanted(self, form: str, unmasked: bool) -> None:
        from workbench.ui.shell import dialogs

        ending = PNG if form == PNG else ExportForm(form).ending
        stem = _NOT_OF_NAMES.sub("-", self._title.lower()).strip("-")[:60] or "conversation"
        path = dialogs.ask_export(self._owner, f"{stem}.{ending}")
        if not path:
            return
        if self._dialog is not None:
            self._dialog.accept()
        self._path = path
        conversation, exchange = self._order
        wanted = ExportForm.SVG if form == PNG else ExportForm(form)
        order = ExportOrder(conversation, wanted, exchange, unmasked)
        exporting = self._context.session.exporting
        work = saved_picture(exporting, order, path) if form == PNG else exporting.save(order, path)
        self._running = self._context.bridge.submit(work, self._on_saved)
        self._say(self.tr("Exporting"))

    def _say(self, words: str) -> None:
        self._context.go.working(words, self._stop)

    def _stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self._running = None
            self._context.go.working("")
            self._context.go.toast(Tone.NOTE, self.tr("The export was stopped."))

    def _on_saved(self, _: object, error: BaseException | None) -> None:
        self._running = None
        self._context.go.working("")
        if error is not None:
            self._context.go.failed(error)
        else:
            self._context.go.toast(Tone.OK, self.tr("Written to {path}").format(path=self._path))


async def saved_picture(exporting: Exporting, order: ExportOrder, path: str) -> None:
    """Write the lanes as PNG; errors as `Exporting.save`."""
    svg = await exporting.content(order)
    await exporting.keep(path, await asyncio.to_thread(png_of, svg))


def png_of(svg: bytes) -> bytes:
    """A picture drawn at twice its size, smaller where it would be too tall; may be called in any thread."""
    renderer = QSvgRenderer(QByteArray(svg))
    size = renderer.defaultSize()
    if not renderer.isValid() or size.isEmpty():
        raise AssertionError("the lanes are drawn as an SVG that can be read")
    scale = min(SHARP, TALLEST / size.height())
    image = QImage(size * scale, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        renderer.render(painter)
    made = QByteArray()
    buffer = QBuffer(made)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(made.data())
