"""What an answer that is an error means: in words, whose it is by its prefix, what to do, and whether to retry.

Core, Error handling and Transactional integrity: 409 has two meanings, and some answers are written by BaRS in the
receiver's name. Pure; causes on this machine are `call_refusal`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from workbench.doctor.call_refusal import outcome_issues, rule_of
from workbench.standard.outcomes import bare_statuses, known_code, outcome_cases

if TYPE_CHECKING:
    from workbench.exchange import Response
    from workbench.messages.outcome import Issue
    from workbench.standard.outcomes import OutcomeCase, OutcomeCode

REWRITTEN = frozenset({"P12", "P13", "P14", "P15", "P16", "P17"})
"""Rules by which BaRS answers in the receiver's name."""
_MOST_ISSUES = 50
_LONGEST = 120
_WORTH_ANOTHER = frozenset({408, 425, 429, 503, 504})
"""Answers after which the same message is sent again, whatever they say (Core, Transactional integrity)."""
_AGAIN = "Retry with the same ids after a pause; look at the answer under Wire if it stays."
_RETRY_CAUSES = frozenset({"P2", "gateway"})


class Retry(StrEnum):
    """Whether the same message with the same ids should be sent again."""

    YES = "yes"
    NO = "no"
    NOT_NEEDED = "not needed"
    """It was delivered before."""
    AFTER_FIX = "after the fix"
    """Once the token or the access is in order."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """An error in words."""

    code: str
    """`REC_CONFLICT`; empty where the answer has none."""
    issue: str
    title: str
    meaning: str
    """One sentence."""
    whose: str
    """Who raised it, one sentence."""
    next_step: str
    retry: Retry
    retry_words: str
    said: str
    """The other side's own words."""
    brief: str = ""
    """After who answered and with which status: what there is to know, in one line."""
    delivered: bool = False
    """Whether it is in truth a success of an earlier send."""
    rewritten: bool = False
    """Whether BaRS wrote it in place of what the receiver said."""
    others: tuple[tuple[str, str], ...] = ()
    """Further issues as (code, words)."""

    @property
    def by_bars(self) -> bool:
        """Whether BaRS raised it, in its own name or the receiver's."""
        return self.rewritten or (bool(self.code) and not self.code.startswith("REC_"))


_RETRY_WORDS = {
    Retry.YES: "Yes, after a pause: the same message with the same ids.",
    Retry.NO: "No: the same message would be refused again.",
    Retry.NOT_NEEDED: "Never: it is there already.",
    Retry.AFTER_FIX: "Yes, once that is mended: the same message with the same ids.",
}
_WHOSE = {
    "SEND_": "The sender: BaRS refused the request before a receiver saw it.",
    "REC_": "The receiver: it got the call and answered so.",
    "": "BaRS itself, the platform in between.",
}
_REWRITTEN = "BaRS wrote this in the receiver's name: the receiver's own words, if it sent any, are lost."


def explain(response: Response) -> Explanation | None:
    """The explanation of an answer; None for a success (2xx)."""
    if response.ok:
        return None
    found = outcome_issues(response)
    rule = rule_of(response)
    if not found:
        return _bare(response, rule)
    first = found[0]
    row = known_code(first.details_code)
    case = _case(first, row)
    delivered = case is not None and case.delivered
    retry, about = _retry(response.status, first, case or row, delivered=delivered), case or row
    others = tuple((_label(one), _words(one)) for one in found[1:_MOST_ISSUES])
    return Explanation(
        code=first.details_code,
        issue=first.code,
        title=_title(response, row, case),
        meaning=_sentence(about.meaning) if about is not None else _unknown(first),
        whose=_whose(first.details_code, rule),
        next_step=about.next_step if about is not None else "Ask whoever sent it what the code means.",
        retry=retry,
        retry_words=_RETRY_WORDS[retry],
        said=_words(first),
        brief=_brief(first, row, case),
        delivered=delivered,
        rewritten=rule in REWRITTEN,
        others=others,
    )


def _case(issue: Issue, row: OutcomeCode | None) -> OutcomeCase | None:
    cases = outcome_cases()
    kind = "too-costly" if issue.code == "too costly" else issue.code
    by_row = cases.get((row.code, kind)) if row is not None else None
    return cases.get((issue.details_code, kind)) or by_row


def _retry(status: int, issue: Issue, told: OutcomeCase | OutcomeCode | None, *, delivered: bool) -> Retry:
    if delivered:
        return Retry.NOT_NEEDED
    if issue.details_code in ("SEND_UNAUTHORIZED", "SEND_FORBIDDEN"):
        return Retry.AFTER_FIX
    return Retry.YES if status in _WORTH_ANOTHER or (told is not None and told.retry) else Retry.NO


def _title(response: Response, row: OutcomeCode | None, case: OutcomeCase | None) -> str:
    if case is not None:
        return case.title
    return _sentence(row.meaning).rstrip(".") if row is not None else f"Refused with {response.status}"


def _whose(code: str, rule: str) -> str:
    if rule in REWRITTEN:
        return _REWRITTEN
    prefix = next((one for one in ("SEND_", "REC_") if code.startswith(one)), "")
    if not code:
        return "Not said: the answer carries no error code of the standard."
    return _WHOSE[prefix]


def _bare(response: Response, rule: str) -> Explanation:
    """An error without an OperationOutcome: a failure of the communication (Core, Transactional integrity)."""
    if 300 <= response.status < 400:
        where = (response.header("Location") or "nowhere")[:_LONGEST]
        return _without(
            response,
            "Redirected, and not followed",
            f"The answer points to {where}: no token or message is sent there.",
            "Correct the address of the environment, or sign in to the network first; then send again.",
            Retry.NO,
            f"and points to {where}; nothing was sent there",
        )
    row = bare_statuses().get(response.status)
    meaning = row.meaning if row is not None else "the answer is an error"
    by_gateway = rule in _RETRY_CAUSES
    who = "the gateway in front of BaRS" if by_gateway else "somebody on the way"
    return _without(
        response,
        _sentence(meaning).rstrip("."),
        f"The answer {response.status} has no OperationOutcome, so it counts as a failure of the communication; "
        f"it comes from {who}, or from a receiver that breaks the standard.",
        row.next_step if row is not None and row.next_step else _AGAIN,
        Retry.YES if row is None or row.retry else Retry.AFTER_FIX if row.mends else Retry.NO,
        "without an OperationOutcome: a failure on the way",
    )


def _without(response: Response, title: str, meaning: str, next_step: str, kind: Retry, brief: str) -> Explanation:
    said = response.body[:200].decode("utf-8", "replace").strip()
    whose = "Not said: there is no OperationOutcome."
    return Explanation("", "", title, meaning, whose, next_step, kind, _RETRY_WORDS[kind], said, brief)


def _brief(issue: Issue, row: OutcomeCode | None, case: OutcomeCase | None) -> str:
    if case is not None:
        return _inside(case.title)
    if row is not None:
        return f"{issue.details_code}: {_inside(row.meaning)}"
    return (issue.details_code or issue.diagnostics or issue.details_text or issue.code)[:_LONGEST].rstrip(".")


def _inside(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}".rstrip(".")


def _unknown(issue: Issue) -> str:
    named = f"'{issue.details_code}' is" if issue.details_code else "The answer carries"
    return f"{named} no error code of the standard."


def _label(issue: Issue) -> str:
    return " ".join(part for part in (issue.details_code, issue.code) if part) or "issue"


def _words(issue: Issue) -> str:
    where = f" ({', '.join(issue.expression)})" if issue.expression else ""
    return f"{issue.diagnostics or issue.details_text}{where}".strip()


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
