"""Calls in the forms of other tools: an exchange copied as a curl command, curl and Postman read and made drafts.

What a secret was stays a secret: it goes out as a variable and does not come in. Must not know any window.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, InputError
from workbench.evidence.masked import RequestWords
from workbench.exchange import Direction
from workbench.headers import decode_headers
from workbench.headers.ids import CORRELATION_ID, REQUEST_ID
from workbench.interchange import as_curl, read_collection, read_curl
from workbench.messages import title_of
from workbench.session.call_views import ImportedCall
from workbench.session.files import read_file
from workbench.session.judging import readable
from workbench.standard.operations import operation_at

if TYPE_CHECKING:
    from workbench.interchange import ForeignCall
    from workbench.masking import Masker
    from workbench.session.drafts import DraftDesk
    from workbench.session.engine import Engine
    from workbench.session.masking import Masking
    from workbench.session.views import DraftView

TARGET = "NHSD-Target-Identifier"
PROCESS_MESSAGE = "process-message"
_NEVER_KEPT = frozenset({"accept", "content-type", TARGET.lower(), REQUEST_ID.lower(), CORRELATION_ID.lower()})
"""Headers of an imported call that a draft makes anew."""


class Foreign:
    """Takes calls in and gives them out; sends nothing."""

    def __init__(self, engine: Engine, drafts: DraftDesk, masking: Masking) -> None:
        self._engine = engine
        self._drafts = drafts
        self._masking = masking

    async def curl(self, exchange: str) -> str:
        """An exchange of the history as a curl command for a POSIX shell, masked while people are.

        KeyError where there is none.
        """
        stored = await self._engine.history.queries.exchange(exchange)
        found = await self._masking.exchange(stored, self._masking.wanted())
        unchecked = found.tls is not None and not found.tls.verified
        return await self._engine.compute(as_curl, found.request, unchecked, size=len(found.request.body))

    async def read(self, text: str) -> tuple[ImportedCall, ...]:
        """The calls of a pasted text: a curl command or a Postman collection. InputError for what is neither."""
        found = await self._engine.compute(imported, text, size=len(text))
        masker = self._masking.wanted()
        return found if masker is None else tuple(_masked(one, masker) for one in found)

    async def read_file(self, path: str) -> tuple[ImportedCall, ...]:
        """The calls of a file."""
        source, name = await asyncio.to_thread(read_file, path)
        try:
            text = source.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(ErrorCode.INPUT_NOT_UTF8, what=name, cause=f"byte {error.start} cannot be read") from error
        return await self.read(text)

    async def draft(self, call: ImportedCall) -> DraftView:
        """An imported call as a draft: its message, its service where it is known, its other headers as they were.

        InputError for a call that carries no message.
        """
        body = call.foreign.request.body
        if not body:
            raise InputError(ErrorCode.INPUT_EMPTY, what=f"The body of {call.title}")
        services = self._engine.directory.services.all()
        service = next((one.id for one in services if call.service and one.value == call.service), None)
        opened = await self._drafts.open_message(body, call.title, service, None)
        for name, value in call.foreign.request.headers:
            if name.lower() not in _NEVER_KEPT:
                await self._drafts.change_header(opened.id, name, value)
        return opened


def imported(text: str) -> tuple[ImportedCall, ...]:
    """The calls of a text, each as a person reads it; InputError for a text that holds none."""
    bare = text.lstrip("\ufeff \t\r\n")
    if not bare:
        raise InputError(ErrorCode.INPUT_EMPTY, what="The text")
    calls = read_collection(bare) if bare.startswith("{") else (read_curl(bare),)
    return tuple(_imported(call) for call in calls)


def _masked(call: ImportedCall, masker: Masker) -> ImportedCall:
    """What is told of a call without people; the call itself, which is to be made, stays."""
    request = call.foreign.request
    words = RequestWords(request, masker)
    foreign = replace(call.foreign, left_out=tuple(words.text(one) for one in call.foreign.left_out))
    operation = operation_at(request.method, request.url)
    rows = decode_headers(words.headers(request.headers), operation.id, Direction.OUT)
    return replace(call, foreign=foreign, title=words.text(call.title), headers=rows, url=words.url(request.url))


def _imported(call: ForeignCall) -> ImportedCall:
    request = call.request
    operation = operation_at(request.method, request.url)
    message = readable(request.body)
    title = call.name or (title_of(message.facts) if message is not None else "") or operation.title
    rows = decode_headers(request.headers, operation.id, Direction.OUT)
    target = next((row for row in rows if row.name.lower() == TARGET.lower()), None)
    service = next((value for label, value in target.rows if label == "Service"), "") if target is not None else ""
    listed = operation.id if operation.group and operation.id != PROCESS_MESSAGE else ""
    return ImportedCall(call, title, operation.title, service, rows, listed, request.url)
