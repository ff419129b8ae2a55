"""Conversations written out."""

from __future__ import annotations

import base64
import io
import json
import re
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
NUMBER, BORN = "9434765919", "1959-05-04"
PERSONAL = (*SEEDED, NUMBER, BORN)
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4}){3,}(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?")
Play = "Callable[..., Any]"


async def a_seeded(session: Session, noted: str = SEEDED[18]) -> str:
    """A conversation about somebody with forty personal texts, judged; its answer quotes them. `noted` is one of them,
    the note of the request."""
    own = session._engine
    answer = json.dumps({"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "invalid",
        "diagnostics": " ".join(SEEDED)}]})  # fmt: skip
    named = json.dumps({"resourceType": "Practitioner", "name": [{"family": SEEDED[27]}]})
    practitioner = base64.b64encode(named.encode()).decode()
    exchange = Exchange(
        id=own.ids(),
        seq=0,
        direction=Direction.OUT,
        environment="embedded",
        operation="process-message",
        versions=default_profile(),
        request=Request(
            "POST",
            f"https://elsewhere.example/FHIR/R4/$process-message?patient:name={SEEDED[0]}&patient:identifier=x%7C{NUMBER}",
            (("Content-Type", "application/fhir+json"), ("NHSD-Requesting-Practitioner", practitioner)),
            build(a_seeded_bundle()).source.replace(SEEDED[18].encode(), noted.encode()),
        ),
        timing=Timing(own.clock(), wait=0.1),
        response=Response(
            400,
            "Bad Request",
            (("Content-Type", "application/fhir+json"),),
            answer.encode(),
            remark=f"It quotes {SEEDED[0]} and {NUMBER}.",
        ),
    )
    await own.history.journal.answered(exchange)
    await session.settle()
    conversation = await session.conversation_of(exchange.id)
    assert conversation is not None
    return conversation


def leaks(content: bytes) -> list[str]:
    """Which texts occur: as they are, in any encoding, or in what base64 within it holds."""
    inner = (base64.b64decode(run) for run in _BASE64.findall(content))
    told = b"\n".join([content, *inner]).lower()
    return [word for word in PERSONAL if any(written.lower() in told for written in encodings(word))]


def test_what_hides_in_an_encoding_is_found() -> None:
    assert all(leaks(base64.b64encode(b"x" * n + SEEDED[0].encode() + b"yyyy")) == [SEEDED[0]] for n in range(3))
    for written in encodings(SEEDED[0]):
        assert leaks(b"<a>" + written + b"</a>") == [SEEDED[0]]
    twice = base64.b64encode(json.dumps({"value": base64.b64encode(b"about Zyxcity").decode()}).encode())
    assert leaks(twice) == ["Zyxcity"]


def test_a_masked_export_holds_no_personal_text_in_any_form(play: Play) -> None:
    async def exported(session: Session) -> None:
        id = await a_seeded(session)
        await session.listing.note(id, f"Rang {SEEDED[0]} about {NUMBER}, born {BORN}.")
        assert len(SEEDED) >= 40
        for form in ExportForm:
            content = await session.exporting.content(ExportOrder(id, form))
            assert content
            if form is ExportForm.TICKET:
                with zipfile.ZipFile(io.BytesIO(content)) as pack:
                    assert not leaks("\n".join(pack.namelist()).encode())
                    content = b"\n".join(pack.read(name) for name in pack.namelist())
            assert not leaks(content), form
        bare = await session.exporting.content(ExportOrder(id, ExportForm.JSON_LINES, unmasked=True))
        assert leaks(bare) == list(PERSONAL), "the tick is the way to have them"
        for form in (ExportForm.HAR, ExportForm.TICKET, ExportForm.JSON_LINES):
            (exchange,) = [row.exchange for row in (await session.conversation(id)).lanes.rows if row.exchange]
            content = await session.exporting.content(ExportOrder(id, form, exchange))
            if form is ExportForm.TICKET:
                with zipfile.ZipFile(io.BytesIO(content)) as pack:
                    content = b"\n".join(pack.read(name) for name in pack.namelist())
            assert not leaks(content), f"{form} of one message"

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
