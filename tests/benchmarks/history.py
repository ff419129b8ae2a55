"""The timeline over a large history: opening, searching, appending, scrolling and filtering, and the memory it takes.

`history [--exchanges N]` makes the history once, in the user's cache (100,000 exchanges take some minutes). Times stand
beside what bare SQLite takes for the same question and a bare QTableView for the same scrolling. The interpreter's
turns are as long as with a window, which is where people look at a history.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.history_made import FAMILIES, made
from tests.benchmarks.standing import a_desk, longest_gap
from tests.benchmarks.watching import GapWatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QAbstractItemView

    from workbench.history import Indexer, Store
    from workbench.history.search import SearchIndex

EXCHANGES = 100_000
OPEN_S, SEARCH_MS, APPEND_MS, GAP_MS, MEMORY_MB = 1.0, 50.0, 20.0, 50.0, 150.0
APPENDED = 200
ROUNDS = 5


def percentile(values: list[float], part: float = 0.95) -> float:
    """The value below which so much of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def memory_mb() -> float:
    """What this process holds now, MB; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def questions(connection: sqlite3.Connection) -> list[str]:
    """What people type: a name letter by letter, ids pasted whole, fields, what every message holds, and mixtures."""
    dice = random.Random(7)
    asked = ["booking", "referral patient", "s", "qu", "mock", "999", "status:422", "rule:PAT-001 severity:error"]
    asked += ["env:int direction:in", "event:booking-request", "nothing-like-it", "uuid", "https", "20", "2026"]
    asked += ["status:422 mockford", "after:2026-03-01 quillby", "before:2026-01-06 booking", "before:2026-01-05"]
    for _ in range(6):
        name = f"{dice.choice(FAMILIES)}{dice.randrange(500)}".lower()
        asked += [name[:length] for length in range(1, len(name) + 1, 2)]
        asked += [f"{name} status:200", f"{name} mock referral"]
    ids = connection.execute("SELECT kind, value FROM correlation_key ORDER BY random() LIMIT 30").fetchall()
    asked += [value for _, value in ids]
    asked += [f"id:{value}" for _, value in ids[:5]] + [value[:8] for _, value in ids[:10]]
    return asked


async def measure(folder: Path) -> dict[str, float]:
    """Seconds and milliseconds of the history without a window."""
    from workbench.cli.opening import now
    from workbench.history import Indexer, Queries, Store
    from workbench.history.search import SearchIndex
    from workbench.history.wanted import read
    from workbench.messages import title_of

    path = folder / "history.db"
    found: dict[str, float] = {}
    held = memory_mb()
    started = time.perf_counter()
    store = Store.open(path, clock=now)
    queries = Queries(store, clock=now)
    rows = await queries.conversations()
    found["open s"] = time.perf_counter() - started
    try:
        index, today = SearchIndex(store, clock=now), now().date()
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as bare:
            asked = questions(bare)
            started = time.perf_counter()
            bare.execute("SELECT * FROM conversation ORDER BY last_activity DESC LIMIT 200").fetchall()
            found["bare page ms"] = (time.perf_counter() - started) * 1000
            ours, theirs, burnt = [], [], []
            slowest = ("", 0.0)
            for text in asked * ROUNDS:
                wanted = read(text, today=today)
                started, worked = time.perf_counter(), time.process_time()
                await index.page(wanted)
                burnt.append((time.process_time() - worked) * 1000)
                took = (time.perf_counter() - started) * 1000
                ours.append(took)
                slowest = max(slowest, (text, took), key=lambda one: one[1])
                sql = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT 800"
                if wanted.match:
                    started = time.perf_counter()
                    bare.execute(sql, (wanted.match,)).fetchall()
                    theirs.append((time.perf_counter() - started) * 1000)
        found["search ms"], found["bare search ms"] = percentile(ours), percentile(theirs)
        found["search processor ms"] = percentile(burnt)
        found["search median ms"] = percentile(ours, 0.5)
        print(f"  slowest search: {slowest[0]!r} in {slowest[1]:.0f} ms; {len(asked)} questions, {ROUNDS} rounds")
        await _append(store, Indexer(store, clock=now, title_of=title_of), index, found)
        assert rows
    finally:
        store.close()
    found["memory mb"] = memory_mb() - held
    return found


async def _append(store: Store, indexer: Indexer, index: SearchIndex, found: dict[str, float]) -> None:
    """Record messages as the journal does; half of them while the search index takes up each of them at once.

    The program has the index wait for a pause of a second (`session.searching`), so the budget is for the others.
    """
    from dataclasses import replace
    from uuid import uuid4

    from tests.builders import a_setting
    from tests.correlation.builders import an_exchange
    from workbench.cli.opening import now
    from workbench.compose import compose
    from workbench.history import HistoryJournal
    from workbench.history.purging import Purging
    from workbench.messages import parse
    from workbench.session.found_places import words_of

    journal = HistoryJournal(store, clock=now, ids=lambda: str(uuid4()), incoming=lambda _: None)  # type: ignore[arg-type,return-value]
    taken, meanwhile, bare, gone = [], [], [], []

    async def keep_up() -> None:
        while True:
            for due in await index.due(8):
                material = await index.material([due.seq])
                words = [await asyncio.to_thread(words_of, one) for one in material.values()]
                await index.put([(due, one) for one in words])
            await asyncio.sleep(0.005)

    beside = _bare(store.path.with_name("bare.db"))
    keeping: asyncio.Task[None] | None = None
    for number in range(2 * APPENDED):
        if number == APPENDED:
            keeping = asyncio.get_running_loop().create_task(keep_up(), name="the search index")
        source = compose("referral-full", a_setting(), now=now(), ids=lambda: str(uuid4())).source
        facts = parse(source).facts
        one = replace(an_exchange(str(uuid4()), body=source, answer=source), id=str(uuid4()))
        started = time.perf_counter()
        await journal.answered(one)
        row = await indexer.index(one, facts, facts)
        (meanwhile if keeping else taken).append((time.perf_counter() - started) * 1000)
        bare.append(await asyncio.to_thread(_bare_append, beside))
        gone.append(row.id)
    if keeping is not None:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
    beside.close()
    _remove(store.path.with_name("bare.db"))
    found["bare append ms"], found["bare append median ms"] = percentile(bare), percentile(bare, 0.5)
    found["append ms"], found["append median ms"] = percentile(taken), percentile(taken, 0.5)
    found["append while the index catches up ms"] = percentile(meanwhile)
    await Purging(store).delete(gone)


def _bare(path: Path) -> sqlite3.Connection:
    """A database of nothing but rows on the same disk, as safe as the history."""
    _remove(path)
    bare = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    bare.execute("PRAGMA journal_mode=WAL")
    bare.execute("PRAGMA synchronous=FULL")
    bare.execute("CREATE TABLE row (data BLOB)")
    return bare


def _bare_append(bare: sqlite3.Connection) -> float:
    """Milliseconds of the two commits that an exchange takes, of as many bytes; asked in turn with ours, for the disk
    is not equally fast all the time.
    """
    started = time.perf_counter()
    for size in (12_000, 2_000):
        bare.execute("INSERT INTO row VALUES (?)", (os.urandom(size),))
    return (time.perf_counter() - started) * 1000


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def window(folder: Path) -> dict[str, float]:
    """Milliseconds of the longest gaps of the window while a person scrolls, searches and filters, and its memory."""
    from PySide6.QtCore import QTimer

    from workbench.ui.context import PanelId

    found: dict[str, float] = {}
    with a_desk(str(folder)) as (desk, _):
        longest_gap(lambda: desk.session is not None)
        held = memory_mb()
        started = time.perf_counter()
        desk.window.to_panel(PanelId.TIMELINE)
        panel = desk.window.panel(PanelId.TIMELINE)
        model = panel._list.model  # type: ignore[attr-defined]
        view: QAbstractItemView = panel._list._list  # type: ignore[attr-defined]
        longest_gap(lambda: model.rowCount() > 0)
        found["window open s"] = time.perf_counter() - started
        with GapWatch() as watch:
            beat = QTimer(interval=1)
            beat.timeout.connect(watch.beat)
            beat.start()
            found["scroll gap ms"] = max(_scrolled(view, lambda: model.rowCount()) for _ in range(2))
            beat.stop()
        found["scroll gap less the time without a core ms"] = watch.longest_s * 1000
        print(f"  longest gap while scrolling:\n{watch.words()}")
        gaps = []
        for text in ("mock", "quillfeather", "status:422", ""):
            panel._list.search.field.setText(text)  # type: ignore[attr-defined]
            panel._list.search.searched.emit(text)  # type: ignore[attr-defined]
            settled = time.monotonic() + 0.4
            gaps.append(longest_gap(lambda settled=settled: time.monotonic() > settled))  # type: ignore[misc]
        found["filter gap ms"] = max(gaps)
        found["window memory mb"] = memory_mb() - held
    found["bare scroll gap ms"] = _bare_table()
    return found


def _scrolled(view: object, count: Callable[[], int], steps: int = 130) -> float:
    """The longest gap while a list is scrolled to its end again and again, as more of it comes."""
    bar = view.verticalScrollBar()  # type: ignore[attr-defined]
    worst = 0.0
    for _ in range(steps):
        bar.setValue(bar.maximum())
        until = time.monotonic() + 0.02
        worst = max(worst, longest_gap(lambda until=until: time.monotonic() > until))  # type: ignore[misc]
    assert count()
    bar.setValue(0)
    return worst


def _bare_table() -> float:
    from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
    from PySide6.QtWidgets import QTableView

    class Rows(QAbstractTableModel):
        def rowCount(self, parent: object = QModelIndex()) -> int:
            return 25_000

        def columnCount(self, parent: object = QModelIndex()) -> int:
            return 4

        def data(self, index: object, role: int = 0) -> object:
            return f"{index.row()} {index.column()}" if role == Qt.ItemDataRole.DisplayRole else None  # type: ignore[attr-defined]

    table, model = QTableView(), Rows()
    table.setModel(model)
    table.resize(340, 800)
    table.show()
    gap = _scrolled(table, model.rowCount)
    table.close()
    return gap


def main(words: list[str]) -> int:
    """Print every figure beside its budget; 0 where all hold."""
    parser = argparse.ArgumentParser(prog="history")
    parser.add_argument("--exchanges", type=int, default=EXCHANGES)
    given = parser.parse_args(words)
    from workbench.ui.housekeeping import TURN_S

    started = time.monotonic()
    folder = made(given.exchanges)
    took = time.monotonic() - started
    size = (folder / "history.db").stat().st_size / 1e6
    print(f"history of {given.exchanges} exchanges, {size:.0f} MB" + (f", made in {took:.0f} s" if took > 1 else ""))
    usual = sys.getswitchinterval()
    sys.setswitchinterval(TURN_S)
    found = asyncio.run(measure(folder))
    sys.setswitchinterval(usual)
    found |= window(folder)
    budgets = {
        "open s": OPEN_S,
        "window open s": OPEN_S,
        "search ms": SEARCH_MS,
        "append ms": APPEND_MS,
        "scroll gap ms": GAP_MS,
        "filter gap ms": GAP_MS,
        "memory mb": MEMORY_MB,
        "window memory mb": MEMORY_MB,
    }
    ratios = {"append ms": "bare append ms", "search ms": "bare search ms", "scroll gap ms": "bare scroll gap ms"}
    for name, value in found.items():
        line = f"  {name}: {value:.2f}"
        if name in budgets:
            line += f" (budget {budgets[name]:g}){'' if value <= budgets[name] else ', MISSED'}"
        if name in ratios:
            line += f", {value / max(found[ratios[name]], 0.01):.1f} times bare"
        print(line)
    return 0 if all(found[name] <= budget for name, budget in budgets.items()) else 1
