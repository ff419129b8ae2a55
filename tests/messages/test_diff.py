"""Differences of two messages (`messages.diff`), which resource is which (`pairing`) and values on one line
(`value_words`)."""

from __future__ import annotations

import copy
import itertools
import random
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.messages import Number, build, parse
from workbench.messages.diff import ChangeKind, Noise, compare
from workbench.messages.pairing import pair
from workbench.messages.value_words import LONGEST, value_text

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.messages import JsonObject, JsonValue, Message


def a_message(**changes: JsonValue) -> JsonObject:
    patient: JsonObject = {"resourceType": "Patient", "id": "p", "birthDate": "1990-02-03", "gender": "female"}
    patient.update(changes)
    return {
        "resourceType": "Bundle",
        "id": "b1",
        "type": "message",
        "timestamp": "2026-01-01T10:00:00+00:00",
        "entry": [
            {
                "fullUrl": "urn:uuid:h",
                "resource": {
                    "resourceType": "MessageHeader",
                    "id": "h",
                    "meta": {"lastUpdated": "2026-01-01T10:00:00+00:00"},
                    "focus": [{"reference": "urn:uuid:s"}],
                },
            },
            {
                "fullUrl": "urn:uuid:s",
                "resource": {
                    "resourceType": "ServiceRequest",
                    "id": "s",
                    "status": "active",
                    "subject": {"reference": "urn:uuid:p"},
                    "reasonCode": [{"coding": [{"system": "x", "code": "1", "display": "Cough"}]}],
                },
            },
            {"fullUrl": "urn:uuid:p", "resource": patient},
            *(
                {
                    "fullUrl": f"urn:uuid:{name}",
                    "resource": {"resourceType": "Organization", "id": name, "name": name.title()},
                }
                for name in ("north", "south")
            ),
        ],
    }


def told(left: JsonObject, right: JsonObject) -> list[tuple[str, str, str, str]]:
    return [(c.kind.value, c.subject, c.left, c.right) for c in compare(build(left), build(right)).telling]


def resource(bundle: JsonObject, place: int) -> JsonObject:
    entries = bundle["entry"]
    assert isinstance(entries, list)
    entry = entries[place]
    assert isinstance(entry, dict)
    found = entry["resource"]
    assert isinstance(found, dict)
    return found


def test_a_message_does_not_differ_from_itself() -> None:
    assert compare(build(a_message()), build(a_message())).changes == ()


def test_a_changed_value_is_told_with_both_values_and_places() -> None:
    (change,) = compare(build(a_message()), build(a_message(birthDate="1991-02-03"))).telling
    assert change.kind is ChangeKind.CHANGED
    assert (change.subject, change.left, change.right) == ("Patient, date of birth", "1990-02-03", "1991-02-03")
    assert change.left_path == change.right_path == "Bundle.entry[2].resource.birthDate"


def test_an_element_that_came_or_went_is_told_once() -> None:
    named = a_message(name=[{"family": "Quill", "given": ["Ash"]}])
    assert told(a_message(), named) == [("added", "Patient, name", "", "Ash Quill")]
    assert told(named, a_message()) == [("removed", "Patient, name", "Ash Quill", "")]


def test_a_code_is_told_as_one_value_and_a_system_alone_as_the_system() -> None:
    other = a_message()
    resource(other, 1)["reasonCode"] = [{"coding": [{"system": "x", "code": "2", "display": "Cold"}]}]
    assert told(a_message(), other) == [("changed", "Service request, reason code", "Cough (1)", "Cold (2)")]
    resource(other, 1)["reasonCode"] = [{"coding": [{"system": "y", "code": "1", "display": "Cough"}]}]
    ((_, subject, left, right),) = told(a_message(), other)
    assert (subject, left, right) == ("Service request, reason code, system", "x", "y")


def test_ids_that_are_renewed_everywhere_are_noise() -> None:
    text = build(a_message()).text
    renewed = parse(re.sub(r'"(urn:uuid:)?(h|s|p|north|south|b1)"', r'"\1new-\2"', text).encode())
    found = compare(build(a_message()), renewed)
    assert found.telling == ()
    assert found.hidden == ((Noise.ID, 11),)


