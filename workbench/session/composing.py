"""Composing: what can be made, for whom and about whom; drafts and their verdicts.

Turns choices into messages through `compose` and into calls through `calls`; it sends nothing but slot searches.
"""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from workbench import __version__
from workbench.compose import (
    Draft,
    Links,
    Party,
    PatientFacts,
    Practitioner,
    Setting,
    SourceSoftware,
    cancel,
    compose,
    slot_resources,
    template,
    templates,
)
from workbench.compose.templates import Purpose
from workbench.errors import ConfigError, ErrorCode, InputError
from workbench.headers import wire_value
from workbench.messages import (
    Finding,
    MessageFacts,
    Syntax,
    convert,
    nhs_number,
    parse,
    title_of,
    tree,
)
from workbench.messages.encoding import editable
from workbench.messages.titles import route_of
from workbench.rules import profile_of
from workbench.session.calls import ABSENT, NEW, Outgoing
from workbench.session.engine import IN_THREAD
from workbench.session.files import read_file
from workbench.session.judging import PREVIEW_CORRELATION, PREVIEW_REQUEST, draft_verdict, large_draft_verdict, readable
from workbench.session.repairing import Repaired, repaired, repaired_all
from workbench.session.views import Choice, ComposeOffer, DraftVerdict, DraftView
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.compose import Template
    from workbench.directory import Identity, Patient, Service
    from workbench.exchange import Exchange
    from workbench.messages import Message
    from workbench.session.engine import Engine
    from workbench.session.noise import Noise
    from workbench.session.offers import Offers
    from workbench.session.sending import Sender

SLOT_DAYS = 7


