"""The table of calls a receiver answers: a Router, and so a Handler. It opens no socket.

Two instances with different state and rules are the workbench's own receiver and a partner of the sandbox.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.exchange import Route, Router
from workbench.messages import JsonObject, build
from workbench.receiver import ruled, searches, writes
from workbench.receiver.access import caller
from workbench.receiver.arrival import Arrival, target_of
from workbench.receiver.capability import capability_statement, message_definitions
from workbench.receiver.outcome import Outcomes, done_json, respond
from workbench.receiver.process_message import Done, Processor
from workbench.receiver.refusals import call_refusal, ids_refusal, type_refusal
from workbench.receiver.searches import NAMES, Query
from workbench.receiver.state import Kind
from workbench.receiver.values import BASE, ReceivedCall, Refusal
from workbench.rules.header_reading import media_type
from workbench.standard import default_profile, is_at_least
from workbench.standard.operations import operations
from workbench.standard.versions import api_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workbench.exchange import Clock, Ids, Request, Response
    from workbench.exchange.router import RouteHandler
    from workbench.receiver.answer_rule import AnswerRule
    from workbench.receiver.state import ReceiverState
    from workbench.receiver.values import Accepted, Ledger, Observer, ReceiverRules

_VERSION = re.compile(r"version\s*=\s*[\"']?(\d+)")


def endpoints(
    state: ReceiverState,
    ledger: Ledger,
    rules: ReceiverRules,
    clock: Clock,
    ids: Ids,
    *,
    observer: Observer | None = None,
    accepted: Callable[[Accepted], None] | None = None,
) -> Router:
    """Everything a receiver answers below `/booking-and-referral/FHIR/R4`.

    `observer` is told of every answer with the rule that gave it, `accepted` of every message that was taken.
    """
    outcomes = Outcomes(rules.ods_code, ids)
    processor = Processor(state, ledger, rules, clock, ids, outcomes, accepted)
    return _Calls(state, rules, clock, ids, outcomes, processor, observer).router()


@dataclass(frozen=True, slots=True)
class _Calls:
    """The calls of one receiver."""

    state: ReceiverState
    rules: ReceiverRules
    clock: Clock
    ids: Ids
    outcomes: Outcomes
    processor: Processor
    observer: Observer | None

    def router(self) -> Router:
        """The routes; 404 and 405 are told to the observer too."""
        table = (
            ("GET", "/metadata", "metadata", self._metadata),
            ("GET", "/MessageDefinition", "message-definition", self._definitions),
            ("GET", "/Slot", "slot-search", self._slots),
            ("GET", "/Appointment", "appointment-search", self._appointments),
            ("GET", "/ServiceRequest", "service-request-search", self._referrals),
            ("GET", "/Appointment/{id}", "appointment-read", self._appointment),
            ("GET", "/ServiceRequest/{id}", "service-request-read", self._referral),
        )
        routes = [
            Route(method, BASE + path, self._reading(operation, call), operation)
            for method, path, operation, call in table
        ]
        routes.append(Route("POST", f"{BASE}/$process-message", self._process, "process-message"))
        for kind, stem in ((Kind.APPOINTMENT, "appointment"), (Kind.REFERRAL, "service-request")):
            for verb in ("create", "update", "patch", "delete"):
                call = operations()[f"{stem}-{verb}"]
                routes.append(Route(call.method, BASE + call.path, self._writing(call.id, kind, verb), call.id))
        return Router(routes, self._refuse)

    def _reading(
        self, operation: str, call: Callable[[Request, Mapping[str, str]], JsonObject | Refusal]
    ) -> RouteHandler:
        """A route handler for a call that reads."""

        async def handle(request: Request, values: Mapping[str, str]) -> Response:
            refusal = self._access(request)
            rule = None if refusal is not None else self._rule(operation, request, values.get("id", ""))
            if rule is not None:
                outcome = ruled.reading(rule, request, lambda asked: call(asked, values), self.ids, self.clock())
            else:
                outcome = refusal or call(request, values)
            if self.rules.judge is not None and rule is None and not isinstance(outcome, Refusal):
                outcome = call_refusal(request, default_profile(api=self._asked(request))) or outcome
            if isinstance(outcome, Refusal):
                done = Done(self.outcomes.answer(outcome, request), outcome.rule)
            else:
                done = Done(respond(200, build(outcome).source, request), rule.id if rule is not None else operation)
            return self._told(request, operation, self._dressed(request, done))

        return handle

    def _rule(self, operation: str, request: Request, id: str) -> AnswerRule | None:
        """The answer on purpose that a call without a message gets."""
        book = self.rules.answers
        return book.find(Arrival(operation, request, id=id)) if book is not None else None

    def _dressed(self, request: Request, done: Done) -> Done:
        """An answer with what the rule that gave it adds on the wire."""
        rule = self.rules.answers.named(done.rule) if self.rules.answers is not None else None
        return done if rule is None else done._replace(response=ruled.dressed(rule, request, done.response, self.ids))

    def _writing(self, operation: str, kind: Kind, verb: str) -> RouteHandler:
        """A route handler for a call that writes one resource; what a refusal says is not kept."""

        async def handle(request: Request, values: Mapping[str, str]) -> Response:
            refusal = self._access(request) or _too_old(request)
            if refusal is None and self.rules.judge is not None:
                refusal = call_refusal(request, default_profile(api=self._asked(request)))
            if refusal is None and verb != "delete":
                refusal = type_refusal(request)
            outcome = refusal or self._written(kind, verb, request, values)
            if isinstance(outcome, Refusal):
                return self._told(request, operation, Done(self.outcomes.answer(outcome, request), outcome.rule))
            organisation = outcome.item.organisation or caller(request).organisation
            self.state.put(outcome.item._replace(organisation=organisation))
            body = done_json(self.ids(), "RESOURCE_DELETED", f"{NAMES[kind]} {outcome.item.id} was deleted.")
            if outcome.answer is not None:
                body = build(outcome.answer).source
            return self._told(request, operation, Done(respond(200, body, request), operation))

        return handle

    def _written(self, kind: Kind, verb: str, request: Request, values: Mapping[str, str]) -> writes.Written | Refusal:
        now = self.clock()
        if verb == "create":
            return writes.create(kind, request, self.rules, self.state, now, self.ids)
        if verb == "delete":
            return writes.delete(kind, values["id"], self.state, request)
        partial = verb == "patch"
        return writes.change(kind, values["id"], request, self.rules, self.state, now, partial=partial)

    async def _process(self, request: Request, values: Mapping[str, str]) -> Response:
        refusal = self._access(request) or type_refusal(request)
        if refusal is not None:
            done = Done(self.outcomes.answer(refusal, request), refusal.rule)
        else:
            done = self._dressed(request, await self.processor.answer(request))
        return self._told(request, "process-message", done)

    def _access(self, request: Request) -> Refusal | None:
        """Access control, then the ids, then the version (Core, Error handling)."""
        if self.rules.access is not None and (why := self.rules.access(request)) is not None:
            return Refusal(401, "security", why, "access")
        if (refusal := ids_refusal(request)) is not None:
            return refusal
        major = _VERSION.search(request.header("Accept") or "")
        if major is not None and major[1] != self.rules.api_version.partition(".")[0]:
            text = f"version {major[1]} of the interface is not offered (header Accept)."
            return Refusal(406, "processing", text, "version", expression="headers['Accept']")
        return None

    def _asked(self, request: Request) -> str:
        """The version of the interface a call is made by: that of its Accept header, where there is such a one."""
        version = media_type(request.header("Accept") or "")[1].get("version", "")
        return version if version in api_versions() else self.rules.api_version

    def _told(self, request: Request, operation: str, done: Done) -> Response:
        response = replace(done.response, answered_by=done.rule, remark=done.note)
        if self.observer is not None:
            self.observer(ReceivedCall(request, response, operation, done.rule, done.note))
        return response

    def _refuse(self, status: int, issue: str, diagnostics: str, request: Request | None) -> Response:
        response = replace(self.outcomes.refuse(status, issue, f"{diagnostics}.", request), answered_by="no such call")
        if request is not None and self.observer is not None:
            self.observer(ReceivedCall(request, response, "unknown", "no such call"))
        return response

    def _metadata(self, request: Request, _values: Mapping[str, str]) -> JsonObject:
        named = self.rules.service(target_of(request))
        rules = self.rules if named is None else replace(self.rules, services=(named,))
        return capability_statement(rules, self.clock(), request.url.partition("/metadata")[0])

    def _definitions(self, request: Request, _values: Mapping[str, str]) -> JsonObject | Refusal:
        return message_definitions(Query.of(request), self.rules, self.clock(), self.ids, request.url)

    def _slots(self, request: Request, _values: Mapping[str, str]) -> JsonObject | Refusal:
        now = self.clock()
        return searches.slot_search(Query.of(request), self.rules, self.state, now, self.ids, request.url)

    def _appointments(self, request: Request, _values: Mapping[str, str]) -> JsonObject | Refusal:
        return self._search(Kind.APPOINTMENT, request)

    def _referrals(self, request: Request, _values: Mapping[str, str]) -> JsonObject | Refusal:
        return self._search(Kind.REFERRAL, request)

    def _search(self, kind: Kind, request: Request) -> JsonObject | Refusal:
        query = Query.of(request)
        return searches.resource_search(kind, query, self.state, self.clock(), self.ids, request.url)

    def _appointment(self, _request: Request, values: Mapping[str, str]) -> JsonObject | Refusal:
        return searches.read(Kind.APPOINTMENT, values["id"], self.state)

    def _referral(self, _request: Request, values: Mapping[str, str]) -> JsonObject | Refusal:
        return searches.read(Kind.REFERRAL, values["id"], self.state)


def _too_old(request: Request) -> Refusal | None:
    """Why a version of the interface has no such call, or None."""
    version = media_type(request.header("Accept") or "")[1].get("version", "1.0.0")
    if is_at_least(version, writes.SINCE):
        return None
    text = f"version {version} of the interface has no such call; it came with {writes.SINCE} (header Accept)."
    return Refusal(501, "not-supported", text, "version", expression="headers['Accept']")
