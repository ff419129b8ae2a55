"""A draft: a call a person is preparing, as it is kept between sessions.

It must not know where drafts are stored or how they are sent.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, InputError
from workbench.headers.build import HeaderChoices
from workbench.messages import Message, Number, parse
from workbench.messages.encoding import editable
from workbench.standard import VersionProfile

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = 1

NEW, KEEP, ABSENT = "new", "keep", "absent"
"""How a transaction id is chosen, beside a UUID given by hand."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A call in preparation; the message is None for a call without a body and for a text that is no message yet."""

    id: str
    title: str
    operation: str
    """Id of the call, for example `process-message`."""
    versions: VersionProfile
    updated: datetime
    service: str | None = None
    identity: str | None = None
    patient: str | None = None
    message: Message | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    headers: HeaderChoices = field(default_factory=HeaderChoices)
    request_id: str = NEW
    correlation_id: str = NEW
    based_on: str | None = None
    """Id of the exchange it was made from."""
    text: str = ""
    """What the editor shows; it may be no message yet."""

    def with_text(self, text: str, updated: datetime) -> Draft:
        """With another text, read as far as it can be."""
        return replace(self, text=text, message=read_text(text), updated=updated)

    def with_message(self, message: Message | None, updated: datetime) -> Draft:
        """With another message and its text."""
        text = editable(message.source, what="The message") if message is not None else ""
        return replace(self, text=text, message=message, updated=updated)

    def to_json(self) -> dict[str, object]:
        """The draft as plain JSON, as it is stored."""
        return {
            "format": FORMAT,
            "id": self.id,
            "title": self.title,
            "operation": self.operation,
            "versions": asdict(self.versions),
            "service": self.service,
            "identity": self.identity,
            "patient": self.patient,
            "text": self.text,
            "parameters": [[name, value] for name, value in self.parameters],
            "headers": {
                "overrides": [[name, value] for name, value in self.headers.overrides],
                "absent": sorted(self.headers.absent),
            },
            "request_id": self.request_id,
            "correlation_id": self.correlation_id,
            "based_on": self.based_on,
            "updated": self.updated.isoformat(),
        }

    @staticmethod
    def from_json(stored: Mapping[str, object]) -> Draft:
        """A stored draft; InputError `input.template` when what it cannot do without is missing."""
        headers = _table(stored, "headers")
        text = _field(stored, "text")
        return Draft(
            id=_field(stored, "id"),
            title=_field(stored, "title"),
            operation=_field(stored, "operation"),
            versions=_versions(_table(stored, "versions")),
            updated=_moment(_field(stored, "updated")),
            service=_optional(stored, "service"),
            identity=_optional(stored, "identity"),
            patient=_optional(stored, "patient"),
            message=read_text(text),
            parameters=_pairs(stored.get("parameters")),
            headers=HeaderChoices(
                overrides=_pairs(headers.get("overrides")), absent=frozenset(_words(headers.get("absent")))
            ),
            request_id=_optional(stored, "request_id") or NEW,
            correlation_id=_optional(stored, "correlation_id") or NEW,
            based_on=_optional(stored, "based_on"),
            text=text,
        )


def read_text(text: str) -> Message | None:
    """The message a text is, or None."""
    if not text.strip():
        return None
    try:
        return parse(text.encode("utf-8"), what="The draft")
    except InputError:
        return None


def _field(stored: Mapping[str, object], name: str) -> str:
    value = stored.get(name)
    if not isinstance(value, str):
        raise InputError(ErrorCode.INPUT_TEMPLATE, what="A stored draft", cause=f"its {name} is missing")
    return value


def _optional(stored: Mapping[str, object], name: str) -> str | None:
    value = stored.get(name)
    return value if isinstance(value, str) else None


def _table(stored: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = stored.get(name)
    return value if isinstance(value, dict) else {}


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list):
        return ()
    return tuple((str(pair[0]), str(pair[1])) for pair in value if isinstance(pair, list) and len(pair) == 2)


def _words(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _versions(stored: Mapping[str, object]) -> VersionProfile:
    number = stored.get("application")
    if isinstance(number, Number):
        number = int(number.text)
    if not isinstance(number, int):
        raise InputError(ErrorCode.INPUT_TEMPLATE, what="A stored draft", cause="its versions are missing")
    return VersionProfile(number, _field(stored, "application_version"), _field(stored, "core"), _field(stored, "api"))


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            ErrorCode.INPUT_TEMPLATE, what="A stored draft", cause="its time of change is unreadable"
        ) from error
