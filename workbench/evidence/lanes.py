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
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, tzinfo

    from workbench.correlation import Link
    from workbench.exchange import Exchange

FOLD_AFTER = timedelta(seconds=60)
"""A longer gap between two legs is folded into one row that says how long it was."""
DISCOVERY = ("token", "metadata", "message-definition")
"""Calls that find out whether a message may be sent; a run of them can be shown as one row."""
_STATUS_WORDS = {
    408: "timed out",
    429: "too many requests",
    500: "failed",
    502: "bad gateway",
    503: "unavailable",
    504: "timed out",
}


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
    operation: str = ""
    """What kind of call it is; empty for what lies between legs."""
    members: tuple[str, ...] = ()
    """For the one row of a run of calls: their exchanges."""
    opened: bool = False
    """Whether the calls of the run stand under it."""
    inner: bool = False
    """Whether it is a call of an opened run."""

    @property
    def spoken(self) -> str:
        """The row for a screen reader."""
        run = ""
        if self.members:
            run = f"{len(self.members)} calls, {'expanded' if self.opened else 'collapsed'}"
        parts = (self.time, self.title, self.detail, self.status, self.took, self.ident, self.note, run)
        return ", ".join(part for part in parts if part)

    @property
    def tip(self) -> str:
        """Everything it says, a line each; empty for what lies between legs."""
        if not self.exchange and not self.members:
            return ""
        asked = ": ".join(part for part in (self.title, self.detail) if part)
        answered = ", ".join(part for part in (self.status, self.took) if part)
        lines = (f"{self.time} {asked}", answered, self.ident, self.note)
        return "\n".join(line.strip() for line in lines if line.strip())


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
    begun: Direction | None = None,
) -> Lanes:
    """Rows in true time order with gaps folded; `ending` closes the conversation when it is not empty.

    `zone` is the zone in which days and times are shown (None = the zone of this machine). The sender's lane belongs
    to whoever sent the leg that a conversation is about, of the direction `begun` (None = that of its first message):
    legs in the same direction go from left to right, the others come back, though one of them may be earlier.
    """
    ordered = sorted(legs, key=lambda leg: (leg.exchange.timing.started, leg.exchange.id))
    first = begun or next(
        (leg.exchange.direction for leg in ordered if leg.exchange.operation == "process-message"), Direction.OUT
    )
    page = _Page({leg.exchange.id: leg for leg in ordered}, first, zone, links)
    rows: list[LaneRow] = []
    previous: datetime | None = None
    for leg in ordered:
        started = leg.exchange.timing.started
        rows.extend(_between(previous, started, zone))
        page.row_of[leg.exchange.id] = len(rows)
        rows.append(page.row(leg))
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


class _Page:
    """What the rows of one conversation are made from."""

    def __init__(self, legs: Mapping[str, Leg], first: Direction, zone: tzinfo | None, links: Sequence[Link]) -> None:
        self._legs = legs
        self._first = first
        self._zone = zone
        self._replies = {link.child: link for link in links if link.kind.value == "reply"}
        self._doubts: dict[str, Link] = {}
        for link in links:
            if link.strength.value == "weak":
                self._doubts.setdefault(link.child, link)
        self._attempts, self._taken = _attempts(legs.values())
        self.row_of: dict[str, int] = {}
        """Row number of every leg that has a row already."""

    def row(self, leg: Leg) -> LaneRow:
        """The row of a leg."""
        exchange = leg.exchange
        status, tone = answer_words(exchange)
        message = exchange.operation == "process-message"
        note, note_tone, answers = self._note(exchange)
        total = exchange.timing.total
        return LaneRow(
            kind=LaneKind.MESSAGE if message else LaneKind.CHECK,
            title=leg.title,
            exchange=exchange.id,
            time=self._clock(exchange),
            detail=self._attempts.get(exchange.id) or leg.detail,
            from_sender=exchange.direction is self._first,
            status=status,
            tone=tone,
            took="" if total is None else seconds_words(total),
            ident=leg.ident,
            note=note,
            note_tone=note_tone,
            answers=answers,
            operation=exchange.operation,
        )

    def _note(self, exchange: Exchange) -> tuple[str, LaneTone, int]:
        """Why it is tied to what it answers, how to read that, and the row of what it answers."""
        reply, doubt = self._replies.get(exchange.id), self._doubts.get(exchange.id)
        if reply is not None and reply.parent in self.row_of:
            asked = self._taken.get(reply.parent, "")
            asked = asked if asked in self.row_of else reply.parent
            words = f"answers {self._clock(self._legs[asked].exchange)}, {_lowered(reply.reason)}"
            tone = LaneTone.OK if reply.strength.value == "certain" else LaneTone.WARNING
            return words, tone, self.row_of[asked]
        if doubt is not None and doubt.parent in self.row_of:
            words = f"not sure: {_lowered(doubt.reason)}, as {self._clock(self._legs[doubt.parent].exchange)}"
            return words, LaneTone.WARNING, -1
        return "", LaneTone.OK, -1

    def _clock(self, exchange: Exchange) -> str:
        return f"{exchange.timing.started.astimezone(self._zone):%H:%M:%S}"


def _attempts(legs: Iterable[Leg]) -> tuple[dict[str, str], dict[str, str]]:
    """`attempt 1 of 2` and `attempt 2, same X-Request-Id` of what was sent more than once with the same ids; and for
    each of these exchanges the attempt that was accepted, which is the one that is answered."""
    groups: dict[tuple[Direction, str], list[Exchange]] = {}
    words: dict[str, str] = {}
    taken: dict[str, str] = {}
    for leg in legs:
        exchange = leg.exchange
        if exchange.attempt > 1:
            words[exchange.id] = f"attempt {exchange.attempt}, same X-Request-Id"
        sent_as = exchange.request.header("X-Request-Id")
        if sent_as and exchange.operation == "process-message":
            groups.setdefault((exchange.direction, sent_as), []).append(exchange)
    for group in groups.values():
        for number, exchange in enumerate(group, 1):
            if len(group) > 1:
                again = f"attempt {number}, same X-Request-Id"
                words[exchange.id] = f"attempt 1 of {len(group)}" if number == 1 else again
        accepted = next((one.id for one in group if one.response is not None and one.response.ok), "")
        taken.update({exchange.id: accepted for exchange in group if accepted})
    return words, taken


def _lowered(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def answer_words(exchange: Exchange) -> tuple[str, LaneTone]:
    """What came back, in a word or two, and how to read it."""
    if exchange.response is not None and exchange.failure is None:
        status = exchange.response.status
        if exchange.response.ok:
            return (f"{status} accepted" if exchange.operation == "process-message" else f"{status}"), LaneTone.OK
        return f"{status} {_STATUS_WORDS.get(status, 'refused')}", LaneTone.ERROR
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
