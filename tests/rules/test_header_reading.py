"""How rules read headers, and the catalogue of bad headers: the exact words a person reads, at the exact place."""

from __future__ import annotations

import base64

import pytest

from tests.rules.builders import CORRELATION_ID, REQUEST_ID, called, composed, headers_for, verdict
from workbench.errors import InputError
from workbench.exchange import Request
from workbench.headers import HeaderChoices
from workbench.headers.base64_json import encode
from workbench.rules import Side, Submission
from workbench.rules.header_reading import accepted_version, media_type
from workbench.standard import default_profile

MESSAGE = composed()
TARGET = "NHSD-Target-Identifier"
NOT_BASE64 = f"{TARGET} is not base64 of a JSON object: "
DOS = "https://fhir.nhs.uk/Id/dos-service-id"


def coded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


URL_SAFE = base64.urlsafe_b64encode(b'{"a": "~~~???>>>"}').decode()
CATALOGUE: dict[str, tuple[str, str, str, str]] = {
    "B41 URL-safe alphabet": (
        TARGET,
        URL_SAFE,
        "HDR-008",
        NOT_BASE64 + "it uses the URL-safe alphabet (- and _); the standard alphabet has + and /.",
    ),
    "B42 no padding": (TARGET, "e30", "HDR-008", NOT_BASE64 + "its end is not padded rightly: 1 '=' missing."),
    "B43 a blank inside": (TARGET, "e3 0=", "HDR-008", NOT_BASE64 + "a blank or line break stands inside it."),
    "B44 garbage": (TARGET, "e3!0=", "HDR-008", NOT_BASE64 + "'!' is no character of base64."),
    "B45 two joined": (
        TARGET,
        "YQ==YQ==",
        "HDR-008",
        NOT_BASE64 + "'=' stands in the middle: two values seem to be joined.",
    ),
    "B46 stray bits": (
        "NHSD-Requesting-Person",
        "e31=",
        "HDR-010",
        "The value of NHSD-Requesting-Person can be read, but its last character carries bits that belong to nothing.",
    ),
    "B47 encoded twice": (
        TARGET,
        coded(coded(b"{}").encode()),
        "HDR-008",
        NOT_BASE64 + "it decodes to base64 again: it was encoded twice.",
    ),
    "B47 not encoded": (TARGET, '{"system":1}', "HDR-008", NOT_BASE64 + "it is plain JSON that was not encoded."),
    "B48 no UTF-8": (
        TARGET,
        coded(b'{"a":"\xff"}'),
        "HDR-008",
        NOT_BASE64 + "it decodes to bytes that are not UTF-8, at byte 7.",
    ),
    "B48 UTF-16": (
        TARGET,
        coded('{"a":1}'.encode("utf-16")),
        "HDR-008",
        NOT_BASE64 + "it decodes to UTF-16 text; the JSON must be UTF-8.",
    ),
    "B48 byte order mark": (
        TARGET,
        coded(b"\xef\xbb\xbf{}"),
        "HDR-008",
        NOT_BASE64 + "it decodes to text with a byte order mark in front, which JSON may not have.",
    ),
    "B48 no JSON": (
        TARGET,
        coded(b"<a/>"),
        "HDR-008",
        NOT_BASE64 + "it decodes to text that is not JSON (a value is missing, line 1, column 1).",
    ),
    "B48 a list": (TARGET, coded(b"[]"), "HDR-008", NOT_BASE64 + "it decodes to JSON that is not an object."),
    "B49 no system": (
        TARGET,
        encode({"value": "1"}),
        "HDR-008",
        f"{TARGET} needs system and value; its system is missing or no text.",
    ),
    "B49 an empty value": (
        TARGET,
        encode({"system": DOS, "value": ""}),
        "HDR-008",
        f"{TARGET} needs system and value; its value is missing or no text.",
    ),
    "B49 a value that is no text": (
        TARGET,
        encode({"system": DOS, "value": True}),
        "HDR-008",
        f"{TARGET} needs system and value; its value is missing or no text.",
    ),
    "B50 a blank in the name": (
        "NHSD-End-User- Organisation",
        "e30=",
        "HDR-003",
        "'NHSD-End-User- Organisation' is no header name: the name has a blank inside. NHSD-End-User-Organisation is "
        "meant.",
    ),
    "B51 Authorisation": (
        "Authorisation",
        "Bearer mock",
        "HDR-004",
        "'Authorisation' is not a header of the standard; Authorization is probably meant.",
    ),
    "B52 over 8 KiB": (
        "X-Mock",
        "a" * 8193,
        "HDR-006",
        "The value of X-Mock has 8,193 characters; some intermediaries cut it.",
    ),
    "B52 over 16 KiB": (
        "X-Mock",
        "a" * 16385,
        "HDR-005",
        "The value of X-Mock cannot be sent: it has 16,385 characters; more than 16,384 do not get through.",
    ),
    "B53 beyond ASCII": (
        "X-Mock",
        "Tŷ",
        "HDR-005",
        "The value of X-Mock cannot be sent: headers are ASCII: put other letters inside the base64 JSON.",
    ),
    "B54 line break": (
        "X-Mock",
        "a\r\nb",
        "HDR-005",
        "The value of X-Mock cannot be sent: a line break is not allowed in a header.",
    ),
    "B54 NUL": (
        "X-Mock",
        "a\0",
        "HDR-005",
        "The value of X-Mock cannot be sent: the character NUL is not allowed in a header.",
    ),
    "B55 control character": (
        "X-Mock",
        "a\x07",
        "HDR-005",
        "The value of X-Mock cannot be sent: a control character is not allowed in a header.",
    ),
    "B56 blanks around": ("X-Mock", " a ", "HDR-006", "The value of X-Mock has blanks around it."),
    "B57 a colon in the name": ("X:Mock", "a", "HDR-003", "'X:Mock' is no header name: the name has a colon inside."),
    "B57 beyond ASCII in the name": (
        "X-Möck",
        "a",
        "HDR-003",
        "'X-Möck' is no header name: the name has characters beyond ASCII.",
    ),
    "B57 no name": ("", "a", "HDR-003", "'' is no header name: the name is empty."),
    "B69 braces": (
        "X-Request-Id",
        "{" + REQUEST_ID + "}",
        "HDR-014",
        "The value of X-Request-Id is no UUID: write the UUID alone, without braces, blanks or urn:uuid:.",
    ),
    "B69 urn:uuid:": (
        "X-Request-Id",
        f"urn:uuid:{REQUEST_ID}",
        "HDR-014",
        "The value of X-Request-Id is no UUID: write the UUID alone, without braces, blanks or urn:uuid:.",
    ),
    "B69 no hyphens": (
        "X-Request-Id",
        REQUEST_ID.replace("-", ""),
        "HDR-014",
        "The value of X-Request-Id is no UUID: it is not 8-4-4-4-12 hexadecimal digits.",
    ),
    "B70 zeros": (
        "X-Request-Id",
        "00000000-0000-0000-0000-000000000000",
        "HDR-015",
        "The value of X-Request-Id is all zeros: it names nothing.",
    ),
    "B70 the same id twice": ("X-Correlation-Id", REQUEST_ID, "HDR-015", "Message and conversation have the same id."),
    "B132 another type": (
        "Content-Type",
        "text/plain",
        "HDR-025",
        "Content-Type is 'text/plain'; a body is application/fhir+json or application/fhir+xml.",
    ),
    "B132 another charset": (
        "Content-Type",
        "application/fhir+json; charset=utf-16",
        "HDR-025",
        "Content-Type says charset utf-16; FHIR is sent as UTF-8.",
    ),
}


