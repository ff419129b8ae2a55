"""Composing: choices made into messages, and drafts into verdicts and calls.

Turns choices into messages through `compose` and into calls through `calls`; it sends nothing but slot searches.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench import __version__
from workbench.compose import (
    Draft,
    Links,
    Setting,
    SourceSoftware,
    compose,
    slot_resources,
    template,
)
from workbench.compose.templates import Purpose
from workbench.compose.variables import Values, filled
from workbench.errors import ConfigError, ErrorCode, InputError
from workbench.messages import (
    title_of,
)
from workbench.session.calls import ABSENT, NEW, Outgoing
from workbench.session.engine import IN_THREAD
from workbench.session.judging import PREVIEW_CORRELATION, PREVIEW_REQUEST, draft_verdict, large_draft_verdict, readable
from workbench.session.parties import (
    first_free_slot,
    party,
    patient_facts,
    patient_values,
    practitioner,
    slot_parameters,
)
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from workbench.directory import Patient, Service
    from workbench.session.drafts import DraftDesk
    from workbench.session.engine import Engine
    from workbench.session.noise import Noise
    from workbench.session.offers import Offers
    from workbench.session.sending import Sender
    from workbench.session.views import DraftVerdict, DraftView


class Composer:
    """The use cases of the Compose panel and of `send`."""

    def __init__(self, engine: Engine, sender: Sender, noise: Noise, offers: Offers, drafts: DraftDesk) -> None:
        self._engine = engine
        self._sender = sender
        self._noise = noise
        self._offers = offers
        self._drafts = drafts

    async def new_draft(
        self, message: str, service: str, patient: str, booked: tuple[Links, str] | None = None
    ) -> DraftView:
        """A fresh draft of a choice of `offer`; a booking takes a free slot from the service's own list.

        `booked` is a slot that was chosen before, with the correlation id of the search that found it.
        """
        template_id, _, code = message.partition("/")
        engine = self._engine
        target = engine.directory.services.find(service)
        person = engine.directory.patient(patient)
        links, correlation_id = Links(), NEW
        if template(template_id).purpose is Purpose.BOOKING:
            links, correlation_id = booked or await self._slot_links(target, code)
        made = compose(template_id, self.setting(target, person, code), now=engine.clock(), ids=engine.ids, links=links)
        draft = self._drafts.begin(made, title_of(made.facts))
        return await self._drafts.keep(
            replace(
                draft,
                service=target.id,
                patient=person.id,
                parameters=(("choice", message),),
                correlation_id=correlation_id,
            )
        )

    async def readdress(self, draft_id: str, text: str, service: str, patient: str) -> DraftView:
        """The same message composed anew for another service or patient; a file keeps its text."""
        draft = self._drafts.find(draft_id)
        choice = dict(draft.parameters).get("choice", "")
        if choice:
            fresh = await self.new_draft(choice, service, patient)
            return await self._drafts.keep(replace(self._drafts.find(fresh.id), headers=draft.headers))
        changed = replace(draft, service=service or None, patient=patient or None)
        return await self._drafts.keep(changed.with_text(text, self._engine.clock()))

    async def validate(self, draft_id: str, text: str) -> DraftVerdict:
        """The verdict on a draft's text with its headers as they would be sent; cancelling ends the judging."""
        engine = self._engine
        draft = self._drafts.find(draft_id)
        outgoing = self.preview(draft)
        environment = engine.current_environment()
        original = await self._original(draft)
        offered = await self._offers.definitions(environment.id, draft.service)
        left = threading.Event()
        here = len(text) <= IN_THREAD  # a worker process is ended when nobody waits any more, a thread has to ask
        try:
            verdict = await engine.compute(
                draft_verdict if here else large_draft_verdict,
                draft.id,
                outgoing,
                self._as_sent(draft, text),
                engine.current_identity(),
                draft.versions,
                environment.needs_token,
                self._noise.of(draft.service),
                left.is_set if here else None,
                await engine.packages.ready(),
                original,
                offered,
                size=len(text) + len(original),
            )
            return replace(verdict, text=text)
        finally:
            left.set()

    def preview(self, draft: Draft) -> Outgoing | None:
        """The call that would send a draft, without its body and with ids that stand for those to be made; None while
        no service is chosen."""
        if draft.service is None:
            return None
        return replace(
            self._outgoing(draft, b"", NEW, NEW, ""),
            request_id=PREVIEW_REQUEST,
            correlation_id=PREVIEW_CORRELATION if draft.correlation_id == NEW else draft.correlation_id,
        )

    async def _original(self, draft: Draft) -> bytes:
        """The body of the message that a draft was made from; empty where there was none, or it is gone."""
        if draft.based_on is None:
            return b""
        try:
            return (await self._engine.history.queries.exchange(draft.based_on)).request.body
        except KeyError:
            return b""

    def outgoing(self, draft_id: str, text: str, request_id: str, correlation_id: str, confirm_host: str) -> Outgoing:
        """The call that sends a draft, its variables filled in; ConfigError when no service is chosen, InputError for a
        variable that does not exist."""
        draft = self._drafts.find(draft_id)
        body = self.filled(draft, text).encode("utf-8", "surrogatepass")
        return self._outgoing(draft, body, request_id, correlation_id, confirm_host)

    def filled(self, draft: Draft, text: str) -> str:
        """The text with its variables filled in as they are now; InputError for one that does not exist."""
        patient = self._engine.directory.patient(draft.patient) if draft.patient else None
        values = patient_values(patient) if patient is not None else {}
        return filled(text, Values(self._engine.clock(), self._engine.ids, values))

    def _as_sent(self, draft: Draft, text: str) -> str:
        """The text as it would be sent, for a verdict; as it stands where a variable does not exist, which is found."""
        try:
            return self.filled(draft, text)
        except InputError:
            return text

    def setting(self, service: Service, patient: Patient, code: str) -> Setting:
        """Who asks whom about whom."""
        engine = self._engine
        identity = engine.current_identity()
        case = use_cases().get(code)
        return Setting(
            sender=party(engine.directory.services.find(identity.service)),
            receiver=party(service),
            patient=patient_facts(patient),
            use_case=code,
            versions=engine.current_environment().profile_for(case.application if case else None),
            practitioner=practitioner(identity),
            software=SourceSoftware(identity.software, identity.software, identity.software_version or __version__),
        )

    def _outgoing(self, draft: Draft, body: bytes, request_id: str, correlation_id: str, confirm_host: str) -> Outgoing:
        services = self._engine.directory.services
        if draft.service is None:
            raise ConfigError(ErrorCode.CONFIG_SERVICE, what="(none is chosen)", cause=", ".join(services.names()))
        kept = draft.correlation_id if correlation_id == NEW and draft.correlation_id != ABSENT else correlation_id
        return Outgoing(
            "process-message",
            services.find(draft.service),
            body,
            request_id=request_id,
            correlation_id=kept,
            headers=draft.headers,
            draft=draft.id,
            confirm_host=confirm_host,
        )

    async def _slot_links(self, service: Service, code: str) -> tuple[Links, str]:
        """A free slot of the service and the correlation id of the search; a sample slot where none can be had."""
        engine = self._engine
        if not engine.current_environment().ready:
            return Links(), NEW
        correlation_id = engine.ids()
        found = await self._sender.send(
            Outgoing(
                "slot-search",
                service,
                parameters=slot_parameters(service.value, engine.clock(), people=code.startswith("a7")),
                correlation_id=correlation_id,
            )
        )
        answer = readable(found.response.body) if found.response is not None and found.response.ok else None
        free = first_free_slot(answer) if answer is not None else None
        if answer is None or free is None:
            return Links(), NEW
        return Links(slot=slot_resources(answer, free)), correlation_id
