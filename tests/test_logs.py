"""The log: one line a record, no secret in any of them, and a program that goes on without it."""

from __future__ import annotations

import json
import logging

import platformdirs
import pytest

from workbench import APP, logs

TOKEN = "eyJhbGciOiJSUzUxMiJ9.eyJpc3MiOiJhcHAifQ.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer Canary123",
        f"assertion {TOKEN.replace('c2lnbmF0dXJl', 'Canary123')}",
        "client_assertion=Canary123&x=1",
        '{"access_token": "Canary123"}',
        "passphrase: Canary123",
        "https://user:Canary123@proxy:8080/",
        "-----BEGIN PRIVATE KEY-----\nCanary123\n-----END PRIVATE KEY-----",
    ],
)
def test_secrets_are_cut_out(text: str) -> None:
    assert "Canary123" not in logs.redacted(f"before {text} after")


@pytest.fixture
def quiet_root():
    root = logging.getLogger()
    level = root.level
    yield
    for handler in [one for one in root.handlers if getattr(one, "bars_workbench", False)]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.mark.usefixtures("quiet_root")
@pytest.mark.expects_warnings
def test_records_are_lines_of_json_without_secrets() -> None:
    logs.set_up(verbose=False)
    logs.set_up(verbose=False)
    logger = logging.getLogger("workbench.test")
    logger.warning("line one\nline two %s", "Bearer Canary123", extra={"exchange": "x-1"})
    try:
        raise ValueError(f"token {TOKEN}")
    except ValueError:
        logger.exception("failed")
    file = platformdirs.user_log_path(APP, appauthor=False) / "bars-workbench.log"
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(one["level"], one["exchange"]) for one in lines] == [("WARNING", "x-1"), ("ERROR", None)]
    assert lines[0]["text"] == "line one\nline two Bearer [secret]"
    assert "ValueError" in lines[1]["text"]
    assert TOKEN not in file.read_text()


@pytest.mark.usefixtures("quiet_root")
def test_a_folder_that_cannot_be_written_is_survived(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nowhere(*_: object, **__: object) -> object:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(logs.platformdirs, "user_log_path", nowhere)
    logs.set_up(verbose=True)
    assert "no log file" in capsys.readouterr().err
