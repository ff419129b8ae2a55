"""An exchange as a row and back.

Knows the columns of `exchange`; must not decide when a row is written.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from workbench.correlation import Known
from workbench.errors import ErrorCode
from workbench.exchange import Direction, Exchange, Failure, FailureKind, Request, Response, Timing, header
from workbench.exchange.coding import content_of
from workbench.history import bodies, codec
from workbench.standard import VersionProfile

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from workbench.history.secrets import Cut

Value = str | int | float | bytes | None

_PHASES = ("resolve", "connect", "tls", "send", "wait", "receive")


def insert(connection: sqlite3.Connection, exchange: Exchange, cuts: Sequence[Cut]) -> int:
    """Store a new exchange without secrets; gives its seq. IntegrityError where the id is taken."""
    request, versions = exchange.request, exchange.versions
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
        "application": versions.application,
        "application_version": versions.application_version,
        "core": versions.core,
        "api": versions.api,
        "method": request.method,
        "url": request.url,
        "http_version": request.http_version,
        "request_headers": codec.dump_headers(request.headers),
        "request_body": bodies.put(connection, request.body),
        "peer": codec.dump_peer(request.peer),
        "started": codec.when(exchange.timing.started),
        "dated_by_s": exchange.dated_by_s or None,
        **outcome(connection, exchange),
        "cuts": dump_cuts(cuts),
        "unseen": int(exchange.direction is Direction.IN),
    }
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    cursor = _execute(connection, f"INSERT INTO exchange ({names}) VALUES ({marks})", tuple(columns.values()))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def update(connection: sqlite3.Connection, id: str, columns: Mapping[str, Value]) -> bool:
    """Set columns of an exchange; False where there is none of that id."""
    sets = ", ".join(f"{name} = ?" for name in columns)
    return _execute(connection, f"UPDATE exchange SET {sets} WHERE id = ?", (*columns.values(), id)).rowcount == 1


def _execute(connection: sqlite3.Connection, sql: str, values: tuple[Value, ...]) -> sqlite3.Cursor:
    """Run a statement; only where SQLite cannot hold a text, each is looked at."""
    try:
        return connection.execute(sql, values)
    except UnicodeEncodeError:
        return connection.execute(sql, tuple(map(_storable, values)))


def _storable(value: Value) -> Value:
    return codec.storable(value) if isinstance(value, str) else value


def outcome(connection: sqlite3.Connection, exchange: Exchange) -> dict[str, Value]:
    """The columns that are known once an exchange has an answer or a failure."""
    return {
        "phases": codec.dump([getattr(exchange.timing, phase) for phase in _PHASES]),
        **response_columns(connection, exchange.response),
        **failure_columns(connection, exchange.failure),
        "tls": codec.dump_tls(exchange.tls),
        "peer_date": codec.when(exchange.peer_date) if exchange.peer_date else None,
    }


def response_columns(connection: sqlite3.Connection, response: Response | None) -> dict[str, Value]:
    """The columns of an answer."""
    if response is None:
        names = ("status", "reason", "response_headers", "response_body", "answered_by", "remark")
        return dict.fromkeys(names)
    return {
        "status": response.status,
        "reason": response.reason,
        "response_headers": codec.dump_headers(response.headers),
        "response_body": bodies.put(connection, response.wire or response.body),
        "answered_by": response.answered_by or None,
        "remark": response.remark or None,
    }


def failure_columns(connection: sqlite3.Connection, failure: Failure | None) -> dict[str, Value]:
    """The columns of a failure."""
    return {
        "failure": failure.kind.value if failure else None,
        "failure_code": failure.code.value if failure else None,
        "failure_sentence": failure.sentence if failure else None,
        "failure_next_step": failure.next_step if failure else None,
        "failure_sent": failure.sent if failure else None,
        "failure_received": bodies.put(connection, failure.received) if failure and failure.received else None,
    }


def dump_cuts(cuts: Sequence[Cut]) -> str:
    """Where secrets stood, as the column `cuts` holds it."""
    return codec.dump([[cut.where, cut.true_length, cut.placeholder] for cut in cuts])


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


@lru_cache(maxsize=2048)
def known(row: sqlite3.Row) -> Known:
    """The exchange of a row without bodies, with the facts of its messages; a row that did not change is read once.

    Every exchange that joins a conversation has all its legs looked at again.
    """
    request, response = codec.load_facts(row["request_facts"]), codec.load_facts(row["response_facts"])
    return Known(exchange(row), request, response, row["request_body"])
