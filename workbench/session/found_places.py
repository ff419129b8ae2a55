"""What of an exchange is searched for, place by place, and the place to show for a hit.

Pure functions of values, so that a thread or a worker process can run them; must not know the index.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_plus, urlsplit

from workbench.evidence.masked import ExchangeWords, masked_exchange
from workbench.headers import decode_headers
from workbench.history.wanted import facet, phrase_pattern
from workbench.history.words import fold, words_in
from workbench.messages import nhs_number
from workbench.session.judging import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.exchange import Headers
    from workbench.history.search import Material
    from workbench.history.wanted import Wanted
    from workbench.masking import Masker

AROUND = 28
"""Characters that are shown before a hit."""
LONGEST = 140
"""Characters of a place that are shown."""
_TAG = re.compile(r"<[^>]*>")
_TEN = re.compile(r"(?<!\d)\d{10}(?!\d)")


class Place(NamedTuple):
    """One text of an exchange, and what it is."""

    label: str
    text: str
    rank: int = 2
    """Of two places that say the same the higher one is shown: addresses and headers hold what all calls hold."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """The place of a hit as a row shows it."""

    label: str
    text: str
    marks: tuple[tuple[int, int], ...]
    """What is to be marked of the text: (start, length)."""


def words_of(material: Material) -> frozenset[str]:
    """Every word and facet by which an exchange is found."""
    text = "\n".join({place.text for place in places(material)})
    found = set(words_in(text))
    numbers = set(_TEN.findall(text))
    exchange = material.exchange
    status = str(exchange.response.status) if exchange.response is not None else ""
    facets = [
        ("status", status),
        ("service", exchange.service or ""),
        ("event", material.event),
        ("reason", material.reason),
        ("use-case", material.use_case),
        ("operation", exchange.operation),
        ("env", exchange.environment),
        ("direction", exchange.direction.value),
        *(("rule", finding.rule) for finding in material.findings),
        *(("severity", finding.severity) for finding in material.findings),
        *(("nhs", number) for number in numbers if nhs_number.is_valid(number)),
    ]
    found.update(facet(name, value) for name, value in facets)
    found.add(exchange.id.lower())
    found.discard("")
    return frozenset(found)


def snippet(material: Material, wanted: Wanted, masker: Masker | None) -> Snippet | None:
    """The place of an exchange that tells best why it was found; only what it is where nothing of it
    stands in a text, None where not even that.

    With a masker the hit is looked for in the exchange as it is, and what is shown is the same place of the masked one;
    nothing of it where masks have changed how many places of its kind there are.
    """
    found = [(place, _hits(place.text, wanted)) for place in places(material)]
    if not any(hits for _, hits in found):
        facets = ", ".join(one.replace("=", " ") for one in wanted.exact if "=" in one)
        return Snippet("", facets, ()) if facets else None
    told = [(len({word for *_, word in hits}), place.rank) for place, hits in found]
    number = told.index(max(told))
    place, hits = found[number]
    if masker is None:
        return _cut(place, [(start, length) for start, length, _ in hits])
    masked = places(replace(material, exchange=masked_exchange(material.exchange, masker)))
    alike = [one for one in masked if one.label == place.label]
    same = [n for n, (one, _) in enumerate(found) if one.label == place.label]
    if len(alike) != len(same):
        return Snippet(place.label, "", ())
    shown = alike[same.index(number)]
    shown = shown._replace(text=ExchangeWords(material.exchange, masker).text(shown.text))
    return _cut(shown, [(start, length) for start, length, _ in _hits(shown.text, wanted)])


def holds_phrases(material: Material, wanted: Wanted) -> bool:
    """Whether every phrase stands in some text of an exchange."""
    missing = [phrase_pattern(one) for one in wanted.phrases]
    for place in places(material):
        folded = fold(place.text)
        missing = [pattern for pattern in missing if pattern.search(folded) is None]
        if not missing:
            return True
    return False


def places(material: Material) -> Iterator[Place]:
    """Every text of an exchange: what people and rules say of it, then the call, then the answer."""
    exchange = material.exchange
    if material.title:
        yield Place("Message", material.title)
    if material.note:
        yield Place("Note", material.note)
    for finding in material.findings:
        yield Place(finding.rule, f"{finding.rule}: {finding.text}")
    if exchange.failure is not None:
        yield Place("Failure", exchange.failure.sentence)
    parts = urlsplit(exchange.request.url)
    yield Place("Address", f"{exchange.request.method} {parts.netloc}{unquote_plus(parts.path)}", 0)
    if parts.query:
        yield Place("Address", unquote_plus(parts.query), 0)
    yield from _of_headers(exchange.request.headers, material)
    yield from _of_body(exchange.request.body)
    if exchange.response is not None:
        yield Place("Answer", f"{exchange.response.status} {exchange.response.reason}".strip(), 1)
        yield from _of_headers(exchange.response.headers, material)
        yield from _of_body(exchange.response.body)
    elif exchange.failure is not None:
        yield from _of_body(exchange.failure.received)


def _of_headers(headers: Headers, material: Material) -> Iterator[Place]:
    for header in decode_headers(headers, material.exchange.operation, material.exchange.direction):
        for label, value in header.rows or (("Value", header.value),):
            title = header.name if label == "Value" else f"{header.name}: {label}"
            if value:
                yield Place(title, value, 1)


def _of_body(body: bytes) -> Iterator[Place]:
    if not body:
        return
    resource = _resource(body)
    if isinstance(resource, dict):
        yield from _strings(resource)
        return
    text = _TAG.sub(" ", body.decode("utf-8", "replace"))
    for line in text.splitlines():
        if line.strip():
            yield Place("Body", line.strip())


def _resource(body: bytes) -> object:
    """A body as a tree, by the quickest way there is: only its texts are wanted. None where it is no FHIR."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        message = readable(body)
        return message.resource if message is not None else None