def test_times_of_change_and_other_notations_are_noise() -> None:
    other = a_message(birthDate="1990-02-03 ")
    other["timestamp"] = "2026-01-01T11:00:00+00:00"
    resource(other, 0)["meta"] = {"lastUpdated": "2026-01-02T10:00:00+00:00"}
    resource(other, 1)["authoredOn"] = "2026-01-01T11:00:00+01:00"
    first = a_message()
    resource(first, 1)["authoredOn"] = "2026-01-01T10:00:00+00:00"
    found = compare(build(first), build(other))
    assert found.telling == ()
    assert dict(found.hidden) == {Noise.TIME: 2, Noise.NOTATION: 2}


def test_a_number_of_another_precision_is_another_notation_and_another_number_is_not() -> None:
    one, same, other = (a_message(multipleBirthInteger=Number(text)) for text in ("1", "1.0", "2"))
    assert told(one, same) == []
    assert told(one, other) == [("changed", "Patient, multiple birth", "1", "2")]


def test_a_reference_to_another_resource_is_told_by_its_name() -> None:
    one, other = (a_message(managingOrganization={"reference": f"urn:uuid:{name}"}) for name in ("north", "south"))
    ((_, subject, left, right),) = told(one, other)
    assert subject == "Patient, managing organization"
    assert (left, right) == ("the first organization, North", "the second organization, South")


def test_a_resource_without_a_counterpart_is_told_once_with_what_it_holds() -> None:
    other = a_message()
    entries = other["entry"]
    assert isinstance(entries, list)
    flag: JsonObject = {"resourceType": "Flag", "status": "active", "code": {"text": "Scene safe"}}
    entries.append({"fullUrl": "urn:uuid:f", "resource": flag})
    assert told(a_message(), other) == [("added", "Flag, Scene safe", "", "active; Scene safe")]


def test_items_of_a_list_are_matched_by_their_system_and_not_by_place() -> None:
    phone: JsonObject = {"system": "phone", "value": "01632 960400"}
    email: JsonObject = {"system": "email", "value": "ash@example.org"}
    assert told(a_message(telecom=[phone, email]), a_message(telecom=[email, phone])) == []
    changed = told(a_message(telecom=[phone, email]), a_message(telecom=[email, {**phone, "value": "01632 960411"}]))
    assert changed == [("changed", "Patient, phone", "01632 960400", "01632 960411")]


def test_two_kinds_of_resource_are_one_difference() -> None:
    patient, flag = (build({"resourceType": kind}) for kind in ("Patient", "Flag"))
    assert [change.kind for change in compare(patient, flag).changes] == [ChangeKind.CHANGED]


def test_syntax_makes_no_difference() -> None:
    from workbench.messages import Syntax, convert

    message = build(a_message())
    assert compare(message, convert(message, Syntax.XML)).changes == ()


@given(st.integers(0, 2**32))
def test_the_order_of_entries_changes_nothing_but_order(seed: int) -> None:
    other = a_message()
    entries = other["entry"]
    assert isinstance(entries, list)
    random.Random(seed).shuffle(entries)
    found = compare(build(a_message()), build(other))
    assert found.telling == ()
    assert {noise for noise, _ in found.hidden} <= {Noise.ORDER}


@given(st.data())
def test_every_changed_leaf_is_told_once_at_its_place(data: st.DataObject) -> None:
    original = a_message(name=[{"family": "Quill", "given": ["Ash", "Bo"]}])
    leaves = [
        (place, name)
        for place, name in itertools.chain.from_iterable(
            ((place, name) for name, value in resource(original, place).items() if isinstance(value, str))
            for place in range(5)
        )
        if name not in ("id", "resourceType")
    ]
    place, name = data.draw(st.sampled_from(leaves))
    other = copy.deepcopy(original)
    resource(other, place)[name] = "changed"
    (change,) = compare(build(original), build(other)).telling
    assert change.right_path == f"Bundle.entry[{place}].resource.{name}"
    assert change.right == "changed"


