"""Rows read straight out of the pages of a database file whose trees are broken: the leaves hold them whole.

Reads the file format of SQLite (sqlite.org/fileformat2.html, sections 1.3 to 1.6, 2.1 and 4.1) and asks SQLite for
nothing, so that a page that leads to others can be lost without them. Which table a row is of is told by its shape
alone. Must not know what rows mean.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Value = int | float | str | bytes | None

_LEAF = 0x0D
"""Kind of a page: leaf of a table with row ids."""
_HEADER = 100
"""Bytes before the first page proper."""
_USUAL = 4096
_WAL_HEADER, _FRAME_HEADER = 32, 24
_WHOLE_NUMBERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
"""Bytes of a whole number by its serial type."""
_REAL, _ZERO, _ONE, _VARIABLE = 7, 8, 9, 12
_KINDS: dict[str, type | tuple[type, ...]] = {"INTEGER": int, "TEXT": str, "BLOB": bytes, "REAL": (float, int)}
_ODD = (IndexError, ValueError, struct.error)
"""What reading a page that is no longer one raises."""


class Column(NamedTuple):
    """A column as the schema declares it."""

    name: str
    declared: str
    needed: bool
    """It is never null and has no default."""
    rowid: bool
    """It stands for the row id, and is stored as null."""


class Leaf(NamedTuple):
    """A row of a leaf."""

    rowid: int
    values: tuple[Value, ...]


def leaves(path: Path) -> Iterator[Leaf]:
    """Every row in every leaf of a file and of what its write-ahead log says of it; OSError where it cannot be read.

    A row that cannot be read whole is left out. A page that is in use no more may give rows as they were before.
    """
    data = path.read_bytes()
    size = int.from_bytes(data[16:18], "big")
    size = 65536 if size == 1 else size
    size = size if size >= 512 and size & (size - 1) == 0 else _USUAL
    pages = _Pages(data, size, data[20] if len(data) > _HEADER and data[20] < size // 8 else 0)
    pages.overlay(path.with_name(f"{path.name}-wal"))
    for number in range(2, pages.count + 1):  # the first holds the schema
        page = pages.page(number)
        if page[:1] == bytes([_LEAF]):
            yield from _rows(page, pages)


def fits(leaf: Leaf, columns: Sequence[Column]) -> dict[str, Value] | None:
    """The row as one of a table with these columns, by name; None where its shape is another.

    Columns that were added later may be missing at the end.
    """
    if len(leaf.values) > len(columns) or any(one.needed for one in columns[len(leaf.values) :]):
        return None
    row: dict[str, Value] = {}
    for column, value in zip(columns, leaf.values, strict=False):
        if column.rowid:
            value = leaf.rowid if value is None else value
        elif value is None and column.needed:
            return None
        if value is not None and not isinstance(value, _KINDS.get(column.declared, object)):
            return None
        row[column.name] = value
    return row


class _Pages:
    """The pages of a file by their numbers, from 1."""

    def __init__(self, data: bytes, size: int, reserved: int) -> None:
        self._data = data
        self._newer: dict[int, bytes] = {}
        self.size = size
        self.usable = size - reserved

    @property
    def count(self) -> int:
        return max(len(self._data) // self.size, *self._newer, 0)

    def overlay(self, wal: Path) -> None:
        """Let pages of a write-ahead log stand for those of the file, up to its last commit."""
        data = wal.read_bytes() if wal.exists() else b""
        salts, waiting = data[16:24], dict[int, bytes]()
        for at in range(_WAL_HEADER, len(data) - _FRAME_HEADER - self.size + 1, _FRAME_HEADER + self.size):
            number, committed = struct.unpack_from(">II", data, at)
            if data[at + 8 : at + 16] != salts:
                return
            waiting[number] = data[at + _FRAME_HEADER : at + _FRAME_HEADER + self.size]
            if committed:
                self._newer.update(waiting)
                waiting.clear()

    def page(self, number: int) -> bytes:
        """A page; empty where there is none of that number."""
        newer = self._newer.get(number)
        return newer if newer is not None else self._data[(number - 1) * self.size : number * self.size]

    def payload(self, page: bytes, at: int, length: int) -> bytes:
        """The content of a cell, from the pages it runs over to as well; ValueError where they do not give it whole."""
        most = self.usable - 35
        local = length
        if length > most:
            least = (self.usable - 12) * 32 // 255 - 23
            local = least + (length - least) % (self.usable - 4)
            local = local if local <= most else least
        found = bytearray(page[at : at + local])
        follow = int.from_bytes(page[at + local : at + local + 4], "big") if local < length else 0
        for _ in range(self.count):
            if len(found) >= length or not follow:
                break
            more = self.page(follow)
            found += more[4 : min(self.usable, 4 + length - len(found))]
            follow = int.from_bytes(more[:4], "big")
        if len(found) != length:
            raise ValueError("a cell is cut off")
        return bytes(found)


def _rows(page: bytes, pages: _Pages) -> Iterator[Leaf]:
    (cells,) = struct.unpack_from(">H", page, 3)
    for place in range(min(cells, len(page) // 4)):
        try:
            (at,) = struct.unpack_from(">H", page, 8 + 2 * place)
            length, at = _varint(page, at)
            rowid, at = _varint(page, at)
            if length > len(page) * pages.count:
                continue
            yield Leaf(_signed(rowid), _record(pages.payload(page, at, length)))
        except _ODD:
            continue  # this cell is damaged; its neighbours need not be


def _record(payload: bytes) -> tuple[Value, ...]:
    end, at = _varint(payload, 0)
    kinds = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if at != end:
        raise ValueError("the head of a record is cut off")
    values: list[Value] = []
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    if at != len(payload):
        raise ValueError("a record is longer than its head says")
    return tuple(values)


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, at
    if kind in (_ZERO, _ONE):
        return kind - _ZERO, at
    if kind == _REAL:
        return float(struct.unpack_from(">d", payload, at)[0]), at + 8
    if kind in _WHOLE_NUMBERS:
        end = at + _WHOLE_NUMBERS[kind]
        return int.from_bytes(payload[at:end], "big", signed=True), end
    if kind < _VARIABLE:
        raise ValueError("a value is of no kind that there is")
    end = at + (kind - _VARIABLE) // 2
    held = payload[at:end]
    return (held.decode() if kind % 2 else held), end


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for step in range(8):
        byte = data[at + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    return value << 8 | data[at + 8], at + 9


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value
