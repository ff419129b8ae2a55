"""Who points to whom, around one resource of the message: what leads to it above, what it leads to below.

It shows links and tells which end a person chose; it must not look for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.ui.text import plain_tip
from workbench.ui.theme import colour, scaled, theme_for
from workbench.ui.widgets import Card, Chip, Label, button, clear, column, row, scroll_area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.session.forming import Link, LinkMap

MOST = 40
"""Links on one side."""
LONGEST = 28
"""Characters of a name that are shown."""
_RAIL = 18


class _Ends(QWidget):
    """One side: a rail with an arrow to or from every end."""

    def __init__(self, leading_here: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._here = leading_here
        self.lines = QVBoxLayout(self)
        self.lines.setContentsMargins(scaled(_RAIL + 10), scaled(4), 0, scaled(4))
        self.lines.setSpacing(scaled(6))

    def paintEvent(self, event: QPaintEvent) -> None:
        ends = [item.widget() for n in range(self.lines.count()) if (item := self.lines.itemAt(n)) is not None]
        middles = [one.y() + one.height() / 2 for one in ends if one is not None]
        if not middles:
            return
        theme = theme_for(self.palette())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour(theme.lane), 1.5))
            rail, right = scaled(_RAIL) / 2, scaled(_RAIL + 6)
            top, bottom = (middles[0], float(self.height())) if self._here else (0.0, middles[-1])
            painter.drawLine(QPointF(rail, top), QPointF(rail, bottom))
            size = scaled(4)
            for middle, end in zip(middles, ends, strict=True):
                broken = end is not None and bool(end.property("broken"))
                ink = colour(theme.error.solid if broken else theme.lane)
                painter.setPen(QPen(ink, 1.5))
                painter.drawLine(QPointF(rail, middle), QPointF(right, middle))
                if not self._here:
                    painter.setBrush(ink)
                    tip = QPointF(right + size, middle)
                    painter.drawPolygon(
                        QPolygonF([tip, tip + QPointF(-2 * size, -size), tip + QPointF(-2 * size, size)])
                    )
            if self._here:
                ink = colour(theme.lane)
                painter.setPen(QPen(ink, 1.5))
                painter.setBrush(ink)
                tip = QPointF(rail, float(self.height()))
                painter.drawPolygon(QPolygonF([tip, tip + QPointF(-size, -2 * size), tip + QPointF(size, -2 * size)]))


class LinkGraph(QWidget):
    """`chosen(int)` carries the number of the entry at the other end of a link, `path_chosen(str)` the place of one
    that leads nowhere."""

    chosen = Signal(int)
    path_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("links")
        self._links: LinkMap | None = None
        self._entry: int | None = None
        self._to = _Ends(leading_here=True)
        self._from = _Ends(leading_here=False)
        self._name = Label("", weight=600, wrap=True)
        self._name.setObjectName("links-of")
        self._none_to = Label(self.tr("Nothing points to it"), step="caption", role="text3")
        self._none_from = Label(self.tr("It points to nothing"), step="caption", role="text3")
        inner = QWidget()
        inner.setLayout(
            column(
                Label(self.tr("Pointed to by"), step="caption", weight=600, role="text3"),
                self._none_to,
                self._to,
                Card(column(self._name, margins=(12, 8, 12, 8)), selected=True),
                8,
                Label(self.tr("Points to"), step="caption", weight=600, role="text3"),
                self._none_from,
                self._from,
                None,
                margins=(16, 12, 16, 12),
                spacing=4,
            )
        )
        self._inner = inner
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll_area(inner, role="surface"))
        self.setAccessibleName(self.tr("Links of the resource"))

    def show_links(self, links: LinkMap | None, entry: int | None) -> None:
        """Show what is around an entry; none where the message has no entries."""
        if links == self._links and entry == self._entry:
            return
        self._links, self._entry = links, entry
        names = {number: name for number, _, name in links.names} if links is not None else {}
        to, away = links.near(entry) if links is not None and entry is not None else ((), ())
        self._name.setText(names.get(entry, "") if entry is not None else "")
        self._inner.setVisible(entry is not None)
        self._fill(self._to, to, names, leading_here=True)
        self._fill(self._from, away, names, leading_here=False)
        self._none_to.setVisible(not to)
        self._none_from.setVisible(not away)

    def _fill(self, ends: _Ends, links: Sequence[Link], names: dict[int, str], *, leading_here: bool) -> None:
        clear(ends.lines)
        for link in links[:MOST]:
            ends.lines.addWidget(self._end(link, names, leading_here=leading_here))
        if len(links) > MOST:
            words = self.tr("{count} more").format(count=len(links) - MOST)
            ends.lines.addWidget(Label(words, step="caption", role="text3"))
        ends.setVisible(bool(links))
        ends.update()

    def _end(self, link: Link, names: dict[int, str], *, leading_here: bool) -> QWidget:
        other = link.source if leading_here else link.target
        name = names.get(other, link.value) if other is not None else link.value
        shown = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
        made = button(shown, kind="link", name="link-end")
        made.setToolTip(plain_tip(name))
        made.setAccessibleName(f"{link.words}: {name}")
        parts: list[object] = [Label(link.words, step="caption", role="text3")]
        if link.broken:
            parts.append(Chip(self.tr("not in this message"), "error"))
            made.clicked.connect(lambda: self.path_chosen.emit(link.path))
        elif other is None:
            parts.append(Label(self.tr("in an earlier message"), step="caption", role="text3"))
            made.clicked.connect(lambda: self.path_chosen.emit(link.path))
        else:
            made.clicked.connect(lambda: self.chosen.emit(other))
        box = QWidget()
        box.setProperty("broken", link.broken)
        box.setLayout(column(row(*parts, None, spacing=6), row(made, None), spacing=0))
        return box
