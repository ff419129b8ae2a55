"""The list of conversations in a running session: filters, pins, notes, what is read, and what is silenced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.correlation import ConversationState
from workbench.history import ConversationFilter
from workbench.messages import Severity
from workbench.session.events import ConversationChanged

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.history import ConversationRow
    from workbench.session.events import SessionEvent
    from workbench.session.session import Session

REFERRED = "northgate-emergency-department"


async def sent(session: Session, *, wrong: bool = False) -> ConversationRow:
    """A referral that was answered, with its reply, judged; with a `wrong` check digit on request."""
    offer = await session.offer()
    draft = await session.new_draft("referral-full/a1t1", REFERRED, offer.patients[0].id)
    text = draft.text.replace('"value": "9990001073"', '"value": "9990001074"') if wrong else draft.text
    assert (text != draft.text) is wrong
    result = await session.send(draft.id, text)
    await session.settle()
    return await session.listing.row(result.conversation)


def test_it_offers_what_occurs_in_words_and_narrows_down_to_it(play: Callable[..., object]) -> None:
    async def work(session: Session) -> None:
        row = await sent(session)
        groups = {group.name: {one.id: one.title for one in group.choices} for group in await session.listing.groups()}
        assert groups["services"][REFERRED] == "Northgate Emergency Department"
        assert groups["use_cases"]["a1t1"].startswith("111 to ED")
        assert groups["events"]["servicerequest-request"] == "Referral or validation"
        assert groups["environments"] == {"embedded": "Embedded sandbox"}
        assert groups["statuses"]["200"] == "200"
        assert groups["states"]["unknown"] == "Outcome unknown"
        page = session.listing.page
        assert [one.id for one in await page(chosen=ConversationFilter(services=(REFERRED,)))] == [row.id]
        assert await page(chosen=ConversationFilter(states=(ConversationState.CANCELLED,))) == ()
        assert await page(text="nobody of that name") == ()

    play(work)


def test_a_reply_is_unread_until_it_is_looked_at_and_marks_are_told(play: Callable[..., object]) -> None:
    async def work(session: Session) -> None:
        row = await sent(session)
        told: list[ConversationRow] = []

        def listen(event: SessionEvent) -> None:
            if isinstance(event, ConversationChanged):
                told.append(event.conversation)

        session.subscribe(listen)
        assert row.unread == 1
        assert (await session.listing.read(row.id)).unread == 0
        assert (await session.listing.read(row.id)).unread == 0
        assert (await session.listing.pin(row.id, True)).pinned
        assert (await session.listing.note(row.id, "Ring them")).note == "Ring them"
        assert [(one.unread, one.pinned, one.note) for one in told] == [
            (0, False, ""),
            (0, True, ""),
            (0, True, "Ring them"),
        ], "reading twice is told once"

    play(work)


def test_some_rows_are_read_together(play: Callable[..., object]) -> None:
    async def work(session: Session) -> None:
        row = await sent(session)
        await session.play("validation")
        await session.settle()
        asked = next(one for one in await session.conversations() if one.id != row.id)
        legs = [one.exchange for one in (await session.conversation(asked.id)).lanes.rows if one.exchange]
        merged = next(leg for leg in legs if leg != asked.id)
        found = await session.listing.rows({row.id, merged, asked.id, "none"})
        assert {one.id: one for one in found} == {one.id: await session.listing.row(one.id) for one in (row, asked)}
        assert len(found) == 2, "what went into another is that one"
        assert await session.listing.rows(()) == ()

    play(work)


def test_errors_need_attention_until_they_are_silenced(play: Callable[..., object]) -> None:
    """Those about what was sent: a service's noise says nothing about what comes in."""

    async def work(session: Session) -> None:
        row = await sent(session, wrong=True)
        exchange = next(one.exchange for one in (await session.conversation(row.id)).lanes.rows if one.exchange)
        verdict = (await session.detail(exchange)).verdict
        assert verdict is not None
        wrong = [one for one in verdict.findings if one.severity is Severity.ERROR]
        assert len(wrong) > 0
        assert row.errors >= len(wrong)
        assert row.attention >= row.errors
        for finding in wrong:
            view = await session.silence(REFERRED, finding, path="", reason="They know", by="A. Tester")
        await session.settle()
        assert (await session.listing.row(row.id)).errors == row.errors - len(wrong)
        again = await sent(session, wrong=True)
        assert again.errors == row.errors - len(wrong), "what is sent later is silenced as well"
        for silence in view.silences:
            await session.unsilence(silence)
        await session.settle()
        assert (await session.listing.row(row.id)).errors == row.errors

    play(work)
