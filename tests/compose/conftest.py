"""A setting to compose with: invented parties and people, ids that count, a fixed present."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests import builders

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.compose import Party
    from workbench.exchange import Ids
    from workbench.messages import Message


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
    return builders.RECEIVER


@pytest.fixture
def a_setting():
    """A setting for a use case."""
    return builders.a_setting


@pytest.fixture
def resources():
    """The resources of a message by type, in order."""

    def of(message: Message, kind: str) -> list[dict]:
        return [entry["resource"] for entry in message.resource["entry"] if entry["resource"]["resourceType"] == kind]

    return of
