"""The workflows of the standard (W1 to W12) played against the embedded sandbox without sockets, step by step.

A play is a generator that stops after every call, so that two can be played at once in any interleaving. Every exchange
is kept as the workbench would know it; the receiver's later replies come when a play lets them.
"""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.correlation.builders import guid
from tests.receiver.builders import DOS
from tests.sandbox.builders import OUTSIDE, SENDER, Outside, a_call
from workbench.compose import (
    Links,
    Party,
    PatientFacts,
    Setting,
    cancel,
    carried,
    compose,
    rebooked,
    reply,
    slot_resources,
    update,
)
from workbench.correlation import Known
from workbench.errors import ErrorCode
from workbench.exchange import Direction, Exchange, Failure, FailureKind, Request, Response, Timing
from workbench.headers import use_context
from workbench.messages import Message, parse
from workbench.sandbox import Sandbox
from workbench.scenarios.urgent_care import slot_parameters
from workbench.standard import default_profile

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    Play = Callable[["Case"], Iterator[None]]

ED, TREATMENT, CAS, PHARMACY = "2000011147", "2000093816", "2000003366", "2000070513"
AMBULANCE, BROKER = "2000159909", "2000090318"
VERSIONS = default_profile()
PEOPLE = ("9990000417", "9990000425")


class Stage:
    """A sandbox, its clock, and everything that went over the wire."""

    def __init__(self) -> None:
        self.now = datetime(2026, 7, 20, 8, 0, tzinfo=UTC)
        self.outside = Outside()
        self.later: list[Callable[[], Awaitable[None]]] = []
        self._numbers = itertools.count()
        self.sandbox = Sandbox(
            clock=lambda: self.now,
            ids=self.new_id,
            send=self.outside,
            ask_token=False,
            after=lambda _, work, __: self.later.append(work),
        )
        self.sandbox.route(DOS, SENDER.service_id, OUTSIDE)
        self.legs: list[Known] = []
        self.owner: dict[str, str] = {}
        """Which case each exchange is of, by its id."""
        self.name: dict[str, str] = {}
        """What a test calls each exchange, by its id."""

    def new_id(self) -> str:
        """Ids that differ everywhere, as real ones do: people's case numbers are made of their beginning."""
        return guid(f"stage {next(self._numbers)}")

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def keep(self, case: Case, name: str, exchange: Exchange, asked: Message | None, answer: Message | None) -> None:
        facts = (asked.facts if asked else None, answer.facts if answer else None)
        body = str(hash(exchange.request.body))
        self.legs.append(Known(exchange, *facts, body))
        self.owner[exchange.id], self.name[exchange.id] = case.label, name


