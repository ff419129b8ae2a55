"""The one switch that masks people, and what the window is given while it is on: exchanges, forms, texts, notices.

The masks are keyed by the workspace: the same person gets the same invented name wherever this workspace shows one.
Every use case that gives texts of messages to the window asks here; no panel decides. A value of a form that comes back
as it was shown means the one it stands for. Works on values only; must not know any window.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import InputError
from workbench.evidence.masked import ExchangeWords, RequestWords, masked_body, masked_exchange, masked_url
from workbench.masking import Masker, Pseudonyms
from workbench.session.events import Noticed
from workbench.session.files import read_file
from workbench.session.judging import readable
from workbench.session.receiving import OWN
from workbench.session.stand_ins import StandIns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbench.correlation import Known, Link
    from workbench.evidence.verdicts import FileVerdict
    from workbench.exchange import Exchange
    from workbench.messages import Finding, Message
    from workbench.rules import Verdict
    from workbench.session.engine import Engine
    from workbench.session.events import SessionEvent
    from workbench.session.views import LogEntry, ReceiverPage

_PURPOSE = b"bars-workbench masks\0"


class Record(NamedTuple):
    """An exchange with its verdicts and the links that tie it to others."""

    exchange: Exchange
    verdict: Verdict | None
    answer_verdict: Verdict | None
    links: tuple[Link, ...]


class Shown(NamedTuple):
    """A text as it is shown."""

    text: str
    masked: bool
    """Whether people are masked in it, so that it is to be read and not to be changed."""


class Masking:
    """Whether people are masked, and by which masks."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._stand_ins = StandIns()
        self._told: dict[tuple[str, str], str] = {}
        """What rows of the live log were masked as last, by the id of their exchange and what they are about."""

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

    async def shown(self, exchange: Exchange) -> Exchange:
        """An exchange as it is to be shown now."""
        return await self.exchange(exchange, self.wanted())

    def text(self, text: str) -> str:
        """A text that quotes no message known here, without the NHS numbers in it; as it is while nobody is masked."""
        masker = self.wanted()
        return text if masker is None else masker.text(text)

    def value(self, real: str, name: str = "", *, unmasked: bool = False) -> str:
        """A value of a form as it is shown, `name` is that of its parameter; `real` takes it back."""
        masker = self.wanted(unmasked=unmasked)
        if masker is None:
            return real
        shown = masker.parameter(name, real)
        return self._stand_ins.give(real, shown if shown != real else masker.text(real))

    def person(self, given: str, family: str) -> str:
        """The name of somebody, as a list shows it."""
        masker = self.wanted()
        return f"{given} {family}" if masker is None else masker.name(given, family)

    def body(self, real: str, *, unmasked: bool = False) -> str:
        """A message or resource in a form as it is shown; `real` takes it back."""
        masker = self.wanted(unmasked=unmasked)
        if masker is None:
            return real
        written = masked_body(real.encode("utf-8", "surrogatepass"), masker).decode("utf-8", "replace")
        return self._stand_ins.give(real, written)

    def real(self, shown: str) -> str:
        """What a value or body of a form stands for: the one that was shown so, else itself."""
        return self._stand_ins.real(shown)

    async def note(self, conversation: str, *, unmasked: bool = False) -> Shown:
        """The note on a conversation as it is shown; KeyError where there is no such conversation."""
        queries = self._engine.history.queries
        note = (await queries.conversation(conversation)).note
        masker = self.wanted(unmasked=unmasked)
        if masker is None or not note:
            return Shown(note, masked=False)
        legs = await queries.legs(conversation)
        words = await self.words(note, [one.exchange.id for one in legs], masker)
        return Shown(words, masked=words != note)

    async def page(self, page: ReceiverPage) -> ReceiverPage:
        """A tab of the Receiver panel as it is shown; what a row of the log quotes is read from its exchange once."""
        masker = self.wanted()
        if masker is None:
            self._told.clear()
            return page
        log = tuple([await self._entry(one, masker) for one in page.log])
        if page.id == OWN:
            self._told = {(was.exchange, was.about): now.about for was, now in zip(page.log, log, strict=True)}
        answers = tuple(
            replace(one, when=masker.text(one.when), answer=masker.text(one.answer)) for one in page.answers
        )
        return replace(page, log=log, answers=answers, problem=masker.text(page.problem))

    async def _entry(self, entry: LogEntry, masker: Masker) -> LogEntry:
        about = self._told.get((entry.exchange, entry.about), "") if entry.exchange else ""
        if not about and entry.exchange and ". " in entry.about:  # a remark, and remarks may quote the message
            exchange = await self._engine.history.queries.exchange(entry.exchange)
            about = await self._engine.compute(masked_words, entry.about, exchange, masker, size=_size(exchange))
        about = about or masker.text(entry.about)
        return replace(entry, about=about, path=masker.text(entry.path), caller=masker.text(entry.caller))

    async def file(self, judged: FileVerdict) -> FileVerdict:
        """The verdict on a file as it is shown; what it quotes of the file is looked up there."""
        masker = self.wanted()
        if masker is None or not judged.verdict.findings:
            return judged
        return await asyncio.to_thread(_masked_file, judged, masker)

    def event(self, event: SessionEvent) -> SessionEvent:
        """What the window is told; notices without the NHS numbers in them."""
        if not isinstance(event, Noticed) or not self.on:
            return event
        return replace(event, title=self.text(event.title), text=self.text(event.text))

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


def _masked_file(judged: FileVerdict, masker: Masker) -> FileVerdict:
    try:
        message = readable(read_file(judged.path)[0])
    except InputError:  # it was judged as unreadable, or went since: its findings quote nothing of it then
        message = None
    about = (message.resource,) if message is not None else ()

    def shown(finding: Finding) -> Finding:
        path, text, resource = (masker.text(one, about) for one in (finding.path, finding.text, finding.resource))
        return replace(finding, path=path, text=text, resource=resource, fix=None)

    silenced = tuple(one._replace(finding=shown(one.finding)) for one in judged.silenced)
    findings = tuple(shown(one) for one in judged.verdict.findings)
    return replace(judged, verdict=replace(judged.verdict, findings=findings), silenced=silenced)


def masked_known(known: Known, masker: Masker) -> Known:
    """A leg of a list, which has no bodies, with its address masked."""
    request = known.exchange.request
    return replace(
        known, exchange=replace(known.exchange, request=replace(request, url=masked_url(request.url, masker)))
    )


def _verdict(verdict: Verdict | None, words: ExchangeWords, message: Message | None) -> Verdict | None:
    if verdict is None:
        return None
    return replace(verdict, findings=tuple(masked_finding(one, words, message) for one in verdict.findings))


def masked_finding(finding: Finding, words: ExchangeWords | RequestWords, message: Message | None) -> Finding:
    """A finding with what it quotes masked, at its place in the masked message, without its repair."""
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
