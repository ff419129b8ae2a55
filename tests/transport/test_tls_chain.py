"""Certificates read and judged: names, hosts, dates, order, who signed whom; also tls_failures, the words for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from workbench.errors import ErrorCode, wording
from workbench.transport.tls_chain import (
    date_problem,
    day,
    ends_soon,
    facts_of,
    fits_host,
    order_problem,
    read_chain,
    signer_of,
)
from workbench.transport.tls_failures import EXPLAINED, SOMEBODY, seen_facts, tls_code

NOW = datetime(2026, 10, 14, 9, 2, tzinfo=UTC)


def certificate(pem: trustme.Blob) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.bytes())


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA(organization_name="Hill Authority", organization_unit_name="Root")


@pytest.fixture(scope="module")
def leaf(ca: trustme.CA) -> x509.Certificate:
    made = ca.issue_cert(
        "one.example",
        "*.two.example",
        "127.0.0.1",
        common_name="one.example",
        organization_name="Hill Clinic",
        not_before=NOW - timedelta(days=10),
        not_after=NOW + timedelta(days=20),
    )
    return certificate(made.cert_chain_pems[0])


def test_facts_of_a_certificate(ca: trustme.CA, leaf: x509.Certificate) -> None:
    facts = facts_of(leaf)
    assert facts.subject == "one.example, Hill Clinic"
    assert facts.issuer == "Root, Hill Authority"
    assert facts.names == ("one.example", "*.two.example", "127.0.0.1")
    assert (facts.authority, facts.self_signed) == (False, False)
    assert facts.dates == "valid from 4 October 2026 09:02 UTC to 3 November 2026 09:02 UTC"
    assert len(facts.fingerprint.split(":")) == 32
    root = facts_of(certificate(ca.cert_pem))
    assert (root.authority, root.self_signed, root.names) == (True, True, ())


@pytest.mark.parametrize(
    ("host", "fits"),
    [
        ("one.example", True),
        ("ONE.example.", True),
        ("a.two.example", True),
        ("two.example", False),
        ("a.b.two.example", False),
        ("127.0.0.1", True),
        ("127.0.0.2", False),
        ("other.example", False),
    ],
)
def test_names_cover_hosts_as_the_standard_says(leaf: x509.Certificate, host: str, fits: bool) -> None:
    assert fits_host(facts_of(leaf).names, host) is fits


def test_dates_are_judged_at_a_time(leaf: x509.Certificate) -> None:
    facts = facts_of(leaf)
    assert date_problem(facts, NOW) == ""
    assert date_problem(facts, NOW + timedelta(days=21)) == "expired on 3 November 2026 09:02 UTC"
    assert date_problem(facts, NOW - timedelta(days=11)) == "is valid only from 4 October 2026 09:02 UTC"
    assert ends_soon(facts, NOW) == "ends in 20 days, on 3 November 2026 09:02 UTC"
    assert ends_soon(facts, NOW - timedelta(days=11)) == ""
    assert ends_soon(facts, NOW + timedelta(days=21)) == ""


def test_the_signer_is_proved_by_its_signature(ca: trustme.CA, leaf: x509.Certificate) -> None:
    root = certificate(ca.cert_pem)
    namesake = certificate(trustme.CA(organization_name="Hill Authority", organization_unit_name="Root").cert_pem)
    assert signer_of(leaf, [namesake, root]) == root
    assert signer_of(leaf, [namesake]) is None


def test_a_chain_out_of_order_is_told_by_name(ca: trustme.CA, leaf: x509.Certificate) -> None:
    root = certificate(ca.cert_pem)
    assert order_problem([leaf, root]) == ""
    assert "Certificate 1 (Root, Hill Authority)" in order_problem([root, leaf])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required", "net.tls-client-missing"),
        ("[SSL: TLSV1_ALERT_UNKNOWN_CA] tlsv1 alert unknown ca (_ssl.c:1)", "net.tls-client-refused"),
        ("[SSL: SSLV3_ALERT_CERTIFICATE_EXPIRED] sslv3 alert certificate expired", "net.tls-client-refused"),
        ("[SSL: SSLV3_ALERT_BAD_CERTIFICATE] sslv3 alert bad certificate", "net.tls-client-refused"),
        ("certificate verify failed: certificate has expired (_ssl.c:1)", "net.tls-expired"),
        ("certificate verify failed: certificate is not yet valid", "net.tls-early"),
        ("certificate verify failed: Hostname mismatch, certificate is not valid for 'x'", "net.tls-host"),
        ("certificate verify failed: IP address mismatch, certificate is not valid for '1'", "net.tls-host"),
        ("certificate verify failed: self-signed certificate (_ssl.c:1)", "net.tls-self-signed"),
        ("certificate verify failed: self-signed certificate in certificate chain", "net.tls-authority"),
        ("certificate verify failed: unable to get local issuer certificate", "net.tls-authority"),
        ("[SSL: UNSUPPORTED_PROTOCOL] unsupported protocol", "net.tls-old"),
        ("[SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 alert protocol version", "net.tls-old"),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number", "net.plain-port"),
        ("[SSL: RECORD_LAYER_FAILURE] record layer failure", "net.plain-port"),
        ("[SSL: NO_CIPHERS_AVAILABLE] no ciphers available", "net.tls"),
    ],
)
def test_each_fault_of_tls_has_its_code_and_its_sentence(words: str, code: str) -> None:
    found, facts = tls_code(words)
    assert found.value == code
    said = wording(found, what="a.example:443", **facts)
    assert "a.example:443" in said.sentence
    assert "{" not in said.sentence + said.next_step


def test_a_certificate_that_was_looked_at_gives_names_and_dates(ca: trustme.CA, leaf: x509.Certificate) -> None:
    chain = [leaf.public_bytes(Encoding.DER), certificate(ca.cert_pem).public_bytes(Encoding.DER)]
    late = NOW + timedelta(days=30)
    facts = seen_facts(ErrorCode.NET_TLS_EXPIRED, chain, late)
    assert facts["expired"] == "expired on 3 November 2026 09:02 UTC"
    assert facts["now"] == day(late)
    assert facts["names"] == "one.example, *.two.example, 127.0.0.1"
    assert facts["issuer"] == "Root, Hill Authority"
    own = seen_facts(ErrorCode.NET_TLS_SELF_SIGNED, chain[1:], NOW)
    assert (own["issuer"], own["names"]) == ("Root, Hill Authority", "Root, Hill Authority, without any host name")
    assert read_chain(chain)[0] == leaf


@pytest.mark.parametrize("chain", [[], [b"no certificate"]])
def test_what_shows_no_certificate_is_told_without_names(chain: list[bytes]) -> None:
    for code in EXPLAINED:
        said = wording(code, what="a.example", **seen_facts(code, chain, NOW))
        assert "{" not in said.sentence
    assert seen_facts(ErrorCode.NET_TLS_AUTHORITY, chain, NOW)["issuer"] == SOMEBODY
