"""Validation of an ambulance call by a clinical assessment service: Application 4, workflow 8.

A generator of values: who plays it is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.scenarios import expectations as expect
from workbench.scenarios.urgent_care import REPLY_WITHIN_S
from workbench.scenarios.values import Await, Expect, Send

if TYPE_CHECKING:
    from workbench.exchange import Ids
    from workbench.scenarios.values import Play

ASSESSMENT = "2000003366"
"""Northgate Clinical Assessment Service."""


def validation(ids: Ids) -> Play:
    """A request, its interim reply and its full reply."""
    conversation = ids()
    asked = yield Send(
        1,
        "process-message",
        ASSESSMENT,
        template="validation-new",
        use_case="a4t1",
        correlation_id=conversation,
        title="Validation request",
    )
    if asked is None:
        return
    yield from expect.answered(asked, "The validation request")
    yield expect.receiver_gave(asked, "ServiceRequest")
    yield expect.planned_encounter(asked)
    if not (asked.response and asked.response.ok):
        return
    interim = yield Await(2, "the interim reply", conversation, REPLY_WITHIN_S)
    yield from expect.reply(asked, interim, "The interim reply", "response-validation-interim")
    full = yield Await(3, "the full reply", conversation, REPLY_WITHIN_S)
    yield from expect.reply(asked, full, "The full reply", "response-validation-full")
    message = expect.sent_in(full) if full else None
    if full is not None and message is not None:
        updates = message.facts.reason == ("update" if interim else "new")
        yield Expect("The full reply is an update of the interim one", updates, full.id)
