"""Packages are loaded with what they need, kept compiled, and asked from any thread: packages, reading, sources and
dependencies."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.profiles.packed import HOME, a_code_system, a_manifest, a_structure, a_value_set, element, pack, unpack
from workbench.errors import ErrorCode, InputError
from workbench.profiles import packages as loading
from workbench.profiles import reading, sources
from workbench.profiles.packages import load

if TYPE_CHECKING:
    from pathlib import Path

OURS = f"{HOME}/StructureDefinition/"
LOWER = a_structure("Lower", "Patient", element("Patient.gender", min=1))
UPPER = a_structure("Upper", "Patient", element("Patient.name", min=1), baseDefinition=f"{OURS}Lower")


def children(packages: loading.Packages, name: str) -> list[str]:
    found = packages.profile(f"{OURS}{name}")
    assert found is not None
    return [one.name for one in found.root.children]


def a_pair(folder: Path) -> Path:
    """A package, and beside it the one that it needs."""
    pack(folder, a_manifest("mock.core", "1.0.2"), LOWER)
    return pack(folder, a_manifest("mock.bars", "2.0.0", mock_core="1.0.x"), UPPER)


XML = """<?xml version="1.0" encoding="UTF-8"?>
<!-- as a repository keeps it -->
<StructureDefinition xmlns="http://hl7.org/fhir">
  <url value="https://mock.example/StructureDefinition/Written"/><version value="2.0.0"/><name value="Written"/>
  <status value="active"/><fhirVersion value="4.0.1"/><kind value="resource"/><abstract value="false"/>
  <type value="Patient"/><baseDefinition value="http://hl7.org/fhir/StructureDefinition/Patient"/>
  <derivation value="constraint"/>
  <differential>
    <element id="Patient.birthDate"><path value="Patient.birthDate"/><min value="1"/></element>
  </differential>
