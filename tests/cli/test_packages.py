"""`packages` and `validate --package`: added without a workspace, used by path or name, and told in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from tests.profiles.packed import a_manifest, a_structure, element, pack, unpack
from workbench.profiles.outdated import caution
from workbench.settings import AppSettings
from workbench.workspace import choose

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Done

PROFILE = a_structure("Strict", "Bundle", element("Bundle.identifier", min=1))


def a_package(folder: Path, name: str = "mock.bars", version: str = "1.0.0", **dependencies: str) -> Path:
    return pack(folder, a_manifest(name, version, **dependencies), PROFILE)


def test_only_what_is_missing_after_all_were_added_is_asked_for(command: Callable[..., Done], tmp_path: Path) -> None:
    needed = a_package(tmp_path, "mock.terms")
    done = command("packages", "add", a_package(tmp_path, mock_terms="1.0.0"), needed)
    assert "needs" not in done.out


def test_packages_are_added_listed_and_removed(command: Callable[..., Done], tmp_path: Path) -> None:
    assert "No packages were added" in command("packages", "list").out
    folder = unpack(tmp_path / "opened", a_manifest("mock.core", "2.0.0"), PROFILE)
    done = command("packages", "add", a_package(tmp_path, mock_terms="1.0.0"), folder, "--verbose")
    assert done.code == 0
    assert "Added mock.bars#1.0.0." in done.out
    assert "mock.bars#1.0.0 needs mock.terms#1.0.0" in done.out
    assert "mock.core#2.0.0  1 profile" in command("packages", "list").out
    fine = {"problem": None, "caution": None}
    assert command("packages", "list", "--format", "json").document == {
        "packages": [
            {"name": "mock.bars", "version": "1.0.0", "profiles": 1, "missing": ["mock.terms#1.0.0"], **fine},
            {"name": "mock.core", "version": "2.0.0", "profiles": 1, "missing": [], **fine},
        ]
    }
    assert command("packages", "remove", "mock.bars#1.0.0").out == "Removed mock.bars#1.0.0.\n"
    assert [one["name"] for one in command("packages", "list", "--format", "json").document["packages"]] == [
        "mock.core"
    ]
    assert not choose(None, AppSettings()).exists(), "no workspace was made"


def test_a_package_of_bars_that_is_too_old_is_called_so_wherever_it_is_named(
    command: Callable[..., Done], good: Path, tmp_path: Path
) -> None:
    path = a_package(tmp_path, "uk.nhsdigital.bars.r4", "1.34.0")
    said = caution("uk.nhsdigital.bars.r4#1.34.0")
    assert said in command("packages", "add", path).out
    assert said in command("packages", "list").out
    (row,) = command("packages", "list", "--format", "json").document["packages"]
    assert row["caution"] == said
    assert command("validate", good, "--package", path).out.count(said) == 1
    newer = a_package(tmp_path, "uk.nhsdigital.bars.r4", "1.41.0")
    assert "older" not in command("validate", good, "--package", newer).out


def test_what_cannot_be_added_or_removed_says_why(command: Callable[..., Done], tmp_path: Path) -> None:
    bad = tmp_path / "bad.tgz"
    bad.write_bytes(b"no package")
    for words, code in (
        (("add", bad), "input.package"),
        (("add", tmp_path / "none.tgz"), "input.package-missing"),
        (("add", "mock.none#1.0.0"), "input.package-missing"),
        (("remove", "mock.none#1.0.0"), "input.package-missing"),
        (("remove",), "config.flag"),
        (("burn",), "config.flag"),
    ):
        done = command("packages", *words)
        assert (done.code, done.out) == (2, "")
        assert f"[{code}]" in done.err


def test_a_package_is_judged_with_by_path_or_name(command: Callable[..., Done], good: Path, tmp_path: Path) -> None:
    path = a_package(tmp_path / "packs", mock_core="1.0.0")
    a_package(tmp_path / "packs", "mock.core")
    (file,) = command("validate", good, "--package", path, "--format", "json").document["files"]
    assert file["packages"] == ["mock.bars#1.0.0", "mock.core#1.0.0"]
    command("packages", "add", a_package(tmp_path / "packs", "mock.core"))
    (file,) = command("validate", good, "--package", "mock.core#1.0.0", "--format", "json").document["files"]
    assert file["packages"] == ["mock.core#1.0.0"]


def test_text_and_junit_say_what_was_used_and_what_was_not_checked(
    command: Callable[..., Done], good: Path, tmp_path: Path
) -> None:
    path = a_package(tmp_path / "packs", mock_none="1.0.0")
    said = command("validate", good, "--package", path).out
    assert "Packages: mock.bars#1.0.0." in said
    assert "mock.none#1.0.0" in said.partition("Not checked: ")[2]
    root = ElementTree.fromstring(command("validate", good, "--package", path, "--format", "junit").out)
    properties = {one.get("name"): one.get("value") for one in root.iter("property")}
    assert properties["Packages"] == "mock.bars#1.0.0."
    assert "mock.none#1.0.0" in str(properties["Not checked"])


def test_without_a_package_the_answer_says_what_one_would_add(command: Callable[..., Done], good: Path) -> None:
    said = command("validate", good).out
    assert "Packages:" not in said
    assert "UK Core and BaRS profiles" in said.partition("Not checked: ")[2]


@pytest.mark.parametrize("given", ["none.tgz", "mock.none#1.0.0"])
def test_a_package_that_is_not_there_stops_the_command(command: Callable[..., Done], good: Path, given: str) -> None:
    done = command("validate", good, "--package", given)
    assert (done.code, done.out) == (2, "")
    assert "[input.package-missing]" in done.err


def test_two_versions_of_one_package_are_refused(command: Callable[..., Done], good: Path, tmp_path: Path) -> None:
    one, two = (a_package(tmp_path / version, version=version) for version in ("1.0.0", "2.0.0"))
    done = command("validate", good, "--package", one, "--package", two)
    assert done.code == 2
    assert "[input.package-twice]" in done.err


def test_large_files_are_judged_with_the_packages_in_a_worker(
    command: Callable[..., Done], good: Path, tmp_path: Path
) -> None:
    large = tmp_path / "large.json"
    large.write_bytes(good.read_bytes() + b" " * 1_100_000)
    done = command("validate", large, "--package", a_package(tmp_path / "packs"), "--format", "json")
    (file,) = done.document["files"]
    assert file["packages"] == ["mock.bars#1.0.0"]
