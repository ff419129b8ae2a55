"""XML: what is refused, and every official example from XML to JSON and back, element by element; also xml_text,
xml_dump and message (convert, build)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from workbench.errors import ErrorCode, InputError
from workbench.messages import Syntax, convert, parse

if TYPE_CHECKING:
    from pathlib import Path

FHIR = "http://hl7.org/fhir"
PATIENT = f'<Patient xmlns="{FHIR}">%s</Patient>'
DEEP = "<extension>" * 300 + "</extension>" * 300


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('<!DOCTYPE Patient [<!ENTITY x "y">]>' + PATIENT % "", ErrorCode.INPUT_DOCTYPE),
        ('<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>' + PATIENT % "", ErrorCode.INPUT_DOCTYPE),
        ('<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + PATIENT % "", ErrorCode.INPUT_DOCTYPE),
        ("<Patient><id value='1'/></Patient>", ErrorCode.INPUT_NAMESPACE),
        ("<Patient xmlns='http://example.org'/>", ErrorCode.INPUT_NAMESPACE),
        (PATIENT % "<id value='1'>", ErrorCode.INPUT_NOT_XML),
        (PATIENT % "" + PATIENT % "", ErrorCode.INPUT_NOT_XML),
        (PATIENT % DEEP, ErrorCode.INPUT_TOO_DEEP),
        ('<?xml version="1.0" encoding="bogus"?>' + PATIENT % "", ErrorCode.INPUT_NOT_XML),
        (f'<html xmlns="{FHIR}"/>', ErrorCode.INPUT_UNKNOWN_TYPE),
    ],
)
def test_bad_xml_is_refused_by_name(source: str, code: ErrorCode) -> None:
    with pytest.raises(InputError) as raised:
        parse(source.encode())
    assert raised.value.code is code


def test_comments_and_instructions_live_only_in_the_bytes() -> None:
    source = f'<?xml-stylesheet href="x"?><Patient xmlns="{FHIR}"><!-- no --><id value="1"/></Patient>'.encode()
    message = parse(source)
    assert message.resource == {"resourceType": "Patient", "id": "1"}
    assert message.source == source


def test_places_of_xml_elements() -> None:
    message = parse(f'<Patient xmlns="{FHIR}">\n  <id value="1"/>\n  <gender value="male"/>\n</Patient>'.encode())
    place = message.place("Patient.gender")
    assert place is not None
    assert (place.line, place.column) == (3, 3)


def elements(root: etree._Element) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Every element with its attributes in document order, narrative as it is; comments left out."""
    return [
        (str(one.tag), tuple(sorted((str(k), str(v)) for k, v in one.attrib.items())))
        for one in root.iter()
        if isinstance(one.tag, str)
    ]


def xml_files(shared: Path) -> list[Path]:
    return sorted((shared / "data" / "examples" / "xml").glob("*.xml"))


def json_files(shared: Path) -> list[Path]:
    return sorted((shared / "data" / "examples").rglob("*.json"))


def test_every_official_xml_example_survives_json_and_back(shared: Path) -> None:
    files = xml_files(shared)
    assert len(files) > 30
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    for path in files:
        message = parse(path.read_bytes(), what=path.name)
        back = convert(convert(message, Syntax.JSON), Syntax.XML)
        ours = elements(etree.fromstring(back.source, parser))
        theirs = elements(etree.fromstring(path.read_bytes(), parser))
        assert sorted(ours) == sorted(theirs), path.name
        assert back.resource == message.resource, path.name


def exact(text: str) -> Any:
    """JSON as an independent reader sees it, numbers as their text."""
    return json.loads(text, parse_float=str, parse_int=str)


def test_every_official_json_example_survives_xml_and_back(shared: Path) -> None:
    files = json_files(shared)
    assert len(files) > 50
    for path in files:
        message = parse(path.read_bytes(), what=path.name)
        assert exact(message.text) == exact(path.read_text("utf-8-sig")), path.name
        back = convert(convert(message, Syntax.XML), Syntax.JSON)
        assert exact(back.text) == exact(message.text), path.name
