"""Drafts to break, and what becomes of them: judged as composed, then sent through the platform to a receiver."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tests.receiver.builders import SERVICE, Mock, new_id
from tests.rules.applications import broker
from tests.rules.builders import (
    NOW,
    RECEIVER,
    SENDER,
    acknowledged,
    cancelled,
    composed,
    headers_for,
    replied,
)
from workbench.compose.mutations import broken_headers
from workbench.exchange import Request, Response
from workbench.headers import HeaderChoices, Organisation, TargetIdentifier
from workbench.headers.base64_json import encode
from workbench.headers.build import organisation_json, target_json
from workbench.messages import Message, Syntax, convert
from workbench.receiver import BASE, Item, Kind, ReceiverRules, ServiceOffer
from workbench.rules import Side, judge_bytes, profile_of
from workbench.rules.values import Answer
from workbench.sandbox import Sandbox
from workbench.standard import default_profile
from workbench.standard.urls import DOS_SERVICE_ID

if TYPE_CHECKING:
    from workbench.compose.mutations import Mutation
    from workbench.exchange import Headers
    from workbench.messages import Finding
    from workbench.rules import Verdict

URL = f"http://127.0.0.1:1{BASE}/$process-message"


@dataclass(frozen=True, slots=True)
class Trial:
    """A draft that can be sent, and the messages its receiver must have taken before."""

    name: str
    message: Message
    acknowledged: Message | None = None
    """How the receiver answered the message before, where there was one."""


@cache
def trials() -> tuple[Trial, ...]:
    """One draft of every kind of message."""
    return (
        Trial("referral", composed("referral-full")),
        Trial("booking", composed("booking-new")),
        Trial("validation", composed("validation-new", "a4t1")),
        Trial("referral in XML", convert(composed("referral-full"), Syntax.XML)),
        Trial("cancellation", cancelled(), acknowledged()),
        Trial("reply", replied("validation-full")),
        Trial("referral to a broker", broker()),
    )


def headers_of(message: Message) -> Headers:
    """The headers the call would have."""
    syntax = f"application/fhir+{message.syntax.value}"
    ids = [("X-Request-Id", new_id()), ("X-Correlation-Id", new_id()), ("Content-Type", syntax)]
    if message.facts.response_to:
        ids.append(("NHSD-Target-Identifier", encode(target_json(TargetIdentifier(DOS_SERVICE_ID, SENDER.service_id)))))
        asks = organisation_json(Organisation(RECEIVER.name, RECEIVER.ods_code))
        ids.append(("NHSD-End-User-Organisation", encode(asks)))
    return headers_for(message, *ids)


def choices_of(mutation: Mutation, message: Message, headers: Headers) -> Headers:
    """The headers with the fault."""
    made = broken_headers(mutation, message, headers, HeaderChoices())
    values = {name.lower(): value for name, value in made.overrides}
    absent = {name.lower() for name in made.absent}
    return tuple((name, values.get(name.lower(), value)) for name, value in headers if name.lower() not in absent)


def found_by(source: bytes, headers: Headers, message: Message) -> tuple[Finding, ...]:
    """What is found when it is composed."""
    _, verdict = judge_bytes(
        source,
        versions=profile_of(message.facts, default_profile()),
        side=Side.COMPOSE,
        timer=lambda: 0.0,
        headers=headers,
    )
    return verdict.findings


async def _judge(request: Request, _message: Message) -> Verdict:
    _, verdict = judge_bytes(request.body, versions=None, side=Side.RECEIVE, timer=lambda: 0.0, headers=request.headers)
    return verdict


class Receiver(Mock):
    """A receiver that judges, behind the platform."""

    def __init__(self, service: ServiceOffer) -> None:
        super().__init__(ReceiverRules("Mock", "ZZM02", (service,), judge=_judge, knows=lambda _id: True))
        self.platform = Sandbox(clock=lambda: NOW, ids=new_id, send=self.router, ask_token=False, specs=())
        for service in (SENDER.service_id, RECEIVER.service_id):
            self.platform.route(DOS_SERVICE_ID, service, f"http://127.0.0.1:2{BASE}")

    def send(self, source: bytes, headers: Headers, *, by_platform: bool = True) -> Response:
        """The answer, through the platform or from the receiver itself."""
        request = Request("POST", URL, headers, source)

        async def play() -> Response:
            return await (self.platform(request) if by_platform else self.router(request))

        return asyncio.run(play())


def answer_of(response: Response) -> Answer | None:
    """Status and codes of a refusal; None when the message was taken."""
    if response.status == 200:
        return None
    issue = json.loads(response.body)["issue"][0]
    return Answer(response.status, issue["details"]["coding"][0]["code"], issue["code"])


def receiver_for(trial: Trial) -> Receiver:
    """A fresh receiver that has taken what came before."""
    to_sender = bool(trial.message.facts.response_to)
    receiver = Receiver(ServiceOffer(DOS_SERVICE_ID, SENDER.service_id, "Mock Call Desk") if to_sender else SERVICE)
    if trial.acknowledged is not None:
        facts = trial.acknowledged.facts
        item = Item(Kind.REFERRAL, facts.focus_id or "", {"resourceType": "ServiceRequest"}, status="active")
        receiver.state.put(item)
    return receiver
