"""Every mutation, group by group; which of them fit a message; and what comes of one.

Pure; it must not know how a draft is kept or sent.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from workbench.compose.mutations import (
    cardinality,
    codes,
    dates,
    encoding,
    envelope,
    http_headers,
    ids,
    message_header,
    patient,
    references,
    statuses,
)
from workbench.compose.mutations.values import Group, HeaderChange, Mutation, TextChange, TreeChange
from workbench.exchange.values import header
from workbench.messages import rewrite

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.exchange import Headers
    from workbench.headers import HeaderChoices
    from workbench.messages import Message

_MARK = "\ufeff"
_LISTS = {
    Group.HEADERS: http_headers,
    Group.IDS: ids,
    Group.ENVELOPE: envelope,
    Group.MESSAGE_HEADER: message_header,
    Group.REFERENCES: references,
    Group.STATUSES: statuses,
    Group.CODES: codes,
    Group.DATES: dates,
    Group.PATIENT: patient,
    Group.CARDINALITY: cardinality,
    Group.ENCODING: encoding,
}


@cache
def mutations() -> Mapping[str, Mutation]:
    """Every mutation by id, in the order of the menu; ValueError for an id that is used twice."""
    found: dict[str, Mutation] = {}
    for group, module in _LISTS.items():
        for one in module.MUTATIONS:
            if one.id in found:
                raise ValueError(f"mutation {one.id} is there twice")
            found[one.id] = replace(one, group=group)
    return found


def fits(mutation: Mutation, message: Message, headers: Headers | None = None) -> bool:
    """Whether it changes anything of this message, or of these headers; unknown headers (None) may have any."""
    if not mutation.drafts.fit(message):
        return False
    match mutation.change:
        case TreeChange():
            return bool(mutation.change.make(message))
        case TextChange():
            return broken(mutation, message) != _marked(message, message.text)
        case HeaderChange():
            return headers is None or any(
                part.always or header(headers, part.name) is not None for part in mutation.change.parts
            )


def fitting(message: Message, headers: Headers | None = None) -> tuple[Mutation, ...]:
    """Those that fit, in the order of the menu."""
    return tuple(one for one in mutations().values() if fits(one, message, headers))


def broken(mutation: Mutation, message: Message) -> str:
    """The text of the message with the fault; the same text where the mutation is one of headers or does not fit."""
    match mutation.change:
        case TreeChange():
            return _marked(message, rewrite(message, mutation.change.make(message)).text)
        case TextChange():
            return _marked(message, mutation.change.make(message))
        case HeaderChange():
            return _marked(message, message.text)


def broken_headers(mutation: Mutation, message: Message, headers: Headers, choices: HeaderChoices) -> HeaderChoices:
    """The choices with the fault; `headers` are those the call would have. The same where it is not one of headers."""
    if not isinstance(mutation.change, HeaderChange):
        return choices
    for part in mutation.change.parts:
        held = header(headers, part.name)
        if held is None and not part.always:
            continue
        value = part.make(held or "", message)
        choices = choices.without(part.name) if value is None else choices.with_value(part.name, value)
    return choices


def _marked(message: Message, text: str) -> str:
    """The text with the byte order mark that the message came with."""
    return _MARK + text.removeprefix(_MARK) if message.source.startswith(BOM_UTF8) else text
