"""What the session shows of people while they are masked."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING

from tests.masking.test_masker import SEEDED, a_seeded_bundle
from tests.session.test_exporting import QUIET, a_seeded
from workbench.evidence.verdicts import FileVerdict
from workbench.messages import build, parse
from workbench.session.answer_views import RuleEdit
from workbench.session.call_views import CallOrder
from workbench.session.events import FileJudged, Noticed, StatusChanged
from workbench.session.views import Tone

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.session.session import Session

Play = "Callable[..., Any]"


def texts(value: object) -> str:
    """Every text that a value holds, however deep."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return "\n".join(f"{name}\n{texts(held)}" for name, held in value.items())
    if isinstance(value, tuple | list):
        return "\n".join(texts(one) for one in value)
    if is_dataclass(value):
        return "\n".join(texts(getattr(value, one.name)) for one in fields(value))
    return str(value)


def leaks(*values: object) -> list[str]:
    told = texts(values)
    return [word for word in SEEDED if word in told]


def test_a_masked_detail_holds_nobody(play: Play) -> None:
    async def shown(session: Session) -> None:
        id = await a_seeded(session)
        raw = await session.detail(id)
        assert len(leaks(raw)) > 30
        assert raw.verdict is not None
        await session.change_setting("masking", "true")
        detail = await session.detail(id)
        assert detail.masked
        assert not leaks(detail, await session.conversation(id))
        assert detail.verdict is not None
        assert [one.rule for one in detail.verdict.findings] == [one.rule for one in raw.verdict.findings]
        assert not leaks(await session.foreign.curl(id))

    play(shown, options=QUIET)


def test_places_of_findings_are_those_of_the_masked_text(play: Play) -> None:
    async def placed(session: Session) -> None:
        id = await a_seeded(session)
        await session.change_setting("masking", "true")
        detail = await session.detail(id)
        assert detail.verdict is not None
        assert detail.request is not None
        found = [one for one in detail.verdict.findings if one.place is not None]
        assert found
        assert all(one.place == detail.request.place(one.path) for one in found)
        assert all(one.fix is None for one in detail.verdict.findings)

    play(placed, options=QUIET)


def test_the_same_person_has_the_same_masks_everywhere(play: Play) -> None:
    async def consistent(session: Session) -> None:
        await session.play("validation")
        await session.settle()
        await session.change_setting("masking", "true")
        id = (await session.conversations())[0].id
        view = await session.conversation(id)
        details = [await session.detail(row.exchange) for row in view.lanes.rows if row.exchange]
        facts = [one.request.facts for one in details if one.request is not None]
        numbers = {one.nhs_number for one in facts if one.nhs_number}
        names = {one.patient_name for one in facts if one.patient_name}
        assert len(numbers) == len(names) == 1
        assert next(iter(numbers)).startswith("999")

    play(consistent)


def test_comparing_shows_nobody_either(play: Play) -> None:
    async def compared(session: Session) -> None:
        one, other = await a_seeded(session), await a_seeded(session)
        assert leaks(await session.comparing.compare((one, "response"), (other, "request")))
        await session.change_setting("masking", "true")
        found = await session.comparing.compare((one, "response"), (other, "request"))
        assert found is not None
        assert found.telling
        assert not leaks(found)

    play(compared, options=QUIET)


def test_one_message_can_be_asked_for_unmasked(play: Play) -> None:
    async def bare(session: Session) -> None:
        id = await a_seeded(session)
        await session.change_setting("masking", "true")
        detail = await session.detail(id, unmasked=True)
        assert not detail.masked
        assert leaks(detail)
        assert (await session.detail(id)).masked

    play(bare, options=QUIET)


def test_the_switch_is_told_to_the_shell_and_stays(play: Play) -> None:
    async def switched(session: Session) -> None:
        seen: list[bool] = []
        session.subscribe(lambda event: seen.append(event.status.masked) if isinstance(event, StatusChanged) else None)
        assert not (await session.status()).masked
        await session.change_setting("masking", "true")
        assert (await session.status()).masked
        assert seen[-1]

    play(switched, options=QUIET)


def test_comparing_tells_how_much_the_masks_hide(play: Play) -> None:
    async def compared(session: Session) -> None:
        one, other = await a_seeded(session), await a_seeded(session, noted=SEEDED[18][::-1])
        pair = ((one, "request"), (other, "request"))
        raw = await session.comparing.compare(*pair)
        assert raw is not None
        await session.change_setting("masking", "true")
        found = await session.comparing.compare(*pair)
        assert found is not None
        assert dict(found.hidden)["masked differences"] == len(raw.telling) - len(found.telling) > 0

    play(compared, options=QUIET)


