"""Break it in a session: the menu of a draft, text and headers broken and taken back, and none of it in production."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.session.test_noise import SERVICE, a_bad_draft
from workbench.compose.mutations import Group
from workbench.errors import InputError
from workbench.headers import HeaderChoices
from workbench.messages import parse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.session.session import Session
    from workbench.session.views import DraftVerdict, DraftView


async def a_draft(session: Session) -> DraftView:
    offer = await session.offer()
    choice = next(one.id for one in offer.messages if one.id.startswith("referral-full/"))
    return await session.new_draft(choice, SERVICE, offer.patients[0].id)


def names_of(verdict: DraftVerdict) -> set[str]:
    return {one.name for one in verdict.headers}


def test_the_menu_names_faults_by_group_with_what_is_answered(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft = await a_draft(session)
        menu = await session.breaking.menu(draft.id, draft.text)
        assert menu.reason == ""
        assert list(dict.fromkeys(one.group for one in menu.choices)) == [str(group) for group in Group]
        (event,) = [one for one in menu.choices if one.id == "wrong-event"]
        assert event.subtitle.startswith("A correct receiver answers 400 (REC_BAD_REQUEST); MSG-013. The event ")
        assert not [one for one in menu.choices if one.id == "dangling-slot"]

    play(work)


def test_a_text_that_is_no_message_has_no_menu(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft = await a_draft(session)
        menu = await session.breaking.menu(draft.id, draft.text[:100])
        assert menu.choices == ()
        assert "cannot be read" in menu.reason
        with pytest.raises(InputError):
            await session.breaking.apply(draft.id, draft.text[:100], "wrong-event")

    play(work)


def test_a_broken_text_is_handed_back_and_its_answer_is_that_of_the_sandbox(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft = await a_draft(session)
        broken = await session.breaking.apply(draft.id, draft.text, "wrong-event")
        assert not broken.headers
        assert broken.label == "Break it: Wrong event"
        assert parse(broken.text.encode()).facts.event == "booking-request"
        verdict = await session.validate(draft.id, broken.text)
        assert verdict.likely.startswith(broken.expected)
        sent = await session.send(draft.id, broken.text)
        assert "400" in sent.text

    play(work)


def test_broken_headers_are_kept_with_the_draft_and_can_be_taken_back(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft = await a_draft(session)
        await session.drafts.change_header(draft.id, "X-Own", "1")
        broken = await session.breaking.apply(draft.id, draft.text, "no-organisation-header")
        assert (broken.headers, broken.text) == (True, draft.text)
        verdict = await session.validate(draft.id, draft.text)
        assert "NHSD-End-User-Organisation" not in names_of(verdict)
        assert "X-Own" in names_of(verdict)
        await session.breaking.take_back(draft.id)
        verdict = await session.validate(draft.id, draft.text)
        assert {"NHSD-End-User-Organisation", "X-Own"} <= names_of(verdict)
        assert verdict.choices == HeaderChoices((("X-Own", "1"),))
        await session.breaking.take_back(draft.id)
        assert (await session.validate(draft.id, draft.text)).choices == verdict.choices

    play(work)


def test_a_broken_header_is_broken_anew_from_what_is_composed(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft = await a_draft(session)
        for id in ("organisation-not-encoded", "organisation-without-name", "no-organisation-header"):
            await session.breaking.apply(draft.id, draft.text, id)
        assert (await session.validate(draft.id, draft.text)).choices.absent == {"NHSD-End-User-Organisation"}

    play(work)


def test_without_a_service_there_are_no_headers_to_break(play: Callable[..., Any], tmp_path: Path) -> None:
    async def work(session: Session) -> None:
        path = tmp_path / "own.json"
        path.write_text((await a_draft(session)).text.replace("2000011147", "9999999998"), "utf-8")
        draft = await session.open_file(str(path))
        assert draft.service == ""
        groups = {one.group for one in (await session.breaking.menu(draft.id, draft.text)).choices}
        assert groups == {str(group) for group in Group} - {"Headers", "Ids"}

    play(work)


def test_a_fault_that_does_not_fit_is_refused(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft = await a_draft(session)
        with pytest.raises(InputError, match=r"Appointment\.slot\.reference"):
            await session.breaking.apply(draft.id, draft.text, "dangling-slot")
        with pytest.raises(KeyError):
            await session.breaking.apply(draft.id, draft.text, "no-such-fault")

    play(work)


def test_nothing_is_broken_in_production(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft, text = await a_bad_draft(session)
        await session.choose_environment("production")
        menu = await session.breaking.menu(draft.id, text)
        assert menu.choices == ()
        assert "off in production" in menu.reason
        with pytest.raises(InputError, match="production"):
            await session.breaking.apply(draft.id, text, "wrong-event")

    play(work)
