"""The swim lanes of a conversation as rows and links, ready to be drawn or written out.

Pure layout in words and order: where pixels go is the window's business, and nothing here reads a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from workbench.exchange import Direction, FailureKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, tzinfo

    from workbench.correlation import Link
    from workbench.exchange import Exchange

FOLD_AFTER = timedelta(seconds=60)
"""A longer gap between two legs is folded into one row that says how long it was."""


class LaneKind(StrEnum):
    """What a row draws."""

    DAY = "day"
    CHECK = "check"
    MESSAGE = "message"
    FOLD = "fold"
    END = "end"


class LaneTone(StrEnum):
    """How a row's answer is to be read; red is only for faults."""

    OK = "ok"
    ERROR = "error"
    WARNING = "warning"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class LaneHead:
    """Who stands at the top of a lane."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Leg:
    """One exchange of the conversation with its words."""

    exchange: Exchange
    title: str
    detail: str = ""
    """`asynchronous, case picked up`."""
    ident: str = ""
    """`case CAS-20871 planned`: what the answer told."""


@dataclass(frozen=True, slots=True)
class LaneRow:
    """One row: a leg with its answer, or what lies between legs."""

    kind: LaneKind
    title: str
    exchange: str = ""
    time: str = ""
    detail: str = ""
    from_sender: bool = True
    status: str = ""
    tone: LaneTone = LaneTone.OK
    took: str = ""
    ident: str = ""
    note: str = ""
    """Why it is tied to what it answers, in words."""
    note_tone: LaneTone = LaneTone.OK
    answers: int = -1
    """Row number of the leg it answers; -1 for none."""

    @property
    def spoken(self) -> str:
        """The row for a screen reader."""
        return ", ".join(
            part for part in (self.time, self.title, self.detail, self.status, self.took, self.note) if part
        )


@dataclass(frozen=True, slots=True)
class Lanes:
    """A conversation laid out: three heads and the rows under them."""

    sender: LaneHead
    broker: LaneHead
    receiver: LaneHead
    rows: tuple[LaneRow, ...]


def lay_out(
    legs: Sequence[Leg],
    links: Sequence[Link],
    *,
    sender: str,
    broker: str,
    receiver: str,
    ending: str,
    ending_tone: LaneTone,
    zone: tzinfo | None,
) -> Lanes:
    """Rows in true time order with gaps folded; `ending` closes the conversation when it is not empty.

    `zone` is the zone in which days and times are shown (None = the zone of this machine). The sender's lane belongs
    to whoever started: later legs in the same direction go from left to right, the others come back.
    """
    ordered = sorted(legs, key=lambda leg: (leg.exchange.timing.started, leg.exchange.id))
    replies = {link.child: link for link in links if link.kind.value == "reply"}
    first = next(
        (leg.exchange.direction for leg in ordered if leg.exchange.operation == "process-message"), Direction.OUT
    )
    rows: list[LaneRow] = []
    row_of: dict[str, int] = {}
    previous: datetime | None = None
    for leg in ordered:
        started = leg.exchange.timing.started
        rows.extend(_between(previous, started, zone))
        row_of[leg.exchange.id] = len(rows)
        rows.append(
            _leg_row(leg, first, replies.get(leg.exchange.id), row_of, {o.exchange.id: o for o in ordered}, zone)
        )
        previous = started
    if ending:
        rows.append(LaneRow(LaneKind.END, ending, tone=ending_tone))
    return Lanes(LaneHead("Sender", sender), LaneHead("BaRS", broker), LaneHead("Receiver", receiver), tuple(rows))


def _between(previous: datetime | None, started: datetime, zone: tzinfo | None) -> list[LaneRow]:
    """The day row of a new day and the fold of a long gap."""
    rows: list[LaneRow] = []
    local = started.astimezone(zone)
    if previous is not None and started - previous > FOLD_AFTER:
        rows.append(LaneRow(LaneKind.FOLD, f"{duration((started - previous).total_seconds())} later"))
    if previous is None or previous.astimezone(zone).date() != local.date():
        rows.append(LaneRow(LaneKind.DAY, f"{local:%A} {local.day} {local:%B %Y}"))
    return rows


def _leg_row(
    leg: Leg,
    first: Direction,
    reply: Link | None,
    row_of: Mapping[str, int],
    legs: Mapping[str, Leg],
    zone: tzinfo | None,
) -> LaneRow:
    exchange = leg.exchange
    status, tone = answer_words(exchange)
    message = exchange.operation == "process-message"
    detail = leg.detail
    if exchange.attempt > 1:
        detail = f"attempt {exchange.attempt}, same X-Request-Id"
    note, note_tone, answers = "", LaneTone.OK, -1
    if reply is not None and reply.parent in row_of:
        answers = row_of[reply.parent]
        asked = legs[reply.parent].exchange.timing.started.astimezone(zone)
        likely = reply.strength.value == "certain"
        note = f"answers {asked:%H:%M:%S}, {reply.reason[:1].lower()}{reply.reason[1:]}"
        note_tone = LaneTone.OK if likely else LaneTone.WARNING
    total = exchange.timing.total
    return LaneRow(
        kind=LaneKind.MESSAGE if message else LaneKind.CHECK,
        title=leg.title,
        exchange=exchange.id,
        time=f"{exchange.timing.started.astimezone(zone):%H:%M:%S}",
        detail=detail,
        from_sender=exchange.direction is first,
        status=status,
        tone=tone,
        took="" if total is None else seconds_words(total),
        ident=leg.ident,
        note=note,
        note_tone=note_tone,
        answers=answers,
    )


def answer_words(exchange: Exchange) -> tuple[str, LaneTone]:
    """What came back, in a word or two, and how to read it."""
    if exchange.response is not None and exchange.failure is None:
        status = exchange.response.status
        if exchange.response.ok:
            return (f"{status} accepted" if exchange.operation == "process-message" else f"{status}"), LaneTone.OK
        return f"{status} refused", LaneTone.ERROR
    failure = exchange.failure
    if failure is None:
        return "waiting", LaneTone.WAITING
    words = {
        FailureKind.NOT_SENT: ("not sent", LaneTone.ERROR),
        FailureKind.UNKNOWN: ("outcome unknown", LaneTone.UNKNOWN),
        FailureKind.CUT: ("answer cut", LaneTone.UNKNOWN),
        FailureKind.STOPPED: ("stopped", LaneTone.NEUTRAL),
        FailureKind.NOT_DELIVERED: ("answer not delivered", LaneTone.WARNING),
    }
    return words[failure.kind]


def seconds_words(seconds: float) -> str:
    """`94 ms`, `5.0 s`, `2 min 5 s`."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 60 else duration(seconds)


def duration(seconds: float) -> str:
    """`4 min 10 s`, `2 h 14 min`, `3 days 4 h`: the two largest units."""
    whole = round(seconds)
    units = ((whole // 86400, "day"), (whole % 86400 // 3600, "h"), (whole % 3600 // 60, "min"), (whole % 60, "s"))
    shown = [(n, unit) for n, unit in units if n][:2] or [(0, "s")]
    return " ".join(f"{n} {unit}s" if unit == "day" and n > 1 else f"{n} {unit}" for n, unit in shown)
