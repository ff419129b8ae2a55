"""The differences that can explain a refusal."""

from __future__ import annotations

from tests.messages.test_diff import a_message, resource
from workbench.messages import Finding, Issue, Layer, Severity, Source, build
from workbench.messages.diff import compare
from workbench.messages.suspects import suspects

GOOD = a_message()


def a_refused() -> tuple[object, ...]:
    bad = a_message(birthDate="03/02/1990", gender="male")
    resource(bad, 1)["status"] = "on-hold"
    return compare(build(GOOD), build(bad)).telling


def a_finding(path: str, severity: Severity = Severity.ERROR, text: str = "Wrong.") -> Finding:
    return Finding("PAT-009", severity, Layer.BARS, path, text, Source("Core", "1"))


BIRTH = "Bundle.entry[2].resource.birthDate"
STATUS = "Bundle.entry[1].resource.status"


def test_without_a_finding_or_an_answer_nothing_is_suspected() -> None:
    assert suspects(a_refused(), (), ()) == ()


def test_what_a_finding_is_about_is_suspected_with_its_sentence() -> None:
    (one,) = suspects(a_refused(), [a_finding(BIRTH)], ())
    assert one.change.right_path == BIRTH
    assert one.reasons == ("PAT-009: Wrong.",)


def test_what_the_answer_names_comes_before_what_only_a_finding_is_about() -> None:
    for expression in (STATUS, "ServiceRequest.status", "Bundle.entry.resource.status"):
        found = suspects(a_refused(), [a_finding(BIRTH)], [Issue(diagnostics="No.", expression=(expression,))])
        assert [one.change.right_path for one in found] == [STATUS, BIRTH]
        assert found[0].reasons == ("The answer names it: No.",)


def test_an_error_weighs_more_than_a_warning() -> None:
    found = suspects(a_refused(), [a_finding(STATUS, Severity.WARNING), a_finding(BIRTH)], ())
    assert [one.change.right_path for one in found] == [BIRTH, STATUS]


def test_an_answer_that_mentions_the_value_or_the_element_points_to_it() -> None:
    (one,) = suspects(a_refused(), (), [Issue(diagnostics="'on-hold' is not taken")])
    assert one.change.right_path == STATUS
    (other,) = suspects(a_refused(), (), [Issue(details_text="birthDate is no date")])
    assert other.change.right_path == BIRTH


def test_a_finding_that_misses_what_was_removed_is_about_the_removal() -> None:
    bare = a_message()
    del resource(bare, 2)["birthDate"]
    changes = compare(build(GOOD), build(bare)).telling
    (one,) = suspects(changes, [a_finding("Bundle.entry[2].resource", text="The patient has no birthDate.")], ())
    assert one.change.left_path == BIRTH


def test_a_finding_about_the_whole_message_explains_no_single_difference() -> None:
    assert suspects(a_refused(), [a_finding("Bundle")], ()) == ()
