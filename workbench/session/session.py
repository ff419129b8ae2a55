"""The one door to everything the workbench does, for the window and the command line alike.

Every public method is a coroutine on the I/O thread, or gives a value at once; what they do is in the module of each
panel. Must not know any window.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

from workbench.exchange import Direction
from workbench.session.batch import Against, files_in, judge_files, report
from workbench.session.calls import Outgoing
from workbench.session.events import ExchangeRecorded, FileJudged, FilesFound, StatusChanged
from workbench.session.files import FileSend, check_sendable, read_file, write_text
from workbench.session.playing import exchange_line, reasons_of
from workbench.session.receiving import OWN
from workbench.session.sending import result_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from workbench.directory.silences import Silence
    from workbench.evidence.runs import ScenarioResult
    from workbench.evidence.verdicts import FileVerdict
    from workbench.exchange import Address, Exchange
    from workbench.history import ConversationRow, PageKey
    from workbench.messages import Finding, Layer
    from workbench.session.call_views import CallAnswer, CallOrder
    from workbench.session.events import SessionEvent
    from workbench.session.packages import PackagesPage
    from workbench.session.parts import Parts
    from workbench.session.views import (
        ComposeOffer,
        ConversationView,
        DraftVerdict,
        DraftView,
        ExchangeDetail,
        NoiseView,
        ReceiverPage,
        ScenarioView,
        SendResult,
        ServiceDetail,
        SettingsPage,
        StartPage,
        Status,
    )
    from workbench.transport.server_tls import ServerTls

T = TypeVar("T")


class Session:
    """An open workspace at work. Made by `open_session`, ended by `close`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._engine = parts.engine
        self.forms = parts.forms
        """The text of a draft changed in other ways than by typing it, and what form and tree show of it."""
        self.breaking = parts.breaker
        """Faults of drafts, made on purpose."""
        self.bulk = parts.bulk
        """Many files sent together."""
        self.comparing = parts.comparing
        """Messages of the timeline held against each other."""
        self.exporting = parts.exporting
        """Conversations written out for other people and programs."""
        self.importing = parts.importing
        """Calls that other programs recorded, taken into the history."""
        self.foreign = parts.foreign
        """Calls in the forms of other tools, out and in."""
        self.drafts = parts.drafts
        """The drafts on the desk."""
        self.own_templates = parts.own_templates
        """Drafts kept under a name to begin from."""
        self.linking = parts.linking
        """What follows from a message that was taken, as drafts in its conversation."""
        self.directory = parts.services
        """The services of the workspace, and what they say about themselves."""
        self.calls = parts.caller
        """Every call of the interface: forms, previews, and what follows from answers."""
        self.keys = parts.signing
        """Signing keys, their public set, and the vault."""
        self.doctor = parts.doctor
        """Tokens: the present one, a test of the whole sign-in, why one was refused, reading a pasted one."""
        self.to_me = parts.to_me
        """Messages sent to the own receiver."""
        self.answering = parts.answering
        """Answers and faults on purpose."""
        self.replies = parts.replier
        """Replies to messages that were taken, made by hand."""
        self.held = parts.holding
        """What the receivers hold, for reading and changing by hand."""
        self.listing = parts.listing
        """The list of conversations: pages that are narrowed down, pins, notes, what is read."""
        self.relating = parts.relating
        """Messages put into conversations by hand, and what does not fit in a conversation."""
        self.listening = parts.listening
        """Where the own receiver listens, and its certificates."""
        self.environments = parts.environments
        """The environments: changing, checking and testing them."""
        self.searching = parts.searching
        """Searching the timeline, and searches under a name."""
        self.care = parts.care
        """How long the history is kept, locks, deleting for good, and how much there is."""
        self.masking = parts.masking
        """The one switch that masks people, and texts as they are to be shown."""
        self.masked_drafts = parts.masked_drafts
        """Drafts as they are read while people are masked."""
        self.backup = parts.backup
        """The workspace as one file, and back."""

    # life

    def give_way_to(self, give_way: Callable[[], None]) -> None:
        """Call this, on the I/O thread, before each of many small pieces of work."""
        self._engine.give_way = give_way

    def subscribe(self, listener: Callable[[SessionEvent], None]) -> Callable[[], None]:
        """Be told of every event, on the I/O thread; gives the way to end it."""

        def tell(event: SessionEvent) -> None:
            listener(self._parts.masking.event(event))

        self._engine.subscribe(tell)

        def end() -> None:
            if tell in self._engine.listeners:
                self._engine.listeners.remove(tell)

        return end

    async def settle(self) -> None:
        """Wait until nothing is under way: verdicts, saved state, replies that are due at once."""
        if self._parts.sandbox is not None:
            await self._parts.sandbox.settle()
        await self._engine.settle()

    async def close(self) -> None:
        """Stop listening, finish what was begun, keep what must be kept, close everything; twice is no mistake."""
        await self._parts.close()

    # the shell

    async def status(self) -> Status:
        """Everything the window shows outside its panels."""
        await self._parts.shell.refresh()
        return self._parts.shell.status()

    async def choose_environment(self, id: str) -> Status:
        """Work in another environment from now on; ConfigError for one that does not exist."""
        status = await self._parts.shell.choose_environment(id)
        self._parts.receiver.renew()
        return status

    async def choose_identity(self, id: str) -> Status:
        """Act as somebody else from now on; ConfigError for one that does not exist."""
        status = await self._parts.shell.choose_identity(id)
        self._parts.receiver.renew()
        return status

    async def renew_token(self) -> Status:
        """Get a token now; the errors of a refused one are raised."""
        environment = self._engine.usable_environment()
        self._engine.tokens.drop(environment.token_url or "")
        try:
            await self._parts.tokens.bearer(environment)
        finally:
            self._engine.publish(StatusChanged(self._parts.shell.status()))
        return self._parts.shell.status()

    async def start_page(self) -> StartPage:
        """What is ready on this machine."""
        return self._parts.shell.start_page()

    async def set_show_start(self, shown: bool) -> None:
        """Whether the start page comes first the next time."""
        await self._parts.shell.set_show_start(shown)

    # composing

    async def offer(self, message: str = "", service: str = "") -> ComposeOffer:
        """What can be composed, to whom and about whom; what does not fit the chosen message or service says why."""
        return await self._parts.choosing.offer(message, service, await self._parts.linking.recent())

    async def new_draft(self, message: str, service: str, patient: str) -> DraftView:
        """A fresh draft of a choice of `offer`."""
        return await self._parts.composer.new_draft(message, service, patient)

    async def readdress(self, draft_id: str, text: str, service: str, patient: str) -> DraftView:
        """The same message for another service or patient."""
        return await self._parts.composer.readdress(draft_id, text, service, patient)

    async def open_file(self, path: str) -> DraftView:
        """A file as a draft; InputError where no text can be had."""
        return await self._parts.drafts.open_file(path)

    async def save_draft(self, draft_id: str, text: str) -> None:
        """Keep a draft as typed."""
        await self._parts.drafts.save(draft_id, text)

    async def choose_id(self, draft_id: str, name: str, how: str) -> None:
        """Send one of a draft's transaction ids as `new` each time, `keep` it, or leave it out: `absent`."""
        await self._parts.drafts.choose_id(draft_id, name, how)

    async def validate(self, draft_id: str, text: str) -> DraftVerdict:
        """The verdict on a draft's text with its headers."""
        return await self._parts.composer.validate(draft_id, text)

    # what is not to be seen

    async def noise(self) -> NoiseView:
        """The layers that are switched off, and what is silenced for services."""
        return self._parts.noise.view()

    async def switch_layers(self, off: frozenset[Layer]) -> NoiseView:
        """Hide the findings of these layers and of no others."""
        return self._parts.noise.switch_layers(off)

    async def silence(self, service: str, finding: Finding, *, path: str, reason: str, by: str) -> NoiseView:
        """Have a kind of finding no longer count for a service; InputError without a reason or for a fatal one."""
        return self._parts.noise.silence(service, finding, path=path, reason=reason, by=by)

    async def unsilence(self, silence: Silence) -> NoiseView:
        """Have a silenced kind of finding count again."""
        return self._parts.noise.unsilence(silence)

    # many files

    async def judge_files(self, batch: str, paths: tuple[str, ...], service: str = "") -> int:
        """Judge files and folders; every verdict is published as FileJudged of this batch, and their number is given.

        InputError for a path that does not exist. Cancelling stops at once; what was published stays true.
        """
        files = await asyncio.to_thread(files_in, paths)
        packages = await self._engine.packages.ready()
        against = Against(packages=packages, silences=self._parts.noise.of(service or None))
        done = 0
        self._engine.publish(FilesFound(batch, len(files)))
        async for one in judge_files(files, against, self._engine.worker):
            done += 1
            self._engine.publish(FileJudged(batch, done, await self._parts.masking.file(one)))
        return done

    async def save_report(self, path: str, files: tuple[FileVerdict, ...], service: str = "") -> None:
        """Write verdicts on files as text, JSON or JUnit XML, by the ending of the path; StoreError when it cannot."""
        await asyncio.to_thread(write_text, path, report(path, files, service))

    async def send(
        self,
        draft_id: str,
        text: str,
        *,
        request_id: str = "new",
        correlation_id: str = "new",
        confirm_host: str = "",
    ) -> SendResult:
        """Send a draft; a failed send is a result too. ConfigError when nothing may be sent there.

        It is sent again with the same ids as the guide says, as often as the settings allow; SendProgress of the draft
        tells what goes on. A send that is cancelled is kept in the history as stopped.
        """
        await self._parts.drafts.save(draft_id, text)
        outgoing = self._parts.composer.outgoing(draft_id, text, request_id, correlation_id, confirm_host)
        exchange = await self._stoppable(self._parts.sender.persist(outgoing, draft_id))
        self._parts.drafts.sent(draft_id)
        return await self._result(exchange, outgoing.service.name)

    async def send_file(self, path: str, *, service: str, confirm_host: str = "") -> FileSend:
        """Send the bytes of a file as they are and wait for the verdict; `service` is an id or a value.

        InputError for what no FHIR call can carry: no text, another encoding than UTF-8, a byte order mark.
        """
        source, name = await asyncio.to_thread(read_file, path)
        check_sendable(source, name)
        target = self._engine.directory.services.find(service)
        exchange = await self._parts.sender.send(Outgoing("process-message", target, source, confirm_host=confirm_host))
        await self.settle()
        detail = await self._parts.timeline.detail(exchange.id)
        judged = (detail.verdict, detail.answer_verdict)
        result = await self._result(exchange, target.name)
        return FileSend(
            exchange_line(exchange, await reasons_of(self._engine, exchange.id)),
            result.text,
            result.next_step,
            tuple(finding for verdict in judged if verdict is not None for finding in verdict.findings),
            detail.silenced,
        )

    # the timeline

    async def conversations(
        self, after: PageKey | None = None, text: str = "", limit: int = 200
    ) -> tuple[ConversationRow, ...]:
        """A page of conversations, pinned ones first, then by latest activity; `after` is the key of the row before."""
        return await self._parts.timeline.conversations(after, text, limit)

    async def conversation(self, id: str) -> ConversationView:
        """One conversation with its lanes; KeyError where there is none."""
        return await self._parts.timeline.conversation(id)

    async def conversation_of(self, exchange: str) -> str | None:
        """The conversation that an exchange belongs to, None for none; one just answered may have to be filed first."""
        found = await self._engine.history.queries.conversation_of(exchange)
        if found is None:
            await self._parts.recorder.filed()
            found = await self._engine.history.queries.conversation_of(exchange)
        return found

    async def detail(self, exchange: str, *, unmasked: bool = False) -> ExchangeDetail:
        """One exchange in every detail, while people are masked without them; KeyError where there is none."""
        return await self._parts.timeline.detail(exchange, unmasked=unmasked)

    async def retry(self, exchange: str, confirm_host: str = "") -> SendResult:
        """Send the same bytes with the same ids again; cancelled as `send`."""
        original = await self._parts.timeline.exchange(exchange)
        done = await self._stoppable(self._parts.sender.persist_retry(original, exchange, confirm_host))
        return await self._result(done, self._service_name(done))

    async def _stoppable(self, sending: Coroutine[None, None, T]) -> T:
        task = asyncio.current_task()
        if task is not None:
            self._parts.sending.add(task)
        try:
            return await sending
        except asyncio.CancelledError:
            self._parts.take_up_soon()
            raise
        finally:
            if task is not None:
                self._parts.sending.discard(task)

    async def fork(self, exchange: str) -> DraftView:
        """A sent or received message as a draft of its own."""
        original = await self._parts.timeline.exchange(exchange)
        detail = await self._parts.timeline.detail(exchange)
        return await self._parts.drafts.open_message(original.request.body, detail.title, original.service, original.id)

    # scenarios

    async def scenarios(self) -> tuple[ScenarioView, ...]:
        """Every scenario with its last run."""
        return self._parts.player.views()

    async def run_scenario(self, id: str) -> ScenarioView:
        """Play a scenario to its end; ConfigError for one that does not exist."""
        return (await self._parts.player.run(id))[0]

    async def play(self, id: str) -> ScenarioResult:
        """Play a scenario; its result as it is handed on."""
        return (await self._parts.player.run(id))[1]

    # services and calls

    async def services(self) -> tuple[ServiceDetail, ...]:
        """The directory, favourites first."""
        return await self._parts.services.all()

    async def make_call(self, order: CallOrder) -> CallAnswer:
        """Make a call; a failed one is an answer too. Cancelled as `send`."""
        return await self._stoppable(self._parts.caller.call(order))

    # keys

    # the receiver and the embedded sandbox

    async def receiver_page(self, id: str) -> ReceiverPage:
        """One tab of the Receiver panel: `own` or `sandbox`."""
        if id == OWN or self._parts.sandbox is None:
            return await self._parts.masking.page(await self._parts.receiver.page())
        return await self._parts.masking.page(await self._parts.sandbox.page())

    async def start_receiver(self) -> None:
        """Listen as the settings say; NetworkError when the port cannot be had."""
        await self._parts.start_receiver()

    async def stop_receiver(self) -> None:
        """Stop listening."""
        await self._parts.stop_receiver()

    async def listen(self, host: str, port: int, tls: ServerTls | None) -> Address:
        """Listen on an address given for this run; NetworkError when it cannot be had."""
        return await self._parts.receiver.start(host, port, tls)

    def tell_incoming(self, tell: Callable[[dict[str, object]], None]) -> None:
        """Be given every answered incoming exchange as a JSON object, as `run` prints it, with time and rule.

        It is told once the exchange is in its conversation, so that the reasons it is there are known.
        """

        def listen(event: SessionEvent) -> None:
            if isinstance(event, ExchangeRecorded):
                self._engine.spawn(self._tell_incoming(event.exchange, tell), "a line about a call")

        self.subscribe(listen)

    async def _tell_incoming(self, id: str, tell: Callable[[dict[str, object]], None]) -> None:
        known = await self._engine.history.queries.known(id)
        exchange = known.exchange
        if exchange.direction is not Direction.IN or exchange.response is None or exchange.failure is not None:
            return
        line = exchange_line(exchange, await reasons_of(self._engine, id), known.request)
        tell(
            {
                "time": exchange.timing.started.isoformat(timespec="milliseconds"),
                **asdict(line),
                "matched_by": list(line.matched_by),
                "answered_by": exchange.response.answered_by,
                "remark": exchange.response.remark,
            }
        )

    async def reset_state(self, id: str) -> None:
        """Forget what a receiver holds: `own` or `sandbox`."""
        if id == OWN:
            await self._parts.receiver.reset()
        elif self._parts.sandbox is not None:
            await self._parts.sandbox.reset()

    # settings

    async def settings_page(self) -> SettingsPage:
        """Every setting with its origin, the environments, the workspace, and what the program is made of."""
        return self._parts.shell.settings_page()

    async def change_setting(self, name: str, value: str) -> SettingsPage:
        """Change a setting; ConfigError when the value does not fit or something overrides it."""
        page = await self._parts.shell.change_setting(name, value)
        self._parts.follow_settings()
        await self._parts.shell.refresh()
        return page

    # FHIR packages

    async def packages_page(self) -> PackagesPage:
        """The packages of this machine, and which of them this workspace judges with."""
        return await self._parts.shelf.page()

    async def add_package(self, reference: str) -> PackagesPage:
        """Add a package: a `.tgz`, a folder, or `name#version` of the cache that FHIR tools share.

        InputError when it is none that can be used, StoreError when it cannot be kept. Cancelling stops it.
        """
        return await self._parts.shelf.add(reference)

    async def remove_package(self, label: str) -> PackagesPage:
        """Forget a package on this machine; InputError when it was not added."""
        return await self._parts.shelf.remove(label)

    async def use_package(self, label: str, wanted: bool) -> PackagesPage:
        """Judge with a package in this workspace, or no longer; ConfigError when the workspace cannot be changed."""
        return await self._parts.shelf.use(label, wanted=wanted)

    async def _result(self, exchange: Exchange, service: str) -> SendResult:
        conversation = await self._engine.history.queries.conversation_of(exchange.id)
        return result_of(await self._parts.masking.shown(exchange), conversation or "", service)

    def _service_name(self, exchange: Exchange) -> str:
        known = {one.id: one.name for one in self._engine.directory.services.all()}
        return known.get(exchange.service or "", "the service")
