"""The client assertion of the platform's token endpoint: a JWT signed with RS512, and reading one.

API specification, security: header `alg`, `typ`, `kid`; claims `iss`, `sub`, `aud`, `jti`, `exp` and nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import jwt

from workbench.errors import ErrorCode, InputError

if TYPE_CHECKING:
    from workbench.keys.signing_key import SigningKey

LIFETIME = timedelta(seconds=240)
"""The server takes up to 310 seconds; a minute is left for clocks that differ."""


def client_assertion(key: SigningKey, *, client_id: str, token_url: str, now: datetime, jti: str) -> str:
    """A signed assertion; `jti` must be fresh at every attempt, `now` is aware."""
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": token_url,
        "jti": jti,
        "exp": int((now + LIFETIME).timestamp()),
    }
    return jwt.encode(claims, key.private, algorithm="RS512", headers={"typ": "JWT", "kid": key.kid})


@dataclass(frozen=True, slots=True)
class AssertionFacts:
    """Header and claims for reading; the signature is left out."""

    header: tuple[tuple[str, str], ...]
    claims: tuple[tuple[str, str], ...]

    def rows(self) -> tuple[tuple[str, str], ...]:
        """Both, in the order a person looks for them; `exp` as a time, UTC."""
        found = dict((*self.header, *self.claims))
        if found.get("exp", "").isdigit():
            found["exp"] = f"{datetime.fromtimestamp(int(found['exp']), UTC):%d %B %Y, %H:%M:%S} UTC"
        first = [name for name in ("kid", "alg", "iss", "sub", "aud", "exp", "jti") if name in found]
        return tuple((name, found[name]) for name in (*first, *(n for n in found if n not in first and n != "typ")))


def decode_assertion(assertion: str) -> AssertionFacts:
    """Header and claims of an assertion, unverified; InputError `input.key` when it is no JWT."""
    try:
        header = jwt.get_unverified_header(assertion)
        claims = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError as error:
        raise InputError(ErrorCode.INPUT_KEY, what="The assertion", cause="it is no JWT") from error
    return AssertionFacts(_texts(header), _texts(claims))


def _texts(values: dict[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in values.items())
