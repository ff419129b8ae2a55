"""`validate`: exit codes, JSON, JUnit and text as documented; also output, which writes them."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from tests.session.conftest import new_id, now
from workbench import workspace
from workbench.cli import validating

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pytest

    from tests.cli.conftest import Done
    from workbench.session.batch import BatchFile


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


def test_a_receivers_own_definition_is_judged_by(command: Callable[..., Done], good: Path, tmp_path: Path) -> None:
    own = {
        "resourceType": "MessageDefinition",
        "url": "https://fhir.nhs.uk/MessageDefinition/bars-message-servicerequest-request-referral",
        "eventCoding": {"code": "servicerequest-request"},
        "focus": [{"code": "MessageHeader", "min": 1, "max": "1"}],
    }
    file = tmp_path / "definition.json"
    file.write_text(json.dumps({"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": own}]}))
    done = command("validate", good, "--definition", file, "--format", "json")
    assert done.code == 1
    (judged,) = done.document["files"]
    assert "DEF-003" in {one["rule"] for one in judged["findings"]}
    refused = command("validate", good, "--definition", good, "--format", "json")
    assert (refused.code, refused.out) == (2, "")
    assert "it holds no MessageDefinition" in refused.err


def test_layers_are_switched_off_and_that_is_said(command: Callable[..., Done], bad: Path) -> None:
    plain = command("validate", bad, "--format", "json")
    layers = {one["layer"] for one in plain.document["files"][0]["findings"] if one["severity"] == "error"}
    assert layers
    off = [word for layer in layers for word in ("--no-layer", layer)]
    done = command("validate", bad, *off, "--format", "json")
    assert done.code == 0
    (file,) = done.document["files"]
    assert set(file["hidden"]) == layers
    assert all(count > 0 for count in file["hidden"].values())
    only = command("validate", bad, "--layers", "headers")
    assert (only.code, "findings hidden (" in only.out) == (0, True)
    wrong = command("validate", bad, "--layers", "bars,nonsense")
    assert (wrong.code, "nonsense" in wrong.err) == (2, True)


def test_what_cannot_be_read_is_never_switched_off(command: Callable[..., Done], tmp_path: Path) -> None:
    (tmp_path / "no.json").write_text("{", encoding="utf-8")
    done = command("validate", tmp_path / "no.json", "--no-layer", "syntax", "--format", "json")
    assert (done.code, done.document["files"][0]["valid"]) == (1, False)


def test_a_file_that_cannot_be_read_stops_nothing(
    command: Callable[..., Done], good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = good.parent / "closed.json"
    closed.write_text("{}", encoding="utf-8")
    real = Path.open

    def refuse(self: Path, *given: object, **named: object) -> object:
        if self == closed:
            raise PermissionError(13, "Permission denied")
        return real(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "open", refuse)
    done = command("validate", good.parent, "--format", "json")
    assert done.code == 1
    rows = {file["path"]: file for file in done.document["files"]}
    assert rows[str(good)]["valid"] is True
    (found,) = rows[str(closed)]["findings"]
    assert (found["severity"], "Permission denied" in found["text"]) == ("fatal", True)


def test_progress_is_told_to_a_terminal_only(
    command: Callable[..., Done], good: Path, bad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("validate", good, bad).err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert command("validate", good, bad).err.splitlines() == [f"1 of 2: {good}", f"2 of 2: {bad}"]


def test_ctrl_c_ends_it_with_what_was_judged(
    command: Callable[..., Done], good: Path, bad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = validating._tell

    def tell(files: Sequence[BatchFile], done: int) -> None:
        real(files, done)
        if done == 1:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(validating, "_tell", tell)
    done = command("validate", good, bad, "--format", "json")
    assert done.code == 130
    assert [file["path"] for file in done.document["files"]] == [str(good)]
    assert "1 of 2 files were judged" in done.err


def test_what_is_silenced_for_a_service_is_listed_apart(
    command: Callable[..., Done], bad: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "team"
    workspace.open_or_make(folder, clock=now, ids=new_id, demo=True).close()
    plain = command("validate", bad, "--format", "json").document["files"][0]
    rules = {one["rule"] for one in plain["findings"] if one["severity"] == "error"}
    file = folder / "services.json"
    kept = json.loads(file.read_text(encoding="utf-8"))
    row = {"service": "northgate-emergency-department", "path": "", "reason": "Known", "by": "A. Tester"}
    kept["silenced"] = [{**row, "rule": rule, "when": "2026-11-24T09:00:00+00:00"} for rule in sorted(rules)]
    file.write_text(json.dumps(kept), encoding="utf-8")
    words = ("validate", bad, "--workspace", folder, "--service", "2000011147")
    done = command(*words, "--format", "json")
    assert done.code == 0
    assert done.document["service"] == "northgate-emergency-department"
    (judged,) = done.document["files"]
    assert {one["rule"] for one in judged["silenced"]} == rules
    assert judged["silenced"][0]["silenced"]["reason"] == "Known"
    assert "(silenced: Known, A. Tester, 2026-11-24)" in command(*words).out
    other = command("validate", bad, "--workspace", folder, "--service", "nobody")
    assert (other.code, "nobody" in other.err) == (2, True)
