"""The table of linked bookings as rows of the state pane: read as JSON text, changed, entered and forgotten by hand.

One row for each organisation that called. What the states mean is `receiver.linked`; must not know any window.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, InputError
from workbench.messages import json_text, tree
from workbench.receiver.linked import states
from workbench.session.holding_views import HeldRow
from workbench.session.receiving import LINKED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbench.messages import JsonObject
    from workbench.session.kept_linked import KeptLinked

_FIRST = "booked"
"""Where a new row begins: without a booking there is nothing to hold."""
_MEANS: Mapping[str, str] = MappingProxyType({"booked": "a booking", "referred": "a booking and its referral"})


def linked_rows(table: KeptLinked, holder: str) -> Iterator[HeldRow]:
    """A row for every organisation of which something is held, by organisation."""
    for organisation, state in sorted(table.all().items()):
        if state:
            yield HeldRow(holder, LINKED, organisation, state, organisation, "", _MEANS.get(state, ""), "")


def linked_text(table: KeptLinked, organisation: str) -> str:
    """Where an organisation stands, as JSON text; KeyError for one that is not in the table."""
    return _text(organisation, table.all()[organisation])


def linked_blank() -> str:
    """What a new row may look like."""
    return _text("", _FIRST)


async def keep_linked(table: KeptLinked, id: str, text: str) -> str:
    """Have an organisation stand as a text says; `id` is empty for a new row, and whose row it is is given.

    InputError for a text that names no organisation or no state of the table; StoreError when it cannot be kept.
    """
    found = json_text.load(text, what="The row")
    row: JsonObject = found if isinstance(found, dict) else {}
    organisation = (tree.text(row.get("organisation")) or "").strip().upper()
    state = tree.text(row.get("state")) or ""
    possible = sorted(states() - {""})
    if not organisation:
        raise InputError(ErrorCode.INPUT_HELD, what="The row", cause="organisation is missing: an ODS code")
    if id and organisation != id:
        cause = f"it was that of {id}, and stays so: enter a new one instead"
        raise InputError(ErrorCode.INPUT_HELD, what="The row", cause=cause)
    if state not in possible:
        raise InputError(ErrorCode.INPUT_HELD, what="The row", cause=f"state is none of {', '.join(possible)}")
    await table.put(organisation, state)
    return organisation


def _text(organisation: str, state: str) -> str:
    return json_text.dump({"organisation": organisation, "state": state})
