"""The own receiver in a session: who may call, what counts as a duplicate, what it offers, what is kept of a call.

Also `session.receiver_words`, which words it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx

from workbench.exchange import Direction
from workbench.headers import base64_json
from workbench.session.options import SessionOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.session.session import Session

OWN_SERVICE = "2000099111"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
SLOTS = {
    "Schedule.actor:HealthcareService": OWN_SERVICE,
    "status": "free",
    "_include": ["Slot:schedule", "Schedule:actor:HealthcareService"],
}

ALONE = SessionOptions(start_sandbox=False)
"""The own receiver by itself."""


def headers(organisation: str, **more: str) -> dict[str, str]:
    named = {"resourceType": "Organization", "identifier": [{"system": ODS, "value": organisation}], "name": "Mock"}
    return {
        "X-Request-Id": str(uuid4()),
        "X-Correlation-Id": str(uuid4()),
        "NHSD-End-User-Organisation": base64_json.encode({**named}),
        **more,
    }


async def call(session: Session, path: str, given: dict[str, str], **more: Any) -> httpx.Response:
    """A call to the own receiver over a socket."""
    base = (await session.receiver_page("own")).base_url
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.request(more.pop("method", "GET"), f"{base}{path}", headers=given, **more)


async def kept(session: Session) -> list[Any]:
    """Every exchange that came in, as it is kept."""
    found = [entry.exchange for entry in (await session.receiver_page("own")).log if entry.exchange]
    return [(await session.detail(id)).exchange for id in found]


def test_an_organisation_that_is_not_on_the_list_is_answered_401_and_kept_for_audit(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        given = headers("ZZX99")
        refused = await call(session, f"/Appointment/{uuid4()}", given)
        assert refused.status_code == 401
        assert refused.json()["issue"][0]["code"] == "security"
        assert refused.headers["X-Request-Id"] == given["X-Request-Id"]
        assert (await call(session, f"/Appointment/{uuid4()}", headers("ZZA01"))).status_code == 404
        await session.settle()
        stored = [one for one in await kept(session) if one.response is not None and one.response.status == 401]
        assert [one.direction for one in stored] == [Direction.IN]
        assert stored[0].request.header("NHSD-End-User-Organisation") == given["NHSD-End-User-Organisation"]
        assert any(entry.caller.startswith("Mock") for entry in (await session.receiver_page("own")).log)

    play(work, BARS_WORKBENCH_ACCEPTED_CALLERS="zza01, ZZB01", BARS_WORKBENCH_ANSWER_MODE="stored", options=ALONE)


def test_the_list_counts_as_soon_as_it_is_changed(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> list[int]:
        found = [(await call(session, "/metadata", headers("ZZX99"))).status_code]
        for codes in ("ZZA01", ""):
            await session.change_setting("accepted_callers", codes)
            found.append((await call(session, "/metadata", headers("ZZX99"))).status_code)
        return found

    assert play(work, BARS_WORKBENCH_ANSWER_MODE="stored", options=ALONE) == [200, 401, 200]


def test_it_offers_slots_that_can_be_booked_and_shows_how_many(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        slot = await session.held.keep("own", "slot", "", await session.held.blank("own", "slot"))
        page = await session.held.page("own")
        row = next(one for one in page.rows if one.id == slot)
        start = [f"ge{row.when}", f"le{row.when[:10]}T23:59:59+00:00"]
        answer = await call(session, "/Slot", headers("ZZA01"), params={**SLOTS, "start": start})
        assert answer.status_code == 200, answer.text
        assert slot in {entry["resource"]["id"] for entry in answer.json()["entry"]}
        words = dict((await session.receiver_page("own")).state)["Free slots"]
        free = sum(one.status == "free" for one in page.rows if one.kind == "slot")
        assert words == f"{free} in the next days"

    play(work, BARS_WORKBENCH_ANSWER_MODE="stored", options=ALONE)


def test_the_request_id_alone_makes_a_duplicate_when_a_setting_says_so(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> list[int]:
        patient = (await session.offer()).patients[0].id
        draft = await session.new_draft("referral-new/a1t1", "nhs-111-yorkshire", patient)
        given = headers("ZZA01", **{"Content-Type": "application/fhir+json"})
        found = []
        for _ in range(2):
            again = {**given, "X-Correlation-Id": str(uuid4())}
            body = draft.text.encode()
            found.append((await call(session, "/$process-message", again, method="POST", content=body)).status_code)
        return found

    stored = {"BARS_WORKBENCH_ANSWER_MODE": "stored"}
    assert play(work, BARS_WORKBENCH_REQUEST_ID_ALONE="true", options=ALONE, **stored) == [200, 409]


def test_a_request_id_used_twice_is_noted_in_the_live_log(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> list[str]:
        patient = (await session.offer()).patients[0].id
        draft = await session.new_draft("referral-new/a1t1", "nhs-111-yorkshire", patient)
        given = headers("ZZA01", **{"Content-Type": "application/fhir+json"})
        for _ in range(2):
            again = {**given, "X-Correlation-Id": str(uuid4())}
            body = draft.text.encode()
            await call(session, "/$process-message", again, method="POST", content=body)
        await session.settle()
        return [entry.about for entry in (await session.receiver_page("own")).log]

    newest, oldest = play(work, BARS_WORKBENCH_ANSWER_MODE="stored", options=ALONE)
    assert "request id was used before" in newest
    assert "request id" not in oldest
