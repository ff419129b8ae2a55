"""The test of a connection told step by step; also tls (choices, contexts) and tls_look (what a handshake shows)."""

from __future__ import annotations

import asyncio
import ssl
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from tests.faults.tls_farm import HOST, Farm
from tests.transport.builders import client, now
from workbench.errors import InputError
from workbench.exchange import Request
from workbench.transport.tls import TlsChoice, client_context, host_of, may_skip, stays_here, target_of
from workbench.transport.tls_look import (
    HANDSHAKE,
    REQUEST,
    Look,
    Proxy,
    ProxyRefused,
    Seen,
    connect,
    look,
    proxy_name,
    short_name,
)
from workbench.transport.tls_steps import Step, Trial, client_steps, steps

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from workbench.exchange import Failure, Response


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    return Farm(tmp_path)


async def told(
    url: str,
    choice: TlsChoice,
    proxy: Proxy | None = None,
    sign_in: Callable[[], Awaitable[tuple[Step, str]]] | None = None,
    sent: list[str | None] | None = None,
) -> list[Step]:
    """What a test of a connection tells; `sent` gets the Authorization header of its request."""
    sender = client(tls=choice, proxy=proxy)

    async def send(request: Request) -> Response | Failure:
        if sent is not None:
            sent.append(request.header("Authorization"))
        return await sender(request)

    trial = Trial(url, choice, proxy, Request("GET", f"{url}/metadata"), send, sign_in)
    try:
        return [step async for step in steps(trial, now(), time.monotonic)]
    finally:
        await sender.close()


def tried(farm: Farm, secure: ssl.SSLContext | None, choice: TlsChoice | None = None) -> list[Step]:
    async def play() -> list[Step]:
        async with farm.serving(secure) as origin:
            return await told(origin, choice or TlsChoice(farm.ca_file))

    return asyncio.run(play())


def test_a_good_server_passes_every_step(farm: Farm) -> None:
    found = tried(farm, farm.context())
    assert [(one.tone, one.title) for one in found] == [
        ("ok", "Name"),
        ("ok", "Connection"),
        ("ok", "TLS"),
        ("ok", "Certificate"),
        ("ok", "Trust"),
        ("ok", "Client certificate"),
        ("ok", "GET /metadata"),
    ]
    text = {one.title: one.text for one in found}
    assert text["TLS"].startswith("TLSv1.3 with ")
    assert "For 127.0.0.1." in text["Certificate"]
    assert "Hill Authority, from the CA file of this environment" in text["Trust"]
    assert text["Client certificate"] == "The server asks for none."
    assert text["GET /metadata"].startswith("Answered 200 OK in ")


@pytest.mark.parametrize(
    ("secure", "title", "said"),
    [
        (lambda farm: farm.context(farm.stranger.issue_cert(HOST)), "Trust", "Valley Authority, which this machine"),
        (lambda farm: farm.self_signed(), "Trust", "has signed itself"),
        (lambda farm: farm.context(farm.ca.issue_cert("one.example")), "Trust", "it is for one.example"),
        (lambda farm: farm.context(farm.dated(-30, -2)), "Trust", "expired on"),
        (lambda farm: farm.context(farm.dated(2, 30)), "Trust", "valid only from"),
        (lambda farm: farm.old(), "TLS", "older than 1.2"),
        (lambda _: None, "TLS", "plain HTTP"),
        (lambda farm: farm.context(wants=farm.ca), "GET /metadata", "wants a client certificate"),
    ],
)
def test_the_first_fault_ends_the_test_in_the_words_a_send_would_fail_with(
    farm: Farm, secure: object, title: str, said: str
) -> None:
    found = tried(farm, secure(farm))  # type: ignore[operator]
    assert (found[-1].tone, found[-1].title) == ("error", title)
    assert said in found[-1].text
    assert [one for one in found if one.tone == "error"] == found[-1:]


