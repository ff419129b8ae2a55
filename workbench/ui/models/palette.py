"""What the command palette finds: actions, conversations and services that hold the words typed, in groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

if TYPE_CHECKING:
    from collections.abc import Sequence

ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1
"""Gives the Entry itself."""
MOST = 6
"""Rows of one group."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: a heading when it has no key, else something that can be run."""

    title: str
    key: str = ""
    """`action:send`, `conversation:<id>`, `service:<id>`; empty for a heading."""
    note: str = ""
    icon: str = ""
    keys: tuple[str, ...] = ()
    """The shortcut, key by key."""
    hit: tuple[int, int] = (0, 0)
    """Start and length of what was typed within the title."""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates under one heading; `mark` is the letter that narrows the search to them."""

    title: str
    mark: str
    entries: tuple[Entry, ...]


def find(groups: Sequence[Group], typed: str) -> tuple[Entry, ...]:
    """Headings and rows for what was typed: every word must occur in title or note; the best comes first."""
    mark = typed[:1] if typed[:1] in {group.mark for group in groups} else ""
    words = typed[len(mark) :].lower().split()
    rows: list[Entry] = []
    best: tuple[int, Entry] | None = None
    kept: list[tuple[str, list[Entry]]] = []
    for group in groups:
        if mark and group.mark != mark:
            continue
        hits = [entry for entry in group.entries if entry.enabled and _fits(entry, words)]
        shown = [_marked(entry, words) for entry in hits[: None if mark else MOST]]
        kept.append((group.title, shown))
        for entry in shown:
            score = _score(entry, words)
            if words and (best is None or score > best[0]):
                best = (score, entry)
    if best is not None:
        rows += [Entry("Best match"), best[1]]
    for title, shown in kept:
        rest = [entry for entry in shown if best is None or entry.key != best[1].key]
        if rest:
            rows += [Entry(title), *rest]
    return tuple(rows)


def _fits(entry: Entry, words: Sequence[str]) -> bool:
    text = f"{entry.title} {entry.note}".lower()
    return all(word in text for word in words)


def _score(entry: Entry, words: Sequence[str]) -> int:
    title = entry.title.lower()
    return sum(3 * title.startswith(word) + 2 * (f" {word}" in title) + (word in title) for word in words)


def _marked(entry: Entry, words: Sequence[str]) -> Entry:
    if not words:
        return entry
    start = entry.title.lower().find(words[0])
    if start < 0:
        return entry
    hit = (start, len(words[0]))
    return Entry(entry.title, entry.key, entry.note, entry.icon, entry.keys, hit, entry.enabled)


class PaletteModel(QAbstractListModel):
    """The rows found; headings cannot be chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Entry, ...] = ()

    def show(self, rows: Sequence[Entry]) -> None:
        """Replace the rows."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def at(self, row: int) -> Entry:
        """The entry of a row."""
        return self._rows[row]

    def next_choice(self, row: int, step: int) -> int:
        """The next row that can be chosen in a direction, going round; -1 when there is none."""
        count = len(self._rows)
        for distance in range(1, count + 1):
            candidate = (row + step * distance) % count
            if self._rows[candidate].key:
                return candidate
        return -1

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        shown = Qt.ItemFlag.ItemIsEnabled
        return shown | Qt.ItemFlag.ItemIsSelectable if self._rows[index.row()].key else shown

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self._rows[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(part for part in (entry.title, entry.note, " ".join(entry.keys)) if part)
        return None
