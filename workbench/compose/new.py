"""New messages: a template and a setting give the first message of a conversation.

It must not know how the message is sent.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from workbench.compose.builder import Kept, Order, assemble
from workbench.compose.carrying import as_new
from workbench.compose.facts import Links
from workbench.compose.originals import read
from workbench.compose.slots import offered
from workbench.compose.templates import notation, template
from workbench.compose.tree import text
from workbench.errors import ErrorCode, InputError
from workbench.messages import build
from workbench.standard.definitions import definitions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.compose.facts import Party, PatientFacts, Practitioner, Setting, SourceSoftware
    from workbench.exchange import Ids
    from workbench.messages import Message
    from workbench.standard.message_kinds import MessageKind

Facts = dict[str, str | datetime]

SLOT_LENGTH = timedelta(minutes=15)


def compose(template_id: str, setting: Setting, *, now: datetime, ids: Ids, links: Links = Links()) -> Message:  # noqa: B008
    """A new message for its receiver, without ids except those of the slot's resources.

    InputError `input.template` for a template that does not exist or that follows an earlier message.
    """
    chosen = template(template_id)
    if chosen.follows:
        raise InputError(
            ErrorCode.INPUT_TEMPLATE, what=chosen.title, cause="it answers or follows an earlier message of the history"
        )
    bundle_id = ids()
    kept = {**offered(links.slot, ids), **(as_new(links.patient, ids) if links.patient else {})}
    facts: Facts = {
        **kind_facts(chosen.kind),
        **party_facts("sender", setting.sender),
        **party_facts("receiver", setting.receiver),
        **patient_facts(setting.patient),
        **practitioner_facts(setting.practitioner),
        **software_facts(setting.software),
        **slot_facts(kept, now),
        "from.endpoint": setting.sender.endpoint,
        "to.endpoint": setting.receiver.endpoint,
        "use_case": setting.use_case,
        "now": now,
        "case": setting.case_number or f"S-{bundle_id[:8].upper()}",
        "journey": links.journey_id or (read(links.original).journey if links.original else "") or ids(),
        **notation().words.get(setting.use_case, {}),
        "links.appointment": links.appointment_id or "",
        "links.service_request": links.service_request_id or "",
    }
    order = Order(chosen, facts, setting.versions.application_version, bundle_id, now, kept, stamp_all=True)
    return build(assemble(order, ids))


def kind_facts(kind: MessageKind) -> Facts:
    """What the header says about the kind of message."""
    return {
        "event": kind.event,
        "reason": kind.reason,
        "category": kind.category or "",
        "definition": definitions()[kind.definition].url,
    }


def party_facts(role: str, party: Party) -> Facts:
    """An organisation and its service, as `sender.*` or `receiver.*`."""
    return {
        f"{role}.name": party.name,
        f"{role}.ods_code": party.ods_code,
        f"{role}.service_system": party.service_system,
        f"{role}.service_id": party.service_id,
        f"{role}.service_name": party.service_name or party.name,
    }


def patient_facts(patient: PatientFacts) -> Facts:
    """The patient as `patient.*`."""
    return {
        "patient.family": patient.family,
        "patient.given": patient.given,
        "patient.nhs_number": patient.nhs_number,
        "patient.gender": patient.gender,
        "patient.birth_date": patient.birth_date,
        "patient.line": patient.line,
        "patient.city": patient.city,
        "patient.postcode": patient.postcode,
        "patient.phone": patient.phone,
    }


def practitioner_facts(person: Practitioner) -> Facts:
    """Who asks or answers as `practitioner.*`."""
    return {
        "practitioner.family": person.family,
        "practitioner.given": person.given,
        "practitioner.role_profile_id": person.role_profile_id,
        "practitioner.role_code": person.role_code,
        "practitioner.role_display": person.role_display,
    }


def software_facts(software: SourceSoftware) -> Facts:
    """The composing system as `software.*`."""
    return {
        "software.supplier": software.supplier,
        "software.name": software.name,
        "software.version": software.version,
        "software.phone": software.phone,
        "software.cdss": software.cdss or software.name,
        "software.cdss_version": software.cdss_version or software.version,
    }


def slot_facts(kept: Mapping[str, tuple[Kept, ...]], now: datetime) -> Facts:
    """Start and end of the chosen slot, else of a sample slot in the next whole hour but one."""
    if "slot" in kept:
        slot = kept["slot"][0].resource
        return {"slot.start": text(slot, "start"), "slot.end": text(slot, "end"), "slot.id": text(slot, "id")}
    start = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    return {"slot.start": start, "slot.end": start + SLOT_LENGTH}
