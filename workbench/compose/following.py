"""Messages that answer or follow an earlier one: acknowledgement, replies, cancellation.

It must not know how the earlier message came in or went out.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from workbench.compose.builder import Order, assemble, tidy
from workbench.compose.facts import Party, Practitioner, SourceSoftware
from workbench.compose.filling import Filling, instant
from workbench.compose.new import kind_facts, party_facts, practitioner_facts, software_facts
from workbench.compose.originals import Original, read
from workbench.compose.templates import Template, notation, template
from workbench.compose.tree import objects, put, text
from workbench.errors import ErrorCode, InputError
from workbench.messages import build

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.compose.new import Facts
    from workbench.exchange import Ids
    from workbench.messages import Message
    from workbench.messages.values import JsonObject


def acknowledge(request: Message, *, now: datetime, ids: Ids, case_number: str) -> Message:
    """The body of the synchronous 200 (guide, Message Headers and Journey ID; the harness wants the same Bundle.id).

    The request as it came, in its own syntax, with an id for every resource that has none; a new referral or validation
    gains the receiver's planned Encounter with its case number, a new booking its time of creation.
    """
    bundle = copy.deepcopy(request.resource)
    original = read(request)
    for entry in objects(bundle, "entry"):
        resource = entry.get("resource")
        if isinstance(resource, dict) and not text(resource, "id"):
            entry["resource"] = tidy({**resource, "id": ids()})
    reason = text(original.header, "reason.coding[0].code")
    if reason == "new" and original.event == "booking-request":
        for entry in objects(bundle, "entry"):
            if text(entry, "resource.resourceType") == "Appointment":
                put(entry, "resource.created", instant(now))
    if reason == "new" and original.event == "servicerequest-request" and "receiver_encounter" not in original.kept:
        planned = _planned(original, now, ids, case_number)
        found = bundle.get("entry")
        if isinstance(found, list):
            found.append({"fullUrl": f"urn:uuid:{ids()}", "resource": planned})
    return build(bundle, request.syntax)


def _planned(original: Original, now: datetime, ids: Ids, case_number: str) -> JsonObject:
    """The receiver's own Encounter, not begun."""
    block = notation().blocks["receiver_encounter"]
    urls = {name: group[0].full_url for name, group in original.kept.items()}
    filling = Filling({"now": now, "case": case_number, "journey": original.journey}, urls, ids)
    resource: JsonObject = {
        "resourceType": block.type,
        "id": ids(),
        "meta": {"lastUpdated": instant(now), "profile": [_profile(name) for name in block.profiles]},
    }
    for path, written in block.values.items():
        if (element := filling.element(written)) is not None:
            put(resource, path, element)
    return resource


def _profile(written: str) -> str:
    family, _, name = written.partition(":")
    return notation().profiles[family] + name


def reply(
    kind: str,
    original: Message,
    acknowledgement: Message | None,
    *,
    responder: Party,
    now: datetime,
    ids: Ids,
    interim_sent: bool = False,
    interim: Message | None = None,
    booking: Message | None = None,
    practitioner: Practitioner = Practitioner(),  # noqa: B008 - frozen
    software: SourceSoftware = SourceSoftware(),  # noqa: B008 - frozen
    case_number: str = "",
    why: str = "",
) -> Message:
    """An asynchronous reply to a request: `validation-interim`, `-rejection`, `-full` or `safeguarding-dna`.

    Ends and organisations are swapped, MessageHeader.response names the Bundle of the request, resources keep fullUrl
    and the ids of the acknowledgement. A full response is an update when an interim one went before (`interim_sent`, or
    `interim` itself, whose unchanged resources then keep their lastUpdated), else new. `booking` is the acknowledged
    booking of a patient who did not attend. InputError `input.template` when the request cannot have such a reply.
    """
    chosen = template(kind)
    if not chosen.follows or chosen.kind.direction != "response":
        raise InputError(ErrorCode.INPUT_TEMPLATE, what=chosen.title, cause="it is not a reply")
    known = read(original, acknowledgement, interim)
    kept = dict(known.kept)
    booked = read(booking) if booking is not None else None
    if booked is not None and "appointment" in booked.kept:
        kept["appointment"] = booked.kept["appointment"]
    bundle_id = ids()
    facts: Facts = {
        **kind_facts(chosen.kind),
        **party_facts("receiver", responder),
        **practitioner_facts(practitioner),
        **software_facts(software),
        **_shared(known, now),
        "answers": known.bundle_id,
        "answers.code": "ok",
        "from.endpoint": known.destination_endpoint or responder.endpoint,
        "to.endpoint": known.source_endpoint,
        "case": case_number or f"R-{bundle_id[:8].upper()}",
        "slot.id": booked.slot_id if booked else known.slot_id,
        "why": why or chosen.why,
    }
    if kind == "validation-full" and (interim_sent or interim is not None):
        facts["reason"] = "update"
    order = Order(chosen, facts, known.version, bundle_id, now, kept, stamp_all=interim is None)
    return build(assemble(order, ids), original.syntax)


def cancel(
    original: Message, acknowledgement: Message, *, now: datetime, ids: Ids, error: bool = False, why: str
) -> Message:
    """The withdrawal of a booking, referral or validation request by its sender (guide, Cancellation).

    Reason `update`, the receiver's ids, the fullUrls of the original, a later lastUpdated on what changed only.
    `error` says that it should never have been sent; a booking knows no such status and is cancelled.
    """
    known = read(original, acknowledgement)
    chosen = _cancellation(known, error)
    source = known.header
    cdss = "extension[0].extension[{}].valueString"
    facts: Facts = {
        **kind_facts(chosen.kind),
        **software_facts(
            SourceSoftware(
                supplier=text(source, "source.name"),
                name=text(source, "source.software"),
                version=text(source, "source.version"),
                phone=text(source, "source.contact.value"),
                cdss=text(source, cdss.format(0)),
                cdss_version=text(source, cdss.format(1)),
            )
        ),
        **_shared(known, now),
        "from.endpoint": known.source_endpoint,
        "to.endpoint": known.destination_endpoint,
        "slot.id": known.slot_id,
        "why": why,
    }
    order = Order(chosen, facts, known.version, ids(), now, known.kept, stamp_all=False)
    return build(assemble(order, ids), original.syntax)


def _cancellation(known: Original, error: bool) -> Template:
    if known.event == "booking-request":
        return template("booking-cancel")
    return template(f"{known.category}-{'error' if error else 'cancel'}")


def _shared(known: Original, now: datetime) -> Facts:
    """What every message of a conversation has in common."""
    return {"category": known.category, "use_case": known.use_case, "journey": known.journey, "now": now}
