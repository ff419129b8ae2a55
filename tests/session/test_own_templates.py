"""Own templates, variables at send, and a template with a table of patients made into many messages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.session.conftest import a_session
from workbench.errors import InputError, StoreError
from workbench.messages import parse
from workbench.session.bulk import BulkOrder
from workbench.session.views import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.session.session import Session
    from workbench.session.views import DraftView

ED = "northgate-emergency-department"
HEADINGS = "Surname;Forename;NHS;DOB\n"


async def a_draft(session: Session, message: str = "referral-new/a1t1") -> DraftView:
    offer = await session.offer()
    return await session.new_draft(message, ED, offer.patients[1].id)


def test_a_template_is_kept_over_a_restart_and_begins_messages_of_their_own(tmp_path: Path) -> None:
    async def work() -> None:
        async with a_session(tmp_path / "workspace") as session:
            draft = await a_draft(session)
            await session.own_templates.keep(draft.id, draft.text.replace("Twisted", "Sprained"), "  My referral ")
            await session.own_templates.keep(draft.id, draft.text, "my REFERRAL")
            (one,) = await session.own_templates.all()
            assert one.title == "my REFERRAL", "the same name replaces it"
            with pytest.raises(InputError, match="needs a name"):
                await session.own_templates.keep(draft.id, draft.text, " ")
        async with a_session(tmp_path / "workspace") as session:
            (one,) = await session.own_templates.all()
            begun = [await session.own_templates.begin(one.id) for _ in range(2)]
            assert len({parse(each.text.encode()).facts.bundle_id for each in begun}) == 2
            assert begun[0].service == ED
            for each in begun:
                assert (await session.send(each.id, each.text)).tone is Tone.OK
            await session.own_templates.forget(one.id)
            assert await session.own_templates.all() == ()

    import asyncio

    asyncio.run(work())


def test_variables_are_filled_in_when_a_draft_is_judged_and_sent_and_stay_in_it(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft = await a_draft(session)
        bundle = parse(draft.text.encode()).facts.bundle_id or ""
        number = next(one for one in session._engine.directory.patients if one.id == draft.patient).nhs_number
        text = draft.text.replace(bundle, "{{new UUID}}").replace(number, "{{patient.nhs_number}}")
        assert text.count("{{") == 2
        verdict = await session.validate(draft.id, text)
        assert (verdict.text, verdict.verdict.valid) == (text, True)
        ids = set()
        for _ in range(2):
            done = await session.send(draft.id, text)
            assert done.tone is Tone.OK, done.text
            sent = (await session.detail(done.exchange)).exchange.request.body
            assert number.encode() in sent
            ids.add(parse(sent).facts.bundle_id)
        assert len(ids) == 2
        assert (await session.drafts.open(draft.id)).text == text, "the draft keeps what was typed"
        with pytest.raises(InputError, match="no variable"):
            await session.send(draft.id, text.replace("{{new UUID}}", "{{new ID}}"))

    play(work)


@pytest.mark.parametrize("typed", [False, True])
def test_a_template_and_a_table_make_messages_that_a_bulk_send_takes(
    play: Callable[..., Any], tmp_path: Path, typed: bool
) -> None:
    table = tmp_path / "patients.csv"
    table.write_text(HEADINGS + "Thistle;Rowan;999 000 1073;2001-01-31\nBirch;Ada;9990001146;1950-12-01\n", "utf-8")
    folder = tmp_path / "made"
    folder.mkdir()

    async def work(session: Session) -> None:
        draft = await a_draft(session)
        text = draft.text
        if typed:
            person = next(one for one in session._engine.directory.patients if one.id == draft.patient)
            for name in ("family", "given", "nhs_number", "birth_date"):
                text = text.replace(f'"{getattr(person, name)}"', f'"{{{{patient.{name}}}}}"')
            text = text.replace("9990001146", "{{nhs_number}}")
        made = await session.own_templates.many(draft.id, text, str(table), str(folder))
        assert [Path(one).name for one in made.paths] == ["message-00001.json", "message-00002.json"]
        messages = [json.loads(Path(one).read_text("utf-8")) for one in made.paths]
        people = [
            next(e["resource"] for e in one["entry"] if e["resource"]["resourceType"] == "Patient") for one in messages
        ]
        assert [(one["name"][0]["family"], one["birthDate"]) for one in people] == [
            ("Thistle", "2001-01-31"),
            ("Birch", "1950-12-01"),
        ]
        assert [one["identifier"][0]["value"].replace(" ", "") for one in people] == ["9990001073", "9990001146"]
        assert len({one["id"] for one in messages}) == 2
        if not typed:
            rows = await session.bulk.send("b", BulkOrder((made.folder,)))
            assert [row.tone for row in rows] == [Tone.OK, Tone.OK], rows

    play(work)


def test_a_file_that_is_no_table_of_patients_says_why(play: Callable[..., Any], tmp_path: Path) -> None:
    table = tmp_path / "patients.csv"

    async def work(session: Session) -> None:
        draft = await a_draft(session)
        for written, why in (
            ("", "row of headings"),
            ("Surname\n", "row of headings"),
            ("a,b\n1,2\n", "none of its headings"),
            ("Surname,NHS\nThistle,1,2\n", "line 2 has 3 values"),
        ):
            table.write_text(written, "utf-8")
            with pytest.raises(InputError, match=why):
                await session.own_templates.many(draft.id, draft.text, str(table), str(tmp_path))
        table.write_text(HEADINGS + "Thistle;Rowan;1;2001-01-31\n", "utf-8")
        with pytest.raises(InputError, match="Row 1 of the table"):
            await session.own_templates.many(draft.id, "{", str(table), str(tmp_path))
        with pytest.raises(StoreError):
            await session.own_templates.many(draft.id, draft.text, str(table), str(tmp_path / "none"))
        assert list(tmp_path.glob("message-*")) == []

    play(work)
