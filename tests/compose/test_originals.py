"""Reading an earlier message: official examples, and acknowledgements that answer in their own way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.compose import acknowledge, compose, reply
from workbench.compose.originals import read
from workbench.messages import build, parse

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from workbench.compose import Party, Setting
    from workbench.exchange import Ids
    from workbench.messages import Message


def changed(message: Message, alter: Callable[[dict], dict]):
    """The message with every entry run through a function."""
    return build({**message.resource, "entry": [alter(entry) for entry in message.resource["entry"]]})


def test_ids_are_found_by_type_when_an_acknowledgement_has_its_own_full_urls(
    a_setting: Callable[..., Setting], now: datetime, ids: Ids
) -> None:
    request = compose("validation-new", a_setting("a4t1"), now=now, ids=ids)
    answer = acknowledge(request, now=now, ids=ids, case_number="1")
    renamed = changed(answer, lambda entry: {**entry, "fullUrl": entry["fullUrl"].replace("0badcafe", "0badc0de")})
    learned = read(request, renamed)
    given = {kind: id for kind, id in answer.facts.resource_ids}
    for name, kind in (("request", "ServiceRequest"), ("patient", "Patient"), ("plan", "CarePlan")):
        assert learned.first(name)["id"] == given[kind]
    assert "id" not in learned.first("sender"), "two organisations: which id is whose cannot be told"


def test_the_content_stays_that_of_the_original(a_setting: Callable[..., Setting], now: datetime, ids: Ids) -> None:
    request = compose("referral-new", a_setting(), now=now, ids=ids)
    answer = acknowledge(request, now=now, ids=ids, case_number="1")
    empty = changed(
        answer,
        lambda entry: {**entry, "resource": {key: entry["resource"][key] for key in ("resourceType", "id")}},
    )
    learned = read(request, empty)
    assert learned.first("patient")["name"] == [{"use": "official", "family": "Quillfeather", "given": ["Ash"]}]
    assert learned.first("patient")["id"]


def test_an_official_request_can_be_acknowledged_and_answered(
    shared: Path, now: datetime, ids: Ids, receiver: Party
) -> None:
    (file,) = (shared / "data" / "examples" / "xml").glob("VALREQ01*")
    request = parse(file.read_bytes())
    answer = acknowledge(request, now=now, ids=ids, case_number="R-1")
    assert [kind for kind, _ in answer.facts.resource_ids].count("Encounter") == 2
    full = reply("validation-full", request, answer, responder=receiver, now=now, ids=ids)
    assert full.syntax is request.syntax
    assert full.facts.response_to == request.facts.bundle_id
    assert [r.value for r in full.references() if r.value.startswith("urn:") and r.target_entry is None] == []
