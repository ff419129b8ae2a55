"""A draft as it is read while people are masked: its text, its message, its headers, and what is found in it.

The draft itself stays as it is, and is sent as it is. Works on values only; must not know any window.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.evidence.masked import RequestWords
from workbench.exchange import Direction, Request
from workbench.headers import decode_headers
from workbench.messages import summarise
from workbench.session.judging import readable
from workbench.session.masking import masked_finding

if TYPE_CHECKING:
    from workbench.headers import DecodedHeader
    from workbench.masking import Masker
    from workbench.session.engine import Engine
    from workbench.session.masking import Masking
    from workbench.session.views import DraftVerdict

_CALL = "process-message"


class MaskedDrafts:
    """Called on the I/O thread."""

    def __init__(self, engine: Engine, masking: Masking) -> None:
        self._engine = engine
        self._masking = masking

    async def shown(self, verdict: DraftVerdict) -> DraftVerdict:
        """The verdict on a draft without the people in it: by the same masks as everywhere, whether or not they are
        switched on; places are those in the masked text, and nothing has a repair."""
        size = len(verdict.text)
        return await self._engine.compute(masked_draft, verdict, self._masking.masker, size=size)


def masked_draft(verdict: DraftVerdict, masker: Masker) -> DraftVerdict:
    """The verdict on a draft without the people in it. A text that cannot be read is replaced whole."""
    told = tuple((one.name, one.encoded or one.written) for one in verdict.headers if one.encoded or one.written)
    request = Request("POST", "", told, verdict.text.encode("utf-8", "surrogatepass"))
    words = RequestWords(request, masker)
    body = words.body(request.body)
    message = readable(body)
    findings = tuple(masked_finding(one, words, message) for one in verdict.verdict.findings)
    return replace(
        verdict,
        text=body.decode("utf-8", "replace"),
        verdict=replace(verdict.verdict, findings=findings),
        silenced=tuple(one._replace(finding=masked_finding(one.finding, words, message)) for one in verdict.silenced),
        owners=tuple((words.text(path), words.text(named)) for path, named in verdict.owners),
        headers=tuple(_header(one, words) for one in verdict.headers),
        choices=replace(verdict.choices, overrides=tuple((name, "") for name, _ in verdict.choices.overrides)),
        message=None if verdict.too_large else message,
        summary=summarise(message) if message is not None else None,
    )


def _header(header: DecodedHeader, words: RequestWords) -> DecodedHeader:
    """A header without people; what is hidden or made when it is sent stays. Its size is the one on the wire."""
    value = header.encoded or header.written
    masked = words.headers(((header.name, value),)) if value else ()
    decoded = decode_headers(masked, _CALL, Direction.OUT)
    if not decoded:
        return header
    return replace(decoded[0], size=header.size, problem=words.text(header.problem) if header.problem else None)
