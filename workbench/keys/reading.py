"""Private keys out of any file a person may hold: PEM, DER, PKCS#12 and JWK, encrypted or not.

Takes bytes and a passphrase and gives keys; slow on purpose-made input, so it is meant for a worker process. Must not
know where keys are kept.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import jwt
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from jwt.algorithms import RSAAlgorithm

from workbench.errors import ErrorCode, InputError
from workbench.keys.key_forms import is_der, is_pkcs12, jwk_rows, other_form
from workbench.keys.signing_key import checked_rsa, private_pem, public_jwk, thumbprint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

WHAT = "The key"
MOST_KEYS = 20
_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----.*?-----END \1-----", re.DOTALL)
_KEY_BAGS = tuple(b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01" + kind for kind in (b"\x01", b"\x02"))
"""How keyBag and pkcs8ShroudedKeyBag stand in a PKCS#12 file (RFC 7292, appendix D)."""
_MANY_BAGS = "it is a PKCS#12 file with more than one private key: export the one you need with 'keytool' or 'openssl'"
_JWK_MEMBERS = ("n", "e", "d", "p", "q", "dp", "dq", "qi")
_UNREADABLE = "it cannot be read as a private key"
_NO_RSA = "it is no RSA key, and the platform signs with RSA (RS512) only"
_OTHER_CERTIFICATE = "the certificate beside it belongs to another key"


@dataclass(frozen=True, slots=True)
class FoundKey:
    """An RSA key out of a file."""

    pem: bytes = field(repr=False)
    """PKCS#8 PEM, not encrypted: for memory only."""
    name: str
    """What the file calls it, empty when it has no name."""
    bits: int
    thumbprint: str


def read_keys(content: bytes, passphrase: str = "") -> tuple[FoundKey, ...]:
    """Every usable private key of a file, each once, in the order of the file; at least one.

    InputError `input.key` says what the file is instead, `input.key-passphrase` what is wrong with the passphrase.
    """
    text = content.removeprefix(b"\xef\xbb\xbf")
    blocks = [match.group(0) for match in _BLOCK.finditer(text)][:MOST_KEYS]
    if text.strip().startswith(b"-----BEGIN OPENSSH PRIVATE KEY"):
        blocks = []
    if blocks:
        return _from_pem(text, blocks, passphrase)
    if is_pkcs12(content):
        return _from_pkcs12(content, passphrase)
    if rows := [row for row in jwk_rows(text) if "d" in row]:
        return _usable([partial(_from_jwk, row) for row in rows[:MOST_KEYS]])
    if known := other_form(text):
        raise _bad(known)
    if is_der(content):
        return (_found(_opened(content, passphrase, _der)),)
    public = b"PUBLIC KEY-----" in text
    raise _bad("this is the public half" if public else "it is no private key in PEM, PKCS#12 or JWK form")


def _from_pem(text: bytes, blocks: Sequence[bytes], passphrase: str) -> tuple[FoundKey, ...]:
    certificates = _certificates(text)

    def read(block: bytes) -> FoundKey:
        key = _opened(block, passphrase, _pem)
        _check_certificates(key, certificates)
        return _found(key)

    return _usable([partial(read, block) for block in blocks])


def _usable(readers: Sequence[Callable[[], FoundKey]]) -> tuple[FoundKey, ...]:
    """What can be used of several; where nothing can, the first refusal is raised."""
    found: dict[str, FoundKey] = {}
    refused: InputError | None = None
    for read in readers:
        try:
            key = read()
        except InputError as error:
            refused = refused or error
        else:
            found.setdefault(key.thumbprint, key)
    if refused is not None and not found:
        raise refused
    return tuple(found.values())