class Composer:
    """The use cases of the Compose panel and of `send`."""

    def __init__(self, engine: Engine, sender: Sender, noise: Noise, offers: Offers) -> None:
        self._engine = engine
        self._sender = sender
        self._noise = noise
        self._offers = offers
        self._drafts: dict[str, Draft] = {}

    async def offer(self, message: str = "") -> ComposeOffer:
        """What can be begun from nothing, and every service and patient; a service that does not take the chosen
        message (an id of the offer) says why."""
        directory = self._engine.directory
        code = message.partition("/")[2]
        return ComposeOffer(
            tuple(_message_choice(row, case) for case in use_cases() for row in _beginnings() if case in row.use_cases),
            tuple(_service_choice(service, code) for service in directory.services.all()),
            tuple(
                Choice(patient.id, self._patient_words(patient), nhs_number.grouped(patient.nhs_number))
                for patient in directory.patients
            ),
        )

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
            links, correlation_id = booked or await self._slot_links(target)
        made = compose(template_id, self.setting(target, person, code), now=engine.clock(), ids=engine.ids, links=links)
        draft = self._draft_of(made, title_of(made.facts))
        return await self._keep(
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
        draft = self._draft(draft_id)
        choice = dict(draft.parameters).get("choice", "")
        if choice:
            fresh = await self.new_draft(choice, service, patient)
            return await self._keep(replace(self._draft(fresh.id), headers=draft.headers))
        changed = replace(draft, service=service or None, patient=patient or None)
        return await self._keep(changed.with_text(text, self._engine.clock()))

    async def open_file(self, path: str) -> DraftView:
        """A file as a draft; what cannot be read as FHIR still opens as text. InputError where it is no text at all."""
        source, name = await asyncio.to_thread(read_file, path)
        message = await self._engine.compute(readable, source, size=len(source))
        draft = self._draft_of(message, name)
        if message is None:
            draft = replace(draft, text=editable(source, what=name))
        return await self._keep(replace(draft, parameters=(("file", name),)))

    async def open_message(self, source: bytes, title: str, service: str | None, based_on: str | None) -> DraftView:
        """A message from the history as a draft of its own; InputError where it is no text at all."""
        message = await self._engine.compute(readable, source, size=len(source))
        draft = self._draft_of(message, title)
        if message is None:
            draft = replace(draft, text=editable(source, what="The message"))
        return await self._keep(replace(draft, service=service or draft.service, based_on=based_on))

    async def cancellation(self, original: Exchange, *, why: str = "") -> DraftView:
        """The withdrawal of a booking, referral or validation request that was taken, in the same conversation.

        InputError when the exchange was not answered with what it asked for.
        """
        request, answer = readable(original.request.body), None
        if original.response is not None and original.response.ok:
            answer = readable(original.response.body)
        if request is None or answer is None:
            cause = "only a message that was answered with its resources can be cancelled"
            raise InputError(ErrorCode.INPUT_TEMPLATE, what="The cancellation", cause=cause)
        engine = self._engine
        made = cancel(request, answer, now=engine.clock(), ids=engine.ids, why=why or "No longer needed")
        draft = self._draft_of(made, title_of(made.facts))
        return await self._keep(
            replace(
                draft,
                service=original.service or draft.service,
                correlation_id=original.request.header("X-Correlation-Id") or NEW,
                based_on=original.id,
            )
        )

    async def last_draft(self) -> DraftView | None:
        """The draft that was worked on last, as it was saved."""
        drafts = self._engine.history.drafts
        rows = await drafts.list()
        if not rows:
            return None
        draft = Draft.from_json(await drafts.load(rows[0].id))
        self._drafts[draft.id] = draft
        return self._view(draft)

    async def save(self, draft_id: str, text: str) -> None:
        """Keep a draft as typed."""
        await self._keep(replace(self._draft(draft_id), text=text, updated=self._engine.clock()))

    async def change_header(self, draft_id: str, name: str, value: str) -> None:
        """Send a header with what a person wrote (JSON is encoded where it belongs); InputError for what cannot be."""
        draft, bare = self._draft(draft_id), name.strip()
        await self._keep(replace(draft, headers=draft.headers.with_value(bare, wire_value(bare, value.strip()))))

    async def leave_out_header(self, draft_id: str, name: str) -> None:
        """Send without a header."""
        draft = self._draft(draft_id)
        await self._keep(replace(draft, headers=draft.headers.without(name)))

    async def restore_header(self, draft_id: str, name: str) -> None:
        """Send a header as it is composed."""
        draft = self._draft(draft_id)
        await self._keep(replace(draft, headers=draft.headers.as_composed(name)))

    async def validate(self, draft_id: str, text: str) -> DraftVerdict:
        """The verdict on a draft's text with its headers as they would be sent; cancelling ends the judging."""
        engine = self._engine
        draft = self._draft(draft_id)
        outgoing = None
        if draft.service is not None:
            outgoing = replace(
                self._outgoing(draft, b"", NEW, NEW, ""),
                request_id=PREVIEW_REQUEST,
                correlation_id=PREVIEW_CORRELATION if draft.correlation_id == NEW else draft.correlation_id,
            )
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
                text,
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
            return verdict if here else replace(verdict, text=text)
        finally:
            left.set()

    async def _original(self, draft: Draft) -> bytes:
        """The body of the message that a draft was made from; empty where there was none, or it is gone."""
        if draft.based_on is None:
            return b""
        try:
            return (await self._engine.history.queries.exchange(draft.based_on)).request.body
        except KeyError:
            return b""

    async def convert(self, text: str, syntax: str) -> str:
        """The text in the other syntax; InputError where it cannot be read."""
        return await self._engine.compute(_converted, text, syntax, size=len(text))

    async def apply_fix(self, text: str, finding: Finding) -> str:
        """The text with the repair of a finding applied; InputError when it has none or no longer fits the text."""
        return await self._engine.compute(repaired, text, finding, size=len(text))

    async def apply_fixes(self, draft_id: str, text: str, findings: tuple[Finding, ...]) -> Repaired:
        """The text with the repairs of all these findings; InputError when it cannot be read."""
        versions = self._draft(draft_id).versions
        packages = await self._engine.packages.ready()
        return await self._engine.compute(repaired_all, text, findings, versions, packages, size=len(text))

    def outgoing(self, draft_id: str, text: str, request_id: str, correlation_id: str, confirm_host: str) -> Outgoing:
        """The call that sends a draft; ConfigError when no service is chosen."""
        draft = self._draft(draft_id)
        return self._outgoing(draft, text.encode("utf-8", "surrogatepass"), request_id, correlation_id, confirm_host)

    def sent(self, draft_id: str) -> None:
        """A draft that was sent starts a conversation of its own the next time."""
        self._drafts[draft_id] = replace(self._draft(draft_id), correlation_id=NEW)

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

    async def _slot_links(self, service: Service) -> tuple[Links, str]:
        """A free slot of the service and the correlation id of the search; a sample slot where none can be had."""
        engine = self._engine
        if not engine.current_environment().ready:
            return Links(), NEW
        correlation_id = engine.ids()
        found = await self._sender.send(
            Outgoing(
                "slot-search",
                service,
                parameters=slot_parameters(service.value, engine.clock()),
                correlation_id=correlation_id,
            )
        )
        answer = readable(found.response.body) if found.response is not None and found.response.ok else None
        free = first_free_slot(answer) if answer is not None else None
        if answer is None or free is None:
            return Links(), NEW
        return Links(slot=slot_resources(answer, free)), correlation_id

    def _draft_of(self, message: Message | None, title: str) -> Draft:
        facts = message.facts if message is not None else MessageFacts()
        engine = self._engine
        draft = Draft(
            id=engine.ids(),
            title=title,
            operation="process-message",
            versions=profile_of(facts, engine.current_environment().profile),
            updated=engine.clock(),
            service=self._service_for(facts),
            identity=engine.identity,
        )
        return draft.with_message(message, engine.clock())

    def _service_for(self, facts: MessageFacts) -> str | None:
        """The directory's service that a message is addressed to, if it is there."""
        value = (facts.destination_endpoint or "").rpartition("|")[2]
        services = self._engine.directory.services.all()
        return next((service.id for service in services if value and service.value == value), None)

    def _patient_words(self, patient: Patient) -> str:
        """`Julie Jones, 64, F`."""
        today = self._engine.clock().date()
        year, month, day = (int(part) for part in patient.birth_date.split("-"))
        age = today.year - year - ((today.month, today.day) < (month, day))
        return f"{patient.given} {patient.family}, {age}, {patient.gender[:1].upper()}"

    def _draft(self, draft_id: str) -> Draft:
        return self._drafts[draft_id]

    async def _keep(self, draft: Draft) -> DraftView:
        self._drafts[draft.id] = draft
        await self._engine.history.drafts.save(draft.id, draft.title, draft.updated, draft.to_json())
        return self._view(draft)

    def _view(self, draft: Draft) -> DraftView:
        facts = dict(draft.parameters)
        return DraftView(
            id=draft.id,
            title=draft.title,
            text=draft.text,
            syntax="xml" if draft.text.lstrip()[:1] == "<" else "json",
            message=facts.get("choice", ""),
            service=draft.service or "",
            patient=draft.patient or "",
            versions=draft.versions,
            file=facts.get("file", ""),
        )


def slot_parameters(service_id: str, start: datetime) -> tuple[tuple[str, str], ...]:
    """A search over the next seven days with both bounds and the least includes (API specification, GET /Slot)."""
    first = start.astimezone(UTC).replace(microsecond=0)
    last = first + timedelta(days=SLOT_DAYS)
    return (
        ("Schedule.actor:HealthcareService", service_id),
        ("status", "free"),
        ("start", f"ge{first.isoformat()}"),
        ("start", f"le{last.isoformat()}"),
        ("_include", "Slot:schedule"),
        ("_include", "Schedule:actor:HealthcareService"),
    )


def first_free_slot(answer: Message) -> str | None:
    """The id of the first free slot in the answer to a slot search."""
    return next(
        (
            id
            for entry in answer.entries()
            if entry.type == "Slot" and entry.resource.get("status") == "free"
            if (id := tree.text(entry.resource.get("id")))
        ),
        None,
    )


def party(service: Service) -> Party:
    """A service of the directory as one side of a message."""
    return Party(service.organisation, service.ods_code, service.value, service.name, service.system)


def practitioner(identity: Identity) -> Practitioner:
    """The person of an identity as a message names them."""
    return Practitioner(
        identity.practitioner_family,
        identity.practitioner_given,
        identity.role_profile,
        identity.role_code,
        identity.role,
    )


def patient_facts(patient: Patient) -> PatientFacts:
    """A patient of the directory as a message names them."""
    return PatientFacts(
        patient.id,
        patient.family,
        patient.given,
        patient.nhs_number,
        patient.gender,
        patient.birth_date,
        patient.line,
        patient.city,
        patient.postcode,
        patient.phone,
    )


def first_message(purpose: Purpose, codes: Sequence[str]) -> str:
    """The first message of a purpose that can be begun from nothing for one of these use cases (none = any): an id of
    the offer. KeyError where there is none."""
    for case in use_cases():
        for row in _beginnings():
            if row.purpose is purpose and case in row.use_cases and (not codes or case in codes):
                return f"{row.id}/{case}"
    raise KeyError(purpose)


def _beginnings() -> tuple[Template, ...]:
    return tuple(row for row in templates() if not row.follows)


def _message_choice(row: Template, code: str) -> Choice:
    """`111 to ED: referral, new`; a fuller template of the same kind says so."""
    kind = row.kind.id.replace("-", ", ")
    variant = "" if row.id == row.kind.id else f", {row.id.rpartition('-')[2]}"
    case = use_cases()[code]
    note = "In the code system only: no Application page names it yet" if case.code_system_only else row.title
    return Choice(f"{row.id}/{code}", f"{route_of(MessageFacts(use_case=code))}: {kind}{variant}", note, case.display)


def _service_choice(service: Service, code: str) -> Choice:
    reason = ""
    if service.role != "receiver":
        reason = "It is this workbench's own service"
    elif code and service.use_cases and code not in service.use_cases:
        reason = f"It does not take {use_cases()[code].display}"
    return Choice(service.id, service.name, service.value, service.organisation, reason)


def _converted(text: str, syntax: str) -> str:
    return convert(parse(text.encode("utf-8")), Syntax(syntax)).text