def _strings(resource: dict[str, object]) -> Iterator[Place]:
    """Every string below, in document order, with the name of its element."""
    stack: list[tuple[str, object]] = [("Message", resource)]
    while stack:
        label, value = stack.pop()
        if isinstance(value, str):
            text = _TAG.sub(" ", value) if label == "div" else value
            if text:
                yield Place(_spaced(label), text)
        elif isinstance(value, dict):
            given, family = value.get("given"), value.get("family")
            if isinstance(given, list) and isinstance(family, str):
                whole = " ".join(str(one) for one in (*given, family))
                stack.append(("Name", whole))  # after its parts: a phrase goes over both
            inner = [(label if name == "value" else str(name).lstrip("_"), one) for name, one in value.items()]
            stack.extend(reversed(inner))
        elif isinstance(value, list):
            stack.extend((label, one) for one in reversed(value))


@lru_cache(maxsize=1024)
def _spaced(name: str) -> str:
    """An element's name for reading: `birthDate` as `Birth date`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return words[:1].upper() + words[1:].lower()


def _hits(text: str, wanted: Wanted) -> list[tuple[int, int, str]]:
    """Where words begin as they are searched for: (start, length, word)."""
    folded = fold(text)
    beside = [(one, phrase_pattern(one)) for one in wanted.phrases]
    if not (wanted.marked or beside) or len(folded) != len(text):
        there = [word for word in wanted.marked if word in folded]
        return [(0, 0, word) for word in (*there, *(one for one, pattern in beside if pattern.search(folded)))]
    found = [(at.start(), at.end() - at.start(), one) for one, pattern in beside for at in pattern.finditer(folded)]
    for word in wanted.marked:
        begin = r"(?<!\w)" if word[:1].isalnum() else ""
        found += [(one.start(), len(word), word) for one in re.finditer(begin + re.escape(word), folded)]
    return sorted(found)


def _cut(place: Place, hits: list[tuple[int, int]]) -> Snippet:
    """The part of a place around its first hit, on one line."""
    text = re.sub(r"\s", " ", place.text)
    first = hits[0][0] if hits else 0
    start = max(0, first - AROUND) if first + 40 > LONGEST or first > 2 * AROUND else 0
    end = start + LONGEST
    before, after = ("…" if start else ""), ("…" if end < len(text) else "")
    moved = len(before) - start
    marks = tuple((at + moved, length) for at, length in hits if length and start <= at and at + length <= end)
    return Snippet(place.label, f"{before}{text[start:end]}{after}", marks)