class Case:
    """One conversation on a stage: one correlation id, one patient; `number` keeps two cases off the same slot."""

    def __init__(self, stage: Stage, number: int, person: str) -> None:
        self.stage = stage
        self.label = f"case {number}"
        self.number = number
        self.correlation = stage.new_id()
        self.patient = PatientFacts(f"p{person}", "Quillfeather", "Ash", person, birth_date="1990-02-03")
        self.last_request_id = ""
        self._works: list[Callable[[], Awaitable[None]]] = []

    # the sender's side

    def get(self, name: str, operation: str, service: str, path: str) -> Message:
        """A read or a search; the message that came."""
        return self._call(name, operation, service, "GET", path, None)

    def send(self, name: str, message: Message, service: str, *, lost: bool = False) -> Message:
        """A message that is taken; the acknowledgement. Where it is `lost` on the way, only the test knows it."""
        return self._call(name, "process-message", service, "POST", "/$process-message", message, lost=lost)

    def retry(self, name: str, message: Message, service: str) -> None:
        """The message that was sent last, with the same ids: the receiver says that it has it."""
        self._call(name, "process-message", service, "POST", "/$process-message", message, again=True)

    def made(self, template: str, service: str, use_case: str, links: Links | None = None) -> Message:
        """A new message about the patient."""
        receiver = Party("Mock Hospital", "ZZM02", service, "Mock Service")
        setting = Setting(SENDER, receiver, self.patient, use_case, default_profile(int(use_case[1])))
        return compose(template, setting, now=self.now, ids=self.stage.new_id, links=links or Links())

    @property
    def now(self):
        return self.stage.now

    def _call(
        self,
        name: str,
        operation: str,
        service: str,
        method: str,
        path: str,
        message: Message | None,
        *,
        lost: bool = False,
        again: bool = False,
    ) -> Message:
        self.stage.pass_time(1)
        changes = {"X_Correlation_Id": self.correlation, "use_context": use_context(message.facts) if message else None}
        changes["X_Request_Id"] = self.last_request_id if again else self.stage.new_id()
        request = a_call(service, method=method, path=path, body=message.source if message else b"", **changes)
        self.last_request_id = request.header("X-Request-Id") or ""
        before = len(self.stage.later)
        response = asyncio.run(self.stage.sandbox(request))
        assert response.status == (409 if again else 200), (name, response.status, response.body[:600])
        self._works += self.stage.later[before:]
        answer = parse(response.body)
        exchange = self._exchange(Direction.OUT, operation, request, service)
        if lost:
            failure = Failure.of(FailureKind.UNKNOWN, ErrorCode.NET_INTERRUPTED, what="a test")
            self.stage.keep(self, name, replace(exchange, failure=failure), message, None)
        else:
            self.stage.keep(self, name, replace(exchange, response=response), message, answer)
        return answer

    def _exchange(self, direction: Direction, operation: str, request: Request, service: str) -> Exchange:
        timing = Timing(self.now, wait=0.1)
        return Exchange(
            self.stage.new_id(), 0, direction, "embedded", operation, VERSIONS, request, timing, service=service
        )

    # the receiver's later replies

    def next_reply(self, name: str) -> None:
        """Let the sandbox send the reply that is due next in this conversation."""
        before = len(self.stage.later)
        self.stage.pass_time(60)
        asyncio.run(self._works.pop(0)())
        self._works += self.stage.later[before:]
        self._came(name, self.stage.outside.requests[-1])

    def comes(self, name: str, message: Message) -> Message:
        """A reply that the receiver's people make by hand."""
        self.stage.pass_time(60)
        ids = {"X_Correlation_Id": self.correlation, "X_Request_Id": self.stage.new_id()}
        self._came(name, a_call(SENDER.service_id, body=message.source, use_context=use_context(message.facts), **ids))
        return message

    def _came(self, name: str, request: Request) -> None:
        assert request.header("X-Correlation-Id") == self.correlation
        echo = tuple((one, request.header(one) or "") for one in ("X-Request-Id", "X-Correlation-Id"))
        exchange = self._exchange(Direction.IN, "process-message", request, "own")
        answered = replace(exchange, response=Response(200, "OK", echo, request.body))
        message = parse(request.body)
        self.stage.keep(self, name, answered, message, message)


def _slots(case: Case, name: str, service: str, skip: int = 0) -> Links:
    """Search free slots and choose one: of two cases each takes its own."""
    query = "&".join(f"{quote(key)}={quote(value)}" for key, value in slot_parameters(service, case.now))
    answer = case.get(name, "slot-search", service, f"/Slot?{query}")
    free = [entry.id for entry in answer.entries() if entry.type == "Slot"]
    return Links(slot=slot_resources(answer, free[case.number + 2 * skip]))


def refer(case: Case) -> Iterator[None]:
    """W1: capability, referral, read back."""
    case.get("metadata", "metadata", ED, "/metadata")
    yield
    given = case.send("refer", case.made("referral-new", ED, "a1t1"), ED)
    yield
    case.get("read", "service-request-read", ED, f"/ServiceRequest/{given.facts.focus_id}")


def book(case: Case) -> Iterator[None]:
    """W2: slots, booking, read back."""
    links = _slots(case, "slots", ED)
    yield
    given = case.send("book", case.made("booking-new", ED, "a1t1", links), ED)
    yield
    case.get("read", "appointment-read", ED, f"/Appointment/{given.facts.focus_id}")


def book_then_refer(case: Case) -> Iterator[None]:
    """W3: the referral names the appointment."""
    links = _slots(case, "slots", ED)
    yield
    booking = case.made("booking-new", ED, "a1t1", links)
    given = case.send("book", booking, ED)
    yield
    ties = replace(carried(booking, given), service_request_id=None, original=booking)
    case.send("refer", case.made("referral-new", ED, "a1t1", ties), ED)


