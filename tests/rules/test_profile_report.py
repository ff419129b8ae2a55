"""The report of the packages is made once per submission, and the verdict says what it could not tell."""

from __future__ import annotations

import pytest

from tests.profiles.made import SET, Made, a_profile, a_rule
from workbench.messages import build
from workbench.profiles.compiled import BindingRule
from workbench.rules import Side, Submission, judge
from workbench.rules.profile_report import checked, not_checked, report
from workbench.standard import default_profile

CODED = a_profile("Coded", "Observation", a_rule("code", binding=BindingRule("required", SET + "far")))
OBSERVATION = {
    "resourceType": "Observation",
    "meta": {"profile": [CODED.url]},
    "code": {"coding": [{"system": "urn:s", "code": "x"}]},
}


class Broken(Made):
    """Definitions that break when they are asked for a profile."""

    def profile(self, canonical: str) -> None:
        raise LookupError(canonical)


def a_submission(packages: Made | None) -> Submission:
    return Submission(build(OBSERVATION), None, None, default_profile(), Side.RECEIVE, packages=packages)


def test_it_is_made_once() -> None:
    submission = a_submission(Made((CODED,)))
    assert report(submission) is report(submission)


def test_without_packages_the_verdict_says_what_to_add() -> None:
    submission = a_submission(None)
    assert not checked(submission)
    assert report(submission).found == ()
    assert "UK Core and BaRS profiles (add a FHIR package)" in judge(submission, timer=lambda: 0.0).not_checked


def test_with_packages_the_verdict_says_what_could_not_be_told() -> None:
    submission = a_submission(Made((CODED,)))
    assert checked(submission)
    assert not_checked(submission) == ("Codes of far (needs a terminology server)",)
    assert "Codes of far (needs a terminology server)" in judge(submission, timer=lambda: 0.0).not_checked


@pytest.mark.expects_warnings
def test_a_check_that_breaks_is_told_once_and_stops_nothing() -> None:
    found = judge(a_submission(Broken((CODED,))), timer=lambda: 0.0)
    assert [one.rule for one in found.findings].count("INT-000") == 1
    assert "UK Core and BaRS profiles: a mistake of this program stopped their check" in found.not_checked
