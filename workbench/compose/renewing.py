"""A message taken up again: as a new one of its own, or about somebody else; everything else stays as it was typed.

It must not know where the text comes from.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.compose.filling import instant
from workbench.compose.originals import read
from workbench.compose.tree import text as text_at
from workbench.errors import ErrorCode, InputError
from workbench.messages import Edit, EditOp, parse, rewrite

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.compose.facts import PatientFacts
    from workbench.exchange import Ids

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def renewed(text: str, *, now: datetime, ids: Ids) -> str:
    """The text as a message of its own: another Bundle.id, another journey, the present where the old timestamp stood.

    Where one of these is no value yet (a variable, or nothing), and in a text that cannot be read, it stays. A journey
    goes on in messages that follow an earlier one, so only new ones begin another (guide, Journey ID).
    """
    try:
        message = parse(text.encode("utf-8"), what="The template")
    except (InputError, UnicodeEncodeError):
        return text
    known = read(message)
    old = {known.bundle_id: ids(), text_at(message.resource, "timestamp"): instant(now)}
    if message.facts.reason == "new" and message.facts.response_to is None:
        old[known.journey] = ids()
    for before, after in old.items():
        if _GUID.fullmatch(before) or (before and before[:4].isdigit()):
            text = text.replace(before, after)
    return text


def about(text: str, patient: PatientFacts) -> str:
    """The message about another patient; values that are empty there stay as they are. InputError where it cannot be
    read or has no Patient."""
    message = parse(text.encode("utf-8"), what="The message")
    found = next((entry for entry in message.entries() if entry.type == "Patient"), None)
    if found is None:
        raise InputError(ErrorCode.INPUT_TEMPLATE, what="The message", cause="it has no Patient to be about")
    place = found.path
    values = {
        "identifier[0].value": patient.nhs_number,
        "name[0].family": patient.family,
        "name[0].given[0]": patient.given,
        "gender": patient.gender,
        "birthDate": patient.birth_date,
        "address[0].line[0]": patient.line,
        "address[0].city": patient.city,
        "address[0].postalCode": patient.postcode,
        "contact[0].telecom[0].value": patient.phone,
    }
    edits = [Edit(EditOp.SET, f"{place}.{path}", value) for path, value in values.items() if value]
    return rewrite(message, edits).text