</StructureDefinition>"""


def written(folder: Path, content: str = XML) -> Path:
    """A repository of definitions with one profile written in XML."""
    (folder / "StructureDefinition").mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps(a_manifest("mock.written", "2.0.0")), "utf-8")
    (folder / "StructureDefinition" / "Written.xml").write_text(content, "utf-8")
    return folder


def test_a_definition_in_xml_asks_the_same_as_one_in_json(tmp_path: Path) -> None:
    in_json = a_structure("Written", "Patient", element("Patient.birthDate", min=1), version="2.0.0")
    in_json["url"] = "https://mock.example/StructureDefinition/Written"
    other = load([str(pack(tmp_path / "json", a_manifest("mock.json"), in_json))]).profile(str(in_json["url"]))
    folder = written(tmp_path / "xml")
    packages = load([str(folder)])
    found = packages.profile(str(in_json["url"]))
    assert found is not None
    assert found == other
    assert packages.packages[0].profiles == 1
    (folder / "StructureDefinition" / "Written.xml").write_text(XML.replace('<min value="1"/>', ""), "utf-8")
    assert reading.read(folder).digest != packages.packages[0].digest, "a change below is seen"


def test_a_definition_in_xml_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load([str(written(tmp_path, XML.replace("</differential>", "")))])
    assert "StructureDefinition-Written.xml of mock.written#2.0.0" in caught.value.sentence


def test_dependencies_are_found_beside_a_package(tmp_path: Path) -> None:
    packages = load([str(a_pair(tmp_path))])
    assert packages.names == ("mock.bars#2.0.0", "mock.core#1.0.2")
    assert packages.missing == ()
    assert children(packages, "Upper") == ["gender", "name"]


def test_dependencies_are_found_among_the_added_and_the_shared_ones(tmp_path: Path) -> None:
    added, shared = sources.added_folder(), sources.shared_folder()
    pack(tmp_path, a_manifest("mock.core", "1.0.2"), LOWER).rename(
        (added.mkdir(parents=True) or added) / "mock.core#1.0.2.tgz"
    )
    unpack(shared / "mock.terms#3.0.0", a_manifest("mock.terms", "3.0.0"), a_code_system("fruit", {"code": "apple"}))
    path = pack(tmp_path, a_manifest("mock.bars", "2.0.0", mock_core="1.0.2", mock_terms="3.x"), UPPER)
    packages = load([str(path)])
    assert set(packages.names) == {"mock.bars#2.0.0", "mock.core#1.0.2", "mock.terms#3.0.0"}
    assert load(["mock.terms#3.0.0"]).names == ("mock.terms#3.0.0",)
    assert load(["mock.core#1.0.x"]).names == ("mock.core#1.0.2",)


def test_what_is_missing_is_named_and_the_rest_is_loaded(tmp_path: Path) -> None:
    path = pack(tmp_path, a_manifest("mock.bars", "2.0.0", mock_core="1.0.2"), UPPER)
    packages = load([str(path)])
    assert packages.missing == ("mock.core#1.0.2",)
    assert children(packages, "Upper") == ["name"]
    pack(tmp_path, a_manifest("mock.core", "1.0.2"), LOWER)
    assert load([str(path)]).missing == ()


def test_a_file_that_is_not_what_its_name_says_is_no_dependency(tmp_path: Path) -> None:
    path = pack(tmp_path, a_manifest("mock.bars", "2.0.0", mock_core="1.0.2"), UPPER)
    pack(tmp_path, a_manifest("mock.other", "1.0.2"), LOWER).rename(tmp_path / "mock.core-1.0.2.tgz")
    assert load([str(path)]).missing == ("mock.core#1.0.2",)


def test_a_version_that_was_given_serves_all_who_need_the_package(tmp_path: Path) -> None:
    core = pack(tmp_path, a_manifest("mock.core", "1.0.9"), LOWER)
    path = pack(tmp_path, a_manifest("mock.bars", "2.0.0", mock_core="1.0.2"), UPPER)
    packages = load([str(core), str(path)])
    assert packages.names == ("mock.bars#2.0.0", "mock.core#1.0.9")
    assert packages.missing == ()


def test_two_versions_of_one_package_are_refused(tmp_path: Path) -> None:
    one, two = (str(pack(tmp_path, a_manifest("mock.core", version))) for version in ("1.0.0", "1.1.0"))
    with pytest.raises(InputError) as caught:
        load([one, two])
    assert caught.value.code == ErrorCode.INPUT_PACKAGE_TWICE
    assert "1.0.0 and 1.1.0" in caught.value.sentence


def test_packages_that_need_each_other_are_loaded(tmp_path: Path) -> None:
    pack(tmp_path, a_manifest("mock.core", "1.0.0", mock_bars="2.0.0"), LOWER)
    path = pack(tmp_path, a_manifest("mock.bars", "2.0.0", mock_core="1.0.0"), UPPER)
    assert load([str(path)]).names == ("mock.bars#2.0.0", "mock.core#1.0.0")


def test_a_package_that_is_not_there_is_an_error_or_missing_as_asked(tmp_path: Path) -> None:
    for reference in ("mock.none#1.0.0", str(tmp_path / "none.tgz")):
        with pytest.raises(InputError) as caught:
            load([reference])
        assert caught.value.code == ErrorCode.INPUT_PACKAGE_MISSING
        assert load([reference], lenient=True).missing == (reference,)


def test_an_address_may_ask_for_a_version(tmp_path: Path) -> None:
    packages = load([str(pack(tmp_path, a_manifest("mock.core"), LOWER))])
    assert packages.profile(f"{OURS}Lower|1.0.0") is not None
    assert packages.profile(f"{OURS}Lower|1.0") is not None
    assert packages.profile(f"{OURS}Lower|2.0.0") is None
    assert packages.profile(f"{OURS}None") is None
    assert packages.profile("http://hl7.org/fhir/StructureDefinition/Patient") is not None


def test_value_sets_are_answered_from_all_packages(tmp_path: Path) -> None:
    pack(tmp_path, a_manifest("mock.core", "1.0.0"), a_code_system("fruit", {"code": "apple"}, valueSet="urn:all"))
    terms = a_value_set("v", {"system": f"{HOME}/CodeSystem/fruit"}, version="3")
    packages = load([str(pack(tmp_path, a_manifest("mock.bars", "2.0.0", mock_core="1.0.0"), terms))])
    fruit = f"{HOME}/CodeSystem/fruit"
    assert packages.contains(f"{HOME}/ValueSet/v", fruit, "apple") is True
    assert packages.contains(f"{HOME}/ValueSet/v|3", fruit, "pear") is False
    assert packages.contains(f"{HOME}/ValueSet/v|4", fruit, "apple") is None
    assert packages.contains("urn:all", fruit, "apple") is True
    assert packages.unresolved(f"{HOME}/ValueSet/v") == ""
    assert "is in no package" in packages.unresolved("urn:none")
    assert packages.defines(fruit, "pear") is False


def test_the_compiled_form_is_used_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(a_pair(tmp_path))
    first = load([path])
    monkeypatch.setattr(loading, "_loaded", {})
    monkeypatch.setattr(reading, "read_package", lambda path: pytest.fail(f"{path} was unpacked again"))
    monkeypatch.setattr(loading, "compile_profile", lambda *_: pytest.fail("it was compiled again"))
    again = load([path])
    assert again is not first
    assert again.profile(f"{OURS}Upper") == first.profile(f"{OURS}Upper")


def test_a_broken_compiled_form_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(a_pair(tmp_path))
    load([path])
    kept = sorted(sources.compiled_folder().iterdir())
    assert len(kept) == 3
    for file in kept:
        file.write_bytes(file.read_bytes()[:-5])
    monkeypatch.setattr(loading, "_loaded", {})
    assert children(load([path]), "Upper") == ["gender", "name"]
    monkeypatch.setattr(loading, "_loaded", {})
    assert children(load([path]), "Upper") == ["gender", "name"]


def test_loaded_packages_are_shared_until_a_file_changes(tmp_path: Path) -> None:
    path = a_pair(tmp_path)
    first = load([str(path)])
    assert load([str(path)]) is first
    pack(tmp_path, a_manifest("mock.bars", "2.0.0", mock_core="1.0.x"), UPPER, a_structure("More", "Patient"))
    os.utime(path, (1, 1))
    assert load([str(path)]).profile(f"{OURS}More") is not None


def test_a_folder_that_changes_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = unpack(tmp_path / "opened", a_manifest("mock.core"), LOWER)
    assert load([str(folder)]).profile(f"{OURS}More") is None
    more = json.dumps(a_structure("More", "Patient"))
    (folder / "package" / "more.json").write_text(more, "utf-8")
    monkeypatch.setattr(loading, "_loaded", {})
    assert load([str(folder)]).profile(f"{OURS}More") is not None


def test_a_definition_for_another_fhir_version_is_refused(tmp_path: Path) -> None:
    path = pack(tmp_path, a_manifest("mock.core"), a_structure("New", "Patient", fhirVersion="5.0.0"))
    with pytest.raises(InputError) as caught:
        load([str(path)])
    assert caught.value.code == ErrorCode.INPUT_PACKAGE_VERSION


def test_threads_get_the_same_packages(tmp_path: Path) -> None:
    path = str(a_pair(tmp_path))
    with ThreadPoolExecutor(8) as threads:
        loaded = list(threads.map(lambda _: load([path]), range(16)))
        found = list(threads.map(lambda one: one.profile(f"{OURS}Upper"), loaded))
    assert len({id(one) for one in loaded}) == 1
    assert all(one == found[0] for one in found)


def test_a_cache_folder_that_cannot_be_written_only_costs_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    monkeypatch.setattr(sources, "compiled_folder", lambda: tmp_path / "file" / "deep")
    assert children(load([str(a_pair(tmp_path / "packs"))]), "Upper") == ["gender", "name"]


def test_the_official_packages_are_unpacked_once(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(shared / "data" / "packages" / "uk.nhsdigital.bars.r4-1.34.0.tgz")
    monkeypatch.setattr(loading, "_loaded", {})
    first = load([path])
    assert first.names == (
        "uk.nhsdigital.bars.r4#1.34.0",
        "uk.nhsdigital.r4#2.5.0",
        "fhir.r4.ukcore.stu1#0.5.1",
        "hl7.fhir.r4.core#4.0.1",
    )
    assert first.missing == ()
    monkeypatch.setattr(loading, "_loaded", {})
    monkeypatch.setattr(reading, "read_package", lambda path: pytest.fail(f"{path} was unpacked again"))
    assert load([path]).profile_urls == first.profile_urls
