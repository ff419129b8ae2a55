"""Messages that answer or follow an earlier one: acknowledgement, replies, cancellation.

It must not know how the earlier message came in or went out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.compose.builder import Order, assemble
from workbench.compose.facts import Party, Practitioner, SourceSoftware
from workbench.compose.filling import Filling, instant
from workbench.compose.new import kind_facts, party_facts, practitioner_facts, software_facts
from workbench.compose.originals import Original, read
from workbench.compose.templates import Template, notation, template, templates
from workbench.compose.tree import put, text
from workbench.errors import ErrorCode, InputError
from workbench.messages import build
from workbench.messages.message import extended
from workbench.standard.events import Event

_OPEN = ("active", "on-hold")
"""Statuses of a request that is still being worked on."""

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
    original = read(request)
    new = text(original.header, "reason.coding[0].code") == "new"
    booked = new and original.event == "booking-request"
    members: dict[int, JsonObject] = {}
    for entry in request.entries():
        gained: JsonObject = {}
        if not entry.id:
            gained["id"] = ids()
        if booked and entry.type == "Appointment":
            gained["created"] = instant(now)
        if entry.resource and gained:
            members[entry.index] = gained
    if not new or original.event != "servicerequest-request" or "receiver_encounter" in original.kept:
        return extended(request, members)
    planned = _planned(original, now, ids, case_number)
    return extended(request, members, [{"fullUrl": f"urn:uuid:{ids()}", "resource": planned}])


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
    status: str = "",
) -> Message:
    """An asynchronous reply to a request: `validation-interim`, `-rejection`, `-full`, `safeguarding-dna`, `cad-status`
    or `cad-rejection`.

    Ends and organisations are swapped, MessageHeader.response names the Bundle of the request, resources keep fullUrl
    and the ids of the acknowledgement. A full response is an update when an interim one went before (`interim_sent`, or
    `interim` itself, whose unchanged resources then keep their lastUpdated), else new. `booking` is the acknowledged
    booking of a patient who did not attend. `status` is how far a passed incident is (App 6: `planned`, `in-progress`,
    `arrived`, `finished`). InputError `input.template` when the request cannot have such a reply.
    """
    chosen = template(kind)
    if not chosen.follows or chosen.kind.direction != "response":
        raise InputError(ErrorCode.INPUT_TEMPLATE, what=chosen.title, cause="it is not a reply")
    known = read(original, acknowledgement, interim)
    _check_use_case(chosen, known)
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
        "status": status or "in-progress",
    }
    if kind == "validation-full" and (interim_sent or interim is not None):
        facts["reason"] = "update"
    order = Order(chosen, facts, known.version, bundle_id, now, kept, stamp_all=interim is None)
    return build(assemble(order, ids), original.syntax)


def replies_to(request: Message) -> tuple[Template, ...]:
    """The replies that a request may get: those of its category and use case (Applications, asynchronous responses).

    None for a request that is withdrawn, and for any other message.
    """
    known = read(request)
    if known.event != Event.SERVICEREQUEST_REQUEST or text(known.first("request"), "status") not in _OPEN:
        return ()
    return tuple(
        row
        for row in templates()
        if row.follows
        and row.kind.direction == "response"
        and row.kind.category == known.category
        and known.use_case in row.use_cases
    )


def cancel(
    original: Message, acknowledgement: Message, *, now: datetime, ids: Ids, error: bool = False, why: str
) -> Message:
    """The withdrawal of a booking, referral or validation request by its sender (guide, Cancellation).

    `error` says that it should never have been sent; a booking knows no such status and is cancelled.
    """
    known = read(original, acknowledgement)
    booked = known.event == "booking-request"
    chosen = template("booking-cancel" if booked else f"{known.category}-{'error' if error else 'cancel'}")
    return _later(chosen, known, original, ids(), now=now, ids=ids, why=why)


def update(original: Message, acknowledgement: Message, *, now: datetime, ids: Ids, why: str = "") -> Message:
    """The same booking, referral or validation request as it is by now, from its sender (guide, Update).

    The Bundle.id of the original stays for incidents passed between ambulance trusts (official series of updates), and
    is new elsewhere. `why` are the words that changed; without them everything is as it was. InputError
    `input.template` where its Application knows no update.
    """
    known = read(original, acknowledgement)
    passed = known.use_case.startswith("a6")
    booked = known.event == "booking-request"
    chosen = template("booking-update" if booked else "cad-update" if passed else f"{known.category}-update")
    _check_use_case(chosen, known)
    bundle_id = known.bundle_id if passed else ids()
    return _later(chosen, known, original, bundle_id, now=now, ids=ids, why=why)


def _check_use_case(chosen: Template, known: Original) -> None:
    if known.use_case and known.use_case not in chosen.use_cases:
        cause = f"use case {known.use_case} does not know it, only {', '.join(chosen.use_cases)}"
        raise InputError(ErrorCode.INPUT_TEMPLATE, what=chosen.title, cause=cause)


def _later(
    chosen: Template, known: Original, original: Message, bundle_id: str, *, now: datetime, ids: Ids, why: str
) -> Message:
    """A later message of the sender: reason `update`, the receiver's ids, the fullUrls of the original, a later
    lastUpdated on what changed only."""
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
    order = Order(chosen, facts, known.version, bundle_id, now, known.kept, stamp_all=False)
    return build(assemble(order, ids), original.syntax)


def _shared(known: Original, now: datetime) -> Facts:
    """What every message of a conversation has in common."""
    return {"category": known.category, "use_case": known.use_case, "journey": known.journey, "now": now}