def _opened(content: bytes, passphrase: str, load: Callable[[bytes, bytes | None], object]) -> object:
    """A key that may be encrypted; the three faults of a passphrase have a sentence each."""
    try:
        key = load(content, None)
    except TypeError:
        if not passphrase:
            raise _passphrase("it is encrypted, and no passphrase was given") from None
    except (ValueError, UnsupportedAlgorithm):
        raise _bad(_UNREADABLE) from None
    else:
        if passphrase:
            raise _passphrase("it is not encrypted, but a passphrase was given")
        return key
    try:
        return load(content, passphrase.encode())
    except (ValueError, TypeError):
        raise _passphrase("the passphrase does not fit, or the file is damaged") from None
    except UnsupportedAlgorithm:
        raise _bad("it is encrypted in a way that is not known here: write it anew with 'openssl pkcs8'") from None


def _pem(content: bytes, passphrase: bytes | None) -> object:
    return serialization.load_pem_private_key(content, passphrase)


def _der(content: bytes, passphrase: bytes | None) -> object:
    return serialization.load_der_private_key(content, passphrase)


def _from_pkcs12(content: bytes, passphrase: str) -> tuple[FoundKey, ...]:
    if sum(content.count(bag) for bag in _KEY_BAGS) > 1:
        raise _bad(_MANY_BAGS)
    holder = None
    for password in (passphrase.encode(),) if passphrase else (None, b""):
        try:
            holder = pkcs12.load_pkcs12(content, password)
            break
        except ValueError:
            continue
        except UnsupportedAlgorithm:
            raise _bad("it is encrypted in a way that is not known here: write it anew with 'openssl pkcs12'") from None
    if holder is None:
        none = "it is encrypted, and no passphrase was given"
        raise _passphrase("the passphrase does not fit, or the file is damaged" if passphrase else none)
    if holder.key is None:
        raise _bad("it is a PKCS#12 file with certificates only, and no private key")
    mine = holder.cert
    _check_certificates(holder.key, [mine.certificate] if mine is not None else [])
    name = mine.friendly_name if mine is not None else None
    return (_found(holder.key, (name or b"").decode("utf-8", "replace")),)


def _from_jwk(row: Mapping[str, object]) -> FoundKey:
    if row.get("kty") != "RSA":
        raise _bad(_NO_RSA)
    members = {name: row[name] for name in _JWK_MEMBERS if name in row}
    if "oth" in row or not all(isinstance(value, str) for value in members.values()):
        raise _bad(_UNREADABLE)
    try:
        key = RSAAlgorithm.from_jwk(json.dumps({"kty": "RSA", **members}))
    except (jwt.InvalidKeyError, ValueError, KeyError, TypeError):
        raise _bad(_UNREADABLE) from None
    name = row.get("kid")
    return _found(key, name if isinstance(name, str) else "")


def _found(key: object, name: str = "") -> FoundKey:
    private = checked_rsa(key, WHAT)
    jwk = public_jwk(private.public_key(), name)
    return FoundKey(private_pem(private), name, private.key_size, thumbprint(jwk))


def _certificates(text: bytes) -> list[x509.Certificate]:
    if b"-----BEGIN CERTIFICATE-----" not in text:
        return []
    try:
        return x509.load_pem_x509_certificates(text)
    except ValueError:
        raise _bad("the certificate beside it cannot be read") from None


def _check_certificates(key: object, certificates: Sequence[x509.Certificate]) -> None:
    """A file with certificates has one of the key; else the file was put together wrongly."""
    if not certificates or not isinstance(key, rsa.RSAPrivateKey):
        return
    mine = key.public_key().public_numbers()
    for one in certificates:
        try:
            public = one.public_key()
        except (ValueError, UnsupportedAlgorithm):
            continue
        if isinstance(public, rsa.RSAPublicKey) and public.public_numbers() == mine:
            return
    raise _bad(_OTHER_CERTIFICATE)


def _bad(cause: str) -> InputError:
    return InputError(ErrorCode.INPUT_KEY, what=WHAT, cause=cause)


def _passphrase(cause: str) -> InputError:
    return InputError(ErrorCode.INPUT_KEY_PASSPHRASE, what=WHAT, cause=cause)
