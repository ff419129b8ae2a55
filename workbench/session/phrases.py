"""Phrases: of what the index finds by its words, the exchanges in which they stand side by side.

The index holds no places, which keeps it small; a phrase is looked for in the exchanges themselves, newest first and so
many at a time, so that a search comes back with what it has and goes on where it ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.history.search import Found
from workbench.session.found_places import holds_phrases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.history.filters import ConversationFilter
    from workbench.history.search import Candidate, Hit, Material, SearchIndex
    from workbench.history.wanted import Wanted
    from workbench.session.engine import Engine

AT_ONCE = 32
"""Exchanges that are looked at together."""
MOST_LOOKED = 320
"""Exchanges that are looked at for one page; the next page goes on after them."""


async def page(
    engine: Engine,
    index: SearchIndex,
    wanted: Wanted,
    *,
    below: int | None,
    chosen: ConversationFilter,
    limit: int,
) -> Found:
    """The next conversations in which every phrase stands; it may be empty although `next` names a further page."""
    hits: dict[str, Hit] = {}
    looked = 0
    while looked < MOST_LOOKED and len(hits) < limit:
        batch = await index.candidates(wanted, below=below, limit=AT_ONCE)
        if not batch:
            return Found(tuple(hits.values()), None)
        fresh = [one for one in batch if one.conversation not in hits]
        material = await index.material([one.seq for one in fresh])
        size = sum(len(one.exchange.request.body) for one in material.values())
        held = await engine.compute(_holding, fresh, material, wanted, size=size)
        for hit in await index.hits(held, chosen):
            hits.setdefault(hit.row.id, hit)
        below, looked = batch[-1].seq, looked + len(batch)
    return Found(tuple(hits.values()), below)


def _holding(found: list[Candidate], material: Mapping[int, Material], wanted: Wanted) -> list[Candidate]:
    return [one for one in found if one.seq in material and holds_phrases(material[one.seq], wanted)]
