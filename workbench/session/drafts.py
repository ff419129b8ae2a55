"""The drafts on the desk: kept as typed, opened, named, and what goes with each of them beside its text.

It must not know how messages are made or sent.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.compose import Draft
from workbench.compose.draft import KEEP
from workbench.compose.renewing import renewed
from workbench.errors import ErrorCode, InputError
from workbench.headers import wire_value
from workbench.headers.ids import CORRELATION_ID
from workbench.messages import MessageFacts, title_of
from workbench.messages.encoding import editable
from workbench.messages.identity import is_uuid
from workbench.rules import profile_of
from workbench.session.calls import ABSENT, NEW
from workbench.session.files import read_file
from workbench.session.judging import readable
from workbench.session.views import Choice, DraftView

if TYPE_CHECKING:
    from workbench.headers import HeaderChoices
    from workbench.messages import Message
    from workbench.session.engine import Engine


class DraftDesk:
    """The drafts of a workspace; called on the I/O thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._drafts: dict[str, Draft] = {}

    async def open_file(self, path: str) -> DraftView:
        """A file as a draft; what cannot be read as FHIR still opens as text. InputError where it is no text at all."""
        source, name = await asyncio.to_thread(read_file, path)
        message = await self._engine.compute(readable, source, size=len(source))
        draft = self.begin(message, name)
        if message is None:
            draft = replace(draft, text=editable(source, what=name))
        return await self.keep(replace(draft, parameters=(("file", name),)))

    async def open_message(self, source: bytes, title: str, service: str | None, based_on: str | None) -> DraftView:
        """A message from the history as a draft of its own; InputError where it is no text at all."""
        message = await self._engine.compute(readable, source, size=len(source))
        draft = self.begin(message, title)
        if message is None:
            draft = replace(draft, text=editable(source, what="The message"))
        return await self.keep(replace(draft, service=service or draft.service, based_on=based_on))

    async def renew(self, exchange: str) -> DraftView:
        """A message of the history as a draft that is a message of its own: with new ids and the present time where
        they stood; KeyError where there is no such exchange."""
        original = await self._engine.history.queries.exchange(exchange)
        message = await self._engine.compute(readable, original.request.body, size=len(original.request.body))
        title = title_of(message.facts) if message is not None else "Message"
        opened = await self.open_message(original.request.body, title, original.service, original.id)
        text = renewed(opened.text, now=self._engine.clock(), ids=self._engine.ids)
        return await self.keep(replace(self.find(opened.id), text=text))

    async def last(self) -> DraftView | None:
        """The draft that was worked on last, as it was saved."""
        drafts = self._engine.history.drafts
        rows = await drafts.list()
        if not rows:
            return None
        return await self.open(rows[0].id)

    async def all(self) -> tuple[Choice, ...]:
        """Every draft, the one worked on last first."""
        rows = await self._engine.history.drafts.list()
        return tuple(Choice(row.id, row.title, f"{row.updated:%d %b, %H:%M} UTC") for row in rows)

    async def open(self, draft_id: str) -> DraftView:
        """A draft as it was saved, to go on with; KeyError where there is none, InputError where it cannot be read."""
        if draft_id not in self._drafts:
            self._drafts[draft_id] = Draft.from_json(await self._engine.history.drafts.load(draft_id))
        return self._view(self._drafts[draft_id])

    async def rename(self, draft_id: str, title: str) -> DraftView:
        """Give a draft another name; InputError for an empty one."""
        if not title.strip():
            raise InputError(ErrorCode.INPUT_TEMPLATE, what="The draft", cause="it needs a name")
        await self.open(draft_id)
        return await self.keep(replace(self.find(draft_id), title=title.strip()))

    async def delete(self, draft_id: str) -> None:
        """Take a draft away for good, if it is there."""
        self._drafts.pop(draft_id, None)
        await self._engine.history.drafts.delete(draft_id)

    async def save(self, draft_id: str, text: str) -> None:
        """Keep a draft as typed."""
        await self.keep(replace(self.find(draft_id), text=text, updated=self._engine.clock()))

    async def change_header(self, draft_id: str, name: str, value: str) -> None:
        """Send a header with what a person wrote (JSON is encoded where it belongs); InputError for what cannot be."""
        draft, bare = self.find(draft_id), name.strip()
        await self.keep(replace(draft, headers=draft.headers.with_value(bare, wire_value(bare, value.strip()))))

    async def leave_out_header(self, draft_id: str, name: str) -> None:
        """Send without a header."""
        draft = self.find(draft_id)
        await self.keep(replace(draft, headers=draft.headers.without(name)))

    async def restore_header(self, draft_id: str, name: str) -> None:
        """Send a header as it is composed."""
        draft = self.find(draft_id)
        await self.keep(replace(draft, headers=draft.headers.as_composed(name)))

    async def choose_id(self, draft_id: str, name: str, how: str) -> None:
        """Send a transaction id as a new one each time (`new`), the same each time (`keep`) or not at all (`absent`).

        The one that is kept is that of the exchange the draft was made from, else of its conversation, else a new one.
        """
        draft = self.find(draft_id)
        if how == ABSENT:
            await self.choose_headers(draft_id, draft.headers.without(name))
            return
        own = draft.correlation_id if name == CORRELATION_ID else draft.request_id
        choices = draft.headers.as_composed(name)
        if how == KEEP:
            kept = await self._id_before(draft, name) or (own if is_uuid(own) else self._engine.ids())
            choices = choices.with_value(name, kept)
        elif name == CORRELATION_ID:
            draft = replace(draft, correlation_id=NEW)
        await self.keep(replace(draft, headers=choices))

    async def _id_before(self, draft: Draft, name: str) -> str:
        """The id of the exchange that a draft was made from; empty where there was none, or it is gone."""
        if draft.based_on is None:
            return ""
        try:
            return (await self._engine.history.queries.exchange(draft.based_on)).request.header(name) or ""
        except KeyError:
            return ""

    async def choose_headers(self, draft_id: str, choices: HeaderChoices) -> None:
        """Send a draft with these choices about its headers in place of all that were made before."""
        await self.keep(replace(self.find(draft_id), headers=choices))

    def sent(self, draft_id: str) -> None:
        """A draft that was sent starts a conversation of its own the next time."""
        self._drafts[draft_id] = replace(self.find(draft_id), correlation_id=NEW)

    def find(self, draft_id: str) -> Draft:
        """A draft that is open; KeyError where it is not."""
        return self._drafts[draft_id]

    async def keep(self, draft: Draft) -> DraftView:
        """Store a draft and show it."""
        self._drafts[draft.id] = draft
        await self._engine.history.drafts.save(draft.id, draft.title, draft.updated, draft.to_json())
        return self._view(draft)

    def begin(self, message: Message | None, title: str) -> Draft:
        """A new draft of a message, or an empty one; it is not kept yet."""
        facts = message.facts if message is not None else MessageFacts()
        engine = self._engine
        draft = Draft(
            id=engine.ids(),
            title=title,
            operation="process-message",
            versions=profile_of(facts, engine.current_environment().profile),
            updated=engine.clock(),
            service=self._service_for(facts),
            identity=engine.identity,
        )
        return draft.with_message(message, engine.clock())

    def _service_for(self, facts: MessageFacts) -> str | None:
        """The directory's service that a message is addressed to, if it is there."""
        value = (facts.destination_endpoint or "").rpartition("|")[2]
        services = self._engine.directory.services.all()
        return next((service.id for service in services if value and service.value == value), None)

    def _view(self, draft: Draft) -> DraftView:
        facts = dict(draft.parameters)
        return DraftView(
            id=draft.id,
            title=draft.title,
            text=draft.text,
            syntax="xml" if draft.text.lstrip()[:1] == "<" else "json",
            message=facts.get("choice", ""),
            service=draft.service or "",
            patient=draft.patient or "",
            versions=draft.versions,
            file=facts.get("file", ""),
        )
