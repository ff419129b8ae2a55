"""Calls as curl commands: a shell takes every word literally, no secret is in them; also shell_words, values."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.exchange import Request
from workbench.interchange import as_curl, read_curl

if TYPE_CHECKING:
    from pathlib import Path

NASTY = "it's \"$(touch x)\" `id` $HOME \\ \n !! ; | & > < * ~ #\t'"
URL = "https://int.example/FHIR/R4/$process-message?a=[1]&b={x}"

needs_shell = pytest.mark.skipif(shutil.which("sh") is None, reason="there is no POSIX shell here")


def arguments(command: str, folder: Path, **variables: str) -> list[str]:
    """What curl would be given: a curl of our own that writes its arguments down."""
    fake = folder / "curl"
    fake.write_text('#!/bin/sh\nfor one; do printf "%s\\0" "$one"; done > "$OUT"\ncat > "$OUT.in" < /dev/stdin\n')
    fake.chmod(0o700)
    out = folder / "out"
    environ = {"PATH": f"{folder}:/usr/bin:/bin", "OUT": str(out), **variables}
    done = subprocess.run(
        ["sh"], input=command, text=True, capture_output=True, cwd=folder, env=environ, check=False, timeout=20
    )
    assert done.returncode == 0, done.stderr
    return out.read_text("utf-8").split("\0")[:-1]


@needs_shell
def test_a_shell_gives_curl_exactly_the_call(tmp_path: Path) -> None:
    body = json.dumps({"resourceType": "Bundle", "id": NASTY}).encode()
    request = Request(
        "POST", URL, (("Content-Type", "application/fhir+json"), ("X-Mock", NASTY.replace("\n", ""))), body
    )
    found = arguments(as_curl(request), tmp_path)
    assert found[found.index("--url") + 1] == URL
    assert found[found.index("--data-raw") + 1].encode() == body
    assert f"X-Mock: {NASTY.replace(chr(10), '')}" in found
    assert not (tmp_path / "x").exists()


@needs_shell
def test_the_token_is_a_variable_that_must_be_set(tmp_path: Path) -> None:
    request = Request("GET", URL, (("Authorization", "Bearer very-secret"), ("Cookie", "a=secret")))
    command = as_curl(request)
    assert "secret" not in command.replace("BARS_SECRET", "")
    found = arguments(command, tmp_path, BARS_TOKEN="own token", BARS_SECRET="s")
    assert "Authorization: Bearer own token" in found
    assert "Cookie: s" in found
    done = subprocess.run(
        ["/bin/sh"], input=command, text=True, capture_output=True, env={"PATH": "/nowhere"}, check=False
    )
    assert done.returncode != 0
    assert "BARS_TOKEN" in done.stderr


def test_what_the_history_cut_out_and_a_form_with_an_assertion_become_variables() -> None:
    cut = "[secret sha256:0badcafe]"
    assert cut not in as_curl(Request("GET", URL, (("Authorization", cut),)))
    form = b"grant_type=client_credentials&client_assertion=a.b.c&x=1"
    command = as_curl(Request("POST", URL, (), form))
    assert "a.b.c" not in command
    assert '"${BARS_CLIENT_ASSERTION:?is not set}"' in command
    assert cut not in as_curl(Request("POST", URL, (), f'{{"access_token": "{cut}"}}'.encode()))
    assert cut not in as_curl(Request("POST", URL, (), f"client_assertion={cut}".encode()))


@needs_shell
@pytest.mark.parametrize("body", [b"\xff\x00 no text", b"x" * 200_000])
def test_a_body_that_no_word_can_hold_is_piped(body: bytes, tmp_path: Path) -> None:
    command = as_curl(Request("POST", URL, (), body))
    found = arguments(command, tmp_path)
    assert found[-2:] == ["--data-binary", "@-"]
    assert (tmp_path / "out.in").read_bytes() == body
    assert base64.b64encode(body).decode() in command


def test_headers_of_the_connection_and_of_curl_itself_are_not_added() -> None:
    headers = (("Host", "a"), ("Content-Length", "2"), ("Accept-Encoding", "gzip"), ("X-Empty", ""), ("bad name", "x"))
    command = as_curl(Request("POST", URL, headers, b"{}"))
    assert "Content-Length" not in command
    assert "bad name" not in command
    assert "'X-Empty;'" in command
    for name in ("Accept:", "Content-Type:", "User-Agent:", "Expect:"):
        assert f"--header {name}" in command


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r"), min_size=1, max_size=60))
def test_what_goes_out_comes_back_the_same(text: str) -> None:
    request = Request("POST", "https://a.example/x?y=1", (("X-Mock", "'\"$`"),), text.encode())
    back = read_curl(as_curl(request)).request
    assert (back.method, back.url, back.body, back.headers) == (
        request.method,
        request.url,
        request.body,
        request.headers,
    )


@needs_shell
def test_a_call_whose_server_was_not_checked_says_so_and_the_command_checks_it(tmp_path: Path) -> None:
    request = Request("GET", URL)
    command = as_curl(request, unchecked=True)
    assert command.startswith("# This call was sent without a check of the server's certificate")
    assert arguments(command, tmp_path) == arguments(as_curl(request), tmp_path)
    assert not {"--insecure", "-k"} & set(arguments(command, tmp_path))
    assert read_curl(command).request == read_curl(as_curl(request)).request
