"""The catalogue of bad heads: what two programs could read in two ways is refused, in these words."""

from __future__ import annotations

import pytest

from workbench.transport.head import Problem, head_problem
from workbench.transport.limits import Limits

LINE = b"POST /x HTTP/1.1\r\n"
HOST = b"Host: mock.example\r\n"
NO_HOST = Problem(400, "invalid", "there must be exactly one Host header")
NO_CR_LF = Problem(400, "invalid", "a line of the head does not end in CR LF")
TWO_LENGTHS = Problem(400, "invalid", "Content-Length stands twice")
NO_LENGTH = Problem(400, "invalid", "Content-Length is no number")
NO_NAME = Problem(400, "invalid", "a header has no proper name")
NO_CODING = Problem(501, "not-supported", "the transfer coding is not known")
NO_METHOD = Problem(501, "not-supported", "the method is not known")
NO_PATH = Problem(400, "invalid", "the request target must be a path")
WEB_PAGE = Problem(403, "forbidden", "a web page may not call this server")

REFUSED: dict[str, tuple[bytes, Problem]] = {
    "B117 no Host": (LINE, NO_HOST),
    "B117 two Hosts": (LINE + HOST + HOST, NO_HOST),
    "B118 another server": (
        LINE + b"Host: evil.example\r\n",
        Problem(421, "forbidden", "the Host header names another server"),
    ),
    "B118 no host": (LINE + b"Host: [::1\r\n", Problem(400, "invalid", "the Host header cannot be read")),
    "B119 two framings": (
        LINE + HOST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        Problem(400, "invalid", "Content-Length and Transfer-Encoding stand together: a smuggling shape"),
    ),
    "B120 unknown coding": (LINE + HOST + b"Transfer-Encoding: xchunked\r\n", NO_CODING),
    "B120 two codings": (LINE + HOST + b"Transfer-Encoding: gzip, chunked\r\n", NO_CODING),
    "B121 two lengths": (LINE + HOST + b"Content-Length: 2\r\nContent-Length: 3\r\n", TWO_LENGTHS),
    "B121 the same length twice": (LINE + HOST + b"Content-Length: 2\r\nContent-Length: 2\r\n", TWO_LENGTHS),
    "B121 a list of lengths": (LINE + HOST + b"Content-Length: 2, 2\r\n", NO_LENGTH),
    "B121 a sign": (LINE + HOST + b"Content-Length: +2\r\n", NO_LENGTH),
    "B122 a blank before the colon": (LINE + b"Host : mock.example\r\n", NO_NAME),
    "B122 a folded header": (
        LINE + HOST + b"X-Mock: 1\r\n 2\r\n",
        Problem(400, "invalid", "a header is folded over two lines"),
    ),
    "B122 LF alone": (LINE + HOST + b"X-Mock: 1\nX-Other: 2\r\n", NO_CR_LF),
    "B123 CR alone": (LINE + HOST + b"X-Mock: a\rb\r\n", NO_CR_LF),
    "B123 NUL": (LINE + HOST + b"X-Mock: a\0b\r\n", Problem(400, "invalid", "the head holds a NUL byte")),
    "B125 a length of 22 digits": (
        LINE + HOST + b"Content-Length: 1" + b"0" * 21 + b"\r\n",
        Problem(413, "too-long", "the body is larger than 10485760 bytes"),
    ),
    "B128 CONNECT": (b"CONNECT /x HTTP/1.1\r\n" + HOST, Problem(405, "not-supported", "this is no proxy")),
    "B128 lower case": (b"post /x HTTP/1.1\r\n" + HOST, NO_METHOD),
    "B128 unknown": (b"BREW /x HTTP/1.1\r\n" + HOST, NO_METHOD),
    "B129 a whole address": (b"POST http://mock.example/x HTTP/1.1\r\n" + HOST, NO_PATH),
    "B129 an asterisk": (b"OPTIONS * HTTP/1.1\r\n" + HOST, NO_PATH),
    "B129 bytes beyond ASCII": (b"POST /\xff HTTP/1.1\r\n" + HOST, NO_PATH),
    "B130 HTTP/0.9": (b"GET /x\r\n", Problem(505, "invalid", "the request line is not one of HTTP/1.1")),
    "B130 the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n", Problem(505, "not-supported", "HTTP/2 is not spoken here")),
    "B130 HTTP/3": (b"GET /x HTTP/3.0\r\n", Problem(505, "not-supported", "HTTP/3.0 is not spoken here")),
    "B133 a coded body": (
        LINE + HOST + b"Content-Encoding: gzip\r\n",
        Problem(415, "not-supported", "a body with a content encoding is not taken"),
    ),
    "B134 Origin": (LINE + HOST + b"Origin: https://evil.example\r\n", WEB_PAGE),
    "B134 Sec-Fetch-Site": (LINE + HOST + b"Sec-Fetch-Site: cross-site\r\n", WEB_PAGE),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_head_that_can_be_read_in_two_ways_is_refused_in_these_words(case: str) -> None:
    head, problem = REFUSED[case]
    assert head_problem(head + b"\r\n", Limits(), {"mock.example"}) == problem


@pytest.mark.parametrize(
    "head",
    [
        LINE + HOST + b"Content-Length: 2\r\n",
        LINE + HOST + b"Transfer-Encoding: Chunked\r\nContent-Encoding: identity\r\n",
        b"PATCH /x?y=z HTTP/1.0\r\nhost: MOCK.example:8080\r\nSec-Fetch-Site: none\r\n",
        b"TRACE / HTTP/1.1\r\n" + HOST,
    ],
)
def test_a_head_that_has_one_meaning_is_taken(head: bytes) -> None:
    assert head_problem(head + b"\r\n", Limits(), {"mock.example"}) is None
