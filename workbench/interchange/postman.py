"""The requests of a Postman collection (format 2.1) as calls: variables of the collection filled in, secrets left out.

Scripts are neither read nor run. Must not know a file: it is given the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from workbench.errors import ErrorCode, InputError
from workbench.exchange import Request
from workbench.interchange.values import LARGEST, LARGEST_BODY, ForeignCall, usable_headers
from workbench.messages import json_text, tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbench.messages.values import JsonObject, JsonValue

WHAT = "The collection"
MOST_CALLS = 1000
DEEPEST = 20
MOST_STEPS = 5
"""Variables within variables."""
_SCHEMA = re.compile(r"/collection/v2\.[01](\.\d+)?/")
_OTHER_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")
_VARIABLE = re.compile(r"\{\{\s*([^{}\s]{1,100})\s*\}\}")
_SECRET_NAME = re.compile(r"token|secret|passw|assertion|private|api.?key|jwt", re.IGNORECASE)


def read_collection(text: str) -> tuple[ForeignCall, ...]:
    """Every request of a collection in its order, folders in front of its name.

    InputError for a text that is no JSON, no collection of version 2, has more than 1,000 requests or folders deeper
    than 20. A request that cannot be used is passed over where it has no address; anything else is told with it.
    """
    if len(text) > LARGEST:
        raise InputError(ErrorCode.INPUT_TOO_LARGE, what=WHAT, limit="20 MiB")
    whole = json_text.load(text, what=WHAT)
    if not isinstance(whole, dict):
        raise _refused("it is no JSON object")
    inner = whole.get("collection")
    whole = inner if isinstance(inner, dict) and "item" not in whole else whole
    schema = tree.inner_text(whole, "info", "schema") or ""
    if not _SCHEMA.search(schema):
        raise _refused("it does not say that it is a Postman collection of version 2.1")
    variables, hidden = _variables(whole)
    found: list[ForeignCall] = []
    for names, item in _items(whole.get("item"), ()):
        if len(found) == MOST_CALLS:
            raise _refused(f"it has more than {MOST_CALLS} requests")
        call = _call(" / ".join(names), item, variables, hidden)
        if call is not None:
            found.append(call)
    if not found:
        raise _refused("it has no requests")
    return tuple(found)


def _items(value: JsonValue, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], JsonObject]]:
    if len(above) > DEEPEST:
        raise _refused(f"its folders lie deeper than {DEEPEST}")
    for item in tree.objects(value):
        names = (*above, _line(tree.text(item.get("name")) or "Request"))
        if "item" in item:
            yield from _items(item.get("item"), names)
        elif "request" in item:
            yield names, item


def _variables(whole: JsonObject) -> tuple[dict[str, str], frozenset[str]]:
    """The values of the collection that may be filled in, and the names of those that are secrets."""
    known: dict[str, str] = {}
    hidden: set[str] = set()
    for row in tree.objects(whole.get("variable")):
        name = tree.text(row.get("key")) or tree.text(row.get("id")) or ""
        if not name or row.get("disabled") is True:
            continue
        if row.get("type") == "secret" or _SECRET_NAME.search(name):
            hidden.add(name)
        else:
            known[name] = tree.text(row.get("value")) or ""
    return known, frozenset(hidden)


def _call(name: str, item: JsonObject, variables: Mapping[str, str], hidden: frozenset[str]) -> ForeignCall | None:
    request = item.get("request")
    asked: JsonObject = {"url": request} if isinstance(request, str) else request if isinstance(request, dict) else {}
    left_out: list[str] = []
    used: set[str] = set()

    def filled(text: str) -> str:
        return _filled(text, variables, used)

    url = _address(filled(_url(asked.get("url"))))
    if url is None:
        return None
    method = (tree.text(asked.get("method")) or "GET").upper()
    if not method.isalpha() or len(method) > 10:
        left_out.append("Its method is none of HTTP; it became GET.")
        method = "GET"
    rows = [
        (filled(tree.text(row.get("key")) or ""), filled(tree.text(row.get("value")) or ""))
        for row in tree.objects(asked.get("header"))
        if row.get("disabled") is not True
    ]
    if isinstance(asked.get("auth"), dict):
        left_out.append("Its authorisation is a secret and was left out.")
    if item.get("event"):
        left_out.append("Its scripts were left out.")
    headers = usable_headers(rows, left_out)
    body = filled(_body(asked.get("body"), left_out)).encode("utf-8", "replace")
    if len(body) > LARGEST_BODY:
        raise InputError(ErrorCode.INPUT_TOO_LARGE, what=f"The body of {name}", limit="10 MiB")
    unknown = sorted(used - hidden)
    if unknown:
        left_out.append(f"No value is there for {', '.join(unknown)[:200]}.")
    if used & hidden:
        left_out.append(f"{', '.join(sorted(used & hidden))[:200]}: secrets were left out.")
    return ForeignCall(name, Request(method, url, headers, body), tuple(dict.fromkeys(left_out)))


def _url(value: JsonValue) -> str:
    if isinstance(value, str):
        return value
    return tree.text(value.get("raw")) or "" if isinstance(value, dict) else ""


def _address(text: str) -> str | None:
    """An address without user and password; None where there is none."""
    text = text.strip()
    if "://" not in text:
        if _OTHER_SCHEME.match(text):
            return None
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()


def _body(value: JsonValue, left_out: list[str]) -> str:
    if not isinstance(value, dict) or value.get("disabled") is True:
        return ""
    mode = tree.text(value.get("mode")) or ""
    if mode in ("raw", ""):
        return tree.text(value.get("raw")) or ""
    if mode == "urlencoded":
        rows = [
            (tree.text(row.get("key")) or "", tree.text(row.get("value")) or "")
            for row in tree.objects(value.get("urlencoded"))
            if row.get("disabled") is not True
        ]
        secret = [key for key, _ in rows if _SECRET_NAME.search(key)]
        if secret:
            left_out.append(f"{', '.join(secret)[:200]}: secrets were left out.")
        return urlencode([row for row in rows if row[0] not in secret])
    left_out.append(f"Its body is a {_line(mode)}, which is not taken over.")
    return ""


def _filled(text: str, variables: Mapping[str, str], used: set[str]) -> str:
    """A text with the variables of the collection filled in; the others stay as they are and go into `used`."""
    for _ in range(MOST_STEPS):
        grown = len(text) + sum(len(variables.get(name, "")) for name in _VARIABLE.findall(text))
        if grown > LARGEST_BODY:
            raise InputError(
                ErrorCode.INPUT_TOO_LARGE, what=f"A request of {WHAT[:1].lower()}{WHAT[1:]}", limit="10 MiB"
            )
        before = text
        text = _VARIABLE.sub(lambda one: variables.get(one[1], one[0]), text)
        if text == before:
            break
    used.update(_VARIABLE.findall(text))
    return text


def _line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)[:80].strip()


def _refused(cause: str) -> InputError:
    return InputError(ErrorCode.INPUT_COLLECTION, what=WHAT, cause=cause)
