"""Why a secure connection could not be made, each cause with its own code; the certificate adds names and dates.

OpenSSL's words are looked at here and nowhere else. Must not open anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import ErrorCode
from workbench.transport.tls_chain import date_problem, day, facts_of, read_chain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

SOMEBODY = "an authority"
_SIGNS: tuple[tuple[str, ErrorCode], ...] = (
    ("certificate required", ErrorCode.NET_TLS_CLIENT_MISSING),
    ("certificate has expired", ErrorCode.NET_TLS_EXPIRED),
    ("not yet valid", ErrorCode.NET_TLS_EARLY),
    ("hostname mismatch", ErrorCode.NET_TLS_HOST),
    ("ip address mismatch", ErrorCode.NET_TLS_HOST),
    ("doesn't match", ErrorCode.NET_TLS_HOST),
    ("self-signed certificate in certificate chain", ErrorCode.NET_TLS_AUTHORITY),
    ("self signed certificate in certificate chain", ErrorCode.NET_TLS_AUTHORITY),
    ("self-signed certificate", ErrorCode.NET_TLS_SELF_SIGNED),
    ("self signed certificate", ErrorCode.NET_TLS_SELF_SIGNED),
    ("unable to get local issuer", ErrorCode.NET_TLS_AUTHORITY),
    ("unable to get issuer", ErrorCode.NET_TLS_AUTHORITY),
    ("unable to verify the first", ErrorCode.NET_TLS_AUTHORITY),
    ("protocol version", ErrorCode.NET_TLS_OLD),
    ("unsupported protocol", ErrorCode.NET_TLS_OLD),
)
_REFUSALS: tuple[tuple[str, str], ...] = (
    ("alert unknown ca", "its authority is not one the server knows"),
    ("alert certificate expired", "it has expired"),
    ("alert certificate revoked", "it was revoked"),
    ("alert bad certificate", "the server calls it bad"),
    ("alert unsupported certificate", "the server does not take its kind"),
    ("alert certificate unknown", "the server gives no reason"),
    ("alert access denied", "its owner has no access"),
)
"""What a server says of the certificate that was shown to it (RFC 8446, 6.2)."""
EXPLAINED = frozenset(
    {
        ErrorCode.NET_TLS_AUTHORITY,
        ErrorCode.NET_TLS_SELF_SIGNED,
        ErrorCode.NET_TLS_HOST,
        ErrorCode.NET_TLS_EXPIRED,
        ErrorCode.NET_TLS_EARLY,
    }
)
"""What the certificate of the server tells more about."""
NOTHING_TAKEN = EXPLAINED | {
    ErrorCode.NET_TLS_OLD,
    ErrorCode.NET_TLS_CLIENT_MISSING,
    ErrorCode.NET_TLS_CLIENT_REFUSED,
    ErrorCode.NET_PLAIN_PORT,
}
"""The server never came to read a request: in TLS 1.3 it refuses a client only after that one believed to be in."""


def tls_code(words: str) -> tuple[ErrorCode, dict[str, object]]:
    """The code of what OpenSSL said, with the facts its sentence needs."""
    said = words.lower().replace("_", " ")
    if "wrong version number" in said or "record layer failure" in said:
        return ErrorCode.NET_PLAIN_PORT, {}
    for sign, cause in _REFUSALS:
        if sign in said:
            return ErrorCode.NET_TLS_CLIENT_REFUSED, {"cause": cause}
    for sign, code in _SIGNS:
        if sign in said:
            return code, _unseen(code)
    return ErrorCode.NET_TLS, {"cause": words[:200]}


def seen_facts(code: ErrorCode, chain: Sequence[bytes], now: datetime) -> dict[str, object]:
    """The facts of an EXPLAINED code, from the certificates the server shows; as unseen ones where it shows none."""
    try:
        certificates = read_chain(chain)
    except ValueError:
        certificates = ()
    if not certificates:
        return _unseen(code)
    read = [facts_of(one) for one in certificates]
    dated = next((one for one in read if date_problem(one, now)), read[0])
    return {
        "issuer": read[0].issuer if code is ErrorCode.NET_TLS_SELF_SIGNED else read[-1].issuer,
        "names": ", ".join(read[0].names) or f"{read[0].subject}, without any host name",
        "expired": date_problem(dated, now) or "has expired",
        "valid": date_problem(dated, now) or "is not valid yet",
        "now": day(now),
    }


def _unseen(code: ErrorCode) -> dict[str, object]:
    """What a sentence says as long as nobody has looked at the certificate."""
    issuer = "by itself" if code is ErrorCode.NET_TLS_SELF_SIGNED else SOMEBODY
    now = "another time"
    return {"issuer": issuer, "names": "other names", "expired": "has expired", "valid": "is not valid yet", "now": now}
