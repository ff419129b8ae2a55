"""Calls that other programs recorded, taken into the history to be read and judged: HTTP archives, reports, messages.

They stand in the environment `imported`, which is no place to send to. The same call taken in again is known. Must not
know any window.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from workbench.directory.environments import IMPORTED
from workbench.errors import ErrorCode, InputError
from workbench.exchange import Direction, Exchange, Failure, FailureKind, Timing
from workbench.headers import decode_headers
from workbench.interchange.report_files import read_files
from workbench.interchange.reports import Reading, read_reports
from workbench.rules import profile_of
from workbench.session.calls import read_facts
from workbench.session.foreign import TARGET
from workbench.standard.operations import operation_at
from workbench.standard.versions import default_profile

if TYPE_CHECKING:
    from workbench.interchange.har import Recorded
    from workbench.messages import MessageFacts
    from workbench.session.engine import Engine
    from workbench.session.recording import Recorder

_NAMESPACE = UUID("6f1a0d2c-3d0e-5c0b-9a58-0a6f2f4d7b11")
"""Of the ids of imported exchanges: made once, at random."""
LARGEST_IN_THREAD = 256 * 1024
"""Bytes of a file up to which it is read beside the loop; more goes to a process of its own."""
_ENDINGS = (".har", ".zip")


@dataclass(frozen=True, slots=True)
class HistoryImport:
    """What became of an import."""

    taken: int
    known: int
    """Calls that were in the history already."""
    conversation: str
    """Id of the conversation of the first call, to be shown; empty where there is none."""
    notes: tuple[str, ...]
    """What was passed over or left out, a sentence each, each once."""

    def with_more(self, later: HistoryImport) -> HistoryImport:
        """This import and a later one as one."""
        notes = tuple(dict.fromkeys((*self.notes, *later.notes)))
        first = self.conversation or later.conversation
        return HistoryImport(self.taken + later.taken, self.known + later.known, first, notes)

    @property
    def words(self) -> str:
        """`12 calls were taken into the timeline, 3 were there already.`"""
        taken = "1 call was" if self.taken == 1 else f"{self.taken:,} calls were"
        known = f", {self.known:,} {'was' if self.known == 1 else 'were'} there already" if self.known else ""
        return f"{taken} taken into the timeline{known}."


class HistoryImporting:
    """The use cases of importing into the history."""

    def __init__(self, engine: Engine, recorder: Recorder) -> None:
        self._engine = engine
        self._recorder = recorder

    def fits(self, path: str) -> bool:
        """Whether this is something for the history, by its name: a folder, a zip or an HTTP archive."""
        return path.lower().endswith(_ENDINGS) or Path(path).is_dir()

    async def take(self, path: str) -> HistoryImport:
        """Take every call of a file or folder into the history, correlated; verdicts follow.

        InputError when nothing in it is a call, or it cannot be read; StoreError when nothing can be stored. What was
        taken before either came up stays, and is known when the import is begun again.
        """
        size = await asyncio.to_thread(_size, path)
        found = await (
            self._engine.worker.run(read_calls, path)
            if size > LARGEST_IN_THREAD
            else self._engine.compute(read_calls, path)
        )
        if not found.calls:
            cause = " ".join(found.passed_over[:3]) or "it holds no file with a message"
            raise InputError(ErrorCode.INPUT_ARCHIVE, what=Path(path).name, cause=cause.rstrip("."))
        taken = known = 0
        first = ""
        now: set[str] = set()  # one file may hold a call twice, and what was just taken has no conversation yet
        async with self._recorder.many():
            for call in found.calls:
                exchange = self._exchange(call)
                first = first or exchange.id
                if exchange.id in now or await self._engine.history.queries.conversation_of(exchange.id) is not None:
                    known += 1
                    continue
                now.add(exchange.id)
                await self._engine.history.journal.answered(exchange)
                taken += 1
        notes = dict.fromkeys((*found.passed_over, *(note for call in found.calls for note in call.left_out)))
        conversation = await self._engine.history.queries.conversation_of(first)
        return HistoryImport(taken, known, conversation or "", tuple(notes))

    def _exchange(self, call: Recorded) -> Exchange:
        request = call.request
        facts = read_facts(request.body)[0] if request.body else None
        operation = operation_at(request.method, request.url).id
        value = _target(call, facts, operation)
        service = next((one for one in self._engine.directory.services.all() if value and one.value == value), None)
        inward = service is not None and service.role == "sender"
        failure = None
        if call.response is None:
            failure = Failure.of(FailureKind.UNKNOWN, ErrorCode.IMPORT_NO_ANSWER)
        default = default_profile()
        return Exchange(
            id=str(uuid5(_NAMESPACE, _fingerprint(call))),
            seq=0,
            direction=Direction.IN if inward else Direction.OUT,
            environment=IMPORTED,
            operation=operation,
            versions=profile_of(facts, default) if facts is not None else default,
            request=request,
            timing=Timing(call.started, wait=call.seconds),
            service=service.id if service is not None else None,
            response=call.response,
            failure=failure,
        )


def read_calls(path: str) -> Reading:
    """The calls of a file or folder; InputError when it cannot be read."""
    read = read_files(Path(path))
    found = read_reports(read.files)
    return Reading(found.calls, (*read.passed_over, *found.passed_over))


def _target(call: Recorded, facts: MessageFacts | None, operation: str) -> str:
    """Value of the service that was called: by the header, else by the message's destination; empty for neither."""
    rows = decode_headers(call.request.headers, operation, Direction.OUT)
    target = next((row for row in rows if row.name.lower() == TARGET.lower()), None)
    named = next((value for label, value in target.rows if label == "Service"), "") if target is not None else ""
    destination = (facts.destination_endpoint or "") if facts is not None else ""
    return named or destination.rpartition("|")[2]


def _fingerprint(call: Recorded) -> str:
    """The same for the same call, whatever file it came in."""
    request, response = call.request, call.response
    parts = [call.started.isoformat(), request.method, request.url, repr(request.headers)]
    parts.append(repr((response.status, response.headers)) if response is not None else "")
    seed = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass"))
    seed.update(request.body + b"\0" + (response.body if response is not None else b""))
    return seed.hexdigest()


def _size(path: str) -> int:
    """Bytes of a file; what is none, or cannot be asked, counts as large: reading it says why."""
    file = Path(path)
    try:
        return file.stat().st_size if file.is_file() else LARGEST_IN_THREAD + 1
    except OSError:
        return 0
