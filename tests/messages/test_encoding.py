"""Encodings: what an editor is given is the same message when it is kept as UTF-8; what is no text is refused."""

from __future__ import annotations

import pytest

from workbench.errors import ErrorCode, InputError
from workbench.messages import parse
from workbench.messages.encoding import editable

XML = """<?xml version="1.0" encoding="{name}"?>
<Patient xmlns="http://hl7.org/fhir"><name><family value="Müller"/></name></Patient>"""


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("UTF-16", "utf-16"), ("ISO-8859-1", "iso-8859-1"), ("UTF-8", "utf-8-sig"), ("utf-8", "utf-8")],
)
def test_xml_of_any_encoding_is_edited_as_utf8(name: str, encoding: str) -> None:
    text = editable(XML.format(name=name).encode(encoding), what="a.xml")
    assert text.startswith("<?xml")
    message = parse(text.encode())
    assert message.facts.patient_name == "Müller"
    assert not message.remarks


def test_json_of_another_encoding_is_edited_as_utf8() -> None:
    source = '{"resourceType": "Patient", "name": [{"family": "Müller"}]}'.encode("utf-16")
    assert parse(editable(source, what="a.json").encode()).facts.patient_name == "Müller"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", ErrorCode.INPUT_NOT_UTF8),
        (b"", ErrorCode.INPUT_EMPTY),
        (b" \n\t", ErrorCode.INPUT_EMPTY),
        (b"{" + b" " * 21 * 1024 * 1024, ErrorCode.INPUT_TOO_LARGE),
    ],
)
def test_what_is_no_text_is_refused(source: bytes, code: ErrorCode) -> None:
    with pytest.raises(InputError) as raised:
        editable(source, what="picture.json")
    assert raised.value.code is code
    assert "picture.json" in raised.value.sentence
