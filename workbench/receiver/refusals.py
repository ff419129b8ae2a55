"""Why a call is refused before anything is looked up: its ids, the type of its body, and what the rules call an error.

Must not know state, services or sockets.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.exchange.values import headers
from workbench.headers.ids import CORRELATION_ID, REQUEST_ID, id_problem
from workbench.messages import Severity
from workbench.receiver.outcome import FHIR_JSON, FHIR_XML
from workbench.receiver.values import Refusal
from workbench.rules import Side, Submission, answer_to, judge, likely_answer
from workbench.rules.header_reading import media_type

if TYPE_CHECKING:
    from workbench.exchange import Request
    from workbench.rules import Verdict
    from workbench.standard import VersionProfile


def ids_refusal(request: Request) -> Refusal | None:
    """Why the transaction ids of a call are not accepted, or None (Core, Transactional integrity)."""
    for name in (REQUEST_ID, CORRELATION_ID):
        value = request.header(name)
        if value is None:
            return Refusal(400, "required", f"the header {name} is missing.", "R1", expression=f"headers['{name}']")
        if len(headers(request.headers, name)) > 1:
            text = f"the header {name} comes more than once."
            return Refusal(400, "invalid", text, "R1", expression=f"headers['{name}']")
        if (problem := id_problem(value)) is not None:
            text = f"the header {name} is no UUID: {problem}."
            return Refusal(400, "invalid", text, "R1", expression=f"headers['{name}']")
    return None


def verdict_refusal(verdict: Verdict) -> Refusal | None:
    """What a verdict's errors are answered with; rule and element are named, values are not.

    What the platform refuses never reaches a receiver and is not its to refuse.
    """
    ours = tuple(one for one in verdict.findings if answer_to(one).code.startswith("REC_"))
    answer = likely_answer(replace(verdict, findings=ours))
    if answer is None:
        return None
    errors = [one for one in ours if one.severity.rank <= Severity.ERROR.rank]
    finding = next((one for one in errors if answer_to(one) == answer), errors[0])
    where = f" at {finding.path}" if finding.path else ""
    element = f" ({finding.resource})" if finding.resource else ""
    text = f"rule {finding.rule} is broken{where}{element}; see {finding.source}."
    return Refusal(answer.status, answer.issue, text, finding.rule, answer.code, finding.path)


def type_refusal(request: Request) -> Refusal | None:
    """Why the type of a body is not accepted, or None: only FHIR in UTF-8 is (API specification, request bodies)."""
    expression = "headers['Content-Type']"
    held = request.header("Content-Type")
    if held is None:
        text = "the header Content-Type is missing."
        return Refusal(415, "not-supported", text, "media type", expression=expression)
    kind, parameters = media_type(held)
    if kind not in (FHIR_JSON, FHIR_XML):
        text = f"the body must be {FHIR_JSON} or {FHIR_XML} (header Content-Type)."
        return Refusal(415, "not-supported", text, "media type", expression=expression)
    if parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        text = "the body must be UTF-8 (header Content-Type)."
        return Refusal(415, "not-supported", text, "media type", expression=expression)
    return None


def call_refusal(request: Request, versions: VersionProfile) -> Refusal | None:
    """Why a call without a body breaks the rules on headers and parameters, or None."""
    return verdict_refusal(judge(Submission(None, request, None, versions, Side.RECEIVE), timer=lambda: 0.0))
