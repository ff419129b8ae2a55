"""Certificate files: every form is read, and every one that cannot be used says why before anything connects."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trustme
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509 import load_pem_x509_certificate

from workbench.errors import InputError
from workbench.transport.tls_files import (
    load_authorities,
    load_client,
    read_authorities,
    read_client_certificate,
    usable_at,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PHRASE = "a phrase that opens it"
NOW = datetime(2026, 10, 14, tzinfo=UTC)
CA = trustme.CA(organization_name="Hill Authority")
LEAF = CA.issue_cert("client.example")
OTHER = CA.issue_cert("other.example")
KEY, OWN, ROOT = LEAF.private_key_pem.bytes(), LEAF.cert_chain_pems[0].bytes(), CA.cert_pem.bytes()


def locked_key() -> bytes:
    key = load_pem_private_key(KEY, None)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PHRASE.encode()))


def p12(*, cert: bool = True, key: bool = True, others: tuple[bytes, ...] = (ROOT,), phrase: str = PHRASE) -> bytes:
    return pkcs12.serialize_key_and_certificates(
        b"x",
        load_pem_private_key(KEY, None) if key else None,  # type: ignore[arg-type]
        load_pem_x509_certificate(OWN) if cert else None,
        [load_pem_x509_certificate(one) for one in others],
        BestAvailableEncryption(phrase.encode()) if phrase else NoEncryption(),
    )


def der() -> bytes:
    return load_pem_x509_certificate(ROOT).public_bytes(Encoding.DER)


def test_authorities_come_as_pem_many_or_der(tmp_path: Path) -> None:
    for name, content, count in (
        ("a.pem", ROOT, 1),
        ("b.pem", b"\xef\xbb\xbf# two\n" + ROOT + OWN, 2),
        ("c.cer", der(), 1),
    ):
        (tmp_path / name).write_bytes(content)
        found = read_authorities(tmp_path / name)
        assert len(found) == count
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        load_authorities(context, found)
        assert context.cert_store_stats()["x509"] == count


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no certificate"),
        (b"words", "holds no certificate"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "is damaged"),
        (b"\x30\x03\x02\x01\x00", "is damaged"),
        (ROOT + KEY, "it holds a private key"),
        (b" " * (1024 * 1024 + 1), "larger than 1 MiB"),
    ],
    ids=["empty", "words", "damaged", "damaged der", "key", "large"],
)
def test_a_ca_file_that_cannot_be_used_says_why(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "ca.pem").write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_authorities(tmp_path / "ca.pem")


def test_a_file_that_is_not_there_or_no_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file"):
        read_authorities(tmp_path / "gone.pem")
    with pytest.raises(InputError, match="cannot be read"):
        read_authorities(tmp_path)


@pytest.mark.parametrize(
    ("content", "key", "phrase"),
    [
        (KEY + OWN, None, ""),
        (OWN + ROOT + KEY, None, ""),
        (OWN, KEY, ""),
        (OWN, locked_key(), PHRASE),
        (OWN + locked_key(), None, PHRASE),
        (OWN, KEY, "not needed"),
        (p12(), None, PHRASE),
        (p12(phrase=""), None, ""),
    ],
    ids=["key first", "chain", "two files", "locked key", "locked in one", "phrase not needed", "p12", "open p12"],
)
def test_client_certificates_come_in_every_form(tmp_path: Path, content: bytes, key: bytes | None, phrase: str) -> None:
    (tmp_path / "client").write_bytes(content)
    if key is not None:
        (tmp_path / "key.pem").write_bytes(key)
    client = read_client_certificate(tmp_path / "client", tmp_path / "key.pem" if key else None, phrase)
    assert client.chain[0] == load_pem_x509_certificate(OWN)
    assert "key" not in repr(client)
    before = {path.name for path in tmp_path.iterdir()}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    load_client(context, client)
    assert {path.name for path in tmp_path.iterdir()} == before


def odd_key() -> bytes:
    return ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    ("content", "key", "phrase", "said"),
    [
        (lambda: OWN, None, "", "holds no private key"),
        (lambda: KEY, None, "", "holds no certificate"),
        (lambda: OWN, lambda: OWN, "", "The key key.pem .* holds no private key"),
        (lambda: OWN + locked_key(), None, "", "locked with a passphrase, and none is given"),
        (lambda: OWN + locked_key(), None, "wrong one", "the passphrase of its key does not fit"),
        (lambda: OWN, OTHER.private_key_pem.bytes, "", "the key does not belong to the certificate of"),
        (lambda: ROOT + OWN + KEY, None, "", "belongs to certificate 2 of the file, which must be the first"),
        (lambda: ROOT + CA.private_key_pem.bytes(), None, "", "is the certificate of an authority"),
        (lambda: OWN + OTHER.cert_chain_pems[0].bytes() + KEY, None, "", "out of order"),
        (lambda: OWN + odd_key(), None, "", "of a kind that TLS does not use here"),
        (lambda: OWN + b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", None, "", "cannot be read"),
        (p12, None, "", "locked with a passphrase, and none is given"),
        (p12, None, "wrong one", "its passphrase does not fit"),
        (lambda: p12(key=False, cert=False), None, PHRASE, "belongs to its key"),
        (lambda: p12(key=False, cert=False, others=(ROOT,)), None, PHRASE, "belongs to its key"),
    ],
)
def test_a_client_certificate_that_cannot_be_used_says_why(
    tmp_path: Path, content: Callable[[], bytes], key: Callable[[], bytes] | None, phrase: str, said: str
) -> None:
    (tmp_path / "client.pem").write_bytes(content())
    if key is not None:
        (tmp_path / "key.pem").write_bytes(key())
    with pytest.raises(InputError, match=said) as raised:
        read_client_certificate(tmp_path / "client.pem", tmp_path / "key.pem" if key else None, phrase)
    assert phrase == "" or phrase not in str(raised.value)


def test_authorities_of_a_pkcs12_are_put_in_order(tmp_path: Path) -> None:
    middle = CA.create_child_ca()
    leaf = middle.issue_cert("client.example")
    chain = [load_pem_x509_certificate(one.bytes()) for one in leaf.cert_chain_pems]
    root = load_pem_x509_certificate(ROOT)
    key = load_pem_private_key(leaf.private_key_pem.bytes(), None)
    content = pkcs12.serialize_key_and_certificates(
        b"x",
        key,
        chain[0],
        [root, chain[1]],
        BestAvailableEncryption(PHRASE.encode()),  # type: ignore[arg-type]
    )
    (tmp_path / "client.p12").write_bytes(content)
    found = read_client_certificate(tmp_path / "client.p12", None, PHRASE).chain
    assert found == (chain[0], chain[1], root)


@pytest.mark.parametrize(("days", "said"), [(-5, "is valid only from"), (40, "expired on")])
def test_a_client_certificate_out_of_its_dates_is_refused(tmp_path: Path, days: int, said: str) -> None:
    leaf = CA.issue_cert("client.example", not_before=NOW, not_after=NOW + timedelta(days=30))
    (tmp_path / "client.pem").write_bytes(leaf.private_key_and_cert_chain_pem.bytes())
    client = read_client_certificate(tmp_path / "client.pem", None, "")
    usable_at(client, NOW + timedelta(days=1), "client.pem")
    with pytest.raises(InputError, match=said):
        usable_at(client, NOW + timedelta(days=days), "client.pem")


class Spy(ssl.SSLContext):
    """Sees what OpenSSL is given."""

    seen = b""

    def load_cert_chain(self, certfile: object, keyfile: object = None, password: object = None) -> None:
        Spy.seen = Path(str(certfile)).read_bytes()
        assert isinstance(password, str)


def test_the_key_touches_the_disk_only_behind_a_passphrase_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "client.pem").write_bytes(KEY + OWN)
    client = read_client_certificate(tmp_path / "client.pem", None, "")
    load_client(Spy(ssl.PROTOCOL_TLS_CLIENT), client)
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in Spy.seen
    assert KEY.splitlines()[1] not in Spy.seen
