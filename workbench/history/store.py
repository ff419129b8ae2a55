"""The one door to `history.db`: a writer thread with the only writing connection, and a reader thread beside it.

Maps every SQLite error once; must not know what the rows mean.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from workbench.errors import ErrorCode, StoreError
from workbench.history import migrations
from workbench.history.recovery import recover

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.exchange import Clock

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], T]
"""Statements inside one transaction of the writer. It may run a second time, so it must change nothing else."""

Connect = Callable[[str], sqlite3.Connection]
"""Opens a connection to a `file:` URI."""

BATCH = 64
"""Jobs that share a commit at most."""

_SETTINGS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA busy_timeout=5000",
    "PRAGMA cell_size_check=ON",
    "PRAGMA mmap_size=0",
)


@dataclass(slots=True)
class _Waiting:
    """A job with the future of whoever waits for it; `outcome` is given out only after the commit."""

    job: Job[Any]
    what: str
    future: Future[Any]
    outcome: Any = None
    error: BaseException | None = field(default=None, repr=False)


class Store:
    """A history file. `run` goes on only after the commit that holds its job; `read` sees committed rows only.

    May be used from any thread; its two threads own one connection each.
    """

    def __init__(self, path: Path, writer: sqlite3.Connection | None, reader: sqlite3.Connection) -> None:
        self.path = path
        self._writer = writer
        self._reader = reader
        self._reading = ThreadPoolExecutor(1, "history-reader")
        self._jobs: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread: threading.Thread | None = None
        if writer is not None:
            self._thread = threading.Thread(target=self._write, name="history-writer", daemon=True)
            self._thread.start()

    @classmethod
    def open(cls, path: Path, *, clock: Clock, read_only: bool = False, connect: Connect | None = None) -> Store:
        """Open or make a history. A damaged or newer file is refused with a StoreError and left as it is.

        What was in flight when the program last ended becomes a Failure of unknown outcome. `connect` lets tests
        hand in a connection that fails.
        """
        joined = connect or _connect
        with _mapped(path.name, "the history"):
            if not path.exists() and not read_only:
                migrations.create(path)
            if path.exists() and path.stat().st_size == 0:
                raise StoreError(ErrorCode.STORE_CORRUPT, what=path.name, cause="the file is empty")
            if read_only:
                return cls(path, None, _open_reader(path, check=True))
            writer = joined(f"{path.absolute().as_uri()}?mode=rw")
            try:
                _configure(writer)
                version = migrations.examine(writer, path)
                writer.execute("PRAGMA journal_mode=WAL")
                writer.execute("PRAGMA synchronous=FULL")
                migrations.migrate(writer, path, version, clock())
                recover(writer)
                reader = _open_reader(path)
            except BaseException:
                writer.close()
                raise
        return cls(path, writer, reader)

    @property
    def read_only(self) -> bool:
        """Whether nothing can be stored."""
        return self._writer is None

    async def run(self, job: Job[T], what: str = "the change") -> T:
        """Run a job in the writer's transaction and wait for its commit. StoreError names `what` was not saved."""
        return await asyncio.wrap_future(self._submit(job, what))

    async def read(self, query: Job[T]) -> T:
        """Run a query on the reader's connection, which cannot write."""
        return await asyncio.wrap_future(self._ask(query))

    def run_now(self, job: Job[T], what: str = "the change") -> T:
        """`run` for a thread without a loop."""
        return self._submit(job, what).result()

    def read_now(self, query: Job[T]) -> T:
        """`read` for a thread without a loop."""
        return self._ask(query).result()

    def close(self) -> None:
        """Finish the jobs that wait, then close both connections; closing twice does nothing."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        if self._thread is not None:
            self._thread.join()
        self._reading.submit(self._reader.close).result()
        self._reading.shutdown()
        if self._writer is not None:
            self._writer.close()

    def _submit(self, job: Job[T], what: str) -> Future[T]:
        if self._writer is None:
            raise StoreError(ErrorCode.STORE_READ_ONLY, what=self.path.name)
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()  # a record that is on its way is not taken back
        with self._closing:
            if self._closed:
                raise StoreError(ErrorCode.STORE_FAILED, what=_start(what), cause="the history is closed")
            self._jobs.put(_Waiting(job, what, future))
        return future

    def _ask(self, query: Job[T]) -> Future[T]:
        def asked() -> T:
            with _mapped(self.path.name, "the history"):
                return query(self._reader)

        return self._reading.submit(asked)

    def _write(self) -> None:
        """The writer thread: everything that waits, up to a batch, shares one commit."""
        ended = False
        while not ended:
            batch: list[_Waiting] = []
            while not ended and len(batch) < BATCH and (not batch or not self._jobs.empty()):
                waiting = self._jobs.get()
                if waiting is None:
                    ended = True
                else:
                    batch.append(waiting)
            if batch and not self._commit(batch):
                for waiting in batch:
                    self._commit([waiting], last=True)
            for waiting in batch:
                if waiting.error is not None:
                    waiting.future.set_exception(waiting.error)
                else:
                    waiting.future.set_result(waiting.outcome)

    def _commit(self, batch: list[_Waiting], *, last: bool = False) -> bool:
        """Run a batch in one transaction. False = nothing of it was stored and each job is to be tried alone."""
        alone = last or len(batch) == 1
        for waiting in batch:
            waiting.outcome = waiting.error = None
        try:
            with _mapped(self.path.name, batch[0].what):
                self._transaction(batch)
        except Exception as error:
            if not alone:
                return False
            batch[0].outcome, batch[0].error = None, error
        return True

    def _transaction(self, batch: list[_Waiting]) -> None:
        connection = self._writer
        assert connection is not None
        try:
            connection.execute("BEGIN IMMEDIATE")
            for waiting in batch:
                self._savepoint(connection, waiting, alone=len(batch) == 1)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.rollback()
            raise

    def _savepoint(self, connection: sqlite3.Connection, waiting: _Waiting, *, alone: bool) -> None:
        """One job of a batch: its own mistake undoes itself only; a fault of the disk ends the whole batch."""
        if alone:
            waiting.outcome = waiting.job(connection)
            return
        connection.execute("SAVEPOINT job")
        try:
            waiting.outcome = waiting.job(connection)
        except sqlite3.Error:
            raise
        except Exception as error:
            waiting.error = error
            connection.execute("ROLLBACK TO job")
        connection.execute("RELEASE job")


@contextmanager
def _mapped(file: str, what: str) -> Iterator[None]:
    """Turns SQLite's errors into StoreErrors; mistakes of ours (ProgrammingError, IntegrityError) pass as they are."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
        raise
    except (sqlite3.Error, OSError) as error:
        raise store_error(error, file, what) from error


