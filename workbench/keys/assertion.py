"""The client assertion of the platform's token endpoint: a JWT signed with RS512.

API specification, security: header `alg`, `typ`, `kid`; claims `iss`, `sub`, `aud`, `jti`, `exp` and nothing more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import jwt

if TYPE_CHECKING:
    from datetime import datetime

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