@given(st.integers(0, 2**32))
def test_pairs_are_the_same_from_both_sides(seed: int) -> None:
    rng = random.Random(seed)
    bundles = []
    for _ in range(2):
        bundle = a_message()
        entries = bundle["entry"]
        assert isinstance(entries, list)
        rng.shuffle(entries)
        bundle["entry"] = entries[: rng.randint(2, 5)]
        bundles.append(build(bundle))
    forth = {(p.left and p.left.index, p.right and p.right.index) for p in pair(*bundles)}
    back = {(p.right and p.right.index, p.left and p.left.index) for p in pair(*reversed(bundles))}
    assert forth == back


def test_a_value_is_cut_and_a_structure_read_as_a_person_would() -> None:
    assert value_text(True) == "true"
    assert len(value_text("a" * 500)) == LONGEST
    assert value_text({"start": "2026-10-09T10:00:00Z"}, "Period") == "9 Oct 2026, 10:00 +00:00"
    assert value_text({"end": "2026-10-09"}, "Period") == "until 9 Oct 2026"
    assert value_text({"value": Number("72.50"), "unit": "kg"}, "Quantity") == "72.50 kg"
    assert value_text({"system": "https://x/nhs-number", "value": "1"}, "Identifier") == "1 (nhs-number)"
    assert value_text({"url": "https://x/Rank", "valuePositiveInt": Number("2")}, "Extension") == "Rank: 2"


def _official(shared: Path, name: str) -> Message:
    (path,) = (shared / "data/examples/xml").glob(f"{name} -*.xml")
    return parse(path.read_bytes())


def test_an_official_update_shows_what_was_updated(shared: Path) -> None:
    found = compare(_official(shared, "VALREQ01"), _official(shared, "VALREQ02"))
    shown = {(c.subject, c.left, c.right) for c in found.telling}
    assert ("Message header, reason", "new", "update") in shown
    start, end = "26 Nov 2021, 15:00 +00:00 to 15:20 +00:00", "26 Nov 2021, 15:05 +00:00 to 15:45 +00:00"
    assert ("Service request, occurrence", start, end) in shown
    assert ("First practitioner, name", "Alex Smith", "John Smith") in shown
    assert len(found.telling) == 15
    assert {noise for noise, _ in found.hidden} == {Noise.TIME, Noise.ID}


def test_an_official_acknowledgement_shows_the_receivers_case(shared: Path) -> None:
    found = compare(_official(shared, "VALREQ01"), _official(shared, "VALRESP01"))
    added = [c.subject for c in found.telling if c.kind is ChangeKind.ADDED]
    assert added == ["Second encounter"]


def test_official_replies_of_two_stages_show_status_and_outcome(shared: Path) -> None:
    found = compare(_official(shared, "VALRESP01A"), _official(shared, "VALRESP02"))
    shown = {c.subject: (c.kind, c.right) for c in found.telling}
    assert shown["Second encounter, status"] == (ChangeKind.CHANGED, "finished")
    assert shown["Care plan"][0] is ChangeKind.ADDED
    assert shown["Service request, based on"] == (ChangeKind.ADDED, "the care plan")


def test_an_official_case_at_first_and_complete_shows_what_became_known(shared: Path) -> None:
    found = compare(_official(shared, "REFREQ8A"), _official(shared, "REFREQ04"))
    shown = {c.subject: (c.kind, c.right) for c in found.telling}
    assert shown["Encounter, status"] == (ChangeKind.CHANGED, "finished")
    assert shown["Patient, name"] == (ChangeKind.ADDED, "Mrs Julie Jones")
    assert shown["Task, Transportation by ambulance"][0] is ChangeKind.ADDED


@pytest.mark.parametrize("name", ["REFREQ01", "REFREQ03", "REFREQ11", "REFRESP01", "BOOKREQ01"])
def test_an_official_message_does_not_differ_from_itself_shuffled(shared: Path, name: str) -> None:
    message = _official(shared, name)
    bundle = copy.deepcopy(message.resource)
    entries = bundle["entry"]
    assert isinstance(entries, list)
    entries.reverse()
    assert compare(message, build(bundle)).telling == ()
