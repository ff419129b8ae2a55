"""Rules on HTTP answers: the ids come back, the body can be read and is what it is said to be, and fits the call.

OperationOutcomes, searchsets and other headers have modules of their own. Must not know how the answer was received.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from workbench.errors import InputError
from workbench.headers import ids
from workbench.messages import Layer, Severity, issues, parse, tree
from workbench.messages.identity import same_guid
from workbench.rules import scope, sources
from workbench.rules.header_reading import media_type, path_of
from workbench.rules.registry import rule
from workbench.rules.values import Hit
from workbench.standard.events import Event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import Message
    from workbench.rules.values import Submission

_LAYER = Layer.RESPONSE


@rule("RSP-001", Severity.WARNING, source=sources.RESPONSE_HEADERS, layer=_LAYER, applies=scope.answered_calls)
def ids_come_back(s: Submission) -> Iterator[Hit]:
    """The answer carries both transaction ids of the request.

    Without them the sender cannot tell which message was answered, and has to send it again. Errors of the platform may
    lack them; a receiver returns them with its errors too.
    """
    assert s.request is not None
    assert s.response is not None
    by_receiver = (
        any(issue.details_code.startswith("REC_") for issue in issues(s.answer.resource)) if s.answer else False
    )
    severity = Severity.ERROR if by_receiver and not s.response.ok else Severity.WARNING
    for name in ids.not_echoed(s.request.headers, s.response.headers):
        yield Hit(path_of(name), f"The answer does not return {name}.", severity=severity)


@rule("RSP-002", Severity.ERROR, source=sources.RESPONSE_HEADERS, layer=_LAYER, applies=scope.answered_calls)
def ids_come_back_unchanged(s: Submission) -> Iterator[Hit]:
    """The transaction ids of the answer are those of the request."""
    assert s.request is not None
    assert s.response is not None
    for name in ids.changed_in_echo(s.request.headers, s.response.headers):
        yield Hit(path_of(name), f"The answer returns another {name} than was sent.")


@rule("RSP-004", Severity.ERROR, source=sources.OPERATIONS, layer=_LAYER, applies=scope.answers)
def bodies_can_be_read(s: Submission) -> Iterator[Hit]:
    """A good answer has a body that can be read as FHIR.

    The ids that the receiver gave stand nowhere else.
    """
    assert s.response is not None
    if not s.response.ok or s.answer is not None:
        return
    if s.request is not None and scope.operation_of(s).answer == "":
        return
    if not s.response.body:
        yield Hit("Resource", f"The answer {s.response.status} has no body.")
        return
    try:
        parse(s.response.body, what="The answer")
    except InputError as error:
        yield Hit("Resource", error.sentence)


@rule("RSP-006", Severity.ERROR, source=sources.COMPOSITES, layer=_LAYER, applies=scope.answered_calls)
def acknowledgements_are_messages(s: Submission) -> Iterator[Hit]:
    """A message that was taken is answered with a message Bundle, status 200.

    Some receivers answer 201 or 202; that is a note.
    """
    assert s.response is not None
    if not s.response.ok or scope.operation_of(s).id != "process-message":
        return
    answer = s.answer
    if answer is not None and (answer.resource_type != "Bundle" or answer.resource.get("type") != "message"):
        yield Hit(answer.resource_type, "The message was answered, but not with a message Bundle.")
    if s.response.status != 200:
        text = f"The message was taken with {s.response.status}; 200 is meant."
        yield Hit("Resource", text, severity=Severity.INFORMATION)


@rule("RSP-007", Severity.WARNING, source=sources.COMPOSITES, layer=_LAYER, applies=scope.answered_calls)
def acknowledgements_give_ids(s: Submission) -> Iterator[Hit]:
    """The answer to a new request gives the id of what was created.

    Updates and cancellations name it; without it the sender has to search for it.
    """
    answer = s.answer
    if s.response is None or not s.response.ok or answer is None or answer.resource_type != "Bundle":
        return
    if _is_new_request(s.message) and answer.facts.focus and not answer.facts.focus_id:
        yield Hit("Bundle.entry", f"The answer gives no id to the {answer.facts.focus}.")


@rule("RSP-008", Severity.WARNING, source=sources.HEADERS, layer=_LAYER, applies=scope.answers)
def content_type_fits_the_answer(s: Submission) -> Iterator[Hit]:
    """Content-Type of the answer is that of FHIR and says how the body is written, in UTF-8.

    Readers go by the content; the platform itself sends its errors as `application/json`.
    """
    assert s.response is not None
    if not s.response.body:
        return
    held = s.response.header("Content-Type")
    path = path_of("Content-Type")
    if held is None:
        yield Hit(path, "The answer does not say how its body is written: Content-Type is missing.")
        return
    kind, parameters = media_type(held)
    stated = "json" if kind.endswith("json") else "xml" if kind.endswith("xml") else ""
    if s.answer is not None and stated and stated != s.answer.syntax.value:
        text = f"Content-Type is {kind}, but the body is {s.answer.syntax.value.upper()}."
        yield Hit(path, text, severity=Severity.ERROR)
    elif kind not in ("application/fhir+json", "application/fhir+xml"):
        yield Hit(path, f"Content-Type is '{kind}'; an answer is application/fhir+json or application/fhir+xml.")
    charset = parameters.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8"):
        yield Hit(path, f"Content-Type says charset {charset}; FHIR is sent as UTF-8.")


@rule("RSP-009", Severity.ERROR, source=sources.OPERATIONS, layer=_LAYER, applies=scope.answered_calls)
def answers_are_of_the_type_asked_for(s: Submission) -> Iterator[Hit]:
    """A good answer to a call that reads is the resource that was asked for: its type, and the id of the path.

    Searches are answered with a Bundle of type searchset.
    """
    answer = s.answer
    call = scope.operation_of(s)
    if s.response is None or not s.response.ok or answer is None or not scope.reading_calls(s):
        return
    if answer.resource_type != call.answer:
        yield Hit(
            answer.resource_type, f"The answer to '{call.title}' is a {answer.resource_type}, not a {call.answer}."
        )
        return
    if call.answer == "Bundle" and answer.resource.get("type") != "searchset":
        held = tree.text(answer.resource.get("type")) or ""
        yield Hit("Bundle.type", f"The answer to a search is a Bundle of type searchset; this one is '{held}'.")
    if scope.reads(s) and s.request is not None:
        asked = unquote(s.request.url.partition("?")[0].rstrip("/").rpartition("/")[2])
        given = tree.text(answer.resource.get("id"))
        if not same_guid(asked, given):
            yield Hit(
                f"{call.answer}.id", f"{call.answer} {asked} was asked for, but the answer has the id {given or ''}."
            )


@rule("RSP-010", Severity.WARNING, source=sources.COMPOSITES, layer=_LAYER, applies=scope.answered_calls)
def acknowledgements_are_of_the_message(s: Submission) -> Iterator[Hit]:
    """The answer to a message repeats its event and its patient.

    Another event or another NHS number means that the answer belongs to another message. Its Bundle id may be the one
    of the request or a new one.
    """
    answer, message = s.answer, s.message
    if s.response is None or not s.response.ok or answer is None or message is None or answer.facts.event is None:
        return
    if message.facts.event and answer.facts.event != message.facts.event:
        text = f"The answer has the event {answer.facts.event}, but the message was {message.facts.event}."
        yield Hit("Bundle.entry[0].resource.eventCoding", text)
    if message.facts.nhs_number and answer.facts.nhs_number not in (None, message.facts.nhs_number):
        yield Hit("Bundle.entry", "The patient of the answer has another NHS number than that of the message.")


def _is_new_request(message: Message | None) -> bool:
    if message is None or message.facts.reason != "new":
        return False
    return message.facts.event in (Event.BOOKING_REQUEST, Event.SERVICEREQUEST_REQUEST)
