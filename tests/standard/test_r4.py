"""The table of base R4: elements, choices, children and what the official definitions say of them."""

from __future__ import annotations

import json
import tarfile
from typing import TYPE_CHECKING

from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from pathlib import Path


def test_an_element_has_its_types_limits_and_codes() -> None:
    status = r4().element("Appointment", "status")
    assert status is not None
    assert (status.types, status.min, status.max, status.repeats) == (("code",), 1, 1, False)
    assert {"booked", "proposed", "cancelled"} <= set(status.codes)
    participant = r4().element("Appointment", "participant")
    assert participant is not None
    assert participant.repeats
    assert r4().element("Appointment", "nothing") is None
    assert not r4().is_described("NoSuchType")


def test_a_choice_is_found_by_its_concrete_names() -> None:
    value = r4().element("Observation", "valueQuantity")
    assert value is not None
    assert (value.types, value.choice) == (("Quantity",), "value[x]")
    assert r4().element("Observation", "valueBanana") is None
    assert r4().child_path("Observation", "valueQuantity") == "Quantity"


def test_elements_come_in_the_order_of_the_standard() -> None:
    positions = [r4().position("Bundle", name) for name in ("id", "type", "entry")]
    assert None not in positions
    assert positions == sorted(positions)  # type: ignore[type-var]
    path = r4().child_path("Bundle", "entry")
    assert path is not None
    assert [spec.name for spec in r4().elements(path)][-4:] == ["resource", "search", "request", "response"]


def test_the_table_agrees_with_the_official_definitions(shared: Path) -> None:
    """Every resource type in the table has the elements, cardinalities and order of hl7.fhir.r4.core 4.0.1."""
    package = next((shared / "data" / "packages").rglob("hl7.fhir.r4.core*4.0.1*.tgz"))
    checked = 0
    with tarfile.open(package) as archive:
        for name in sorted(r4().resource_types()):
            file = archive.extractfile(f"package/StructureDefinition-{name}.json")
            assert file is not None, name
            specs = {spec.name: spec for spec in r4().elements(name)}
            rows = json.load(file)["snapshot"]["element"]
            for row in rows:
                parts = row["path"].split(".")
                if len(parts) != 2:
                    continue
                spec = specs.pop(parts[1])
                assert spec.min == row["min"], row["path"]
                assert spec.max == (None if row["max"] == "*" else int(row["max"])), row["path"]
                checked += 1
            assert not specs, name
    assert checked > 1500
