"""How findings of validators are read, matched and judged; run it by its name, the suite leaves benchmarks out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.side_by_side import JUDGED, main
from tests.benchmarks.side_by_side_findings import Said, of_ours, of_pyrofile, of_reference, reference_path, systems
from tests.benchmarks.side_by_side_match import OURS, THEIRS, Judged, compare, near, read_judged

if TYPE_CHECKING:
    from pathlib import Path

CODE = "Bundle.entry[1].resource.status"


def said(path: str, severity: str = "error", rule: str = "BASE-001", layer: str = "base", **more: bool) -> Said:
    return Said(severity, rule, "wrong", (path,), layer, **more)


def test_places_of_the_reference_are_written_as_ours() -> None:
    assert reference_path("Bundle.entry[0].resource/*Flag/a-1*/.value.ofType(CodeableConcept).text") == (
        "Bundle.entry[0].resource.valueCodeableConcept.text"
    )
    assert reference_path("Bundle.entry[0].resource/*Flag/null*/") == "Bundle.entry[0].resource"
    assert reference_path("Flag.extension[0].extension[1][url='http://x']") == "Flag.extension[0].extension[1]"


def test_what_the_reference_repeats_for_a_profile_counts_once() -> None:
    missing = {"severity": "error", "path": "Slot", "messageId": "min"}
    found = of_reference(
        [
            {**missing, "text": "Slot.schedule: found 0 (from http://base)"},
            {**missing, "text": "Slot.schedule: found 0 (from http://profile)"},
            {**missing, "text": "Slot.start: found 0 (from http://base)"},
        ]
    )
    assert [one.text[:13] for one in found] == ["Slot.schedule", "Slot.start: f"]


def test_an_unknown_profile_said_again_without_a_place_counts_once() -> None:
    unknown = {"severity": "error", "text": "x", "messageId": "unknown"}
    assert len(of_reference([{**unknown, "path": "Flag.meta.profile[0]"}, {**unknown, "text": "y", "path": None}])) == 1
    assert len(of_reference([{**unknown, "path": None}])) == 1


def test_a_place_named_in_the_text_of_the_reference_counts_too() -> None:
    text = "Can't find 'Slot/1' in the bundle (Bundle.entry[1].resource.slot[0]). Note"
    (found,) = of_reference([{"severity": "error", "path": "Bundle", "text": text, "messageId": "x"}])
    assert near(found, said("Bundle.entry[1].resource.slot[0].reference"))


def test_terminology_of_an_unknown_system_is_set_apart_with_its_system() -> None:
    text = "CodeSystem is unknown and can't be validated: http://x for 'http://x#1'"
    (found,) = of_reference([{"severity": "warning", "path": "Flag.code", "text": text, "messageId": "x"}])
    assert found.server
    assert systems(found) == ("http://x",)


def test_paths_of_pyrofile_are_put_into_the_entries_of_their_resource() -> None:
    message = {
        "resourceType": "Bundle",
        "entry": [
            {"resource": {"resourceType": "Flag", "id": "a"}},
            {"resource": {"resourceType": "Flag", "id": "b"}},
            {"fullUrl": "urn:x"},
        ],
    }
    raw = {"severity": "error", "code": "min", "message": "m", "path": "Flag.code.coding:x.system", "resourceId": "b"}
    (found,) = of_pyrofile([raw], message)
    assert found.paths == ("Bundle.entry[1].resource.code.coding:x.system",)
    assert near(found, said("Bundle.entry[1].resource.code.coding[4].system"))
    assert not near(found, said("Bundle.entry[0].resource.code.coding[4].system"))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (CODE, True),
        (f"{CODE}.extension[0]", True),
        ("Bundle.entry[1].resource", True),
        ("Bundle.entry[1]", False),
        ("Bundle.entry[2].resource.status", False),
        (f"{CODE}.extension[0].url", False),
        ("Bundle.entry[1].resource.statusReason", False),
        (f"{CODE}.coding[1].system", True),
    ],
)
def test_the_same_element_and_its_direct_parent_and_child_are_near(other: str, same: bool) -> None:
    assert near(said(CODE), said(other)) is same
    assert near(said(other), said(CODE)) is same


def test_a_choice_of_types_is_near_whatever_its_name() -> None:
    assert near(said("Flag.extension[0].value[x].coding"), said("Flag.extension[0].valueCodeableConcept.coding[0]"))
    assert not near(said("Flag.extension[0].value[x]"), said("Flag.extension[0].valuesOther"))
    assert not near(said("Flag.extension[0].value[x]"), said("Flag.extension[1].valueString"))


def test_a_list_and_an_item_of_it_are_near_but_two_items_are_not() -> None:
    assert near(said("Flag.category"), said("Flag.category[1]"))
    assert near(said("Flag.category"), said("Flag.category[1].text"))
    assert near(said("Flag.category[0]"), said("Flag.category"))
    assert not near(said("Flag.category[0]"), said("Flag.category[1]"))


def test_errors_are_counted_as_both_ours_and_theirs_and_the_rest_is_listed_with_what_stands_there() -> None:
    ours = {"f": (said("A.a"), said("A.b", "warning"), said("A.c"), said("A.d", layer="bars"))}
    theirs = {"f": (said("A.a"), said("A.b"), said("A.d"), said("A.e", server=True))}
    found = compare("reference", ours, theirs, [])
    assert (found.theirs, found.both, found.elsewhere, found.ours) == (3, 2, 1, 2)
    assert [(one.by, one.said.place) for one in found.differences] == [("reference", "A.b"), (OURS, "A.c")]
    assert found.differences[0].there == (said("A.b", "warning"),)
    assert [said.place for _, said in found.server] == ["A.e"]
    assert found.told() == 1, "what we tell as a warning is told"


def test_a_judgement_in_our_favour_is_taken_out_of_the_shares_and_one_in_theirs_is_not() -> None:
    ours = {"f": (said("A.a"), said("A.c", rule="BASE-003"))}
    theirs = {"f": (said("A.a"), said("A.b", rule="X-1"), said("A.bb", rule="Y-1"))}
    judged = [
        Judged("reference", "X-*", "", "", OURS, "why"),
        Judged("reference", "Y-1", "", "", THEIRS, "why"),
        Judged(OURS, "BASE-003", "wrong", ".c", OURS, "why"),
    ]
    found = compare("reference", ours, theirs, judged)
    assert (found.found(), found.found(judged=True), found.told()) == (1 / 3, 1 / 2, 1 / 2)
    assert (found.alone(), found.alone(judged=True)) == (1 / 2, 0)


def test_files_that_only_one_has_read_are_left_out() -> None:
    assert compare("pyrofile", {"f": (said("A.a"),)}, {"g": (said("A.a"),)}, []).theirs == 0


def test_the_judged_disagreements_can_be_read_and_each_gives_a_reason() -> None:
    rows = read_judged(JUDGED)
    assert rows
    assert {one.by for one in rows} <= {"ours", "reference", "pyrofile"}
    assert all(one.why.endswith(".") for one in rows)


def test_a_judgement_for_nobody_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "judged.toml"
    file.write_text('[[judged]]\nby = "ours"\nrule = "x"\nright = "nobody"\nwhy = "."\n', encoding="utf-8")
    with pytest.raises(ValueError, match="nobody"):
        read_judged(file)


def test_our_findings_keep_their_layer() -> None:
    raw = {"severity": "error", "rule": "BASE-001", "text": "t", "path": "A", "layer": "base"}
    assert of_ours([raw]) == (Said("error", "BASE-001", "t", ("A",), "base"),)


def test_without_packages_the_command_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    message = tmp_path / "message.json"
    message.write_text("{}", encoding="utf-8")
    assert main([str(message), "--packages", str(tmp_path)]) == 2
    assert "no FHIR packages" in capsys.readouterr().out
