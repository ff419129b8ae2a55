"""Messages of the timeline held against each other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.messages.test_diff import a_message, resource
from workbench.messages import Finding, Layer, Severity, Source, build, parse
from workbench.session.comparing import REQUEST, TEMPLATE, compared

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.session.session import Session

GOOD = a_message()
BIRTH = "Bundle.entry[2].resource.birthDate"
BAD = a_message(birthDate="03/02/1990")
OUTCOME = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "invalid", "diagnostics": "No."}],
}


def test_a_refused_message_tells_what_may_explain_it() -> None:
    found = Finding("PAT-009", Severity.ERROR, Layer.BARS, BIRTH, "Bad.", Source("a", "1"))
    result = compared(build(GOOD).source, build(BAD).source, json.dumps(OUTCOME).encode(), (found,), True)
    assert result is not None
    assert [one.reasons for one in result.suspects] == [("PAT-009: Bad.",)]
    assert result.refused


def test_an_accepted_message_is_not_explained() -> None:
    result = compared(build(GOOD).source, build(BAD).source, b"", (), False)
    assert result is not None
    assert result.suspects == ()
    assert len(result.telling) == 1


def test_noise_is_counted_and_kept_apart() -> None:
    other = a_message()
    resource(other, 0)["meta"] = {"lastUpdated": "2026-02-02T10:00:00Z"}
    result = compared(build(GOOD).source, build(other).source, b"", (), False)
    assert result is not None
    assert result.telling == ()
    assert result.hidden == (("last-updated times", 1),)
    assert len(result.noise) == 1


def test_what_is_not_fhir_is_not_compared() -> None:
    assert compared(b"{", build(GOOD).source, b"", (), False) is None


def test_a_message_is_as_its_template_made_it_until_somebody_changes_it(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        offer = await session.offer("referral-full/a1t1")
        service = next(one.id for one in offer.services if not one.reason)
        draft = await session.new_draft("referral-full/a1t1", service, offer.patients[0].id)
        plain = await session.send(draft.id, draft.text)
        changed = await session.send(draft.id, draft.text.replace('"female"', '"other"', 1))
        told = []
        for sent in (plain, changed):
            (template,) = [
                pick
                for pick in (await session.comparing.page(sent.exchange)).picks
                if pick.exchange.startswith(TEMPLATE)
            ]
            result = await session.comparing.compare((template.exchange, template.part), (sent.exchange, REQUEST))
            told.append([(change.left, change.right) for change in result.telling])
        assert told == [[], [("female", "other")]]

    play(work)


def test_messages_of_other_conversations_are_offered(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        first = await session.run_scenario("refer-only")
        second = await session.run_scenario("validation")
        mine = [row.exchange for row in (await session.conversation(second.conversation)).lanes.rows if row.exchange]
        offered = await session.comparing.others(mine[-1])
        assert offered
        assert not {choice.id for choice in offered} & set(mine)
        assert all(choice.group.startswith("111 to ED") for choice in offered)
        theirs = [row.exchange for row in (await session.conversation(first.conversation)).lanes.rows]
        assert {choice.id for choice in offered} <= set(theirs)
        pick = await session.comparing.pick(offered[0].id)
        assert pick.title.startswith(offered[0].title)
        assert await session.comparing.compare((pick.exchange, pick.part), (mine[-1], REQUEST)) is not None

    play(work)


def test_a_renewed_message_is_one_of_its_own(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        offer = await session.offer("referral-new/a1t1")
        service = next(one.id for one in offer.services if not one.reason)
        draft = await session.new_draft("referral-new/a1t1", service, offer.patients[0].id)
        sent = await session.send(draft.id, draft.text)
        before = (await session.detail(sent.exchange)).request
        renewed = await session.drafts.renew(sent.exchange)
        after = parse(renewed.text.encode())
        assert before is not None
        assert (before.facts.bundle_id == after.facts.bundle_id, before.facts.journey_id == after.facts.journey_id) == (
            False,
            False,
        )
        assert renewed.service == service

    play(work)
