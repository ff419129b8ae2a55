"""The headers of an answer looked at one by one: what HTTP asks for, what protects, what gives something away.

Remarks of four levels, each with its authority. What OWASP advises is never more than a warning, and a warning only
where a header that is there says something wrong. Must not know bodies beyond their length.
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from workbench.exchange.values import header, headers
from workbench.standard.secure_headers import secure_headers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workbench.exchange.values import Request, Response

HTTP = "RFC 9110, 9112"
OWASP = "OWASP Secure Headers Project"


class Level(StrEnum):
    """How much a remark weighs."""

    FAIL = "fail"
    """HTTP or the standard is broken."""
    WARN = "warn"
    """Something is given away, or a header that is there is a mistake."""
    ADVICE = "advice"
    """OWASP would add or remove it, and it makes sense for an interface."""
    NOTE = "note"
    """Only browsers care."""


class Remark(NamedTuple):
    """What is remarkable about one header."""

    level: Level
    name: str
    text: str
    authority: str


_CONNECTION = ("Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade")
_INTERNAL = re.compile(
    r"(?<![\d.])(?:10(?:\.\d{1,3}){3}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|192\.168(?:\.\d{1,3}){2})(?![\d.])"
    r"|(?<![\w-])[\w-]++\.local\b",
    re.IGNORECASE,
)
_DAY = 86_400
_CACHED = ("/metadata", "/MessageDefinition")
"""What the guide lets callers keep for a day."""
_PRODUCTS = re.compile(r"tomcat|jboss|wildfly|weblogic|websphere|nginx|apache|iis|jetty|spring|kestrel", re.IGNORECASE)


def checked(response: Response, request: Request | None = None) -> tuple[Remark, ...]:
    """Every remark on the headers of an answer; `request` says which call it was and whether it went over https."""
    return (*_of_http(response, request), *_protecting(response, request), *_telling(response))


def is_secure(request: Request | None) -> bool:
    """Whether the call went over https."""
    return request is not None and request.url.lower().startswith("https:")


def protects(name: str, response: Response, request: Request | None) -> bool:
    """Whether a protecting header is there and does what OWASP wants of it."""
    value = _joined(response, name)
    if name == "X-Frame-Options" and "frame-ancestors" in _joined(response, "Content-Security-Policy"):
        return True
    return value != "" and not any(wrong(value, request) for key, wrong, _ in _MISTAKES if key == name)


def _of_http(response: Response, request: Request | None) -> Iterator[Remark]:
    """Framing, companions of a status, and times."""
    lengths = headers(response.headers, "Content-Length")
    codings = headers(response.headers, "Transfer-Encoding")
    if lengths and codings:
        yield Remark(Level.FAIL, "Transfer-Encoding", "it stands beside Content-Length: the length is told twice", HTTP)
    elif len(lengths) > 1:
        yield Remark(Level.FAIL, "Content-Length", "it is there more than once", HTTP)
    elif lengths and not (lengths[0].isascii() and lengths[0].strip().isdigit()):
        yield Remark(Level.FAIL, "Content-Length", f"'{lengths[0]}' is no number", HTTP)
    if request is not None and request.http_version.startswith("2"):
        for name in _CONNECTION:
            if headers(response.headers, name):
                yield Remark(Level.FAIL, name, "HTTP/2 has no headers about the connection", "RFC 9113")
    yield from _companions(response)
    if (date := header(response.headers, "Date")) is None:
        yield Remark(Level.NOTE, "Date", "the answer has no date", HTTP)
    elif not _is_date(date):
        yield Remark(Level.WARN, "Date", f"'{date}' is no date of HTTP", HTTP)


def _companions(response: Response) -> Iterator[Remark]:
    """Headers that go with a status."""
    status = response.status
    challenge = header(response.headers, "WWW-Authenticate")
    if status == 401 and challenge is None:
        yield Remark(Level.WARN, "WWW-Authenticate", "an answer 401 says how to authenticate; this one does not", HTTP)
    if challenge and _PRODUCTS.search(challenge):
        yield Remark(Level.WARN, "WWW-Authenticate", "its realm names a product", OWASP)
    if status == 405 and header(response.headers, "Allow") is None:
        yield Remark(Level.WARN, "Allow", "an answer 405 lists the methods that are offered; this one does not", HTTP)
    if (status == 201 or status in (301, 302, 303, 307, 308)) and header(response.headers, "Location") is None:
        yield Remark(Level.WARN, "Location", f"an answer {status} says where; this one does not", HTTP)
    if 300 <= status < 400:
        yield Remark(Level.WARN, "Location", f"the answer is {status}: callers of an interface are not sent on", HTTP)
    if status in (429, 503) and header(response.headers, "Retry-After") is None:
        yield Remark(Level.ADVICE, "Retry-After", f"an answer {status} may say when to try again", HTTP)


def _protecting(response: Response, request: Request | None) -> Iterator[Remark]:
    """Headers that OWASP would add, where they lack or do harm."""
    for row in secure_headers().add:
        value = _joined(response, row.name)
        found = [text for key, wrong, text in _MISTAKES if key == row.name and value and wrong(value, request)]
        if found:
            yield Remark(Level.WARN, row.name, found[0], OWASP)
        elif row.name == "Strict-Transport-Security" and not is_secure(request):
            if value:
                yield Remark(Level.NOTE, row.name, "it is ignored where the call is not https", OWASP)
        elif row.level == "none":
            if value:
                yield Remark(Level.NOTE, row.name, "it belongs to logging out of a web page", OWASP)
        elif not protects(row.name, response, request):
            yield Remark(Level(row.level), row.name, f"OWASP would add '{row.value or 'a list of features'}'", OWASP)


def _telling(response: Response) -> Iterator[Remark]:
    """Headers that give something away, are out of use, or are for browsers."""
    lists = secure_headers()
    removed = lists.removed
    outdated = {row.name.lower(): row for row in lists.deprecated}
    for name, value in response.headers:
        key = name.lower()
        if key == "server":
            versioned = re.search(r"\d|\(", value) is not None
            text = "it tells product and version" if versioned else "it names the product"
            yield Remark(Level.WARN if versioned else Level.ADVICE, name, f"{text} of the server", OWASP)
        elif key in removed:
            yield Remark(Level(removed[key].level), name, "it tells how the server is built", OWASP)
        elif key in outdated:
            yield Remark(Level(outdated[key].level), name, outdated[key].text, OWASP)
        elif key == "x-xss-protection" and value.strip() != "0":
            yield Remark(Level.WARN, name, "it can open holes of its own; 0 or nothing is right", OWASP)
        elif key == "content-type" and "vnd.spring-boot" in value:
            yield Remark(Level.WARN, name, "it names the framework", OWASP)
        elif key == "access-control-allow-origin":
            shared = (header(response.headers, "Access-Control-Allow-Credentials") or "").lower() == "true"
            if shared:
                yield Remark(Level.WARN, name, "any page may call with the credentials of its reader", OWASP)
            else:
                yield Remark(Level.NOTE, name, "callers of this interface are servers, not browsers", OWASP)
        elif _INTERNAL.search(value):
            yield Remark(Level.WARN, name, "it holds an internal address", OWASP)


def _joined(response: Response, name: str) -> str:
    return ", ".join(headers(response.headers, name)).strip().lower()


def _age(value: str) -> int | None:
    found = re.search(r"max-age\s*=\s*\"?(\d+)", value)
    return int(found[1][:12]) if found else None


def _keeps(value: str, request: Request | None) -> bool:
    """Whether a Cache-Control lets what may be about a patient be kept."""
    age = _age(value) or 0
    if request is not None and request.url.partition("?")[0].rstrip("/").endswith(_CACHED):
        return age > _DAY
    return "no-store" not in value and (age > 0 or "public" in value)


_MISTAKES: tuple[tuple[str, Callable[[str, Request | None], bool], str], ...] = (
    (
        "Strict-Transport-Security",
        lambda value, request: is_secure(request) and (_age(value) or 0) == 0,
        "max-age is 0: the protection is taken back",
    ),
    ("X-Content-Type-Options", lambda value, _: value != "nosniff", "nosniff is the only value it has"),
    ("Cache-Control", _keeps, "it lets an answer about a patient be stored"),
    ("X-Frame-Options", lambda value, _: "allow-from" in value, "ALLOW-FROM is out of use"),
    ("Referrer-Policy", lambda value, _: "unsafe-url" in value, "unsafe-url gives whole addresses away"),
)
"""(header, whether its value is a mistake, what is wrong with it)."""


def _is_date(text: str) -> bool:
    try:
        return parsedate_to_datetime(text) is not None
    except (ValueError, TypeError, IndexError, OverflowError):
        return False
