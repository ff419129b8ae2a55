"""The catalogue of bad texts: what is refused or remarked on, in the exact words a person reads, at the exact place."""

from __future__ import annotations

import pytest

from workbench.errors import InputError
from workbench.messages import parse

WHAT = "message.json"
START = b'{"resourceType": "Patient"'
FHIR = 'xmlns="http://hl7.org/fhir"'
ATTRIBUTES = " ".join(f"a{number}=''" for number in range(257))
MEGABYTES = "a" * 12_000_000

REFUSED: dict[str, tuple[bytes, str, tuple[int, int] | None]] = {
    "B1 empty": (b"", "message.json is empty.", None),
    "B1 blanks": (b" \n\t", "message.json is empty.", None),
    "B2 text after the end": (
        b"{} x",
        "message.json is not valid JSON: there is extra text after the end, line 1, column 4.",
        (1, 4),
    ),
    "B3 no comma": (
        START + b'\n "id": "1"}',
        "message.json is not valid JSON: a comma or a closing bracket is missing, line 2, column 2.",
        (2, 2),
    ),
    "B3 no colon": (
        b'{"resourceType" "Patient"}',
        "message.json is not valid JSON: a colon is missing after the name, line 1, column 17.",
        (1, 17),
    ),
    "B3 no quote": (
        b'{"resourceType": "Patient}',
        "message.json is not valid JSON: a text is not closed with a double quote, line 1, column 18.",
        (1, 18),
    ),
    "B3 no brace": (
        START,
        "message.json is not valid JSON: it ends too early, a closing bracket is missing, line 1, column 27.",
        (1, 27),
    ),
    "B4 NaN": (
        START + b', "x": NaN}',
        "message.json is not valid JSON: NaN is not a JSON number, line 1, column 34.",
        (1, 34),
    ),
    "B4 Infinity": (
        START + b', "x": Infinity}',
        "message.json is not valid JSON: Infinity is not a JSON number, line 1, column 34.",
        (1, 34),
    ),
    "B4 -Infinity": (
        START + b', "x": -Infinity}',
        "message.json is not valid JSON: -Infinity is not a JSON number, line 1, column 34.",
        (1, 34),
    ),
    "B5 out of range": (
        START + b', "x": 1e400}',
        "message.json has a number that cannot be kept: the number 1e400 is out of range, line 1, column 34.",
        (1, 34),
    ),
    "B6 5,000 digits": (
        START + b', "x": ' + b"1" * 5000 + b"}",
        "message.json has a number that cannot be kept: a number has 5000 digits; at most 1000 can be kept, line 1, "
        "column 34.",
        (1, 34),
    ),
    "B8 depth 65": (b"[" * 65, "message.json is nested deeper than 64 levels.", (1, 65)),
    "B9 a million brackets": (b"[" * 1_000_000, "message.json is nested deeper than 64 levels.", (1, 65)),
    "B10 over 20 MiB": (b" " * (20 * 1024 * 1024 + 1), "message.json is larger than 20 MiB.", None),
    "B13 no UTF-8": (
        b'{"a": \xff"}',
        "message.json is not UTF-8: byte 6 (counted from 0) does not belong to UTF-8 text.",
        (1, 7),
    ),
    "B16 line break in a text": (
        START + b', "id": "a\nb"}',
        "message.json is not valid JSON: a control character or line break stands inside a text, line 1, column 37.",
        (1, 37),
    ),
    "B17 list": (
        b"[]",
        "message.json is not a FHIR resource: a FHIR resource must be an object, and this is a list.",
        (1, 1),
    ),
    "B17 string": (
        b'"x"',
        "message.json is not a FHIR resource: a FHIR resource must be an object, and this is a text.",
        (1, 1),
    ),
    "B17 null": (
        b"null",
        "message.json is not a FHIR resource: a FHIR resource must be an object, and this is null.",
        (1, 1),
    ),
    "B18 comment": (
        START + b', // x\n"id": "1"}',
        "message.json is not valid JSON: JSON has no comments, line 1, column 29.",
        (1, 29),
    ),
    "B18 trailing comma": (
        START + b",}",
        "message.json is not valid JSON: a comma stands before a closing bracket, line 1, column 28.",
        (1, 28),
    ),
    "B19 NDJSON": (START + b"}\n" + START + b"}\n", "message.json looks like NDJSON with 2 lines.", (2, 1)),
    "B21 no type": (b'{"id": "1"}', "message.json is not a FHIR resource: resourceType is missing.", (1, 1)),
    "B21 type is no text": (
        b'{"resourceType": 1}',
        "message.json is not a FHIR resource: resourceType is not a text.",
        (1, 1),
    ),
    "B21 unknown type": (
        b'{"resourceType": "../os"}',
        "message.json has an unknown resource type: '../os' is not one of FHIR R4.",
        (1, 1),
    ),
    "B40 a resource of R5": (
        b'{"resourceType": "ActorDefinition"}',
        "message.json has an unknown resource type: 'ActorDefinition' is not one of FHIR R4; FHIR R5 has it.",
        (1, 1),
    ),
    "B40 a resource of STU3": (
        b'{"resourceType": "ReferralRequest"}',
        "message.json has an unknown resource type: 'ReferralRequest' is not one of FHIR R4; FHIR STU3 has it.",
        (1, 1),
    ),
    "B28 too many entries": (
        b'{"resourceType": "Bundle", "entry": [' + b",".join([b"{}"] * 5001) + b"]}",
        "message.json has 5,001 entries; the most that can be read is 5,000.",
        None,
    ),
    "B29 extensions in extensions": (
        START + b"," + b'"extension":[{"url":"x",' * 300,
        "message.json is nested deeper than 64 levels.",
        (1, 785),
    ),
    "B91 DOCTYPE": (
        f"<!DOCTYPE Bundle><Bundle {FHIR}/>".encode(),
        "message.json has a DOCTYPE, which FHIR XML may not have.",
        (1, 1),
    ),
    "B92 entities": (
        f'<!DOCTYPE b [<!ENTITY a "{"x" * 99}">]><Bundle {FHIR}>&a;</Bundle>'.encode(),
        "message.json has a DOCTYPE, which FHIR XML may not have.",
        (1, 1),
    ),
    "B93 external entity": (
        f'<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><Bundle {FHIR}>&a;</Bundle>'.encode(),
        "message.json has a DOCTYPE, which FHIR XML may not have.",
        (1, 1),
    ),
    "B95 depth": (
        f"<Bundle {FHIR}>{'<a>' * 100}{'</a>' * 100}</Bundle>".encode(),
        "message.json is nested deeper than 64 levels.",
        None,
    ),
    "B96 attributes": (
        f"<Bundle {FHIR} {ATTRIBUTES}/>".encode(),
        "message.json is not valid XML: element 'Bundle' has 257 attributes; 256 are allowed.",
        None,
    ),
    "B96 12 MB in a value": (
        f"<Bundle {FHIR}><id value='{MEGABYTES}'/></Bundle>".encode(),
        "message.json is not valid XML: a value or text is longer than 10 million characters, line 1, column 10003991.",
        (1, 10003991),
    ),
    "B97 unknown encoding": (
        b'<?xml version="1.0" encoding="bogus"?><Bundle/>',
        "message.json is not valid XML: its encoding 'bogus' is not one that can be read; FHIR uses UTF-8.",
        (1, 1),
    ),
    "B97 UTF-7": (
        b'<?xml version="1.0" encoding="utf-7"?><Bundle/>',
        "message.json is not valid XML: its encoding 'utf-7' is not one that can be read; FHIR uses UTF-8.",
        (1, 1),
    ),
    "B97 another than claimed": (
        b'<?xml version="1.0" encoding="utf-16"?><Bundle/>',
        "message.json is not valid XML: it claims the encoding 'utf-16', but its bytes are not written so.",
        (1, 1),
    ),
    "B98 no namespace": (
        b"<Bundle/>",
        "message.json is XML, but its namespace is missing; FHIR needs http://hl7.org/fhir.",
        (1, 1),
    ),
    "B98 other namespace": (
        b"<Bundle xmlns='urn:x'/>",
        "message.json is XML, but its namespace is 'urn:x'; FHIR needs http://hl7.org/fhir.",
        (1, 1),
    ),
    "B98 no resource": (
        f"<Mock {FHIR}/>".encode(),
        "message.json has an unknown resource type: 'Mock' is not one of FHIR R4.",
        (1, 1),
    ),
    "B99 NUL": (
        f"<Bundle {FHIR}>\0</Bundle>".encode(),
        "message.json is not valid XML: a character stands here that XML does not allow, line 1, column 36.",
        (1, 36),
    ),
    "B99 not closed": (
        f"<Bundle {FHIR}><id value='1'>".encode(),
        "message.json is not valid XML: the element 'id' is not closed, line 1, column 50.",
        (1, 50),
    ),
    "B99 two roots": (
        f"<Bundle {FHIR}/><Bundle {FHIR}/>".encode(),
        "message.json is not valid XML: there is something after the end of the root element, line 1, column 37.",
        (1, 37),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_text_that_cannot_be_read_is_refused_in_these_words(case: str) -> None:
    source, sentence, place = REFUSED[case]
    with pytest.raises(InputError) as caught:
        parse(source, what=WHAT)
    found = caught.value
    assert found.sentence == sentence
    assert (found.place and (found.place.line, found.place.column)) == place
    assert found.next_step.endswith(".")


PATIENT = START + b"}"
MARK = "The text starts with a byte order mark, which a message on the wire may not have."
REMARKED: dict[str, tuple[bytes, list[tuple[str, str, str, tuple[int, int]]]]] = {
    "B7 a key twice": (
        START + b', "id": "1", "id": "2"}',
        [("SYN-101", "Patient.id", "Key 'id' appears twice in one object; the last one was read.", (1, 46))],
    ),
    "B11 byte order mark": (b"\xef\xbb\xbf" + PATIENT, [("SYN-102", "Patient", MARK, (1, 1))]),
    "B12 UTF-16": (
        PATIENT.decode().encode("utf-16-le"),
        [("SYN-103", "Patient", "The text is encoded as UTF-16-LE; FHIR messages are sent as UTF-8.", (1, 1))],
    ),
    "B12 UTF-32": (
        PATIENT.decode().encode("utf-32-be"),
        [("SYN-103", "Patient", "The text is encoded as UTF-32-BE; FHIR messages are sent as UTF-8.", (1, 1))],
    ),
    "B14 half a surrogate pair": (
        START + b', "id": "\\ud800"}',
        [
            (
                "SYN-104",
                "Patient.id",
                "A string or name holds half of a surrogate pair, which cannot be sent as UTF-8.",
                (1, 35),
            )
        ],
    ),
    "B15 NUL": (
        START + b', "id": "\\u0000"}',
        [("SYN-105", "Patient.id", "A string or name holds the character NUL, which FHIR does not allow.", (1, 35))],
    ),
    "B20 numbers": (START + b', "x": 12345678901234567890, "y": 1.10, "z": -0.0}', []),
    "B94 stylesheet": (
        f'<?xml-stylesheet href="a"?><Bundle {FHIR}/>'.encode(),
        [("SYN-107", "Bundle", "The document names a stylesheet; it was neither fetched nor applied.", (1, 1))],
    ),
    "B94 XInclude": (
        f'<Bundle {FHIR} xmlns:xi="http://www.w3.org/2001/XInclude"/>'.encode(),
        [("SYN-108", "Bundle", "The document asks for XInclude; nothing was included.", (1, 47))],
    ),
}


@pytest.mark.parametrize("case", REMARKED)
def test_a_text_that_can_be_read_is_remarked_on_in_these_words(case: str) -> None:
    source, remarks = REMARKED[case]
    message = parse(source, what=WHAT)
    found = [(one.rule, one.path, one.text, (one.place.line, one.place.column)) for one in message.remarks if one.place]
    assert found == remarks


def test_numbers_are_kept_as_they_were_written() -> None:
    message = parse(REMARKED["B20 numbers"][0], what=WHAT)
    assert [str(message.at(f"Patient.{name}")) for name in "xyz"] == ["12345678901234567890", "1.10", "-0.0"]
