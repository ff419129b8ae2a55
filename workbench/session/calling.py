"""Every call of the interface: its form, what would be sent, the call itself, and what follows from its answer.

Knows no window. A call is made by `sending`, so that it stays in the history like any other.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.compose import Links, Purpose, slot_resources
from workbench.compose import compose as compose_message
from workbench.compose.singles import appointment
from workbench.correlation.values import KeyKind
from workbench.errors import ErrorCode, InputError
from workbench.evidence.masked import RequestWords
from workbench.exchange import Direction
from workbench.headers import HeaderChoices, decode_headers
from workbench.messages import Layer, json_text
from workbench.messages.outcome import issues
from workbench.rules import Side, Submission, judge
from workbench.session.call_forms import TO, TO_PLATFORM, USE_CONTEXT, About, choice_of, form_of
from workbench.session.call_views import AnswerKind, CallAnswer, CallOffer, CallOrder, CallPreview, FieldKind
from workbench.session.calls import Outgoing, call_request, read_facts
from workbench.session.calls_in import order_of, version_of
from workbench.session.choosing import first_message
from workbench.session.found import rows_in, slots_in
from workbench.session.judging import PREVIEW_CORRELATION, PREVIEW_REQUEST, announced, readable
from workbench.session.parties import party, patient_facts
from workbench.session.sending import result_of
from workbench.standard import api_versions, default_profile, is_at_least
from workbench.standard.operations import operations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.directory import Identity
    from workbench.exchange import Exchange
    from workbench.masking import Masker
    from workbench.messages import Message
    from workbench.session.call_views import CallForm, ImportedCall, SlotRow
    from workbench.session.composing import Composer
    from workbench.session.engine import Engine
    from workbench.session.linking import Linking
    from workbench.session.masking import Masking
    from workbench.session.sending import Sender
    from workbench.session.views import DraftView
    from workbench.standard.operations import Operation

PUBLIC_SANDBOX = "sandbox"
"""Id of the environment with canned answers."""
_KINDS = {"Appointment": KeyKind.APPOINTMENT, "ServiceRequest": KeyKind.SERVICE_REQUEST}
BOOKS = "appointment-create"
"""The call that books a slot without a message (API specification from 1.1.0)."""
_TARGET = "NHSD-Target-Identifier"
_NOWHERE = "https://not-running.invalid"


class Caller:
    """Called on the I/O thread."""

    def __init__(self, engine: Engine, sender: Sender, composer: Composer, linking: Linking, masking: Masking) -> None:
        self._engine = engine
        self._masking = masking
        self._sender = sender
        self._composer = composer
        self._linking = linking

    async def offer(self, api: str = "", wanted: str = "") -> CallOffer:
        """The calls of a version of the interface, by default the environment's, with the patients of the directory.

        `wanted` is a call that the version must have: where it has not, the nearest one that does is meant.
        """
        directory = self._engine.directory
        chosen = api or self._engine.current_environment().profile.api
        call = operations().get(wanted)
        if call is not None and not call.exists_in(chosen):
            chosen = next(one for one in reversed(api_versions()) if call.exists_in(one))
        calls = tuple(choice_of(call) for call in operations().values() if call.group and call.exists_in(chosen))
        patients = tuple((one.id, self._masking.person(one.given, one.family)) for one in directory.patients)
        return CallOffer(chosen, api_versions(), calls, patients)

    async def form(
        self, operation: str, service: str, api: str, patient: str = "", *, unmasked: bool = False
    ) -> CallForm:
        """The form of a call to a service about a patient (an id; empty = the first); InputError where the version of
        the interface has no such call. While people are masked so is it, unless it is asked for `unmasked`."""
        form = form_of(_call(operation, api), self._about(service, api, patient, operation))
        masking = self._masking
        if masking.wanted(unmasked=unmasked) is None:
            return form
        fields = tuple(replace(one, value=masking.value(one.value, one.name)) for one in form.fields)
        return replace(form, fields=fields, body=masking.body(form.body) if form.body else "", masked=True)

    async def recalled(self, order: CallOrder, *, unmasked: bool = False) -> CallOrder:
        """A filled-in form as it is to be shown now, whether it was masked or not when it was filled in."""
        return self._shown(self._real(order), unmasked=unmasked)

    def _shown(self, order: CallOrder, *, unmasked: bool = False) -> CallOrder:
        masking = self._masking
        values = tuple((key, masking.value(value, key, unmasked=unmasked)) for key, value in order.values)
        body = masking.body(order.body, unmasked=unmasked) if order.body else ""
        return replace(order, values=values, body=body)

    def _real(self, order: CallOrder) -> CallOrder:
        """A filled-in form with what its masked values stand for."""
        real = self._masking.real
        values = tuple((key, real(value)) for key, value in order.values)
        return replace(order, values=values, body=real(order.body))

    async def preview(self, order: CallOrder) -> CallPreview:
        """What would be sent now, judged; ids that are made with the send stand for themselves."""
        engine = self._engine
        environment = engine.current_environment()
        outgoing = replace(
            self._outgoing(order), request_id=PREVIEW_REQUEST, correlation_id=PREVIEW_CORRELATION, confirm_host=""
        )
        return await engine.compute(
            _preview,
            outgoing,
            engine.current_identity(),
            environment.base_url or _NOWHERE,
            environment.needs_token,
            environment.reason,
            self._masking.wanted(),
            size=len(outgoing.body),
        )

    async def call(self, order: CallOrder) -> CallAnswer:
        """Make the call; a failed one is an answer too. ConfigError where nothing may be sent."""
        outgoing = self._outgoing(order)
        exchange = await self._sender.send(outgoing)
        return await self._answer(order, exchange, self._masking.wanted())

    async def answer(self, order: CallOrder, exchange: str, *, unmasked: bool = False) -> CallAnswer:
        """What an order brought, read again: as it is to be shown now, or `unmasked`. KeyError where it is gone."""
        found = await self._engine.history.queries.exchange(exchange)
        return await self._answer(order, found, self._masking.wanted(unmasked=unmasked))

    async def book(self, exchange: str, slot: str, patient: str) -> DraftView:
        """The booking of a slot that a search found, as a draft in the search's conversation.

        InputError where the answer has no such slot, KeyError where there is no such exchange.
        """
        searched = await self._engine.history.queries.exchange(exchange)
        answer = readable(searched.response.body) if searched.response is not None else None
        if answer is None or searched.service is None:
            raise InputError(ErrorCode.INPUT_TEMPLATE, what="A booking", cause="the search was not answered with slots")
        service = self._engine.directory.services.find(searched.service)
        try:
            message = first_message(Purpose.BOOKING, service.use_cases)
        except KeyError:
            cause = f"{service.name} takes none by the directory"
            raise InputError(ErrorCode.INPUT_TEMPLATE, what="A booking", cause=cause) from None
        correlation_id = searched.request.header("X-Correlation-Id") or self._engine.ids()
        chosen = patient or self._engine.directory.patients[0].id
        links = Links(slot=slot_resources(answer, slot))
        return await self._composer.new_draft(message, service.id, chosen, (links, correlation_id))

    async def book_directly(self, order: CallOrder, slot: SlotRow, patient: str) -> CallOrder:
        """The booking of a slot as a filled-in Appointment create, to the service that was searched by `order`.

        InputError where the version of the interface has no such call.
        """
        call = _call(BOOKS, order.api)
        about = self._about(order.service, order.api, patient, call.id)
        until = (slot.end or slot.start).isoformat()
        made = appointment(about.patient, about.use_case, now=about.now, slot=(slot.id, slot.start.isoformat(), until))
        values = tuple((field.key, field.value) for field in form_of(call, about).fields)
        return self._shown(CallOrder(call.id, order.service, order.api, values, json_text.dump(made)))

    async def cancel(self, type: str, id: str) -> DraftView:
        """The withdrawal of an Appointment or ServiceRequest that was sent from here, as a draft.

        InputError where nothing of it is in the history: a withdrawal repeats what was sent.
        """
        queries = self._engine.history.queries
        for sent in await queries.sent_with(_KINDS[type], id):
            exchange = await queries.exchange(sent)
            message = readable(exchange.request.body)
            if message is not None and message.facts.reason == "new" and exchange.response and exchange.response.ok:
                return await self._linking.cancellation(exchange)
        cause = "it was not sent from this workspace, and a withdrawal repeats what was sent"
        raise InputError(ErrorCode.INPUT_TEMPLATE, what=f"The withdrawal of {type} {id}", cause=cause)

    async def take_in(self, imported: ImportedCall) -> tuple[CallOrder, tuple[str, ...]]:
        """A call of another tool as a filled-in form, and what of it had no place there, a sentence each.

        InputError for what is no call of the interface. A version that it does not name is the environment's, and a
        service that is not in the directory the first one; both are said.
        """
        if not imported.call:
            cause = "it is none of the calls that are listed here"
            raise InputError(ErrorCode.INPUT_CALL, what=imported.title, cause=cause)
        services = self._engine.directory.services.all()
        receivers = [one for one in services if one.role == "receiver"] or list(services)
        named = next((one for one in services if imported.service and one.value == imported.service), None)
        offer = await self.offer(version_of(imported.foreign.request), imported.call)
        target = (named or receivers[0]).id
        form = await self.form(imported.call, target, offer.api)
        order, left_out = order_of(imported.foreign.request, form, target)
        if named is None and imported.service:
            left_out = (f"No service of the directory has the identifier {imported.service}: choose one.", *left_out)
        told = (*imported.foreign.left_out, *left_out)
        if (masker := self._masking.wanted()) is not None:
            words = RequestWords(imported.foreign.request, masker)
            told = tuple(words.text(one) for one in told)
        return self._shown(order), told

    async def _answer(self, order: CallOrder, exchange: Exchange, masker: Masker | None) -> CallAnswer:
        conversation = await self._engine.history.queries.conversation_of(exchange.id) or ""
        exchange, masked = await self._masking.exchange(exchange, masker), masker is not None
        result = result_of(exchange, conversation, self._engine.directory.services.find(order.service).name)
        response = exchange.response
        if response is None:
            says = f"{result.text} {result.next_step}".strip()
            return CallAnswer(order, result, None, AnswerKind.NOTHING, says=says, masked=masked)
        size = len(response.body)
        message = await self._engine.compute(readable, response.body, size=size)
        text = response.body.decode("utf-8", "replace")
        if message is None:
            says = "" if text else "The answer has no body."
            kind = AnswerKind.RESOURCE if text else AnswerKind.NOTHING
            return CallAnswer(order, result, response.status, kind, text=text, says=says, masked=masked)
        shown = json_text.dump(message.resource) if message.syntax.value == "json" else text
        kind, rows = AnswerKind.RESOURCE, rows_in(message)
        slots: tuple[SlotRow, ...] = ()
        if order.operation == "slot-search" and response.ok:
            kind, slots, rows = AnswerKind.SLOTS, slots_in(message), ()
        elif rows or _is_list(message):
            kind = AnswerKind.ROWS
        says = _says(message, slots, rows)
        direct = bool(slots) and operations()[BOOKS].exists_in(order.api)
        return CallAnswer(order, result, response.status, kind, slots, rows, message, shown, says, direct, masked)

    def _about(self, service: str, api: str, patient: str, operation: str) -> About:
        engine = self._engine
        directory = engine.directory
        target = directory.services.find(service)
        person = directory.patient(patient) if patient else directory.patients[0]
        own = directory.services.find(engine.current_identity().service)
        environment = engine.current_environment()
        code = next(iter(target.use_cases), "a1t1")
        message = ""
        if operation == "process-message":
            chosen = _first_of_all(target.use_cases)
            template, _, code = chosen.partition("/")
            setting = self._composer.setting(target, person, code)
            message = json_text.dump(
                compose_message(template, setting, now=engine.clock(), ids=engine.ids, links=Links()).resource
            )
        return About(
            api,
            party(target),
            party(own),
            patient_facts(person),
            code,
            engine.clock(),
            address=environment.base_url or _NOWHERE,
            message=message,
            canned=environment.id == PUBLIC_SANDBOX,
        )

    def _outgoing(self, order: CallOrder) -> Outgoing:
        """A filled-in form as a call; InputError where the version has none such, or an id is missing."""
        order, call = self._real(order), _call(order.operation, order.api)
        form = form_of(call, self._about(order.service, order.api, "", ""))
        given: Mapping[str, str] = {field.key: field.value for field in form.fields} | dict(order.values)
        parameters: list[tuple[str, str]] = []
        path_values: list[tuple[str, str]] = []
        for field in form.fields:
            value = given[field.key].strip()
            if field.kind is FieldKind.PATH:
                if not value:
                    raise InputError(ErrorCode.INPUT_CALL, what=call.title, cause=f"{field.label} is missing")
                path_values.append((field.name, value))
            elif field.kind is FieldKind.REPEATED:
                parameters += [(field.name, part) for part in value.split(",") if part]
            elif field.kind is not FieldKind.HEADER and value:
                parameters.append((field.name, value))
        absent = frozenset({_TARGET}) if given.get(TO) == TO_PLATFORM else frozenset()
        return Outgoing(
            call.id,
            self._engine.directory.services.find(order.service),
            order.body.encode("utf-8", "surrogatepass") if call.body else b"",
            parameters=tuple(parameters),
            path_values=tuple(path_values),
            headers=HeaderChoices(absent=absent),
            confirm_host=order.confirm_host,
            versions=default_profile(api=order.api),
            use_context=given.get(USE_CONTEXT, ""),
        )


def _call(operation: str, api: str) -> Operation:
    call = operations().get(operation)
    if call is None or not call.group:
        raise InputError(ErrorCode.INPUT_CALL, what=operation, cause="there is no such call")
    if not call.exists_in(api):
        until = f" and went after {call.until}" if call.until and not is_at_least(call.until, api) else ""
        cause = f"it came with version {call.since} of the interface{until}; {api} is chosen"
        raise InputError(ErrorCode.INPUT_CALL, what=call.title, cause=cause)
    return call


def _first_of_all(codes: tuple[str, ...]) -> str:
    """A message that can be begun for one of these use cases; any where none is known."""
    for purpose in (Purpose.REFERRAL, Purpose.VALIDATION, Purpose.BOOKING):
        try:
            return first_message(purpose, codes)
        except KeyError:
            continue
    return first_message(Purpose.REFERRAL, ())


def _preview(
    outgoing: Outgoing, identity: Identity, base: str, bearer: bool, reason: str, masker: Masker | None
) -> CallPreview:
    facts, syntax = read_facts(outgoing.body)
    versions = outgoing.versions or default_profile()
    request = call_request(outgoing, identity, base, facts, syntax, versions)
    if bearer:
        request = replace(request, headers=(("Authorization", "Bearer token"), *request.headers))
    message = readable(outgoing.body)
    verdict = judge(Submission(message, request, None, versions, Side.COMPOSE), timer=time.perf_counter)
    ours = tuple(one for one in verdict.findings if one.layer in (Layer.PARAMETERS, Layer.HEADERS))
    if masker is not None:
        words = RequestWords(request, masker)
        ours = tuple(replace(one, path=words.text(one.path), text=words.text(one.text), fix=None) for one in ours)
        request = words.request(request)
    headers = decode_headers(request.headers, outgoing.operation, Direction.OUT)
    shown = tuple(announced(one) for one in headers)
    rest = len(verdict.findings) - len(ours)
    return CallPreview(request.method, request.url, shown, ours, rest, reason)


def _is_list(message: Message) -> bool:
    return message.resource_type == "Bundle" and message.resource.get("type") == "searchset"


def _says(message: Message, slots: tuple[object, ...], rows: tuple[object, ...]) -> str:
    told = [issue.diagnostics or issue.details_text or issue.details_code for issue in issues(message.resource)]
    if told:
        return " ".join(told)
    return "Nothing was found." if _is_list(message) and not slots and not rows else ""
