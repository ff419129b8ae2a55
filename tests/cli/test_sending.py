"""`send` and `run` in an empty home without keyring and display: shapes and exit codes; also running and opening."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import SERVICE
from tests.session.conftest import new_id, now
from workbench import workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Done

EXCHANGE = {
    "direction", "method", "path", "status", "request_id", "correlation_id", "event", "reason", "matched_by",
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def test_a_good_message_is_accepted_and_a_bad_one_refused(command: Callable[..., Done], good: Path, bad: Path) -> None:
    done = command("send", good, "--service", SERVICE, "--format", "json")
    assert done.code == 0, done.out + done.err
    assert set(done.document) == {*EXCHANGE, "findings"}
    assert (done.document["direction"], done.document["status"]) == ("out", 200)
    assert done.document["path"].endswith("/$process-message")

    refused = command("send", bad, "--service", "2000011147", "--format", "json")
    assert refused.code == 1
    assert refused.document["status"] == 400
    assert [one for one in refused.document["findings"] if one["severity"] == "error"]

    text = command("send", good, "--service", SERVICE)
    assert text.code == 0
    assert "200" in text.out


def test_what_is_silenced_for_the_service_is_listed_apart(
    command: Callable[..., Done], bad: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "team"
    workspace.open_or_make(folder, clock=now, ids=new_id, demo=True).close()
    words = ("send", bad, "--service", "2000011147", "--workspace", folder)
    rules = {
        one["rule"] for one in command(*words, "--format", "json").document["findings"] if one["severity"] == "error"
    }
    assert rules
    file = folder / "services.json"
    kept = json.loads(file.read_text(encoding="utf-8"))
    row = {"service": SERVICE, "path": "", "reason": "Known", "by": "A. Tester"}
    kept["silenced"] = [{**row, "rule": rule, "when": "2026-11-24T09:00:00+00:00"} for rule in sorted(rules)]
    file.write_text(json.dumps(kept), encoding="utf-8")
    document = command(*words, "--format", "json").document
    assert not [one for one in document["findings"] if one["severity"] == "error"]
    assert {one["rule"] for one in document["silenced"]} == rules
    assert document["silenced"][0]["silenced"]["reason"] == "Known"
    assert "(silenced: Known, A. Tester, 2026-11-24)" in command(*words).out


def test_what_cannot_be_sent_is_2_with_what_there_is_instead(command: Callable[..., Done], good: Path) -> None:
    for words in (
        (good, "--service", "nobody"),
        (good, "--service", SERVICE, "--environment", "nowhere"),
        (good, "--service", SERVICE, "--identity", "nobody"),
        (good, "--service", SERVICE, "--environment", "production"),
        (good, "--service", SERVICE, "--environment", "int"),
        (good.parent / "none.json", "--service", SERVICE),
    ):
        done = command("send", *words)
        assert (done.code, done.out) == (2, ""), words
        first, next_step, *_ = done.err.splitlines()
        assert first.startswith("bars-workbench: ")
        assert next_step.endswith("]")


def test_every_scenario_passes(command: Callable[..., Done], tmp_path: Path) -> None:
    done = command("run", "all", "--format", "json", "--report", tmp_path / "report")
    assert done.code == 0, done.out + done.err
    document = done.document
    assert document["passed"] is True
    assert len(document["scenarios"]) >= 3
    for row in document["scenarios"]:
        assert set(row) == {"scenario", "passed", "conversation", "exchanges", "expectations"}
        assert row["expectations"]
        assert all(set(one) == EXCHANGE for one in row["exchanges"])
    loop = [one for row in document["scenarios"] for one in row["exchanges"] if one["direction"] == "in"]
    assert loop
    assert all(one["matched_by"] for one in loop)
    page = (tmp_path / "report" / "report.html").read_text("utf-8")
    assert "passed" in page
    suites = ElementTree.parse(tmp_path / "report" / "report.xml").getroot()
    assert len(suites) == len(document["scenarios"])


def test_an_unknown_scenario_is_2(command: Callable[..., Done]) -> None:
    done = command("run", "none")
    assert (done.code, done.out) == (2, "")
    assert "none" in done.err


def test_an_environment_that_is_not_set_up_says_so(command: Callable[..., Done], good: Path) -> None:
    done = command("send", good, "--service", SERVICE, "--environment", "int")
    assert "INT cannot be used yet" in done.err
    assert "There is no environment" not in done.err


@pytest.mark.parametrize("environment", ["int", "production"])
def test_a_scenario_that_cannot_be_played_is_2(command: Callable[..., Done], environment: str) -> None:
    done = command("run", "refer-only", "--environment", environment, "--format", "json")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("bars-workbench: ")


def test_options_of_every_command_may_stand_before_it(command: Callable[..., Done], tmp_path: Path) -> None:
    done = command("--workspace", tmp_path / "own", "run", "refer-only", "--format", "json")
    assert done.code == 0
    assert (tmp_path / "own" / "workspace.json").is_file()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_what_no_call_can_carry_is_not_sent(command: Callable[..., Done], good: Path, encoding: str) -> None:
    good.write_text(good.read_text(encoding="utf-8"), encoding=encoding)
    done = command("send", good, "--service", SERVICE)
    assert (done.code, done.out) == (2, "")
    assert "good.json is not UTF-8" in done.err
