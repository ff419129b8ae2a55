"""A test authority of this workspace's own, and the certificates of servers and callers it issues (RFC 5280).

Elliptic-curve keys, made in a millisecond; it can sign no further authority. Pure but for randomness; must not know
files, or where keys are kept.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from workbench.errors import ErrorCode, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

AUTHORITY_DAYS = 730
SERVER_DAYS = 397
"""The longest that common clients take for a server's certificate."""
_BACKDATED = timedelta(minutes=5)
"""A clock that is a little late shall not refuse what was made just now."""
_LONGEST_NAME = 253
_LONGEST_COMMON_NAME = 64


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate that others are told to trust, with its key; the key shows in no text form."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False, compare=False)

    @property
    def pem(self) -> bytes:
        """The certificate for the other side, without the key."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def to_secret(self) -> bytes:
        """Certificate and key as the vault keeps them: DER of both, the certificate's length in front."""
        certificate = self.certificate.public_bytes(serialization.Encoding.DER)
        key = self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return len(certificate).to_bytes(4, "big") + certificate + key

    @classmethod
    def from_secret(cls, secret: bytes) -> Authority:
        """What `to_secret` gave; InputError where it is something else."""
        length = int.from_bytes(secret[:4], "big")
        try:
            certificate = x509.load_der_x509_certificate(secret[4 : 4 + length])
            key = serialization.load_der_private_key(secret[4 + length :], None)
        except ValueError as error:
            raise _bad("The test authority", "what is kept of it is damaged: make a new one") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise _bad("The test authority", "its key is of another kind: make a new one")
        return cls(certificate, key)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its chain, its own first, and its key; the key shows in no text form."""

    chain: tuple[x509.Certificate, ...]
    key: ec.EllipticCurvePrivateKey = field(repr=False, compare=False)


def make_authority(title: str, now: datetime) -> Authority:
    """A new authority; `title` is its common name, so that a person finds it in a list of trusted ones again."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "BaRS Workbench, for tests only"),
            x509.NameAttribute(NameOID.COMMON_NAME, title[:64]),
        ]
    )
    certificate = (
        _begun(name, name, key, now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate, key)


def issue(authority: Authority, names: Iterable[str], now: datetime) -> Issued:
    """A server certificate for these host names and addresses; InputError for none, or one that is no name."""
    chosen = tuple(dict.fromkeys(name.strip().lower() for name in names if name.strip()))
    if not chosen:
        raise _bad("The certificate", "it needs one name or address at least")
    named = [general_name(name) for name in chosen]
    return _issued(authority, chosen[0][:_LONGEST_COMMON_NAME], named, ExtendedKeyUsageOID.SERVER_AUTH, now)


def issue_client(authority: Authority, name: str, now: datetime) -> Issued:
    """A certificate by which a caller shows who it is; InputError for a name that is empty or too long."""
    name = name.strip()
    if not 0 < len(name) <= _LONGEST_COMMON_NAME or not name.isprintable():
        raise _bad("The certificate", f"it needs a name of 1 to {_LONGEST_COMMON_NAME} characters")
    return _issued(authority, name, [], ExtendedKeyUsageOID.CLIENT_AUTH, now)


def _issued(
    authority: Authority, title: str, names: list[x509.GeneralName], purpose: x509.ObjectIdentifier, now: datetime
) -> Issued:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])
    until = authority.certificate.not_valid_after_utc
    days = min(SERVER_DAYS, (until - now).days)
    if days < 1:
        raise _bad("The test authority", f"it ends on {until:%d %B %Y}: make a new one")
    begun = _begun(subject, authority.certificate.subject, key, now, days, signer=authority.key)
    if names:
        begun = begun.add_extension(x509.SubjectAlternativeName(names), critical=False)
    certificate = (
        begun.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    return Issued((certificate, authority.certificate), key)


def general_name(text: str) -> x509.GeneralName:
    """A host name or address as certificates say it; InputError for what is neither."""
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        pass
    plain = text.removeprefix("*.")
    labels = plain.split(".")
    proper = plain.isascii() and len(text) <= _LONGEST_NAME and all(_is_label(one) for one in labels)
    if not proper:
        raise _bad(f"The name '{text}'", "it is neither a host name nor an address")
    return x509.DNSName(text)


def _is_label(text: str) -> bool:
    """One part of a host name (RFC 1123, 2.1)."""
    inner = text.replace("-", "")
    return 0 < len(text) <= 63 and inner.isalnum() and text[0] != "-" and text[-1] != "-"


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    days: int,
    *,
    signer: ec.EllipticCurvePrivateKey | None = None,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key((signer or key).public_key()), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _bad(what: str, cause: str) -> InputError:
    return InputError(ErrorCode.INPUT_CERTIFICATE, what=what, cause=cause)
