"""Exchanges as an HTTP archive (HAR 1.2), out and in.

What is written is what is given: secrets are cut out and people masked before. What is read is checked like any input;
secrets in it are left out.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from workbench.errors import ErrorCode, InputError
from workbench.exchange import Request, Response, header
from workbench.interchange.values import usable_headers
from workbench.messages import Number, json_text, tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbench.exchange import Exchange, Headers
    from workbench.messages import JsonObject, JsonValue

LARGEST = 100 * 1024 * 1024
MOST_CALLS = 10_000
WHAT = "The HTTP archive"
_ABSENT = -1
"""What HAR writes for a phase that did not happen and for a size that nobody knows."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One call that another program recorded, with its answer where there was one."""

    request: Request
    response: Response | None
    started: datetime
    """UTC."""
    seconds: float | None = None
    left_out: tuple[str, ...] = ()
    """What was not taken over, a sentence each."""


def as_har(exchanges: Iterable[Exchange], *, version: str, comment: str = "") -> str:
    """The archive as JSON text, entries in the order given; a call without an answer has status 0, as browsers do."""
    log: dict[str, object] = {
        "version": "1.2",
        "creator": {"name": "BaRS Workbench", "version": version},
        "entries": [_entry(exchange) for exchange in exchanges],
    }
    if comment:
        log["comment"] = comment
    return json.dumps({"log": log}, ensure_ascii=False, indent=2) + "\n"


def _entry(exchange: Exchange) -> dict[str, object]:
    timing, failure = exchange.timing, exchange.failure
    return {
        "startedDateTime": timing.started.isoformat(),
        "time": _ms(timing.total, 0),
        "request": _request(exchange.request),
        "response": _response(exchange.response, exchange.request.http_version),
        "cache": {},
        "timings": {
            "dns": _ms(timing.resolve, _ABSENT),
            "connect": _ms(timing.connect, _ABSENT),
            "ssl": _ms(timing.tls, _ABSENT),
            "send": _ms(timing.send, 0),
            "wait": _ms(timing.wait, 0),
            "receive": _ms(timing.receive, 0),
        },
        "comment": failure.sentence if failure is not None else exchange.operation,
    }


def _ms(seconds: float | None, absent: int) -> float:
    return absent if seconds is None else round(seconds * 1000, 3)


def _request(request: Request) -> dict[str, object]:
    query = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    written: dict[str, object] = {
        "method": request.method,
        "url": request.url,
        "httpVersion": f"HTTP/{request.http_version}",
        "cookies": [],
        "headers": _rows(request.headers),
        "queryString": _rows(tuple(query)),
        "headersSize": _ABSENT,
        "bodySize": len(request.body),
    }
    if request.body:
        written["postData"] = _content(request.headers, request.body)
    return written


def _response(response: Response | None, http_version: str) -> dict[str, object]:
    status, reason = (0, "") if response is None else (response.status, response.reason)
    fields: Headers = () if response is None else response.headers
    body = b"" if response is None else response.body
    return {
        "status": status,
        "statusText": reason,
        "httpVersion": f"HTTP/{http_version}",
        "cookies": [],
        "headers": _rows(fields),
        "content": {"size": len(body), **_content(fields, body)},
        "redirectURL": header(fields, "Location") or "",
        "headersSize": _ABSENT,
        "bodySize": len(body),
    }


def _rows(pairs: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _content(fields: Headers, body: bytes) -> dict[str, object]:
    """The body as text, or as base64 where it is none."""
    kind = header(fields, "Content-Type") or ""
    try:
        return {"mimeType": kind, "text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"mimeType": kind, "text": base64.b64encode(body).decode("ascii"), "encoding": "base64"}


@dataclass(frozen=True, slots=True)
class HarCalls:
    """The calls of an archive in its order."""

    calls: tuple[Recorded, ...]
    passed_over: int
    """Entries that are no call to an http or https address with a time."""


def read_har(text: str) -> HarCalls:
    """Every call of an archive; entries that cannot be used are counted unless none can be used.

    InputError (input.har) for a text that is no HAR or has no call, input.not-json for one that is no JSON.
    """
    if len(text) > LARGEST:
        raise InputError(ErrorCode.INPUT_TOO_LARGE, what=WHAT, limit=f"{LARGEST // 1024 // 1024} MiB")
    whole = json_text.load(text, what=WHAT)
    log = tree.as_object(tree.as_object(whole).get("log"))
    if "entries" not in log:
        raise _refused("it has no log with entries")
    found: list[Recorded] = []
    entries = log["entries"] if isinstance(log["entries"], list) else []
    for entry in tree.objects(entries):
        if len(found) == MOST_CALLS:
            raise _refused(f"it has more than {MOST_CALLS:,} calls")
        if (recorded := _recorded(entry)) is not None:
            found.append(recorded)
    if not found:
        raise _refused("none of its entries is a call to an http or https address with a time")
    return HarCalls(tuple(found), len(entries) - len(found))


def _recorded(entry: JsonObject) -> Recorded | None:
    asked = tree.as_object(entry.get("request"))
    url, method = tree.text(asked.get("url")), tree.text(asked.get("method"))
    started = _time(entry.get("startedDateTime"))
    if url is None or method is None or started is None or not url.lower().startswith(("http://", "https://")):
        return None
    left_out: list[str] = []
    fields = usable_headers(_pairs(asked.get("headers")), left_out)
    request = Request(method.upper(), url, fields, _body(asked.get("postData"), left_out))
    answered = tree.as_object(entry.get("response"))
    status = _number(answered.get("status"))
    response = None
    if status is not None and 100 <= status <= 599:
        reason = tree.text(answered.get("statusText")) or ""
        told = usable_headers(_pairs(answered.get("headers")), left_out)
        response = Response(int(status), reason, told, _body(answered.get("content"), left_out))
    took = _number(entry.get("time"))
    seconds = took / 1000 if took is not None and took >= 0 else None
    return Recorded(request, response, started, seconds, tuple(left_out))


def _pairs(value: JsonValue) -> list[tuple[str, str]]:
    """Header rows; those of HTTP/2 that begin with a colon are no headers."""
    rows = [(tree.text(row.get("name")) or "", str(row.get("value") or "")) for row in tree.objects(value)]
    return [(name, told) for name, told in rows if name and not name.startswith(":")]


def _body(value: JsonValue, left_out: list[str]) -> bytes:
    held = tree.as_object(value)
    text = held.get("text")
    if not isinstance(text, str):
        return b""
    coding = held.get("encoding")
    if not coding:
        return text.encode("utf-8", "surrogatepass")
    if coding != "base64":
        named = coding if isinstance(coding, str) and coding.isprintable() and len(coding) <= 20 else "?"
        left_out.append(f"A body in the encoding '{named}' was left out: only base64 is known.")
        return b""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        left_out.append("A body that says it is base64 and is not was left out.")
        return b""


def _time(value: JsonValue) -> datetime | None:
    text = tree.text(value)
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    if found is None:
        return None
    return (found if found.tzinfo is not None else found.replace(tzinfo=UTC)).astimezone(UTC)


def _number(value: JsonValue) -> float | None:
    return float(value.decimal) if isinstance(value, Number) else None


def _refused(cause: str) -> InputError:
    return InputError(ErrorCode.INPUT_HAR, what=WHAT, cause=cause)
