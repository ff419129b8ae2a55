from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from workbench.standard import urls
from workbench.standard.codes import code_systems, display

if TYPE_CHECKING:
    from pathlib import Path

F = "{http://hl7.org/fhir}"


def test_displays_are_found_by_system_and_code() -> None:
    assert display(urls.USE_CASES, "a1t1") == "111 to ED"
    assert display(urls.SR_CATEGORY, "referral")
    assert display(urls.USE_CASES, "a9t9") is None
    assert display("https://mock.example/none", "x") is None


def test_older_displays_name_known_codes() -> None:
    for system in code_systems().values():
        assert set(system.older_displays) <= set(system.codes)
    assert code_systems()[urls.USE_CASES].older_displays["a1t1"] == "111 - ED"


def test_codes_are_those_of_the_published_systems(shared: Path) -> None:
    seen = 0
    for path in sorted((shared / "data" / "bars-definitions").rglob("*.xml")):
        root = ET.parse(path).getroot()
        if root.tag != F + "CodeSystem":
            continue
        ours = code_systems().get(root.find(F + "url").get("value") or "")
        if ours is None:
            continue
        seen += 1
        official = {
            concept.find(F + "code").get("value"): (concept.find(F + "display").get("value") or "").strip()
            for concept in root.findall(F + "concept")
        }
        assert {code: shown.strip() for code, shown in ours.codes.items()} == official, ours.url
    assert seen >= 20
