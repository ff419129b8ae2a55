"""Calls of other programs in the history."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.interchange.test_report_files import a_zip
from tests.session.test_exporting import QUIET
from workbench.directory.environments import IMPORTED
from workbench.errors import ConfigError, InputError
from workbench.session.exporting import ExportForm, ExportOrder

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.session.session import Session

Play = "Callable[..., Any]"


async def a_played(session: Session) -> str:
    """Id of a conversation that a scenario left."""
    await session.play("validation")
    await session.settle()
    return (await session.conversations())[0].id


async def sources(session: Session) -> list[bytes]:
    """The messages of a played conversation, as they were sent and received."""
    await a_played(session)
    view = await session.conversation((await session.conversations())[0].id)
    details = [await session.detail(row.exchange) for row in view.lanes.rows if row.exchange]
    return [one.exchange.request.body for one in details if one.request is not None]


def test_a_pack_of_a_conversation_is_taken_in_elsewhere_as_one(play: Play, tmp_path: Path) -> None:
    pack = tmp_path / "ticket.zip"

    async def out_and_in(session: Session) -> None:
        before = await a_played(session)
        await session.exporting.save(ExportOrder(before, ExportForm.TICKET), str(pack))
        done = await session.importing.take(str(pack))
        await session.settle()
        own, imported = await session.conversation(before), await session.conversation(done.conversation)
        sent = {row.exchange for row in own.lanes.rows if row.exchange}
        assert done.taken == len(sent)
        assert not sent & {row.exchange for row in imported.lanes.rows}, "it stands apart from what passed here"
        assert imported.row.environment == IMPORTED
        assert imported.lanes.broker.name == "Imported"
        details = [await session.detail(row.exchange) for row in imported.lanes.rows if row.exchange]
        assert any(one.links for one in details)
        assert all(one.verdict is not None for one in details if one.request is not None)
        assert all("imported" in one.subtitle for one in details)

    play(out_and_in)


def test_the_same_file_again_is_known(play: Play, tmp_path: Path) -> None:
    async def twice(session: Session) -> None:
        messages = await sources(session)
        pack = a_zip(tmp_path / "r.zip", {f"{n}.json": body for n, body in enumerate(messages)})
        first, again = await session.importing.take(str(pack)), await session.importing.take(str(pack))
        assert (first.taken, first.known) == (len(messages), 0)
        assert (again.taken, again.known) == (0, len(messages))
        assert again.conversation == first.conversation
        assert again.words.endswith("were there already.")

    play(twice)


def test_a_folder_of_bodies_is_judged_without_headers_that_nobody_has(play: Play, tmp_path: Path) -> None:
    async def judged(session: Session) -> None:
        folder = tmp_path / "bodies"
        folder.mkdir()
        for number, body in enumerate(await sources(session)):
            (folder / f"{number}.json").write_bytes(body)
        done = await session.importing.take(str(folder))
        await session.settle()
        detail = await session.detail((await session.conversation(done.conversation)).lanes.rows[1].exchange)
        assert detail.verdict is not None
        assert not [one for one in detail.verdict.findings if one.layer.value == "headers"]
        assert detail.exchange.failure is not None
        assert "not part of what was imported" in detail.exchange.failure.sentence

    play(judged)


def test_what_was_imported_is_never_sent(play: Play, tmp_path: Path) -> None:
    async def again(session: Session) -> None:
        pack = a_zip(tmp_path / "r.zip", {"one.json": (await sources(session))[0]})
        done = await session.importing.take(str(pack))
        count = len(await session.conversations())
        with pytest.raises(ConfigError):
            await session.retry(done.conversation)
        assert len(await session.conversations()) == count

    play(again)


def test_secrets_of_an_archive_do_not_come_in(play: Play, tmp_path: Path) -> None:
    async def taken(session: Session) -> None:
        archive = tmp_path / "calls.har"
        headers = [{"name": "Authorization", "value": "Bearer topsecret"}, {"name": "X-Request-Id", "value": "1"}]
        entry = {
            "startedDateTime": "2026-11-27T10:00:00Z",
            "request": {"method": "GET", "url": "https://other.example/FHIR/R4/metadata", "headers": headers},
            "response": {"status": 200, "headers": [], "content": {"text": "{}"}},
        }
        archive.write_text(json.dumps({"log": {"entries": [entry]}}), encoding="utf-8")
        done = await session.importing.take(str(archive))
        detail = await session.detail(done.conversation)
        assert "topsecret" not in detail.wire_request
        assert detail.exchange.operation == "metadata"
        assert "Authorization is a secret and was left out." in done.notes

    play(taken, options=QUIET)


def test_a_zip_without_a_message_says_what_was_in_it(play: Play, tmp_path: Path) -> None:
    async def refused(session: Session) -> None:
        pack = a_zip(tmp_path / "r.zip", {"a.json": b"{}"}, packing=zipfile.ZIP_STORED)
        with pytest.raises(InputError) as said:
            await session.importing.take(str(pack))
        assert "a.json is no BaRS message" in said.value.sentence
        assert session.importing.fits(str(pack))
        assert not session.importing.fits("a.json")

    play(refused, options=QUIET)


def an_entry(number: int) -> dict[str, object]:
    """A call of a HAR with every kind of secret that a browser records."""
    return {
        "startedDateTime": f"2026-01-01T10:00:{number:02}Z",
        "request": {
            "method": "POST",
            "url": "https://x.example/oauth2/token?access_token=HIDDEN-1",
            "headers": [{"name": "Cookie", "value": "HIDDEN-2"}, {"name": "Authorization", "value": "Bearer HIDDEN-3"}],
            "cookies": [{"name": "session", "value": "HIDDEN-4"}],
            "postData": {"mimeType": "application/x-www-form-urlencoded", "text": "a=b&client_assertion=HIDDEN-5"},
        },
        "response": {
            "status": 200,
            "headers": [{"name": "Set-Cookie", "value": "HIDDEN-6"}],
            "content": {"mimeType": "application/json", "text": '{"access_token": "HIDDEN-7"}'},
        },
    }


def test_b113_tokens_and_cookies_of_an_archive_reach_no_file_and_are_told(play: Play, tmp_path: Path) -> None:
    path = tmp_path / "secrets.har"
    path.write_text(json.dumps({"log": {"entries": [an_entry(0)]}}), encoding="utf-8")

    async def take(session: Session) -> tuple[str, ...]:
        return (await session.importing.take(str(path))).notes

    notes = play(take)
    for name in ("Cookie", "Authorization", "Set-Cookie"):
        assert f"{name} is a secret and was left out." in notes
    held = [file.read_bytes() for file in (tmp_path / "workspace").rglob("*") if file.is_file()]
    assert any(b"x.example" in content for content in held), "the call itself was taken in"
    assert not [content for content in held if b"HIDDEN" in content]


def test_b111_the_same_call_again_and_again_is_taken_in_once_and_counted(play: Play, tmp_path: Path) -> None:
    path = tmp_path / "same.har"
    path.write_text(json.dumps({"log": {"entries": [an_entry(1)] * 1000 + [an_entry(2)]}}), encoding="utf-8")

    async def take(session: Session) -> tuple[int, int]:
        done = await session.importing.take(str(path))
        return done.taken, done.known

    assert play(take) == (2, 999)
