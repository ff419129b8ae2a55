"""Exchanges without the people in them, for the screen and for exports: bodies, access headers, addresses, words.

What is masked is written anew, so a masked body is not what was on the wire. A body that cannot be read as FHIR is
replaced whole: nobody can tell what is in it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from workbench.errors import InputError
from workbench.headers import base64_json
from workbench.messages import build, parse, tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.exchange import Exchange, Failure, Headers, Request, Response
    from workbench.masking import Masker
    from workbench.messages import JsonObject, JsonValue

UNREADABLE = b"[masked: this body cannot be read, and so not be masked by field]"
_SIGN_IN = "token"
"""Calls that are about programs, not about people: they stay as they were stored, without their secrets."""
_SHORTEST = 3
"""Characters from which the value of a parameter is also looked for in texts that quote it."""
_ACCESS = "nhsd-"
"""Access headers carry FHIR resources as base64 of JSON."""


def masked_exchange(exchange: Exchange, masker: Masker, words: ExchangeWords | None = None) -> Exchange:
    """The exchange with every personal value as its mask; the input is not changed.

    `words` are those of this exchange, where they are at hand: making them costs as much as masking.
    """
    if exchange.operation == _SIGN_IN:
        return exchange
    words = words or ExchangeWords(exchange, masker)
    response, failure = exchange.response, exchange.failure
    return replace(
        exchange,
        request=words.request(exchange.request),
        response=None if response is None else _response(response, words),
        failure=None if failure is None else _failure(failure, words),
    )


def masked_body(body: bytes, masker: Masker) -> bytes:
    """A message in the same syntax with the people masked; empty stays empty."""
    return _Words(masker, ()).body(body)


def masked_url(url: str, masker: Masker) -> str:
    """An address with every NHS number in it masked, the encoded ones too."""
    return _Words(masker, ()).url(url)


class _Words:
    """The masker with everything personal that some resources hold."""

    def __init__(self, masker: Masker, about: Sequence[JsonObject], url: str = "") -> None:
        self._masker = masker
        self._replacements: dict[str, str] = {}
        for resource in about:
            self._replacements.update(masker.replacements(resource))
        masker.query(urlsplit(url).query, str, self._keep)

    def _keep(self, value: str, mask: str) -> None:
        if len(value) >= _SHORTEST:
            self._replacements.setdefault(value, mask)

    def request(self, request: Request) -> Request:
        """A request with every personal value as its mask."""
        return replace(
            request, url=self.url(request.url), headers=self.headers(request.headers), body=self.body(request.body)
        )

    def text(self, text: str) -> str:
        """A text that may quote them, masked."""
        return self._masker.replaced(text, self._replacements)

    def body(self, body: bytes) -> bytes:
        if not body.strip():
            return body
        try:
            message = parse(body)
        except InputError:
            return UNREADABLE
        if message.resource_type == "OperationOutcome" and self._replacements:
            return build(self._outcome(message.resource), message.syntax).source
        return build(self._masker.resource(message.resource), message.syntax).source

    def url(self, url: str) -> str:
        """The address; what is percent-encoded in it is masked too."""
        parts = urlsplit(url)
        path = "/".join(quote(self.text(unquote(step)), safe=":@$&'()*+,;=") for step in parts.path.split("/"))
        return urlunsplit(parts._replace(path=path, query=self._masker.query(parts.query, self.text, self._keep)))

    def headers(self, headers: Headers) -> Headers:
        return tuple((name, self._header(name, value)) for name, value in headers if name.lower() != "content-length")

    def _header(self, name: str, value: str) -> str:
        if not name.lower().startswith(_ACCESS):
            return self.text(value)
        try:
            resource = base64_json.decode(value, what=name)
        except InputError:
            return self.text(value)
        if tree.text(resource.get("resourceType")) is None:
            return value
        return base64_json.encode(self._masker.resource(resource))

    def _outcome(self, outcome: JsonObject) -> JsonObject:
        """An answer's issues in their own words, without what they quote of the message."""
        return tree.as_object(self._said(outcome))

    def _said(self, value: JsonValue) -> JsonValue:
        if isinstance(value, dict):
            return {name: self._said(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._said(item) for item in value]
        return self.text(value) if isinstance(value, str) else value


class ExchangeWords(_Words):
    """The masker with everything personal that an exchange's own messages hold: for texts that quote them."""

    def __init__(self, exchange: Exchange, masker: Masker) -> None:
        answer = exchange.response.body if exchange.response is not None else b""
        super().__init__(masker, _resources(exchange.request, answer), exchange.request.url)


class RequestWords(_Words):
    """The masker with everything personal that a request holds, one that was not sent yet too."""

    def __init__(self, request: Request, masker: Masker) -> None:
        super().__init__(masker, _resources(request, b""), request.url)


def _resources(request: Request, answer: bytes) -> tuple[JsonObject, ...]:
    """What a call is about: its messages and access headers; an outcome only quotes them."""
    found: list[JsonObject] = []
    for body in (request.body, answer):
        try:
            message = parse(body)
        except InputError:  # told when the body itself is masked
            continue
        if message.resource_type != "OperationOutcome":
            found.append(message.resource)
    for name, value in request.headers:
        if name.lower().startswith(_ACCESS):
            try:
                found.append(base64_json.decode(value, what=name))
            except InputError:  # not a resource: a plain text, masked as one
                continue
    return tuple(found)


def _response(response: Response, words: _Words) -> Response:
    return replace(
        response,
        headers=words.headers(response.headers),
        body=words.body(response.body),
        remark=words.text(response.remark),
        wire=b"",
    )


def _failure(failure: Failure, words: _Words) -> Failure:
    return replace(failure, received=UNREADABLE if failure.received else b"")
