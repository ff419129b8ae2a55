"""The decision table of `$process-message`: which combinations of event, reason, category and statuses are messages.

Core, Error handling, bundle processing. Pure; must not know what the receiver has taken before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from workbench import assets
from workbench.messages import tree
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from workbench.messages import JsonObject, JsonValue, Message


class Effect(StrEnum):
    """What a message does to what the receiver has."""

    REFER = "refer"
    UPDATE_REFERRAL = "update-referral"
    CANCEL_REFERRAL = "cancel-referral"
    BOOK = "book"
    UPDATE_BOOKING = "update-booking"
    CANCEL_BOOKING = "cancel-booking"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Row:
    """One message that is taken."""

    id: str
    effect: Effect
    event: str
    reasons: tuple[str, ...]
    categories: tuple[str, ...] = ()
    applications: tuple[int, ...] = ()
    request: tuple[str, ...] = ()
    """Statuses of the ServiceRequest."""
    plan: tuple[str, ...] = ()
    encounter: tuple[str, ...] = ()
    appointment: tuple[str, ...] = ()


class Signs(NamedTuple):
    """What of a message the table looks at; None where the message does not say."""

    event: str | None
    reason: str | None
    category: str | None
    application: int | None
    request: str | None
    plan: str | None
    encounter: str | None
    appointment: str | None


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The first element by which no row fits any more."""

    element: str
    value: str | None


@cache
def rows() -> tuple[Row, ...]:
    """Every row, from `resources/sandbox/matrix.toml`."""
    lists = ("reasons", "categories", "applications", "request", "plan", "encounter", "appointment")
    return tuple(
        Row(row["id"], Effect(row["effect"]), row["event"], **{name: tuple(row.get(name, ())) for name in lists})
        for row in assets.table("sandbox", "matrix.toml")["row"]
    )


def signs_of(message: Message) -> Signs:
    """What the table asks of a message."""
    return message.once("matrix.signs", _signs_of)


def _signs_of(message: Message) -> Signs:
    facts = message.facts
    case = use_cases().get(facts.use_case or "")
    return Signs(
        event=facts.event,
        reason=facts.reason,
        category=_category(message),
        application=case.application if case else None,
        request=_status(message, "ServiceRequest"),
        plan=_status(message, "CarePlan"),
        encounter=tree.text(_encounter(message).get("status")),
        appointment=_status(message, "Appointment"),
    )


_Facet = tuple[str, Callable[[Signs], object], Callable[[Row], tuple[object, ...]], bool]
_FACETS: tuple[_Facet, ...] = (
    ("MessageHeader.eventCoding", lambda s: s.event, lambda r: (r.event,), True),
    ("MessageHeader.reason", lambda s: s.reason, lambda r: r.reasons, True),
    ("ServiceRequest.category", lambda s: s.category, lambda r: r.categories, True),
    ("ServiceRequest.category (use case)", lambda s: s.application, lambda r: r.applications, True),
    ("Appointment.status", lambda s: s.appointment, lambda r: r.appointment, True),
    ("ServiceRequest.status", lambda s: s.request, lambda r: r.request, True),
    ("CarePlan.status", lambda s: s.plan, lambda r: r.plan, False),
    ("Encounter.status", lambda s: s.encounter, lambda r: r.encounter, False),
)
"""Element, what the message has, what a row allows (empty = anything), whether it must be there."""


@lru_cache(maxsize=256)
def decide(signs: Signs) -> Row | Mismatch:
    """The row of a message, or the element that makes it none: Core answers that with 400 `invariant`."""
    left = rows()
    for element, has, allows, needed in _FACETS:
        value = has(signs)
        fitting = tuple(row for row in left if _fits(value, allows(row), needed))
        if not fitting:
            return Mismatch(element, None if value is None else str(value))
        left = fitting
    return left[0]


def _fits(value: object, allowed: tuple[object, ...], needed: bool) -> bool:
    if not allowed:
        return True
    return not needed if value is None else value in allowed


def resource_of(message: Message, kind: str) -> JsonObject:
    """The focus when it is of that type, else the first resource of the type, else an empty object."""
    focus = message.once("matrix.focus", _focus)
    if tree.text(focus.get("resourceType")) == kind:
        return focus
    return next((entry.resource for entry in message.entries() if entry.type == kind), {})


def _focus(message: Message) -> JsonObject:
    header = next((entry for entry in message.entries() if entry.type == "MessageHeader"), None)
    return _target(message, header.resource.get("focus")) if header else {}


def _target(message: Message, element: JsonValue) -> JsonObject:
    """The resource that the first Reference of an element points to."""
    for reference in tree.objects(element):
        value = tree.text(reference.get("reference"))
        if value and (entry := message.entry_of(value)) is not None:
            return entry.resource
    return {}


def _encounter(message: Message) -> JsonObject:
    """The Encounter in focus, else the one the ServiceRequest names, else the first."""
    focus = message.once("matrix.focus", _focus)
    if tree.text(focus.get("resourceType")) == "Encounter":
        return focus
    for entry in message.entries():
        if entry.type == "ServiceRequest" and (named := _target(message, entry.resource.get("encounter"))):
            return named
    return resource_of(message, "Encounter")


def _status(message: Message, kind: str) -> str | None:
    return tree.text(resource_of(message, kind).get("status"))


def _category(message: Message) -> str | None:
    """`referral` or `validation`, of a message about a ServiceRequest."""
    request = resource_of(message, "ServiceRequest")
    return tree.code_of(request.get("category"), "message-category-servicerequest")
