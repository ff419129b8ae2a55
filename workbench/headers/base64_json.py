"""Base64 of a JSON object, as the access headers carry it: strict both ways, and the step that fails is named.

Knows RFC 4648 section 4 and JSON; must not know which header it is.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, InputError
from workbench.messages import json_text

if TYPE_CHECKING:
    from workbench.messages.values import JsonObject

_ALPHABET = re.compile(r"[A-Za-z0-9+/]*")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BLANKS = re.compile(r"[\r\n\t ]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded header value, with what is odd about its encoding but does no harm."""

    value: JsonObject
    notes: tuple[str, ...] = ()


def encode(value: JsonObject) -> str:
    """Compact UTF-8 JSON in standard base64 with padding, on one line; keys keep their order."""
    return base64.b64encode(json_text.dump(value, indent=None).encode()).decode("ascii")


def decode(text: str, *, what: str) -> JsonObject:
    """The JSON object of a header value; InputError `input.base64` naming the step that failed."""
    return read(text, what=what).value


def read(text: str, *, what: str) -> Decoded:
    """As `decode`, with the notes."""
    raw = _bytes(text, what)
    notes: list[str] = []
    if base64.b64encode(raw).decode("ascii") != text:
        notes.append("its last character carries bits that belong to nothing")
    if raw.startswith(_UTF16) or b"\0" in raw[:2]:
        raise _refused(what, "it decodes to UTF-16 text; the JSON must be UTF-8")
    if raw.startswith(codecs.BOM_UTF8):
        raise _refused(what, "it decodes to text with a byte order mark in front, which JSON may not have")
    try:
        written = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused(what, f"it decodes to bytes that are not UTF-8, at byte {error.start + 1}") from error
    try:
        loaded = json_text.read(written, what=what)
    except InputError as error:
        if _is_base64(written.strip()):
            raise _refused(what, "it decodes to base64 again: it was encoded twice") from error
        raise _refused(what, f"it decodes to text that is not JSON ({error.cause or 'it cannot be read'})") from error
    if not isinstance(loaded.value, dict):
        raise _refused(what, "it decodes to JSON that is not an object")
    notes += [f"its member '{name}' stands there twice: the last one was read" for _, name in loaded.duplicates]
    return Decoded(loaded.value, tuple(notes))


def _bytes(text: str, what: str) -> bytes:
    """The bytes of a strict base64 text."""
    if not text.strip():
        raise _refused(what, "it is empty")
    if text.lstrip().startswith("{"):
        raise _refused(what, "it is plain JSON that was not encoded")
    if _BLANKS.search(text):
        raise _refused(what, "a blank or line break stands inside it")
    body = text.rstrip("=")
    padding = len(text) - len(body)
    if "=" in body:
        raise _refused(what, "'=' stands in the middle: two values seem to be joined")
    if not _ALPHABET.fullmatch(body):
        if re.fullmatch(r"[A-Za-z0-9_-]*", body):
            raise _refused(what, "it uses the URL-safe alphabet (- and _); the standard alphabet has + and /")
        strange = next(char for char in body if not _ALPHABET.fullmatch(char))
        raise _refused(what, f"{strange!r} is no character of base64")
    if len(body) % 4 == 1:
        raise _refused(what, "a character is missing or one too many")
    needed = -len(body) % 4
    if padding != needed:
        found = f"{needed - padding} '=' missing" if padding < needed else f"{padding - needed} '=' too many"
        raise _refused(what, f"its end is not padded rightly: {found}")
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise _refused(what, str(error)) from error


def _is_base64(text: str) -> bool:
    return len(text) >= 4 and len(text) % 4 == 0 and re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", text) is not None


def _refused(what: str, cause: str) -> InputError:
    return InputError(ErrorCode.INPUT_BASE64, what=what, cause=cause)
