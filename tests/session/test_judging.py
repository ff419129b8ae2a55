"""Verdicts on drafts as pure functions: what stands beside them, giving one up, and large texts."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import a_setting
from tests.correlation.builders import VERSIONS, an_exchange
from tests.session.conftest import new_id, now
from workbench.compose import compose, update
from workbench.directory import Identity
from workbench.exchange import Direction
from workbench.messages import Severity, parse
from workbench.rules import profile_of
from workbench.rules.engine import UnwantedError
from workbench.session import composing, engine, judging
from workbench.session.judging import ACCEPTS, draft_verdict, exchange_verdicts, large_draft_verdict
from workbench.standard import default_profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.session.session import Session

TEXT = compose("referral-full", a_setting(), now=now(), ids=new_id).text
IDENTITY = Identity("mock", "Mock", "ZZ1", "mock")


def without_id() -> str:
    bundle = json.loads(TEXT)
    del bundle["id"]
    return json.dumps(bundle, indent=2)


def given(text: str) -> tuple[Any, ...]:
    return "draft", None, text, IDENTITY, default_profile(), False


def test_a_verdict_names_the_resources_that_findings_are_in() -> None:
    found = draft_verdict(*given(without_id()))
    assert dict(found.owners)["Bundle"] == "the message"
    assert "BUN-003" in {one.rule for one in found.verdict.findings}
    assert found.message is not None
    assert not found.too_large


def test_the_other_side_is_asked_only_where_something_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    real = judging.judge

    def judge(*args: Any, **named: Any) -> Any:
        asked.append(args)
        return real(*args, **named)

    monkeypatch.setattr(judging, "judge", judge)
    good = draft_verdict(*given(TEXT))
    assert (good.verdict.valid, good.likely, len(asked)) == (True, ACCEPTS, 1)
    bad = draft_verdict(*given(without_id()))
    assert bad.likely.startswith("A correct receiver answers 4")
    assert len(asked) == 3


@pytest.mark.parametrize(("direction", "answered"), [("in", False), ("in", True), ("out", False)])
def test_what_came_and_was_never_answered_is_judged_by_the_versions_it_names(direction: str, answered: bool) -> None:
    exchange = an_exchange("one", direction=Direction(direction), body=TEXT.encode())
    if not answered:
        exchange = replace(exchange, response=None)
    verdict = exchange_verdicts(exchange, None).request
    assert verdict is not None
    unknown_so_far = direction == "in" and not answered
    assert verdict.versions == (profile_of(parse(TEXT.encode()).facts, VERSIONS) if unknown_so_far else VERSIONS)
    assert (verdict.versions.application == 1) is unknown_so_far


def test_an_unreadable_text_has_a_verdict_too() -> None:
    found = draft_verdict(*given("{"))
    assert found.message is None
    assert [one.severity for one in found.verdict.findings if one.rule.startswith("SYN")] == [Severity.FATAL]
    assert found.likely.startswith("A correct receiver answers 400")


def test_a_verdict_that_nobody_wants_is_given_up() -> None:
    with pytest.raises(UnwantedError):
        draft_verdict(*given(TEXT), unwanted=lambda: True)


def test_the_answer_on_a_large_text_is_small() -> None:
    whole, small = draft_verdict(*given(TEXT)), large_draft_verdict(*given(TEXT))
    assert (small.message, small.text, small.too_large) == (None, "", True)
    assert small.verdict.findings == whole.verdict.findings
    assert small.summary == whole.summary


def test_large_drafts_are_judged_in_a_worker_and_keep_their_text(
    play: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "IN_THREAD", 1000)
    monkeypatch.setattr(composing, "IN_THREAD", 1000)

    async def work(session: Session) -> None:
        offer = await session.offer()
        draft = await session.new_draft(offer.messages[0].id, offer.services[0].id, offer.patients[0].id)
        found = await session.validate(draft.id, draft.text)
        assert (found.too_large, found.text) == (True, draft.text)

    play(work)


@pytest.mark.parametrize("kept", [True, False])
def test_an_update_that_keeps_its_bundle_id_is_compared_with_what_it_follows_and_a_copy_is_not(kept: bool) -> None:
    before = compose("referral-cad", a_setting("a6t1"), now=now(), ids=new_id)
    later = json.loads(update(before, before, now=now(), ids=new_id).text)
    assert later["id"] == before.facts.bundle_id, "Application 6 keeps the id of its series"
    if not kept:
        later["id"] = new_id()
    header = next(entry["resource"] for entry in later["entry"] if entry["resource"]["resourceType"] == "MessageHeader")
    header["definition"] = f"{header['definition']}-of-another"
    found = draft_verdict(*given(json.dumps(later)), original=before.source)
    assert "WFL-107" in {one.rule for one in found.verdict.findings}
    copy = draft_verdict(*given(json.dumps(later)), original=json.dumps(later).encode())
    assert "WFL-107" not in {one.rule for one in copy.verdict.findings}


def test_cancelling_tells_the_judging_thread(play: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Callable[[], bool]] = []

    def slow(*args: Any) -> Any:
        unwanted = next(one for one in args if callable(one))
        seen.append(unwanted)
        while not unwanted():
            pass
        raise UnwantedError

    monkeypatch.setattr(composing, "draft_verdict", slow)

    async def work(session: Session) -> None:
        offer = await session.offer()
        draft = await session.new_draft(offer.messages[0].id, offer.services[0].id, offer.patients[0].id)
        task = asyncio.ensure_future(session.validate(draft.id, draft.text))
        while not seen:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert seen[0]()

    play(work)
