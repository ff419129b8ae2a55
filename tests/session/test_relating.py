"""Messages put into conversations by hand in a running session, with what is offered and what is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.session.test_listing import sent
from workbench.correlation import Author
from workbench.session.events import ConversationsRegrouped
from workbench.session.relating import LATEST, LIKELY

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.session.events import SessionEvent
    from workbench.session.session import Session


async def reply_of(session: Session, conversation: str) -> str:
    """The exchange of the reply, which comes last."""
    return [one.exchange for one in (await session.conversation(conversation)).lanes.rows if one.exchange][-1]


def test_a_reply_is_put_elsewhere_taken_out_and_given_back(play: Callable[..., object]) -> None:
    async def work(session: Session) -> None:
        one, other = await sent(session), await sent(session)
        reply, told = await reply_of(session, one.id), list[str]()

        def listen(event: SessionEvent) -> None:
            if isinstance(event, ConversationsRegrouped):
                told.append(event.conversation)

        session.subscribe(listen)
        relating = session.relating
        assert [choice.id for choice in await relating.targets(reply)] == [other.id]
        assert not await relating.placed(reply)
        there = await relating.link(reply, other.id)
        assert (there.id, there.messages) == (reply, 3), "a conversation is named after its earliest leg"
        assert await session.conversation_of(other.id) == there.id
        assert (await session.listing.row(one.id)).messages == 1
        (why,) = [link for link in (await session.detail(reply)).links if link.by is Author.PERSON]
        assert why.reason == "Linked by hand"
        offered = await relating.targets(reply)
        assert (offered[0].id, offered[0].group) == (one.id, LIKELY), "where its ids would put it comes first"
        assert offered[0].subtitle.startswith("Quotes the Bundle id of the request")
        alone = await relating.unlink(reply)
        assert (alone.id, alone.messages) == (reply, 1)
        assert {choice.group for choice in await relating.targets(reply)} == {LIKELY, LATEST}
        assert (await relating.release(reply)).id == one.id
        merged = await relating.merge(one.id, other.id)
        assert merged.messages == 4
        assert told == [reply, reply, one.id, merged.id]
        with pytest.raises(KeyError):
            await relating.link("nobody", one.id)

    play(work)


def test_two_conversations_are_merged_from_a_list_and_parted_again(play: Callable[..., object]) -> None:
    async def work(session: Session) -> None:
        one, other, third = await sent(session), await sent(session), await sent(session)
        relating = session.relating
        assert {choice.id for choice in await relating.mates(one.id)} == {other.id, third.id}
        reply = await reply_of(session, other.id)
        await relating.unlink(reply)
        likely = [choice.id for choice in await relating.mates(other.id) if choice.group == LIKELY]
        assert likely == [reply], "what its ids would join comes first"
        await relating.release(reply)
        merged = await relating.merge(one.id, other.id)
        assert await relating.merged(merged.id)
        assert {choice.id for choice in await relating.mates(other.id)} == {third.id}, "not with what it is part of"
        await relating.unlink(reply)
        late = await relating.merge(third.id, reply)
        rows = [row for row in (await session.conversation(late.id)).lanes.rows if row.exchange]
        assert [row.from_sender for row in rows if row.exchange == reply] == [False], "a reply goes back, come what may"
        await relating.part(late.id)
        await relating.release(reply)
        assert await relating.merged(one.id)
        assert (await relating.part(merged.id)).messages == 2
        assert not await relating.merged(merged.id)
        assert len(await session.conversations()) == 3
        with pytest.raises(KeyError):
            await relating.merge(one.id, "nobody")

    play(work)


def test_what_does_not_fit_is_a_list_of_sentences(play: Callable[..., object]) -> None:
    async def work(session: Session) -> None:
        row = await sent(session)
        assert await session.relating.conflicts(row.id) == ()
        reply = await reply_of(session, row.id)
        await session.relating.unlink(reply)
        (conflict,) = await session.relating.conflicts(reply)
        assert conflict.exchange == reply
        assert conflict.sentence.startswith("The reply quotes Bundle id ")
        assert (await session.listing.row(reply)).attention == 1

    play(work)