def refer_then_book(case: Case) -> Iterator[None]:
    """W4: the booking names the referral."""
    referral = case.made("referral-new", ED, "a1t1")
    given = case.send("refer", referral, ED)
    yield
    links = _slots(case, "slots", ED)
    yield
    ties = replace(carried(referral, given), appointment_id=None, slot=links.slot)
    case.send("book", case.made("booking-new", ED, "a1t1", ties), ED)


def withdraw(case: Case) -> Iterator[None]:
    """W5, with a lost answer and its retry: refer, refer again with the same ids, read, cancel."""
    referral = case.made("referral-new", ED, "a1t1")
    given = case.send("lost", referral, ED, lost=True)
    yield
    case.retry("retry", referral, ED)
    yield
    case.get("read", "service-request-read", ED, f"/ServiceRequest/{given.facts.focus_id}")
    yield
    gone = cancel(referral, given, now=case.now + timedelta(seconds=1), ids=case.stage.new_id, why="No longer needed")
    case.send("cancel", gone, ED)


def amend(case: Case) -> Iterator[None]:
    """W6: validation is asked for, then updated before a reply."""
    asked = case.made("validation-new", CAS, "a4t1")
    given = case.send("ask", asked, CAS)
    yield
    case.send(
        "update", update(asked, given, now=case.now + timedelta(seconds=1), ids=case.stage.new_id, why="Worse"), CAS
    )


def rebook(case: Case) -> Iterator[None]:
    """W7: cancel first, then book another slot."""
    links = _slots(case, "slots", ED)
    yield
    booking = case.made("booking-new", ED, "a1t1", links)
    given = case.send("book", booking, ED)
    yield
    gone = cancel(booking, given, now=case.now + timedelta(seconds=1), ids=case.stage.new_id, why="Another time")
    case.send("cancel", gone, ED)
    yield
    ties = replace(rebooked(booking, given), slot=_slots(case, "slots again", ED, skip=1).slot)
    yield
    case.send("book again", case.made("booking-new", ED, "a1t1", ties), ED)


def validate(case: Case) -> Iterator[None]:
    """W8: interim and full reply; then the sender answers the full one."""
    asked = case.made("validation-new", CAS, "a4t1")
    case.send("ask", asked, CAS)
    yield
    case.next_reply("interim")
    yield
    case.next_reply("full")


def did_not_attend(case: Case) -> Iterator[None]:
    """W9: the department reports that the patient did not come."""
    case.send("refer", case.made("referral-full", ED, "a1t1"), ED)
    yield
    case.next_reply("no show")


def pass_incident(case: Case) -> Iterator[None]:
    """W10: an incident is passed on, updated under the same Bundle.id, and reported on more than once."""
    sent = case.made("referral-cad", AMBULANCE, "a6t2")
    given = case.send("pass", sent, AMBULANCE)
    yield
    later = update(sent, given, now=case.now + timedelta(seconds=1), ids=case.stage.new_id, why="Worse")
    case.send("update", later, AMBULANCE)
    yield
    for status in ("in-progress", "finished"):
        responder = Party("Westmoor Ambulance", "ZZW01", AMBULANCE, "Westmoor Ambulance Control")
        made = reply("cad-status", sent, given, responder=responder, now=case.now, ids=case.stage.new_id, status=status)
        case.comes(status, made)
        yield


def to_pharmacy(case: Case) -> Iterator[None]:
    """W11: a pharmacy takes a referral; it is cancelled."""
    referral = case.made("referral-pharmacy", PHARMACY, "a5t1")
    given = case.send("refer", referral, PHARMACY)
    yield
    gone = cancel(referral, given, now=case.now + timedelta(seconds=1), ids=case.stage.new_id, why="Better")
    case.send("cancel", gone, PHARMACY)


def to_broker(case: Case) -> Iterator[None]:
    """W12: a broker takes a referral; there is no reply."""
    case.get("metadata", "metadata", BROKER, "/metadata")
    yield
    case.send("refer", case.made("referral-broker", BROKER, "a8t1"), BROKER)


def onward(case: Case) -> Iterator[None]:
    """Section 14: the same journey goes on to another service; its reply comes back in the same conversation."""
    first = case.made("referral-new", ED, "a1t1")
    given = case.send("refer", first, ED)
    yield
    ties = replace(carried(first, given), service_request_id=None, original=first)
    case.send("onward", case.made("referral-full", TREATMENT, "a1t2", ties), TREATMENT)
    yield
    case.next_reply("feedback")
