"""`validate`: exit codes, JSON, JUnit and text as documented; also output, which writes them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Done


def test_a_good_message_is_0_and_a_bad_one_1(command: Callable[..., Done], good: Path, bad: Path) -> None:
    fine = command("validate", good, "--format", "json")
    assert (fine.code, fine.err) == (0, "")
    (file,) = fine.document["files"]
    assert (file["path"], file["valid"]) == (str(good), True)
    assert file["message"]["event"] == "servicerequest-request"

    broken = command("validate", good, bad, "--format", "json")
    assert broken.code == 1
    _, file = broken.document["files"]
    errors = [one for one in file["findings"] if one["severity"] in ("error", "fatal")]
    assert errors
    for one in errors:
        assert one["path"].startswith("Bundle")
        assert one["line"] >= 1
        assert one["source"]
        assert one["text"]


def test_what_is_not_fhir_is_judged_with_one_fatal_finding(command: Callable[..., Done], tmp_path: Path) -> None:
    for name, source in (("a.json", b"{"), ("b.xml", b"<Bundle>"), ("c.json", b"\xff\xfe\0"), ("d.json", b"")):
        path = tmp_path / name
        path.write_bytes(source)
        done = command("validate", path, "--format", "json")
        assert done.code == 1, name
        (file,) = done.document["files"]
        assert [one["severity"] for one in file["findings"]] == ["fatal"], name
        assert (file["message"], file["versions"]) == (None, None)


def test_a_folder_stands_for_its_files_sorted(command: Callable[..., Done], good: Path, bad: Path) -> None:
    inner = good.parent / "deeper"
    inner.mkdir()
    (inner / "again.JSON").write_bytes(good.read_bytes())
    (inner / "notes.txt").write_text("not a message")
    done = command("validate", good.parent, "--format", "json")
    assert done.code == 1
    assert [file["path"] for file in done.document["files"]] == [str(bad), str(inner / "again.JSON"), str(good)]


def test_headers_are_judged_with_their_lines(command: Callable[..., Done], good: Path, tmp_path: Path) -> None:
    headers = tmp_path / "headers.txt"
    headers.write_text("Content-Type: application/fhir+json\nX-Request-Id: not-a-uuid\nNHSD-Target-Identifier: ###\n")
    done = command("validate", good, "--headers", headers, "--format", "json")
    assert done.code == 1
    (file,) = done.document["files"]
    lines = {one["line"]: one["path"] for one in file["findings"] if one["layer"] == "headers"}
    assert "X-Request-Id" in lines[2]
    assert "NHSD-Target-Identifier" in lines[3]


def test_junit_and_text_tell_the_same(command: Callable[..., Done], good: Path, bad: Path) -> None:
    junit = command("validate", good, bad, "--format", "junit")
    suite = ElementTree.fromstring(junit.out.encode())
    assert (junit.code, suite.get("tests"), suite.get("failures")) == (1, "2", "1")
    text = command("validate", good, bad)
    assert text.code == 1
    assert text.out.endswith("1 of 2 files valid\n")
    assert text.err == ""


def test_a_file_that_is_not_there_is_2(command: Callable[..., Done], good: Path, tmp_path: Path) -> None:
    for words in ((tmp_path / "none.json",), (good, "--headers", tmp_path / "none.txt")):
        done = command("validate", *words)
        assert (done.code, done.out) == (2, "")
        assert "none." in done.err
        assert "[input.missing]" in done.err


def test_a_huge_file_is_not_read_whole_and_a_pipe_not_at_all(command: Callable[..., Done], tmp_path: Path) -> None:
    with (tmp_path / "huge.json").open("wb") as file:
        file.truncate(3 * 1024**4)  # sparse: reading it would take all memory there is
    done = command("validate", tmp_path / "huge.json", "--format", "json")
    assert done.code == 1
    (found,) = done.document["files"][0]["findings"]
    assert (found["severity"], "20 MiB" in found["text"]) == ("fatal", True)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        done = command("validate", tmp_path / "pipe")
        assert (done.code, "no ordinary file" in done.err) == (2, True)
