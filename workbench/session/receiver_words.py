"""What the Receiver panel says of calls and of what is held, in words, for the own receiver and the sandbox. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.exchange import Direction
from workbench.headers import decode_headers
from workbench.messages import title_of
from workbench.receiver import BASE, Kind
from workbench.session.answer_views import AnswerRow
from workbench.session.views import Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.correlation import Known
    from workbench.exchange import Request
    from workbench.messages import JsonObject, JsonValue
    from workbench.receiver import ReceiverState

OWN_DEFAULTS = tuple(
    AnswerRow("", True, number, when, kind, tone, answer, "default")
    for number, (when, kind, tone, answer) in enumerate(
        (
            ("A reply to a message sent from here", "reply", Tone.OK, "200, in its conversation"),
            ("A new booking or referral for one of the own services", "message", Tone.OK, "200, ids given"),
            ("A reply to a message nobody here sent", "reply", Tone.ERROR, "404 REC_NOT_FOUND"),
            ("The same ids again", "any message", Tone.WARNING, "409 REC_CONFLICT, duplicate"),
            ("Ids missing or no UUID", "any call", Tone.ERROR, "400 REC_BAD_REQUEST"),
            ("An Application version that is not supported", "any message", Tone.ERROR, "422 REC_UNPROCESSABLE_ENTITY"),
            (
                "Anything that breaks a rule of the standard",
                "any message",
                Tone.ERROR,
                "400, the rule and element named",
            ),
        )
    )
)
"""What is answered where no rule fits: the decision table in words."""


def with_defaults(rows: tuple[AnswerRow, ...], defaults: tuple[AnswerRow, ...]) -> tuple[AnswerRow, ...]:
    """The rules, then what is answered where none fits, numbered through."""
    return (*rows, *(replace(one, number=len(rows) + number) for number, one in enumerate(defaults, 1)))


def grouped(items: Mapping[tuple[str, str], JsonValue]) -> JsonObject:
    """Values by (kind, id) as a snapshot: kind, then id."""
    snapshot: dict[str, JsonObject] = {}
    for (kind, id), value in items.items():
        snapshot.setdefault(kind, {})[id] = value
    return {kind: values for kind, values in snapshot.items()}


def call_path(url: str) -> str:
    """The path of a call below the base, without its query: parameters may carry an NHS number."""
    rest = url.partition("://")[2].partition("/")[2].partition("?")[0]
    return f"/{rest}".removeprefix(BASE)


def caller_of(request: Request) -> str:
    """The organisation that NHSD-End-User-Organisation names; empty where it names none."""
    wanted = [row for row in request.headers if row[0].lower() == "nhsd-end-user-organisation"]
    decoded = decode_headers(tuple(wanted[:1]), "process-message", Direction.IN)
    return decoded[0].value if decoded else ""


def about_of(known: Known) -> str:
    """What the message of a call is, in a few words."""
    return title_of(known.request) if known.request is not None else ""


def tone_of(status: int | None) -> Tone:
    """How an answer's status is to be read."""
    if status is None:
        return Tone.WAITING
    return Tone.OK if status < 400 else Tone.ERROR


def state_words(state: ReceiverState) -> tuple[tuple[str, str], ...]:
    """What a receiver holds: counts by status."""

    def counts(kind: Kind) -> str:
        by_status: dict[str, int] = {}
        for item in state.of(kind):
            by_status[item.status or "without status"] = by_status.get(item.status or "without status", 0) + 1
        return ", ".join(f"{count} {status}" for status, count in by_status.items()) or "none"

    return (
        ("Referrals", counts(Kind.REFERRAL)),
        ("Bookings", counts(Kind.APPOINTMENT)),
        ("Messages taken", str(state.count(Kind.RECEIVED))),
    )
