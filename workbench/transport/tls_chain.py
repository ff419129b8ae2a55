"""Certificates read and judged: names, dates, who signed whom. Pure: from DER bytes and a time to facts and sentences.

Says what a person must know; whether a connection is trusted is decided by TLS itself. Must not open anything.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

DAYS_WARNED = 30
"""A certificate that ends within so many days is worth a warning."""


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What one certificate says."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    """Host names and addresses it is for."""
    not_before: datetime
    not_after: datetime
    authority: bool
    """Whether it may sign others (basic constraints, RFC 5280, 4.2.1.9)."""
    self_signed: bool
    fingerprint: str
    """SHA-256, hexadecimal pairs."""

    @property
    def dates(self) -> str:
        """From when until when, in words."""
        return f"valid from {day(self.not_before)} to {day(self.not_after)}"


def day(moment: datetime) -> str:
    """A moment as sentences about certificates show it: `14 October 2026 09:02 UTC`."""
    return f"{moment.day} {moment:%B %Y %H:%M} UTC"


def facts_of(certificate: x509.Certificate) -> CertificateFacts:
    """The facts of a certificate; an extension that cannot be read counts as absent."""
    return CertificateFacts(
        subject=name_words(certificate.subject) or ", ".join(_names(certificate)) or "nobody",
        issuer=name_words(certificate.issuer) or "nobody",
        names=_names(certificate),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        authority=is_authority(certificate),
        self_signed=certificate.issuer == certificate.subject,
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(":"),
    )


def read_chain(chain: Sequence[bytes]) -> tuple[x509.Certificate, ...]:
    """The certificates of a chain in its order; ValueError where one is none."""
    return tuple(x509.load_der_x509_certificate(der) for der in chain)


def name_words(name: x509.Name) -> str:
    """Who a name stands for: its common name with the organisation, or what there is."""
    common = [str(one.value) for one in name.get_attributes_for_oid(NameOID.COMMON_NAME)]
    owner = [str(one.value) for one in name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
    unit = [str(one.value) for one in name.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)]
    first = common or unit
    parts = [*first[:1], *(one for one in owner[:1] if one not in first)]
    return ", ".join(parts) or name.rfc4514_string()


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether it is the certificate of an authority."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def fits_host(names: Sequence[str], host: str) -> bool:
    """Whether one of a certificate's names covers a host (RFC 6125: `*` stands for the whole leftmost label only)."""
    wanted = host.lower().rstrip(".")
    if _is_address(wanted):
        return any(_is_address(name) and ipaddress.ip_address(name) == ipaddress.ip_address(wanted) for name in names)
    parent = wanted.partition(".")[2]
    return any(name.lower() == wanted or (name.startswith("*.") and name[2:].lower() == parent) for name in names)


def date_problem(facts: CertificateFacts, now: datetime) -> str:
    """What is wrong with its dates at a time, as the end of a sentence; empty when it is valid."""
    if now > facts.not_after:
        return f"expired on {day(facts.not_after)}"
    if now < facts.not_before:
        return f"is valid only from {day(facts.not_before)}"
    return ""


def ends_soon(facts: CertificateFacts, now: datetime) -> str:
    """A sentence when it ends within a month, else empty."""
    left = (facts.not_after - now).days
    return f"ends in {left} days, on {day(facts.not_after)}" if 0 <= left < DAYS_WARNED else ""


def order_problem(chain: Sequence[x509.Certificate]) -> str:
    """What is wrong with the order of a chain, as a sentence; empty when each is signed by the next."""
    for place, (one, following) in enumerate(pairwise(chain), 1):
        if one.issuer != following.subject:
            return (
                f"Certificate {place} ({name_words(one.subject)}) is signed by {name_words(one.issuer)}, but the next "
                f"one is {name_words(following.subject)}: the chain is out of order or holds too much."
            )
    return ""


def signer_of(certificate: x509.Certificate, candidates: Sequence[x509.Certificate]) -> x509.Certificate | None:
    """Which of the candidates has signed a certificate, proved by the signature itself."""
    for one in candidates:
        try:
            certificate.verify_directly_issued_by(one)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return one
    return None


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    hosts = found.get_values_for_type(x509.DNSName)
    return (*hosts, *(str(one) for one in found.get_values_for_type(x509.IPAddress)))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