def test_a_wrong_certificate_is_shown_with_what_is_wrong_before_it_is_refused(farm: Farm) -> None:
    found = tried(farm, farm.context(farm.ca.issue_cert("one.example", "two.example")))
    shown = next(one for one in found if one.title == "Certificate")
    assert shown.tone == "warning"
    assert "For one.example, two.example. It is not for 127.0.0.1." in shown.text


HILL, VALLEY = (
    x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} Authority")]) for name in ("Hill", "Valley")
)


@pytest.mark.parametrize("has", [True, False])
def test_whether_a_client_certificate_is_wanted_is_told(farm: Farm, has: bool) -> None:
    certificate = farm.client_pem() if has else None
    found = tried(farm, farm.context(wants=farm.ca, required=False), TlsChoice(farm.ca_file, certificate))
    step = next(one for one in found if one.title == "Client certificate")
    assert (step.tone, "this environment has none" in step.text) == (("ok", False) if has else ("warning", True))


def test_whose_client_certificates_a_server_takes_is_told(farm: Farm) -> None:
    own = TlsChoice(certificate=farm.client_pem())
    issuer = x509.load_pem_x509_certificate(farm.ca.cert_pem.bytes()).subject.public_bytes()
    foreign = Look(asked=True, accepted=(HILL.public_bytes(), VALLEY.public_bytes()))
    (none,) = client_steps(foreign, TlsChoice())
    assert (none.tone, none.text) == (
        "warning",
        "The server asks for one of Hill Authority, Valley Authority; this environment has none.",
    )
    (wrong,) = client_steps(foreign, own)
    assert wrong.tone == "warning"
    assert "the server takes those of Hill Authority, Valley Authority" in wrong.text
    (right,) = client_steps(Look(asked=True, accepted=(issuer,)), own)
    assert right.tone == "ok"
    assert client_steps(Look(), own)[0].text == "The server asks for none, so yours is not shown."


def _list(*names: bytes) -> bytes:
    rows = b"".join(len(name).to_bytes(2, "big") + name for name in names)
    return len(rows).to_bytes(2, "big") + rows


def test_the_authorities_of_a_request_are_read_in_either_version_of_tls() -> None:
    names = (HILL.public_bytes(), VALLEY.public_bytes())
    older = b"\x02\x01\x40" + b"\x00\x02\x04\x01" + _list(*names)
    extension = (47).to_bytes(2, "big") + len(_list(*names)).to_bytes(2, "big") + _list(*names)
    other = b"\x00\x0d\x00\x02\x04\x01"
    newer = b"\x00" + len(other + extension).to_bytes(2, "big") + other + extension
    for version, body in ((0x0303, older), (0x0304, newer)):
        seen = Seen()
        seen.note(None, "write", version, HANDSHAKE, REQUEST, b"head" + body)
        assert not seen.asked
        seen.note(None, "read", version, HANDSHAKE, REQUEST, b"head" + body)
        assert seen.asked
        assert [short_name(name) for name in seen.accepted] == ["Hill Authority", "Valley Authority"]
    assert short_name(b"\x30\x00") == "an authority without a name"


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_the_chain_and_the_request_are_seen_even_where_the_handshake_fails(farm: Farm, newest: ssl.TLSVersion) -> None:
    secure = farm.context(farm.ca.create_child_ca().issue_cert(HOST), wants=farm.ca)
    secure.maximum_version = newest

    async def play() -> Look:
        async with farm.serving(secure) as origin:
            return await look(origin)

    seen = asyncio.run(play())
    assert seen.asked
    assert len(seen.chain) == 2


def test_a_target_that_is_not_checked_says_so(farm: Farm) -> None:
    async def play() -> list[Step]:
        async with farm.serving(farm.self_signed()) as origin:
            return await told(origin, TlsChoice(unverified=frozenset({target_of(origin)})))

    found = asyncio.run(play())
    assert ("warning", "Trust") in [(one.tone, one.title) for one in found]
    assert found[-1].title == "GET /metadata"
    assert found[-1].tone == "ok"


