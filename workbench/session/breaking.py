"""Break it: the named faults that fit a draft, and the draft with one of them.

What the faults are is `compose.mutations`; what becomes of the text is the window's, so that its undo takes it back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from workbench.compose.mutations import broken, broken_headers, fits, fitting, mutations
from workbench.errors import ErrorCode, InputError
from workbench.headers import HeaderChoices
from workbench.messages import parse
from workbench.rules import profile_of
from workbench.session.calls import call_request
from workbench.session.judging import readable
from workbench.session.views import Choice

if TYPE_CHECKING:
    from workbench.compose import Draft
    from workbench.compose.mutations import Mutation
    from workbench.directory import Identity
    from workbench.exchange import Headers
    from workbench.messages import Message
    from workbench.session.calls import Outgoing
    from workbench.session.composing import Composer
    from workbench.session.drafts import DraftDesk
    from workbench.session.engine import Engine
    from workbench.standard import VersionProfile

IN_PRODUCTION = "Break it is off in production: no message is broken on purpose for real patients and services."
UNREADABLE = "The text cannot be read as a message: undo or mend it first, then break it anew."


class BreakMenu(NamedTuple):
    """What can be broken; nothing for a reason."""

    choices: tuple[Choice, ...] = ()
    reason: str = ""


class Broken(NamedTuple):
    """A draft with a fault, and what comes of sending it."""

    text: str
    label: str
    """What undo takes back."""
    expected: str
    headers: bool = False
    """Whether the headers were broken and the text was not."""


class Breaker:
    """The named faults for the drafts of a workspace; called on the I/O thread."""

    def __init__(self, engine: Engine, composer: Composer, drafts: DraftDesk) -> None:
        self._engine = engine
        self._composer = composer
        self._drafts = drafts
        self._before: dict[str, HeaderChoices] = {}

    async def menu(self, draft_id: str, text: str) -> BreakMenu:
        """The faults that fit a draft with this text, by group, each with the answer it gets; none in production."""
        if self._engine.current_environment().production:
            return BreakMenu(reason=IN_PRODUCTION)
        draft = self._drafts.find(draft_id)
        return await self._engine.compute(
            menu_of, text, self._call(draft), self._engine.current_identity(), draft.versions, size=len(text)
        )

    async def apply(self, draft_id: str, text: str, mutation_id: str) -> Broken:
        """The text with a fault; one of headers is kept with the draft and can be taken back once.

        InputError in production, for a text that cannot be read and for a fault that does not fit; KeyError for one
        that does not exist.
        """
        mutation = mutations()[mutation_id]
        if self._engine.current_environment().production:
            raise InputError(ErrorCode.INPUT_TEMPLATE, what=mutation.title, cause="nothing is broken in production")
        draft = self._drafts.find(draft_id)
        made, choices = await self._engine.compute(
            broken_draft,
            mutation_id,
            text,
            self._call(draft),
            draft.headers,
            self._engine.current_identity(),
            draft.versions,
            size=len(text),
        )
        if mutation.in_headers:
            self._before[draft_id] = draft.headers
            await self._drafts.choose_headers(draft_id, choices)
        return Broken(made, f"Break it: {mutation.title}", mutation.expected, mutation.in_headers)

    async def take_back(self, draft_id: str) -> None:
        """Give a draft the headers it had before they were last broken; nothing where they were not."""
        before = self._before.pop(draft_id, None)
        if before is not None:
            await self._drafts.choose_headers(draft_id, before)

    def _call(self, draft: Draft) -> Outgoing | None:
        """The call as composed, without what a person chose: a fault starts from good headers."""
        outgoing = self._composer.preview(draft)
        return None if outgoing is None else replace(outgoing, headers=HeaderChoices())


def menu_of(text: str, outgoing: Outgoing | None, identity: Identity, versions: VersionProfile) -> BreakMenu:
    """The menu for a text."""
    message = readable(text.encode("utf-8", "surrogatepass"))
    if message is None:
        return BreakMenu(reason=UNREADABLE)
    headers = _headers(message, outgoing, identity, versions)
    return BreakMenu(tuple(_choice(one) for one in fitting(message, headers)))


def broken_draft(
    mutation_id: str,
    text: str,
    outgoing: Outgoing | None,
    choices: HeaderChoices,
    identity: Identity,
    versions: VersionProfile,
) -> tuple[str, HeaderChoices]:
    """Text and header choices with a fault; InputError for a text that cannot be read and a fault that does not fit."""
    mutation = mutations()[mutation_id]
    message = parse(text.encode("utf-8", "surrogatepass"), what="The draft")
    headers = _headers(message, outgoing, identity, versions)
    if not fits(mutation, message, headers):
        cause = f"it is for {mutation.drafts.words} with {mutation.change.touches}"
        raise InputError(ErrorCode.INPUT_TEMPLATE, what=mutation.title, cause=cause)
    return broken(mutation, message), broken_headers(mutation, message, headers, choices)


def _headers(message: Message, outgoing: Outgoing | None, identity: Identity, versions: VersionProfile) -> Headers:
    """The headers that the call would have; none while no service is chosen."""
    if outgoing is None:
        return ()
    call = replace(outgoing, body=message.source)
    used = profile_of(message.facts, versions)
    return call_request(call, identity, "https://preview.invalid", message.facts, message.syntax, used).headers


def _choice(mutation: Mutation) -> Choice:
    words = f"{mutation.expected}; {mutation.rule}. {mutation.does}"
    return Choice(mutation.id, mutation.title, words, mutation.group.value)
