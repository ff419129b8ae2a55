"""What reading a message can find without refusing it: the SYN remarks, each one row of a table.

Knows how text becomes a tree, must not know what the tree means.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workbench.messages.values import Finding, Layer, Place, Severity, Source


class Remark(StrEnum):
    """The rule ids of the syntax layer that do not stop a message from being read."""

    DUPLICATE_KEY = "SYN-101"
    BYTE_ORDER_MARK = "SYN-102"
    NOT_UTF8 = "SYN-103"
    LONE_SURROGATE = "SYN-104"
    NUL = "SYN-105"
    UNKNOWN_ELEMENT = "SYN-106"
    STYLESHEET = "SYN-107"
    XINCLUDE = "SYN-108"
    ATTRIBUTE = "SYN-109"
    STRAY_TEXT = "SYN-110"
    ORDER = "SYN-111"
    NAMESPACE = "SYN-112"
    WRAPPER = "SYN-113"


@dataclass(frozen=True, slots=True)
class _Row:
    severity: Severity
    text: str
    source: Source


_JSON = Source("FHIR R4", "JSON representation of resources")
_XML = Source("FHIR R4", "XML representation of resources")
_STRING = Source("FHIR R4", "Datatypes, string")
_ENCODING = Source("FHIR R4", "RESTful API, character encoding")

ROWS: dict[Remark, _Row] = {
    Remark.DUPLICATE_KEY: _Row(
        Severity.ERROR, "Key '{name}' appears twice in one object; the last one was read.", _JSON
    ),
    Remark.BYTE_ORDER_MARK: _Row(
        Severity.WARNING, "The text starts with a byte order mark, which a message on the wire may not have.", _ENCODING
    ),
    Remark.NOT_UTF8: _Row(Severity.ERROR, "The text is encoded as {name}; FHIR messages are sent as UTF-8.", _ENCODING),
    Remark.LONE_SURROGATE: _Row(
        Severity.ERROR, "A string or name holds half of a surrogate pair, which cannot be sent as UTF-8.", _STRING
    ),
    Remark.NUL: _Row(Severity.ERROR, "A string or name holds the character NUL, which FHIR does not allow.", _STRING),
    Remark.UNKNOWN_ELEMENT: _Row(
        Severity.ERROR, "Element '{name}' is not part of {owner} in FHIR R4; it was read as it stands.", _XML
    ),
    Remark.STYLESHEET: _Row(
        Severity.WARNING, "The document names a stylesheet; it was neither fetched nor applied.", _XML
    ),
    Remark.XINCLUDE: _Row(Severity.ERROR, "The document asks for XInclude; nothing was included.", _XML),
    Remark.ATTRIBUTE: _Row(Severity.ERROR, "Attribute '{name}' is not allowed on element '{owner}'.", _XML),
    Remark.STRAY_TEXT: _Row(
        Severity.ERROR, "Element '{owner}' holds text between its tags; FHIR keeps values in the value attribute.", _XML
    ),
    Remark.ORDER: _Row(
        Severity.ERROR,
        "Element '{name}' stands after '{owner}', but FHIR XML has a fixed order that puts it before.",
        _XML,
    ),
    Remark.NAMESPACE: _Row(
        Severity.ERROR, "Element '{name}' is in the namespace '{owner}' instead of http://hl7.org/fhir.", _XML
    ),
    Remark.WRAPPER: _Row(Severity.ERROR, "Element '{owner}' must hold exactly one resource; it holds {name}.", _XML),
}


def remark(kind: Remark, path: str, *, name: str = "", owner: str = "", place: Place | None = None) -> Finding:
    """The finding of one row at a path."""
    row = ROWS[kind]
    return Finding(
        rule=kind.value,
        severity=row.severity,
        layer=Layer.SYNTAX,
        path=path,
        text=row.text.format(name=name, owner=owner),
        source=row.source,
        place=place,
    )
