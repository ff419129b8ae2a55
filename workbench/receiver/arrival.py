"""A call as the answers on purpose look at it, and whether one of them holds for it.

Pure; what is costly to find out is found out when a rule first asks. Must not know what is answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.headers import base64_json
from workbench.messages import tree
from workbench.messages.identity import split_endpoint
from workbench.receiver.access import caller
from workbench.receiver.answer_rule import NOBODY
from workbench.receiver.decision import kind_of, nhs_numbers
from workbench.rules.query import parameters

if TYPE_CHECKING:
    from workbench.exchange import Request
    from workbench.messages import JsonObject, Message
    from workbench.receiver.answer_rule import When

TARGET = "NHSD-Target-Identifier"
SLOT_SERVICE = "Schedule.actor:HealthcareService"
_FLAGLESS = "no "


@dataclass(frozen=True)  # no slots: what is found out is kept
class Arrival:
    """One call."""

    operation: str
    request: Request
    message: Message | None = None
    id: str = ""
    """Of the resource in the path."""

    @cached_property
    def query(self) -> tuple[tuple[str, str], ...]:
        """Parameters, decoded."""
        return tuple((one.name, one.value) for one in parameters(self.request))

    @cached_property
    def kind(self) -> str:
        """`booking`, `referral`, `validation` or `response`."""
        return kind_of(self.message) if self.message is not None else ""

    @cached_property
    def patients(self) -> frozenset[str]:
        """NHS numbers in the message or the query."""
        if self.message is not None:
            return frozenset(nhs_numbers(self.message))
        asked = (value for name, value in self.query if name == "patient:identifier")
        return frozenset(split_endpoint(value)[1].replace(" ", "") for value in asked)

    @cached_property
    def values(self) -> frozenset[str]:
        """Ids of what is read or of the bookings and referrals of a message; values of contexts."""
        if self.message is not None:
            about = ("Appointment", "ServiceRequest")
            return frozenset(id.lower() for kind, id in self.message.facts.resource_ids if kind in about)
        contexts = (split_endpoint(value)[1] for name, value in self.query if name == "context")
        return frozenset({self.id.lower(), *contexts} - {""})

    @cached_property
    def services(self) -> frozenset[str]:
        """Value of the service that is addressed: in the query, the message or the target header."""
        asked = {split_endpoint(value)[1] for name, value in self.query if name in (SLOT_SERVICE, "context")}
        if self.operation in ("slot-search", "message-definition"):
            return frozenset(asked)
        if self.message is not None:
            return frozenset({split_endpoint(self.message.facts.destination_endpoint or "")[1]})
        value = target_of(self.request)
        return frozenset({value} if value else ())

    @cached_property
    def families(self) -> frozenset[str]:
        """Family names of the patients, in small letters."""
        return frozenset(
            (tree.text(name.get("family")) or "").lower()
            for patient in self._of("Patient")
            for name in tree.objects(patient.get("name"))
        )

    @cached_property
    def conditions(self) -> frozenset[str]:
        """Texts of the Conditions, in small letters."""
        return frozenset((tree.inner_text(one, "code", "text") or "").lower() for one in self._of("Condition"))

    @cached_property
    def flags(self) -> frozenset[str]:
        """Codes of the Flags."""
        return frozenset(
            tree.text(coding.get("code")) or "" for one in self._of("Flag") for coding in tree.codings(one.get("code"))
        )

    @cached_property
    def parts(self) -> frozenset[str]:
        """What `has` and `lacks` look among: names and `name=value` of the query, types and `Type=status`."""
        found = {name for name, _ in self.query} | {f"{name}={value}" for name, value in self.query}
        for entry in self.message.entries() if self.message is not None else ():
            found |= {entry.type, f"{entry.type}={tree.text(entry.resource.get('status')) or ''}"}
        return frozenset(found)

    def _of(self, type: str) -> tuple[JsonObject, ...]:
        entries = self.message.entries() if self.message is not None else ()
        return tuple(entry.resource for entry in entries if entry.type == type)


def fits(when: When, arrival: Arrival) -> bool:
    """Whether a call is one that a rule is for."""
    if when.operation and when.operation != arrival.operation:
        return False
    if when.header and not (arrival.request.header(when.header) or "").strip():
        return False
    if when.service and when.service not in arrival.services:
        return False
    if when.organisation and when.organisation.upper() != caller(arrival.request).organisation.upper():
        return False
    if when.values and not arrival.values & frozenset(
        value.lower() if "-" in value else value for value in when.values
    ):
        return False
    if when.patients and not _patient_fits(when.patients, arrival):
        return False
    if not arrival.parts >= set(when.has) or arrival.parts & set(when.lacks):
        return False
    return _message_fits(when, arrival)


def _patient_fits(wanted: tuple[str, ...], arrival: Arrival) -> bool:
    if NOBODY in wanted and arrival.message is not None and not arrival.patients:
        return True
    return bool(arrival.patients & {one.replace(" ", "") for one in wanted})


def _message_fits(when: When, arrival: Arrival) -> bool:
    facts = arrival.message.facts if arrival.message is not None else None
    for wanted, held in (
        (when.event, facts.event if facts is not None else None),
        (when.reason, facts.reason if facts is not None else None),
        (when.use_case, facts.use_case if facts is not None else None),
    ):
        if wanted and wanted.lower() != (held or "").lower():
            return False
    if when.kind and when.kind != arrival.kind:
        return False
    if when.family and when.family.lower() not in arrival.families:
        return False
    if when.condition and when.condition.lower() not in arrival.conditions:
        return False
    if when.flag.startswith(_FLAGLESS):
        return when.flag.removeprefix(_FLAGLESS) not in arrival.flags
    return not when.flag or when.flag in arrival.flags


def target_of(request: Request) -> str:
    """Value of the service in the target header; empty where it cannot be read."""
    text = request.header(TARGET)
    if text is None:
        return ""
    try:
        return tree.text(base64_json.decode(text, what=TARGET).get("value")) or ""
    except InputError:
        return ""
