"""The directory's use cases: what a service said counts for a day (`offers`) in Compose, and can be forgotten."""

# ruff: noqa: ANN001 - tests take fixtures

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.session.conftest import a_session
from workbench.errors import ConfigError, InputError
from workbench.session.judging import ACCEPTS, BY_ITS_OWN
from workbench.session.options import SessionOptions
from workbench.session.views import Tone

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.session.session import Session

ED, CAS = "northgate-emergency-department", "northgate-clinical-assessment-service"
ALONE = SessionOptions(start_sandbox=False, start_receiver=False)


def kept(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.glob("*.json") if one.name != "lock.json"}


async def seen(session: Session, id: str) -> tuple[str, Tone]:
    found = next(one for one in await session.services() if one.id == id)
    return found.seen.partition(": ")[2], found.seen_tone


def test_what_a_service_says_is_what_messages_to_it_are_judged_by(tmp_path) -> None:
    async def work() -> None:
        async with a_session(tmp_path / "workspace") as session:
            offer = await session.offer()
            message = next(one.id for one in offer.messages if one.id == "referral-full/a1t1")
            draft = await session.new_draft(message, ED, offer.patients[0].id)
            assert (await session.validate(draft.id, draft.text)).likely == ACCEPTS
            assert await seen(session, ED) == ("", Tone.NEUTRAL)
            check = await session.directory.check(ED)
            assert [tone for tone, _, _ in check.rows] == [Tone.OK] * 3
            verdict = await session.validate(draft.id, draft.text)
            assert verdict.likely == ACCEPTS + BY_ITS_OWN
            assert verdict.verdict.valid, verdict.verdict.findings
            await session.directory.check(CAS)
            other = await session.readdress(draft.id, draft.text, CAS, offer.patients[0].id)
            refused = await session.validate(other.id, other.text)
            assert {"DEF-009"} <= {one.rule for one in refused.verdict.findings}, "that service has no such use case"
            sent = await session.send(other.id, other.text)
            await session.settle()
            judged = (await session.detail(sent.exchange)).verdict
            assert judged is not None
            assert "DEF-009" in {one.rule for one in judged.findings}, "the timeline goes by it too"
        async with a_session(tmp_path / "workspace") as session:
            assert await seen(session, ED) == ("takes 4 messages, 1.0.0", Tone.OK), "it is kept over a restart"
            await session.directory.forget(ED)
            assert await seen(session, ED) == ("", Tone.NEUTRAL)
            assert (await seen(session, CAS))[1] is Tone.OK
            engine = session._engine
            clock = engine.clock
            engine.clock = lambda: clock() + timedelta(hours=24)
            assert (await seen(session, CAS))[0].endswith("too old to judge by")
            assert await session._parts.composer._offers.definitions("embedded", CAS) == ()

    asyncio.run(work())


def test_the_definitions_of_every_sandbox_service_fit_what_is_composed_for_it(play) -> None:
    async def work(session: Session) -> None:
        offer = await session.offer()
        services = [one for one in await session.services() if not one.own]
        for service in services:
            await session.directory.check(service.id)
        tried = 0
        for service in services:
            for choice in offer.messages:
                code = choice.id.partition("/")[2]
                if code not in service.entry.use_cases[:2]:
                    continue
                draft = await session.new_draft(choice.id, service.id, offer.patients[0].id)
                verdict = await session.validate(draft.id, draft.text)
                bad = [one for one in verdict.verdict.findings if one.rule.startswith("DEF") and one.severity.rank < 2]
                assert not bad, (service.name, choice.id, bad)
                tried += 1
        assert tried > 15

    play(work)


def test_services_are_kept_only_when_they_can_be_used(play) -> None:
    async def work(session: Session) -> None:
        directory = session.directory
        known = next(one for one in await session.services() if one.id == ED).entry
        with pytest.raises(InputError, match="has the same target identifier"):
            await directory.save(replace(known, id="", name="Twin"))
        with pytest.raises(InputError, match="its name is missing"):
            await directory.save(replace(known, name=" "))
        with pytest.raises(InputError, match="an identity acts as this service"):
            await directory.remove("nhs-111-yorkshire")
        made = await directory.save(replace(known, id="", value="7", name="Clinic"))
        assert made.id == "clinic"
        await directory.set_favourite("clinic", True)
        assert (await session.services())[0].id == "clinic"
        silenced = json.loads((session._engine.workspace.folder / "services.json").read_text("utf-8"))
        assert {one["id"] for one in silenced["services"]} >= {"clinic", ED}
        await directory.remove("clinic")
        assert (await session.services())[0].id != "clinic"

    play(work, options=ALONE)


def test_files_that_cannot_be_read_are_told(play, tmp_path) -> None:
    async def work(session: Session) -> None:
        with pytest.raises(InputError, match="could not be read"):
            await session.directory.import_file(str(tmp_path / "none.csv"))
        file = tmp_path / "services.JSON"
        assert await session.directory.export_file(str(file)) == len(json.loads(file.read_text("utf-8"))["services"])
        result = await session.directory.import_file(str(file))
        assert (result.added, result.changed, result.problems) == (0, 0, ())

    play(work, options=ALONE)


@pytest.mark.expects_warnings
@pytest.mark.parametrize(
    ("name", "later"),
    [
        ("services.json", {"services": {"by-id": {}}}),
        ("environments.json", {"environments": [{"id": "int"}]}),
        ("identities.json", {"identities": 3}),
        ("settings.json", {"answer_mode": "as in the next version"}),
        ("answers.json", {"own": {"rules": 1}}),
        ("searches.json", {"searches": {"a": 1}}),
    ],
)
def test_a_file_of_a_newer_version_that_cannot_be_read_does_not_keep_a_workspace_shut(tmp_path, name, later) -> None:
    async def work() -> None:
        async with a_session(tmp_path / "workspace", options=ALONE):
            pass
        file = tmp_path / "workspace" / name
        file.write_text(json.dumps({"format": 2, **later}))
        before = kept(tmp_path / "workspace")
        async with a_session(tmp_path / "workspace", options=ALONE) as session:
            status = await session.status()
            assert status.read_only
            told = f"Written by a newer version of this program ({name}): this window only reads"
            assert status.notice.startswith(told)
            assert len(await session.services()) > 5, "something can be looked at"
            await session.choose_environment("int")
            with pytest.raises(ConfigError, match="left as it is"):
                await session.directory.remove(ED)
        assert kept(tmp_path / "workspace") == before

    asyncio.run(work())
