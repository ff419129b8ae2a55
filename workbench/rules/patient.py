"""Rules on the patient's NHS number: its digits and how sure it is.

Must not know other facts about the patient.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.messages import Severity, nhs_number, tree
from workbench.rules import scope, sources
from workbench.rules.checks import when_sent
from workbench.rules.registry import rule
from workbench.rules.survey import set_fix, survey
from workbench.rules.values import Hit
from workbench.standard import is_at_least, urls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import JsonObject
    from workbench.rules.survey import Survey
    from workbench.rules.values import Submission

VERIFIED = "number-present-and-verified"
NOT_TRACED = "number-present-but-not-traced"
_VERIFIED_ONLY_UNTIL = {1: "2.0.0", 2: "2.0.0", 5: "1.1.4"}
_NO_RULE_UNTIL = {3: "2.0.0", 4: "2.0.0"}
"""Until then these Applications left the status to UK Core, as Application 6 still does."""


@rule("PAT-001", Severity.WARNING, source=sources.NHS_NUMBER, applies=scope.resources)
def nhs_number_is_right(s: Submission) -> Iterator[Hit]:
    """An NHS number has ten digits, the last of which checks the others.

    The number that most official examples use fails this check, so on a received message it is a warning; when we
    compose it is an error. The repair keeps the first nine digits.
    """
    for path, identifier in _numbers(survey(s)):
        held = tree.text(identifier.get("value"))
        place = f"{path}.value"
        severity = Severity.ERROR if s.composing else Severity.WARNING
        if held is None:
            yield Hit(place, "The NHS number has no value.", severity=severity)
            continue
        if nhs_number.is_valid(held):
            continue
        bare = re.sub(r"[\s-]", "", held)
        if bare != held and nhs_number.is_valid(bare):
            fix = set_fix("Write the digits alone", place, bare)
            yield Hit(place, "The NHS number has blanks or hyphens; it is ten digits.", fix, severity)
        elif not re.fullmatch(r"[0-9]{10}", held):
            yield Hit(place, "The NHS number is not ten digits.", severity=severity)
        else:
            digit = nhs_number.check_digit(held[:9])
            if digit is None:
                yield Hit(place, "No NHS number begins with these nine digits.", severity=severity)
                continue
            right = f"{held[:9]}{digit}"
            text = f"The NHS number fails its check: the last digit would have to be {digit}."
            yield Hit(place, text, set_fix(f"Use …{right[-4:]}", place, right), severity)


@rule("PAT-002", Severity.WARNING, source=sources.UK_CORE_PATIENT, applies=scope.messages)
def nhs_number_says_how_sure_it_is(s: Submission) -> Iterator[Hit]:
    """An NHS number says how it was verified.

    It is sent when it was verified, and in later versions also when it could not be traced; with any other status the
    number is left out. Application 6 leaves this to UK Core.
    """
    for path, identifier in _numbers(survey(s)):
        code = _verification(identifier)
        place = f"{path}.extension"
        if code is None and s.versions.application == 8:
            continue
        if code is None:
            yield Hit(place, "The NHS number does not say whether it was verified.")
        elif code not in (VERIFIED, NOT_TRACED) and not _left_to_uk_core(s):
            yield Hit(place, f"With the status '{code}' no NHS number is sent.")


@rule("PAT-003", Severity.WARNING, source=sources.RELEASES, applies=scope.messages, until=_VERIFIED_ONLY_UNTIL)
def untraced_numbers_are_newer(s: Submission) -> Iterator[Hit]:
    """Before these versions only a verified NHS number was sent.

    Applications 1 and 2 before 2.0.0 and Application 5 before 1.1.4: their receivers may refuse another status.
    """
    for path, identifier in _numbers(survey(s)):
        if _verification(identifier) == NOT_TRACED:
            strict = s.composing and s.versions.application in (1, 2)
            version = f"Application {s.versions.application} {s.versions.application_version}"
            text = f"{version} takes verified NHS numbers only."
            yield Hit(f"{path}.extension", text, severity=Severity.ERROR if strict else Severity.WARNING)


@rule("PAT-004", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders, since={8: "1.0.0-alpha"})
def brokers_want_a_verified_number(s: Submission) -> Iterator[Hit]:
    """A referral to a broker (Application 8) has an NHS number, and a verified one.

    An identifier of a local system may stand in, which is a warning. A number without its status is an error only when
    we compose.
    """
    found = survey(s)
    numbers = _numbers(found)
    for path, patient in found.resources("Patient"):
        if not numbers:
            local = any(tree.text(one.get("value")) for one in tree.objects(patient.get("identifier")))
            severity = Severity.WARNING if local else Severity.ERROR
            yield Hit(f"{path}.identifier", "A broker needs the patient's NHS number.", severity=severity)
    for path, identifier in numbers:
        code = _verification(identifier)
        if code is None:
            yield Hit(
                f"{path}.extension", "A broker needs to know that the NHS number is verified.", None, when_sent(s)
            )
        elif code != VERIFIED:
            yield Hit(f"{path}.extension", "A broker takes verified NHS numbers only.", severity=when_sent(s))


def _left_to_uk_core(s: Submission) -> bool:
    """Whether the Application in use has no rule of its own on the status."""
    last = _NO_RULE_UNTIL.get(s.versions.application)
    return s.versions.application == 6 or (last is not None and not is_at_least(s.versions.application_version, last))


def _numbers(found: Survey) -> list[tuple[str, JsonObject]]:
    """Every NHS number of every patient, with its path."""
    return [
        (f"{path}.identifier[{index}]", identifier)
        for path, patient in found.resources("Patient")
        for index, identifier in enumerate(tree.objects(patient.get("identifier")))
        if (tree.text(identifier.get("system")) or "").lower() == urls.NHS_NUMBER.lower()
    ]


def _verification(identifier: JsonObject) -> str | None:
    """The code of the verification status."""
    for extension in tree.objects(identifier.get("extension")):
        if tree.text(extension.get("url")) == urls.NHS_NUMBER_STATUS_EXTENSION:
            codings = tree.codings(extension.get("valueCodeableConcept"))
            return next((code for one in codings if (code := tree.text(one.get("code")))), None)
    return None
