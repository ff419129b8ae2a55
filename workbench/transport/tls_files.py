"""Certificate files: authorities to trust and the client certificate, from PEM, DER or PKCS#12, checked before use.

A private key is never written in clear: OpenSSL reads files only, so it gets one that a random passphrase locks, gone
at once. Must not know environments or connections.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from workbench.errors import ErrorCode, InputError
from workbench.transport.tls_chain import date_problem, facts_of, is_authority, name_words, order_problem

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence
    from datetime import datetime

LARGEST_FILE = 1024 * 1024
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class KeyedCertificate:
    """A certificate with its chain, its own first, and its key; the key shows in no text form."""

    chain: tuple[x509.Certificate, ...]
    key: PrivateKey = field(repr=False, compare=False)


def read_authorities(path: Path) -> tuple[x509.Certificate, ...]:
    """The certificates of a CA file (PEM, one or many, or DER); InputError says why it cannot be used."""
    what = f"The CA file {path.name}"
    content = _read(path, what)
    if b"PRIVATE KEY-----" in content:
        raise _bad(what, "it holds a private key, which nobody needs to trust an authority: give the certificate alone")
    found = _certificates(content, what)
    if not found:
        raise _bad(what, "it holds no certificate")
    return found


def read_client_certificate(certificate: Path, key: Path | None, passphrase: str) -> KeyedCertificate:
    """The client certificate with its key; `key` is a file of its own where the certificate's does not hold it.

    InputError for a missing file, a wrong or missing passphrase, a file without certificate or key, a key that does
    not belong to the certificate, an authority's certificate, a chain out of order. Dates are `usable_at`'s business.
    """
    what = f"The client certificate {certificate.name}"
    found = _read_pair(certificate, key, passphrase, what)
    if is_authority(found.chain[0]):
        cause = f"it is the certificate of an authority ({name_words(found.chain[0].subject)}), not of a client"
        raise _bad(what, cause)
    return found


def read_server_certificate(certificate: Path, key: Path | None, passphrase: str = "") -> KeyedCertificate:
    """The certificate a server shows, with its key; as `read_client_certificate`, but one may have signed itself."""
    return _read_pair(certificate, key, passphrase, f"The certificate {certificate.name}")


def _read_pair(certificate: Path, key: Path | None, passphrase: str, what: str) -> KeyedCertificate:
    content = _read(certificate, what)
    if _is_pkcs12(content):
        chain, private = _pkcs12(content, passphrase, what)
    else:
        chain = _certificates(content, what)
        if not chain:
            raise _bad(what, "it holds no certificate")
        source, place = (content, what) if key is None else (_read(key, f"The key {key.name}"), f"The key {key.name}")
        private = _private(source, passphrase, place)
    _check_pair(chain, private, what)
    return KeyedCertificate(chain, private)


def usable_at(client: KeyedCertificate, now: datetime, name: str) -> None:
    """InputError when the client certificate has expired or is not valid yet."""
    if problem := date_problem(facts_of(client.chain[0]), now):
        raise _bad(f"The client certificate {name}", f"it {problem}")


def load_authorities(context: ssl.SSLContext, authorities: Sequence[x509.Certificate]) -> None:
    """Have a context trust these authorities too."""
    text = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in authorities)
    context.load_verify_locations(cadata=text.decode("ascii"))


def load_client(context: ssl.SSLContext, client: KeyedCertificate) -> None:
    """Have a context show a client certificate when it is asked for."""
    lock = secrets.token_hex(32)
    text = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in client.chain)
    text += client.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(lock.encode()),
    )
    handle, name = tempfile.mkstemp(prefix="bars-", suffix=".pem")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
        context.load_cert_chain(name, password=lock)
    finally:
        Path(name).unlink(missing_ok=True)


def _read(path: Path, what: str) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError as error:
        raise _bad(what, f"there is no file {path}") from error
    except OSError as error:
        raise _bad(what, f"it cannot be read ({error.strerror or error})") from error
    if len(content) > LARGEST_FILE:
        raise _bad(what, "it is larger than 1 MiB")
    return content.removeprefix(b"\xef\xbb\xbf")


def _certificates(content: bytes, what: str) -> tuple[x509.Certificate, ...]:
    try:
        if b"-----BEGIN CERTIFICATE-----" in content:
            return tuple(x509.load_pem_x509_certificates(content))
        return (x509.load_der_x509_certificate(content),) if content[:1] == b"\x30" else ()
    except ValueError as error:
        raise _bad(what, "a certificate in it is damaged") from error


def _is_pkcs12(content: bytes) -> bool:
    """A DER sequence whose first member is the version 3 (RFC 7292, 4)."""
    if content[:1] != b"\x30" or len(content) < 2:
        return False
    begin = 2 + (content[1] & 0x7F if content[1] & 0x80 else 0)
    return content[begin : begin + 3] == b"\x02\x01\x03"


def _pkcs12(content: bytes, passphrase: str, what: str) -> tuple[tuple[x509.Certificate, ...], PrivateKey]:
    try:
        private, own, others = pkcs12.load_key_and_certificates(content, passphrase.encode() or None)
    except ValueError as error:
        words = "its passphrase does not fit" if passphrase else "it is locked with a passphrase, and none is given"
        raise _bad(what, words) from error
    except UnsupportedAlgorithm as error:
        raise _bad(what, "it is locked in a way this program does not know") from error
    if own is None:
        raise _bad(what, "it holds no certificate that belongs to its key" if others else "it holds no certificate")
    return _in_order(own, others), _usable(private, what)


def _in_order(own: x509.Certificate, others: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """A PKCS#12 keeps its authorities in any order: each is put after what it has signed."""
    chain, waiting = [own], list(others)
    while (found := next((one for one in waiting if one.subject == chain[-1].issuer), None)) is not None:
        waiting.remove(found)
        chain.append(found)
    return tuple(chain)


def _private(content: bytes, passphrase: str, what: str) -> PrivateKey:
    if b"PRIVATE KEY-----" not in content:
        raise _bad(what, "it holds no private key: name the file that does")
    begin = content.rindex(b"-----BEGIN", 0, content.index(b"PRIVATE KEY-----"))
    locked = b"ENCRYPTED" in content
    opener = passphrase.encode() if locked and passphrase else None
    try:
        found = serialization.load_pem_private_key(content[begin:], opener)
    except TypeError as error:
        raise _bad(what, "its key is locked with a passphrase, and none is given") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        words = "the passphrase of its key does not fit" if opener else "its private key cannot be read"
        raise _bad(what, words) from error
    return _usable(found, what)


def _usable(private: object, what: str) -> PrivateKey:
    if private is None:
        raise _bad(what, "it holds no private key")
    if not isinstance(private, PrivateKey):
        raise _bad(what, "its key is of a kind that TLS does not use here: make one of RSA or of an elliptic curve")
    return private


def _check_pair(chain: Sequence[x509.Certificate], private: PrivateKey, what: str) -> None:
    places = [place for place, one in enumerate(chain) if _public(one.public_key()) == _public(private.public_key())]
    if not places:
        raise _bad(what, f"the key does not belong to the certificate of {name_words(chain[0].subject)}")
    if places[0] > 0:
        raise _bad(what, f"the key belongs to certificate {places[0] + 1} of the file, which must be the first")
    if problem := order_problem(chain):
        raise _bad(what, f"{problem[0].lower()}{problem[1:].rstrip('.')}")


def _public(key: object) -> bytes:
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        return b""
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _bad(what: str, cause: str) -> InputError:
    return InputError(ErrorCode.INPUT_CERTIFICATE, what=what, cause=cause)
