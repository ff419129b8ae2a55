"""What services said about themselves: kept for a day at most, to judge messages by it.

Kept in the workspace's history for each environment. Must not know who asks, nor how it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.messages import parse, tree
from workbench.messages.message_definitions import definitions_in

if TYPE_CHECKING:
    from workbench.messages import JsonObject, JsonValue
    from workbench.session.engine import Engine
    from workbench.standard.definitions import Definition

LONGEST = timedelta(hours=24)
"""How long an answer may be used (guide, Content negotiation)."""
_KIND = "offer"


@dataclass(frozen=True, slots=True)
class Offer:
    """What one service said, and when."""

    asked: datetime
    core: str
    """The version that its statement names; empty where it gave none."""
    takes: tuple[str, ...]
    """Names of the messages that its statement says it takes."""
    definitions: tuple[Definition, ...]
    """Its own message definitions; none once they are too old to be used."""
    exchange: str
    """Id of the first of the calls in the history."""


class Offers:
    """Called on the I/O thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[str, dict[str, Offer]] = {}

    async def all(self, environment: str) -> dict[str, Offer]:
        """What is known in an environment, by id of the service; definitions that are too old are left out."""
        if environment not in self._known:
            kept = await self._engine.history.state.load(_owner(environment))
            found = {id: _read(tree.as_object(value)) for (kind, id), value in kept.items() if kind == _KIND}
            self._known[environment] = {id: offer for id, offer in found.items() if offer is not None}
        return {id: self._fresh(offer) for id, offer in self._known[environment].items()}

    async def definitions(self, environment: str, service: str | None) -> tuple[Definition, ...]:
        """The definitions by which a message to a service is judged; empty where none are known or they are too old."""
        offer = (await self.all(environment)).get(service or "")
        return offer.definitions if offer is not None else ()

    async def keep(self, environment: str, service: str, offer: Offer, definitions: bytes) -> None:
        """Keep what a service said just now, with the body that its definitions were read from."""
        await self.all(environment)
        self._known[environment][service] = offer
        if self._engine.workspace.read_only:
            return
        value: JsonObject = {
            "asked": offer.asked.isoformat(),
            "core": offer.core,
            "takes": [*offer.takes],
            "definitions": definitions.decode("utf-8", "replace"),
            "exchange": offer.exchange,
        }
        await self._engine.history.state.save(_owner(environment), {(_KIND, service): value})

    async def forget(self, environment: str, service: str = "") -> None:
        """Forget what a service said, or all of them in an environment."""
        known = await self.all(environment)
        gone: dict[tuple[str, str], JsonValue] = {(_KIND, id): None for id in known if service in ("", id)}
        for _, id in gone:
            self._known[environment].pop(id, None)
        if gone and not self._engine.workspace.read_only:
            await self._engine.history.state.save(_owner(environment), gone)

    def _fresh(self, offer: Offer) -> Offer:
        if timedelta() <= self._engine.clock() - offer.asked < LONGEST:
            return offer
        return Offer(offer.asked, offer.core, offer.takes, (), offer.exchange)


def read_definitions(body: bytes) -> tuple[Definition, ...]:
    """The message definitions of an answer; none where it holds none that can be read."""
    try:
        return definitions_in(parse(body, what="The answer"), what="The answer")
    except InputError:
        return ()


def _owner(environment: str) -> str:
    return f"offers/{environment}"


def _read(value: JsonObject) -> Offer | None:
    asked = tree.text(value.get("asked"))
    if asked is None:
        return None
    return Offer(
        datetime.fromisoformat(asked),
        tree.text(value.get("core")) or "",
        tuple(tree.texts(value.get("takes"))),
        read_definitions((tree.text(value.get("definitions")) or "").encode()),
        tree.text(value.get("exchange")) or "",
    )
