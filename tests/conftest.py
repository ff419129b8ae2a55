"""What every test gets: a clean environment, an empty home, loopback only, no unexpected log warnings."""

from __future__ import annotations

import logging
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.secrets_watch import Watch

if TYPE_CHECKING:
    from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of official definitions and examples that lies beside the checkout; a user's clone has none."""
    folder = Path(os.environ.get("BARS_SHARED", SHARED))
    if not (folder / "data" / "examples").is_dir():
        pytest.skip(f"official examples are not at {folder}: this test needs them")
    return folder


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No variable of the machine reaches a test; user folders lie in a temporary home."""
    for name in list(os.environ):
        if (
            name.startswith("BARS_WORKBENCH_")
            or name.upper().endswith("_PROXY")
            or name in ("SSL_CERT_FILE", "SSLKEYLOGFILE")
        ):
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name, part in (
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_RUNTIME_DIR", "run"),
    ):
        folder = home / part
        folder.mkdir(mode=0o700)
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return home


@pytest.fixture(scope="session")
def secrets_watch() -> Iterator[Watch]:
    """What every test of this session holds that no file may hold."""
    watch = Watch()
    with watch.installed():
        yield watch


@pytest.fixture(autouse=True)
def no_secret_in_any_file(clean_environment: Path, secrets_watch: Watch) -> Iterator[None]:
    """No key, token, assertion or passphrase lies in clear in a workspace of a test, its history, logs or settings.

    Promises P10 and P11 of the reliability anchors, kept by every test that opens a workspace.
    """
    secrets_watch.clear()
    yield
    hits = secrets_watch.hits(clean_environment)
    assert not hits, f"secrets in clear: {hits}"


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that would leave this machine fails the test."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> object:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0] if isinstance(address, tuple) else address
            assert host in ("127.0.0.1", "::1", "localhost"), f"a test tried to reach {host}"
        return real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def no_unexpected_warnings(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest):
    """A log record of WARNING or above fails the test unless it is marked `expects_warnings`."""
    yield
    if request.node.get_closest_marker("expects_warnings"):
        return
    loud = [
        r.getMessage() for when in ("setup", "call") for r in caplog.get_records(when) if r.levelno >= logging.WARNING
    ]
    assert not loud, f"unexpected log warnings: {loud}"
