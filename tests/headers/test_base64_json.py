from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import ErrorCode, InputError
from workbench.headers.base64_json import decode, encode, read

ORGANISATION = {"resourceType": "Organization", "name": "Tŷ Mock ~ Out?>of hours"}


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "it is empty"),
        ('{"a":"b"}', "plain JSON that was not encoded"),
        (base64.urlsafe_b64encode(b'{"a":"~~?>>"}').decode(), "URL-safe alphabet"),
        (encoded('{"a":"b"}x').rstrip("="), "'=' missing"),
        (encoded('{"a":"bc"}') + "=", "'=' too many"),
        (encoded('{"a":"bc"}')[:5] + "\n" + encoded('{"a":"bc"}')[5:], "line break"),
        (encoded('{"a":"bc"}')[:5] + " " + encoded('{"a":"bc"}')[5:], "line break"),
        ("e30*", "'*' is no character"),
        ("e30é", "is no character"),
        ("YQ==YQ==", "in the middle"),
        ("e30eA", "one too many"),
        (encoded(encoded('{"a":"b"}')), "encoded twice"),
        (base64.b64encode(b'{"a":"\xff"}').decode(), "not UTF-8, at byte 7"),
        (base64.b64encode(b"\xff\xfe{}").decode(), "UTF-16"),
        (base64.b64encode("{}".encode("utf-16-le")).decode(), "UTF-16"),
        (base64.b64encode(b"\xef\xbb\xbf{}").decode(), "byte order mark"),
        (encoded("hello there!"), "not JSON"),
        (encoded("[1]"), "not an object"),
    ],
)
def test_the_step_that_fails_is_named(text: str, cause: str) -> None:
    with pytest.raises(InputError, match=cause.replace("*", r"\*")) as caught:
        decode(text, what="NHSD-Target-Identifier")
    assert caught.value.code is ErrorCode.INPUT_BASE64
    assert caught.value.sentence.startswith("NHSD-Target-Identifier")


def test_trailing_bits_are_accepted_and_told() -> None:
    odd = "e30="[:2] + "1" + "="
    assert read(odd, what="x").value == {}
    assert read(odd, what="x").notes
    assert read("e30=", what="x").notes == ()


def test_a_member_that_is_there_twice_is_told() -> None:
    found = read(encoded('{"a":1,"a":2}'), what="x")
    assert str(found.value["a"]) == "2"
    assert found.notes == ("its member 'a' stands there twice: the last one was read",)


def test_encoding_is_compact_standard_base64_of_utf8() -> None:
    text = encode(ORGANISATION)
    assert text == encoded(json.dumps(ORGANISATION, separators=(",", ":"), ensure_ascii=False))
    assert "+" in encode({"a": "~~?>>"}) or "/" in encode({"a": "~~?>>"})


@given(st.dictionaries(st.text(min_size=1), st.one_of(st.text(), st.booleans(), st.lists(st.text()))))
def test_what_is_encoded_decodes_to_itself(value: dict[str, object]) -> None:
    assert decode(encode(value), what="x") == value
