"""Added packages are kept for all workspaces: from a file, a folder or the shared cache."""

from __future__ import annotations

from multiprocessing.reduction import ForkingPickler
from typing import TYPE_CHECKING

import pytest

from tests.profiles.packed import HOME, a_manifest, a_structure, element, pack, unpack
from workbench.errors import ErrorCode, InputError, StoreError
from workbench.profiles import sources
from workbench.profiles.packages import load, load_kept, prepare
from workbench.profiles.store import Added, add, listed, remove

if TYPE_CHECKING:
    from pathlib import Path

PROFILE = a_structure("Mock", "Patient", element("Patient.name", min=1))
URL = f"{HOME}/StructureDefinition/Mock"


def test_a_file_and_a_folder_are_added_alike(tmp_path: Path) -> None:
    assert listed() == ()
    assert add(str(pack(tmp_path, a_manifest("mock.bars"), PROFILE))) == "mock.bars#1.0.0"
    assert add(str(unpack(tmp_path / "opened", a_manifest("mock.core", "2.0.0"), PROFILE))) == "mock.core#2.0.0"
    assert listed() == (Added("mock.bars", "1.0.0", 1), Added("mock.core", "2.0.0", 1))
    assert [load([label]).profile(URL) is not None for label in ("mock.bars#1.0.0", "mock.core#2.0.0")] == [True, True]
    assert sorted(one.name for one in sources.added_folder().iterdir()) == [
        "mock.bars#1.0.0.tgz",
        "mock.core#2.0.0.tgz",
    ]


def test_a_package_of_the_shared_cache_is_added_by_its_name(tmp_path: Path) -> None:
    unpack(sources.shared_folder() / "mock.bars#1.0.0", a_manifest("mock.bars"), PROFILE)
    assert add("mock.bars#1.0.0") == "mock.bars#1.0.0"
    assert add("mock.bars#1.0.0") == "mock.bars#1.0.0", "what is added already is no mistake"
    assert [one.label for one in listed()] == ["mock.bars#1.0.0"]


def test_what_is_missing_for_a_package_is_listed(tmp_path: Path) -> None:
    add(str(pack(tmp_path / "a", a_manifest("mock.bars", mock_core="2.0.x"), PROFILE)))
    assert listed() == (Added("mock.bars", "1.0.0", 1, ("mock.core#2.0.x",)),)
    add(str(pack(tmp_path / "b", a_manifest("mock.core", "2.0.1"), PROFILE)))
    assert [one.missing for one in listed()] == [(), ()]


def test_what_is_no_package_is_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "mock.tgz"
    file.write_bytes(b"no package")
    with pytest.raises(InputError) as caught:
        add(str(file))
    assert caught.value.code == ErrorCode.INPUT_PACKAGE
    assert listed() == ()


def test_a_package_that_was_spoilt_says_so_and_can_be_removed(tmp_path: Path) -> None:
    add(str(pack(tmp_path, a_manifest("mock.bars"), PROFILE)))
    (sources.added_folder() / "mock.bars#1.0.0.tgz").write_bytes(b"spoilt")
    (one,) = listed()
    assert "is not a FHIR package" in one.problem
    remove("mock.bars#1.0.0")
    assert listed() == ()


def test_only_what_was_added_can_be_removed() -> None:
    for label in ("mock.bars#1.0.0", "mock.bars", "../../evil#1"):
        with pytest.raises(InputError) as caught:
            remove(label)
        assert caught.value.code == ErrorCode.INPUT_PACKAGE_MISSING


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    monkeypatch.setattr(sources, "added_folder", lambda: tmp_path / "file")
    with pytest.raises(StoreError) as caught:
        add(str(pack(tmp_path, a_manifest("mock.bars"), PROFILE)))
    assert caught.value.code == ErrorCode.STORE_FAILED


def test_packages_travel_to_a_worker_as_their_names(tmp_path: Path) -> None:
    add(str(pack(tmp_path, a_manifest("mock.bars"), PROFILE)))
    packages = load(["mock.bars#1.0.0"])
    written = ForkingPickler.dumps(packages)
    assert len(written) < 500
    assert ForkingPickler.loads(written).profile(URL) == packages.profile(URL)


def test_kept_forms_are_loaded_without_making_anything(tmp_path: Path) -> None:
    path = str(pack(tmp_path, a_manifest("mock.bars"), PROFILE))
    assert load_kept([path]) is None
    prepare((path,))
    kept = load_kept([path])
    assert kept is not None
    assert kept.profile(URL) is not None
    assert load_kept(["mock.none#1.0.0"]).missing == ("mock.none#1.0.0",)
