"""Everything the use cases share, built once per workspace: store, keys, directory, clients, and background work.

Knows how the parts fit together; must not know any window or command line. Only the I/O thread touches it.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from workbench.directory import Environment
from workbench.directory.environments import IMPORTED
from workbench.errors import ConfigError, ErrorCode
from workbench.session.events import Noticed

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from workbench.directory import Directory, Identity
    from workbench.exchange import Address, Clock, Ids
    from workbench.history import Drafts, HistoryJournal, Indexer, Ledger, Marks, Placing, Queries, StateItems, Store
    from workbench.history.verdicts import Verdicts
    from workbench.keys import KeyStore
    from workbench.rules import Verdict
    from workbench.session.events import SessionEvent
    from workbench.session.network import Network
    from workbench.session.packages import PackagesInUse
    from workbench.settings import Resolved
    from workbench.transport.client import Client
    from workbench.transport.tls import TlsChoice
    from workbench.transport.tls_look import Proxy
    from workbench.transport.tokens import Tokens
    from workbench.worker import Worker
    from workbench.workspace import Workspace

T = TypeVar("T")


class MakeClient(Protocol):
    """Makes an HTTP client."""

    def __call__(self, *, tls: TlsChoice = ..., proxy: Proxy | Callable[[], Proxy | None] | None = ...) -> Client:
        """A client with what it trusts and shows, and its proxy or who names it for each call."""
        ...


EMBEDDED = "embedded"
IN_THREAD = 1024 * 1024
"""Bytes of text up to which a verdict or a parse runs in the judge thread; more goes to a worker process."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class History:
    """The doors to `history.db`, each for one purpose."""

    store: Store
    journal: HistoryJournal
    queries: Queries
    indexer: Indexer
    verdicts: Verdicts
    drafts: Drafts
    state: StateItems
    ledger: Ledger
    marks: Marks
    placing: Placing


@dataclass(slots=True)
class Engine:
    """The running parts."""

    workspace: Workspace
    clock: Clock
    ids: Ids
    timer: Callable[[], float]
    """Seconds of a monotonic clock; picklable, for worker processes measure with it too."""
    history: History
    keys: KeyStore
    directory: Directory
    settings: Resolved
    worker: Worker
    packages: PackagesInUse
    tokens: Tokens
    make_client: MakeClient
    network: Network
    judge: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "judge"))
    clients: dict[str, Client] = field(default_factory=dict)
    environment: str = EMBEDDED
    identity: str = ""
    listeners: list[Callable[[SessionEvent], None]] = field(default_factory=list)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    judged: dict[tuple[str, str], Verdict] = field(default_factory=dict)
    """Verdicts that a receiver has just given, by (request id, correlation id): not worked out twice."""
    sandbox_address: Address | None = None
    unheard: list[Noticed] = field(default_factory=list)
    """What was to be told before anybody listened."""
    give_way: Callable[[], None] = field(default=lambda: None)
    """Called before each of many small pieces of work: it may hold the loop for a moment, for what is more urgent."""

    def publish(self, event: SessionEvent) -> None:
        """Hand an event to every subscriber, in order; a notice waits for the first one."""
        if not self.listeners and isinstance(event, Noticed):
            self.unheard.append(event)
        for listener in tuple(self.listeners):
            listener(event)

    def subscribe(self, listener: Callable[[SessionEvent], None]) -> None:
        """Be told of every event from now on, and of the notices that nobody has heard yet."""
        self.listeners.append(listener)
        waiting, self.unheard = self.unheard, []
        for event in waiting:
            listener(event)

    def spawn(self, work: Coroutine[object, object, None], name: str) -> None:
        """Run background work under a name; it is kept until done and its failure is logged, never lost."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("background work %s failed", task.get_name(), exc_info=error)

    async def settle(self) -> None:
        """Wait until no background work is left (verdicts, saved state): for runs, tests and closing."""
        while self.tasks:
            await asyncio.gather(*tuple(self.tasks), return_exceptions=True)

    async def compute(self, function: Callable[..., T], *args: object, size: int = 0) -> T:
        """Run a pure module-level function off the loop: in the judge thread, or a worker process for large texts."""
        if size > IN_THREAD:
            return await self.worker.run(function, *args)
        return await asyncio.get_running_loop().run_in_executor(self.judge, function, *args)

    def client(self, environment: str) -> Client:
        """The one HTTP client of an environment."""
        if environment not in self.clients:
            self.clients[environment] = self.new_client(environment)
        return self.clients[environment]

    def new_client(self, environment: str) -> Client:
        """One more client with what an environment trusts and shows; VaultError while a secret is locked away.

        Where the machine's settings name the proxy, each call asks them: they change while the program runs.
        """
        chosen = self.environment_of(environment)
        proxy = partial(self.network.proxy, chosen) if chosen.system_proxy else self.network.proxy(chosen)
        return self.make_client(tls=self.network.tls(chosen), proxy=proxy)

    def kid_of(self, environment: Environment) -> str | None:
        """The key that signs for an environment now: the one it names, or the one last told to; None without any."""
        if not environment.key:
            return self.keys.kid_for(environment.id)
        named = (one for one in self.keys.facts() if one.kid == environment.key)
        return next((one.kid for one in named if one.signs(environment.id)), None)

    def environment_of(self, id: str) -> Environment:
        """An environment with the addresses it has now; ConfigError for one that does not exist."""
        environment = self.directory.environments.find(id)
        if environment.id == EMBEDDED and self.sandbox_address is not None:
            origin = self.sandbox_address.origin
            return environment.with_addresses(f"{origin}/booking-and-referral/FHIR/R4", f"{origin}/oauth2/token")
        return environment

    def known_environment(self, id: str) -> Environment:
        """An environment for showing what once happened there: one that is gone since has its id for a name."""
        if id in self.directory.environments.names():
            return self.environment_of(id)
        if id == IMPORTED:
            words = ("Imported", "recorded elsewhere")
            return Environment(id, *words, "", None, needs_token=False, client_id="", production=False)
        return Environment(id, id, "gone", "", None, needs_token=False, client_id="", production=False)

    def current_environment(self) -> Environment:
        """The chosen environment."""
        return self.environment_of(self.environment)

    def current_identity(self) -> Identity:
        """Who the workbench acts as; ConfigError when the workspace has nobody of that name."""
        return self.directory.identities.find(self.identity)

    def usable_environment(self, id: str = "") -> Environment:
        """An environment, by default the chosen one; ConfigError with what is missing where nothing can be sent."""
        environment = self.environment_of(id or self.environment)
        if not environment.ready:
            raise ConfigError(ErrorCode.CONFIG_NOT_READY, what=environment.title, cause=environment.reason)
        return environment
