"""The embedded sandbox served for other programs, without a workspace: nothing is kept but what is asked for.

The same Sandbox as in the window, with a client of its own for the replies it sends.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from workbench.errors import ErrorCode, InputError
from workbench.messages import json_text
from workbench.sandbox import ProxyLimits, ReplyDelays, Sandbox
from workbench.session.files import write_text
from workbench.session.judging import readable, received_verdict
from workbench.standard.urls import DOS_SERVICE_ID
from workbench.transport.client import Client
from workbench.transport.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from workbench.exchange import Address, Clock, Ids, Request
    from workbench.messages import JsonObject, Message
    from workbench.rules import Verdict
    from workbench.sandbox import LogRow
    from workbench.transport.server_tls import ServerTls

DELAYS = {"validation-interim": 4.0, "validation-full": 6.0, "safeguarding-dna": 5.0}


class StandaloneSandbox:
    """One sandbox on one address. Used on one loop."""

    def __init__(
        self,
        *,
        clock: Clock,
        ids: Ids,
        timer: Callable[[], float],
        ask_token: bool,
        tell: Callable[[dict[str, object]], None],
        delays: Mapping[str, float] = DELAYS,
        limits: ProxyLimits = ProxyLimits(),  # noqa: B008 - frozen
    ) -> None:
        """`tell` is given every exchange as a JSON object, as `run` prints it, with its time and the rule.

        `delays` are seconds before each reply by its template, `limits` what the platform puts up with.
        """
        self._clock = clock
        self._judging = ThreadPoolExecutor(1, "judge")
        self._client = Client(timer=timer, clock=clock)
        self._tell = tell
        self._sandbox = Sandbox(
            clock=clock,
            ids=ids,
            send=self._client,
            judge=self._judge,
            ask_token=ask_token,
            delays=ReplyDelays(delays),
            limits=limits,
        )
        self._sandbox.log.listeners.append(self._on_call)
        self._server: Server | None = None

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox itself: its faults and its answers on purpose."""
        return self._sandbox

    def register(self, client_id: str, jwks: Mapping[str, object]) -> None:
        """Make a client known with its public key set."""
        self._sandbox.register(client_id, jwks)

    def route(self, service: str, url: str) -> None:
        """Say where replies to a service go; `service` is a value of the DoS or `system|value`."""
        system, bar, value = service.rpartition("|")
        self._sandbox.route(system if bar else DOS_SERVICE_ID, value, url)

    def restore(self, text: str) -> None:
        """Take up what an earlier run kept, as JSON text; InputError when it is none."""
        snapshot = json_text.load(text, what="The state")
        if not isinstance(snapshot, dict) or (snapshot and not isinstance(snapshot.get("partners"), dict)):
            raise InputError(ErrorCode.INPUT_STATE, what="The state", cause="it is none of a sandbox")
        try:
            self._sandbox.restore(snapshot)
        except ValueError as error:
            raise InputError(ErrorCode.INPUT_STATE, what="The state", cause=str(error)) from error

    def save(self, path: Path) -> None:
        """Keep what the partners hold; StoreError when the file cannot be written."""
        keep_state(path, self._sandbox.snapshot())

    async def start(self, host: str, port: int, tls: ServerTls | None) -> Address:
        """Listen; NetworkError when the port cannot be had."""
        server = Server(self._sandbox, self._sandbox.log, refuse=self._sandbox.refuse, clock=self._clock, tls=tls)
        address = await server.start(host, port)
        self._server = server
        return address

    async def close(self) -> None:
        """Drop replies that are not due and stop listening."""
        await self._sandbox.close()
        if self._server is not None:
            await self._server.stop()
        await self._client.close()
        self._judging.shutdown()

    async def _judge(self, request: Request, _message: Message) -> Verdict:
        return await asyncio.get_running_loop().run_in_executor(self._judging, received_verdict, request)

    def _on_call(self, row: LogRow) -> None:
        self._tell(line_of(row))


def line_of(row: LogRow) -> dict[str, object]:
    """A call as a JSON object: `in` when the sandbox answered it, `out` when it made it."""
    message = readable(row.request.body)
    facts = message.facts if message is not None else None
    return {
        "time": row.time.isoformat(timespec="milliseconds"),
        "direction": "out" if row.outgoing else "in",
        "method": row.request.method,
        "path": urlsplit(row.request.url).path,
        "status": row.response.status if row.response is not None else None,
        "request_id": row.request.header("X-Request-Id"),
        "correlation_id": row.request.header("X-Correlation-Id"),
        "event": facts.event if facts is not None else None,
        "reason": facts.reason if facts is not None else None,
        "matched_by": [],
        "answered_by": row.answered_by,
    }


def keep_state(path: Path, snapshot: JsonObject) -> None:
    """Write a snapshot as JSON, numbers as they were written; StoreError when the file cannot be written."""
    write_text(str(path), json_text.dump(snapshot))
