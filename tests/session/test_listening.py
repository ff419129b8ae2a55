"""Where the own receiver listens: this machine by default, others for one session, HTTPS with a certificate; views."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import ssl
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from tests.session.conftest import now
from workbench.errors import ConfigError, ErrorCode, InputError, NetworkError, VaultError
from workbench.keys.authority import issue, make_authority
from workbench.keys.writing import certificate_pem
from workbench.session.listening_views import Callers, Https
from workbench.transport import interfaces
from workbench.transport.interfaces import Interface

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.session.session import Session

LAN = "::1"
"""Stands for an address that others can reach: a test opens nothing to the network."""


@pytest.fixture
def lan(monkeypatch: pytest.MonkeyPatch) -> None:
    found = (Interface("lo", "127.0.0.1", True), Interface("eth0", LAN, False))
    for place in ("workbench.session.listening", "workbench.transport.interfaces"):
        monkeypatch.setattr(f"{place}.interfaces", lambda: found)
    true = interfaces.is_loopback
    for place in ("workbench.session.listening", "workbench.session.receiving", "workbench.transport.interfaces"):
        monkeypatch.setattr(f"{place}.is_loopback", lambda host: host != LAN and true(host))


@pytest.mark.usefixtures("lan")
def test_an_address_others_reach_is_chosen_for_one_session_and_never_kept(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        before = await session.listening.view()
        assert (before.lan, before.edit.host, before.base_url.startswith("http://127.0.0.1:")) == (
            False,
            "127.0.0.1",
            True,
        )
        assert [(one.address, one.only_here) for one in before.reaches] == [("127.0.0.1", True), (LAN, False)]
        view = await session.listening.apply(replace(before.edit, host=LAN, names="Receiver.Example"))
        assert (view.lan, view.edit.host) == (True, LAN)
        assert view.base_url.startswith(f"http://[{LAN}]:")
        assert [words for _, words in (await session.receiver_page("own")).badges] == ["Open to this network"]
        status = await session.status()
        assert (status.receiver.lan, status.receiver.address.startswith(f"[{LAN}]")) == (True, True)
        kept = session._engine.workspace.read("settings.json")
        assert LAN not in json.dumps(dict(kept))
        assert kept["receiver_names"] == "Receiver.Example"
        for name, expected in (("receiver.example", b"400"), ("other.example", b"421")):
            assert (await asked(LAN, port_of(view.base_url), name)).split()[1] == expected

    play(work)

    async def again(session: Session) -> None:
        assert (await session.listening.view()).edit.host == "127.0.0.1"
        assert not (await session.status()).receiver.lan

    play(again)


async def asked(host: str, port: int, name: str, secure: ssl.SSLContext | None = None) -> bytes:
    reader, writer = await asyncio.open_connection(host, port, ssl=secure)
    writer.write(
        f"GET /booking-and-referral/FHIR/R4/metadata HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode()
    )
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    return answer


def test_https_with_a_certificate_of_the_test_authority(play: Callable[..., Any], tmp_path: Path) -> None:
    async def work(session: Session) -> None:
        view = await session.listening.view()
        assert view.authority.name == ""
        view = await session.listening.apply(replace(view.edit, https=Https.TEST, names="receiver.example"))
        assert view.base_url.startswith("https://127.0.0.1:")
        assert "receiver.example" in dict(view.shown)["For"]
        assert view.authority.name.startswith("Test authority of")
        await session.listening.export_authority(str(tmp_path / "ca.pem"))
        exported = (tmp_path / "ca.pem").read_text("ascii")
        assert ("BEGIN CERTIFICATE" in exported, "PRIVATE" in exported) == (True, False)
        trusting = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
        assert (await asked("127.0.0.1", port_of(view.base_url), "localhost", trusting)).startswith(b"HTTP/1.1 ")
        with pytest.raises(ssl.SSLCertVerificationError):
            await asked("127.0.0.1", port_of(view.base_url), "localhost", ssl.create_default_context())
        for path in session._engine.workspace.folder.rglob("*"):
            assert not path.is_file() or b"PRIVATE KEY" not in path.read_bytes(), path

        older = view.authority.fingerprint
        made = await session.listening.make_authority()
        assert made.authority.fingerprint not in ("", older)

    play(work)


def test_the_embedded_sandbox_still_reaches_a_receiver_over_https(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        view = await session.listening.view()
        await session.listening.apply(replace(view.edit, https=Https.TEST))
        scenario = next(one.id for one in await session.scenarios() if "validat" in one.id)
        result = await session.play(scenario)
        assert result.passed, result

    play(work)


IMPOSSIBLE: tuple[tuple[dict[str, Any], type[Exception], str], ...] = (
    ({"host": "203.0.113.9"}, ConfigError, "not an address of this machine"),
    ({"host": ""}, ConfigError, "not an address of this machine"),
    ({"names": "good.example not_good!"}, InputError, "not_good!"),
    ({"port": 70000}, ConfigError, "between 0 and 65535"),
    ({"https": Https.FILES}, InputError, "name its file"),
    ({"https": Https.FILES, "certificate": "/nowhere/cert.pem"}, InputError, "there is no file"),
    ({"https": Https.TEST, "callers": Callers.REQUIRED, "client_ca": "/nowhere/ca.pem"}, InputError, "no file"),
)


def test_what_cannot_work_changes_nothing(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        before = await session.listening.view()
        for changes, error, said in IMPOSSIBLE:
            with pytest.raises(error, match=said):
                await session.listening.apply(replace(before.edit, **changes))
            assert await session.listening.view() == before, changes

    play(work)


def test_a_certificate_that_is_gone_stops_it_rather_than_serving_http(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        await session.stop_receiver()
        await session.change_setting("receiver_https", "files")
        await session.change_setting("receiver_certificate", "/nowhere/cert.pem")
        with pytest.raises(InputError) as raised:
            await session.start_receiver()
        assert raised.value.code is ErrorCode.INPUT_CERTIFICATE
        status = await session.status()
        assert not status.receiver.listening
        assert "cert.pem" in status.receiver.problem

    play(work)


PASSPHRASE = "several words in a row"


@pytest.mark.parametrize("file", ["client.pem", "client.p12"])
def test_a_caller_with_a_certificate_of_the_test_authority_is_let_in_and_named(
    play: Callable[..., Any], tmp_path: Path, file: str
) -> None:
    async def work(session: Session) -> None:
        edit = (await session.listening.view()).edit
        view = await session.listening.apply(replace(edit, https=Https.TEST, callers=Callers.REQUIRED))
        page = await session.receiver_page("own")
        assert [words for _, words in page.badges] == ["Client certificate required"]
        assert page.heading.startswith("Listening on https://")
        assert "https://" in (await session.status()).receiver.text
        with pytest.raises(VaultError):
            await session.listening.issue_client("Hill 111", str(tmp_path / file), "too short")
        await session.listening.issue_client("Hill 111", str(tmp_path / file), PASSPHRASE)
        await session.listening.export_authority(str(tmp_path / "ca.pem"))
        assert b"BEGIN PRIVATE" not in (tmp_path / file).read_bytes()
        assert (tmp_path / file).stat().st_mode & 0o077 == 0
        trusting = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
        pem = tmp_path / "pem"
        pem.write_bytes(as_pem(tmp_path / file))
        trusting.load_cert_chain(pem, password=PASSPHRASE)
        answer = await asked("127.0.0.1", port_of(view.base_url), "localhost", trusting)
        assert answer.startswith(b"HTTP/1.1 400 "), "it came through TLS; only its ids are missing"
        await session.settle()
        (entry,) = (await session.receiver_page("own")).log
        kept = (await session.detail(entry.exchange)).exchange
        assert kept.tls is not None
        assert "Hill 111" in kept.tls.subject

    play(work)


def as_pem(file: Path) -> bytes:
    """The file as Python's ssl reads it: certificate and encrypted key in PEM."""
    if file.suffix == ".pem":
        return file.read_bytes()
    found = pkcs12.load_pkcs12(file.read_bytes(), PASSPHRASE.encode())
    assert found.key is not None
    assert found.cert is not None
    assert found.cert.friendly_name == b"Hill 111"
    key = found.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(PASSPHRASE.encode()),
    )
    return found.cert.certificate.public_bytes(serialization.Encoding.PEM) + key


