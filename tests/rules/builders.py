"""Messages to judge: composed with invented parties, changed by edits; and verdicts on them in short."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from workbench.compose import Party, PatientFacts, Setting, acknowledge, cancel, compose, reply
from workbench.exchange import Request, Response
from workbench.headers import (
    HeaderChoices,
    Organisation,
    PractitionerFacts,
    Software,
    TargetIdentifier,
    compose_headers,
    use_context,
)
from workbench.messages import Edit, EditOp, Layer, Severity, apply, build, rewrite
from workbench.rules import Side, Submission, judge, profile_of
from workbench.standard import default_profile
from workbench.standard.operations import operations
from workbench.standard.urls import DOS_SERVICE_ID

if TYPE_CHECKING:
    from workbench.exchange import Headers
    from workbench.messages import Finding, JsonValue, Message
    from workbench.rules import Verdict
    from workbench.standard import VersionProfile

NOW = datetime(2026, 11, 24, 9, 0, 0, 123456, tzinfo=UTC)
REQUEST_ID, CORRELATION_ID = "0badcafe-0000-4000-8000-00000000000a", "0badcafe-0000-4000-8000-00000000000b"

SENDER = Party("Mock Call Centre", "ZZM01", "9990000917", "Mock Call Desk")
RECEIVER = Party("Mock Hospital", "ZZM02", "9990000918", "Mock Emergency Department")
PATIENT = PatientFacts(
    id="p1",
    family="Quillfeather",
    given="Ash",
    nhs_number="9990000417",
    gender="female",
    birth_date="1990-02-03",
    line="7 Mock Lane",
    city="Mockford",
    postcode="ZZ99 3VZ",
    phone="01632 960400",
)


def counting(start: int = 1):
    numbers = itertools.count(start)
    return lambda: f"0badcafe-0000-4000-8000-{next(numbers):012x}"


def setting(use_case: str) -> Setting:
    versions = default_profile(int(use_case[1]))
    return Setting(sender=SENDER, receiver=RECEIVER, patient=PATIENT, use_case=use_case, versions=versions)


@cache
def composed(template: str = "referral-full", use_case: str = "a1t1") -> Message:
    return compose(template, setting(use_case), now=NOW, ids=counting())


@cache
def booking() -> Message:
    return composed("booking-new")


@cache
def validation() -> Message:
    return composed("validation-new", "a4t1")


@cache
def acknowledged(template: str = "referral-full", use_case: str = "a1t1") -> Message:
    return acknowledge(composed(template, use_case), now=NOW, ids=counting(0x1000), case_number="MOCK-1")


@cache
def cancelled(template: str = "referral-full", use_case: str = "a1t1", *, error: bool = False) -> Message:
    original = composed(template, use_case)
    taken = acknowledged(template, use_case)
    return cancel(original, taken, now=NOW, ids=counting(0x2000), error=error, why="No longer needed")


@cache
def replied(kind: str = "validation-full", use_case: str = "a4t1", *, interim: bool = False) -> Message:
    template = "validation-new" if use_case.startswith("a4") else "referral-full"
    original, taken = composed(template, use_case), acknowledged(template, use_case)
    return reply(kind, original, taken, responder=RECEIVER, now=NOW, ids=counting(0x3000), interim_sent=interim)


def at(message: Message, type: str, number: int = 0) -> str:
    """The path of a resource of a type."""
    return [entry.path for entry in message.entries() if entry.type == type][number]


def changed(message: Message, *edits: Edit) -> Message:
    return build(apply(message.resource, edits))


def put(path: str, value: JsonValue) -> Edit:
    return Edit(EditOp.SET, path, value)


def drop(path: str) -> Edit:
    return Edit(EditOp.REMOVE, path)


def add(path: str, value: JsonValue) -> Edit:
    return Edit(EditOp.INSERT, path, value)


def verdict(
    message: Message | None,
    side: Side = Side.COMPOSE,
    *,
    request: Request | None = None,
    response: Response | None = None,
    versions: VersionProfile | None = None,
    original: Message | None = None,
) -> Verdict:
    own = profile_of(message.facts, default_profile()) if message else default_profile()
    used = versions or own
    return judge(Submission(message, request, response, used, side, original=original), timer=lambda: 0.0)


def short(found: Verdict) -> set[tuple[str, str]]:
    """(rule, first letter of its severity) of every finding but notes on the national harness, which is older."""
    notes = (Layer.HARNESS, Severity.INFORMATION)
    return {(one.rule, one.severity.value[0]) for one in found.findings if (one.layer, one.severity) != notes}


def findings(found: Verdict, rule: str) -> list[Finding]:
    return [one for one in found.findings if one.rule == rule]


def mended(message: Message, finding: Finding) -> Message:
    assert finding.fix is not None, f"{finding.rule} offers no fix: {finding.text}"
    return rewrite(message, finding.fix.edits)


def headers_for(message: Message, *overrides: tuple[str, str], absent: tuple[str, ...] = ()) -> Headers:
    composed_ones = compose_headers(
        operations()["process-message"],
        target=TargetIdentifier(DOS_SERVICE_ID, RECEIVER.service_id),
        organisation=Organisation(SENDER.name, SENDER.ods_code),
        practitioner=PractitionerFacts("990000000001", "62247001", "General practitioner"),
        software=Software("Mock Workbench", "0.1.0", "https://mock.example/Id/device", "MOCK-1"),
        request_id=REQUEST_ID,
        correlation_id=CORRELATION_ID,
        use_context=use_context(message.facts),
        versions=default_profile(1),
        content_type="application/fhir+json",
        choices=HeaderChoices(overrides, frozenset(absent)),
    )
    return (("Authorization", "Bearer mock"), *composed_ones)


def called(message: Message, headers: Headers | None = None) -> Request:
    return Request(
        "POST",
        "https://mock.example/FHIR/R4/$process-message",
        headers if headers is not None else headers_for(message),
        message.source,
    )


def judged(message: Message, rule: str) -> tuple[str, str]:
    """The severity of a rule when composing and when receiving, by first letter; `-` where it finds nothing."""
    letters = []
    for side in (Side.COMPOSE, Side.RECEIVE):
        held = findings(verdict(message, side), rule)
        letters.append(min((one.severity for one in held), key=lambda s: s.rank).value[0] if held else "-")
    return letters[0], letters[1]


def fixes_itself(message: Message, rule: str) -> bool:
    """Whether the fix of the first finding of a rule leaves nothing for that rule to find there."""
    first = findings(verdict(message), rule)[0]
    left = findings(verdict(mended(message, first)), rule)
    return first.path not in [one.path for one in left]
