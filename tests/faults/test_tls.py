"""The TLS matrix, faults F47 to F56: every secure connection that must not be made, in its own words; mutual TLS."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import pytest

from tests.faults.tls_farm import HOST, PASSPHRASE, Farm
from tests.transport.builders import MemoryJournal, an_exchange, client
from workbench.errors import ErrorCode
from workbench.exchange import FailureKind
from workbench.transport.journaled import send_journaled
from workbench.transport.tls import TlsChoice, target_of

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from pathlib import Path

    from workbench.exchange import Exchange, Failure


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    return Farm(tmp_path)


async def send(farm: Farm, secure: ssl.SSLContext | None, **choice: object) -> Exchange:
    """One journaled message to a server; nothing may be lost whatever happens."""
    journal = MemoryJournal()
    async with farm.serving(secure) as origin:
        unverified = frozenset({target_of(origin)}) if choice.pop("unverified", False) else frozenset()
        sender = client(tls=TlsChoice(farm.ca_file, unverified=unverified, **choice))  # type: ignore[arg-type]
        try:
            done = await send_journaled(sender, journal, an_exchange(f"{origin}/$process-message", b'{"a": 1}'))
        finally:
            await sender.close()
    assert journal.names() == ["sending", "answered"], "kept before the socket opens, and what became of it"
    assert journal.events[-1][1] == done
    return done


def failure(exchange: Exchange) -> Failure:
    assert exchange.response is None
    assert exchange.failure is not None
    return exchange.failure


MATRIX: list[tuple[str, Callable[[Farm], ssl.SSLContext | None], ErrorCode, tuple[str, ...]]] = [
    (
        "F47 unknown authority",
        lambda farm: farm.context(farm.stranger.issue_cert(HOST)),
        ErrorCode.NET_TLS_AUTHORITY,
        ("Valley Authority", "does not trust"),
    ),
    ("F47 self-signed", lambda farm: farm.self_signed(), ErrorCode.NET_TLS_SELF_SIGNED, ("signed itself", "Valley")),
    (
        "F48 wrong host",
        lambda farm: farm.context(farm.ca.issue_cert("one.example", "two.example")),
        ErrorCode.NET_TLS_HOST,
        ("one.example, two.example",),
    ),
    (
        "F49 expired",
        lambda farm: farm.context(farm.dated(-30, -2)),
        ErrorCode.NET_TLS_EXPIRED,
        ("expired on", "UTC", "the clock of this machine says"),
    ),
    (
        "F49 not yet valid",
        lambda farm: farm.context(farm.dated(2, 30)),
        ErrorCode.NET_TLS_EARLY,
        ("valid only from", "the clock of this machine says"),
    ),
    ("F50 TLS 1.1 only", lambda farm: farm.old(), ErrorCode.NET_TLS_OLD, ("older than 1.2",)),
    (
        "F51 client certificate missing",
        lambda farm: farm.context(wants=farm.ca),
        ErrorCode.NET_TLS_CLIENT_MISSING,
        ("wants a client certificate",),
    ),
    ("F53 plain HTTP", lambda _: None, ErrorCode.NET_PLAIN_PORT, ("plain HTTP",)),
]


@pytest.mark.parametrize(("secure", "code", "said"), [row[1:] for row in MATRIX], ids=[row[0] for row in MATRIX])
def test_every_fault_of_tls_is_refused_with_its_own_sentence(
    farm: Farm, secure: Callable[[Farm], ssl.SSLContext | None], code: ErrorCode, said: tuple[str, ...]
) -> None:
    found = failure(asyncio.run(send(farm, secure(farm))))
    assert found.code is code, found.sentence
    assert found.kind is FailureKind.NOT_SENT
    assert all(words in found.sentence for words in said), found.sentence
    assert not [one for one in farm.requests if one.startswith(b"POST")], "no byte of the message may arrive"


def test_sentences_of_the_matrix_differ(farm: Farm) -> None:
    assert len({row[2] for row in MATRIX}) == len(MATRIX)


@pytest.mark.parametrize("kind", ["pem", "p12"])
def test_mutual_tls_works_with_either_form_of_file(farm: Farm, kind: str) -> None:
    files = {"pem": farm.client_pem, "p12": farm.client_p12}
    passphrase = PASSPHRASE if kind == "p12" else ""
    done = asyncio.run(send(farm, farm.context(wants=farm.ca), certificate=files[kind](), passphrase=passphrase))
    assert done.response is not None
    assert done.tls is not None
    assert done.tls.verified
    assert done.tls.issuer.endswith("Hill Authority")
    assert [one.split(b" ")[0] for one in farm.requests] == [b"POST"]
    assert sorted(path.name for path in farm.folder.iterdir()) == sorted({"hill-ca.pem", files[kind]().name})


def test_f52_a_client_certificate_of_another_authority_is_refused_by_the_server_in_its_words(farm: Farm) -> None:
    foreign = farm.client_pem(farm.stranger)
    found = failure(asyncio.run(send(farm, farm.context(wants=farm.ca), certificate=foreign)))
    assert found.code is ErrorCode.NET_TLS_CLIENT_REFUSED
    assert found.kind is FailureKind.NOT_SENT
    assert "its authority is not one the server knows" in found.sentence


@pytest.mark.parametrize(
    ("file", "passphrase", "said"),
    [
        ("gone.pem", "", "there is no file"),
        ("client.p12", "", "none is given"),
        ("client.p12", "a wrong phrase", "does not fit"),
    ],
)
def test_f55_a_client_certificate_that_cannot_be_used_stops_before_connecting(
    farm: Farm, file: str, passphrase: str, said: str
) -> None:
    farm.client_p12()
    done = asyncio.run(send(farm, farm.context(), certificate=farm.folder / file, passphrase=passphrase))
    found = failure(done)
    assert (found.kind, found.code) == (FailureKind.NOT_SENT, ErrorCode.INPUT_CERTIFICATE)
    assert said in found.sentence
    assert farm.requests == []


def test_f55_an_expired_client_certificate_stops_before_connecting(farm: Farm) -> None:
    old = farm.dated(-30, -2)
    file = farm.write("old.pem", old.private_key_and_cert_chain_pem.bytes())
    found = failure(asyncio.run(send(farm, farm.context(wants=farm.ca), certificate=file)))
    assert "expired on" in found.sentence
    assert farm.requests == []


@pytest.mark.skipif(sys.platform != "linux", reason="only OpenSSL takes its authorities from a variable")
def test_f56_an_authority_of_the_machine_is_trusted_and_named(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a firewall that looks into TLS has it: its authority lies in the trust store of the system."""

    async def play() -> Exchange:
        journal = MemoryJournal()
        async with farm.serving(farm.context(farm.stranger.issue_cert(HOST))) as origin:
            sender = client()
            done = await send_journaled(sender, journal, an_exchange(origin))
            await sender.close()
        return done

    assert failure(asyncio.run(play())).code is ErrorCode.NET_TLS_AUTHORITY
    monkeypatch.setenv("SSL_CERT_FILE", str(farm.write("system.pem", farm.stranger.cert_pem.bytes())))
    done = asyncio.run(play())
    assert done.tls is not None
    assert (done.tls.verified, done.tls.issuer.endswith("Valley Authority")) == (True, True)


