"""An exchange as a row and back.

Knows the columns of `exchange`; must not decide when a row is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from workbench.correlation import Known
from workbench.errors import ErrorCode
from workbench.exchange import Direction, Exchange, Failure, FailureKind, Request, Response, Timing, header
from workbench.exchange.coding import content_of
from workbench.history import bodies, codec
from workbench.history.gathered import Row, Rows, Value
from workbench.standard import VersionProfile

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from workbench.history.secrets import Cut

Keep = Callable[[bytes], str]
"""Has a body stored; gives its hash."""
_PHASES = ("resolve", "connect", "tls", "send", "wait", "receive")
_NO_PHASES = codec.dump([None] * len(_PHASES))


def insert(connection: sqlite3.Connection, exchange: Exchange, cuts: Sequence[Cut]) -> int:
    """Store a new exchange without secrets; gives its seq. IntegrityError where the id is taken."""
    return Rows([_added(exchange, cuts, partial(bodies.put, connection))])(connection)


def inserted(exchange: Exchange, cuts: Sequence[Cut]) -> list[Row]:
    """The rows of a new exchange with small bodies, its own as the last."""
    kept: list[Row] = []
    row = _added(exchange, cuts, partial(_keep, kept))
    return [*kept, row]


def answered(exchange: Exchange) -> list[Row]:
    """The rows that store what has become of an exchange with small bodies, from which nothing was cut now."""
    kept: list[Row] = []
    columns = versions(exchange) | outcome(partial(_keep, kept), exchange)
    return [*kept, Row(_update(tuple(columns)), (exchange.id, *columns.values()), _UPDATED)]


def small(exchange: Exchange) -> bool:
    """Whether its bodies are small enough to be written together with those of others."""
    response, failure = exchange.response, exchange.failure
    found = [exchange.request.body]
    if response is not None:
        found.append(response.wire or response.body)
    if failure is not None:
        found.append(failure.received)
    return all(len(body) <= bodies.SMALL for body in found)


def _keep(kept: list[Row], body: bytes) -> str:
    sha256, row = bodies.row(body)
    kept.append(row)
    return sha256


def _added(exchange: Exchange, cuts: Sequence[Cut], keep: Keep) -> Row:
    request = exchange.request
    columns: dict[str, Value] = {
        "id": exchange.id,
        "direction": exchange.direction.value,
        "environment": exchange.environment,
        "operation": exchange.operation,
        "service": exchange.service,
        "identity": exchange.identity,
        "key": exchange.key,
        "draft": exchange.draft,
        "run": exchange.run,
        "retry_of": exchange.retry_of,
        "attempt": exchange.attempt,
        **versions(exchange),
        "method": request.method,
        "url": request.url,
        "http_version": request.http_version,
        "request_headers": codec.dump_headers(request.headers),
        "request_body": keep(request.body),
        "peer": codec.dump_peer(request.peer),
        "started": codec.when(exchange.timing.started),
        "dated_by_s": exchange.dated_by_s or None,
        **outcome(keep, exchange),
        "cuts": dump_cuts(cuts),
        "unseen": int(exchange.direction is Direction.IN),
    }
    return Row(f"INSERT INTO exchange ({', '.join(columns)}) VALUES", tuple(columns.values()))


def update(connection: sqlite3.Connection, id: str, columns: Mapping[str, Value]) -> None:
    """Set columns of an exchange."""
    Rows([Row(_update(tuple(columns)), (id, *columns.values()), _UPDATED)])(connection)


@lru_cache(maxsize=64)
def _update(columns: tuple[str, ...]) -> str:
    """The statement that sets these columns, up to its values: the id, then they."""
    sets = ", ".join(f"{name} = given.column{number}" for number, name in enumerate(columns, 2))
    return f"UPDATE exchange SET {sets} FROM (VALUES"


_UPDATED = ") AS given WHERE exchange.id = given.column1"


def versions(exchange: Exchange) -> dict[str, Value]:
    """The columns that say by which versions a message was made."""
    made = exchange.versions
    return {
        "application": made.application,
        "application_version": made.application_version,
        "core": made.core,
        "api": made.api,
    }


def outcome(keep: Keep, exchange: Exchange) -> dict[str, Value]:
    """The columns that are known once an exchange has an answer or a failure."""
    return {
        "phases": _phases(exchange.timing),
        **response_columns(keep, exchange.response),
        **failure_columns(keep, exchange.failure),
        "tls": codec.dump_tls(exchange.tls),
        "peer_date": codec.when(exchange.peer_date) if exchange.peer_date else None,
    }


def _phases(timing: Timing) -> str:
    seconds = [getattr(timing, phase) for phase in _PHASES]
    return codec.dump(seconds) if any(one is not None for one in seconds) else _NO_PHASES


def response_columns(keep: Keep, response: Response | None) -> dict[str, Value]:
    """The columns of an answer."""
    if response is None:
        names = ("status", "reason", "response_headers", "response_body", "answered_by", "remark")
        return dict.fromkeys(names)
    return {
        "status": response.status,
        "reason": response.reason,
        "response_headers": codec.dump_headers(response.headers),
        "response_body": keep(response.wire or response.body),
        "answered_by": response.answered_by or None,
        "remark": response.remark or None,
    }


def failure_columns(keep: Keep, failure: Failure | None) -> dict[str, Value]:
    """The columns of a failure."""
    return {
        "failure": failure.kind.value if failure else None,
        "failure_code": failure.code.value if failure else None,
        "failure_sentence": failure.sentence if failure else None,
        "failure_next_step": failure.next_step if failure else None,
        "failure_sent": failure.sent if failure else None,
        "failure_received": keep(failure.received) if failure and failure.received else None,
    }


def dump_cuts(cuts: Sequence[Cut]) -> str:
    """Where secrets stood, as the column `cuts` holds it."""
    return codec.dump([[cut.where, cut.true_length, cut.placeholder] for cut in cuts]) if cuts else "[]"


def exchange(row: sqlite3.Row, connection: sqlite3.Connection | None = None) -> Exchange:
    """The exchange of a row of all columns; with a connection its bodies are read too, else they are empty."""

    def body(column: str) -> bytes:
        return b"" if connection is None else bodies.get(connection, row[column])

    response = failure = None
    if row["status"] is not None:
        fields = codec.load_headers(row["response_headers"])
        kept = body("response_body")
        content = content_of(kept, header(fields, "Content-Encoding"))
        response = Response(
            row["status"],
            row["reason"],
            fields,
            content,
            b"" if content == kept else kept,
            answered_by=row["answered_by"] or "",
            remark=row["remark"] or "",
        )
    if row["failure"] is not None:
        failure = Failure(
            FailureKind(row["failure"]),
            ErrorCode(row["failure_code"]),
            row["failure_sentence"],
            row["failure_next_step"],
            row["failure_sent"],
            body("failure_received"),
        )
    peer = codec.load_peer(row["peer"])
    fields = codec.load_headers(row["request_headers"])
    return Exchange(
        id=row["id"],
        seq=row["seq"],
        direction=Direction(row["direction"]),
        environment=row["environment"],
        operation=row["operation"],
        versions=VersionProfile(row["application"], row["application_version"], row["core"], row["api"]),
        request=Request(row["method"], row["url"], fields, body("request_body"), row["http_version"], peer),
        timing=Timing(codec.instant(row["started"]), *json.loads(row["phases"])),
        service=row["service"],
        identity=row["identity"],
        key=row["key"],
        draft=row["draft"],
        run=row["run"],
        retry_of=row["retry_of"],
        attempt=row["attempt"],
        response=response,
        failure=failure,
        tls=codec.load_tls(row["tls"]),
        peer_date=codec.instant(row["peer_date"]) if row["peer_date"] else None,
        dated_by_s=row["dated_by_s"] or 0.0,
    )


FEW = 8
"""So many rows are read anew each time: held for each of thousands of short conversations, what they say is a hundred
objects an exchange that Python's collector looks at, for nothing."""


def all_known(found: Sequence[sqlite3.Row]) -> tuple[Known, ...]:
    """As `known` for legs that are looked at together; where they are many, a row that did not change is read once:
    every exchange that joins a long conversation has all its legs looked at again."""
    return tuple(map(known if len(found) <= FEW else _held, found))


def known(row: sqlite3.Row) -> Known:
    """The exchange of a row without bodies, with the facts of its messages."""
    request, response = codec.load_facts(row["request_facts"]), codec.load_facts(row["response_facts"])
    return Known(exchange(row), request, response, row["request_body"])


_held = lru_cache(maxsize=2048)(known)
