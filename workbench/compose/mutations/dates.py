"""Faults of dates and times. Answers: FHIR R4, Datatypes; Core, How to handle times."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.compose.mutations.making import INVARIANT, put, swap
from workbench.compose.mutations.values import Mutation

if TYPE_CHECKING:
    from workbench.messages import JsonValue, Message

_OFFSET = re.compile(r"(Z|[+-]\d\d:\d\d)$")


def _without_offset(held: JsonValue, _message: Message) -> str:
    return _OFFSET.sub("", str(held))


def _summer(held: JsonValue, _message: Message) -> str:
    return _OFFSET.sub("+01:00", str(held))


def _fine(held: JsonValue, _message: Message) -> str:
    return re.sub(r"(?:\.\d+)?(Z|[+-]\d\d:\d\d)$", r".123456789\1", str(held))


MUTATIONS = (
    Mutation(
        "birth-date-that-never-was",
        "A birthday that never was",
        "The Patient was born on 30 February.",
        put("Patient", "birthDate", "1990-02-30"),
        "TIM-001",
        INVARIANT,
    ),
    Mutation(
        "birth-date-as-spoken",
        "A birthday as people write it",
        "The birth date is written day first, with slashes.",
        put("Patient", "birthDate", "03/02/1990"),
        "TIM-001",
        INVARIANT,
    ),
    Mutation(
        "timestamp-without-zone",
        "A timestamp without a zone",
        "Bundle.timestamp does not say its offset from UTC.",
        swap("Bundle", "timestamp", _without_offset),
        "BUN-008",
        INVARIANT,
    ),
    Mutation(
        "timestamp-without-time",
        "A timestamp that is a day",
        "Bundle.timestamp is a date without a time.",
        swap("Bundle", "timestamp", lambda held, _message: str(held)[:10]),
        "BUN-008",
        INVARIANT,
    ),
    Mutation(
        "last-updated-without-zone",
        "A last update without a zone",
        "The Patient's meta.lastUpdated does not say its offset from UTC.",
        swap("Patient", "meta.lastUpdated", _without_offset),
        "BUN-014",
        INVARIANT,
    ),
    Mutation(
        "authored-with-a-blank",
        "A time with a blank",
        "ServiceRequest.authoredOn has a blank where the T belongs.",
        swap("ServiceRequest", "authoredOn", lambda held, _message: str(held).replace("T", " ")),
        "TIM-001",
        INVARIANT,
    ),
    Mutation(
        "hour-25",
        "An hour that no day has",
        "ServiceRequest.authoredOn is at 25 o'clock.",
        swap("ServiceRequest", "authoredOn", lambda held, _message: re.sub(r"T\d\d", "T25", str(held))),
        "TIM-001",
        INVARIANT,
    ),
    Mutation(
        "period-ends-first",
        "A period that ends before it begins",
        "The Encounter's period ends in 1999.",
        put("Encounter", "period.end", "1999-12-31T23:59:59+00:00"),
        "TIM-004",
        INVARIANT,
    ),
    Mutation(
        "care-plan-ends-first",
        "A plan that ends before it begins",
        "The CarePlan's period ends before it begins.",
        put("CarePlan", "period", {"start": "2024-05-01T10:00:00+00:00", "end": "2024-05-01T09:00:00+00:00"}),
        "TIM-004",
        INVARIANT,
    ),
    Mutation(
        "timestamp-summer-time",
        "A timestamp in summer time",
        "Bundle.timestamp has the offset of British summer time instead of UTC.",
        swap("Bundle", "timestamp", _summer),
        "TIM-003",
        None,
    ),
    Mutation(
        "timestamp-nine-digits",
        "A timestamp to the nanosecond",
        "Bundle.timestamp has nine fraction digits; the standard has seven at most.",
        swap("Bundle", "timestamp", _fine),
        "TIM-002",
        None,
    ),
    Mutation(
        "appointment-not-the-slot",
        "An appointment beside its slot",
        "The Appointment begins a year before its slot.",
        put("Appointment", "start", "2020-01-01T09:00:00+00:00"),
        "APT-002",
        None,
    ),
)
