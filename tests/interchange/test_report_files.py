"""Files of folders and zips, hostile ones too."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from workbench.errors import ErrorCode, InputError
from workbench.interchange import report_files
from workbench.interchange.report_files import read_files

if TYPE_CHECKING:
    from pathlib import Path


def a_zip(path: Path, files: dict[str, bytes], *, packing: int = zipfile.ZIP_DEFLATED) -> Path:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    path.write_bytes(made.getvalue())
    return path


def test_a_zip_gives_its_files_that_may_hold_messages(tmp_path: Path) -> None:
    found = read_files(a_zip(tmp_path / "r.zip", {"b/two.xml": b"<a/>", "a/one.json": b"{}", "page.html": b"no"}))
    assert [(one.name, one.content) for one in found.files] == [("a/one.json", b"{}"), ("b/two.xml", b"<a/>")]
    assert not found.passed_over


@pytest.mark.parametrize("name", ["../out.json", "/etc/out.json", "C:/out.json", "a/../../out.json", "..\\out.json"])
def test_a_member_that_leads_out_is_told_and_not_read(tmp_path: Path, name: str) -> None:
    found = read_files(a_zip(tmp_path / "r.zip", {name: b"{}", "in.json": b"{}"}))
    assert [one.name for one in found.files] == ["in.json"]
    assert found.passed_over[0].endswith("leads out of the archive.")


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    found = read_files(a_zip(tmp_path / "r.zip", {"bomb.json": b"0" * 4 * 1024 * 1024, "in.json": b"{}"}))
    assert [one.name for one in found.files] == ["in.json"]
    assert "packed like a trap" in found.passed_over[0]


def test_too_much_is_refused_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = a_zip(tmp_path / "r.zip", {f"{n}.json": b"{}" for n in range(4)})
    for limit, least in (("MOST_FILES", 3), ("MOST_BYTES", 7)):
        with monkeypatch.context() as patch:
            patch.setattr(report_files, limit, least)
            with pytest.raises(InputError) as refused:
                read_files(packed)
        assert refused.value.code is ErrorCode.INPUT_ARCHIVE


def test_a_damaged_zip_is_refused_by_name(tmp_path: Path) -> None:
    whole = a_zip(tmp_path / "r.zip", {"in.json": b"{}" * 5000}).read_bytes()
    at = whole.index(b"in.json") + 12
    (tmp_path / "broken.zip").write_bytes(whole[:at] + b"\xff\xff\xff\xff" + whole[at + 4 :])
    with pytest.raises(InputError) as refused:
        read_files(tmp_path / "broken.zip")
    assert refused.value.code is ErrorCode.INPUT_ARCHIVE
    assert "broken.zip" in refused.value.sentence


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text("{}", encoding="utf-8")
    folder = tmp_path / "reports"
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "one.json").write_text("{}", encoding="utf-8")
    (folder / "two.json").symlink_to(secret)
    (folder / "away").symlink_to(tmp_path, target_is_directory=True)
    found = read_files(folder)
    assert [one.name for one in found.files] == ["below/one.json"]
    assert found.passed_over == ("two.json is a link or no ordinary file.",)


def test_a_name_cannot_play_with_the_screen(tmp_path: Path) -> None:
    found = read_files(a_zip(tmp_path / "r.zip", {"../\x1b[31m.json": b"{}"}))
    assert "\x1b" not in found.passed_over[0]


def test_what_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_files(tmp_path / "nothing.zip")
    assert refused.value.code is ErrorCode.INPUT_MISSING


def encrypted(whole: bytes) -> bytes:
    """As if the first member were encrypted: the bit is set in both of its heads."""
    made = bytearray(whole)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[whole.index(mark) + place] |= 1
    return bytes(made)


def laid_over(whole: bytes) -> bytes:
    """As if the second member lay where the first one does: many such unpack one content many times."""
    made = bytearray(whole)
    second = whole.index(b"PK\x01\x02", whole.index(b"PK\x01\x02") + 1)
    made[second + 42 : second + 46] = bytes(4)
    return bytes(made)


def of_another_size(whole: bytes) -> bytes:
    """As if the first member were one byte long."""
    made = bytearray(whole)
    first = whole.index(b"PK\x01\x02")
    made[first + 24 : first + 28] = (1).to_bytes(4, "little")
    return bytes(made)


REFUSED = {
    "B108 overlapping entries": (laid_over, "members of it lie over each other"),
    "B108 a size that is not true": (of_another_size, "Bad CRC-32"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_zip_that_lies_is_refused_in_these_words(tmp_path: Path, case: str) -> None:
    alter, words = REFUSED[case]
    bad = tmp_path / "bad.zip"
    bad.write_bytes(alter(a_zip(tmp_path / "r.zip", {"a.json": b"{}" * 99, "b.json": b"{}" * 99}).read_bytes()))
    with pytest.raises(InputError) as refused:
        read_files(bad)
    assert refused.value.code is ErrorCode.INPUT_ARCHIVE
    assert words in refused.value.sentence


def test_b108_an_encrypted_member_is_told_and_not_read(tmp_path: Path) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(encrypted(a_zip(tmp_path / "r.zip", {"a.json": b"{}", "b.json": b"{}"}).read_bytes()))
    found = read_files(bad)
    assert [one.name for one in found.files] == ["b.json"]
    assert found.passed_over == ("a.json is encrypted.",)
