"""The use cases of one open workspace, put together: built by `open_session`, started, and closed in the right order.

The only module that knows all the others of this package; must not know any window.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from workbench.directory import Directory
from workbench.errors import ConfigError, WorkbenchError
from workbench.history import (
    Drafts,
    HistoryJournal,
    IncomingContext,
    Indexer,
    Ledger,
    Marks,
    Placing,
    Queries,
    StateItems,
    Store,
)
from workbench.history.verdicts import Verdicts
from workbench.keys import KeyStore, Vault
from workbench.messages import title_of
from workbench.sandbox import ReplyDelays, Routes
from workbench.session.answering import Answering
from workbench.session.backup import Backup
from workbench.session.breaking import Breaker
from workbench.session.bulk import Bulk
from workbench.session.calling import Caller
from workbench.session.care import Care
from workbench.session.choosing import Choosing
from workbench.session.comparing import Comparing
from workbench.session.composing import Composer
from workbench.session.doctor import Doctor
from workbench.session.drafts import DraftDesk
from workbench.session.engine import Engine, History
from workbench.session.environments import Environments
from workbench.session.events import Noticed, StatusChanged
from workbench.session.exporting import Exporting
from workbench.session.foreign import Foreign
from workbench.session.forming import Forms
from workbench.session.holding import Holding
from workbench.session.importing_history import HistoryImporting
from workbench.session.linking import Linking
from workbench.session.listening import Listening
from workbench.session.listing import Listing
from workbench.session.masked_drafts import MaskedDrafts
from workbench.session.masking import Masking
from workbench.session.network import Network
from workbench.session.noise import Noise
from workbench.session.offers import Offers
from workbench.session.options import SessionOptions
from workbench.session.own_templates import OwnTemplates
from workbench.session.packages import PackageShelf, PackagesInUse
from workbench.session.platform import EmbeddedSandbox
from workbench.session.playing import Player
from workbench.session.receiving import OwnReceiver
from workbench.session.recording import Recorder
from workbench.session.relating import Relating
from workbench.session.replying import Replier
from workbench.session.rescue import open_history
from workbench.session.searching import Searching
from workbench.session.sending import Sender
from workbench.session.services import Services
from workbench.session.session import Session
from workbench.session.shell import Shell
from workbench.session.signing import Signing
from workbench.session.timeline import Timeline
from workbench.session.to_me import ToMe
from workbench.session.tokens import TokenCalls
from workbench.session.views import Tone
from workbench.settings import resolve
from workbench.transport.client import Client
from workbench.transport.tokens import Tokens
from workbench.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workbench.exchange import Clock, Exchange, Ids, Request
    from workbench.keys.patience import Patience
    from workbench.messages.values import JsonObject
    from workbench.settings import Resolved
    from workbench.standard import VersionProfile
    from workbench.workspace import Workspace

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Parts:
    """The running use cases."""

    engine: Engine
    recorder: Recorder
    tokens: TokenCalls
    shell: Shell
    sender: Sender
    composer: Composer
    drafts: DraftDesk
    linking: Linking
    own_templates: OwnTemplates
    breaker: Breaker
    choosing: Choosing
    masking: Masking
    masked_drafts: MaskedDrafts
    searching: Searching
    care: Care
    backup: Backup
    timeline: Timeline
    exporting: Exporting
    importing: HistoryImporting
    comparing: Comparing
    player: Player
    services: Services
    caller: Caller
    bulk: Bulk
    foreign: Foreign
    forms: Forms
    noise: Noise
    environments: Environments
    shelf: PackageShelf
    signing: Signing
    receiver: OwnReceiver
    listening: Listening
    holding: Holding
    replier: Replier
    answering: Answering
    to_me: ToMe
    sandbox: EmbeddedSandbox | None
    doctor: Doctor
    listing: Listing
    relating: Relating
    closed: bool = False
    sending: set[asyncio.Task[Any]] = field(default_factory=set)
    """Sends that somebody waits for."""

    async def start(self, options: SessionOptions) -> None:
        """Take up what was left, make the key of the embedded sandbox, and listen as the options ask."""
        self.shelf.start()
        self.answering.load()
        await self.receiver.load()
        if self.sandbox is not None:
            await self.signing.ensure_embedded()
            await self.sandbox.start()
        if options.start_receiver:
            try:
                await self.start_receiver()
            except WorkbenchError as error:
                self.engine.publish(Noticed(Tone.ERROR, error.sentence, error.next_step))
        if not self.engine.workspace.read_only:
            await self.replier.due.start()
            self.engine.spawn(self._take_up_all(), "exchanges without a conversation or a verdict")
            self.searching.start()
            self.care.start()
        await self.shell.refresh()

    def keys_changed(self) -> None:
        """Have the embedded sandbox know the keys as they are now, and everybody how things stand."""
        if self.sandbox is not None:
            self.sandbox.register()
        self.engine.publish(StatusChanged(self.shell.status()))

    def follow_settings(self) -> None:
        """Have what is running answer and reply by the settings as they are now."""
        self.receiver.renew()
        if self.sandbox is not None:
            self.sandbox.sandbox.set_delays(_delays(self.engine.settings))

    async def start_receiver(self) -> None:
        """Listen, and tell the embedded sandbox where the own services are served."""
        try:
            wanted = await self.listening.wanted()
        except WorkbenchError as error:
            self.receiver.fail(error)
            raise
        await self.receiver.start(wanted.host, wanted.port, wanted.tls, wanted.names)
        if self.sandbox is not None:
            self.sandbox.route(self.receiver.local_url)

    async def restart_receiver(self) -> None:
        """Listen anew, by what is chosen now."""
        await self.stop_receiver()
        await self.start_receiver()

    async def stop_receiver(self) -> None:
        """Stop listening; the embedded sandbox then knows nobody for the own services."""
        if self.sandbox is not None:
            self.sandbox.route("")
        await self.receiver.stop()

    async def close(self) -> None:
        """Everything in the reverse order of starting."""
        if self.closed:
            return
        self.closed = True
        engine = self.engine
        async with AsyncExitStack() as steps:  # from the last line up; one that fails does not keep the others
            steps.push_async_callback(asyncio.to_thread, engine.history.store.close)
            steps.callback(engine.judge.shutdown)
            steps.push_async_callback(engine.worker.close)
            steps.push_async_callback(engine.packages.close)
            for client in engine.clients.values():
                steps.push_async_callback(client.close)
            steps.push_async_callback(self.searching.close)
            steps.push_async_callback(self.care.close)
            steps.push_async_callback(engine.settle)
            steps.callback(self.recorder.end)
            steps.push_async_callback(self._stop_sends)
            steps.push_async_callback(self.replier.due.close)
            steps.push_async_callback(self.receiver.stop)
            steps.push_async_callback(self.signing.serving.stop)
            if self.sandbox is not None:
                steps.push_async_callback(self.sandbox.close)

    async def _stop_sends(self) -> None:
        """Sends under way end as stopped, which is stored, before their connections are closed."""
        running = [task for task in self.sending if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def take_up_soon(self) -> None:
        """Record in the background what a stopped send has left; nothing while closing, the next start does it."""
        if not self.closed:
            self.engine.spawn(self._take_up(), "a stopped send")

    async def _take_up(self) -> None:
        """Put exchanges into their conversations that were stored when the program ended before it could."""
        queries = self.engine.history.queries
        for id in await queries.unindexed():
            await self.recorder.record(await queries.exchange(id))

    async def _take_up_all(self) -> None:
        """Go on with everything that an earlier run left."""
        await self._take_up()
        await self.recorder.take_up()


async def open_session(
    workspace: Workspace,
    *,
    clock: Clock,
    ids: Ids,
    timer: Callable[[], float],
    environ: Mapping[str, str],
    passphrase: str | None = None,
    options: SessionOptions = SessionOptions(),  # noqa: B008 - frozen
    patience: Patience | None = None,
) -> Session:
    """The session of an open workspace, started; `timer` gives seconds of a monotonic clock.

    A keyring that does not answer is waited for as long as `patience` has it, in a thread of its own.

    StoreError when the history cannot be opened, VaultError for a wrong passphrase, ConfigError for settings,
    environments or identities that cannot be used. What was opened by then is closed again.
    """
    settings, directory = _read_files(workspace, environ, options)
    vault = await asyncio.to_thread(
        Vault.open,
        workspace.vault_folder,
        workspace_id=workspace.id,
        passphrase=passphrase,
        read_only=workspace.read_only,
        patience=patience,
    )
    store, damage = await asyncio.to_thread(lambda: open_history(workspace, clock=clock))
    try:
        parts = _assemble(workspace, store, vault, directory, settings, clock, ids, timer, options)
    except WorkbenchError:
        store.close()
        raise
    if damage is not None:
        parts.engine.publish(damage)
    try:
        await parts.start(options)
    except BaseException:
        await parts.close()
        raise
    return Session(parts)


def _read_files(
    workspace: Workspace, environ: Mapping[str, str], options: SessionOptions
) -> tuple[Resolved, Directory]:
    """Settings and directory. A newer file that cannot be read counts as absent: it is never written either."""
    try:
        return resolve(workspace.read("settings.json"), environ, flags=options.flags()), Directory.load(workspace.read)
    except ConfigError as error:
        if not workspace.newer:
            raise
        _log.warning("a newer file cannot be read: %s", error.sentence)
    workspace.notice = f"{workspace.notice} In their place stands what comes with the program."

    def known(name: str) -> JsonObject:
        return {} if name in workspace.newer else workspace.read(name)

    return resolve(known("settings.json"), environ, flags=options.flags()), Directory.load(known)


def _assemble(
    workspace: Workspace,
    store: Store,
    vault: Vault,
    directory: Directory,
    settings: Resolved,
    clock: Clock,
    ids: Ids,
    timer: Callable[[], float],
    options: SessionOptions,
) -> Parts:
    recorder, tokens = Recorder(), TokenCalls()

    def incoming(request: Request) -> IncomingContext:
        return parts.receiver.incoming(request)

    def versions(request: Request) -> VersionProfile:
        return parts.receiver.versions(request)

    def changed() -> None:
        parts.keys_changed()

    def answered_by(exchange: Exchange) -> str:
        return parts.sandbox.answered_by(exchange) if parts.sandbox is not None else ""

    def due_changed() -> None:
        engine.publish(StatusChanged(shell.status()))

    def rule_words(page: str, id: str) -> str:
        return parts.answering.describe(page, id)

    ledger = Ledger(store)
    history = History(
        store=store,
        journal=HistoryJournal(
            store,
            clock=clock,
            ids=ids,
            incoming=incoming,
            versions=versions,
            recorded=recorder.record,
            answered_by=answered_by,
            ledger=ledger,
        ),
        queries=Queries(store, clock=clock),
        indexer=Indexer(store, clock=clock, title_of=title_of),
        verdicts=Verdicts(store),
        drafts=Drafts(store),
        state=StateItems(store),
        ledger=ledger,
        marks=Marks(store, clock=clock),
        placing=Placing(store, clock=clock),
    )
    worker = Worker()
    engine = Engine(
        workspace=workspace,
        clock=clock,
        ids=ids,
        timer=timer,
        history=history,
        keys=KeyStore(vault),
        directory=directory,
        settings=settings,
        worker=worker,
        packages=PackagesInUse(worker),
        tokens=Tokens(timer=timer, clock=clock, fetch=tokens.fetch),
        make_client=partial(Client, timer=timer, clock=clock),
        network=Network(vault),
        environment=directory.environments.find(settings.workspace.environment).id,
        identity=directory.identities.find(settings.workspace.identity).id,
    )
    offers = Offers(engine)
    noise = Noise(engine)
    recorder.attach(engine, offers.definitions, noise.covers)
    tokens.attach(engine)
    shell = Shell(engine, tokens)
    sender = Sender(engine, tokens, shell.status)
    drafts = DraftDesk(engine)
    composer = Composer(engine, sender, noise, offers, drafts)
    masking = Masking(engine)
    linking = Linking(engine, sender, composer, drafts, masking)
    sandbox = EmbeddedSandbox(engine, _delays(settings)) if options.start_sandbox else None
    receiver = OwnReceiver(engine, shell.status)
    listening = Listening(engine, vault)
    signing = Signing(engine, tokens, lambda: listening.host)
    shell.attach(receiver)
    doctor = Doctor(engine, tokens, sender, shell.status, sandbox)
    timeline = Timeline(engine, noise, doctor, masking, rule_words)
    parts = Parts(
        engine=engine,
        recorder=recorder,
        tokens=tokens,
        shell=shell,
        sender=sender,
        composer=composer,
        drafts=drafts,
        linking=linking,
        own_templates=OwnTemplates(engine, drafts),
        breaker=Breaker(engine, composer, drafts),
        choosing=Choosing(engine, offers, masking),
        masking=masking,
        masked_drafts=MaskedDrafts(engine, masking),
        searching=Searching(engine, masking, lambda: recorder.idle),
        care=Care(engine),
        backup=Backup(engine),
        timeline=timeline,
        exporting=Exporting(engine, timeline, masking),
        importing=HistoryImporting(engine, recorder),
        comparing=Comparing(engine, masking, composer),
        player=Player(engine, composer, sender),
        services=Services(engine, sender, offers, sandbox.sandbox.routes if sandbox is not None else Routes()),
        caller=Caller(engine, sender, composer, linking, masking),
        bulk=Bulk(engine, sender, recorder, masking),
        foreign=Foreign(engine, drafts, masking),
        forms=Forms(engine, drafts, offers),
        noise=noise,
        environments=Environments(engine, tokens, shell.choose_environment, changed),
        shelf=PackageShelf(engine, shell.change_setting),
        signing=signing,
        receiver=receiver,
        listening=listening,
        holding=Holding(engine, receiver, sandbox, masking),
        replier=Replier(engine, sender, drafts, receiver, sandbox, due_changed, masking),
        to_me=ToMe(engine, receiver),
        answering=Answering(
            engine, (receiver.answers, receiver.faults), sandbox.sandbox if sandbox is not None else None, masking
        ),
        sandbox=sandbox,
        doctor=doctor,
        listing=Listing(engine),
        relating=Relating(engine, masking),
    )
    signing.attach(parts.keys_changed)
    listening.attach(lambda: receiver.address, parts.restart_receiver)
    return parts


def _delays(settings: Resolved) -> ReplyDelays:
    """Seconds before each reply of the embedded sandbox."""
    own = settings.workspace
    return ReplyDelays(
        {
            "validation-interim": own.interim_delay_s,
            "validation-full": own.full_delay_s,
            "safeguarding-dna": own.safeguarding_delay_s,
        }
    )
