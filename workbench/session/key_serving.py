"""The public key set at an address, for whoever is to fetch it: an own small listener, on only while a person wants it.

RFC 7517 key sets, one for each environment and one of all keys; always as the keys stand now. Public halves only.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from workbench.exchange import Response, Route, Router
from workbench.receiver import Outcomes
from workbench.sandbox.log import LogTable
from workbench.transport.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from workbench.exchange import Address, Request
    from workbench.session.engine import Engine

WHOLE, ONE = "/jwks.json", "/{environment}/jwks.json"
KIND = "application/jwk-set+json"


class KeySetServer:
    """Serves the key sets of a workspace; called on the I/O thread."""

    def __init__(self, engine: Engine, host: Callable[[], str]) -> None:
        """`host`: where to listen."""
        self._engine = engine
        self._host = host
        self._server: Server | None = None
        self._address: Address | None = None
        self._log = LogTable(engine.clock, engine.ids)

    async def start(self) -> None:
        """Listen where the receiver does, on any free port; NetworkError when that address cannot be had."""
        if self._server is not None:
            return
        engine = self._engine
        refuse = Outcomes(engine.current_identity().ods_code, engine.ids).refuse
        routes = (Route("GET", WHOLE, self._answer, "jwks"), Route("GET", ONE, self._answer, "jwks"))
        server = Server(Router(routes, refuse), self._log, clock=engine.clock, refuse=refuse)
        self._address = await server.start(self._host(), 0)
        self._server = server

    async def stop(self) -> None:
        """Listen no more; twice is no mistake."""
        server, self._server, self._address = self._server, None, None
        if server is not None:
            await server.stop()

    def url(self, environment: str = "") -> str:
        """Where a set can be fetched now; empty while nothing is served."""
        if self._address is None:
            return ""
        path = ONE.replace("{environment}", environment) if environment else WHOLE
        return f"{self._address.origin}{path}"

    def fetched(self) -> tuple[int, datetime | None]:
        """How often a set was fetched in this run, and when last."""
        rows = [row for row in self._log.rows() if row.response is not None and row.response.ok]
        return len(rows), rows[-1].time if rows else None

    async def _answer(self, request: Request, values: Mapping[str, str]) -> Response:
        engine, environment = self._engine, values.get("environment")
        if environment is not None and environment not in engine.directory.environments.names():
            refuse = Outcomes(engine.current_identity().ods_code, engine.ids).refuse
            return refuse(404, "not-found", f"there is no environment {environment}", request)
        headers = (("Content-Type", KIND), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))
        return Response(200, "OK", headers, json.dumps(engine.keys.jwks(environment), indent=2).encode("utf-8"))
