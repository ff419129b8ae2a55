"""Answers and faults on purpose as use cases, in words (answer_words), and messages sent to oneself (to_me)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from workbench.errors import InputError
from workbench.session.answer_views import RuleEdit
from workbench.session.answer_words import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from workbench.session.session import Session


def words(session: Session, page: str = "own") -> dict[str, tuple[str, str, str]]:
    book = session._parts.receiver.answers if page == "own" else session._parts.sandbox.sandbox.answers
    return {row.id: (row.when, row.kind, row.answer) for row in rows_of(book)}


def test_rules_are_said_in_words(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        found = words(session, "sandbox")
        assert found["booking-404-015"] == ("NHS number 965 849 9015", "booking", "404 REC_NOT_FOUND")
        assert found["slots-none"] == ("Service 2000073917", "GET Slot", "200, empty list")
        assert found["referral-read-405"][1:] == ("GET ServiceRequest by id", "405 REC_METHOD_NOT_ALLOWED")
        assert found["validation-full-147"][2] == "200, then full"
        assert found["booking-ok"][0] == "NHS number 965 849 9007 or no NHS number"
        id = await session.answering.keep(
            "own", RuleEdit(use_case="a4t1", how="take", interim_s=30, full_s=90, operation="process-message")
        )
        row = words(session)[id]
        assert row == ("Use case a4t1", "any message", "200, then interim after 30 s, full after 90 s")
        await session.answering.switch("own", id, False)
        assert words(session)[id][2].endswith("(off)")

    play(work)


def test_what_a_person_changes_is_kept_and_faults_are_not(play: Callable[..., Any], tmp_path: Path) -> None:
    async def change(session: Session) -> str:
        answering = session.answering
        id = await answering.keep("sandbox", RuleEdit(nhs_number="965 849 9007", status=409, why="It is full."))
        await answering.switch("sandbox", "echo", False)
        await answering.set_limit("wait_s", 9)
        await answering.set_fault("sandbox", "lost", on=True, every=5)
        assert json.loads((session._engine.workspace.folder / "answers.json").read_text("utf-8"))["sandbox"]["rules"]
        return id

    async def look(session: Session) -> None:
        rows = {row.id: row for row in rows_of(session._parts.sandbox.sandbox.answers)}
        own = [row for row in rows.values() if row.own]
        assert [(row.number, row.answer) for row in own] == [(1, "409 REC_CONFLICT")]
        assert not rows["echo"].on
        edit = await session.answering.rule("sandbox", own[0].id)
        assert (edit.nhs_number, edit.status, edit.issue, edit.why) == ("9658499007", 409, "conflict", "It is full.")
        assert {row.id: row.value for row in session.answering.limit_rows()}["wait_s"] == 9
        assert not any(row.on for row in session.answering.fault_rows("sandbox")), "faults are off after a restart"

    play(change)
    play(look)


IMPOSSIBLE = (
    (RuleEdit(nhs_number="9658499008"), "nhs_number"),
    (RuleEdit(how="empty"), "how"),
    (RuleEdit(how="empty", operation="process-message"), "how"),
    (RuleEdit(how="echo", operation="slot-search"), "how"),
    (RuleEdit(status=200), "status"),
)


def test_a_rule_that_cannot_be_is_said_where_and_not_kept(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        for edit, field in IMPOSSIBLE:
            assert [one.field for one in session.answering.check(edit)] == [field]
            with pytest.raises(InputError):
                await session.answering.keep("own", edit)
            assert not any(row.own for row in rows_of(session._parts.receiver.answers)), edit

    play(work)


def test_the_rule_that_fired_is_told_with_the_exchange_also_after_a_restart(play: Callable[..., Any]) -> None:
    rule = RuleEdit(nhs_number="965 849 9007", status=503, why="It is full.")

    async def first(session: Session) -> tuple[list[str], str]:
        exchanges = []
        patient = (await session.offer()).patients[0].id
        draft = await session.new_draft("referral-new/a1t1", "northgate-emergency-department", patient)
        number = session._engine.directory.patients[0].nhs_number
        text = draft.text.replace(number, "9658499007")
        id = await session.answering.keep("sandbox", rule)
        await session.answering.set_fault("sandbox", "wrong-type", on=True)
        for body in (text, draft.text):
            exchanges.append((await session.send(draft.id, body)).exchange)
        await session.settle()
        return exchanges, id

    async def told(session: Session, exchanges: list[str]) -> list[str]:
        await session.change_setting("masking", "false")
        plain = [(await session.detail(id)).answered_by for id in exchanges]
        await session.change_setting("masking", "true")
        return [*plain, (await session.detail(exchanges[0])).answered_by]

    exchanges, id = play(first)
    refused, taken, masked = play(lambda session: told(session, exchanges))
    words = "NHS number 965 849 9007, any call: 503 REC_SERVICE_UNAVAILABLE"
    assert refused == f"P14 instead of {id} ({words}); wrong type by fault", "the platform hides a 503"
    assert taken == "referral-new; wrong type by fault"
    assert masked == f"P14 instead of {id}; wrong type by fault", "what a rule asks for may be the number of a patient"


def test_a_rule_of_the_harness_is_edited_as_a_new_one(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        edit = await session.answering.rule("sandbox", "booking-404-015")
        assert (edit.id, edit.nhs_number, edit.status) == ("", "9658499015", 404)
        with pytest.raises(InputError):
            await session.answering.rule("sandbox", "nobody")

    play(work)


def test_the_choices_of_a_rule_are_those_that_can_be(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        choices = session.answering.choices()
        for how, _ in choices.hows:
            assert how in ("refuse", "take", "empty", "echo")
        assert all(400 <= int(status) <= 599 for status, _ in choices.statuses)
        for fault, _ in choices.faults:
            assert session.answering.check(RuleEdit(fault=fault)) == ()
        assert session.answering.describe("sandbox", "slots-none") == "Service 2000073917, GET Slot: 200, empty list"

    play(work)


def test_a_file_that_is_no_message_is_not_sent_to_oneself(play: Callable[..., Any], tmp_path: Path) -> None:
    async def work(session: Session) -> None:
        file = tmp_path / "patient.json"
        file.write_text('{"resourceType": "Patient"}', "utf-8")
        with pytest.raises(InputError):
            await session.to_me.send_file(str(file))
        with pytest.raises(InputError):
            await session.to_me.send("no-such-template/a1t1")

    play(work)
