"""`history`: what a workspace holds, listed, shown and written out."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SERVICE
from tests.session.conftest import new_id, now
from workbench import workspace
from workbench.cli.arguments import EXPORTS
from workbench.session.exporting import ExportForm

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Done


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one conversation, made once: these commands only read."""
    return tmp_path_factory.mktemp("history") / "w"


@pytest.fixture
def history(command: Callable[..., Done], played: Path, good: Path) -> Callable[..., Done]:
    """Runs `history ...` on that workspace."""
    if not played.exists():
        assert command("--workspace", played, "send", good, "--service", SERVICE).code == 0

    def run(*words: object) -> Done:
        return command("--workspace", played, "history", *words)

    return run


def test_conversations_are_listed_and_one_is_shown(history: Callable[..., Done]) -> None:
    (row,) = history("list", "--format", "json").document["conversations"]
    listed = history("list").out
    assert listed.startswith(row["id"][:8])
    assert row["title"] in listed
    shown = history("show", row["id"][:8], "--format", "json").document
    assert shown["title"] == row["title"]
    assert [one["status"] for one in shown["messages"] if one["operation"] == "process-message"] == [200]
    assert all(one["masked"] for one in shown["messages"])
    bare = history("show", row["id"], "--unmasked", "--format", "json").document
    assert not any(one["masked"] for one in bare["messages"])
    assert row["title"] in history("show", row["id"][:8]).out


def test_a_conversation_is_written_out_by_the_ending_of_the_file(history: Callable[..., Done], tmp_path: Path) -> None:
    (row,) = history("list", "--format", "json").document["conversations"]
    done = history("export", row["id"], tmp_path / "out.zip")
    assert (done.code, done.out) == (0, "")
    assert "people are masked" in done.err
    with zipfile.ZipFile(tmp_path / "out.zip") as pack:
        masked = pack.read("exchanges.jsonl")
    assert history("export", row["id"], tmp_path / "out.txt", "--as", "jsonl", "--unmasked").code == 0

    bare = (tmp_path / "out.txt").read_bytes()
    assert json.loads(bare.splitlines()[0])["request"]["body"] != json.loads(masked.splitlines()[0])["request"]["body"]


def test_what_is_not_there_or_says_no_form_is_refused(history: Callable[..., Done], tmp_path: Path) -> None:
    for words, said in (
        (("show", "zzz"), "there is no such conversation"),
        (("export", "zzz", tmp_path / "out.zip"), "there is no such conversation"),
        (("export", "zzz", tmp_path / "out.bin"), "name one with --as"),
        (("list", "--limit", "0"), "not a number from 1"),
    ):
        done = history(*words)
        assert (done.code, done.out) == (2, "")
        assert said in done.err
    assert not list(tmp_path.glob("out.*"))


def test_it_reads_while_a_window_has_the_workspace_open(history: Callable[..., Done], played: Path) -> None:
    assert history("list").code == 0
    held = workspace.open_or_make(played, clock=now, ids=new_id, demo=True)
    try:
        assert history("list").out.count("\n") == 1
    finally:
        held.close()


def test_the_words_of_the_command_line_are_those_of_the_session() -> None:
    assert tuple(form.value for form in ExportForm) == EXPORTS
