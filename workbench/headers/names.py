"""What may stand in a header line at all: names and values (RFC 9110, 5.1 and 5.5), and near misses of our names.

Must not know what the headers mean.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from workbench.standard.header_table import header_spec, header_specs

LONG_VALUE = 8 * 1024
"""Characters from which on intermediaries may cut a value."""
LONGEST_VALUE = 16 * 1024

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_MISSPELT = {
    "authorisation": "Authorization",
    "nhsd-target-id": "NHSD-Target-Identifier",
    "nhsd-end-user-organization": "NHSD-End-User-Organisation",
    "x-requestid": "X-Request-Id",
    "x-correlationid": "X-Correlation-Id",
    "usecontext": "use-context",
}


def name_problem(name: str) -> str | None:
    """Why a header cannot have this name, or None."""
    if not name:
        return "the name is empty"
    if _TOKEN.fullmatch(name):
        return None
    if not name.isascii():
        return "the name has characters beyond ASCII"
    if re.search(r"\s", name):
        return "the name has a blank inside"
    if ":" in name:
        return "the name has a colon inside"
    return "the name has a character that names may not have"


def value_problem(value: str) -> str | None:
    """Why a header cannot carry this value, or None."""
    if "\r" in value or "\n" in value:
        return "a line break is not allowed in a header"
    if "\0" in value:
        return "the character NUL is not allowed in a header"
    if _CONTROL.search(value):
        return "a control character is not allowed in a header"
    if not value.isascii():
        return "headers are ASCII: put other letters inside the base64 JSON"
    if len(value) > LONGEST_VALUE:
        return f"it has {len(value):,} characters; more than {LONGEST_VALUE:,} do not get through"
    return None


def suggestion(name: str) -> str | None:
    """The header that was meant by a name that is none of the standard's but nearly one; None for any other."""
    if header_spec(name) is not None:
        return None
    bare = re.sub(r"[\s_:]+", "", name).lower()
    if found := _MISSPELT.get(bare):
        return found
    known = {spec.lower(): spec for spec in header_specs()}
    flat = {spec.replace("-", ""): spec for spec in known}
    if found := flat.get(bare.replace("-", "")):
        return known[found]
    if not bare.startswith(("nhsd", "x-request", "x-correl", "use-", "authori")):
        return None
    close = get_close_matches(bare, known, n=1, cutoff=0.85)
    return known[close[0]] if close else None
