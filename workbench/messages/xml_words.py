"""What is wrong with an XML text, in our words: the parser's own are for programmers.

Knows the parser's error numbers; must not know FHIR.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Mapping

_OTHER = "the text is not well formed"
_KINDS = etree.ErrorTypes

_WORDS: Mapping[int, str] = {
    _KINDS.ERR_DOCUMENT_EMPTY: "there is no element in it",
    _KINDS.ERR_DOCUMENT_END: "there is something after the end of the root element",
    _KINDS.ERR_INVALID_CHAR: "a character stands here that XML does not allow",
    _KINDS.ERR_UNDECLARED_ENTITY: "an entity is used that XML does not have",
    _KINDS.ERR_ENTITYREF_SEMICOL_MISSING: "an & is not followed by a name and a semicolon; write &amp; for the sign",
    _KINDS.ERR_LT_IN_ATTRIBUTE: "a < stands inside a value, or the quotes before it are not closed",
    _KINDS.ERR_ATTRIBUTE_NOT_STARTED: "a value does not stand in quotes",
    _KINDS.ERR_ATTRIBUTE_NOT_FINISHED: "the quotes around a value are not closed",
    _KINDS.ERR_ATTRIBUTE_WITHOUT_VALUE: "an attribute has no value",
    _KINDS.ERR_ATTRIBUTE_REDEFINED: "an attribute stands twice on one element",
    _KINDS.ERR_COMMENT_NOT_FINISHED: "a comment is not closed",
    _KINDS.ERR_HYPHEN_IN_COMMENT: "a comment holds two hyphens",
    _KINDS.ERR_MISPLACED_CDATA_END: "']]>' stands in the text",
    _KINDS.ERR_RESERVED_XML_NAME: "the XML declaration does not stand at the start",
    _KINDS.ERR_SPACE_REQUIRED: "a blank or the end of a tag is missing",
    _KINDS.ERR_GT_REQUIRED: "the end of a tag (>) is missing",
    _KINDS.ERR_LTSLASH_REQUIRED: "a closing tag is missing",
    _KINDS.ERR_PI_NOT_FINISHED: "a processing instruction is not closed",
    _KINDS.ERR_CDATA_NOT_FINISHED: "a CDATA section is not closed",
    _KINDS.NS_ERR_UNDEFINED_NAMESPACE: "a prefix is used that stands for no namespace",
    _KINDS.ERR_RESOURCE_LIMIT: "a value or text is longer than 10 million characters",
}


def words_of(error: etree.XMLSyntaxError) -> str:
    """What is wrong, to be followed by the place."""
    message = error.msg or ""
    code: int = getattr(error, "code", 0)  # the type stubs leave it out
    if code == _KINDS.ERR_TAG_NOT_FINISHED:
        found = re.search(r"in tag (\S+)", message)
        return f"the element '{found[1]}' is not closed" if found else "an element is not closed"
    if code == _KINDS.ERR_TAG_NAME_MISMATCH:
        found = re.search(r"mismatch: (\S+) line \d+ and (\S+?),? ?(?:line|$)", message)
        return f"the element '{found[1]}' is closed by '{found[2]}'" if found else "a closing tag has another name"
    if code == _KINDS.ERR_NAME_REQUIRED:
        entity = "EntityRef" in message
        return "an & stands alone; write &amp; for the sign" if entity else "a name is missing after <"
    return _WORDS.get(code, _OTHER)
