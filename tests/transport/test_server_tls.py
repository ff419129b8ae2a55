"""HTTPS of the server: the caller's certificate stands on the request, who shows none or a strange one is refused."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import trustme

from tests.transport.builders import IDS, MemoryJournal, echo, now
from workbench.errors import InputError
from workbench.exchange import Request
from workbench.keys.authority import issue, make_authority
from workbench.receiver import Outcomes
from workbench.transport.server import Server
from workbench.transport.server_tls import ServerTls
from workbench.transport.tls_files import KeyedCertificate

if TYPE_CHECKING:
    from pathlib import Path

CA = trustme.CA(organization_name="Hill Authority")
STRANGER = trustme.CA(organization_name="Valley Authority")
CALL = (
    b"GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    + "".join(f"{name}: {value}\r\n" for name, value in IDS).encode()
    + b"\r\n"
)


def files(folder: Path, ca: trustme.CA = CA) -> tuple[Path, Path, Path]:
    leaf = ca.issue_cert("127.0.0.1", "localhost")
    certificate, key, authority = folder / "cert.pem", folder / "key.pem", folder / "ca.pem"
    leaf.cert_chain_pems[0].write_to_path(str(certificate))
    leaf.private_key_pem.write_to_path(str(key))
    CA.cert_pem.write_to_path(str(authority))
    return certificate, key, authority


def context(by: trustme.CA | None = None) -> ssl.SSLContext:
    made = ssl.create_default_context()
    CA.configure_trust(made)
    if by is not None:
        by.issue_cert("sender.example", common_name="sender.example", organization_name="Sender").configure_cert(made)
    return made


async def called(tls: ServerTls, client: ssl.SSLContext) -> tuple[bytes, MemoryJournal, str]:
    journal = MemoryJournal()
    refuse = Outcomes("ZZT01", lambda: "0badcafe-0000-4000-8000-00000000000f").refuse
    server = Server(echo, journal, refuse=refuse, clock=now, tls=tls)
    address = await server.start("127.0.0.1", 0)
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", address.port, ssl=client)
        writer.write(CALL)
        async with asyncio.timeout(10):
            answer = await reader.read()
        writer.close()
    except (ssl.SSLError, ConnectionError) as error:
        answer = type(error).__name__.encode()
    finally:
        await server.stop(0.2)
    return answer, journal, address.origin


def request_of(journal: MemoryJournal) -> Request:
    request = journal.events[0][1]
    assert isinstance(request, Request)
    return request


def test_a_certificate_that_is_asked_for_stands_on_the_request(tmp_path: Path) -> None:
    answer, journal, origin = asyncio.run(called(ServerTls.read(*files(tmp_path)), context(CA)))
    assert answer.startswith(b"HTTP/1.1 200")
    assert origin.startswith("https://127.0.0.1:")
    peer = request_of(journal).peer
    assert peer is not None
    assert peer.certificate == "sender.example, Sender"
    assert peer.tls is not None
    assert peer.tls.issuer.endswith("Hill Authority")
    assert peer.tls.version.startswith("TLSv1.")
    assert peer.tls.verified


@pytest.mark.parametrize("by", [None, STRANGER])
def test_without_one_of_that_authority_nothing_is_handled(tmp_path: Path, by: trustme.CA | None) -> None:
    answer, journal, _ = asyncio.run(called(ServerTls.read(*files(tmp_path)), context(by)))
    assert not answer.startswith(b"HTTP/1.1 2")
    assert journal.names() == []


@pytest.mark.parametrize(("by", "shown"), [(None, None), (CA, "sender.example, Sender")])
def test_one_that_is_only_asked_for_may_be_left_out(tmp_path: Path, by: trustme.CA | None, shown: str | None) -> None:
    answer, journal, _ = asyncio.run(called(ServerTls.read(*files(tmp_path), required=False), context(by)))
    assert answer.startswith(b"HTTP/1.1 200")
    peer = request_of(journal).peer
    assert peer is not None
    assert peer.certificate == shown
    assert peer.tls is not None


def test_a_certificate_of_the_test_authority_is_trusted_by_who_has_its_ca() -> None:
    authority = make_authority("x", datetime.now(UTC))  # noqa: TID251 - OpenSSL reads the clock of the machine
    issued = issue(authority, ["127.0.0.1"], datetime.now(UTC))  # noqa: TID251
    trusting = ssl.create_default_context(cadata=authority.pem.decode())
    tls = ServerTls(KeyedCertificate(issued.chain, issued.key))
    answer, _, _ = asyncio.run(called(tls, trusting))
    assert answer.startswith(b"HTTP/1.1 200")
    answer, journal, _ = asyncio.run(called(tls, context()))
    assert (answer, journal.names()) == (b"SSLCertVerificationError", [])


def test_a_certificate_that_is_over_or_whose_key_is_another_is_refused(tmp_path: Path) -> None:
    certificate, key, _ = files(tmp_path)
    over = datetime(2999, 1, 1, tzinfo=UTC) + timedelta(days=400_000)
    with pytest.raises(InputError, match="expired on"):
        ServerTls.read(certificate, key).context(over)
    STRANGER.issue_cert("x.example").private_key_pem.write_to_path(str(key))
    with pytest.raises(InputError, match="does not belong"):
        ServerTls.read(certificate, key)
    with pytest.raises(InputError, match="no file"):
        ServerTls.read(tmp_path / "absent.pem", key)
