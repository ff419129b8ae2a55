"""Rules on HTTP answers: the ids come back, errors are told the FHIR way, and the body can be read.

Must not know how the answer was received.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.headers import ids
from workbench.messages import Layer, Severity, issues, parse
from workbench.rules import scope, sources
from workbench.rules.registry import rule
from workbench.rules.values import Hit
from workbench.standard.events import Event
from workbench.standard.outcomes import outcome_codes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import Message
    from workbench.rules.values import Submission

_LAYER = Layer.RESPONSE


@rule("RSP-001", Severity.WARNING, source=sources.RESPONSE_HEADERS, layer=_LAYER, applies=scope.answered_calls)
def ids_come_back(s: Submission) -> Iterator[Hit]:
    """The answer carries both transaction ids of the request.

    Without them the sender cannot tell which message was answered; errors of the platform may lack them.
    """
    assert s.request is not None
    assert s.response is not None
    for name in ids.not_echoed(s.request.headers, s.response.headers):
        yield Hit(f"headers['{name}']", f"The answer does not return {name}.")


@rule("RSP-002", Severity.ERROR, source=sources.RESPONSE_HEADERS, layer=_LAYER, applies=scope.answered_calls)
def ids_come_back_unchanged(s: Submission) -> Iterator[Hit]:
    """The transaction ids of the answer are those of the request."""
    assert s.request is not None
    assert s.response is not None
    for name in ids.changed_in_echo(s.request.headers, s.response.headers):
        yield Hit(f"headers['{name}']", f"The answer returns another {name} than was sent.")


@rule("RSP-003", Severity.WARNING, source=sources.ERRORS, layer=_LAYER, applies=scope.answers)
def errors_have_an_outcome(s: Submission) -> Iterator[Hit]:
    """An error comes with an OperationOutcome.

    Without one the sender has to take it for a failure of the connection and try again.
    """
    assert s.response is not None
    answer = s.answer
    if s.response.status >= 400 and (answer is None or not issues(answer.resource)):
        yield Hit("OperationOutcome", f"The answer {s.response.status} has no OperationOutcome.")


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


@rule("RSP-005", Severity.WARNING, source=sources.ERRORS, layer=_LAYER, applies=scope.answers)
def outcome_codes_are_published(s: Submission) -> Iterator[Hit]:
    """The error codes of an OperationOutcome are published, and fit the status and the issue code."""
    assert s.response is not None
    answer = s.answer
    if answer is None or s.response.status < 400:
        return
    for index, issue in enumerate(issues(answer.resource)):
        path = f"OperationOutcome.issue[{index}]"
        if not issue.details_code:
            yield Hit(f"{path}.details", "The issue carries no error code of the standard.")
            continue
        row = outcome_codes().get(issue.details_code) or outcome_codes().get(f"PROXY_{issue.details_code}")
        if row is None:
            yield Hit(f"{path}.details.coding[0].code", f"'{issue.details_code}' is no error code of the standard.")
            continue
        if row.status != s.response.status:
            text = f"{issue.details_code} belongs to {row.status}, but the answer is {s.response.status}."
            yield Hit(f"{path}.details.coding[0].code", text)
        elif issue.code not in row.issue_codes:
            text = f"The issue code '{issue.code}' does not go with {issue.details_code}."
            yield Hit(f"{path}.code", text, severity=Severity.INFORMATION)


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


def _is_new_request(message: Message | None) -> bool:
    if message is None or message.facts.reason != "new":
        return False
    return message.facts.event in (Event.BOOKING_REQUEST, Event.SERVICEREQUEST_REQUEST)
