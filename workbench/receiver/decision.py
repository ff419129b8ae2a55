"""What can be said about a message by itself: version, use case, destination, definition, combination.

The checks are a list in the order of Core, Error handling, bundle processing. Pure; must not know what was taken
before, nor the ids of the call.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from workbench.messages import tree
from workbench.messages.identity import split_endpoint
from workbench.receiver.matrix import Effect, Mismatch, Row, decide, signs_of
from workbench.receiver.values import Refusal
from workbench.standard import known_version, supports
from workbench.standard.definitions import definition_of, definitions
from workbench.standard.events import Event
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.messages import Message
    from workbench.receiver.values import ReceiverRules

INVARIANT, NOT_SUPPORTED, REQUIRED = "invariant", "not-supported", "required"

_SHORT = "bars-message-servicerequest-response-referral-short"
_OLD_NAMES = {"bars-message-servicerequest-request-response-short": _SHORT}
"""A name official examples cite although no such definition exists."""

_GROWS = frozenset({"Encounter"})
"""Types that updates and acknowledgements may carry more often than the definition says."""

Check = Callable[["Message", "ReceiverRules"], Refusal | None]


def check(message: Message, rules: ReceiverRules) -> Refusal | None:
    """The first thing that is wrong with a message as such, or None."""
    return next((found for step in _CHECKS if (found := step(message, rules)) is not None), None)


def row_of(message: Message) -> Row | None:
    """The row of the decision table that a message fits."""
    found = decide(signs_of(message))
    return found if isinstance(found, Row) else None


def _is_message(message: Message, _rules: ReceiverRules) -> Refusal | None:
    if message.resource_type != "Bundle" or message.resource.get("type") != "message":
        return Refusal(400, "invalid", "the body is not a Bundle of type message.", "R0", expression="Bundle.type")
    first = message.entries()[0] if message.entries() else None
    if first is None or first.type != "MessageHeader":
        text = "the first entry of the Bundle is not a MessageHeader."
        return Refusal(400, INVARIANT, text, "R0", expression="Bundle.entry[0]")
    return None


def _version_present(message: Message, _rules: ReceiverRules) -> Refusal | None:
    if message.facts.version_id:
        return None
    text = "Bundle.meta.versionId (the version of the Application) is missing."
    return Refusal(400, INVARIANT, text, "R3", expression="Bundle.meta.versionId")


def _version_supported(message: Message, _rules: ReceiverRules) -> Refusal | None:
    version = message.facts.version_id or ""
    case = use_cases().get(message.facts.use_case or "")
    if supports(case.application, version) if case else known_version(version):
        return None
    name = f"Application {case.application}" if case else "the Applications served here"
    text = f"version '{version}' of {name} is not supported (Bundle.meta.versionId)."
    return Refusal(422, NOT_SUPPORTED, text, "R4", expression="Bundle.meta.versionId")


def _destination(message: Message, rules: ReceiverRules) -> Refusal | None:
    """R6, then R5. A reply is also taken where its sender did not swap the ends, as official examples do not."""
    facts = message.facts
    endpoint = facts.destination_endpoint
    path = "Bundle.entry[0].resource.destination[0].endpoint"
    if not endpoint:
        return Refusal(400, REQUIRED, "MessageHeader.destination.endpoint is missing.", "R6", expression=path)
    ends = [endpoint, facts.source_endpoint or ""] if facts.event == Event.SERVICEREQUEST_RESPONSE else [endpoint]
    services = [found for end in ends if (found := rules.service(split_endpoint(end)[1])) is not None]
    if not services:
        text = "the service in MessageHeader.destination.endpoint is not one of this receiver."
        return Refusal(404, "not-found", text, "R6", expression=path)
    if facts.use_case and facts.use_case not in use_cases():
        text = f"'{facts.use_case}' is no use case (ServiceRequest.category or Appointment.serviceCategory)."
        return Refusal(422, NOT_SUPPORTED, text, "R5")
    if facts.event != Event.SERVICEREQUEST_RESPONSE and facts.use_case and not services[0].serves(facts.use_case):
        text = f"use case {facts.use_case} is not served by {services[0].name} (MessageHeader.destination.endpoint)."
        return Refusal(422, NOT_SUPPORTED, text, "R5")
    return None


def _no_broker_change(message: Message, _rules: ReceiverRules) -> Refusal | None:
    """Application 8 offers neither cancelling nor updating."""
    signs = signs_of(message)
    if signs.application == 8 and signs.event == Event.SERVICEREQUEST_REQUEST and signs.reason in ("update", "delete"):
        text = "a referral to a broker cannot be cancelled or updated by a message (MessageHeader.reason)."
        return Refusal(400, NOT_SUPPORTED, text, "R8")
    return None


def _response_named(message: Message, _rules: ReceiverRules) -> Refusal | None:
    if message.facts.event != Event.SERVICEREQUEST_RESPONSE or message.facts.response_to:
        return None
    path = "Bundle.entry[0].resource.response.identifier"
    text = "a reply must name the Bundle it answers: MessageHeader.response.identifier is missing."
    return Refusal(400, INVARIANT, text, "R8", expression=path)


def _definition_kept(message: Message, _rules: ReceiverRules) -> Refusal | None:
    """R7: the definition that is cited, its event, and how many of each resource type there are."""
    path = "Bundle.entry[0].resource.definition"
    cited = message.facts.definition
    if not cited:
        return Refusal(400, REQUIRED, "MessageHeader.definition is missing.", "R7", expression=path)
    name = cited.partition("|")[0].rsplit("/", 1)[-1]
    definition = definition_of(_OLD_NAMES.get(name, name))
    if definition is None:
        text = "MessageHeader.definition names a message definition that is not known here."
        return Refusal(422, NOT_SUPPORTED, text, "R7", expression=path)
    if definition.event != message.facts.event:
        text = f"MessageHeader.definition {definition.name} is not for event {message.facts.event}."
        return Refusal(400, INVARIANT, text, "R7", expression=path)
    found, counts = Counter([entry.type for entry in message.entries()]), _counts_of(definition.name)
    for kind, (least, most) in counts.items():
        if kind == "Bundle":
            continue
        count = found[kind]
        if count < least:
            text = f"{definition.name} needs {least} {kind} at least, and the Bundle has {count}."
            return Refusal(400, INVARIANT, text, "R7", expression="Bundle.entry")
        if most is not None and count > most and kind not in _GROWS:
            text = f"{definition.name} allows {most} {kind} at most, and the Bundle has {count}."
            return Refusal(400, INVARIANT, text, "R7", expression="Bundle.entry")
    strange = next((kind for kind in found if kind not in counts), None)
    if strange is not None:
        text = f"{definition.name} has no {strange or 'entry without a resource'}."
        return Refusal(400, INVARIANT, text, "R7", expression="Bundle.entry")
    return None


@cache
def _counts_of(name: str) -> Mapping[str, tuple[int, int | None]]:
    """The counts of a definition of the standard."""
    return definitions()[name].counts()


def _combination(message: Message, _rules: ReceiverRules) -> Refusal | None:
    found = decide(signs_of(message))
    if isinstance(found, Row):
        return None
    return _unfit(found)


def _unfit(found: Mismatch) -> Refusal:
    value = "is missing" if found.value is None else f"'{found.value}' does not fit"
    text = f"{found.element} {value}: event, reason, category and statuses together are no message of the standard."
    return Refusal(400, INVARIANT, text, "R8")


_CHECKS: tuple[Check, ...] = (
    _is_message,
    _version_present,
    _version_supported,
    _destination,
    _no_broker_change,
    _response_named,
    _definition_kept,
    _combination,
)


def kind_of(message: Message) -> str:
    """`booking`, `referral`, `validation` or `response`: by which kind answers on purpose are chosen."""
    row = row_of(message)
    if row is None:
        return ""
    if row.effect is Effect.REPLY:
        return "response"
    if row.event == Event.BOOKING_REQUEST:
        return "booking"
    return signs_of(message).category or ""


def nhs_numbers(message: Message) -> tuple[str, ...]:
    """Every NHS number of the patients in a message."""
    return tuple(
        value.replace(" ", "")
        for entry in message.entries()
        if entry.type == "Patient"
        for row in tree.objects(entry.resource.get("identifier"))
        if (tree.text(row.get("system")) or "").strip().lower().endswith("/nhs-number")
        and (value := tree.text(row.get("value")))
    )
