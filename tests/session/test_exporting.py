"""Conversations written out."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.evidence.test_ticket import encodings
from tests.masking.test_masker import SEEDED, a_seeded_bundle
from workbench.errors import StoreError
from workbench.exchange import Direction, Exchange, Request, Response, Timing
from workbench.messages import build
from workbench.session import engine
from workbench.session.events import ExportProgress
from workbench.session.exporting import ExportForm, ExportOrder
from workbench.session.options import SessionOptions
from workbench.standard.versions import default_profile

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.session.events import SessionEvent
    from workbench.session.session import Session

QUIET = SessionOptions(start_sandbox=False, start_receiver=False)
"""Nothing listens: these read and write only."""
Play = "Callable[..., Any]"


async def a_seeded(session: Session, noted: str = SEEDED[18]) -> str:
    """A conversation about somebody with forty personal texts, judged; its answer quotes them. `noted` is one of them,
    the note of the request."""
    own = session._engine
    answer = json.dumps({"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "invalid",
        "diagnostics": " ".join(SEEDED)}]})  # fmt: skip
    exchange = Exchange(
        id=own.ids(),
        seq=0,
        direction=Direction.OUT,
        environment="embedded",
        operation="process-message",
        versions=default_profile(),
        request=Request(
            "POST",
            "https://elsewhere.example/FHIR/R4/$process-message",
            (("Content-Type", "application/fhir+json"),),
            build(a_seeded_bundle()).source.replace(SEEDED[18].encode(), noted.encode()),
        ),
        timing=Timing(own.clock(), wait=0.1),
        response=Response(400, "Bad Request", (("Content-Type", "application/fhir+json"),), answer.encode()),
    )
    await own.history.journal.answered(exchange)
    await session.settle()
    conversation = await session.conversation_of(exchange.id)
    assert conversation is not None
    return conversation


def leaks(content: bytes) -> list[str]:
    told = content.lower()
    return [word for word in SEEDED if any(written.lower() in told for written in encodings(word))]


def test_a_masked_export_holds_no_personal_text_in_any_form(play: Play) -> None:
    async def exported(session: Session) -> None:
        id = await a_seeded(session)
        assert len(SEEDED) >= 40
        for form in ExportForm:
            content = await session.exporting.content(ExportOrder(id, form))
            if form is ExportForm.TICKET:
                with zipfile.ZipFile(io.BytesIO(content)) as pack:
                    assert not leaks("\n".join(pack.namelist()).encode())
                    content = b"\n".join(pack.read(name) for name in pack.namelist())
            assert not leaks(content), form
        bare = await session.exporting.content(ExportOrder(id, ExportForm.JSON_LINES, unmasked=True))
        assert len(leaks(bare)) > len(SEEDED) * 0.9, "the tick is the way to have them"

    play(exported, options=QUIET)


def test_every_form_is_written_whole_and_says_how_far_it_is(play: Play, tmp_path: Path) -> None:
    async def exported(session: Session) -> None:
        seen: list[SessionEvent] = []
        session.subscribe(seen.append)
        id = await a_seeded(session)
        for form in ExportForm:
            file = tmp_path / f"out.{form.ending}"
            await session.exporting.save(ExportOrder(id, form), str(file))
            assert file.read_bytes() == await session.exporting.content(ExportOrder(id, form)), form
        assert next(one for one in seen if isinstance(one, ExportProgress)) == ExportProgress(id, 1, 1)
        assert sorted(one.suffix for one in tmp_path.glob("out.*")) == sorted(f".{one.ending}" for one in ExportForm)

    play(exported, options=QUIET)


def test_a_folder_that_is_not_there_is_told_and_leaves_nothing(play: Play, tmp_path: Path) -> None:
    async def refused(session: Session) -> None:
        id = await a_seeded(session)
        with pytest.raises(StoreError):
            await session.exporting.save(ExportOrder(id, ExportForm.HAR), str(tmp_path / "no" / "out.har"))
        (tmp_path / "taken.har").mkdir()
        with pytest.raises(StoreError):
            await session.exporting.save(ExportOrder(id, ExportForm.HAR), str(tmp_path / "taken.har"))
        assert [one.name for one in tmp_path.iterdir() if one.name != "workspace"] == ["taken.har"]

    play(refused, options=QUIET)


def test_one_message_can_go_alone(play: Play) -> None:
    async def exported(session: Session) -> None:
        await session.play("validation")
        await session.settle()
        id = (await session.conversations())[0].id
        view, every = await session.exporting.read(ExportOrder(id, ExportForm.CSV))
        assert len(every) == len([row for row in view.lanes.rows if row.exchange]) > 1
        ticket = await session.exporting.ticket(ExportOrder(id, ExportForm.TICKET, every[-1].exchange.id))
        assert [leg.exchange.id for leg in ticket.legs] == [every[-1].exchange.id]
        assert dict(ticket.versions)["BaRS Workbench"]
        assert ticket.masked
        assert every[-1].masked

    play(exported)


def test_a_conversation_is_found_by_the_first_letters_of_its_id(play: Play) -> None:
    async def found(session: Session) -> None:
        id = await a_seeded(session)
        assert await session.exporting.conversations_like(id[:6]) == (id,)
        assert await session.exporting.conversations_like("none") == ()

    play(found, options=QUIET)


def test_what_was_written_about_a_conversation_goes_with_it_masked(play: Play) -> None:
    async def exported(session: Session) -> None:
        id = await a_seeded(session)
        await session.listing.note(id, f"Ask about {SEEDED[0]} and 943 476 5919")
        for unmasked in (False, True):
            ticket = await session.exporting.ticket(ExportOrder(id, ExportForm.TICKET, unmasked=unmasked))
            (note,) = ticket.notes
            assert note.startswith("Ask about ")
            assert (SEEDED[0] in note) is unmasked
            assert ("943 476 5919" in note) is unmasked

    play(exported, options=QUIET)


def test_large_conversations_are_masked_and_written_in_a_process_of_its_own(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def exported(session: Session) -> None:
        id = await a_seeded(session)
        order = ExportOrder(id, ExportForm.HAR)
        here = await session.exporting.content(order)
        monkeypatch.setattr(engine, "IN_THREAD", 0)
        assert await session.exporting.content(order) == here
        assert not leaks(here)

    play(exported, options=QUIET)
