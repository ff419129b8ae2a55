from __future__ import annotations

from tests.rules.builders import at, changed, composed, drop, put
from workbench.messages import Severity, tree
from workbench.rules import Side, Submission
from workbench.rules.checks import an, codes, extensions, has_status, kind_of, lacks, linked, links, targets, when_sent
from workbench.rules.survey import survey
from workbench.standard import default_profile

REFERRAL = composed()
ORDER = at(REFERRAL, "ServiceRequest")


def submission(message: object = REFERRAL, side: Side = Side.COMPOSE) -> Submission:
    return Submission(message, None, None, default_profile(), side)


def order_of(message: object) -> tuple[str, dict[str, object]]:
    return ORDER, message.at(ORDER)


def test_what_official_messages_break_is_an_error_only_for_us() -> None:
    assert when_sent(submission()) is Severity.ERROR
    assert when_sent(submission(side=Side.RECEIVE)) is Severity.WARNING


def test_names_have_their_article() -> None:
    assert [an("Encounter"), an("Patient")] == ["an Encounter", "a Patient"]
    assert kind_of({}) == "resource"


def test_absent_and_empty_elements_are_told() -> None:
    held = ("X", {"resourceType": "X", "a": [], "b": [{"c": "d"}], "e": False})
    assert [hit.path for element in ("a", "b.c", "b.x", "e", "f") for hit in lacks(held, element)] == [
        "X.a",
        "X.b.x",
        "X.f",
    ]


def test_a_status_is_told_only_where_there_is_one() -> None:
    (hit,) = has_status(("X", {"resourceType": "X", "status": "off"}), "on")
    assert (hit.path, hit.text, hit.fix.label) == (
        "X.status",
        "The status of the X is 'off'; it must be 'on'.",
        "Set it to on",
    )
    assert not list(has_status(("X", {}), "on"))


def test_links_are_found_missing_or_wrong() -> None:
    s = submission()
    assert not list(links(s, order_of(REFERRAL), "subject", ("Patient",)))
    (wrong,) = links(s, order_of(REFERRAL), "subject", ("Practitioner",), wrong=Severity.WARNING)
    assert (wrong.path, wrong.severity) == (f"{ORDER}.subject.reference", Severity.WARNING)
    bare = changed(REFERRAL, drop(f"{ORDER}.basedOn"))
    (missing,) = links(submission(bare), order_of(bare), "basedOn", ("CarePlan",))
    assert missing.path == f"{ORDER}.basedOn"
    assert missing.fix.edits[0].path == f"{ORDER}.basedOn[0].reference"
    assert not list(links(submission(bare), order_of(bare), "basedOn", ("CarePlan",), missing=None))


def test_a_relative_reference_goes_by_its_type_and_a_fragment_by_nothing() -> None:
    away = changed(REFERRAL, put(f"{ORDER}.subject.reference", "Group/g1"))
    assert [hit.path for hit in links(submission(away), order_of(away), "subject", ("Patient",))]
    inside = changed(REFERRAL, put(f"{ORDER}.subject.reference", "#p"))
    assert not list(links(submission(inside), order_of(inside), "subject", ("Patient",)))
    assert not list(targets(submission(inside), order_of(inside), "subject"))


def test_targets_come_with_their_paths() -> None:
    found = [(place, entry.type) for place, entry in targets(submission(), order_of(REFERRAL), "basedOn")]
    assert found == [(f"{ORDER}.basedOn[0]", "CarePlan")]


def test_a_link_is_offered_only_where_there_is_no_choice() -> None:
    found = survey(submission())
    assert linked(found, "X", ("Patient",)) is not None
    assert linked(found, "X", ("Organization",)) is None
    assert linked(found, "X", ("Organization",), found.first("Organization")) is not None


def test_codes_and_extensions_go_by_their_system() -> None:
    concept = {"coding": [{"system": " a ", "code": "1"}, {"system": "b", "code": "2"}, {"system": "a"}]}
    assert codes(concept, "a") == ["1"]
    assert codes("x", "a") == []
    held = {"extension": [{"url": "u"}, {"url": "v"}, {"url": "u"}]}
    assert [index for index, _ in extensions(held, "u")] == [0, 2]
    assert tree.objects(held["extension"])
