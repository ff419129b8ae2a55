"""`history search`, `purge`, `backup` and `restore`; also history_rows, a conversation in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.conftest import SERVICE
from workbench.session import phrases

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from tests.cli.conftest import Done


def test_a_conversation_is_found_backed_up_purged_and_restored(
    command: Callable[..., Done], good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def history(*words: object) -> Done:
        return command("--workspace", tmp_path / "w", "history", *words)

    assert command("--workspace", tmp_path / "w", "send", good, "--service", SERVICE).code == 0
    (row,) = history("search", "status:200", "--format", "json").document["conversations"]
    assert row["messages"] >= 1
    assert row["text"] == "status 200"
    assert row["id"][:8] in history("search", "status:200").out
    monkeypatch.setattr(phrases, "MOST_LOOKED", 1)  # a page for each exchange: it goes on until it has been everywhere
    monkeypatch.setattr(phrases, "AT_ONCE", 1)
    named = f'"{row["sender"]}"'
    assert " " in named
    assert row["id"][:8] in history("search", named).out
    swapped = " ".join(reversed(row["sender"].split()))
    assert (history("search", swapped).code, history("search", f'"{swapped}"').code) == (0, 1)
    nothing = history("search", "nothing-like-it")
    assert (nothing.code, nothing.out) == (1, "")
    assert history("backup", tmp_path / "b.zip").code == 0
    assert "would be deleted" in history("purge", "--all").out
    assert history("purge", "--before", "soon").code == 2
    assert "were deleted for good" in history("purge", "--all", "--yes").out
    assert history("search", "status:200").code == 1
    assert command("history", "restore", tmp_path / "b.zip", tmp_path / "r").code == 0
    found = command("--workspace", tmp_path / "r", "history", "search", "status:200", "--format", "json").document
    assert [one["id"] for one in found["conversations"]] == [row["id"]]
