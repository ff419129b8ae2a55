"""The content coding of a body: gzip within its bound, nothing guessed."""

from __future__ import annotations

import gzip

import pytest

from workbench.exchange.coding import LARGEST, TooLarge, Undecodable, begun, content_of, decoded, is_coded

TEXT = b'{"resourceType": "Bundle"}' * 50
ZIPPED = gzip.compress(TEXT, mtime=0)


@pytest.mark.parametrize("coding", [None, "", "identity", " Identity "])
def test_a_body_without_a_coding_is_its_content(coding: str | None) -> None:
    assert decoded(ZIPPED, coding) == ZIPPED
    assert not is_coded(coding)


@pytest.mark.parametrize("coding", ["gzip", "GZIP ", "x-gzip"])
def test_gzip_is_taken_off(coding: str) -> None:
    assert decoded(ZIPPED, coding) == TEXT
    assert is_coded(coding)


@pytest.mark.parametrize(
    ("raw", "coding", "why"),
    [
        (ZIPPED[:-1], "gzip", "its gzip ends before its end"),
        (b"", "gzip", "its gzip ends before its end"),
        (b"{}", "gzip", "it is no gzip"),
        (ZIPPED[:20] + b"\0\0" + ZIPPED[22:], "gzip", "it is no gzip"),
        (b"{}", "br", "'br' was not asked for"),
        (ZIPPED, "gzip, gzip", "'gzip, gzip' was not asked for"),
    ],
)
def test_what_does_not_have_its_coding_says_why_and_is_kept_as_it_is(raw: bytes, coding: str, why: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decoded(raw, coding)
    assert caught.value.text == why
    assert not isinstance(caught.value, TooLarge)
    assert content_of(raw, coding) == raw


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(LARGEST + 1), 9, mtime=0)
    with pytest.raises(TooLarge):
        decoded(bomb, "gzip")
    assert content_of(bomb, "gzip") == bomb
    assert len(begun(bomb)) == LARGEST


def test_the_beginning_of_a_stream_can_be_looked_at() -> None:
    assert TEXT.startswith(begun(ZIPPED[:-8]))
    assert begun(ZIPPED[:-8])
    assert begun(b"{}") == b""
