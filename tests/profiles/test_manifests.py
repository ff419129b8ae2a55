"""What a package says of itself, and which version a dependency takes."""

from __future__ import annotations

import pytest

from tests.profiles.packed import a_manifest, as_json
from workbench.errors import ErrorCode, InputError
from workbench.profiles.manifests import fits, newest, read_manifest, split_label


def test_a_manifest_gives_name_version_and_dependencies() -> None:
    found = read_manifest(as_json(a_manifest("mock.bars", "2.1.0", mock_core="1.0.x")), what="mock.tgz")
    assert found.label == "mock.bars#2.1.0"
    assert found.dependencies == (("mock.core", "1.0.x"),)


@pytest.mark.parametrize("name", ["", "../evil", "a/b", "a\\b", "..", "a" * 200])
def test_a_name_that_could_not_be_a_file_name_is_refused(name: str) -> None:
    with pytest.raises(InputError) as caught:
        read_manifest(as_json(a_manifest(name)), what="mock.tgz")
    assert caught.value.code == ErrorCode.INPUT_PACKAGE


@pytest.mark.parametrize(("versions", "usable"), [(["4.0.1"], True), (["4.0.0", "5.0.0"], True), (["5.0.0"], False)])
def test_only_packages_of_r4_are_taken(versions: list[str], usable: bool) -> None:
    content = as_json(a_manifest("mock.bars") | {"fhirVersions": versions})
    if usable:
        assert read_manifest(content, what="mock.tgz").name == "mock.bars"
        return
    with pytest.raises(InputError) as caught:
        read_manifest(content, what="mock.tgz")
    assert caught.value.code == ErrorCode.INPUT_PACKAGE_VERSION
    assert "5.0.0" in caught.value.sentence


@pytest.mark.parametrize(
    ("version", "wanted", "fit"),
    [
        ("1.0.2", "1.0.2", True),
        ("1.0.2", "1.0.x", True),
        ("1.0.2-beta", "1.0.x", True),
        ("1.1.0", "1.0.x", False),
        ("1.1.0", "1.x", True),
        ("10.0.0", "1.x", False),
        ("3.2.1", "*", True),
        ("1.0.2", "1.0", False),
    ],
)
def test_wildcards_fit_as_they_are_written(version: str, wanted: str, fit: bool) -> None:
    assert fits(version, wanted) is fit


def test_the_newest_version_is_told_by_number_and_not_by_spelling() -> None:
    assert newest(["1.9.0", "1.10.0", "1.10.0-beta", "1.2.11"]) == "1.10.0"


def test_a_label_has_a_name_and_a_version() -> None:
    assert split_label("mock.bars#1.0.0") == split_label("mock.bars@1.0.0") == ("mock.bars", "1.0.0")
    assert split_label("mock.bars") is None
    assert split_label("../up#1.0.0") is None
