"""Packages are read from archives and folders, and what no package holds is refused."""

from __future__ import annotations

import gzip
import io
import json
import random
import tarfile
from typing import TYPE_CHECKING

import pytest

from tests.profiles.packed import a_manifest, a_structure, pack, tar, unpack
from workbench.errors import ErrorCode, InputError
from workbench.profiles import archive
from workbench.profiles.archive import read_package

if TYPE_CHECKING:
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


def test_a_folder_may_hold_the_files_themselves(tmp_path: Path) -> None:
    folder = unpack(tmp_path / "opened", a_manifest("mock.bars"), a_structure("Mock", "Patient"))
    assert read_package(folder / "package").manifest.label == "mock.bars#1.0.0"


def test_a_repository_of_definitions_keeps_them_in_folders_by_kind(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(json.dumps(a_manifest("mock.bars")), "utf-8")
    for name in (
        "StructureDefinition/a.xml",
        "valuesets/a.xml",
        "Examples/b.xml",
        "CapabilityStatement/c.xml",
        "d.txt",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("<a/>", "utf-8")
    names = [name for name, _ in read_package(tmp_path).files]
    assert names == ["StructureDefinition-a.xml", "valuesets-a.xml"]


def test_examples_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "mock.tgz"
    path.write_bytes(
        tar({"package/package.json": MANIFEST, "package/examples/A.json": b"{", "package/examples/a.json": b"{"})
    )
    assert read_package(path).files == ()


def member(name: str, kind: bytes = tarfile.REGTYPE, mode: int = 0o644) -> tarfile.TarInfo:
    made = tarfile.TarInfo(f"package/{name}")
    made.type, made.mode, made.linkname = kind, mode, "/etc/passwd" if kind != tarfile.REGTYPE else ""
    return made


def twice() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for _ in range(2):
            info = tarfile.TarInfo("package/package.json")
            info.size = len(MANIFEST)
            archive.addfile(info, io.BytesIO(MANIFEST))
    return out.getvalue()


UNSAFE: dict[str, tuple[bytes, str]] = {
    "B101 a step up": (tar({"../up.json": b"{}"}), "the name '../up.json' leaves its folder"),
    "B101 a step up inside": (
        tar({"package/../../up.json": b"{}"}),
        "the name 'package/../../up.json' leaves its folder",
    ),
    "B101 from the root": (tar({"/abs.json": b"{}"}), "the name '/abs.json' leaves its folder"),
    "B101 a drive": (tar({"C:\\up.json": b"{}"}), r"the name 'C:\\up.json' leaves its folder"),
    "B101 a step up of Windows": (tar({"..\\up.json": b"{}"}), r"the name '..\\up.json' leaves its folder"),
    "B101 a device": (tar({"package/NUL": b""}), "the name 'package/NUL' is no file name on every system"),
    "B101 a device with an ending": (
        tar({"package/con.json": b"{}"}),
        "the name 'package/con.json' is no file name on every system",
    ),
    "B101 a line break": (
        tar({"package/a\nb.json": b"{}"}),
        r"the name 'package/a\nb.json' is no file name on every system",
    ),
    "B101 5,000 letters": (
        tar({"package/" + "a" * 5000: b"{}"}),
        f"the name 'package/{'a' * 52}'... is longer than 255 characters",
    ),
    "B115 written from right to left": (
        tar({"package/a\u202enosj.json": b"{}"}),
        r"the name 'package/a\u202enosj.json' is no file name on every system",
    ),
    "B102 symbolic link": (
        tar({}, member("link", tarfile.SYMTYPE)),
        "package/link is a link, a device or a sparse file",
    ),
    "B102 hard link": (tar({}, member("link", tarfile.LNKTYPE)), "package/link is a link, a device or a sparse file"),
    "B102 device": (tar({}, member("tty", tarfile.CHRTYPE)), "package/tty is a link, a device or a sparse file"),
    "B102 FIFO": (tar({}, member("pipe", tarfile.FIFOTYPE)), "package/pipe is a link, a device or a sparse file"),
    "B102 sparse": (
        tar({}, member("holes", tarfile.GNUTYPE_SPARSE)),
        "package/holes is a link, a device or a sparse file",
    ),
    "B102 setuid": (tar({}, member("run", mode=0o4755)), "package/run would run as another user"),
    "B103 a bomb": (
        tar({"package/zeros.json": b" " * 30_000_000}),
        "it unpacks to more than 100 times its size",
    ),
    "B106 twice": (twice(), "the name package/package.json stands in it twice"),
    "B106 twice but for case": (
        tar({"package/package.json": MANIFEST, "package/Package.json": MANIFEST}),
        "the name package/Package.json stands in it twice",
    ),
}


@pytest.mark.parametrize("case", UNSAFE)
def test_what_no_package_holds_is_refused_in_these_words(tmp_path: Path, case: str) -> None:
    path = tmp_path / "mock.tgz"
    content, cause = UNSAFE[case]
    path.write_bytes(content)
    error = refusal(path)
    assert (error.code, error.sentence) == (ErrorCode.INPUT_PACKAGE_UNSAFE, f"mock.tgz is refused: {cause}.")


LIMITS = {
    "B103 too many members": ("MOST_FILES", 2, "it has more than 2 files"),
    "B103 a member too large": ("MOST_FILE_BYTES", 1024**2, "package/b.json is larger than 1 MiB"),
    "B103 too large together": ("MOST_BYTES", 2 * 1024**2, "it is larger than 2 MiB when unpacked"),
}


@pytest.mark.parametrize("case", LIMITS)
def test_what_passes_a_limit_is_refused_in_these_words(
    tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit, most, cause = LIMITS[case]
    path = tmp_path / "mock.tgz"
    noise = random.Random(1).randbytes(2 * 1024**2)  # which cannot be packed, so that it looks like no bomb
    path.write_bytes(tar({"package/package.json": MANIFEST, "package/b.json": noise, "package/c.json": b"{}"}))
    monkeypatch.setattr(archive, limit, most)
    error = refusal(path)
    assert (error.code, error.sentence) == (ErrorCode.INPUT_PACKAGE_UNSAFE, f"mock.tgz is refused: {cause}.")


GOOD = tar({"package/package.json": MANIFEST})
DAMAGED: dict[str, tuple[bytes, str]] = {
    "B104 cut": (GOOD[: len(GOOD) // 2], "it ends early"),
    "B104 text after its end": (GOOD + b"more", "something stands after its end"),
    "B104 another checksum": (GOOD[:-8] + b"\0" * 4 + GOOD[-4:], "its content does not fit its checksum"),
    "B104 another length": (GOOD[:-4] + b"\0" * 4, "its content does not fit its checksum"),
    "B104 another archive after its end": (GOOD + GOOD, "something stands after its end"),
    "B105 no tar": (gzip.compress(b"no tar at all" * 100), "it cannot be unpacked"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_archive_is_told_in_these_words(tmp_path: Path, case: str) -> None:
    path = tmp_path / "mock.tgz"
    content, cause = DAMAGED[case]
    path.write_bytes(content)
    error = refusal(path)
    assert (error.code, error.sentence) == (ErrorCode.INPUT_PACKAGE_DAMAGED, f"mock.tgz is damaged: {cause}.")


NO_PACKAGE: dict[str, tuple[bytes, str]] = {
    "B105 zip": (b"PK\x03\x04 something else", "it is no gzip archive"),
    "B105 tar alone": (gzip.decompress(GOOD), "it is no gzip archive"),
    "B105 an archive in an archive": (tar({"package/mock.tgz": GOOD}), "it holds no package/package.json"),
    "B107 no manifest": (tar({"package/a.json": b"{}"}), "it holds no package/package.json"),
    "B107 no name": (tar({"package/package.json": b"{}"}), "its package.json gives no usable name"),
}


@pytest.mark.parametrize("case", NO_PACKAGE)
def test_what_is_no_package_is_told_in_these_words(tmp_path: Path, case: str) -> None:
    path = tmp_path / "mock.tgz"
    content, cause = NO_PACKAGE[case]
    path.write_bytes(content)
    error = refusal(path)
    assert (error.code, error.sentence) == (ErrorCode.INPUT_PACKAGE, f"mock.tgz is not a FHIR package: {cause}.")
    assert ".tgz" in error.next_step


def test_a_package_for_another_fhir_version_is_told_in_these_words(tmp_path: Path) -> None:
    """Row B107."""
    path = tmp_path / "mock.tgz"
    path.write_bytes(
        tar({"package/package.json": b'{"name": "mock.bars", "version": "1.0.0", "fhirVersions": ["5.0.0"]}'})
    )
    with pytest.raises(InputError) as caught:
        read_package(path)
    assert caught.value.sentence == ("mock.bars#1.0.0 is for FHIR 5.0.0; messages of this standard are FHIR 4.0 (R4).")


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


def test_a_folder_without_a_manifest_is_no_package(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == ErrorCode.INPUT_PACKAGE


@pytest.mark.parametrize("keep", [12, 60, 200])
def test_a_cut_archive_is_damaged(tmp_path: Path, keep: int) -> None:
    path = pack(tmp_path, a_manifest("mock.bars"), a_structure("Mock", "Patient"))
    path.write_bytes(path.read_bytes()[:keep])
    assert refusal(path).code == ErrorCode.INPUT_PACKAGE_DAMAGED


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    folder = unpack(tmp_path / "opened", a_manifest("mock.bars"))
    (folder / "package" / "up.json").symlink_to("/etc/passwd")
    assert refusal(folder).code == ErrorCode.INPUT_PACKAGE_UNSAFE
