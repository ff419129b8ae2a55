"""How rules look at headers: their paths, and base64 values decoded once for all of them.

Judges nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.exchange.values import header, headers
from workbench.headers import base64_json
from workbench.standard.header_table import HeaderShape, HeaderSpec, header_specs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.exchange.values import Headers
    from workbench.headers.base64_json import Decoded
    from workbench.rules.values import Submission

TARGET = "NHSD-Target-Identifier"
ORGANISATION = "NHSD-End-User-Organisation"
PRACTITIONER = "NHSD-Requesting-Practitioner"
SOFTWARE = "NHSD-Requesting-Software"
PERSON = "NHSD-Requesting-Person"


def call_headers(s: Submission) -> Headers:
    """The headers of the request; rules on headers run only where there is one."""
    assert s.request is not None, "rules on headers run only on requests"
    return s.request.headers


def path_of(name: str) -> str:
    """The path of a header in findings."""
    return f"headers['{name}']"


def encoded(s: Submission) -> Iterator[tuple[HeaderSpec, str]]:
    """Every base64 header that is there."""
    for spec in header_specs().values():
        if spec.shape is HeaderShape.BASE64_JSON:
            for value in headers(call_headers(s), spec.name):
                yield spec, value


def read(s: Submission, spec: HeaderSpec, value: str) -> Decoded | str:
    """The decoded value, or why it cannot be decoded; worked out once."""
    kept: dict[tuple[str, str], Decoded | str] = s.kept.setdefault("headers", {})
    if (spec.name, value) not in kept:
        try:
            kept[spec.name, value] = base64_json.read(value, what=spec.name)
        except InputError as error:
            kept[spec.name, value] = error.sentence
    return kept[spec.name, value]


def decoded(s: Submission, name: str) -> Decoded | None:
    """The first value of a base64 header when it can be read."""
    value = header(call_headers(s), name)
    if value is None:
        return None
    found = read(s, header_specs()[name], value)
    return None if isinstance(found, str) else found


def accepted_version(s: Submission) -> str:
    """The version parameter of Accept as it is written; empty where there is none."""
    held = header(s.request.headers, "Accept") if s.request is not None else None
    return media_type(held or "")[1].get("version", "")


def media_type(value: str) -> tuple[str, dict[str, str]]:
    """The type of a media type in lower case, and its parameters by lower-case name without quotes (RFC 9110, 8.3)."""
    kind, *parts = value.split(";")
    pairs = (part.partition("=") for part in parts if part.strip())
    return kind.strip().lower(), {name.strip().lower(): text.strip().strip('"') for name, _, text in pairs}