def store_error(error: sqlite3.Error | OSError, file: str, what: str) -> StoreError:
    """What SQLite or the system said, in our words: full, locked, corrupt, read-only, or failed with the cause."""
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if primary == sqlite3.SQLITE_FULL or getattr(error, "errno", None) == 28:
        return StoreError(ErrorCode.STORE_FULL, what=what)
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreError(ErrorCode.STORE_LOCKED, what=what)
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreError(ErrorCode.STORE_CORRUPT, what=file, cause=str(error))
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM) or isinstance(error, PermissionError):
        return StoreError(ErrorCode.STORE_READ_ONLY, what=file)
    return StoreError(ErrorCode.STORE_FAILED, what=_start(what), cause=str(error) or type(error).__name__)


def _start(what: str) -> str:
    return what[:1].upper() + what[1:]


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, cached_statements=256)


def _configure(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    for setting in _SETTINGS:
        connection.execute(setting)


def _open_reader(path: Path, *, check: bool = False) -> sqlite3.Connection:
    """A connection that cannot write; a file in a folder that cannot be written is read as it lies."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    reader = _connect(uri)
    try:
        _configure(reader)
        if check:
            migrations.examine(reader, path)
    except sqlite3.OperationalError as error:
        reader.close()
        unreachable = getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
        if not unreachable or not path.exists() or path.with_name(f"{path.name}-wal").exists():
            raise
        reader = _connect(f"{uri}&immutable=1")
        _configure(reader)
        migrations.examine(reader, path)
    except BaseException:
        reader.close()
        raise
    reader.execute("PRAGMA query_only=ON")
    reader.execute("PRAGMA wal_autocheckpoint=0")
    return reader
