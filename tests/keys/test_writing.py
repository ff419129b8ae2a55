"""A key exported with a passphrase: other programs read it, and nothing clear is in it."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from workbench.errors import ErrorCode, VaultError
from workbench.keys import encrypted_pem, generate_private_pem, load_private_pem
from workbench.keys.authority import issue_client, make_authority
from workbench.keys.writing import certificate_pem, certificate_pkcs12

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

PASSPHRASE = "correct horse battery: ä"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def private() -> RSAPrivateKey:
    return load_private_pem(generate_private_pem(2048))


def test_the_library_reads_what_was_written_and_no_two_are_alike(private: RSAPrivateKey) -> None:
    text = encrypted_pem(private, PASSPHRASE)
    read = serialization.load_pem_private_key(text.encode(), PASSPHRASE.encode())
    assert read.private_numbers() == private.private_numbers()  # type: ignore[union-attr]
    assert text.splitlines()[1:-1] != encrypted_pem(private, PASSPHRASE).splitlines()[1:-1]
    with pytest.raises(ValueError, match="password"):
        serialization.load_pem_private_key(text.encode(), b"another passphrase")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here")
def test_openssl_reads_it_with_scrypt_as_its_derivation(private: RSAPrivateKey, tmp_path: Path) -> None:
    file, words = tmp_path / "key.pem", tmp_path / "words"
    file.write_text(encrypted_pem(private, PASSPHRASE), encoding="utf-8")
    words.write_text(PASSPHRASE, encoding="utf-8")
    shown = subprocess.run(["openssl", "asn1parse", "-in", file], capture_output=True, check=True, text=True).stdout
    assert [name in shown for name in (":PBES2", ":scrypt", ":aes-256-cbc", ":4000")] == [True] * 4
    done = subprocess.run(
        ["openssl", "pkey", "-in", file, "-passin", f"file:{words}"], capture_output=True, check=True
    ).stdout
    assert load_private_pem(done).private_numbers() == private.private_numbers()


def test_a_passphrase_of_fourteen_characters_is_too_short(private: RSAPrivateKey) -> None:
    with pytest.raises(VaultError) as raised:
        encrypted_pem(private, "fourteen chars")
    assert raised.value.code is ErrorCode.VAULT_SHORT_PASSPHRASE
    assert raised.value.sentence == "The passphrase has fewer than 15 characters."


def test_a_certificate_leaves_with_its_chain_and_key_under_the_passphrase_as_pem_and_as_pkcs12() -> None:
    authority = make_authority("x", NOW)
    issued = issue_client(authority, "Hill 111", NOW)
    text = certificate_pem(issued.chain, issued.key, PASSPHRASE)
    assert x509.load_pem_x509_certificates(text.encode()) == list(issued.chain)
    read = serialization.load_pem_private_key(text[text.index("-----BEGIN ENCRYPTED") :].encode(), PASSPHRASE.encode())
    assert read.private_numbers() == issued.key.private_numbers()  # type: ignore[union-attr]
    packed = certificate_pkcs12(issued.chain, issued.key, PASSPHRASE, "Hill 111")
    key, certificate, more = pkcs12.load_key_and_certificates(packed, PASSPHRASE.encode())
    assert (certificate, more) == (issued.chain[0], [authority.certificate])
    assert key.private_numbers() == issued.key.private_numbers()  # type: ignore[union-attr]
    for make in (certificate_pem, certificate_pkcs12):
        with pytest.raises(VaultError):
            make(issued.chain, issued.key, "too short", *["n"] * (make is certificate_pkcs12))
