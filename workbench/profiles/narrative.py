"""The XHTML of a narrative: well-formed, one div, only the elements FHIR allows, nothing that runs.

Reads the text with an XML parser that fetches nothing; must not know resources.
"""

from __future__ import annotations

import re
from html.entities import html5
from typing import NamedTuple

from lxml import etree

_XHTML = "{http://www.w3.org/1999/xhtml}"
_ALLOWED = frozenset(
    re.findall(
        r"\w+",
        """
        a abbr acronym address area b bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt
        em font h1 h2 h3 h4 h5 h6 hr i img ins kbd li map ol p pre q s samp small span strike strong sub sup table
        tbody td tfoot th thead tr tt u ul var
        """,
    )
)
_ADDRESSES = ("href", "src", "cite", "longdesc", "usemap", "background")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_RUNS = re.compile(r"\s*(?:javascript|vbscript|data:text/html)", re.IGNORECASE)


class Flaw(NamedTuple):
    """One thing that is wrong with a narrative."""

    text: str
    """The end of a sentence that begins with the narrative."""
    error: bool = True
    """Whether FHIR forbids it; else it is only unwise."""


def flaws(div: str) -> list[Flaw]:
    """What is wrong with the text of `Narrative.div`; empty when nothing is."""
    if "<!DOCTYPE" in div or "<!ENTITY" in div:
        return [Flaw("has a DOCTYPE, which a narrative may not have")]
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(_ENTITY.sub(_character, div).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return [Flaw(f"is not well-formed XHTML: {str(error).partition(', line')[0].strip()}")]
    if root.tag not in (f"{_XHTML}div", "div"):
        return [Flaw("is not one div element")]
    found = [] if root.tag != "div" else [Flaw("does not name the namespace http://www.w3.org/1999/xhtml")]
    shown = False
    for element in root.iter():
        shown = shown or bool((element.tail or "").strip())
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        if name not in _ALLOWED:
            found.append(Flaw(f"has the element '{name}', which FHIR does not allow there"))
        found += _of_attributes(element, name)
        shown = shown or name == "img" or bool((element.text or "").strip())
    if not shown:
        found.append(Flaw("shows nothing (invariant txt-2)"))
    return list(dict.fromkeys(found))


def _of_attributes(element: etree._Element, name: str) -> list[Flaw]:
    found: list[Flaw] = []
    for key, value in element.attrib.items():
        attribute, text = str(key).lower(), str(value)
        if attribute.startswith("on"):
            found.append(Flaw(f"has the attribute '{attribute}', which would run a script"))
        elif attribute in _ADDRESSES and _RUNS.match(text):
            found.append(Flaw(f"has a link that would run a script, in the element '{name}'"))
        elif name == "img" and attribute == "src" and re.match(r"\s*(?:https?:)?//", text):
            found.append(Flaw("shows a picture of another computer, which tells it who reads", error=False))
    return found


def _character(found: re.Match[str]) -> str:
    """A named character of HTML as itself; XML knows five of the names only."""
    name = found[1]
    return found[0] if name in _OF_XML else html5.get(f"{name};", found[0])
