"""Many message files sent one after the other in several lanes, each with a client of its own, at a chosen rate.

Every file is an exchange of its own in the history. What cannot be sent is a row that says why, and the rest goes on;
they are judged in a pause or once the sending is over, so that it does not wait for verdicts.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import ConfigError, ErrorCode, WorkbenchError
from workbench.headers.ids import CORRELATION_ID, REQUEST_ID
from workbench.messages import title_of
from workbench.session.answers import reading
from workbench.session.batch import files_in
from workbench.session.calls import Outgoing, read_facts
from workbench.session.events import BulkSent, FilesFound
from workbench.session.files import check_sendable, read_file, write_text
from workbench.session.sending import Watch, check_production
from workbench.session.views import BulkRow, Choice, Tone
from workbench.spreadsheet import as_csv

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.directory import Service
    from workbench.exchange import Exchange
    from workbench.messages import MessageFacts
    from workbench.session.batch import BatchFile
    from workbench.session.engine import Engine
    from workbench.session.masking import Masking
    from workbench.session.recording import Recorder
    from workbench.session.sending import Sender

MOST_LANES = 16
FASTEST = 1000.0
"""Messages a second that can be asked for."""
_COLUMNS = (
    "number", "path", "message", "service", "status", "tone", "text", "seconds", "request_id", "correlation_id",
    "exchange", "unchecked",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BulkOrder:
    """What is to be sent, and how."""

    paths: tuple[str, ...]
    """Files, or folders with .json and .xml files."""
    service: str = ""
    """Id of the service all go to; empty = the one that each message names as its destination."""
    lanes: int = 4
    per_second: float = 0.0
    """Messages a second at most, over all lanes; 0 = as fast as they are answered."""
    confirm_host: str = ""


class Bulk:
    """Sends many files in the chosen environment."""

    def __init__(self, engine: Engine, sender: Sender, recorder: Recorder, masking: Masking) -> None:
        self._engine = engine
        self._sender = sender
        self._recorder = recorder
        self._masking = masking

    def services(self) -> tuple[Choice, ...]:
        """Who the messages can go to: first each its own destination, then every service."""
        known = self._engine.directory.services.all()
        each = Choice("", "The service each message names", "by its destination")
        return (each, *(Choice(one.id, one.name, one.value) for one in known))

    async def send(self, bulk: str, order: BulkOrder) -> tuple[BulkRow, ...]:
        """Send every file; BulkSent of this `bulk` tells of each as it is answered. The rows by their number.

        InputError for a path that does not exist, ConfigError where nothing may be sent. Cancelling stops at once: what
        is under way is kept as stopped.
        """
        engine = self._engine
        if not 1 <= order.lanes <= MOST_LANES or not 0 <= order.per_second <= FASTEST:
            cause = f"1 to {MOST_LANES} lanes, and 0 to {FASTEST:g} messages a second"
            raise ConfigError(ErrorCode.CONFIG_SETTING, what="The bulk send", cause=cause)
        environment = engine.usable_environment()
        check_production(environment, order.confirm_host, "POST")
        files = await asyncio.to_thread(files_in, order.paths)
        engine.publish(FilesFound(bulk, len(files)))
        waiting = iter(tuple(enumerate(files, 1)))
        pace = _Pace(engine, order.per_second)
        done: list[BulkRow] = []

        async def lane(watch: Watch) -> None:
            for number, file in waiting:
                await pace.turn()
                row = await self._one(number, file, order, watch)
                done.append(row)
                engine.publish(BulkSent(bulk, row))

        try:
            async with self._recorder.many(), AsyncExitStack() as clients, asyncio.TaskGroup() as lanes:
                for _ in range(min(order.lanes, max(1, len(files)))):
                    client = engine.new_client(environment.id)
                    clients.push_async_callback(client.close)
                    lanes.create_task(lane(Watch(engine, bulk, 1, client)))
        except BaseExceptionGroup as group:
            raise _first(group) from group
        return tuple(sorted(done, key=lambda row: row.number))

    async def save(self, path: str, rows: Sequence[BulkRow]) -> None:
        """Write the results as CSV or JSON by the ending of the path; StoreError when it cannot be written."""
        await asyncio.to_thread(write_text, path, report(path, rows))

    async def _one(self, number: int, file: BatchFile, order: BulkOrder, watch: Watch) -> BulkRow:
        """Send one file; anything that keeps it from being sent is its row."""
        title = ""
        try:
            source, facts, name = await asyncio.to_thread(_read, str(file.path))
            title = title_of(facts)
            target = self._target(order, facts.destination_endpoint or "", name)
            outgoing = Outgoing("process-message", target, source, confirm_host=order.confirm_host)
            exchange = await self._sender.send(outgoing, watch)
        except WorkbenchError as error:
            text = self._masking.text(f"{error.sentence} {error.next_step}")
            return BulkRow(number, file.shown, title, "", None, Tone.ERROR, text)
        return _row(number, file.shown, title, target.name, await self._masking.shown(exchange))

    def _target(self, order: BulkOrder, endpoint: str, name: str) -> Service:
        services = self._engine.directory.services
        if order.service:
            return services.find(order.service)
        value = endpoint.rpartition("|")[2]
        found = next((one for one in services.all() if value and one.value == value), None)
        if found is None:
            known = ", ".join(one.value for one in services.all())
            raise ConfigError(ErrorCode.CONFIG_SERVICE, what=value or f"the destination of {name}", cause=known)
        return found


def _read(path: str) -> tuple[bytes, MessageFacts, str]:
    """The bytes of a file that may be sent, what they say, and its name; InputError otherwise."""
    source, name = read_file(path)
    check_sendable(source, name)
    return source, read_facts(source)[0], name


class _Pace:
    """Lets one message through at a time, so many a second."""

    def __init__(self, engine: Engine, per_second: float) -> None:
        self._timer = engine.timer
        self._step = 1 / per_second if per_second else 0.0
        self._next = 0.0

    async def turn(self) -> None:
        """Wait until it is one's turn."""
        if not self._step:
            return
        now = self._timer()
        mine = max(now, self._next)
        self._next = mine + self._step
        await asyncio.sleep(mine - now)


def report(path: str, rows: Sequence[BulkRow]) -> str:
    """The results as they are handed on: CSV for an ending .csv, JSON for any other."""
    ordered = sorted(rows, key=lambda row: row.number)
    if Path(path).suffix.lower() != ".csv":
        return json.dumps({"sent": [asdict(row) for row in ordered]}, ensure_ascii=False, indent=2) + "\n"
    facts = (asdict(row) for row in ordered)
    return as_csv(_COLUMNS, ([fact[name] for name in _COLUMNS] for fact in facts))


def _row(number: int, path: str, title: str, service: str, exchange: Exchange) -> BulkRow:
    found = reading(exchange, service)
    return BulkRow(
        number,
        path,
        title,
        service,
        exchange.response.status if exchange.response is not None else None,
        found.tone,
        f"{found.text} {found.next_step}".strip() if found.tone is not Tone.OK else found.text,
        round(exchange.timing.total, 4) if exchange.timing.total is not None else None,
        exchange.request.header(REQUEST_ID) or "",
        exchange.request.header(CORRELATION_ID) or "",
        exchange.id,
        exchange.tls is not None and not exchange.tls.verified,
    )


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first error of the lanes: one that stops a lane stops all."""
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
