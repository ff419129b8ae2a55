"""The test authority: what it issues is taken by OpenSSL for the names asked for, and by nobody without it."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509 import verification
from cryptography.x509.oid import ExtendedKeyUsageOID

from workbench.errors import InputError
from workbench.keys.authority import AUTHORITY_DAYS, Authority, general_name, issue, issue_client, make_authority

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def verifier(authority: Authority, name: str, now: datetime = NOW) -> verification.ServerVerifier:
    builder = verification.PolicyBuilder().store(verification.Store([authority.certificate])).time(now)
    try:
        return builder.build_server_verifier(x509.IPAddress(ipaddress.ip_address(name)))
    except ValueError:
        return builder.build_server_verifier(x509.DNSName(name))


def test_a_certificate_is_good_for_its_names_and_for_no_other() -> None:
    authority = make_authority("Test authority of Hill", NOW)
    issued = issue(authority, ["receiver.example", "192.0.2.7", "::1", "receiver.example"], NOW)
    for name in ("receiver.example", "192.0.2.7", "::1"):
        assert verifier(authority, name).verify(issued.chain[0], [])
    for name in ("other.example", "192.0.2.8"):
        with pytest.raises(verification.VerificationError):
            verifier(authority, name).verify(issued.chain[0], [])
    with pytest.raises(verification.VerificationError):
        verifier(make_authority("Another", NOW), "receiver.example").verify(issued.chain[0], [])
    with pytest.raises(verification.VerificationError):
        verifier(authority, "receiver.example", NOW + timedelta(days=400)).verify(issued.chain[0], [])


def test_it_signs_no_further_authority() -> None:
    constraints = make_authority("x", NOW).certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.critical, constraints.value.ca, constraints.value.path_length) == (True, True, 0)


def test_it_comes_out_of_a_secret_as_it_went_in_and_shows_its_key_nowhere() -> None:
    authority = make_authority("x", NOW)
    again = Authority.from_secret(authority.to_secret())
    assert again.certificate == authority.certificate
    assert again.key.private_numbers() == authority.key.private_numbers()
    assert b"PRIVATE" not in authority.pem
    secret = str(authority.key.private_numbers().private_value)
    assert secret not in repr(authority) + repr(issue(authority, ["a.example"], NOW))
    with pytest.raises(InputError, match="damaged"):
        Authority.from_secret(authority.to_secret()[:-9])


@pytest.mark.parametrize(
    "names", [[], [" "], ["a b"], ["-a.example"], ["a..b"], ["é.example"], ["a" * 64], ["1.2.3.4/24"]]
)
def test_what_is_no_name_is_refused(names: list[str]) -> None:
    with pytest.raises(InputError):
        issue(make_authority("x", NOW), names, NOW)


def test_names_and_addresses_are_told_apart() -> None:
    assert isinstance(general_name("10.0.0.1"), x509.IPAddress)
    assert isinstance(general_name("localhost"), x509.DNSName)


def test_an_authority_whose_time_is_over_issues_nothing() -> None:
    with pytest.raises(InputError, match="make a new one"):
        issue(make_authority("x", NOW), ["a.example"], NOW + timedelta(days=AUTHORITY_DAYS))


def test_a_certificate_for_a_caller_is_good_for_callers_alone() -> None:
    authority = make_authority("Test authority of Hill", NOW)
    issued = issue_client(authority, " Hill 111 ", NOW)
    assert issued.chain[0].subject.rfc4514_string() == "CN=Hill 111"
    usage = issued.chain[0].extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    issued.chain[0].verify_directly_issued_by(authority.certificate)
    with pytest.raises(verification.VerificationError):
        verifier(authority, "hill.example").verify(issued.chain[0], [])
    for name in ("", "  ", "x" * 65, "a\nb"):
        with pytest.raises(InputError, match="1 to 64"):
            issue_client(authority, name, NOW)
