"""JSON text to values and back without losing anything: numbers keep their text, duplicate keys are told.

Refuses what JSON has not (NaN, comments, trailing commas) and what nobody can handle (depth, endless numbers), always
with the place. Knows JSON only, must not know FHIR.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import NoReturn

from workbench.errors import ErrorCode, InputError
from workbench.messages.encoding import at, place_of
from workbench.messages.values import JsonObject, JsonValue, Number

DEEPEST = 64
"""Objects and arrays within each other."""
LONGEST_NUMBER = 1000
"""Characters of one number."""
LARGEST_EXPONENT = 400

_STRING = re.compile(r'"(?:[^"\\]++|\\.?)*+(?:"|\Z)', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")
_NO_MARKS = bytes(code for code in range(256) if code not in b'[]{}"')
_BLANKS = " \n\t\r"
_NUMBER_OR_STRING = re.compile(
    r'"(?:[^"\\]++|\\.?)*+(?:"|\Z)|-?(?:Infinity|NaN)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?', re.DOTALL
)
_WORDS = {
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting ':' delimiter": "a colon is missing after the name",
    "Expecting property name enclosed in double quotes": "a name in double quotes is missing",
    "Expecting value": "a value is missing",
    "Unterminated string starting at": "a text is not closed with a double quote",
    "Invalid control character at": "a control character or line break stands inside a text",
    "Invalid \\escape": "a backslash is followed by a character that JSON does not know",
    "Invalid \\uXXXX escape": "\\u is not followed by four hexadecimal digits",
    "Extra data": "there is extra text after the end",
    "Illegal trailing comma before end of object": "a comma stands before a closing bracket",
    "Illegal trailing comma before end of array": "a comma stands before a closing bracket",
}


class _NumberError(Exception):
    """Carries the text of a number out of the parser's hooks; mapped to InputError at once."""

    def __init__(self, text: str, cause: str) -> None:
        super().__init__(text)
        self.text = text
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Loaded:
    """A JSON value with the objects in which a name appeared twice."""

    value: JsonValue
    duplicates: tuple[tuple[JsonObject, str], ...]


def load(text: str, *, what: str = "The text") -> JsonValue:
    """The value of a JSON text; InputError with the place if it is not JSON. A duplicate name keeps its last value."""
    return read(text, what=what).value


