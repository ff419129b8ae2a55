"""Phrases in a running session: found where their words stand side by side, page after page of what was looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.session.test_listing import REFERRED, sent
from workbench.history import ConversationFilter
from workbench.session import phrases

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from workbench.session.session import Session

SIDE_BY_SIDE, APART = "Please ring the ward back", "The ward will ring back"


async def found(session: Session, text: str, **more: object) -> list[str]:
    page = await session.searching.page(text, **more)  # type: ignore[arg-type]
    return [hit.row.id for hit in page.found.hits]


def test_words_in_quotes_are_found_only_side_by_side(play: Callable[..., object]) -> None:
    async def work(session: Session) -> None:
        one, other = await sent(session), await sent(session)
        await session.listing.note(one.id, SIDE_BY_SIDE)
        await session.listing.note(other.id, APART)
        await session.searching.catch_up()
        assert set(await found(session, "ring the ward")) == {one.id, other.id}
        assert await found(session, '"ring the ward"') == [one.id]
        assert await found(session, '"ring the wa') == [one.id], "while it is typed the last word is only begun"
        assert await found(session, '"ward the ring"') == []
        assert await found(session, '"ring the ward" back status:200') == [one.id]
        here = ConversationFilter(services=(REFERRED,))
        assert await found(session, '"ring the ward"', chosen=here) == [one.id]
        assert await found(session, '"ring the ward"', chosen=ConversationFilter(services=("another",))) == []

    play(work)


def test_a_search_comes_back_before_everything_was_looked_at_and_goes_on(
    play: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phrases, "AT_ONCE", 1)
    monkeypatch.setattr(phrases, "MOST_LOOKED", 1)

    async def work(session: Session) -> None:
        rows = [await sent(session) for _ in range(3)]
        await session.listing.note(rows[0].id, SIDE_BY_SIDE)
        for row in rows[1:]:
            await session.listing.note(row.id, APART)
        await session.searching.catch_up()
        pages, below = list[tuple[str, ...]](), None
        while True:
            page = (await session.searching.page('"ring the ward"', below=below)).found
            pages.append(tuple(hit.row.id for hit in page.hits))
            if page.next is None:
                break
            below = page.next
        assert [one for one in pages if one] == [(rows[0].id,)]
        assert len(pages) >= len(rows), "each page looked at one exchange"

    play(work)
