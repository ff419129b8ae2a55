"""Calls of other tools in a session: copied as curl, read from a text or a file, made a draft; also call_views."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import RECEIVER, a_setting
from tests.interchange.test_postman import collection, item
from tests.session.conftest import new_id, now
from tests.session.test_bulk import KNOWN, SERVICE
from workbench.compose import compose
from workbench.errors import ErrorCode, InputError
from workbench.headers import base64_json
from workbench.session.foreign import imported

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.session.session import Session
    from workbench.session.views import DraftView

URL = "https://a.example/booking-and-referral/FHIR/R4"
TARGET = base64_json.encode({"system": "https://fhir.nhs.uk/Id/dos-service-id", "value": KNOWN.decode()})
SOFTWARE = base64_json.encode(
    {"resourceType": "Device", "deviceName": [{"name": "Mock", "type": "user-friendly-name"}]}
)


def a_message() -> str:
    made = compose("referral-full", a_setting(), now=now(), ids=new_id).source
    return made.replace(RECEIVER.service_id.encode(), KNOWN).decode()


def a_collection() -> str:
    headers = [
        {"key": "NHSD-Target-Identifier", "value": TARGET},
        {"key": "NHSD-Requesting-Software", "value": SOFTWARE},
        {"key": "X-Request-Id", "value": "{{$guid}}"},
        {"key": "Authorization", "value": "Bearer hush"},
    ]
    body = {"mode": "raw", "raw": a_message()}
    return collection(
        item("Refer", method="POST", url=f"{URL}/$process-message", header=headers, body=body),
        item("Slots", url=f"{URL}/Slot?status=free", header=headers[:1]),
    )


def test_calls_are_read_with_their_headers_decoded() -> None:
    refer, slots = imported("\ufeff\n" + a_collection())
    assert (refer.title, refer.operation, refer.service, refer.message) == ("Refer", "Message", "2000011147", True)
    assert (slots.operation, slots.service, slots.message) == ("Slot search", "2000011147", False)
    assert ("Service", "2000011147") in refer.headers[0].rows
    assert "Authorization is a secret and was left out." in refer.foreign.left_out


def test_a_command_is_named_after_its_message_or_its_call() -> None:
    (one,) = imported(f"curl {URL}/metadata")
    assert one.title == "Capability check"
    (two,) = imported(f"curl {URL}/\\$process-message --data-raw '{a_message()}'")
    assert two.title == "111 to ED: referral, new"


@pytest.mark.parametrize("text", ["", "  \n", "\ufeff"])
def test_nothing_is_no_call(text: str) -> None:
    with pytest.raises(InputError) as caught:
        imported(text)
    assert caught.value.code is ErrorCode.INPUT_EMPTY


def test_an_imported_call_is_a_draft_with_its_own_headers(tmp_path: Path, play: Callable[..., Any]) -> None:
    file = tmp_path / "c.json"
    file.write_text(a_collection(), encoding="utf-8")

    async def work(session: Session) -> tuple[DraftView, list[str], ErrorCode]:
        refer, slots = await session.foreign.read_file(str(file))
        draft = await session.foreign.draft(refer)
        verdict = await session.validate(draft.id, draft.text)
        software = [row.encoded for row in verdict.headers if row.name == "NHSD-Requesting-Software"]
        with pytest.raises(InputError) as caught:
            await session.foreign.draft(slots)
        return draft, software, caught.value.code

    draft, software, code = play(work)
    assert json.loads(draft.text)["resourceType"] == "Bundle"
    assert draft.service == SERVICE
    assert software == [SOFTWARE]
    assert code is ErrorCode.INPUT_EMPTY


def test_an_exchange_is_copied_without_its_token(tmp_path: Path, play: Callable[..., Any]) -> None:
    file = tmp_path / "m.json"
    file.write_text(a_message(), encoding="utf-8")

    async def work(session: Session) -> str:
        await session.send_file(str(file), service=SERVICE)
        recent = await session._engine.history.queries.recent(9)
        sent = next(one.exchange for one in recent if one.exchange.operation == "process-message")
        return await session.foreign.curl(sent.id)

    command = play(work)
    assert command.startswith("curl --globoff")
    assert '"${BARS_TOKEN:?is not set}"' in command
    assert "sha256" not in command
    assert file.read_text("utf-8").partition("\n")[0] in command


def test_a_file_that_is_no_text_is_refused(tmp_path: Path, play: Callable[..., Any]) -> None:
    file = tmp_path / "c.json"
    file.write_bytes(b"\xff\xfe\x00")

    async def work(session: Session) -> ErrorCode:
        with pytest.raises(InputError) as caught:
            await session.foreign.read_file(str(file))
        return caught.value.code

    assert play(work) is ErrorCode.INPUT_NOT_UTF8
