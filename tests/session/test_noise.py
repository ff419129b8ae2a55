"""Layers that are switched off and silenced findings: kept in the workspace, told with their reason."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.session.conftest import a_session
from workbench.errors import ConfigError, InputError
from workbench.messages import Finding, Layer, Severity

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from workbench.session.session import Session
    from workbench.session.views import DraftView

SERVICE = "northgate-emergency-department"


async def a_bad_draft(session: Session) -> tuple[DraftView, str]:
    """A draft for the service, and its text with a focus that leads nowhere."""
    offer = await session.offer()
    choice = next(one.id for one in offer.messages if one.id.startswith("referral-full/"))
    draft = await session.new_draft(choice, SERVICE, offer.patients[0].id)
    message = json.loads(draft.text)
    message["entry"][0]["resource"]["focus"][0]["reference"] = "urn:uuid:00000000-0000-4000-8000-000000000000"
    return draft, json.dumps(message, indent=2)


def errors(findings: tuple[Finding, ...]) -> list[Finding]:
    return [one for one in findings if one.severity is Severity.ERROR]


def test_silenced_findings_do_not_count_and_are_told_apart(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft, text = await a_bad_draft(session)
        before = await session.validate(draft.id, text)
        wrong = errors(before.verdict.findings)
        assert wrong
        assert "accepts" not in before.likely
        for finding in wrong:
            view = await session.silence(SERVICE, finding, path="", reason=" They know ", by="A. Tester")
        assert {one.reason for one in view.silences} == {"They know"}
        after = await session.validate(draft.id, text)
        assert not errors(after.verdict.findings)
        assert {one.finding for one in after.silenced} == set(wrong)
        assert "accepts" in after.likely
        for silence in view.silences:
            view = await session.unsilence(silence)
        assert view.silences == ()
        again = await session.validate(draft.id, text)
        assert errors(again.verdict.findings) == wrong

    play(work)


def test_what_was_sent_to_the_service_is_shown_without_it_too(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft, text = await a_bad_draft(session)
        sent = await session.send(draft.id, text)
        await session.settle()
        before = await session.detail(sent.exchange)
        assert before.silenced == ()
        wrong = errors(before.verdict.findings)
        assert wrong
        for finding in wrong:
            await session.silence(SERVICE, finding, path="", reason="Known", by="A. Tester")
        after = await session.detail(sent.exchange)
        assert not errors(after.verdict.findings)
        assert {one.finding for one in after.silenced} == set(wrong)
        assert {one.silence.words.rpartition(", ")[0] for one in after.silenced} == {"silenced: Known, A. Tester"}
        told = [words for _, words in before.chips if "error" in words]
        assert told
        assert not [words for _, words in after.chips if "error" in words]

    play(work)


def test_another_service_hears_of_it_all_the_same(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft, text = await a_bad_draft(session)
        wrong = errors((await session.validate(draft.id, text)).verdict.findings)
        other = next(one.id for one in await session.services() if one.id != SERVICE and not one.own)
        await session.silence(other, wrong[0], path="", reason="Known", by="")
        found = await session.validate(draft.id, text)
        assert errors(found.verdict.findings) == wrong
        assert found.silenced == ()

    play(work)


@pytest.mark.parametrize(
    ("changes", "words", "cause"),
    [
        ({"severity": Severity.FATAL}, {"reason": "Known", "path": ""}, "nobody's known noise"),
        ({}, {"reason": "  ", "path": ""}, "a reason is needed"),
        ({}, {"reason": "Known", "path": "Patient.*"}, "does not fit"),
    ],
)
def test_what_cannot_be_silenced_is_refused(
    play: Callable[..., Any], changes: dict[str, Severity], words: dict[str, str], cause: str
) -> None:
    async def work(session: Session) -> None:
        draft, text = await a_bad_draft(session)
        finding = errors((await session.validate(draft.id, text)).verdict.findings)[0]
        with pytest.raises(InputError, match=cause):
            await session.silence(SERVICE, replace(finding, **changes), by="", **words)
        with pytest.raises(ConfigError):
            await session.silence("nobody", finding, path="", reason="Known", by="")

    play(work)


def test_everything_is_there_again_at_the_next_start(tmp_path: Path) -> None:
    async def first(session: Session) -> None:
        draft, text = await a_bad_draft(session)
        finding = errors((await session.validate(draft.id, text)).verdict.findings)[0]
        await session.silence(SERVICE, finding, path="", reason="Known", by="A. Tester")
        view = await session.switch_layers(frozenset({Layer.HARNESS, Layer.CODES}))
        assert view.off == {Layer.HARNESS, Layer.CODES}
        assert view.may_keep

    async def second(session: Session) -> None:
        view = await session.noise()
        assert view.off == {Layer.HARNESS, Layer.CODES}
        assert [(one.service, one.by) for one in view.silences] == [(SERVICE, "A. Tester")]
        assert (await session.services())[0].name, "the services are as they were"

    def run(work: Callable[[Session], Awaitable[None]], **environ: str) -> None:
        async def whole() -> None:
            async with a_session(tmp_path / "team", **environ) as session:
                await work(session)

        asyncio.run(whole())

    run(first)
    run(second)

    async def overridden(session: Session) -> None:
        view = await session.noise()
        assert (view.off, view.may_keep) == ({Layer.PROFILE}, False)
        assert (await session.switch_layers(frozenset())).off == frozenset(), "for this run it can be changed"

    run(overridden, BARS_WORKBENCH_HIDDEN_LAYERS="profile")
    run(second)
