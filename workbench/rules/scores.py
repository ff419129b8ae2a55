"""How good the headers of an answer are, as two scores that are never mixed: the standard, and OWASP's advice.

The standard's passes or fails by what it and HTTP ask for; the advice only counts. No advice makes an answer fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.headers import ids
from workbench.messages import issues, parse
from workbench.rules.answer_checks import Level, checked, is_secure, protects
from workbench.rules.header_reading import media_type
from workbench.standard.secure_headers import secure_headers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.exchange.values import Request, Response
    from workbench.messages import Message

_TYPES = {"application/fhir+json": "json", "application/fhir+xml": "xml", "application/json": "json"}
"""The last one is what the platform sends its errors as."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    title: str
    met: bool


@dataclass(frozen=True, slots=True)
class Score:
    """How many of the things that were looked at are met."""

    name: str
    checks: tuple[Check, ...]

    @property
    def met(self) -> int:
        """How many are met."""
        return sum(check.met for check in self.checks)

    @property
    def passed(self) -> bool:
        """Whether all are met."""
        return all(check.met for check in self.checks)

    @property
    def missed(self) -> tuple[str, ...]:
        """What is not met."""
        return tuple(check.title for check in self.checks if not check.met)

    @property
    def counted(self) -> str:
        """`4 of 5`."""
        return f"{self.met} of {len(self.checks)}"


@dataclass(frozen=True, slots=True)
class Scores:
    """Both scores of one answer."""

    standard: Score
    advice: Score

    @property
    def lines(self) -> tuple[str, str]:
        """One line for each: `BaRS: pass (5 of 5)` and `OWASP advice: 8 of 11`."""
        verdict = "pass" if self.standard.passed else "fail"
        return f"BaRS: {verdict} ({self.standard.counted})", f"OWASP advice: {self.advice.counted}"


def scores(request: Request, response: Response) -> Scores:
    """The scores of an answer to a call. Never raises, whatever the headers are."""
    return Scores(Score("BaRS", tuple(_standard(request, response))), Score("OWASP", tuple(_advice(request, response))))


def _standard(request: Request, response: Response) -> Iterator[Check]:
    """What the standard and HTTP ask of every answer; ids are not asked of errors that are not the receiver's own."""
    answer = _readable(response)
    codes = [issue.details_code for issue in issues(answer.resource)] if answer is not None else []
    if response.ok or any(code.startswith("REC_") for code in codes):
        lacking = (
            *ids.not_echoed(request.headers, response.headers),
            *ids.changed_in_echo(request.headers, response.headers),
        )
        for name in ids.TRANSACTION_IDS:
            if request.header(name):
                yield Check(f"{name} comes back as it was sent", name not in lacking)
    if response.body:
        kind, _ = media_type(response.header("Content-Type") or "")
        allowed = kind in _TYPES and (kind != "application/json" or not response.ok)
        fits = allowed and (answer is None or _TYPES[kind] == answer.syntax.value)
        yield Check("Content-Type is that of the body", fits)
    yield Check("the length is told one way", not any(one.level is Level.FAIL for one in checked(response, request)))
    if response.status >= 400:
        yield Check("the error has an OperationOutcome", bool(codes))


def _advice(request: Request, response: Response) -> Iterator[Check]:
    """What OWASP would add to or remove from an answer of an interface."""
    lists = secure_headers()
    for row in lists.add:
        secured = row.name == "Strict-Transport-Security" and not is_secure(request)
        if row.level == "advice" and not secured:
            yield Check(f"{row.name} is set", protects(row.name, response, request))
    given = {name.lower() for name, _ in response.headers}
    for group in lists.remove:
        yield Check(group.title, not given & {name.lower() for name in group.names})


def _readable(response: Response) -> Message | None:
    try:
        return parse(response.body, what="The answer")
    except InputError:
        return None
