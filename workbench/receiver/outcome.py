"""Answers on the wire: OperationOutcomes built with typed models, and the headers every answer carries.

Knows the shape of an outcome and which code goes with a status; must not know when to refuse.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from workbench.exchange import Response
from workbench.headers.ids import TRANSACTION_IDS
from workbench.receiver.pages import cited
from workbench.receiver.values import Refusal
from workbench.standard.outcomes import receiver_code
from workbench.standard.urls import HTTP_ERROR_CODES, OUTCOME_PROFILE

if TYPE_CHECKING:
    from workbench.exchange import Headers, Ids, Request

FHIR_JSON = "application/fhir+json"
FHIR_XML = "application/fhir+xml"
_GUARDS: Headers = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))


_PHRASES = {int(status): status.phrase for status in HTTPStatus}


def echoed_ids(request: Request | None) -> Headers:
    """The transaction ids of a request exactly as they came, as far as they can be read."""
    if request is None:
        return ()
    found = ((name, request.header(name)) for name in TRANSACTION_IDS)
    return tuple((name, value) for name, value in found if value is not None)


def respond(status: int, body: bytes, request: Request | None, content_type: str = FHIR_JSON) -> Response:
    """An answer with the ids echoed and nothing disclosed (Core, HTTP response headers)."""
    headers: Headers = (("Content-Type", content_type), *echoed_ids(request), *_GUARDS)
    return Response(status, phrase(status), headers, body)


def phrase(status: int) -> str:
    """The reason phrase of a status; empty for one that HTTP does not know."""
    return _PHRASES.get(status, "")


def outcome_json(
    id: str,
    *,
    issue: str,
    system: str,
    code: str,
    diagnostics: str,
    display: str = "",
    expression: str = "",
    severity: str = "error",
) -> bytes:
    """An OperationOutcome with one issue (guide, Error handling)."""
    from fhir.resources.R4B.codeableconcept import CodeableConcept
    from fhir.resources.R4B.coding import Coding
    from fhir.resources.R4B.meta import Meta
    from fhir.resources.R4B.operationoutcome import OperationOutcome, OperationOutcomeIssue

    coding = Coding(system=system, code=code, display=display or None)
    outcome = OperationOutcome(
        id=id,
        meta=Meta(profile=[OUTCOME_PROFILE]),
        issue=[
            OperationOutcomeIssue(
                severity=severity,
                code=issue,
                details=CodeableConcept(coding=[coding]),
                diagnostics=diagnostics,
                expression=[expression] if expression else None,
            )
        ],
    )
    return outcome.model_dump_json().encode()


def done_json(id: str, code: str, text: str) -> bytes:
    """An OperationOutcome that says what was done: `RESOURCE_DELETED` (API specification, answers to DELETE)."""
    return outcome_json(
        id, issue="informational", system=HTTP_ERROR_CODES, code=code, diagnostics=text, severity="information"
    )


class Outcomes:
    """Words refusals in the name of one organisation."""

    def __init__(self, ods_code: str, ids: Ids) -> None:
        self._ods_code = ods_code
        self._ids = ids

    def refuse(self, status: int, issue: str, diagnostics: str, request: Request | None) -> Response:
        """The answer to what never became a proper request: the `Refuse` port of servers and routers."""
        return self.answer(Refusal(status, issue, diagnostics, "http"), request)

    def answer(self, refusal: Refusal, request: Request | None) -> Response:
        """A refusal as an answer (guide, Error handling).

        The diagnostics begin with our ODS code and end with rule and page, as far as they are of the standard.
        """
        code = refusal.code or receiver_code(refusal.status)
        body = outcome_json(
            self._ids(),
            issue=refusal.issue,
            system=HTTP_ERROR_CODES,
            code=code,
            diagnostics=f"{self._ods_code} was unable to process the request: {refusal.diagnostics}"
            f"{cited(refusal.rule, refusal.page)}",
            display=f"{refusal.status} - {code}",
            expression=refusal.expression,
        )
        return respond(refusal.status, body, request)
