"""How values lie in text columns: JSON with numbers that keep their text, times that sort, facts of messages.

Must not know tables or connections.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

from workbench.exchange import Headers, Peer, TlsFacts
from workbench.messages.values import JsonObject, JsonValue, MessageFacts, Number

_NUMBER = "$number"
_FACTS = MessageFacts._fields


def dump(value: object) -> str:
    """Compact JSON; a `Number` keeps its text. TypeError for what JSON cannot hold."""
    return storable(_ENCODER.encode(value))


def storable(text: str) -> str:
    """A text that SQLite can hold: half surrogates, which only escapes in a message can make, become U+FFFD.

    The message itself is kept as its bytes.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def load(text: str) -> JsonValue:
    """What `dump` wrote; plain ints and floats come back as they were given."""
    return cast("JsonValue", json.loads(text, object_hook=numbers))


def load_object(text: str) -> JsonObject:
    """A JSON object that `dump` wrote."""
    value = load(text)
    if not isinstance(value, dict):
        raise TypeError(f"a JSON object was stored here, not {type(value).__name__}")
    return value


def when(instant: datetime) -> str:
    """UTC with microseconds, so that text sorts as time; ValueError for a naive time."""
    if instant.tzinfo is None:
        raise ValueError("times in the history are aware")
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def instant(text: str) -> datetime:
    """What `when` wrote."""
    return datetime.fromisoformat(text)


def dump_headers(headers: Headers) -> str:
    """Headers in order, with repeats."""
    return dump(headers)


def load_headers(text: str) -> Headers:
    """What `dump_headers` wrote."""
    return tuple((name, value) for name, value in json.loads(text))


def dump_facts(facts: MessageFacts | None) -> str | None:
    """The facts that are there; None for no message."""
    return None if facts is None else dump({name: value for name in _FACTS if (value := getattr(facts, name))})


def load_facts(text: str | None) -> MessageFacts | None:
    """What `dump_facts` wrote; facts this version does not know are left out."""
    if text is None:
        return None
    known: dict[str, Any] = {name: _tuples(value) for name, value in json.loads(text).items() if name in _FACTS}
    return MessageFacts(**known)


@lru_cache(maxsize=256)
def dump_peer(peer: Peer | None) -> str | None:
    """Who connected."""
    return None if peer is None else dump([peer.host, peer.port, peer.certificate])


def load_peer(text: str | None) -> Peer | None:
    """What `dump_peer` wrote."""
    return None if text is None else Peer(*json.loads(text))


def dump_tls(tls: TlsFacts | None) -> str | None:
    """The facts of a secure connection."""
    if tls is None:
        return None
    until = when(tls.not_after) if tls.not_after else None
    return dump([tls.version, tls.cipher, tls.subject, tls.issuer, until, tls.verified])


def load_tls(text: str | None) -> TlsFacts | None:
    """What `dump_tls` wrote."""
    if text is None:
        return None
    version, cipher, subject, issuer, not_after, *later = json.loads(text)
    verified = later[0] is not False if later else True
    return TlsFacts(version, cipher, subject, issuer, instant(not_after) if not_after else None, verified)


def _plain(value: object) -> object:
    if isinstance(value, Number):
        return {_NUMBER: value.text}
    raise TypeError(f"{type(value).__name__} cannot be stored as JSON")


def numbers(found: dict[str, object]) -> object:
    """The object hook that gives a `Number` back."""
    text = found.get(_NUMBER)
    return Number(text) if len(found) == 1 and isinstance(text, str) else found


def _tuples(value: object) -> object:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain, allow_nan=False)