def test_the_passphrase_of_an_own_key_is_kept_in_the_vault_and_goes_with_its_files(
    play: Callable[..., Any], tmp_path: Path
) -> None:
    authority = make_authority("x", now())
    issued = issue(authority, ["localhost"], now())
    for name in ("a.pem", "b.pem"):
        (tmp_path / name).write_text(certificate_pem(issued.chain, issued.key, PASSPHRASE), "utf-8")

    async def work(session: Session) -> None:
        edit = replace((await session.listening.view()).edit, https=Https.FILES, certificate=str(tmp_path / "a.pem"))
        with pytest.raises(InputError):
            await session.listening.apply(edit)
        view = await session.listening.apply(replace(edit, passphrase=PASSPHRASE))
        assert (view.has_passphrase, view.edit.passphrase) == (True, None)
        assert view.base_url.startswith("https://")
        for path in session._engine.workspace.folder.rglob("*"):
            assert not path.is_file() or PASSPHRASE.encode() not in path.read_bytes(), path
        assert (await session.listening.apply(view.edit)).base_url, "what is kept opens the key again"
        with pytest.raises(InputError):  # another file: its passphrase is another one too
            await session.listening.apply(replace(view.edit, certificate=str(tmp_path / "b.pem")))
        assert (await session.listening.view()).has_passphrase

    play(work, passphrase="the vault is opened by this one")


def test_a_port_that_is_taken_has_its_holder_named_and_another_offered(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        await session.stop_receiver()
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            held.listen()
            taken = held.getsockname()[1]
            with pytest.raises(NetworkError) as raised:
                await session.listening.listen_on(taken)
            page = await session.receiver_page("own")
            assert page.problem == raised.value.sentence
            assert page.problem_step == raised.value.next_step
            assert page.free_port > taken
            if sys.platform == "linux":
                assert f"(process {os.getpid()})" in page.problem
            await session.listening.listen_on(page.free_port)
        page = await session.receiver_page("own")
        assert (page.listening, page.problem) == (True, "")

    play(work)


def port_of(url: str) -> int:
    return int(url.split("/")[2].rpartition(":")[2])