def read(text: str, *, what: str = "The text") -> Loaded:
    """As `load`, with the duplicate names."""
    _refuse_depth(text, what)
    if (plain := _plain(text)) is not None:
        return Loaded(plain, ())
    duplicates: list[tuple[JsonObject, str]] = []

    def as_object(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
        result = dict(pairs)
        if len(result) != len(pairs):
            seen: set[str] = set()
            for name, _ in pairs:
                if name in seen:
                    duplicates.append((result, name))
                seen.add(name)
        return result

    try:
        value: JsonValue = json.loads(
            text, object_pairs_hook=as_object, parse_float=_number, parse_int=_number, parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        _refuse(text, error, what)
    except _NumberError as error:
        place = place_of(text, _offset_of_number(text, error.text))
        code = ErrorCode.INPUT_NOT_JSON if error.text[-1].isalpha() else ErrorCode.INPUT_NUMBER
        raise InputError(code, place=place, what=what, cause=f"{error.cause}, {at(place)}") from error
    return Loaded(value, tuple(duplicates))


def _plain(text: str) -> JsonValue:
    """The value of a text that nothing is wrong with, which most are; None where that takes a closer look.

    A name is followed by a colon, and no quote within a text is bare: as many quotes with a colon as the objects have
    names mean that no name stands twice.
    """
    if any(blank in text and f"{blank}:" in text for blank in _BLANKS):
        return None
    names = 0

    def counted(found: JsonObject) -> JsonObject:
        nonlocal names
        names += len(found)
        return found

    try:
        value: JsonValue = json.loads(
            text, object_hook=counted, parse_float=_number, parse_int=_number, parse_constant=_refuse_constant
        )
    except (json.JSONDecodeError, _NumberError):
        return None
    return value if names == text.count('":') else None


def number_problem(text: str) -> str | None:
    """Why a number cannot be kept, or None."""
    if len(text) > LONGEST_NUMBER:
        return f"a number has {len(text)} digits; at most {LONGEST_NUMBER} can be kept"
    exponent = re.search(r"[eE]([+-]?\d+)$", text)
    if (exponent and abs(int(exponent.group(1))) > LARGEST_EXPONENT) or float(text) in (float("inf"), float("-inf")):
        return f"the number {text[:40]} is out of range"
    return None


def _number(text: str) -> Number:
    if (len(text) > 15 or "e" in text or "E" in text) and (cause := number_problem(text)):
        raise _NumberError(text, cause)
    return Number(text)


def _refuse_constant(name: str) -> NoReturn:
    raise _NumberError(name, f"{name} is not a JSON number")


def _offset_of_number(text: str, wanted: str) -> int:
    for match in _NUMBER_OR_STRING.finditer(text):
        if match.group() == wanted:
            return match.start()
    return 0


def _refuse_depth(text: str, what: str) -> None:
    """Stop before the parser recurses: one pass, which ends at the 65th open bracket."""
    if _is_shallow(text):
        return
    if _deepest_reached(_STRING.sub("", text) if '"' in text else text) < 0:
        return
    blanked = _STRING.sub(lambda match: " " * len(match.group()), text)
    place = place_of(text, _deepest_reached(blanked))
    raise InputError(ErrorCode.INPUT_TOO_DEEP, place=place, what=what, limit=DEEPEST)


def _is_shallow(text: str) -> bool:
    """Whether no bracket goes too deep, seen at once; False where only a closer look can tell."""
    plain = text.replace("\\\\", "").replace('\\"', "") if "\\" in text else text
    marks = plain.encode("utf-8", "replace").translate(None, _NO_MARKS)
    brackets = b"".join(marks.replace(b'""', b"").split(b'"')[::2])  # a text without brackets is two quotes in a row
    for _ in range(DEEPEST // 2):  # one turn takes away two levels at most
        fewer = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if not fewer:
            return True
        if len(fewer) == len(brackets):
            return False
        brackets = fewer
    return False


def _deepest_reached(text: str) -> int:
    """The offset of the bracket that goes too deep, or -1; strings must be taken out before."""
    depth = 0
    for match in _BRACKET.finditer(text):
        if match.group() in "[{":
            depth += 1
            if depth > DEEPEST:
                return match.start()
        else:
            depth -= 1
    return -1


def _refuse(text: str, error: json.JSONDecodeError, what: str) -> NoReturn:
    """Say what is wrong in words, at the character where a person would look."""
    offset = error.pos
    while offset < len(text) and text[offset] in " \t\r\n":
        offset += 1
    before = text[:offset].rstrip(" \t\r\n")[-1:]
    here = text[offset : offset + 1]
    cause = _WORDS.get(error.msg, error.msg[:1].lower() + error.msg[1:])
    if error.msg == "Extra data" and (lines := _json_lines(text)):
        raise InputError(ErrorCode.INPUT_NDJSON, place=place_of(text, offset), what=what, count=lines) from error
    if here in ("/", "#") and text[offset : offset + 2] in ("//", "/*", "#", "# "):
        cause = "JSON has no comments"
    elif here and here in "]}" and before == ",":
        cause = "a comma stands before a closing bracket"
    elif here == "'":
        cause = "a text stands in single quotes; JSON uses double quotes"
    elif not here and error.msg in ("Expecting value", "Expecting ',' delimiter"):
        cause = "it ends too early, a closing bracket is missing"
    if error.msg.startswith(("Unterminated", "Invalid control", "Illegal trailing")):
        offset = error.pos
    place = place_of(text, offset)
    raise InputError(ErrorCode.INPUT_NOT_JSON, place=place, what=what, cause=f"{cause}, {at(place)}") from error


def _json_lines(text: str) -> int:
    """The number of lines when every line is a JSON object of its own, else 0."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) < 2 or not all(line.startswith("{") and line.endswith("}") for line in lines):
        return 0
    try:
        for line in lines[:2]:
            json.loads(line)
    except (ValueError, RecursionError):
        return 0
    return len(lines)


def dump(value: JsonValue, indent: int | None = 2) -> str:
    """JSON text of a value, without a line break at the end: numbers by their text, other characters as they are.

    `indent=None` writes one line without blanks. Lone surrogates are escaped, so the text can always be UTF-8.
    """
    text = _one_line(value) if indent is None else _text(value, "\n", " " * indent, ": ")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match.group()):04x}", text)
    return text


def _one_line(value: JsonValue) -> str:
    """Without blanks; by the standard library where no number has a text of its own."""
    try:
        return _ENCODER.encode(value)
    except TypeError:
        return _text(value, "", "", ":")


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def _text(value: JsonValue, line: str, step: str, colon: str) -> str:
    """One value; `line` is the line break with the indentation of the value's own line, empty for one-line text."""
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        if not value:
            return "{}"
        inner = line + step
        members = [
            f"{encode_basestring(name)}{colon}"
            f"{encode_basestring(item) if isinstance(item, str) else _text(item, inner, step, colon)}"
            for name, item in value.items()
        ]
        return "{" + inner + f",{inner}".join(members) + line + "}"
    if isinstance(value, list):
        if not value:
            return "[]"
        inner = line + step
        return "[" + inner + f",{inner}".join([_text(item, inner, step, colon) for item in value]) + line + "]"
    if isinstance(value, Number):
        return value.text
    return "null" if value is None else "true" if value else "false"
