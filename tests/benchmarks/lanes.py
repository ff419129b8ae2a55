"""The swim lanes of a conversation of 500 legs: how long one frame takes to paint while it scrolls from end to end.

One leg in three is an asynchronous reply tied to the request before it, one in four a refused attempt that was sent
again, and every fifth is a capability check. The bare list of the same rows as text is painted beside it.
"""

from __future__ import annotations

import os
import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QListView

    from workbench.evidence.lanes import Lanes

LEGS = 500
FRAME_MS = 16.0
WIDTH, HEIGHT = 700, 780
STEP = 40
"""Pixels by which each frame lies below the one before."""


def conversation(legs: int = LEGS) -> Lanes:
    """A conversation of so many legs, laid out as the window does it."""
    from workbench.correlation import Link
    from workbench.correlation.values import LinkKind, Strength
    from workbench.evidence.lanes import LaneTone, Leg, lay_out
    from workbench.exchange import Direction, Exchange, Request, Response, Timing
    from workbench.standard import default_profile

    began = datetime(2026, 10, 14, 10, 2, tzinfo=UTC)
    made, links, asked = [], [], ""
    for number in range(legs):
        reply, check, refused = number % 3 == 2, number % 5 == 0, number % 4 == 1
        operation = ("metadata", "message-definition")[number % 2] if check else "process-message"
        exchange = Exchange(
            f"leg {number}", number, Direction.IN if reply else Direction.OUT, "embedded", operation, default_profile(),
            Request("POST", "https://x/", (("X-Request-Id", f"{number - (not reply and number % 4 == 2)}"),)),
            Timing(began + timedelta(seconds=number * 25 + 40 * (number % 7)), wait=0.1 + number / 1000),
            response=Response(503 if refused else 200, "", (), b""),
        )  # fmt: skip
        made.append(Leg(exchange, f"999 to CAS: validation, number {number}", "asynchronous" if reply else ""))
        if reply and asked:
            links.append(Link(exchange.id, asked, LinkKind.REPLY, Strength.CERTAIN, "Quotes the Bundle id"))
        asked = exchange.id if not check and not reply else asked
    return lay_out(
        made, links, sender="NHS 111 Yorkshire", broker="Embedded sandbox", receiver="Northgate", ending="Complete.",
        ending_tone=LaneTone.OK, zone=UTC,
    )  # fmt: skip


def frames(view: QListView) -> list[float]:
    """Milliseconds that this thread works on every frame from the top to the bottom of a list, each painted whole."""
    from PySide6.QtGui import QPixmap

    bar, taken = view.verticalScrollBar(), []
    picture = QPixmap(view.viewport().size())
    for place in range(0, bar.maximum() + 1, STEP):
        bar.setValue(place)
        started = time.thread_time()
        view.viewport().render(picture)
        taken.append((time.thread_time() - started) * 1000)
    return taken


def run() -> bool:
    """Print the median and the worst frame; whether the worst holds the budget."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QStringListModel
    from PySide6.QtWidgets import QListView

    from workbench.app import application
    from workbench.ui.models.lanes import LaneModel
    from workbench.ui.widgets.lane_view import LaneView

    application()
    lanes = conversation()
    model = LaneModel()
    started = time.perf_counter()
    model.show(lanes.rows)
    shown = (time.perf_counter() - started) * 1000
    view, bare = LaneView(model), QListView()
    bare.setModel(QStringListModel([row.spoken for row in lanes.rows]))
    for one in (view, bare):
        one.resize(WIDTH, HEIGHT)
        one.show()
        one.grab()
    taken, plain = frames(view), frames(bare)
    print(
        f"lanes of {LEGS} legs: {len(taken)} frames of {WIDTH} x {HEIGHT}, median {statistics.median(taken):.1f} ms, "
        f"worst {max(taken):.1f} ms (budget {FRAME_MS:.0f}); a bare list of the same rows "
        f"{statistics.median(plain):.1f} ms; rows taken up in {shown:.0f} ms"
    )
    return max(taken) <= FRAME_MS


if __name__ == "__main__":
    run()
