"""A conversation written out for other people and programs: ticket pack, HTTP archive, tables, its lanes as pictures.

People are masked unless somebody asks for them. Files are written whole or not at all. Must not know any window: a PNG
is drawn by the window from the SVG.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from workbench import __version__
from workbench.evidence.diagrams import as_mermaid, as_plantuml, as_svg
from workbench.evidence.ticket import Ticket, TicketLeg, as_json_lines, as_table, as_zip
from workbench.interchange.har import as_har
from workbench.rules import RULE_SET
from workbench.session.events import ExportProgress
from workbench.session.files import write_bytes

if TYPE_CHECKING:
    from workbench.evidence.lanes import Lanes
    from workbench.masking import Masker
    from workbench.session.engine import Engine
    from workbench.session.masking import Masking
    from workbench.session.timeline import Timeline
    from workbench.session.views import ConversationView, ExchangeDetail


class ExportForm(StrEnum):
    """What a conversation can be written as; the value is its word on the command line."""

    TICKET = "ticket"
    HAR = "har"
    CSV = "csv"
    JSON_LINES = "jsonl"
    SVG = "svg"
    MERMAID = "mermaid"
    PLANTUML = "plantuml"

    @property
    def ending(self) -> str:
        """The ending of its file."""
        return _ENDINGS.get(self, self.value)

    @property
    def of_lanes(self) -> bool:
        """Whether it shows the lanes alone, and so makes no sense for one message."""
        return self in (ExportForm.SVG, ExportForm.MERMAID, ExportForm.PLANTUML)


_ENDINGS = {ExportForm.TICKET: "zip", ExportForm.MERMAID: "mmd", ExportForm.PLANTUML: "puml"}


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What is to be written, and how."""

    conversation: str
    form: ExportForm
    exchange: str = ""
    """One message only; empty for all."""
    unmasked: bool = False
    """Whether people stay as they are."""


class Exporting:
    """The use cases of export."""

    def __init__(self, engine: Engine, timeline: Timeline, masking: Masking) -> None:
        self._engine = engine
        self._timeline = timeline
        self._masking = masking

    async def save(self, order: ExportOrder, path: str) -> None:
        """Write a conversation to a file, whole or not at all; cancelled before it is written it leaves no file.

        KeyError for a conversation that does not exist, StoreError when the file cannot be written. ExportProgress
        tells how far it is.
        """
        await self.keep(path, await self.content(order))

    async def keep(self, path: str, content: bytes) -> None:
        """Write what was made of an export; StoreError when the file cannot be written."""
        await asyncio.to_thread(write_bytes, path, content)

    async def content(self, order: ExportOrder) -> bytes:
        """What `save` would write."""
        if order.form.of_lanes:
            view = await self._timeline.laid_out(order.conversation, self._masker(order))
            return await self._engine.compute(drawn, view.lanes, order.form)
        ticket = await self.ticket(order)
        size = sum(len(leg.exchange.request.body) for leg in ticket.legs)
        return await self._engine.compute(written, ticket, order.form, size=size)

    async def ticket(self, order: ExportOrder) -> Ticket:
        """A conversation with everything that belongs to it, read leg by leg."""
        view, details = await self.read(order)
        verdicts = [verdict for one in details for verdict in (one.verdict, one.answer_verdict) if verdict is not None]
        packages = sorted({package for verdict in verdicts for package in verdict.packages})
        versions = [("BaRS Workbench", __version__), ("Rules", RULE_SET)]
        versions += [(name, version) for name, _, version in (one.partition("#") for one in packages)]
        note, masker = view.row.note, self._masker(order)
        if note and masker is not None:
            note = await self._masking.words(note, [one.exchange.id for one in details], masker)
        made = self._engine.clock().astimezone()
        return Ticket(
            title=view.row.title,
            state=view.chip,
            lanes=view.lanes,
            legs=tuple(_leg(one) for one in details),
            notes=(note,) if note else (),
            versions=tuple(versions),
            made=f"{made.day} {made:%B %Y, %H:%M} ({made:%z})",
            masked=not order.unmasked,
        )

    async def read(self, order: ExportOrder) -> tuple[ConversationView, tuple[ExchangeDetail, ...]]:
        """A conversation with its lanes and each of its messages, masked unless the order says otherwise."""
        masker = self._masker(order)
        view = await self._timeline.laid_out(order.conversation, masker)
        known = await self._engine.history.queries.legs(view.row.id)
        wanted = [one.exchange.id for one in known if order.exchange in ("", one.exchange.id)]
        details = []
        for number, id in enumerate(wanted, 1):
            details.append(await self._timeline.detailed(id, masker))
            self._engine.publish(ExportProgress(order.conversation, number, len(wanted)))
        return view, tuple(details)

    async def conversations_like(self, beginning: str) -> tuple[str, ...]:
        """Ids of the conversations whose id begins so, or of the one that an exchange of this id is in."""
        return await self._engine.history.queries.conversations_like(beginning)

    def _masker(self, order: ExportOrder) -> Masker | None:
        return None if order.unmasked else self._masking.masker


def drawn(lanes: Lanes, form: ExportForm) -> bytes:
    """The lanes as a picture in text."""
    draw = {ExportForm.SVG: as_svg, ExportForm.MERMAID: as_mermaid, ExportForm.PLANTUML: as_plantuml}[form]
    return draw(lanes).encode("utf-8", "replace")


def written(ticket: Ticket, form: ExportForm) -> bytes:
    """A conversation as the bytes of a file."""
    if form is ExportForm.TICKET:
        return as_zip(ticket)
    if form is ExportForm.HAR:
        comment = "People are masked." if ticket.masked else "People are not masked."
        text = as_har([leg.exchange for leg in ticket.legs], version=__version__, comment=comment)
    elif form is ExportForm.CSV:
        text = as_table(ticket.legs)
    else:
        text = as_json_lines(ticket.legs)
    return text.encode("utf-8", "surrogatepass")


def _leg(detail: ExchangeDetail) -> TicketLeg:
    child = [link.reason for link in detail.links if link.child == detail.exchange.id]
    return TicketLeg(
        detail.exchange,
        detail.title,
        detail.summary.sentence,
        tuple(dict.fromkeys(child)),
        detail.verdict.findings if detail.verdict is not None else (),
        detail.answer_verdict.findings if detail.answer_verdict is not None else (),
    )
