"""The headers of answers by a person's wish: the usual ones, the least there may be, or all that OWASP advises.

Senders must not expect more than HTTP and the two ids (Core, HTTP response headers): these show whether they do.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from workbench.standard.secure_headers import secure_headers

if TYPE_CHECKING:
    from workbench.exchange import Response


class HeaderSet(StrEnum):
    """Which headers an answer has."""

    USUAL = "usual"
    LEAST = "least"
    """What HTTP itself needs and the two ids."""
    ADVISED = "advised"
    """Also every header of the OWASP list that an answer of an interface may have."""


_OURS = frozenset({"cache-control", "x-content-type-options"})
"""What the usual answer has beyond the least."""
_NEVER = "none"
"""Level of what is not asked of an interface, for example Clear-Site-Data."""
_FALLBACK = "camera=(), geolocation=(), microphone=()"
"""For the list that is too long to be published as one value: Permissions-Policy."""


def with_headers(response: Response, wanted: HeaderSet) -> Response:
    """The same answer with another set of headers; its status, body and ids stay as they are."""
    if wanted is HeaderSet.USUAL:
        return response
    if wanted is HeaderSet.LEAST:
        return replace(response, headers=tuple(row for row in response.headers if row[0].lower() not in _OURS))
    added = [(one.name, one.value or _FALLBACK) for one in secure_headers().add if one.level != _NEVER]
    names = {name.lower() for name, _ in added}
    return replace(response, headers=(*(row for row in response.headers if row[0].lower() not in names), *added))
