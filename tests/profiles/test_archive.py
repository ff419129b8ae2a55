"""Packages are read from archives and folders, and what no package holds is refused."""

from __future__ import annotations

import gzip
import tarfile
from typing import TYPE_CHECKING

import pytest

from tests.profiles.packed import a_manifest, a_structure, pack, tar, unpack
from workbench.errors import ErrorCode, InputError
from workbench.profiles import archive
from workbench.profiles.archive import manifest_of_folder, read_package

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MANIFEST = b'{"name": "mock.bars", "version": "1.0.0"}'


def refusal(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        read_package(path)
    assert path.name in caught.value.sentence
    return caught.value


def test_an_archive_and_its_folder_give_the_same(tmp_path: Path) -> None:
    profile = a_structure("Mock", "Patient")
    packed = read_package(pack(tmp_path, a_manifest("mock.bars"), profile))
    opened = read_package(unpack(tmp_path / "opened", a_manifest("mock.bars"), profile))
    assert packed == opened
    assert [name for name, _ in packed.files] == ["StructureDefinition-0.json"]
    assert manifest_of_folder(tmp_path / "opened") == packed.manifest


def test_a_folder_may_hold_the_files_themselves(tmp_path: Path) -> None:
    folder = unpack(tmp_path / "opened", a_manifest("mock.bars"), a_structure("Mock", "Patient"))
    assert read_package(folder / "package").manifest.label == "mock.bars#1.0.0"


def test_examples_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "mock.tgz"
    path.write_bytes(
        tar({"package/package.json": MANIFEST, "package/examples/A.json": b"{", "package/examples/a.json": b"{"})
    )
    assert read_package(path).files == ()


def link(kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo("package/link.json")
    member.type, member.linkname = kind, "/etc/passwd"
    return member


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: tar({"package/package.json": MANIFEST}, link(tarfile.SYMTYPE)), "link"),
        (lambda: tar({"package/package.json": MANIFEST}, link(tarfile.LNKTYPE)), "link"),
        (lambda: tar({"package/package.json": MANIFEST}, link(tarfile.CHRTYPE)), "device"),
        (lambda: tar({"package/package.json": MANIFEST, "../up.json": b"{}"}), "leaves its folder"),
        (lambda: tar({"package/package.json": MANIFEST, "package/../../up.json": b"{}"}), "leaves its folder"),
        (lambda: tar({"package/package.json": MANIFEST, "/abs.json": b"{}"}), "leaves its folder"),
        (lambda: tar({"package/package.json": MANIFEST, "C:\\up.json": b"{}"}), "leaves its folder"),
        (lambda: tar({"package/package.json": MANIFEST, "package/Package.json": MANIFEST}), "twice"),
    ],
)
def test_what_no_package_holds_is_refused(tmp_path: Path, content: Callable[[], bytes], words: str) -> None:
    path = tmp_path / "mock.tgz"
    path.write_bytes(content())
    error = refusal(path)
    assert error.code == ErrorCode.INPUT_PACKAGE_UNSAFE
    assert words in error.sentence


def test_limits_hold_before_anything_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mock.tgz"
    path.write_bytes(tar({"package/package.json": MANIFEST, "package/a.json": b" " * 3000, "package/b.json": b"{}"}))
    monkeypatch.setattr(archive, "MOST_FILE_BYTES", 2000)
    assert "a.json is larger" in refusal(path).sentence
    monkeypatch.setattr(archive, "MOST_FILE_BYTES", 20_000)
    monkeypatch.setattr(archive, "MOST_BYTES", 3000)
    assert "when unpacked" in refusal(path).sentence
    monkeypatch.setattr(archive, "MOST_BYTES", 30_000)
    monkeypatch.setattr(archive, "MOST_FILES", 2)
    assert "more than 2 files" in refusal(path).sentence


def test_a_bomb_is_stopped_while_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 100_000)
    monkeypatch.setattr(archive, "MOST_FILES", 10)
    member = tarfile.TarInfo("package/pax.json")
    member.pax_headers = {"comment": "x" * 5_000_000}
    path = tmp_path / "mock.tgz"
    path.write_bytes(tar({}, member))
    assert path.stat().st_size < 50_000
    assert refusal(path).code == ErrorCode.INPUT_PACKAGE_UNSAFE


def test_what_is_no_package_says_what_to_give(tmp_path: Path) -> None:
    path = tmp_path / "mock.tgz"
    path.write_bytes(b"PK\x03\x04 something else")
    error = refusal(path)
    assert error.code == ErrorCode.INPUT_PACKAGE
    assert ".tgz" in error.next_step
    path.write_bytes(tar({"package/a.json": b"{}"}))
    assert "package.json" in refusal(path).sentence
    assert refusal(tmp_path).code == ErrorCode.INPUT_PACKAGE


@pytest.mark.parametrize("keep", [12, 60, 200])
def test_a_cut_archive_is_damaged(tmp_path: Path, keep: int) -> None:
    path = pack(tmp_path, a_manifest("mock.bars"), a_structure("Mock", "Patient"))
    path.write_bytes(path.read_bytes()[:keep])
    assert refusal(path).code == ErrorCode.INPUT_PACKAGE_DAMAGED


def test_gzip_without_a_tar_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "mock.tgz"
    path.write_bytes(gzip.compress(b"no tar at all" * 100))
    assert refusal(path).code == ErrorCode.INPUT_PACKAGE_DAMAGED


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    folder = unpack(tmp_path / "opened", a_manifest("mock.bars"))
    (folder / "package" / "up.json").symlink_to("/etc/passwd")
    assert refusal(folder).code == ErrorCode.INPUT_PACKAGE_UNSAFE
