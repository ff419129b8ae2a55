"""Summaries in plain words of every kind of message; cards, phrases, titles, facts, words, outcome, remarks, tree,
values, encoding and clinical speak through them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.builders import a_setting
from workbench.compose import compose
from workbench.messages import Severity, describe, issues, parse, summarise, title_of

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def ids() -> str:
    return str(uuid4())


@pytest.mark.parametrize(
    ("template", "use_case", "title", "words"),
    [
        ("booking-new", "a1t1", "111 to ED: booking, new", "books"),
        ("referral-new", "a1t1", "111 to ED: referral, new", "refers"),
        ("validation-new", "a4t1", "999 to CAS: validation, new", "validate"),
    ],
)
def test_requests_are_told_in_one_sentence(template: str, use_case: str, title: str, words: str) -> None:
    message = compose(template, a_setting(use_case), now=NOW, ids=ids)
    summary = summarise(message)
    assert (title_of(message.facts), summary.title) == (title, title)
    assert words in summary.sentence
    assert message.facts.patient_initials in summary.sentence
    assert "Quillfeather" not in summary.sentence + str(summary.facts)
    labels = [label for label, _ in summary.facts]
    assert len(labels) == len(set(labels))
    assert all(value for _, value in summary.facts)


def test_an_outcome_is_told_by_its_issues() -> None:
    source = (
        b'{"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "duplicate",'
        b'"diagnostics": "seen", "details": {"coding": [{"code": "REC_CONFLICT",'
        b'"system": "https://fhir.nhs.uk/Codesystem/http-error-codes"}]}}]}'
    )
    message = parse(source)
    (issue,) = issues(message.resource)
    assert (issue.severity, issue.code, issue.details_code, issue.diagnostics) == (
        "error",
        "duplicate",
        "REC_CONFLICT",
        "seen",
    )
    assert "seen" in str(summarise(message, received=True).facts) + summarise(message, received=True).sentence


def test_elements_are_named_in_the_readers_words() -> None:
    message = compose("referral-new", a_setting("a1t1"), now=NOW, ids=ids)
    index = next(entry.index for entry in message.entries() if entry.type == "Patient")
    words = describe(f"Bundle.entry[{index}].resource.birthDate", message.resource)
    assert words == "the patient's date of birth"
    assert "birth" in words.lower()


def test_severities_sort_the_worst_first() -> None:
    assert sorted(Severity, key=lambda one: one.rank)[0] is Severity.FATAL


def test_every_official_example_has_a_summary(shared: Path) -> None:
    files = [p for p in sorted((shared / "data" / "examples").rglob("*")) if p.suffix in (".json", ".xml")]
    assert len(files) > 90
    for path in files:
        message = parse(path.read_bytes(), what=path.name)
        for received in (False, True):
            summary = summarise(message, received=received)
            assert summary.title, path.name
            assert summary.sentence, path.name
            assert not summary.sentence.startswith("Bundle."), path.name


def test_strings_that_fhir_forbids_are_remarked() -> None:
    message = parse(b'{"resourceType": "Patient", "id": "a\\u0000b", "language": "\\ud800"}')
    assert len(message.remarks) >= 2
    assert all(one.place is not None for one in message.remarks)


@pytest.mark.parametrize(
    ("template", "use_case", "wanted"),
    [
        ("booking-new", "a1t1", ("About", "Appointment", "Where", "Service", "Status")),
        ("referral-full", "a1t1", ("About", "Complaint", "Outcome", "By", "Status")),
        ("validation-new", "a4t1", ("About", "Complaint", "Outcome", "By", "Status")),
    ],
)
def test_what_matters_most_stands_first(template: str, use_case: str, wanted: tuple[str, ...]) -> None:
    summary = summarise(compose(template, a_setting(use_case), now=NOW, ids=ids))
    (_, first), *others = summary.sections
    assert tuple(name for name, _ in first) == wanted
    assert [heading for heading, _ in others][-1] == "Who and references"
    assert sum(len(rows) for _, rows in summary.sections) == len(summary.facts)


def test_a_referral_tells_safety_consent_and_how_many_contacts() -> None:
    message = compose("referral-full", a_setting("a1t1"), now=NOW, ids=ids)
    told = dict(summarise(message).facts)
    assert told["Consent"].startswith("Direct Care")
    assert "contact" in told["Contacts"] or "way" in told["Contacts"]
    assert "Quillfeather" not in str(told)


def test_what_is_not_there_is_said_to_be_not_stated() -> None:
    source = parse(
        b'{"resourceType": "Bundle", "type": "message", "entry": [{"resource": {"resourceType": "MessageHeader",'
        b'"eventCoding": {"code": "servicerequest-request"}, "reason": {"coding": [{"code": "new"}]}}}]}'
    )
    told = dict(summarise(source).facts)
    assert {told[name] for name in ("Complaint", "Outcome", "Consent", "Contacts", "Status")} == {"not stated"}


def test_official_examples_tell_complaint_flags_and_whose_a_case_is(shared: Path) -> None:
    folder = shared / "data" / "examples" / "json-1.34.0"

    def facts(name: str) -> dict[str, str]:
        (path,) = folder.glob(f"{name}*")
        return dict(summarise(parse(path.read_bytes())).facts)

    referral = facts("REFREQ01 - Referral Service Request New Full - 111 to ED")
    assert referral["Safeguarding"] == "Child is cause for safeguarding concern"
    assert (referral["Adjustment"], referral["Allergies"]) == ("Adjust for needle phobia", "Amoxicillin")
    assert facts("VALREQ01")["Complaint"] == "Syncope"
    cases = facts("VALRESP02")["Case references"]
    assert cases == "sender1234 at Sender Organization, receiver1234 at Receiver Organization"
