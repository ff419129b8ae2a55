"""Faults of the MessageHeader. Answers: Core, Error handling, bundle processing; guide, Message headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.compose.mutations.making import (
    INVARIANT,
    NOT_FOUND,
    UNSUPPORTED,
    bad,
    double,
    drop,
    first,
    give,
    put,
    swap,
    url_of,
)
from workbench.compose.mutations.values import REPLIES, REQUESTS, Mutation, TreeChange
from workbench.messages import Edit, EditOp
from workbench.standard.events import Event

if TYPE_CHECKING:
    from workbench.messages import JsonValue, Message

_HEADER = "MessageHeader"
_DEFINITION = "https://fhir.nhs.uk/MessageDefinition/"
_BOOKING = f"{_DEFINITION}bars-message-booking-request"
_REFERRAL = f"{_DEFINITION}bars-message-servicerequest-request-referral"


def _other_event(held: JsonValue, _message: Message) -> str:
    return Event.SERVICEREQUEST_REQUEST if held == Event.BOOKING_REQUEST else Event.BOOKING_REQUEST


def _other_definition(_held: JsonValue, message: Message) -> str:
    return _REFERRAL if message.facts.event == Event.BOOKING_REQUEST else _BOOKING


def _focus_on_patient(message: Message) -> tuple[Edit, ...]:
    header, patient = first(message, _HEADER), url_of(message, "Patient")
    path = f"{header}.focus[0].reference"
    return (Edit(EditOp.SET, path, patient),) if header and patient and message.at(path) else ()


MUTATIONS = (
    Mutation(
        "wrong-event",
        "Wrong event",
        "The event is that of another message: booking and referral are swapped.",
        swap(_HEADER, "eventCoding.code", _other_event),
        "MSG-013",
        INVARIANT,
    ),
    Mutation(
        "unknown-event",
        "An event that does not exist",
        "The code of the event is none of the code system.",
        put(_HEADER, "eventCoding.code", "no-such-event"),
        "MSG-001",
        INVARIANT,
    ),
    Mutation(
        "event-without-use",
        "An event nobody handles",
        "The event is booking-response, which has a code and no message.",
        put(_HEADER, "eventCoding.code", "booking-response"),
        "WFL-001",
        INVARIANT,
    ),
    Mutation(
        "event-of-another-system",
        "An event of another system",
        "The event's code is right and its system is not that of BaRS.",
        put(_HEADER, "eventCoding.system", "https://supplier.example/CodeSystem/events"),
        "MSG-001",
        INVARIANT,
    ),
    Mutation("no-event", "No event", "The event is left out.", drop(_HEADER, "eventCoding"), "MSG-001", INVARIANT),
    Mutation("no-reason", "No reason", "The reason is left out.", drop(_HEADER, "reason"), "MSG-010", INVARIANT),
    Mutation(
        "unknown-reason",
        "A reason that does not exist",
        "The code of the reason is none of the code system.",
        put(_HEADER, "reason.coding[0].code", "again"),
        "MSG-010",
        INVARIANT,
    ),
    Mutation(
        "no-destination",
        "No destination",
        "The destination is left out.",
        drop(_HEADER, "destination"),
        "MSG-002",
        bad("required"),
    ),
    Mutation(
        "two-destinations",
        "Two destinations",
        "The destination stands there twice.",
        double(_HEADER, "destination"),
        "MSG-002",
        None,
    ),
    Mutation(
        "destination-elsewhere",
        "A destination that is somebody else",
        "The destination's endpoint is a service that the receiver does not run, and not the one it is routed to.",
        put(_HEADER, "destination[0].endpoint", "https://fhir.nhs.uk/Id/dos-service-id|9999999999"),
        "HDR-101",
        NOT_FOUND,
        drafts=REQUESTS,
    ),
    Mutation(
        "destination-without-receiver",
        "A destination without an organisation",
        "The destination does not say which Organization receives the message.",
        drop(_HEADER, "destination[0].receiver"),
        "MSG-003",
        INVARIANT,
    ),
    Mutation(
        "destination-not-an-endpoint",
        "A destination without its system",
        "The destination's endpoint is the bare service id, without system and bar.",
        swap(_HEADER, "destination[0].endpoint", lambda held, _message: str(held).rpartition("|")[2]),
        "MSG-004",
        INVARIANT,
    ),
    Mutation(
        "no-source-endpoint",
        "No way back",
        "The source has no endpoint, so that no reply finds the sender.",
        drop(_HEADER, "source.endpoint"),
        "MSG-005",
        INVARIANT,
    ),
    Mutation(
        "source-without-name",
        "A source without a name",
        "The source does not name its supplier.",
        drop(_HEADER, "source.name"),
        "MSG-006",
        INVARIANT,
    ),
    Mutation("no-sender", "No sender", "The sender is left out.", drop(_HEADER, "sender"), "MSG-008", INVARIANT),
    Mutation("no-focus", "No focus", "The focus is left out.", drop(_HEADER, "focus"), "MSG-011", INVARIANT),
    Mutation(
        "two-focuses", "Two focuses", "The focus stands there twice.", double(_HEADER, "focus"), "MSG-011", INVARIANT
    ),
    Mutation(
        "focus-on-patient",
        "A focus that is the patient",
        "The focus is the Patient.",
        TreeChange(f"{_HEADER}.focus.reference", _focus_on_patient),
        "MSG-011",
        INVARIANT,
    ),
    Mutation(
        "no-definition",
        "No definition",
        "The definition is left out.",
        drop(_HEADER, "definition"),
        "MSG-012",
        bad("required"),
    ),
    Mutation(
        "unknown-definition",
        "A definition that does not exist",
        "The definition is none of the published ones.",
        put(_HEADER, "definition", f"{_DEFINITION}no-such-definition"),
        "MSG-012",
        UNSUPPORTED,
    ),
    Mutation(
        "definition-of-another-event",
        "A definition of another event",
        "The definition is that of a booking on a referral, or the other way round.",
        swap(_HEADER, "definition", _other_definition),
        "MSG-013",
        INVARIANT,
    ),
    Mutation(
        "request-that-replies",
        "A request that replies",
        "A request has the response element of a reply.",
        give(_HEADER, "response", {"identifier": "0dead000-0000-4000-8000-000000000000", "code": "ok"}),
        "MSG-014",
        INVARIANT,
        drafts=REQUESTS,
    ),
    Mutation(
        "reply-to-nothing",
        "A reply to nothing",
        "A reply does not say which message it answers.",
        drop(_HEADER, "response"),
        "MSG-014",
        INVARIANT,
        drafts=REPLIES,
    ),
    Mutation(
        "reply-that-failed",
        "A reply with an error code",
        "The code of a reply is fatal-error instead of ok.",
        put(_HEADER, "response.code", "fatal-error"),
        "MSG-016",
        INVARIANT,
        drafts=REPLIES,
    ),
)
