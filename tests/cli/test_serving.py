"""`sandbox` and `receive` as programs of their own: ready line, one line for each exchange, ended by SIGTERM with 0."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import pytest

from workbench.keys.authority import issue, make_authority
from workbench.keys.writing import certificate_pem

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Done

SECRET = "several words in a row"
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


def test_a_quota_of_each_client_is_answered_429(tmp_path: Path) -> None:
    process = serve("sandbox", "--no-token", "--calls-per-minute", "2")
    base = line(process)["base_url"]
    ids = {"X-Request-Id": str(uuid4()), "X-Correlation-Id": str(uuid4())}
    answers = [httpx.get(f"{base}/metadata", headers=ids, trust_env=False) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert [line(process)["answered_by"] for _ in answers][-1] == "P1"
    end(process)


def test_the_key_of_a_certificate_is_opened_by_a_passphrase_out_of_a_file(tmp_path: Path) -> None:
    authority = make_authority("x", datetime.now(UTC))  # noqa: TID251 - TLS looks at the clock of the machine
    issued = issue(authority, ["127.0.0.1"], datetime.now(UTC))  # noqa: TID251
    for name, text in (
        ("server.pem", certificate_pem(issued.chain, issued.key, SECRET)),
        ("ca.pem", authority.pem.decode("ascii")),
        ("secret", SECRET),
    ):
        (tmp_path / name).write_text(text, "utf-8")
    file = str(tmp_path / "server.pem")
    process = serve("sandbox", "--no-token", "--tls", file, file, "--tls-passphrase-file", str(tmp_path / "secret"))
    ready = line(process)
    assert ready["base_url"].startswith("https://127.0.0.1:")
    trusting = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    assert httpx.get(f"{ready['base_url']}/metadata", verify=trusting, trust_env=False).status_code == 200
    end(process)


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
        ("sandbox", "--wait", "0"),
        ("sandbox", "--calls-per-minute", "-1"),
        ("sandbox", "--calls-per-second", "many"),
        ("receive", "--tls", tmp_path / "no.jwks", tmp_path / "no.jwks"),
        ("receive", "--client-ca", tmp_path / "no.jwks"),
    ):
        done = command(*words)
        assert (done.code, done.out) == (2, ""), words
        assert done.err.startswith("bars-workbench: "), words
    assert (tmp_path / "list.state").read_text() == "[]", "what was not understood is not overwritten"
