"""`sandbox` and `receive` as programs of their own: ready line, one line for each exchange, ended by SIGTERM with 0."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Done

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def serve(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "workbench", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )


def line(process: subprocess.Popen[str]) -> Any:
    assert process.stdout is not None
    text = process.stdout.readline()
    assert text, process.stderr.read() if process.stderr else ""
    return json.loads(text)


def end(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    return err


@pytest.mark.parametrize("name", ["sandbox", "receive"])
def test_it_says_when_it_is_ready_and_tells_every_exchange(name: str, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    words = [name, "--state", str(state), *(["--no-token"] if name == "sandbox" else [])]
    process = serve(*words)
    ready = line(process)
    assert ready["ready"] is True
    assert ready["base_url"].endswith("/booking-and-referral/FHIR/R4")
    assert set(ready) == (
        {"ready", "base_url", "token_url", "jwks_url"} if name == "sandbox" else {"ready", "base_url"}
    )
    answer = httpx.get(f"{ready['base_url']}/metadata", trust_env=False)
    assert answer.status_code in (200, 400)
    told = line(process)
    assert (told["direction"], told["method"], told["status"]) == ("in", "GET", answer.status_code)
    assert told["time"]
    assert "answered_by" in told
    assert end(process) == ""
    assert json.loads(state.read_text("utf-8"))
    made = [path for path in Path(os.environ["HOME"]).rglob("*") if path.is_file()]
    assert [path.name for path in (state, *made) if path.stat().st_mode & 0o077] == [], "files are for their owner"
    assert made or name == "sandbox", "a receiver has a workspace"

    again = serve(*words)
    assert line(again)["ready"] is True
    end(again)


def test_a_port_that_is_taken_is_2_with_the_next_step(command: Callable[..., Done]) -> None:
    first = serve("sandbox")
    port = line(first)["base_url"].split("/")[2].rpartition(":")[2]
    second = serve("sandbox", "--port", port)
    out, err = second.communicate(timeout=20)
    assert (second.returncode, out) == (2, "")
    assert port in err
    end(first)


def test_options_that_cannot_be_read_are_2(command: Callable[..., Done], tmp_path: Path) -> None:
    (tmp_path / "no.jwks").write_text("[]")
    (tmp_path / "no.state").write_text("[1,")
    (tmp_path / "list.state").write_text("[]")
    (tmp_path / "odd.state").write_text('{"nobody knows": {"1": {}}}')
    for words in (
        ("sandbox", "--client", "just-an-id"),
        ("sandbox", "--client", f"id={tmp_path / 'no.jwks'}"),
        ("sandbox", "--client", f"id={tmp_path / 'absent'}"),
        ("sandbox", "--route", "2000=ftp://x"),
        ("sandbox", "--state", tmp_path / "no.state"),
        ("sandbox", "--state", tmp_path / "list.state"),
        ("receive", "--state", tmp_path / "list.state"),
        ("receive", "--state", tmp_path / "odd.state"),
        ("sandbox", "--port", "99999"),
        ("receive", "--tls", tmp_path / "no.jwks", tmp_path / "no.jwks"),
        ("receive", "--client-ca", tmp_path / "no.jwks"),
    ):
        done = command(*words)
        assert (done.code, done.out) == (2, ""), words
        assert done.err.startswith("bars-workbench: "), words
    assert (tmp_path / "list.state").read_text() == "[]", "what was not understood is not overwritten"
