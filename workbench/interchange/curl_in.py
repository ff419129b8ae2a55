"""A pasted curl command as a call. It is read, never run; files that it names are not opened; secrets are left out.

Options that change nothing about the call are passed over, those that would are refused where they cannot be followed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

from workbench.errors import ErrorCode, InputError
from workbench.exchange import Request, header
from workbench.interchange.shell_words import NOT_FOLLOWED, OPEN, WHAT, words
from workbench.interchange.values import LARGEST, LARGEST_BODY, SECRET_HEADERS, ForeignCall, usable_headers

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHORT = {
    "X": "request", "H": "header", "d": "data", "G": "get", "I": "head", "u": "user", "b": "cookie", "A": "user-agent",
    "e": "referer", "x": "proxy", "o": "output", "m": "max-time", "E": "cert", "F": "form", "T": "upload-file",
    "K": "config", "w": "write-out", "D": "dump-header", "c": "cookie-jar", "r": "range",
    "k": "insecure", "s": "silent", "S": "show-error", "v": "verbose", "i": "include", "L": "location", "f": "fail",
    "g": "globoff", "N": "no-buffer", "#": "progress-bar", "O": "remote-name", "j": "junk-session-cookies",
    "4": "ipv4", "6": "ipv6", "0": "http1.0", "q": "disable",
}  # fmt: skip
_DATA = {"data", "data-raw", "data-binary", "data-ascii", "data-urlencode", "json"}
_SECRET = {"user", "cookie", "oauth2-bearer", "key", "cert", "pass", "proxy-user"}
_PASSED = {
    "user-agent", "referer", "output", "max-time", "connect-timeout", "write-out", "dump-header", "cookie-jar",
    "cacert", "capath", "cert-type", "key-type", "retry", "retry-delay", "retry-max-time", "limit-rate", "resolve",
    "max-redirs", "noproxy", "interface", "ciphers", "tls-max", "stderr", "trace", "trace-ascii", "speed-limit",
    "speed-time", "keepalive-time",
}  # fmt: skip
"""Options with a value that change nothing about the call itself."""
_REFUSED = {"form", "form-string", "upload-file", "config", "range", "next"}
_FLAGS = {
    "get", "head", "insecure", "silent", "show-error", "verbose", "include", "location", "fail", "globoff",
    "no-buffer", "progress-bar", "remote-name", "junk-session-cookies", "ipv4", "ipv6", "http1.0", "http1.1", "http2",
    "http2-prior-knowledge", "disable", "compressed", "no-keepalive", "tlsv1.2", "tlsv1.3", "fail-with-body",
    "location-trusted", "no-progress-meter", "path-as-is", "ssl-reqd", "tcp-nodelay", "http3", "raw", "anyauth",
    "basic",
}  # fmt: skip
_TAKE = _DATA | _SECRET | _PASSED | _REFUSED | {"request", "header", "url", "proxy"}
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(slots=True)
class _Read:
    """What the options have said so far."""

    method: str = ""
    url: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    json: bool = False
    get: bool = False
    left_out: list[str] = field(default_factory=list)


def read_curl(text: str) -> ForeignCall:
    """The call of one curl command. InputError for what is none, or cannot be followed without a shell or a file."""
    if len(text) > LARGEST:
        raise InputError(ErrorCode.INPUT_TOO_LARGE, what=WHAT, limit="20 MiB")
    given = words(text.strip().removeprefix("$ "))
    if not given or given[0].rpartition("/")[2] not in ("curl", "curl.exe"):
        raise _refused("it does not begin with curl")
    read = _Read()
    for name, value in _options(given[1:]):
        _take(read, name, value)
    return _call(read)


def _options(given: list[str]) -> Iterator[tuple[str, str]]:
    """Every option with its value; an address alone is the option `url`."""
    waiting = list(reversed(given))
    only_addresses = False
    while waiting:
        word = waiting.pop()
        if only_addresses or not word.startswith("-") or word == "-":
            yield "url", word
        elif word == "--":
            only_addresses = True
        elif word.startswith("--"):
            name, equals, attached = word[2:].partition("=")
            if name in _FLAGS and not equals:
                yield name, ""
            elif name in _TAKE:
                yield name, attached if equals else _next(waiting, word)
            else:
                raise _refused(f"the option --{name[:40]} is not known here")
        else:
            yield from _letters(word, waiting)


def _letters(word: str, waiting: list[str]) -> Iterator[tuple[str, str]]:
    """The short options of one word: flags in a row, the value of the last one attached or following."""
    rest = word[1:]
    while rest:
        letter, rest = rest[0], rest[1:]
        name = _SHORT.get(letter)
        if name is None:
            raise _refused(f"the option -{letter} is not known here")
        if name in _FLAGS:
            yield name, ""
        else:
            yield name, rest or _next(waiting, f"-{letter}")
            return


def _next(waiting: list[str], option: str) -> str:
    if not waiting:
        raise _refused(f"{option[:40]} has no value")
    return waiting.pop()


def _take(read: _Read, name: str, value: str) -> None:
    if name in _REFUSED:
        raise _refused(f"--{name} cannot be taken over")
    if OPEN in value and not _thrown_away(name, value):
        raise _refused(NOT_FOLLOWED)
    if name in _SECRET:
        read.left_out.append(f"--{name} is a secret and was left out.")
    elif name == "url":
        if read.url:
            raise _refused("it calls more than one address")
        read.url = value
    elif name == "request":
        read.method = value.upper()
    elif name == "header":
        _take_header(read, value)
    elif name in _DATA:
        _take_data(read, name, value)
    elif name == "get":
        read.get = True
    elif name == "head":
        read.method = read.method or "HEAD"
    elif name == "insecure":
        read.left_out.append("--insecure was left out: certificates are always checked.")
    elif name == "proxy":
        read.left_out.append("--proxy was left out: it belongs to the environment.")
    elif name in ("location", "location-trusted"):
        read.left_out.append("--location was left out: redirects are not followed.")


def _thrown_away(option: str, value: str) -> bool:
    """Whether what an option says is a secret that does not come in: then a variable may stand for it."""
    secret = option == "header" and value.partition(":")[0].strip().lower() in SECRET_HEADERS
    return secret or option == "proxy" or option in _SECRET


def _take_header(read: _Read, value: str) -> None:
    if value.startswith("@"):
        raise _refused("its headers are in a file, which is not opened")
    name, colon, rest = value.partition(":")
    if colon and not rest.strip():
        return  # so curl is told to leave a header out
    read.headers.append((name, rest) if colon else (value.removesuffix(";"), ""))


def _take_data(read: _Read, name: str, value: str) -> None:
    if value.startswith("@") and name != "data-raw":
        raise _refused("its body is in a file, which is not opened: open the file itself")
    if name == "data-urlencode":
        key, equals, rest = value.partition("=")
        if not equals and "@" in value:
            raise _refused("its body is in a file, which is not opened: open the file itself")
        value = f"{key}={quote(rest, safe='')}" if equals and key else quote(rest if equals else key, safe="")
    elif name == "json":
        read.json = True
    read.data.append(value)


def _call(read: _Read) -> ForeignCall:
    url = read.url if "://" in read.url or not read.url else f"http://{read.url}"
    body = ("" if read.json else "&").join(read.data)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise _refused("its address cannot be read") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _refused("it names no address that begins with http:// or https://")
    if "@" in parts.netloc:
        read.left_out.append("The password in the address is a secret and was left out.")
    query = "&".join(one for one in (parts.query, body if read.get else "") if one)
    url = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path or "/", query, ""))
    raw = b"" if read.get else body.encode("utf-8", "surrogateescape" if body.isascii() else "replace")
    if len(raw) > LARGEST_BODY:
        raise InputError(ErrorCode.INPUT_TOO_LARGE, what=f"The body of {WHAT[:1].lower()}{WHAT[1:]}", limit="10 MiB")
    method = read.method or ("POST" if read.data and not read.get else "GET")
    if method not in _METHODS:
        raise _refused(f"its method {method[:20]} is not one of {', '.join(_METHODS)}")
    headers = usable_headers(read.headers, read.left_out)
    for name in ("Content-Type", "Accept") if read.json else ():
        if header(headers, name) is None:
            headers = (*headers, (name, "application/json"))
    return ForeignCall("", Request(method, url, headers, raw), tuple(dict.fromkeys(read.left_out)))


def _refused(cause: str) -> InputError:
    return InputError(ErrorCode.INPUT_CURL, what=WHAT, cause=cause)
