"""The Wire page of the inspector: what was sent and came back as text and bytes, how long each phase took, clocks, TLS.

Shows what an `ExchangeDetail` holds and decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from workbench.evidence.lanes import seconds_words
from workbench.ui.theme import colour, font, scaled, theme_for
from workbench.ui.widgets import Area, Facts, Label, Segments, column, row
from workbench.ui.widgets.painting import rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QPaintEvent

    from workbench.exchange import TlsFacts
    from workbench.session.views import ExchangeDetail

HEX_BYTES = 64 * 1024
"""Bytes of a body that are shown in hexadecimal; all are kept."""
_INKS = {
    "resolve": "neutral",
    "connect": "note",
    "tls": "unknown",
    "send": "warning",
    "wait": "waiting",
    "receive": "ok",
}


class TimingBar(QWidget):
    """The phases of a call one after the other, each as wide as it took long."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._phases: tuple[tuple[str, float], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_phases(self, phases: Sequence[tuple[str, float]], words: str) -> None:
        """Show phases (their ids with seconds) and what they are in words."""
        self._phases = tuple(phases)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setVisible(bool(phases))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(scaled(120), scaled(10))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            theme = theme_for(self.palette())
            rounded(painter, self.rect(), scaled(3), fill=theme.hover)
            total = sum(seconds for _, seconds in self._phases)
            least = scaled(2)
            room = self.width() - least * len(self._phases)
            x = 0.0
            for phase, seconds in self._phases:
                wide = least + (room * seconds / total if total else 0.0)
                painter.fillRect(QRectF(x, 0, wide, self.height()), colour(theme.tone(_INKS[phase]).solid))
                x += wide


class WirePage(QWidget):
    """The exact text of request and answer, with times, clocks and the secure connection."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("wire")
        self._texts = ("", "")
        self._bodies = (b"", b"")
        self._which = Segments([(self.tr("Request"), ""), (self.tr("Answer"), "")])
        self._how = Segments([(self.tr("Text"), ""), (self.tr("Bytes"), "")])
        self._how.setAccessibleName(self.tr("As text, or the body in hexadecimal"))
        self._bar = TimingBar()
        self._times = Label("", step="caption", role="text2", wrap=True)
        self._facts = Facts(label_width=76)
        self._text = QPlainTextEdit()
        self._text.setObjectName("wire-text")
        self._text.setReadOnly(True)
        self._text.setFont(font("code"))
        self._text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self._text.document().setDocumentMargin(scaled(12))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setAccessibleName(self.tr("What was on the wire"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = column(
            self._bar, self._times, self._facts, row(self._which, None, self._how), margins=(16, 10, 12, 8), spacing=6
        )
        layout.addWidget(Area(head, role="canvas", edges="b"))
        layout.addWidget(self._text, 1)
        self._which.chosen.connect(self._show)
        self._how.chosen.connect(self._show)

    def show_detail(self, detail: ExchangeDetail) -> None:
        """Show a leg."""
        self._texts = (detail.wire_request, detail.wire_response)
        answer = detail.exchange.response
        self._bodies = (detail.exchange.request.body, answer.body if answer is not None else b"")
        timing = detail.exchange.timing
        phases = (
            ("resolve", self.tr("look-up"), timing.resolve),
            ("connect", self.tr("connect"), timing.connect),
            ("tls", self.tr("TLS"), timing.tls),
            ("send", self.tr("send"), timing.send),
            ("wait", self.tr("wait"), timing.wait),
            ("receive", self.tr("receive"), timing.receive),
        )
        known = [(id, name, spent) for id, name, spent in phases if spent is not None]
        words = ", ".join(f"{name} {seconds_words(spent)}" for _, name, spent in known)
        self._bar.show_phases([(id, spent) for id, _, spent in known], words)
        self._times.setText(words or self.tr("No times were measured."))
        self._facts.show_facts(list(self._rows(detail)))
        self._show(0)

    def _rows(self, detail: ExchangeDetail) -> Iterator[tuple[str, str]]:
        """Sizes, the other side's clock, and the secure connection."""
        exchange = detail.exchange
        sizes = self.tr("{asked} asked, {answered} answered")
        yield (
            self.tr("Body"),
            sizes.format(asked=_bytes(len(self._bodies[0])), answered=_bytes(len(self._bodies[1]))),
        )
        if exchange.peer_date is not None:
            words = f"{exchange.peer_date.astimezone():%H:%M:%S}"
            if detail.skew_s:
                ahead = self.tr("ahead") if detail.skew_s > 0 else self.tr("behind")
                words += f", {abs(detail.skew_s):.0f} s {ahead}"
            yield self.tr("Their clock"), words
        if detail.dated:
            yield self.tr("Dated by"), detail.dated
        caller = exchange.request.peer
        tls = exchange.tls or (caller.tls if caller is not None else None)
        if tls is not None:
            yield from self._secure(tls)
        else:
            yield self.tr("Connection"), self.tr("not encrypted")

    def _secure(self, tls: TlsFacts) -> Iterator[tuple[str, str]]:
        yield self.tr("Connection"), f"{tls.version}, {tls.cipher}"
        words = tls.subject or self.tr("none was shown")
        yield self.tr("Certificate"), words if tls.verified else self.tr("{name}, not checked").format(name=words)
        if tls.issuer:
            yield self.tr("Issued by"), tls.issuer
        if tls.not_after is not None:
            yield self.tr("Valid until"), f"{tls.not_after.day} {tls.not_after:%b %Y}"

    def _show(self, _: int) -> None:
        place = self._which.current()
        if self._how.current() == 1:
            text = hex_lines(self._bodies[place])
            self._text.setPlainText(text or self.tr("There is no body."))
        else:
            self._text.setPlainText(self._texts[place] or self.tr("There is no answer."))


def hex_lines(body: bytes) -> str:
    """Bytes as lines of offset, 16 values and their ASCII signs; what is longer than HEX_BYTES ends with a count."""
    lines = []
    for start in range(0, min(len(body), HEX_BYTES), 16):
        part = body[start : start + 16]
        signs = "".join(chr(value) if 32 <= value < 127 else "." for value in part)
        lines.append(f"{start:06x}  {part.hex(' '):<47}  {signs}")
    if len(body) > HEX_BYTES:
        lines.append(f"({len(body) - HEX_BYTES} more bytes)")
    return "\n".join(lines)


def _bytes(count: int) -> str:
    return f"{count} byte" if count == 1 else f"{count:,} bytes"
