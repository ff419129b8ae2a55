"""Runs of discovery calls shown as one row, and the tracks on which links run beside the lanes.

Works on rows that are laid out already; nothing here knows exchanges or pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.evidence.lanes import DISCOVERY, LaneKind, LaneRow, LaneTone

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

CAPABILITY_CHECK = "Capability check"
MOST_LANES = 5
"""So many links run beside each other; what is more shares the outermost lane."""
_NAMES = {"token": "token", "metadata": "metadata", "message-definition": "MessageDefinition"}
_WORST = (LaneTone.ERROR, LaneTone.UNKNOWN, LaneTone.WARNING, LaneTone.WAITING, LaneTone.NEUTRAL, LaneTone.OK)


def collapsed(rows: Sequence[LaneRow], opened: Collection[str] = ()) -> tuple[LaneRow, ...]:
    """The rows with every run of two or more discovery calls under one row.

    `opened` names runs by the exchange that any of their calls has: their calls stand under the row. Row numbers of
    `answers` are those of the rows given back.
    """
    shown: list[LaneRow] = []
    moved: dict[int, int] = {}
    place = 0
    while place < len(rows):
        run = _run(rows, place)
        if len(run) > 1:
            is_open = any(row.exchange in opened for row in run)
            moved.update(dict.fromkeys(range(place, place + len(run)), len(shown)))
            shown.append(_head(run, is_open=is_open))
            shown += [replace(row, inner=True) for row in run if is_open]
            place += len(run)
        else:
            moved[place] = len(shown)
            shown.append(rows[place])
            place += 1
    return tuple(row if row.answers < 0 else replace(row, answers=moved[row.answers]) for row in shown)


def _run(rows: Sequence[LaneRow], start: int) -> list[LaneRow]:
    """The discovery calls in one direction that follow each other from a row on."""
    run: list[LaneRow] = []
    for row in rows[start:]:
        if row.kind is not LaneKind.CHECK or row.operation not in DISCOVERY:
            break
        if row.from_sender is not rows[start].from_sender:
            break
        run.append(row)
    return run


def _head(run: Sequence[LaneRow], *, is_open: bool) -> LaneRow:
    """The one row of a run: what was asked, once each, and the worst that came back."""
    worst = min(run, key=lambda row: _WORST.index(row.tone))
    asked = ", ".join(dict.fromkeys(_NAMES[row.operation] for row in run))
    return replace(
        run[0],
        title=CAPABILITY_CHECK,
        detail=asked,
        exchange="" if is_open else worst.exchange,
        status="" if worst.tone is LaneTone.OK else worst.status,
        tone=worst.tone,
        took="",
        ident="",
        note="",
        members=tuple(row.exchange for row in run),
        opened=is_open,
    )


@dataclass(frozen=True, slots=True)
class Track:
    """A link drawn beside the lanes: the rows of the reply and of what it answers, and how far out it runs."""

    reply: int
    asked: int
    lane: int
    """0 is the innermost."""


def tracks(rows: Sequence[LaneRow]) -> tuple[Track, ...]:
    """The links of the rows, in the order of their replies; two that lie beside each other share a lane only where
    there are more than MOST_LANES."""
    links = [(number, row.answers) for number, row in enumerate(rows) if 0 <= row.answers < number]
    taken: list[list[tuple[int, int]]] = []
    lanes: dict[tuple[int, int], int] = {}
    for reply, asked in sorted(links, key=lambda link: (link[0] - link[1], link[0])):
        free = (n for n, spans in enumerate(taken) if all(reply <= low or asked >= high for low, high in spans))
        lane = next(free, min(len(taken), MOST_LANES - 1))
        if lane == len(taken):
            taken.append([])
        if lane < MOST_LANES - 1:
            taken[lane].append((asked, reply))
        lanes[reply, asked] = lane
    return tuple(Track(reply, asked, lanes[reply, asked]) for reply, asked in links)
