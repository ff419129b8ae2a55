"""FHIR XML text to a JSON-shaped resource and back, by the R4 base table.

What repeats becomes a list even when it stands alone, numbers and booleans get their JSON form, ids and extensions of
primitives go into `_name`, the narrative stays a string. Refuses a DOCTYPE before parsing and fetches nothing, ever.
Must not know BaRS.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from workbench.errors import ErrorCode, InputError
from workbench.messages import paths
from workbench.messages.encoding import at, place_of
from workbench.messages.remarks import Remark, remark
from workbench.messages.xml_tree import FHIR, Reading, read_resource
from workbench.messages.xml_words import words_of
from workbench.standard.other_versions import version_of_type
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from workbench.messages.values import Finding, JsonObject

_FORBIDDEN = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_STYLESHEET = re.compile(r"<\?xml-stylesheet\s")
_XINCLUDE = "http://www.w3.org/2001/XInclude"


def load(text: str, *, what: str = "The text") -> JsonObject:
    """The resource of an XML text as a JSON-shaped tree; InputError with the place when it is not FHIR XML."""
    return read(text, what=what).resource


def read(text: str, *, what: str = "The text", record: bool = False) -> Reading:
    """As `load`, with remarks and (when `record`) the path of every element in document order."""
    root = parse(text, what=what)
    reading = read_resource(root, what=what, record=record)
    found = list(reading.remarks)
    if style := _STYLESHEET.search(text):
        found.append(_note(Remark.STYLESHEET, reading, text, style.start()))
    if _XINCLUDE in text:
        found.append(_note(Remark.XINCLUDE, reading, text, text.index(_XINCLUDE)))
    return Reading(reading.resource, tuple(found), reading.paths)


def parse(text: str, *, what: str) -> etree._Element:
    """The checked root element of an XML text: no DOCTYPE, no entities, FHIR namespace, known resource type."""
    if forbidden := _FORBIDDEN.search(text):
        raise InputError(ErrorCode.INPUT_DOCTYPE, place=place_of(text, forbidden.start()), what=what)
    try:
        root = etree.fromstring(text.lstrip().encode("utf-8", errors="surrogatepass"), _parser())
    except etree.XMLSyntaxError as error:
        raise _refusal(text, error, what) from error
    name = etree.QName(root)
    first = place_of(text, max(text.find(f"<{name.localname}"), 0))
    if name.namespace != FHIR:
        cause = f"{name.namespace!r}" if name.namespace else "missing"
        raise InputError(ErrorCode.INPUT_NAMESPACE, place=first, what=what, cause=cause)
    if name.localname not in r4().resource_types():
        version = version_of_type(name.localname)
        cause = f"{name.localname!r} is not one of FHIR R4" + (f"; FHIR {version} has it" if version else "")
        raise InputError(ErrorCode.INPUT_UNKNOWN_TYPE, place=first, what=what, cause=cause)
    return root


def _parser() -> etree.XMLParser:
    """A fresh parser (they keep state): no network, DTD, entities, huge trees, comments or instructions."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )


def _refusal(text: str, error: etree.XMLSyntaxError, what: str) -> InputError:
    """The library's message as ours, with the place in the original text."""
    lines = text.split("\n")
    skipped = text[: len(text) - len(text.lstrip())].count("\n")
    line = min(max(error.lineno or 1, 1) + skipped, len(lines))
    offset = sum(len(before) + 1 for before in lines[: line - 1]) + max((error.offset or 1) - 1, 0)
    place = place_of(text, min(offset, len(text)))
    if "depth" in (error.msg or "").lower():
        return InputError(ErrorCode.INPUT_TOO_DEEP, place=place, what=what, limit=64)
    return InputError(ErrorCode.INPUT_NOT_XML, place=place, what=what, cause=f"{words_of(error)}, {at(place)}")


def _note(kind: Remark, reading: Reading, text: str, offset: int) -> Finding:
    return remark(kind, paths.root_name(reading.resource), place=place_of(text, offset))
