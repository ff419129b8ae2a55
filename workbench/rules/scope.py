"""Which submissions a rule is about; the engine asks each of these once per submission.

Must not judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import tree
from workbench.rules.survey import survey
from workbench.standard.events import Event
from workbench.standard.operations import Operation, operation_at, operations

if TYPE_CHECKING:
    from workbench.exchange.values import Request
    from workbench.rules.values import Submission

_OTHER_BUNDLES = frozenset({"searchset", "collection", "history", "batch", "transaction", "document"})


def resources(submission: Submission) -> bool:
    """Anything that could be read as FHIR."""
    return submission.message is not None


def bundles(submission: Submission) -> bool:
    """Bundles of any kind."""
    return submission.message is not None and submission.message.resource_type == "Bundle"


def messages(submission: Submission) -> bool:
    """Bundles that are messages or were meant to be: a searchset or a single resource is none."""
    if not bundles(submission):
        return posted(submission)
    found = survey(submission)
    return found.header is not None or tree.text(found.bundle.get("type")) not in _OTHER_BUNDLES or posted(submission)


def posted(submission: Submission) -> bool:
    """What was sent to `$process-message`."""
    if submission.message is None or submission.request is None:
        return False
    return operation_of(submission).id == "process-message"


def with_header(submission: Submission) -> bool:
    """Messages that have a MessageHeader."""
    return messages(submission) and survey(submission).header is not None


def orders(submission: Submission) -> bool:
    """Messages about a ServiceRequest."""
    return with_header(submission) and bool(survey(submission).all("ServiceRequest"))


def bookings(submission: Submission) -> bool:
    """Booking requests."""
    return with_header(submission) and survey(submission).facts.event == Event.BOOKING_REQUEST


def responses(submission: Submission) -> bool:
    """Asynchronous replies."""
    return with_header(submission) and survey(submission).is_response


def cancellations(submission: Submission) -> bool:
    """Messages that take an earlier one back."""
    return with_header(submission) and survey(submission).is_cancellation


def calls(submission: Submission) -> bool:
    """Requests with their headers: those of a file count even where the file holds none."""
    request = submission.request
    return request is not None and (bool(request.headers) or submission.lines is not None)


def calls_with_message(submission: Submission) -> bool:
    """Requests with their headers and a message in the body."""
    return calls(submission) and with_header(submission)


def known_calls(submission: Submission) -> bool:
    """Requests that are a call of the standard."""
    return submission.request is not None and operation_of(submission).header_set != ""


def reading_calls(submission: Submission) -> bool:
    """Searches and reads."""
    return known_calls(submission) and operation_of(submission).method == "GET"


def reads(submission: Submission) -> bool:
    """Reads of one resource of a receiver by its id; ids of the national indexes have forms of their own."""
    call = operation_of(submission)
    return reading_calls(submission) and call.needs_target and "{id}" in call.path


def slot_searches(submission: Submission) -> bool:
    """Searches for slots."""
    return reading_calls(submission) and operation_of(submission).id == "slot-search"


def answers(submission: Submission) -> bool:
    """HTTP answers."""
    return submission.response is not None


def answered_calls(submission: Submission) -> bool:
    """HTTP answers beside the request they answer."""
    return submission.request is not None and submission.response is not None


def answered_slot_searches(submission: Submission) -> bool:
    """Searches for slots beside their answer."""
    return answered_calls(submission) and slot_searches(submission)


def operation_of(submission: Submission) -> Operation:
    """The call a request is, by its method and path; the row `unknown` when it is none of the table."""
    if "operation" not in submission.kept:
        submission.kept["operation"] = _operation(submission.request)
    kept: Operation = submission.kept["operation"]
    return kept


def _operation(request: Request | None) -> Operation:
    return operations()["unknown"] if request is None else operation_at(request.method, request.url)
