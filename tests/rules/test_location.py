from __future__ import annotations

import pytest

from tests.rules.applications import Case, callback, check, dispatch
from tests.rules.builders import add, at, changed, judged, put, validation
from workbench.messages import Number
from workbench.rules.location import TYPES

VALIDATION = validation()
PLACE = at(VALIDATION, "Location")
PARTS = f"{PLACE}.extension[0].extension"
INCIDENT, CALLER = at(dispatch(), "Location"), at(dispatch(), "Location", 1)


def parts(*names: str) -> list[dict[str, str]]:
    return [{"url": name, "valueString": "1"} for name in names]


def test_places_can_be_found() -> None:
    half = put(PARTS, parts("eastings", "accuracy"))
    check(VALIDATION, Case("RES-141", (half,), f"{PLACE}.extension[0]", ("e", "e")))
    bare = put(f"{PLACE}.extension", [])
    check(VALIDATION, Case("RES-141", (bare,), f"{PLACE}.extension", ("e", "e")))
    check(dispatch(), Case("RES-141", (put(f"{INCIDENT}.extension", []),), f"{INCIDENT}.extension", ("e", "e")))
    check(dispatch(), Case("RES-141", (put(f"{CALLER}.extension", []),), f"{CALLER}.extension", ("e", "w")))


@pytest.mark.parametrize("names", [("UPRN",), ("PAF",), ("what3words",), ("eastings", "northings")])
def test_any_way_to_find_it_will_do(names: tuple[str, ...]) -> None:
    assert judged(changed(VALIDATION, put(PARTS, parts(*names))), "RES-141") == ("-", "-")


def test_there_is_one_place() -> None:
    entry = at(callback(), "Location").removesuffix(".resource")
    number = int(entry.rpartition("[")[2].rstrip("]"))
    again = {**callback().at(entry), "fullUrl": "urn:uuid:0badcafe-0000-4000-a000-0000000000ff"}
    check(callback(), Case("RES-142", (add(entry, again),), f"Bundle.entry[{number + 1}].resource", ("e", "e")))
    check(callback(), Case("RES-142", (put(f"{entry}.resource.resourceType", "Basic"),), "Bundle.entry", ("e", "e")))


@pytest.mark.parametrize(("longitude", "latitude", "fixed"), [("52.75", "-1.25", True), ("10.5", "40.1", False)])
def test_places_are_in_these_isles(longitude: str, latitude: str, fixed: bool) -> None:
    edits = (put(f"{PLACE}.position", {"longitude": Number(longitude), "latitude": Number(latitude)}),)
    check(VALIDATION, Case("RES-143", edits, f"{PLACE}.position", ("w", "w"), fixed))


def test_the_incident_is_called_so() -> None:
    kind = f"{INCIDENT}.type"
    second = {"coding": [{"system": TYPES, "code": "CLOC", "display": "Caller Location"}]}
    for case in (
        Case("RES-144", (put(f"{kind}[0].coding[0].code", "RLOC"),), kind, ("e", "e")),
        Case("RES-144", (add(f"{kind}[1]", second),), f"{kind}[1]", ("e", "e")),
        Case("RES-144", (put(f"{CALLER}.type", []),), f"{CALLER}.type", ("w", "w")),
        Case("RES-144", (put(f"{CALLER}.type[0].coding[0].code", "OLOC"),), f"{CALLER}.type[0].text", ("w", "w")),
    ):
        check(dispatch(), case)
