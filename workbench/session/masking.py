"""The one switch that masks people, and what the timeline shows of an exchange while it is on.

The masks are keyed by the workspace: the same person gets the same invented name wherever this workspace shows one.
Works on values only; must not know any window.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from workbench.evidence.masked import ExchangeWords, masked_exchange, masked_url
from workbench.masking import Masker, Pseudonyms
from workbench.session.judging import readable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbench.correlation import Known, Link
    from workbench.exchange import Exchange
    from workbench.messages import Finding, Message
    from workbench.rules import Verdict
    from workbench.session.engine import Engine

_PURPOSE = b"bars-workbench masks\0"


class Record(NamedTuple):
    """An exchange with its verdicts and the links that tie it to others."""

    exchange: Exchange
    verdict: Verdict | None
    answer_verdict: Verdict | None
    links: tuple[Link, ...]


class Masking:
    """Whether people are masked, and by which masks."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def on(self) -> bool:
        """Whether people are masked in what is shown."""
        return self._engine.settings.app.masking

    @cached_property
    def masker(self) -> Masker:
        """The masks of this workspace, whether or not they are switched on."""
        return Masker(Pseudonyms(hashlib.sha256(_PURPOSE + self._engine.workspace.id.encode()).digest()))

    def wanted(self, *, unmasked: bool = False) -> Masker | None:
        """The masks to show an exchange with; None where none are: switched off, or `unmasked` was asked for."""
        return self.masker if self.on and not unmasked else None

    async def exchange(self, exchange: Exchange, masker: Masker | None) -> Exchange:
        """An exchange without people; without masks as it is."""
        if masker is None:
            return exchange
        return await self._engine.compute(masked_exchange, exchange, masker, size=_size(exchange))

    async def words(self, text: str, exchanges: Iterable[str], masker: Masker) -> str:
        """What a person wrote about some exchanges, without the people in them."""
        for id in exchanges:
            exchange = await self._engine.history.queries.exchange(id)
            text = await self._engine.compute(masked_words, text, exchange, masker, size=_size(exchange))
        return masker.text(text)

    async def record(self, record: Record, masker: Masker) -> Record:
        """An exchange without people, with everything that is told of it."""
        return await self._engine.compute(masked_record, record, masker, size=_size(record.exchange))


def masked_words(text: str, exchange: Exchange, masker: Masker) -> str:
    """A text with what it quotes of an exchange masked."""
    return ExchangeWords(exchange, masker).text(text)


def masked_record(record: Record, masker: Masker) -> Record:
    """The exchange masked, and what verdicts and links quote of it; places are those in the masked messages.

    Repairs go: their values are those of the message as it is.
    """
    words = ExchangeWords(record.exchange, masker)
    exchange = masked_exchange(record.exchange, masker, words)
    answer = exchange.response.body if exchange.response is not None else b""
    return Record(
        exchange,
        _verdict(record.verdict, words, readable(exchange.request.body)),
        _verdict(record.answer_verdict, words, readable(answer)),
        tuple(replace(link, reason=words.text(link.reason)) for link in record.links),
    )


def masked_known(known: Known, masker: Masker) -> Known:
    """A leg of a list, which has no bodies, with its address masked."""
    request = known.exchange.request
    return replace(
        known, exchange=replace(known.exchange, request=replace(request, url=masked_url(request.url, masker)))
    )


def _verdict(verdict: Verdict | None, words: ExchangeWords, message: Message | None) -> Verdict | None:
    if verdict is None:
        return None
    return replace(verdict, findings=tuple(_finding(one, words, message) for one in verdict.findings))


def _finding(finding: Finding, words: ExchangeWords, message: Message | None) -> Finding:
    place = message.place(finding.path) if message is not None and finding.place is not None else None
    return replace(
        finding,
        path=words.text(finding.path),
        text=words.text(finding.text),
        resource=words.text(finding.resource),
        place=place,
        fix=None,
    )


def _size(exchange: Exchange) -> int:
    return len(exchange.request.body) + (len(exchange.response.body) if exchange.response is not None else 0)
