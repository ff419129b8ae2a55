from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from workbench.standard.definitions import definition_of, definitions
from workbench.standard.events import Event

if TYPE_CHECKING:
    from pathlib import Path

F = "{http://hl7.org/fhir}"


def test_a_definition_is_found_by_url_name_and_version() -> None:
    row = definitions()["bars-message-booking-request"]
    assert row.event is Event.BOOKING_REQUEST
    assert definition_of(row.url) is row
    assert definition_of(row.url + "|1.0.0") is row
    assert definition_of(row.name) is row
    assert definition_of("https://fhir.nhs.uk/MessageDefinition/none") is None
    assert definition_of(None) is None


def test_counts_add_up_rows_of_a_type() -> None:
    row = definitions()["bars-message-servicerequest-request-referral"]
    assert row.counts()["Location"] == (0, None)
    assert row.counts()["HealthcareService"] == (1, None)
    assert len(row.profiles("Flag")) == 2


def test_newer_rows_tell_what_held_before() -> None:
    rows = {row.type: row for row in definitions()["bars-message-servicerequest-request-referral"].rows}
    assert (rows["Device"].since, rows["Device"].max_before, rows["Device"].applications) == ("1.38", 0, (8,))
    assert (rows["RelatedPerson"].since, rows["RelatedPerson"].applications) == ("1.41", (1, 2))
    service = rows["HealthcareService"]
    assert (service.since, service.min_before, service.max_before) == ("1.38", 1, 1)


def published(folder: Path) -> dict[str, list[tuple[str, str, int, int | None]]]:
    found = {}
    for path in sorted(folder.rglob("*.xml")):
        root = ET.parse(path).getroot()
        if root.tag != F + "MessageDefinition":
            continue
        rows = []
        for focus in root.findall(F + "focus"):
            values = {child.tag.removeprefix(F): child.get("value") for child in focus}
            most = None if values["max"] == "*" else int(values["max"])
            rows.append((values["code"], values.get("profile", ""), int(values["min"]), most))
        name = (root.find(F + "url").get("value") or "").rsplit("/", 1)[-1]
        found[name] = [row for row in rows if row[0] != "Bundle"]
    return found


@pytest.mark.parametrize("name", sorted(definitions()))
def test_rows_are_those_of_the_published_definitions(shared: Path, name: str) -> None:
    official = published(shared / "data" / "bars-definitions")
    assert name in official
    ours = [(row.type, row.profile, row.min, row.max) for row in definitions()[name].rows]
    assert sorted(map(str, without_header(ours))) == sorted(map(str, without_header(official[name])))


def without_header(rows: list[tuple[str, str, int, int | None]]) -> list[tuple[str, str, int, int | None]]:
    """The header's profile differs on purpose where a published definition names the wrong one."""
    return [row if row[0] != "MessageHeader" else (row[0], "", row[2], row[3]) for row in rows]
