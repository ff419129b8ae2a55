"""Why a call was refused: which rule of the live proxy answered, and what on this machine may be behind it.

Rules P1 to P19 of the API specification, live proxy: the wording tells them apart, and where two share one, the
request does. Pure; what each code means to a reader is `explain`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from workbench.doctor.call_checks import call_checks, target_of
from workbench.doctor.refusals import concluded, refusals
from workbench.doctor.values import State
from workbench.errors import InputError
from workbench.headers.ids import not_echoed
from workbench.messages import issues, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.doctor.values import CallFacts, Check, Diagnosis
    from workbench.exchange import Response
    from workbench.messages.outcome import Issue

_LONGEST_SAID = 600


def diagnose_call(facts: CallFacts) -> Diagnosis | None:
    """Why a call was refused; None where it was not (2xx, rule P19)."""
    if facts.response.ok:
        return None
    checks = call_checks(facts)
    rule = rule_of(facts.response, checks, echoed=not not_echoed(facts.request.headers, facts.response.headers))
    words = {
        "environment": facts.place.title,
        "kid": facts.key or "of the call",
        "client": facts.place.client_id or "without a client id",
        "token_url": facts.place.token_url,
        "service": str(target_of(facts).get("value") or "that was called"),
        "aud": "",
    }
    return concluded(refusals()[rule], checks, words, said=_said(facts.response))


def rule_of(response: Response, checks: Sequence[Check] = (), *, echoed: bool = True) -> str:
    """Which rule answered, as an id of the table; `P19` for a success. `checks` tell apart what shares a wording."""
    if response.ok:
        return "P19"
    found = outcome_issues(response)
    if not found:
        return _without_outcome(response, echoed=echoed)
    failed = {check.id for check in checks if check.state is State.WRONG}
    return _by_code(response.status, found[0], failed)


def outcome_issues(response: Response) -> tuple[Issue, ...]:
    """The issues of an answer, whatever its media type says; empty where it holds no OperationOutcome."""
    try:
        return issues(parse(response.body).resource)
    except InputError:
        return ()


def _without_outcome(response: Response, *, echoed: bool) -> str:
    if response.status == 429:
        return "P2"
    fault = _fault(response)
    if "ratelimit" in fault.lower() or "SpikeArrest" in fault or "Quota" in fault:
        return "P2"
    if fault or (response.status == 502 and not response.body.strip()):
        return "gateway"
    return "P18" if echoed else "between"


def _fault(response: Response) -> str:
    """The error code of a raw fault of the gateway, empty where the answer is none."""
    try:
        answer = json.loads(response.body)
    except (ValueError, RecursionError):
        return ""
    fault = answer.get("fault") if isinstance(answer, dict) else None
    if not isinstance(fault, dict):
        return ""
    detail = fault.get("detail")
    code = detail.get("errorcode") if isinstance(detail, dict) else None
    return f"{code or ''} {fault.get('faultstring') or ''}".strip() or "fault"


def _by_code(status: int, issue: Issue, failed: set[str]) -> str:
    code, said = issue.details_code, issue.diagnostics.lower()
    bare = code.removeprefix("PROXY_").removeprefix("SEND_")
    if code.startswith("REC_"):
        return _in_their_name(status, issue, said, failed)
    if bare == "TOO_MANY_REQUESTS":
        return "P1"
    if bare == "UNAUTHORIZED":
        if issue.code == "unknown" or "token-there" in failed:
            return "P4"
        return "P6" if "token-life" in failed or issue.code == "expired" else "P3"
    if bare == "FORBIDDEN":
        return "P5"
    if bare == "NOT_ACCEPTABLE":
        return "P8"
    if bare == "NOT_FOUND":
        return "path" if "no such path" in said else "P11"
    if bare == "BAD_REQUEST" and status == 400:
        return _bad_request(issue, said)
    return "P18"


def _bad_request(issue: Issue, said: str) -> str:
    if "x-request-id" in said or "x-correlation-id" in said:
        return "P7"
    if "base64" in said:
        return "P9"
    if issue.code == "structure" or "schema" in said:
        return "P10"
    return {"required": "P7", "400": "P9"}.get(issue.code, "P18")


def _in_their_name(status: int, issue: Issue, said: str, failed: set[str]) -> str:
    """Codes of receivers that the platform also writes itself: by status, or by its constant wording."""
    if status == 408 and "connection to the receiver timed out" in said:
        return "P13"
    if status in (403, 503):
        return {403: "P17", 503: "P14"}[status]
    if status == 500 and issue.code == "no-store":
        return "P15"
    if status == 500 and said.startswith("unhandled exception"):
        return "P12" if failed & {"target-shape", "target-system"} else "P16"
    return "P18"


def _said(response: Response) -> str:
    found = outcome_issues(response)
    if found:
        told = "; ".join(
            " ".join(part for part in (one.details_code, one.code, one.diagnostics or one.details_text) if part)
            for one in found[:5]
        )
        return f"{response.status} {told}"
    text = response.body[:_LONGEST_SAID].decode("utf-8", "replace").strip()
    return f"{response.status} {text}".strip()
