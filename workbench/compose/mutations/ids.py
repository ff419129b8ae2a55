"""Faults in the transaction ids. Answers: Core, Transactional integrity; live proxy (an id that is left out)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from workbench.compose.mutations.making import bad, left_out, sent_as
from workbench.compose.mutations.values import HeaderChange, HeaderPart, Mutation
from workbench.headers.ids import CORRELATION_ID, REQUEST_ID
from workbench.rules.values import Answer

if TYPE_CHECKING:
    from workbench.messages import Message

_NO_IDS = Answer(400, "BAD_REQUEST", "invalid")
_ZEROS = str(uuid.UUID(int=0))


def _made(name: str, message: Message) -> str:
    """A UUID that is the same for the same message."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name}/{message.facts.bundle_id}"))


MUTATIONS = (
    Mutation(
        "no-request-id",
        "No request id",
        "X-Request-Id is left out.",
        left_out(REQUEST_ID),
        "HDR-001",
        bad("required"),
        _NO_IDS,
    ),
    Mutation(
        "no-correlation-id",
        "No correlation id",
        "X-Correlation-Id is left out.",
        left_out(CORRELATION_ID),
        "HDR-001",
        bad("required"),
        _NO_IDS,
    ),
    Mutation(
        "request-id-not-a-uuid",
        "Request id that is no UUID",
        "X-Request-Id is a plain number.",
        sent_as(REQUEST_ID, lambda _held, _message: "12345"),
        "HDR-014",
        bad("invalid"),
    ),
    Mutation(
        "correlation-id-not-a-uuid",
        "Correlation id that is no UUID",
        "X-Correlation-Id is a plain number.",
        sent_as(CORRELATION_ID, lambda _held, _message: "12345"),
        "HDR-014",
        bad("invalid"),
    ),
    Mutation(
        "request-id-in-braces",
        "Request id in braces",
        "X-Request-Id is a UUID in braces.",
        sent_as(REQUEST_ID, lambda _held, message: "{" + _made(REQUEST_ID, message) + "}"),
        "HDR-014",
        bad("invalid"),
    ),
    Mutation(
        "correlation-id-as-urn",
        "Correlation id as a URN",
        "X-Correlation-Id is a UUID with urn:uuid: before it.",
        sent_as(CORRELATION_ID, lambda _held, message: f"urn:uuid:{_made(CORRELATION_ID, message)}"),
        "HDR-014",
        bad("invalid"),
    ),
    Mutation(
        "request-id-zeros",
        "Request id of zeros",
        "X-Request-Id is the UUID of zeros; a second send is then a duplicate.",
        sent_as(REQUEST_ID, lambda _held, _message: _ZEROS),
        "HDR-015",
        None,
    ),
    Mutation(
        "ids-the-same",
        "The same id twice",
        "X-Request-Id and X-Correlation-Id are one and the same UUID; a second send is then a duplicate.",
        HeaderChange(
            (
                HeaderPart(REQUEST_ID, lambda _held, message: _made(REQUEST_ID, message)),
                HeaderPart(CORRELATION_ID, lambda _held, message: _made(REQUEST_ID, message)),
            )
        ),
        "HDR-015",
        None,
    ),
)
