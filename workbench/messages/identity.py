"""Identifiers as BaRS writes them: UUIDs, `urn:uuid:`, `Type/id` and `system|value`.

Knows their shapes only; must not know messages.
"""

from __future__ import annotations

import re

_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_RELATIVE = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/[^/]*)?$", re.DOTALL)


def is_uuid(text: str) -> bool:
    """Whether the whole text is 8-4-4-4-12 hexadecimal digits, in either case, without `urn:uuid:`."""
    return _UUID.fullmatch(text) is not None


def strip_urn(value: str) -> str:
    """The value without blanks around it and without `urn:uuid:` or `urn:oid:` in front."""
    bare = value.strip()
    for scheme in ("urn:uuid:", "urn:oid:"):
        if bare[: len(scheme)].lower() == scheme:
            return bare[len(scheme) :]
    return bare


def same_guid(first: str | None, second: str | None) -> bool:
    """Whether two ids mean the same: compared without case, blanks and `urn:uuid:`; absent ones are never the same."""
    return bool(first and second) and strip_urn(first or "").lower() == strip_urn(second or "").lower()


def first_uuid(text: str) -> str | None:
    """The first UUID inside a text, lower case (`EpisodeOfCare/<guid>` gives the GUID), or None."""
    found = _UUID.search(text)
    return found.group().lower() if found else None


def type_and_id(reference: str) -> tuple[str, str] | None:
    """(`Appointment`, id) of `Appointment/id` or of an address that ends so; None for anything else."""
    if reference.startswith(("#", "urn:")):
        return None
    found = _RELATIVE.match(reference)
    return (found[1], found[2]) if found else None


def split_endpoint(endpoint: str) -> tuple[str, str]:
    """System and value of `system|value`; the system is empty when there is no bar."""
    system, bar, value = endpoint.strip().rpartition("|")
    return (system, value) if bar else ("", value)