def test_the_check_can_be_left_out_for_one_target_and_is_stamped(farm: Farm) -> None:
    stranger = farm.context(farm.stranger.issue_cert("other.example"))
    done = asyncio.run(send(farm, stranger, unverified=True))
    assert done.response is not None
    assert done.tls is not None
    assert done.tls.verified is False
    assert done.tls.issuer.endswith("Valley Authority")


def test_leaving_it_out_holds_for_no_other_target(farm: Farm) -> None:
    async def play() -> Failure:
        async with farm.serving(farm.self_signed()) as one, farm.serving(farm.self_signed()) as other:
            sender = client(tls=TlsChoice(unverified=frozenset({target_of(one)})))
            open_ = (await sender.send(an_exchange(one).request)).response
            closed = (await sender.send(an_exchange(other).request)).failure
            await sender.close()
        assert open_ is not None
        assert closed is not None
        return closed

    assert asyncio.run(play()).code is ErrorCode.NET_TLS_SELF_SIGNED


@pytest.mark.parametrize("host", ["api.service.nhs.uk", "NHS.UK", "int.api.service.nhs.uk.", "x.nhs.uk"])
def test_within_nhs_uk_the_check_is_never_left_out(host: str) -> None:
    url = f"https://{host}/x"
    assert TlsChoice(unverified=frozenset({target_of(url)})).verifies(url)
    assert not TlsChoice(unverified=frozenset({target_of("https://x.nhs.uk.example/")})).verifies(
        "https://x.nhs.uk.example/"
    )
