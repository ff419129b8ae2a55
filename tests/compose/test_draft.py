"""Drafts as they are stored."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from workbench.compose import Draft, HeaderChoices, compose
from workbench.errors import InputError
from workbench.standard import default_profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.compose import Setting
    from workbench.exchange import Ids

WHEN = datetime(2026, 7, 20, 9, 0, tzinfo=UTC)


def a_draft(**changes: object) -> Draft:
    facts = {"id": "d1", "title": "A draft", "operation": "process-message", "versions": default_profile(1)}
    return Draft(**{**facts, "updated": WHEN, **changes})


def stored(draft: Draft) -> Draft:
    return Draft.from_json(json.loads(json.dumps(draft.to_json())))


def test_a_draft_comes_back_as_it_was(a_setting: Callable[..., Setting], now: datetime, ids: Ids) -> None:
    message = compose("referral-new", a_setting(), now=now, ids=ids)
    draft = a_draft(
        service="s1",
        identity="i1",
        patient="p1",
        parameters=(("status", "free"), ("start", "ge2026"), ("start", "le2027")),
        headers=HeaderChoices(overrides=(("X-Test", "1"),), absent=frozenset({"Accept"})),
        request_id="absent",
        correlation_id="0badcafe-0000-4000-8000-000000000001",
        based_on="e1",
    ).with_message(message, WHEN)
    assert stored(draft) == draft
    assert draft.message is message


def test_a_text_that_is_no_message_is_kept() -> None:
    draft = a_draft().with_text('{"resourceType": "Bun', WHEN)
    assert draft.message is None
    assert stored(draft).text == '{"resourceType": "Bun'


def test_a_draft_without_a_body_comes_back() -> None:
    draft = a_draft(operation="slot-search").with_message(None, WHEN)
    assert stored(draft) == draft


@pytest.mark.parametrize("name", ["id", "title", "operation", "text", "updated", "versions"])
def test_a_stored_draft_must_have_what_it_cannot_do_without(name: str) -> None:
    half = {key: value for key, value in a_draft().to_json().items() if key != name}
    with pytest.raises(InputError, match="A stored draft"):
        Draft.from_json(half)


def test_an_unreadable_time_is_refused() -> None:
    with pytest.raises(InputError, match="time of change"):
        Draft.from_json({**a_draft().to_json(), "updated": "yesterday"})
