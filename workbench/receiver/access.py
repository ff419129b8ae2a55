"""Who calls, as NHSD-End-User-Organisation says, and who may: access control by organisation.

Core, Security and authorisation. Must not know where the list of callers is kept.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from workbench.errors import InputError
from workbench.headers import base64_json
from workbench.headers.ids import CORRELATION_ID
from workbench.messages import tree
from workbench.standard.urls import ODS_CODE

if TYPE_CHECKING:
    from workbench.exchange import Request
    from workbench.receiver.values import Access

ORGANISATION = "NHSD-End-User-Organisation"
_OPEN = ("/metadata", "/MessageDefinition")
"""Calls that the guide exempts from the access headers; where one is sent all the same, it counts."""


class Caller(NamedTuple):
    """Who made a call, as far as it says."""

    organisation: str = ""
    """ODS code of the end user's organisation."""
    correlation_id: str = ""


def caller(request: Request) -> Caller:
    """Who made a call; what cannot be read is empty."""
    return Caller(_ods_code(request), request.header(CORRELATION_ID) or "")


def only(codes: frozenset[str]) -> Access:
    """Access for these organisations alone, by ODS code without case; an empty set lets everybody in."""
    wanted = frozenset(code.upper() for code in codes)

    def why_not(request: Request) -> str | None:
        if not wanted or (request.header(ORGANISATION) is None and _is_open(request)):
            return None
        if request.header(ORGANISATION) is None:
            return f"the header {ORGANISATION} is missing: only organisations that are known here may call."
        code = _ods_code(request)
        if not code:
            return f"the header {ORGANISATION} names no organisation by its ODS code."
        return None if code.upper() in wanted else f"organisation {code[:20]} may not call here ({ORGANISATION})."

    return why_not


def _is_open(request: Request) -> bool:
    return urlsplit(request.url).path.endswith(_OPEN)


def _ods_code(request: Request) -> str:
    """The ODS code in the header, else the value of its first identifier."""
    value = request.header(ORGANISATION)
    return "" if value is None else _code_in(value)


@lru_cache(maxsize=256)
def _code_in(value: str) -> str:
    """Of one value of the header: callers come again and again."""
    try:
        found = base64_json.decode(value, what=ORGANISATION)
    except InputError:
        return ""
    rows = tree.objects(found.get("identifier"))
    named = [row for row in rows if (tree.text(row.get("system")) or "").lower() == ODS_CODE.lower()]
    return next((code for row in (*named, *rows) if (code := (tree.text(row.get("value")) or "").strip())), "")
