"""The one door to `history.db`: a writer thread with the only writing connection, and a reader thread beside it.

Maps every SQLite error once; must not know what the rows mean.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from workbench.errors import ErrorCode, StoreError
from workbench.history import migrations
from workbench.history.gathered import Rows, write_rows
from workbench.history.recovery import recover

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.exchange import Clock

_log = logging.getLogger(__name__)

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], T]
"""Statements inside one transaction of the writer. It may run a second time, so it must change nothing else."""

Connect = Callable[[str], sqlite3.Connection]
"""Opens a connection to a `file:` URI."""

CHECKED_AT_ONCE = 64 * 1024 * 1024
"""Bytes of a file up to which it is checked while it is opened; a larger one is checked by `check` afterwards."""
SUSPECT = ".suspect"
"""The ending of a file beside a history that has shown damage: the next opening looks at all of it."""
PAUSE_S = 0.5
"""So long after the last commit the log is taken into the file, so that whoever records a message does not wait for
it; by the same connection, for SQLite before 3.51.3 can lose a log that two write at (reliability.md, SQLite)."""
LONGEST_LOG = 8000
"""Pages (of 4 KB) of the log with which a commit takes it into the file itself: there was no pause."""
BATCH, LATER_BATCH = 128, 8
"""Jobs that share a commit at most; fewer of those that can wait, so that no urgent one waits long for them."""
RUSH, GATHER_S, QUIET_S = 8, 0.04, 0.005
"""After a batch of so many jobs that are in a hurry, more are waited for so long, unless for a moment none comes: two
small commits cost the machine, and the threads that take turns, nearly twice what one does."""

_SETTINGS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA busy_timeout=5000",
    "PRAGMA cell_size_check=ON",
    "PRAGMA mmap_size=0",
    "PRAGMA cache_size=-16384",  # KiB: a batch changes more pages than SQLite's own 2 MB hold
)


@dataclass(slots=True)
class _Waiting:
    """A job with the future of whoever waits for it; `outcome` is given out only after the commit."""

    job: Job[Any]
    what: str
    future: Future[Any] | asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop | None = None
    """Of whoever waits on a loop; None for a thread without one."""
    outcome: Any = None
    error: BaseException | None = field(default=None, repr=False)
    apart: bool = False
    """Runs by itself and in no transaction."""


class Store:
    """A history file. `run` goes on only after the commit that holds its job; `read` sees committed rows only.

    May be used from any thread; its two threads own one connection each.
    """

    def __init__(self, path: Path, writer: sqlite3.Connection | None, reader: sqlite3.Connection) -> None:
        self.path = path
        self._writer = writer
        self._reader = reader
        self._reading = ThreadPoolExecutor(1, "history-reader")
        self._urgent: deque[_Waiting] = deque()
        self._later: deque[_Waiting] = deque()
        self._wake = threading.Condition()
        """Guards both queues and `_closed`."""
        self._closed = False
        self._rush = self._gathering = False
        """Whether many jobs in a hurry came together, and whether more are waited for; guarded as well."""
        self.checked = True
        """Whether all of the file was looked at when it was opened."""
        self._thread: threading.Thread | None = None
        self._logged = False
        """Whether something was committed that is not yet taken from the log into the file."""
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
            checked = _checked_at_once(path)
            if read_only:
                return cls(path, None, _open_reader(path, check=True, whole=checked))._as(checked)
            writer = joined(f"{path.absolute().as_uri()}?mode=rw")
            try:
                _configure(writer)
                version = migrations.examine(writer, path, whole=checked)
                writer.execute("PRAGMA journal_mode=WAL")
                writer.execute("PRAGMA synchronous=FULL")
                writer.execute(f"PRAGMA wal_autocheckpoint={LONGEST_LOG}")
                migrations.migrate(writer, path, version, clock())
                recover(writer)
                writer.execute("PRAGMA temp_store=MEMORY")  # each statement of many rows keeps a journal of its own
                reader = _open_reader(path)
                path.with_name(path.name + SUSPECT).unlink(missing_ok=True)
            except BaseException:
                writer.close()
                raise
        return cls(path, writer, reader)._as(checked)

    def _as(self, checked: bool) -> Store:
        self.checked = checked
        return self

    def check(self) -> None:
        """Look at all of the file but bodies; StoreError where it is damaged, and the next opening knows.

        It may take seconds: for a thread of its own.
        """
        with self._watched("the history"):
            _open_reader(self.path, check=True, bodies=False).close()
        self.checked = True

    @contextmanager
    def _watched(self, what: str) -> Iterator[None]:
        """As `_mapped`; damage that shows is noted for the next opening."""
        try:
            with _mapped(self.path.name, what):
                yield
        except StoreError as error:
            if error.code is ErrorCode.STORE_CORRUPT and not self.read_only:
                with suppress(OSError):  # what is told is the damage itself
                    self.path.with_name(self.path.name + SUSPECT).touch(0o600)
            raise

    @property
    def read_only(self) -> bool:
        """Whether nothing can be stored."""
        return self._writer is None

    async def run(self, job: Job[T], what: str = "the change", *, later: bool = False) -> T:
        """Run a job in the writer's transaction and wait for its commit. StoreError names `what` was not saved.

        `later`: nobody waits for it who is in a hurry, so every other job goes first.
        """
        return await self._on_loop(job, what, later=later)

    def begin(self, job: Job[T], what: str) -> asyncio.Future[T]:
        """As `run`, from a loop: the job is on its way whether or not somebody waits for the future."""
        return self._on_loop(job, what, later=False)

    async def run_apart(self, job: Job[T], what: str) -> T:
        """Run a job on the writing connection between the others, in no transaction: for what SQLite does only so."""
        return await self._on_loop(job, what, later=True, apart=True)

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
        with self._wake:
            if self._closed:
                return
            self._closed = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()
        self._reading.submit(self._reader.close).result()
        self._reading.shutdown()
        if self._writer is not None:
            self._writer.close()

    def _submit(self, job: Job[T], what: str) -> Future[T]:
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()  # a record that is on its way is not taken back
        self._queue(_Waiting(job, what, future), later=False)
        return future

    def _on_loop(self, job: Job[T], what: str, *, later: bool, apart: bool = False) -> asyncio.Future[T]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        try:
            self._queue(_Waiting(job, what, future, loop, apart=apart), later=later)
        except StoreError as error:
            future.set_exception(error)
        return future

    def _queue(self, waiting: _Waiting, *, later: bool) -> None:
        if self._writer is None:
            raise StoreError(ErrorCode.STORE_READ_ONLY, what=self.path.name)
        with self._wake:
            if self._closed:
                raise StoreError(ErrorCode.STORE_FAILED, what=_start(waiting.what), cause="the history is closed")
            (self._later if later else self._urgent).append(waiting)
            if not self._gathering or len(self._urgent) >= BATCH:
                self._wake.notify()

    def _ask(self, query: Job[T]) -> Future[T]:
        def asked() -> T:
            with self._watched("the history"):
                return query(self._reader)

        return self._reading.submit(asked)

    def _write(self) -> None:
        """The writer thread: everything that waits, up to a batch, shares one commit; it ends once all is done.

        A batch that fails is undone, and each of its jobs runs again by itself: one's mistake costs the others nothing.
        """
        while batch := self._next():
            if not self._commit(batch):
                for waiting in batch:
                    self._commit([waiting], last=True)
            _tell(batch)

    def _next(self) -> list[_Waiting]:
        """Wait for jobs: the urgent ones first; empty once the history is closed and nothing is left."""
        with self._wake:
            if self._rush:
                self._gather()
            while not self._wake.wait_for(
                lambda: self._urgent or self._later or self._closed, PAUSE_S if self._logged else None
            ):
                self._take_home()
            queue, most = (self._urgent, BATCH) if self._urgent else (self._later, LATER_BATCH)
            batch: list[_Waiting] = []
            while queue and len(batch) < most and not (batch and queue[0].apart):
                batch.append(queue.popleft())
                if batch[0].apart:
                    break
            self._rush = queue is self._urgent and len(batch) >= RUSH
            return batch

    def _gather(self) -> None:
        """Wait until a batch is full, or no more comes."""
        self._gathering = True
        until, before = time.monotonic() + GATHER_S, -1
        while not self._closed and before < len(self._urgent) < BATCH and (left := until - time.monotonic()) > 0:
            before = len(self._urgent)
            self._wake.wait(min(QUIET_S, left))
        self._gathering = False

    def _take_home(self) -> None:
        """Take what the log holds into the file, as far as no reader is at it; the log keeps what cannot be taken."""
        assert self._writer is not None
        self._logged = False
        self._wake.release()
        try:
            self._writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except sqlite3.Error as error:  # nothing is lost, and the next commit meets the same disk
            _log.error("what was recorded stays in the log beside the history: %s", error)
        finally:
            self._wake.acquire()

    def _commit(self, batch: list[_Waiting], *, last: bool = False) -> bool:
        """Run a batch in one transaction. False = nothing of it was stored and each job is to be tried alone."""
        alone = last or len(batch) == 1
        for waiting in batch:
            waiting.outcome = waiting.error = None
        try:
            with self._watched(batch[0].what):
                self._transaction(batch)
        except Exception as error:
            if not alone:
                return False
            batch[0].outcome, batch[0].error = None, error
        return True

    def _transaction(self, batch: list[_Waiting]) -> None:
        connection = self._writer
        assert connection is not None
        if batch[0].apart:
            batch[0].outcome = batch[0].job(connection)
            return
        try:
            connection.execute("BEGIN IMMEDIATE")
            for one_by_one, those in groupby(batch, lambda waiting: not isinstance(waiting.job, Rows)):
                group = list(those)
                if one_by_one:
                    for waiting in group:
                        waiting.outcome = waiting.job(connection)
                    continue
                found = write_rows(connection, [waiting.job for waiting in group if isinstance(waiting.job, Rows)])
                for waiting, rowid in zip(group, found, strict=True):
                    waiting.outcome = rowid
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.rollback()
            raise
        self._logged = True


def _tell(batch: list[_Waiting]) -> None:
    """Give out what came of a batch: on each loop in one go, for every call of a loop costs a turn of the threads."""
    on_loops: dict[asyncio.AbstractEventLoop, list[_Waiting]] = {}
    for waiting in batch:
        if waiting.loop is not None:
            on_loops.setdefault(waiting.loop, []).append(waiting)
        else:
            _settle(waiting)
    for loop, those in on_loops.items():
        try:
            loop.call_soon_threadsafe(_settle_all, those)
        except RuntimeError:  # the loop is closed: nobody waits there any more
            if not loop.is_closed():
                raise


def _settle_all(those: list[_Waiting]) -> None:
    for waiting in those:
        if not waiting.future.done():  # it was cancelled: what it asked for is stored all the same
            _settle(waiting)


def _settle(waiting: _Waiting) -> None:
    if waiting.error is not None:
        waiting.future.set_exception(waiting.error)
    else:
        waiting.future.set_result(waiting.outcome)


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


def _checked_at_once(path: Path) -> bool:
    return path.stat().st_size <= CHECKED_AT_ONCE or path.with_name(path.name + SUSPECT).exists()


def _open_reader(path: Path, *, check: bool = False, whole: bool = True, bodies: bool = True) -> sqlite3.Connection:
    """A connection that cannot write; a file in a folder that cannot be written is read as it lies."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    reader = _connect(uri)
    try:
        _configure(reader)
        if check:
            migrations.examine(reader, path, whole=whole, bodies=bodies)
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
