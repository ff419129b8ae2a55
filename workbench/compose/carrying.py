"""What a new message takes from an earlier one of its conversation: the journey, the link, the patient.

It must not know which message is to be made, nor where the earlier one is kept.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.compose.builder import Kept
from workbench.compose.facts import Links
from workbench.compose.originals import read
from workbench.compose.tree import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.exchange import Ids
    from workbench.messages import Message
    from workbench.messages.values import JsonObject


def carried(original: Message, acknowledgement: Message) -> Links:
    """The ties of a booking to the referral it is for, and of a referral to the booking it is for.

    The receiver's id is that of the acknowledgement (guide, Transactional integrity: ServiceRequest.supportingInfo and
    Appointment.basedOn are relative references to it); the journey goes on; the patient is the same person as sent.
    """
    known = read(original, acknowledgement)
    request, appointment = known.first("request"), known.first("appointment")
    return Links(
        journey_id=known.journey or None,
        service_request_id=text(request, "id") or None,
        appointment_id=text(appointment, "id") or None,
        patient=known.first("patient") or None,
    )


def rebooked(original: Message, acknowledgement: Message) -> Links:
    """The ties of a booking that takes the place of another one: to the referral which that one was for."""
    links = carried(original, acknowledgement)
    reference = text(read(original).first("appointment"), "basedOn[0].reference")
    kind, _, id = reference.rpartition("/")
    referral = id if kind.endswith("ServiceRequest") else None
    return replace(links, appointment_id=None, service_request_id=referral)


def as_new(patient: JsonObject, ids: Ids) -> Mapping[str, tuple[Kept, ...]]:
    """A patient of an earlier message as an entry of a new one: another fullUrl, no id, no reference to what stays
    behind (new messages carry no ids: the receiver gives them)."""
    own = copy.deepcopy(patient)
    own.pop("id", None)
    return {"patient": (Kept(f"urn:uuid:{ids()}", own),)}