def test_a_form_can_be_sent_while_people_are_masked_and_goes_out_as_it_is(play: Play) -> None:
    async def called(session: Session) -> None:
        service = (await session.services())[0].id
        bare = await session.calls.form("appointment-search", service, "1.1.0")
        await session.change_setting("masking", "true")
        form = await session.calls.form("appointment-search", service, "1.1.0")
        assert form.masked
        values = tuple((field.key, field.value) for field in form.fields)
        (real,) = [field.value for field in bare.fields if field.key == "patient:identifier"]
        assert dict(values)["patient:identifier"] != real
        named = (*((key, value) for key, value in values if key != "patient:name"), ("patient:name", "Zyxfamily"))
        order = CallOrder(form.call.id, service, "1.1.0", named)
        preview = await session.calls.preview(order)
        number = real.rpartition("|")[2]
        assert number not in preview.url
        assert "Zyxfamily" not in preview.url
        answer = await session.make_call(order)
        assert answer.masked
        sent = await session._engine.history.queries.exchange(answer.result.exchange)
        assert number in sent.request.url, "what is left as it is shown is sent as it is"
        assert "Zyxfamily" in sent.request.url
        assert not leaks(await session.detail(answer.result.exchange))
        shown = await session.calls.recalled(order, unmasked=True)
        assert dict(shown.values)["patient:identifier"] == real

    play(called)


def test_a_message_in_a_form_that_is_left_alone_is_sent_as_it_is(play: Play) -> None:
    async def called(session: Session) -> None:
        service = "northgate-emergency-department"
        await session.change_setting("masking", "true")
        bare = await session.calls.form("process-message", service, "1.0.0", unmasked=True)
        form = await session.calls.form("process-message", service, "1.0.0")
        assert not bare.masked
        family = str(parse(bare.body.encode()).facts.patient_name).partition(",")[0]
        assert family in bare.body
        assert family not in form.body
        answer = await session.make_call(CallOrder("process-message", service, "1.0.0", body=form.body))
        sent = await session._engine.history.queries.exchange(answer.result.exchange)
        assert family.encode() in sent.request.body

    play(called)


def test_a_rule_about_somebody_keeps_the_number_that_was_shown_masked(play: Play) -> None:
    async def kept(session: Session) -> None:
        id = await session.answering.keep("own", RuleEdit(nhs_number="9434765919", status=503))
        await session.change_setting("masking", "true")
        edit = await session.answering.rule("own", id)
        assert edit.nhs_number.startswith("999")
        page = await session.receiver_page("own")
        assert not [row for row in page.answers if "943 476 5919" in row.when]
        assert not session.answering.check(edit)
        await session.answering.keep("own", replace(edit, status=500))
        await session.change_setting("masking", "false")
        assert (await session.answering.rule("own", id)).nhs_number == "9434765919"

    play(kept, options=QUIET)


def test_the_note_of_a_conversation_is_shown_masked_and_kept_as_it_is(play: Play) -> None:
    async def noted(session: Session) -> None:
        id = await a_seeded(session)
        await session.listing.note(id, "Rang Zyxfamily of Zyxcity.")
        assert await session.masking.note(id) == ("Rang Zyxfamily of Zyxcity.", False)
        await session.change_setting("masking", "true")
        shown = await session.masking.note(id)
        assert shown.masked
        assert not leaks(shown.text)
        assert shown.text.startswith("Rang ")
        assert await session.masking.note(id, unmasked=True) == ("Rang Zyxfamily of Zyxcity.", False)

    play(noted, options=QUIET)


def test_notices_and_results_name_nobody(play: Play) -> None:
    async def heard(session: Session) -> None:
        await session.change_setting("masking", "true")
        seen: list[str] = []
        end = session.subscribe(lambda event: seen.append(event.title) if isinstance(event, Noticed) else None)
        session._engine.publish(Noticed(Tone.ERROR, "About 943 476 5919.", ""))
        end()
        session._engine.publish(Noticed(Tone.ERROR, "Not heard.", ""))
        assert len(seen) == 1
        assert "943 476 5919" not in seen[0]
        assert seen[0].startswith("About 999")

    play(heard, options=QUIET)


def test_findings_on_files_name_nobody(play: Play, tmp_path: Path) -> None:
    async def judged(session: Session) -> None:
        file = tmp_path / "one.json"
        source = json.loads(build(a_seeded_bundle()).source)
        source["entry"][0]["resource"]["birthDate"] = "Zyxfamily"
        file.write_text(json.dumps(source), encoding="utf-8")
        told: list[object] = []
        session.subscribe(lambda event: told.append(event.file) if isinstance(event, FileJudged) else None)
        await session.judge_files("a", (str(file),))
        await session.change_setting("masking", "true")
        await session.judge_files("b", (str(file),))
        raw, masked = told
        assert isinstance(raw, FileVerdict)
        assert isinstance(masked, FileVerdict)
        assert leaks([one.text for one in raw.verdict.findings])
        assert not leaks([(one.text, one.path, one.resource) for one in masked.verdict.findings])
        assert [one.rule for one in masked.verdict.findings] == [one.rule for one in raw.verdict.findings]

    play(judged, options=QUIET)
