"""The catalogue of bad chunks: refused in these words, in whatever pieces the bytes come."""

from __future__ import annotations

import pytest

from workbench.transport.chunks import ChunkLines
from workbench.transport.head import Problem

NO_SIZE = Problem(400, "invalid", "the size of a chunk cannot be read")
TOO_LARGE = Problem(413, "too-long", "the body is larger than 1000 bytes")
EXTENDED = Problem(400, "invalid", "a chunk has an extension of more than 256 bytes")
BODIES: dict[str, tuple[bytes, Problem | None]] = {
    "B124 a negative size": (b"-5\r\n", NO_SIZE),
    "B124 no size": (b"\r\n", NO_SIZE),
    "B124 a second chunk without a size": (b"2\r\n{}\r\nx\r\n", NO_SIZE),
    "B124 more digits than a size has": (b"f" * 30 + b"\r\n", NO_SIZE),
    "B124 sixteen digits": (b"f" * 16 + b"\r\n", TOO_LARGE),
    "B124 an extension without end": (b"2;a=" + b"b" * 300, EXTENDED),
    "B124 an extension of 256 bytes": (b"2;" + b"b" * 255 + b"\r\n{}\r\n0\r\n\r\n", None),
    "plain": (b"2\r\n{}\r\n3e8\r\n" + b"\n" * 1000 + b"\r\n0\r\n\r\nPOST / HTTP/1.1\r\n", None),
}


@pytest.mark.parametrize("case", BODIES)
@pytest.mark.parametrize("step", [1, 7, 10_000])
def test_a_bad_size_line_is_told_in_these_words(case: str, step: int) -> None:
    body, problem = BODIES[case]
    lines = ChunkLines(1000)
    told = (lines.problem(body[start : start + step]) for start in range(0, len(body), step))
    assert next((one for one in told if one is not None), None) == problem
