"""The content coding of a body (RFC 9110, 8.4): gzip taken off within a bound, and nothing guessed.

Pure. Bodies are kept as they were on the wire; this is for reading them.
"""

from __future__ import annotations

import zlib

LARGEST = 10 * 1024 * 1024
"""Bytes that a body may have once its coding is taken off: a few kilobytes can hide gigabytes."""
_NONE = ("", "identity")
_GZIP = ("gzip", "x-gzip")


class Undecodable(Exception):  # noqa: N818 - an outcome that whoever reads words
    """A body is not what its coding says; `text` is why, in a few words."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class TooLarge(Undecodable):
    """A body is larger than anyone needs once its coding is taken off."""


def is_coded(coding: str | None) -> bool:
    """Whether a Content-Encoding says that the bytes are not the content itself."""
    return (coding or "").strip().lower() not in _NONE


def decoded(raw: bytes, coding: str | None) -> bytes:
    """The content of a body. Undecodable for a coding that nobody asked for, for bytes that do not have it, and for a
    stream that stops before its end, which may still give some text; TooLarge beyond ten mebibytes."""
    name = (coding or "").strip().lower()
    if name in _NONE:
        return raw
    if name not in _GZIP:
        raise Undecodable(f"'{name}' was not asked for")
    reader = zlib.decompressobj(wbits=31)
    try:
        content = reader.decompress(raw, LARGEST + 1)
    except zlib.error as error:
        raise Undecodable("it is no gzip") from error
    if len(content) > LARGEST:
        raise TooLarge("it unpacks to more than 10 MiB")
    if not reader.eof:
        raise Undecodable("its gzip ends before its end")
    return content


def content_of(raw: bytes, coding: str | None) -> bytes:
    """The content of a kept body, or the bytes themselves where the coding cannot be taken off."""
    try:
        return decoded(raw, coding)
    except Undecodable:
        return raw


def begun(raw: bytes) -> bytes:
    """What a gzip stream gives as far as it goes, bounded; empty for bytes that are none."""
    reader = zlib.decompressobj(wbits=31)
    found = b""
    try:
        found = reader.decompress(raw, LARGEST)
    except zlib.error:
        return b""
    return found
