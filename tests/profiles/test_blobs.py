"""Many values in one file, each read alone; what is broken counts as absent."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from workbench.messages import Number
from workbench.profiles import blobs

if TYPE_CHECKING:
    from pathlib import Path

VALUE = {"text": "Grüße", "number": Number("1.10"), "list": [None, True]}


def content() -> bytes:
    writing = blobs.Writing({"digest": "abc"})
    writing.add("things", "one", "note", VALUE)
    writing.add("things", "one", "other", {"the": "second"})
    writing.add("more", "one", "", {})
    return writing.content()


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "values"
    blobs.write(file, content())
    found = blobs.read(file)
    assert found is not None
    assert found.head == {"digest": "abc"}
    assert found.value("things", "one") == VALUE
    assert found.note("things", "one") == "note"
    assert list(found.names("more")) == ["one"]
    assert found.value("things", "two") is None
    assert found.note("nothing", "one") is None
    assert [one.name for one in file.parent.iterdir()] == ["values"]


@pytest.mark.parametrize("spoil", [lambda c: b"", lambda c: c[:40], lambda c: c[:-1], lambda c: c[:-3] + b"xyz"])
def test_a_broken_file_counts_as_absent(tmp_path: Path, spoil: object) -> None:
    file = tmp_path / "values"
    file.write_bytes(spoil(content()))
    assert blobs.read(file) is None


def test_a_file_of_another_format_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    old = content()
    monkeypatch.setattr(blobs, "FORMAT", blobs.FORMAT + 1)
    assert blobs.parse(old) is None


def test_only_the_newest_files_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blobs, "MOST_FILES", 2)
    for number in range(4):
        blobs.write(tmp_path / f"{number}", content())
        os.utime(tmp_path / f"{number}", (number, number))
    blobs.write(tmp_path / "last", content())
    assert sorted(one.name for one in tmp_path.iterdir()) == ["3", "last"]


def test_a_folder_that_cannot_be_written_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    blobs.write(tmp_path / "file" / "values", content())
    assert blobs.read(tmp_path / "file" / "values") is None