def test_files_that_cannot_be_used_are_told_before_the_handshake(farm: Farm) -> None:
    found = tried(farm, farm.context(), TlsChoice(farm.folder / "gone.pem"))
    assert (found[-1].tone, found[-1].title) == ("error", "Certificate files")
    assert "there is no file" in found[-1].text


def test_nobody_there_and_no_such_name_end_the_test() -> None:
    closed = asyncio.run(told("https://127.0.0.1:9", TlsChoice()))
    assert (closed[-1].tone, closed[-1].title) == ("error", "Connection")
    assert "127.0.0.1:9" in closed[-1].text
    nowhere = asyncio.run(told("https://no-such-host.invalid", TlsChoice()))
    assert (nowhere[-1].tone, nowhere[-1].title) == ("error", "Name")


def test_plain_http_here_needs_no_tls(farm: Farm) -> None:
    async def play() -> list[Step]:
        async with farm.serving(None) as origin:
            return await told(origin.replace("https", "http"), TlsChoice())

    found = asyncio.run(play())
    assert [(one.tone, one.title) for one in found][-2:] == [("ok", "TLS"), ("ok", "GET /metadata")]


@pytest.mark.parametrize(
    ("status", "tone", "said"),
    [("401 Unauthorized", "ok", "carries no token"), ("404 Not Found", "warning", "not what was asked for")],
)
def test_any_answer_shows_that_the_connection_works(farm: Farm, status: str, tone: str, said: str) -> None:
    answer = f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()

    async def play() -> list[Step]:
        async with farm.serving(farm.context(), answer) as origin:
            return await told(origin, TlsChoice(farm.ca_file))

    last = asyncio.run(play())[-1]
    assert (last.tone, last.title) == (tone, "GET /metadata")
    assert said in last.text
    assert "the connection works" in last.text


@pytest.mark.parametrize(
    ("authorization", "tone", "said"),
    [("Bearer mock", "warning", "the token is not accepted"), ("", "ok", "carries no token")],
)
def test_the_one_request_carries_the_token_and_a_refusal_says_whether_it_did(
    farm: Farm, authorization: str, tone: str, said: str
) -> None:
    answer = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    sent: list[str | None] = []

    async def sign_in() -> tuple[Step, str]:
        return Step("ok", "Token", "There is one."), authorization

    async def play() -> list[Step]:
        async with farm.serving(farm.context(), answer) as origin:
            return await told(origin, TlsChoice(farm.ca_file), sign_in=sign_in, sent=sent)

    found = asyncio.run(play())
    assert [(one.title, one.tone) for one in found[-2:]] == [("Token", "ok"), ("GET /metadata", tone)]
    assert said in found[-1].text
    assert sent == [authorization or None]


# proxies


ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


