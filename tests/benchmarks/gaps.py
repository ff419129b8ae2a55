"""A 5 MB message judged in the window: how long the window stands still meanwhile, and how long the verdict takes."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from uuid import uuid4

from tests.benchmarks.standing import a_desk, longest_gap

SIZE = 5_000_000
GAP_MS, VERDICT_S, CANCEL_MS = 50.0, 3.0, 200.0


def large_text(size: int = SIZE) -> str:
    """A referral whose entries are there again and again until it is so long."""
    from tests.builders import a_setting
    from workbench.compose import compose

    made = compose("referral-full", a_setting(), now=datetime(2026, 11, 24, 9, tzinfo=UTC), ids=lambda: str(uuid4()))
    bundle = json.loads(made.source)
    first, length = list(bundle["entry"]), len(made.text)
    while length < size:
        for entry in first[1:]:
            bundle["entry"].append({**entry, "fullUrl": f"urn:uuid:{uuid4()}"})
            length += len(json.dumps(entry, indent=2)) * 21 // 20
    return json.dumps(bundle, indent=2)


def run() -> bool:
    """Print the longest gap, the time of the verdict and that of giving one up; whether the budgets hold."""
    from workbench.ui.context import PanelId
    from workbench.ui.widgets.code_editor import CodeEditor

    with a_desk() as (desk, home):
        desk.window.to_panel(PanelId.COMPOSE)
        file = f"{home}/large.json"
        with open(file, "w", encoding="utf-8") as out:
            out.write(large_text())
        panel = desk.window.panel(PanelId.COMPOSE)
        desk.window.open_files([file])
        longest_gap(lambda: panel._verdict is not None)  # type: ignore[attr-defined]
        editor = panel.findChild(CodeEditor, "source")
        assert editor is not None
        editor.insertPlainText(" ")
        started = time.monotonic()
        panel._verdict = None  # type: ignore[attr-defined]
        gap = longest_gap(lambda: panel._verdict is not None)  # type: ignore[attr-defined]
        took = time.monotonic() - started
        editor.insertPlainText(" ")
        longest_gap(lambda: panel._judging is not None)  # type: ignore[attr-defined]
        older = panel._judging  # type: ignore[attr-defined]
        began = time.monotonic()
        editor.insertPlainText(" ")
        longest_gap(older.done)
        gone = (time.monotonic() - began) * 1000
    print(
        f"5 MB message: longest gap {gap:.0f} ms (budget {GAP_MS:.0f}), verdict {took:.1f} s (budget {VERDICT_S:.0f}), "
        f"given up within {gone:.0f} ms (budget {CANCEL_MS:.0f})"
    )
    return gap <= GAP_MS and took <= VERDICT_S and gone <= CANCEL_MS


if __name__ == "__main__":
    sys.exit(0 if run() else 1)
