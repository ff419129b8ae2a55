"""Private keys out of files: every form that is taken, and every refusal in its own words; also key_forms."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from hypothesis import given, settings
from hypothesis import strategies as st
from jwt.algorithms import RSAAlgorithm

from workbench.errors import ErrorCode, InputError
from workbench.keys import FoundKey, SigningKey, encrypted_pem, generate_private_pem, load_private_pem, read_keys
from workbench.keys.signing_key import private_pem

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
PASSWORD = "a few words in a row"
PLAIN = serialization.NoEncryption()
LOCKED = serialization.BestAvailableEncryption(PASSWORD.encode())
PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
PKCS1, PKCS8 = serialization.PrivateFormat.TraditionalOpenSSL, serialization.PrivateFormat.PKCS8
NEXT = "Use an RSA private key of 2,048 bits or more: PEM, PKCS#12 or JWK."


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey("int-1", load_private_pem(generate_private_pem(2048)), ("int",), NOW)


@pytest.fixture(scope="module")
def other() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def written(
    private: object,
    encoding: serialization.Encoding = PEM,
    kind: serialization.PrivateFormat = PKCS8,
    lock: serialization.KeySerializationEncryption = PLAIN,
) -> bytes:
    return private.private_bytes(encoding, kind, lock)  # type: ignore[attr-defined]


def a_certificate(private: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mock")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
        .sign(private, hashes.SHA256())
    )


def as_jwk(key: SigningKey, *, short: bool = False) -> dict[str, str]:
    """The private key as a JWK, `short` without its primes."""
    row = json.loads(RSAAlgorithm.to_jwk(key.private))
    wanted = ("kty", "n", "e", "d") if short else ("kty", "n", "e", "d", "p", "q", "dp", "dq", "qi")
    return {**{name: row[name] for name in wanted}, "kid": key.kid}


def refused(content: bytes, passphrase: str = "") -> str:
    """The end of the sentence with which a file is refused for what it is."""
    with pytest.raises(InputError) as raised:
        read_keys(content, passphrase)
    assert (raised.value.code, raised.value.next_step) == (ErrorCode.INPUT_KEY, NEXT)
    start, found, cause = raised.value.sentence.partition("The key cannot be used as a signing key: ")
    assert (start, bool(found)) == ("", True)
    return cause


def test_every_form_of_a_private_key_is_taken(key: SigningKey) -> None:
    private, mine = key.private, a_certificate(key.private)
    text = written(private)
    table: dict[str, tuple[bytes, str, str]] = {
        "PKCS#8": (text, "", ""),
        "PKCS#1": (written(private, kind=PKCS1), "", ""),
        "encrypted PKCS#8": (written(private, lock=LOCKED), PASSWORD, ""),
        "encrypted PKCS#1": (written(private, kind=PKCS1, lock=LOCKED), PASSWORD, ""),
        "as exported here": (encrypted_pem(private, PASSWORD).encode(), PASSWORD, ""),
        "DER of PKCS#8": (written(private, DER), "", ""),
        "DER of PKCS#1": (written(private, DER, PKCS1), "", ""),
        "encrypted DER": (written(private, DER, lock=LOCKED), PASSWORD, ""),
        "PKCS#12": (pkcs12.serialize_key_and_certificates(b"int-7", private, mine, None, LOCKED), PASSWORD, "int-7"),
        "PKCS#12 without passphrase": (pkcs12.serialize_key_and_certificates(None, private, None, None, PLAIN), "", ""),
        "JWK": (json.dumps(as_jwk(key)).encode(), "", "int-1"),
        "JWK without primes": (json.dumps(as_jwk(key, short=True)).encode(), "", "int-1"),
        "key set": (json.dumps({"keys": [key.public_jwk(), as_jwk(key)]}).encode(), "", "int-1"),
        "with its certificate": (mine.public_bytes(PEM) + text, "", ""),
        "B77 mark, line ends, words around": (
            b"\xef\xbb\xbfBag Attributes\r\n" + text.replace(b"\n", b"\r\n") + b"\r\n",
            "",
            "",
        ),
        "twice the same": (text + text, "", ""),
    }
    for case, (content, passphrase, name) in table.items():
        found = read_keys(content, passphrase)
        assert found == (FoundKey(private_pem(private), name, 2048, key.thumbprint()),), case
    assert "PRIVATE" not in repr(read_keys(text))


def test_two_keys_in_a_file_are_both_found_and_a_bad_one_hides_no_good_one(
    key: SigningKey, other: rsa.RSAPrivateKey
) -> None:
    both = read_keys(written(key.private) + written(other))
    assert [one.pem for one in both] == [private_pem(key.private), private_pem(other)]
    curve = written(ec.generate_private_key(ec.SECP256R1()))
    assert [one.pem for one in read_keys(curve + written(other))] == [private_pem(other)]


def test_a_bad_key_is_told_in_these_words(key: SigningKey, other: rsa.RSAPrivateKey) -> None:
    private, public = key.private, key.private.public_key()
    good, no_rsa = written(private), "it is no RSA key, and the platform signs with RSA (RS512) only."
    form = "it is no private key in PEM, PKCS#12 or JWK form."
    half = "this is the public half."
    certificate = "it is a certificate, which holds the public half only."
    jwk = as_jwk(key)
    table = {
        "empty": (b"", form),
        "words": (b"words", form),
        "JSON without a key": (b'{"keys": 1}', form),
        "no JSON": (b"{", form),
        "one byte": (b"0", form),
        "B72 public half": (public.public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo), half),
        "B72 public half of PKCS#1": (public.public_bytes(PEM, serialization.PublicFormat.PKCS1), half),
        "B72 public half of OpenSSH": (b"ssh-rsa AAAA mock", "this is the public half, as OpenSSH writes it."),
        "B74 EC": (written(ec.generate_private_key(ec.SECP256R1())), no_rsa),
        "B74 EC of the old form": (written(ec.generate_private_key(ec.SECP256R1()), kind=PKCS1), no_rsa),
        "B74 Ed25519": (written(ed25519.Ed25519PrivateKey.generate()), no_rsa),
        "B74 DSA": (written(dsa.generate_private_key(1024)), no_rsa),
        "B74 EC as JWK": (b'{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "d": "AA"}', no_rsa),
        "B75 too short": (
            written(rsa.generate_private_key(65537, 1024)),
            "it has 1,024 bits, and at least 2,048 are asked for.",
        ),
        "cut short": (good[:300] + b"\n-----END PRIVATE KEY-----\n", "it cannot be read as a private key."),
        "without an end": (good[:300], form),
        "DER cut short": (written(private, DER)[:200], "it cannot be read as a private key."),
        "B78 PuTTY": (
            b"PuTTY-User-Key-File-3: ssh-rsa\r\n",
            "it is a PuTTY key (.ppk): export it from PuTTYgen as an OpenSSH key, then write it as PEM with "
            "'ssh-keygen -p -m pkcs8 -f KEY'.",
        ),
        "B78 OpenSSH": (
            written(private, kind=serialization.PrivateFormat.OpenSSH),
            "it is an OpenSSH key: write it as PEM with 'ssh-keygen -p -m pkcs8 -f KEY'.",
        ),
        "B78 Java": (
            b"\xfe\xed\xfe\xed\0\0\0\2",
            "it is a Java key store: export it as PKCS#12 with 'keytool -importkeystore'.",
        ),
        "B78 PKCS#12 with two keys": (
            pkcs12.serialize_key_and_certificates(None, private, None, None, PLAIN)
            + b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x02",
            "it is a PKCS#12 file with more than one private key: export the one you need with 'keytool' or 'openssl'.",
        ),
        "PKCS#12 without a key": (
            pkcs12.serialize_key_and_certificates(None, None, a_certificate(private), None, PLAIN),
            "it is a PKCS#12 file with certificates only, and no private key.",
        ),
        "certificate": (a_certificate(private).public_bytes(PEM), certificate),
        "certificate in DER": (a_certificate(private).public_bytes(DER), certificate),
        "B89 certificate of another key": (
            a_certificate(other).public_bytes(PEM) + good,
            "the certificate beside it belongs to another key.",
        ),
        "broken certificate": (
            b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n" + good,
            "the certificate beside it cannot be read.",
        ),
        "B79 key set": (json.dumps({"keys": [key.public_jwk()]}).encode(), "this is the public half, as a JWK."),
        "B79 shared secret": (
            b'{"kty": "oct", "k": "AA"}',
            "it is a shared secret (JWK of type oct), and the platform takes signatures by RSA only.",
        ),
        "JWK with a wrong number": (json.dumps({**jwk, "d": "AA"}).encode(), "it cannot be read as a private key."),
        "JWK with a number of JSON": (json.dumps({**jwk, "d": 7}).encode(), "it cannot be read as a private key."),
    }
    for case, (content, cause) in table.items():
        assert refused(content) == cause, case


def test_the_three_faults_of_a_passphrase_have_a_sentence_each(key: SigningKey) -> None:
    private = key.private
    files = {
        "PKCS#8": written(private, lock=LOCKED),
        "PKCS#1": written(private, kind=PKCS1, lock=LOCKED),
        "DER": written(private, DER, lock=LOCKED),
        "PKCS#12": pkcs12.serialize_key_and_certificates(None, private, None, None, LOCKED),
    }
    absent = "The key was not opened: it is encrypted, and no passphrase was given."
    wrong = "The key was not opened: the passphrase does not fit, or the file is damaged."
    clear = "The key was not opened: it is not encrypted, but a passphrase was given."
    asked = [(name, content, typed) for name, content in files.items() for typed in ("", "another passphrase")]
    for case, content, typed in (*asked, ("clear", written(private), "another passphrase")):
        with pytest.raises(InputError) as raised:
            read_keys(content, typed)
        assert raised.value.code is ErrorCode.INPUT_KEY_PASSPHRASE
        assert raised.value.sentence == (clear if case == "clear" else wrong if typed else absent), case
        assert typed == "" or typed not in str(raised.value)
        assert raised.value.next_step.startswith("Give the passphrase the file was written with")


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 10**9), form=st.integers(0, 4))
def test_a_spoilt_file_gives_keys_or_a_sentence(key: SigningKey, seed: int, form: int) -> None:
    forms = (
        written(key.private),
        written(key.private, DER),
        json.dumps(as_jwk(key)).encode(),
        written(key.private, lock=LOCKED),
        pkcs12.serialize_key_and_certificates(None, key.private, None, None, PLAIN),
    )
    chance, content = random.Random(seed), bytearray(forms[form])
    for _ in range(chance.randint(1, 4)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    try:
        sentence = f"{len(read_keys(bytes(content[: chance.randint(1, len(content))])))} found."
    except InputError as error:
        sentence = error.sentence
    assert sentence.endswith(".")