@asynccontextmanager
async def a_proxy(
    answer: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n",
) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A CONNECT proxy on loopback, or one that gives another answer; gives its address and the heads it read."""
    heads: list[bytes] = []
    tasks: set[asyncio.Task[None]] = set()

    async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while part := await source.read(65536):
            target.write(part)
            await target.drain()
        target.close()

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        if b" 200 " in answer:
            host, _, port = heads[-1].split(b" ")[1].decode().rpartition(":")
            there, back = await asyncio.open_connection(host, int(port))
            writer.write(answer)
            await asyncio.gather(pump(reader, back), pump(there, writer), return_exceptions=True)
        else:
            writer.write(answer)
        writer.close()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.ensure_future(play(reader, writer)))

    server = await asyncio.start_server(serve, HOST, 0)
    try:
        yield f"http://{HOST}:{server.sockets[0].getsockname()[1]}", heads
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def test_calls_and_their_test_go_through_the_proxy_with_its_password(farm: Farm) -> None:
    async def play() -> tuple[list[Step], list[bytes]]:
        async with farm.serving(farm.context()) as origin, a_proxy() as (address, heads):
            return await told(origin, TlsChoice(farm.ca_file), Proxy(address, "me", "proxy secret")), heads

    found, heads = asyncio.run(play())
    assert found[-1].text.startswith("Answered 200 OK")
    assert {head.split(b" ")[0] for head in heads} == {b"CONNECT"}
    assert all(b"Proxy-Authorization: Basic bWU6cHJveHkgc2VjcmV0" in head for head in heads)
    assert "secret" not in repr(Proxy("http://p:1", "me", "proxy secret"))


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", b"HTTP/1.1 403 Forbidden\r\nA: b\r\n\r\n"]
)
def test_a_proxy_that_refuses_is_named_as_the_cause(farm: Farm, answer: bytes) -> None:
    async def play() -> tuple[list[Step], object, str]:
        async with farm.serving(farm.context()) as origin, a_proxy(answer) as (address, _):
            sender = client(tls=TlsChoice(farm.ca_file), proxy=Proxy(address))
            failure = (await sender.send(Request("POST", f"{origin}/x", (), b"{}"))).failure
            await sender.close()
            return await told(origin, TlsChoice(farm.ca_file), Proxy(address)), failure, address

    found, failure, address = asyncio.run(play())
    assert (found[-1].tone, found[-1].title) == ("error", "Proxy")
    assert proxy_name(Proxy(address)) in found[-1].text
    assert failure.code.value == "net.proxy"  # type: ignore[attr-defined]
    assert failure.kind.value == "not_sent"  # type: ignore[attr-defined]
    assert proxy_name(Proxy(address)) in failure.sentence  # type: ignore[attr-defined]


def test_a_proxy_that_is_not_there_is_named_not_the_target() -> None:
    async def play() -> str:
        sender = client(proxy=Proxy("http://127.0.0.1:9"))
        failure = (await sender.send(Request("GET", "https://target.example/x"))).failure
        await sender.close()
        assert failure is not None
        return failure.sentence

    assert "the proxy 127.0.0.1:9" in asyncio.run(play())


def test_a_proxy_that_talks_nonsense_is_refused() -> None:
    async def play() -> None:
        async with a_proxy(b"nonsense\r\n") as (address, _):
            await connect("https://target.example", Proxy(address))

    with pytest.raises(ProxyRefused, match="closed the connection"):
        asyncio.run(play())


# choices


def test_targets_and_hosts_of_addresses() -> None:
    assert target_of("https://API.example./x") == "api.example:443"
    assert target_of("http://[::1]:8080/") == "::1:8080"
    assert host_of("nothing") == ""
    assert stays_here("http://localhost:1/")
    assert not stays_here("https://api.example")
    assert may_skip("https://nhs.uk.example")
    assert not may_skip("https://a.nhs.uk./x")
    assert not may_skip("nowhere")


def test_a_context_verifies_unless_told_otherwise_and_never_speaks_old_tls(farm: Farm) -> None:
    checked = client_context(TlsChoice(farm.ca_file), now())
    assert (checked.verify_mode, checked.check_hostname) == (ssl.CERT_REQUIRED, True)
    for context in (checked, client_context(TlsChoice(), now(), verified=False)):
        assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert "phrase" not in repr(TlsChoice(passphrase="phrase"))


def test_an_expired_client_certificate_makes_no_context(farm: Farm) -> None:
    file = farm.write("old.pem", farm.dated(-30, -2).private_key_and_cert_chain_pem.bytes())
    with pytest.raises(InputError, match="expired on"):
        client_context(TlsChoice(certificate=file), now())


def test_no_variable_of_the_system_has_the_secrets_of_tls_written(
    farm: Farm, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    found = tried(farm, farm.context(), TlsChoice(farm.ca_file))
    assert found[-1].tone == "ok"
    assert not (tmp_path / "keys.log").exists()
    assert client_context(TlsChoice(), now(), verified=False).keylog_filename is None
