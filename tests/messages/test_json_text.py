"""JSON text: exact numbers, duplicate keys, every kind of bad text with its code and place; also encoding."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import ErrorCode, InputError
from workbench.messages import Number, json_text, parse

PATIENT = b'{"resourceType": "Patient"%s}'


@pytest.mark.parametrize(
    ("source", "code", "line", "column"),
    [
        (b"", ErrorCode.INPUT_EMPTY, None, None),
        (b"  \n\t", ErrorCode.INPUT_EMPTY, None, None),
        (b'{"resourceType": "Patient"} x', ErrorCode.INPUT_NOT_JSON, 1, 29),
        (b'{"resourceType": "Patient"\n "id": "1"}', ErrorCode.INPUT_NOT_JSON, 2, 2),
        (b'{"resourceType": "Patient"', ErrorCode.INPUT_NOT_JSON, 1, None),
        (PATIENT % b', "a": NaN', ErrorCode.INPUT_NOT_JSON, 1, 34),
        (PATIENT % b', "a": -Infinity', ErrorCode.INPUT_NOT_JSON, 1, 34),
        (PATIENT % (b', "a": ' + b"9" * 5000), ErrorCode.INPUT_NUMBER, 1, None),
        (PATIENT % b', "a": 1e400', ErrorCode.INPUT_NUMBER, 1, None),
        (PATIENT % b', // no\n "a": 1', ErrorCode.INPUT_NOT_JSON, 1, None),
        (b'{"resourceType": "Patient",}', ErrorCode.INPUT_NOT_JSON, 1, None),
        (b"[]", ErrorCode.INPUT_NOT_FHIR, 1, 1),
        (b'"text"', ErrorCode.INPUT_NOT_FHIR, 1, 1),
        (b"null", ErrorCode.INPUT_NOT_FHIR, 1, 1),
        (b'{"resourceType": "Patient"}\n{"resourceType": "Patient"}\n', ErrorCode.INPUT_NDJSON, None, None),
        (b"[" * 100_000, ErrorCode.INPUT_TOO_DEEP, None, None),
        (PATIENT % (b', "a": ' + b"[" * 70 + b"]" * 70), ErrorCode.INPUT_TOO_DEEP, None, None),
        (b'{"resourceType": "Patient", "id": "\xff"}', ErrorCode.INPUT_NOT_UTF8, None, None),
        (b'{"resourceType": "../os"}', ErrorCode.INPUT_UNKNOWN_TYPE, None, None),
        (b'{"id": "1"}', ErrorCode.INPUT_NOT_FHIR, None, None),
        (b"just words", ErrorCode.INPUT_NOT_JSON, 1, 1),
    ],
)
def test_bad_texts_have_a_code_and_a_place(
    source: bytes, code: ErrorCode, line: int | None, column: int | None
) -> None:
    with pytest.raises(InputError) as raised:
        parse(source)
    error = raised.value
    assert (error.code, bool(error.sentence), bool(error.next_step)) == (code, True, True)
    if line is not None:
        assert error.place is not None
        assert error.place.line == line
    if column is not None:
        assert error.place is not None
        assert error.place.column == column


@pytest.mark.parametrize("text", ["1.10", "-0.0", "0.0000001000", "123456789012345678901234567890", "72.50", "1E+2"])
def test_numbers_keep_their_text(text: str) -> None:
    value = json_text.load(f'{{"a": {text}}}')
    assert value == {"a": Number(text)}
    assert json_text.dump(value, indent=None) == f'{{"a":{text}}}'


def test_a_key_that_stands_twice_is_told_with_its_place() -> None:
    message = parse(b'{"resourceType": "Patient",\n "id": "1",\n "id": "2"}')
    found = [(one.rule, one.place.line if one.place else None) for one in message.remarks]
    assert len(found) == 1
    assert found[0][1] in (2, 3)
    assert "id" in message.remarks[0].text


def test_byte_order_mark_and_utf_16_are_read_with_a_note() -> None:
    text = '{"resourceType": "Patient", "id": "ä"}'
    for source in (b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16")):
        message = parse(source)
        assert message.resource["id"] == "ä"
        assert message.source == source
        assert message.remarks


JSON = st.recursive(
    st.none() | st.booleans() | st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcXYZ_", min_size=1, max_size=6), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(JSON)
def test_what_is_written_is_read_back(value: object) -> None:
    assert json_text.load(json_text.dump({"v": value})) == {"v": value}  # type: ignore[dict-item]


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 400))
def test_mutated_messages_give_a_message_or_an_input_error(junk: bytes, where: int) -> None:
    valid = b'{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:1", "resource": {}}]}'
    source = valid[: where % len(valid)] + junk + valid[where % len(valid) + 1 :]
    problem: InputError | None = None
    try:
        parse(source).place("Bundle.entry[0]")
    except InputError as error:
        problem = error
    assert problem is None or problem.sentence


_NAMES = st.sampled_from(["a", "b", 'c\\"', "d:", " :", "e"])
_VALUES = st.recursive(
    st.sampled_from(["1", "1.10", '"x"', '"\\":"', '" : "', "null", "[]", "{}", "tru", "1e400"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.lists(st.tuples(_NAMES, st.sampled_from([":", " :", "\n: "]), inner), max_size=4).map(
            lambda rows: "{" + ",".join(f'"{name}"{colon}{value}' for name, colon, value in rows) + "}"
        )
    ),
    max_leaves=8,
)


@given(_VALUES)
def test_a_text_read_without_a_closer_look_is_what_the_closer_look_gives(text: str) -> None:
    def found() -> object:
        try:
            read = json_text.read(text)
        except InputError as error:
            return error.code, error.place
        return json_text.dump(read.value), [(json_text.dump(held), name) for held, name in read.duplicates]

    quick = found()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "_plain", lambda text: None)
        assert found() == quick
