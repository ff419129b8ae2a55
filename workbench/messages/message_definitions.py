"""MessageDefinitions as receivers answer them to `GET /MessageDefinition`, read into the values of the standard.

Tolerant of every form that was ever published; must not judge a message by them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, InputError
from workbench.messages import tree
from workbench.messages.values import Number
from workbench.standard.definitions import Definition, Row
from workbench.standard.events import Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbench.messages.message import Message
    from workbench.messages.values import JsonObject, JsonValue, MessageFacts

_USE_CASES = "usecases-categories-bars"
_SERVICES = ("/dos-service-id", "/ers-dos-service-id", "/dos-id")
"""Ends of the systems of service ids; the last is that of older packages."""


def definitions_in(message: Message, *, what: str = "The file") -> tuple[Definition, ...]:
    """The definitions of a MessageDefinition, or of a Bundle of them (answer to `GET /MessageDefinition`).

    `focus` lists every resource type with profile, min and max. The context stands in `useContext`: since API 1.0.0 as
    codings of `valueCodeableConcept`, before that as several codings of `code`; both are read. One whose event no
    message has is left out. InputError (input.not-fhir) when there is none at all.
    """
    alone = [message.resource] if message.resource_type == "MessageDefinition" else []
    held = alone or [entry.resource for entry in message.entries() if entry.type == "MessageDefinition"]
    found = tuple(read for resource in held if (read := _definition(resource)) is not None)
    if not found:
        cause = "it holds no MessageDefinition for an event of the standard"
        raise InputError(ErrorCode.INPUT_NOT_FHIR, what=what, cause=cause)
    return found


def fitting(offered: Sequence[Definition], facts: MessageFacts) -> Definition | None:
    """The one to judge a message by: of its URL, else of its event; then of its use case, service and version.

    None when nothing is offered. One of another URL is better than none: it tells what the receiver takes instead.
    """
    if not offered:
        return None
    service = (facts.destination_endpoint or "").rpartition("|")[2]
    major = (facts.version_id or "").partition(".")[0]

    def fit(one: Definition) -> tuple[bool, bool, bool, bool, bool, bool]:
        return (
            one.is_named(facts.definition),
            one.event == facts.event,
            facts.use_case in one.use_cases,
            service in one.services,
            one.version == facts.version_id,
            one.version.partition(".")[0] == major,
        )

    return max(offered, key=fit)


def _definition(resource: JsonObject) -> Definition | None:
    code = tree.inner_text(resource, "eventCoding", "code")
    event = next((known for known in Event if known == code), None)
    url = (tree.text(resource.get("url")) or "").partition("|")[0].rstrip("/")
    if event is None or not url:
        return None
    context = list(_context(resource))
    return Definition(
        name=url.rpartition("/")[2],
        version=tree.text(resource.get("version")) or "",
        event=event,
        rows=tuple(_row(focus) for focus in tree.objects(resource.get("focus")) if _type(focus) not in ("", "Bundle")),
        own_url=url,
        services=tuple(dict.fromkeys(code for system, code in context if system.endswith(_SERVICES))),
        use_cases=tuple(dict.fromkeys(code.lower() for system, code in context if _USE_CASES in system)),
    )


def _context(resource: JsonObject) -> Iterator[tuple[str, str]]:
    """(system in lower case, code) of every coding under useContext."""
    for context in tree.objects(resource.get("useContext")):
        held = [*tree.objects(context.get("code")), *tree.codings(context.get("valueCodeableConcept"))]
        for coding in held:
            if code := tree.text(coding.get("code")):
                yield (tree.text(coding.get("system")) or "").lower(), code.strip()


def _row(focus: JsonObject) -> Row:
    profile = (tree.text(focus.get("profile")) or "").partition("|")[0]
    return Row(_type(focus), profile, _number(focus.get("min")) or 0, _number(focus.get("max")))


def _type(focus: JsonObject) -> str:
    return tree.text(focus.get("code")) or ""


def _number(value: JsonValue) -> int | None:
    """A count written as a number or as text; None for `*` and for what is no count."""
    written = value.text if isinstance(value, Number) else value
    return int(written) if isinstance(written, str) and written.isdecimal() else None
