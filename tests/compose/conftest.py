"""A setting to compose with: invented parties and people, ids that count, a fixed present."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from workbench.compose import Party, PatientFacts, Setting
from workbench.standard import default_profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.exchange import Ids
    from workbench.messages import Message

SENDER = Party("Mock Call Centre", "ZZM01", "9990000917", "Mock Call Desk")
RECEIVER = Party("Mock Hospital", "ZZM02", "9990000918", "Mock Emergency Department")
PATIENT = PatientFacts(
    id="p1",
    family="Quillfeather",
    given="Ash",
    nhs_number="9990000417",
    gender="female",
    birth_date="1990-02-03",
    line="7 Mock Lane",
    city="Mockford",
    postcode="ZZ99 3VZ",
    phone="01632 960400",
)


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 7, 20, 9, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def count_ids():
    """A maker of id sources: each counts from one."""

    def make():
        numbers = itertools.count(1)
        return lambda: f"0badcafe-0000-4000-8000-{next(numbers):012x}"

    return make


@pytest.fixture
def ids(count_ids: Callable[[], Ids]):
    return count_ids()


@pytest.fixture
def receiver() -> Party:
    return RECEIVER


@pytest.fixture
def a_setting():
    """A setting for a use case: the default versions of its Application unless others are given."""

    def make(use_case: str = "a1t1", **changes: object) -> Setting:
        facts = {
            "sender": SENDER,
            "receiver": RECEIVER,
            "patient": PATIENT,
            "use_case": use_case,
            "versions": default_profile(int(use_case[1])),
        }
        return Setting(**{**facts, **changes})

    return make


@pytest.fixture
def resources():
    """The resources of a message by type, in order."""

    def of(message: Message, kind: str) -> list[dict]:
        return [entry["resource"] for entry in message.resource["entry"] if entry["resource"]["resourceType"] == kind]

    return of
