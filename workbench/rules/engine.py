"""Runs the rules: each on its own, so that one that breaks cannot stop the others, and gives the verdict.

Adds to every hit what the reader needs: place, the element in words, rule and source. Must not know single rules.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench import __version__
from workbench.errors import InputError, Place
from workbench.exchange.values import Request
from workbench.headers.lines import HeaderLines
from workbench.messages import Finding, Layer, Severity, Source, Words, apply, parse
from workbench.messages.message_definitions import fitting
from workbench.rules import scope
from workbench.rules.arranging import arranged
from workbench.rules.profile_report import not_checked
from workbench.rules.profiles import profile_of
from workbench.rules.registry import RuleSpec, registered
from workbench.rules.syntax import INTERNAL, remarks_of, unreadable
from workbench.rules.values import Side, Submission, Verdict
from workbench.standard import default_profile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workbench.exchange.values import Headers
    from workbench.messages import Fix, Message
    from workbench.profiles.compiled import Definitions
    from workbench.rules.registry import Applies
    from workbench.rules.values import Hit
    from workbench.standard import VersionProfile
    from workbench.standard.definitions import Definition

RULE_SET = __version__
"""Names the state of the rules in stored verdicts."""

_HEADERS = "HTTP headers"

_log = logging.getLogger(__name__)


class UnwantedError(Exception):
    """Nobody wants the verdict any more."""


def judge(
    submission: Submission,
    *,
    timer: Callable[[], float],
    unwanted: Callable[[], bool] | None = None,
    only: Layer | None = None,
) -> Verdict:
    """The verdict on a submission; `timer` gives seconds of a monotonic clock. Never raises for what it is given.

    UnwantedError once `unwanted` says so, which is asked between any two rules. `only` asks the rules of one layer, and
    leaves out the remarks of the reader.
    """
    started = timer()
    found: list[Finding] = remarks_of(submission) if only is None else []
    asked: dict[Applies, bool] = {}
    for spec in registered():
        if spec.check is None or (only is not None and spec.layer is not only):
            continue
        if not spec.holds_for(submission.versions):
            continue
        if unwanted is not None and unwanted():
            raise UnwantedError
        found += _run(spec, submission, asked)
    return Verdict(
        findings=arranged(found, submission.message.resource if submission.message else None, _words(submission)),
        versions=submission.versions,
        rule_set=RULE_SET,
        packages=submission.packages.names if submission.packages else (),
        not_checked=_not_checked(submission),
        seconds=timer() - started,
    )


def judge_bytes(
    source: bytes,
    *,
    versions: VersionProfile | None,
    side: Side,
    timer: Callable[[], float],
    headers: Headers | HeaderLines | None = None,
    packages: Definitions | None = None,
    offered: Sequence[Definition] = (),
    what: str = "The message",
    unwanted: Callable[[], bool] | None = None,
) -> tuple[Message | None, Verdict]:
    """Read and judge a text, with the headers of its `$process-message` call when they are given.

    A text that cannot be read gives no message and one fatal finding with its place. `versions` None = the message's
    own; `offered` are the receiver's own message definitions, of which the fitting one is taken.
    UnwantedError as in `judge`.
    """
    started = timer()
    lines = headers if isinstance(headers, HeaderLines) else None
    request = None
    if headers is not None:
        given = headers.headers if isinstance(headers, HeaderLines) else headers
        request = Request("POST", "/$process-message", given, source)
    try:
        message = parse(source, what=what)
    except InputError as error:
        used = versions or default_profile()
        verdict = judge(Submission(None, request, None, used, side, lines=lines, packages=packages), timer=timer)
        findings = (unreadable(error), *verdict.findings)
        return None, replace(verdict, findings=findings, seconds=timer() - started)
    used = versions or profile_of(message.facts, default_profile())
    own = fitting(offered, message.facts)
    submission = Submission(message, request, None, used, side, own, lines=lines, packages=packages)
    verdict = judge(submission, timer=timer, unwanted=unwanted)
    return message, replace(verdict, seconds=timer() - started)


def _run(spec: RuleSpec, submission: Submission, asked: dict[Applies, bool]) -> list[Finding]:
    """The findings of one rule; when it breaks, one finding that names it."""
    if spec.check is None:
        return []
    try:
        if spec.applies is not None:
            if spec.applies not in asked:
                asked[spec.applies] = spec.applies(submission)
            if not asked[spec.applies]:
                return []
        return [_finding(spec, hit, submission) for hit in spec.check(submission)]
    except Exception as error:
        _log.exception("rule %s broke", spec.id)
        root = submission.message.resource_type if submission.message else "Resource"
        return [
            Finding(
                rule=INTERNAL,
                severity=Severity.WARNING,
                layer=spec.layer,
                path=root,
                text=f"Rule {spec.id} could not be checked: a mistake of this program ({type(error).__name__}).",
                source=Source("bars-workbench", "rules"),
                place=Place(1, 1, 0),
                resource=root,
            )
        ]


def _finding(spec: RuleSpec, hit: Hit, submission: Submission) -> Finding:
    message = submission.message
    if spec.layer is Layer.RESPONSE and not submission.is_answer:
        message = None  # the path leads into the answer, which has no text here
    place = message.place(hit.path) if message and not hit.path.startswith(("headers[", "parameters[")) else None
    if place is None and submission.lines is not None and hit.path.startswith("headers['"):
        place = submission.lines.place(hit.path[len("headers['") :].partition("']")[0]) or Place(1, 1, 0)
    return Finding(
        rule=spec.id,
        severity=hit.severity or spec.severity,
        layer=spec.layer,
        path=hit.path,
        text=hit.text,
        source=hit.source or spec.source,
        place=place,
        resource=_words(submission).describe(hit.path),
        fix=hit.fix if hit.fix and message and _applies(hit.fix, message) else None,
    )


def _words(submission: Submission) -> Words:
    """The words for the message's elements; what they share is worked out once for all findings."""
    if "words" not in submission.kept:
        submission.kept["words"] = Words(submission.message.resource if submission.message else None)
    kept: Words = submission.kept["words"]
    return kept


def _applies(fix: Fix, message: Message) -> bool:
    """Whether a repair can be made: a parent that is of the wrong shape cannot take an element."""
    try:
        apply(message.resource, fix.edits)
    except InputError:
        return False
    return True


def _not_checked(submission: Submission) -> tuple[str, ...]:
    found: list[str] = []
    if submission.message is not None:
        found += not_checked(submission)
    if not scope.calls(submission) and scope.messages(submission):
        found.append(_HEADERS)
    return tuple(found)