@pytest.mark.parametrize("case", CATALOGUE)
def test_a_bad_header_is_told_in_these_words(case: str) -> None:
    name, value, rule, text = CATALOGUE[case]
    request = called(MESSAGE, headers_for(MESSAGE, (name, value)))
    found = [(one.rule, one.text, one.path) for one in verdict(MESSAGE, request=request).findings]
    assert (rule, text) in [(id, said) for id, said, _ in found]
    (path,) = {place.split("].")[0].rstrip("]") + "]" for id, said, place in found if said == text}
    assert path == f"headers['{name}']"


def test_a_header_twice_is_told_in_these_words() -> None:
    for value, words in ((CORRELATION_ID, "different values"), (REQUEST_ID, "the same value")):
        request = called(MESSAGE, (*headers_for(MESSAGE), ("x-request-id", value)))
        texts = [one.text for one in verdict(MESSAGE, request=request).findings if one.rule == "HDR-007"]
        assert texts == [f"The header X-Request-Id is there 2 times with {words}."]


def test_headers_that_are_made_when_sending_are_nobodys_choice() -> None:
    for name in ("Host", "Content-Length", "Transfer-Encoding", "Connection"):
        with pytest.raises(InputError) as caught:
            HeaderChoices().with_value(name, "x")
        assert caught.value.sentence == f"{name} cannot be sent as a header: it is made when the message is sent."


def test_a_media_type_is_taken_apart() -> None:
    assert media_type(' Application/FHIR+json ; Version="1.1.0"; charset=UTF-8 ;') == (
        "application/fhir+json",
        {"version": "1.1.0", "charset": "UTF-8"},
    )
    assert media_type("") == ("", {})


@pytest.mark.parametrize(
    ("accept", "version"),
    [("application/fhir+json; version=1.1.0", "1.1.0"), ("application/fhir+json", ""), (None, "")],
)
def test_the_version_that_is_asked_for(accept: str | None, version: str) -> None:
    request = Request("GET", "/metadata", (("Accept", accept),) if accept else ())
    assert accepted_version(Submission(None, request, None, default_profile(), Side.COMPOSE)) == version
