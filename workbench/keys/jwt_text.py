"""Reading a JWT that somebody pasted or made, offline: header, claims, and which of the keys at hand signed it.

The text itself is not kept: what is given back holds no signature. RFC 7515 and 7519; keys named inside a JWT
(`jku`, `x5u`, `jwk`) are never used and never fetched.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jwt

from workbench.errors import ErrorCode, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST = 64 * 1024
ALGORITHM = "RS512"
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class JwtFacts:
    """A JWT without its signature."""

    header: Mapping[str, object]
    claims: Mapping[str, object]
    signed_by: str = ""
    """Name of the key that made the signature; empty where none of the keys at hand did."""
    unsigned: bool = False
    """Whether its third part is empty."""

    @property
    def kid(self) -> str:
        """The key that it names; empty when it names none."""
        named = self.header.get("kid")
        return named if isinstance(named, str) else ""


def read_jwt(text: str, keys: Iterable[Mapping[str, str]] = ()) -> JwtFacts:
    """The facts of a JWT, `Bearer` in front and line breaks allowed; `keys` are public JWKs.

    InputError `input.token` says what it is instead.
    """
    word, _, rest = text.strip().partition(" ")
    token = _BLANKS.sub("", rest if word.lower() == "bearer" else text)
    if not token:
        raise _no_jwt("nothing was given")
    if len(token) > LONGEST:
        raise _no_jwt("it is longer than any token")
    pieces = token.count(".") + 1
    if pieces == 1:
        raise _no_jwt("it has no dots. The platform's access tokens are opaque: only the platform can read them")
    if pieces == 5:
        raise _no_jwt("it has five parts, so it is encrypted (JWE)")
    if pieces != 3:
        raise _no_jwt(f"it has {pieces} parts, and a JWT has three")
    found = jwt_parts(token)
    if found is None:
        raise _no_jwt("its first two parts are not base64url of JSON objects")
    header, claims = found
    named = [dict(key) for key in keys]
    first = sorted(named, key=lambda key: key.get("kid") != header.get("kid"))
    signer = next((key.get("kid", "") for key in first if verifies(token, key)), "")
    return JwtFacts(header, claims, signer, token.endswith("."))


def jwt_parts(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """Header and claims, unverified; None when it is no JWT."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        header, claims = (json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in parts[:2])
    except (binascii.Error, ValueError, RecursionError):
        return None
    return (header, claims) if isinstance(header, dict) and isinstance(claims, dict) else None


def verifies(token: str, key: Mapping[str, Any]) -> bool:
    """Whether the RS512 signature is of this public JWK; a key that cannot be used verifies nothing."""
    try:
        jwt.api_jws.decode(token, jwt.PyJWK(dict(key), algorithm=ALGORITHM), algorithms=[ALGORITHM])
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
        return False
    return True


def _no_jwt(cause: str) -> InputError:
    return InputError(ErrorCode.INPUT_TOKEN, what="What was pasted", cause=cause)
