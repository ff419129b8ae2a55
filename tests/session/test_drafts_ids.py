"""Transaction ids of a draft: new each time, kept, or left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.session.test_breaking import a_draft
from workbench.messages.identity import is_uuid

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.session.session import Session

REQUEST, CORRELATION = "X-Request-Id", "X-Correlation-Id"


async def sent_ids(session: Session, draft: str, text: str) -> tuple[str | None, str | None]:
    result = await session.send(draft, text)
    exchange = (await session.detail(result.exchange)).exchange
    return exchange.request.header(REQUEST), exchange.request.header(CORRELATION)


def test_a_kept_id_goes_with_every_send_and_a_new_one_with_none_twice(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft = await a_draft(session)
        await session.choose_id(draft.id, CORRELATION, "keep")
        first = await sent_ids(session, draft.id, draft.text)
        second = await sent_ids(session, draft.id, draft.text)
        assert is_uuid(first[1] or "")
        assert first[1] == second[1]
        assert first[0] != second[0]
        await session.choose_id(draft.id, CORRELATION, "new")
        assert (await sent_ids(session, draft.id, draft.text))[1] != first[1]

    play(work)


def test_an_id_that_is_left_out_is_not_sent(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft = await a_draft(session)
        await session.choose_id(draft.id, REQUEST, "absent")
        sent = await sent_ids(session, draft.id, draft.text)
        assert sent[0] is None
        assert is_uuid(sent[1] or "")

    play(work)


def test_a_message_from_the_history_keeps_the_ids_it_had_so_that_it_is_a_duplicate(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft = await a_draft(session)
        result = await session.send(draft.id, draft.text)
        before = (await session.detail(result.exchange)).exchange.request
        fork = await session.fork(result.exchange)
        for name in (REQUEST, CORRELATION):
            await session.choose_id(fork.id, name, "keep")
        again = await session.send(fork.id, fork.text)
        after = (await session.detail(again.exchange)).exchange
        assert [after.request.header(name) for name in (REQUEST, CORRELATION)] == [
            before.header(name) for name in (REQUEST, CORRELATION)
        ]
        assert after.response is not None
        assert after.response.status == 409

    play(work)
