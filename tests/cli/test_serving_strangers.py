"""A client written with nothing of ours, against `sandbox` as the README tells: also `workbench.cli.serving`."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_serving import end, line, serve

ROOT = Path(__file__).resolve().parents[2]
CLIENT = Path(__file__).parent / "outside" / "client.py"
SENDER = "2000099999"
missing = [name for name in ("curl", "openssl") if shutil.which(name) is None]
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX"),
    pytest.mark.skipif(bool(missing), reason=f"{' and '.join(missing)} not installed"),
]


def start(*words: str) -> subprocess.Popen[str]:
    # -I: it sees neither this project nor what is installed beside it
    return subprocess.Popen(
        [sys.executable, "-I", str(CLIENT), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def outcome(client: subprocess.Popen[str], feed: str = "") -> Any:
    out, err = client.communicate(feed, timeout=60)
    assert client.returncode == 0, err
    return json.loads(out)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A private key of openssl and its key set."""
    folder = tmp_path_factory.mktemp("keys")
    private, published = folder / "private.pem", folder / "jwks.json"
    subprocess.run(["openssl", "genrsa", "-out", str(private), "4096"], check=True, capture_output=True)
    published.write_text(json.dumps(outcome(start("jwks", str(private), "ci-1"))), "utf-8")
    return private, published


def test_the_client_uses_nothing_of_ours() -> None:
    tree = ast.parse(CLIENT.read_text("utf-8"))
    names = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    assert names <= sys.stdlib_module_names
    others = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert others == ["typing"]


def test_everything_it_is_told_stands_in_the_readme_and_the_help() -> None:
    section = (ROOT / "README.md").read_text("utf-8").partition("## Use it in your CI")[2].partition("\n## ")[0]
    told = set(re.findall(r"--[a-z][a-z-]+", section))
    assert {"--no-token", "--client", "--route", "--reply-after", "--state", "--tls", "--client-ca"} <= told
    helps = "".join(
        subprocess.run(
            [sys.executable, "-m", "workbench", name, "--help"], check=True, capture_output=True, text=True
        ).stdout
        for name in ("sandbox", "receive")
    )
    assert {one for one in told if one not in helps} == set()
    assert all(value in section for value in ("2000011147", "2000003366", SENDER))


@pytest.mark.skipif(not Path("/proc/sys/kernel/random/uuid").exists(), reason="there may be no uuidgen here")
def test_the_first_lines_of_the_readme_work_as_they_stand() -> None:
    section = (ROOT / "README.md").read_text("utf-8").partition("## Use it in your CI")[2]
    first, *lines = section.partition("```sh\n")[2].partition("```")[0].splitlines()
    assert first == "bars-workbench sandbox --no-token --port 8080 > sandbox.log &"
    sandbox = serve("sandbox", "--no-token")
    base = line(sandbox)["base_url"]
    shim = "uuidgen() { cat /proc/sys/kernel/random/uuid; }"
    script = "\n".join([shim, *(f"BASE={base}" if one.startswith("BASE=") else one for one in lines)])
    done = subprocess.run(["bash", "-c", script], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["resourceType"] == "CapabilityStatement"
    end(sandbox)


def test_it_books_and_refers_without_a_token() -> None:
    sandbox = serve("sandbox", "--no-token")
    ready = line(sandbox)
    given = outcome(start("book", ready["base_url"]))
    assert set(given) == {"appointment", "referral"}
    rows = [line(sandbox) for _ in range(4)]
    assert [(row["method"], row["status"], row["event"]) for row in rows] == [
        ("GET", 200, None),
        ("POST", 200, "booking-request"),
        ("POST", 200, "servicerequest-request"),
        ("GET", 200, None),
    ]
    assert all(row["answered_by"] and row["request_id"] for row in rows)
    end(sandbox)


def test_it_books_and_refers_with_a_token_that_openssl_signed(key: tuple[Path, Path]) -> None:
    private, published = key
    sandbox = serve("sandbox", "--client", f"ci={published}")
    ready = line(sandbox)
    refused = start("book", ready["base_url"])
    assert "401" in refused.communicate(timeout=60)[1] or refused.returncode != 0
    given = outcome(start("book", ready["base_url"], ready["token_url"], "ci", str(private), "ci-1"))
    assert set(given) == {"appointment", "referral"}
    end(sandbox)


def test_it_asks_for_a_validation_and_gets_both_replies_at_its_own_listener() -> None:
    client = start("validate")
    assert client.stdout is not None
    port = client.stdout.readline().split()[1]
    words = ["--no-token", "--route", f"{SENDER}=http://127.0.0.1:{port}/FHIR/R4", "--reply-after", "0.1"]
    sandbox = serve("sandbox", *words)
    found = outcome(client, f"validate {line(sandbox)['base_url']}\n".partition(" ")[2])
    assert found["replies"] == ["servicerequest-response", "servicerequest-response"]
    rows = [line(sandbox) for _ in range(3)]
    assert sorted(row["direction"] for row in rows) == ["in", "out", "out"]
    end(sandbox)
