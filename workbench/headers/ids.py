"""X-Request-Id and X-Correlation-Id: what they must look like and what an answer must echo.

Sources: API specification, header parameters; Core, Transactional integrity. Must not know messages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.exchange.values import header
from workbench.messages.identity import is_uuid

if TYPE_CHECKING:
    from workbench.exchange.values import Headers

REQUEST_ID = "X-Request-Id"
CORRELATION_ID = "X-Correlation-Id"
TRANSACTION_IDS = (REQUEST_ID, CORRELATION_ID)
_NIL = "00000000-0000-0000-0000-000000000000"


def id_problem(value: str) -> str | None:
    """Why a value is no transaction id, or None: only 8-4-4-4-12 hexadecimal digits are one."""
    if not value:
        return "it is empty"
    if is_uuid(value):
        return None
    if is_uuid(value.strip("{} ").removeprefix("urn:uuid:")):
        return "write the UUID alone, without braces, blanks or urn:uuid:"
    return "it is not 8-4-4-4-12 hexadecimal digits"


def is_nil(value: str) -> bool:
    """Whether it is the UUID of zeros, which names nothing."""
    return value == _NIL


def same_ids(headers: Headers) -> bool:
    """Whether both transaction ids are there and equal."""
    first, second = header(headers, REQUEST_ID), header(headers, CORRELATION_ID)
    return bool(first) and (first or "").lower() == (second or "").lower()


def not_echoed(request: Headers, response: Headers) -> tuple[str, ...]:
    """The transaction ids that an answer leaves out although the request had them."""
    return tuple(name for name in TRANSACTION_IDS if header(request, name) and header(response, name) is None)


def changed_in_echo(request: Headers, response: Headers) -> tuple[str, ...]:
    """The transaction ids that an answer carries with another value than the request had; case is not compared."""
    found = []
    for name in TRANSACTION_IDS:
        sent, back = header(request, name), header(response, name)
        if sent and back is not None and back.strip().lower() != sent.strip().lower():
            found.append(name)
    return tuple(found)
