"""Messages taken up again: as one of its own, or about somebody else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from workbench.compose import PatientFacts, acknowledge, cancel, compose
from workbench.compose.renewing import about, renewed
from workbench.errors import InputError
from workbench.messages import convert, parse
from workbench.messages.values import Syntax

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from workbench.compose import Setting
    from workbench.exchange import Ids

OTHER = PatientFacts(
    "", "Thistle", "Rowan", "9990000425", "male", "2001-01-31", "2 Mock Row", "Mockton", "ZZ99 3WZ", ""
)


@pytest.mark.parametrize("syntax", list(Syntax))
def test_a_renewed_message_is_its_own_and_the_rest_stays(
    a_setting: Callable[..., Setting], now: datetime, ids: Ids, syntax: Syntax
) -> None:
    first = convert(compose("referral-full", a_setting(), now=now, ids=ids), syntax)
    later = now + timedelta(days=3)
    second = parse(renewed(first.text, now=later, ids=ids).encode())
    assert second.facts.bundle_id != first.facts.bundle_id
    assert second.facts.journey_id != first.facts.journey_id
    assert second.at("Bundle.timestamp") == "2026-07-23T09:00:00.1234560+00:00"
    back = second.text.replace(second.facts.bundle_id or "", first.facts.bundle_id or "")
    back = back.replace(second.facts.journey_id or "", first.facts.journey_id or "")
    assert back.replace("2026-07-23T09", "2026-07-20T09") == first.text


def test_what_follows_a_message_stays_in_its_journey(
    a_setting: Callable[..., Setting], now: datetime, ids: Ids
) -> None:
    first = compose("validation-new", a_setting("a4t1"), now=now, ids=ids)
    answer = acknowledge(first, now=now, ids=ids, case_number="R-1")
    withdrawal = cancel(first, answer, now=now, ids=ids, why="x")
    again = parse(renewed(withdrawal.text, now=now, ids=ids).encode())
    assert again.facts.bundle_id != withdrawal.facts.bundle_id
    assert again.facts.journey_id == withdrawal.facts.journey_id


@pytest.mark.parametrize("text", ["", "{", '{"resourceType": "Bundle", "id": "{{new UUID}}"}', "\ud800"])
def test_what_has_no_ids_yet_or_cannot_be_read_stays(now: datetime, ids: Ids, text: str) -> None:
    assert renewed(text, now=now, ids=ids) == text


@pytest.mark.parametrize("syntax", list(Syntax))
def test_a_message_about_somebody_else_differs_in_the_patient_only(
    a_setting: Callable[..., Setting], now: datetime, ids: Ids, syntax: Syntax
) -> None:
    first = convert(compose("referral-new", a_setting(), now=now, ids=ids), syntax)
    second = parse(about(first.text, OTHER).encode())
    for before, after in zip(first.entries(), second.entries(), strict=True):
        assert (before.resource == after.resource) is (before.type != "Patient")
    patient = next(entry.resource for entry in second.entries() if entry.type == "Patient")
    assert patient["identifier"][0]["value"] == "9990000425"
    assert patient["name"] == [{"use": "official", "family": "Thistle", "given": ["Rowan"]}]
    assert patient["contact"][0]["telecom"][0]["value"] == "01632 960400", "what the other has not stays"


def test_a_message_without_a_patient_is_about_nobody() -> None:
    with pytest.raises(InputError, match="no Patient"):
        about(json.dumps({"resourceType": "Bundle", "type": "message", "entry": []}), OTHER)
