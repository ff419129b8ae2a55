"""The size lines of a chunked body as raw bytes: no extension beyond a bound, no size beyond a limit (RFC 9112, 7.1).

Pure. It watches beside the parser, which takes extensions of any length; it must not know sockets or messages.
"""

from __future__ import annotations

import re

from workbench.transport.head import Problem

LONGEST_EXTENSION = 256
_LONGEST_LINE = 16 + LONGEST_EXTENSION
"""Sixteen digits say more than any body has bytes."""
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(;.*)?", re.DOTALL)


class ChunkLines:
    """Fed with the bytes after the head in any pieces, says what is wrong with the first bad size line."""

    def __init__(self, largest: int) -> None:
        """`largest`: bytes that a body may have."""
        self._largest = largest
        self._line = b""
        self._passed = 0
        """Bytes still to come of the content of a chunk and the line end after it."""
        self._over = False

    def problem(self, part: bytes) -> Problem | None:
        """What is wrong with a size line that ends, or goes on too long, in these bytes; None where nothing is."""
        rest = part
        while rest and not self._over:
            if self._passed:
                taken = min(self._passed, len(rest))
                self._passed -= taken
                rest = rest[taken:]
                continue
            line, end, rest = rest.partition(b"\n")
            self._line += line
            if len(self._line) > _LONGEST_LINE:
                return Problem(400, "invalid", f"a chunk has an extension of more than {LONGEST_EXTENSION} bytes")
            if end:
                found = _SIZE.fullmatch(self._line.removesuffix(b"\r"))
                self._line = b""
                if found is None:
                    return Problem(400, "invalid", "the size of a chunk cannot be read")
                size = int(found[1], 16)
                if size > self._largest:
                    return Problem(413, "too-long", f"the body is larger than {self._largest} bytes")
                self._passed = size + len(b"\r\n")
                self._over = size == 0
        return None
