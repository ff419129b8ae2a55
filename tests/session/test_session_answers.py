"""Official files and defects through the whole program: what the sandbox answers is what the verdict said it would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from workbench.messages import Severity, parse
from workbench.messages.outcome import issues

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.session.session import Session
    from workbench.session.views import DraftView

OFFICIAL = {
    "BOOKREQ01": (200, ""),
    "REFREQ01": (200, ""),
    "REFREQ02": (200, ""),
    "REFREQ03": (200, ""),
    "REFREQ04": (400, "REC_BAD_REQUEST"),  # a clinical status without its code system
    "REFREQ8A": (200, ""),
    "REFREQ11": (400, "REC_BAD_REQUEST"),  # two of the services it offers are not in it
    "REFRESP01": (404, "REC_NOT_FOUND"),  # answers a message that the sandbox never sent
    "SERVREQ01": (400, "REC_BAD_REQUEST"),  # withdraws a referral without naming its id
    "VALREQ01": (200, ""),
    "VALREQ02": (404, "REC_NOT_FOUND"),  # updates a referral that was never made
    "VALRESP01": (200, ""),
    "VALRESP01A": (404, "REC_NOT_FOUND"),  # answers a message that the sandbox never sent
    "VALRESP02": (404, "REC_NOT_FOUND"),  # answers a message that the sandbox never sent
    "request__Booking": (400, "REC_BAD_REQUEST"),  # a source address that is no identifier
    "request__ValidationRequest": (422, "REC_UNPROCESSABLE_ENTITY"),  # version 1.1.0-alpha of an Application
    "response__Booking": (400, "REC_BAD_REQUEST"),  # no version of an Application
}


def test_every_official_file_opens_with_tree_summary_and_findings(play: Callable[..., Any], shared: Path) -> None:
    files = sorted(f for f in (shared / "data" / "examples").rglob("*") if f.suffix in (".json", ".xml"))
    assert len(files) > 100

    async def work(session: Session) -> None:
        for file in files:
            draft = await session.open_file(str(file))
            verdict = await session.validate(draft.id, draft.text)
            assert verdict.summary is not None, file.name
            assert verdict.summary.title, file.name
            assert verdict.summary.sentence, file.name
            assert parse(draft.text.encode()).place(draft_root(draft)) is not None, file.name
            assert all(one.path and one.text and one.place for one in verdict.verdict.findings), file.name

    play(work)


def draft_root(draft: DraftView) -> str:
    """The name of the resource a draft holds, which is the first path of its tree."""
    return str(parse(draft.text.encode()).resource["resourceType"])


def test_every_official_message_gets_the_answer_its_defects_call_for(
    play: Callable[..., Any], tmp_path: Path, shared: Path
) -> None:
    """Each is addressed to a service of the sandbox that takes its use case: theirs are in no directory."""
    files = sorted(f for f in (shared / "data" / "examples").rglob("*") if f.suffix in (".json", ".xml"))
    messages = [file for file in files if parse(file.read_bytes()).facts.event is not None]

    async def work(session: Session) -> None:
        for file in messages:
            await session.reset_state("sandbox")
            name = file.name.partition(" ")[0].removeprefix("process_message__")
            service, source = addressed(session, file.read_bytes())
            path = tmp_path / file.name
            path.write_bytes(source)
            done = await session.send_file(str(path), service=service)
            (row, *_) = await session.conversations()
            view = await session.conversation(row.id)
            *_, leg = (row.exchange for row in view.lanes.rows if row.exchange and row.from_sender)
            answer = (await session.detail(leg)).response
            assert answer is not None, file
            code = next((one.details_code for one in issues(answer.resource)), "")
            assert (done.line.status, code) == OFFICIAL[name], file

    play(work)
    assert {file.name.partition(" ")[0].removeprefix("process_message__") for file in messages} == set(OFFICIAL)


def addressed(session: Session, source: bytes) -> tuple[str, bytes]:
    """The service of the sandbox for a message, and the message with its destination changed to it."""
    facts = parse(source).facts
    services = session._engine.directory.services
    takers = (one for one in services.all() if one.role == "receiver" and facts.use_case in one.use_cases)
    service = next(takers, services.find("northgate-emergency-department"))
    theirs = (facts.destination_endpoint or "").encode()
    return service.id, source.replace(theirs, f"{service.system}|{service.value}".encode()) if theirs else source


@pytest.mark.parametrize(
    ("spoilt", "instead", "status"),
    [
        ('"value": "9990001073"', '"value": "9990001074"', 200),  # a wrong check digit, which a receiver forgives
        ('"code": "servicerequest-request"', '"code": "servicerequest-asking"', 400),
        ('"type": "message"', '"type": "collection"', 400),
    ],
)
def test_what_a_correct_receiver_would_answer_is_what_the_sandbox_answers(
    play: Callable[..., Any], spoilt: str, instead: str, status: int
) -> None:
    async def work(session: Session) -> None:
        offer = await session.offer("referral-full/a1t1")
        service = next(one.id for one in offer.services if not one.reason)
        patient = next(one.id for one in offer.patients if "9990001073" in one.subtitle.replace(" ", ""))
        draft = await session.new_draft("referral-full/a1t1", service, patient)
        assert spoilt in draft.text
        text = draft.text.replace(spoilt, instead)
        verdict = await session.validate(draft.id, text)
        assert [one for one in verdict.verdict.findings if one.severity is Severity.ERROR]
        assert ("accepts" in verdict.likely) is (status == 200)
        assert status == 200 or f"answers {status}" in verdict.likely
        assert f": {status} in" in (await session.send(draft.id, text)).text

    play(work)


def test_half_a_character_in_a_message_is_answered_and_kept(play: Callable[..., Any]) -> None:
    """Valid JSON can hold `\\ud800`, which no UTF-8 text can; the message is judged and answered like any other."""

    async def work(session: Session) -> None:
        offer = await session.offer("referral-full/a1t1")
        service = next(one.id for one in offer.services if not one.reason)
        draft = await session.new_draft("referral-full/a1t1", service, offer.patients[0].id)
        family = draft.text.split('"family": "', 1)[1].split('"', 1)[0]
        text = draft.text.replace(f'"family": "{family}"', '"family": "\\ud800"')
        sent = await session.send(draft.id, text)
        assert ": 200 in" in sent.text or ": 400 in" in sent.text
        await session.settle()
        (row, *_) = await session.conversations(None, "", 10)
        view = await session.conversation(row.id)
        assert view.lanes.rows
        detail = await session.detail(sent.exchange)
        assert b"\\ud800" in detail.exchange.request.body, "the bytes are kept as they went"

    play(work)


def test_every_official_message_that_is_sent_to_the_own_receiver_is_logged_judged_and_answered(
    play: Callable[..., Any], shared: Path
) -> None:
    files = sorted(f for f in (shared / "data" / "examples").rglob("*") if f.suffix in (".json", ".xml"))
    messages = [file for file in files if parse(file.read_bytes()).facts.event is not None]

    async def work(session: Session) -> None:
        statuses = [(await session.to_me.send_file(str(file))).status for file in messages]
        await session.settle()
        log = (await session.receiver_page("own")).log[::-1]
        assert [int(entry.status[:3]) for entry in log] == statuses
        assert {200, 400} <= set(statuses) <= {200, 400, 404, 409, 422}
        assert all(entry.answered_by and entry.about for entry in log)
        assert all([(await session.detail(entry.exchange)).verdict is not None for entry in log])

    play(work)
