"""Every template in every use case: nothing against it with and without FHIR packages, and the sandbox takes it."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

import pytest

from tests.conftest import SHARED
from tests.rules.builders import NOW
from tests.sandbox.builders import DOS, OUTSIDE, SENDER, a_call, new_id
from workbench.compose import (
    Links,
    Party,
    PatientFacts,
    Setting,
    cancel,
    compose,
    reply,
    slot_resources,
    template,
    templates,
    update,
)
from workbench.compose.templates import Purpose
from workbench.headers.build import use_context
from workbench.messages import Severity, parse
from workbench.profiles.packages import load
from workbench.receiver import MemoryLedger, ReceiverRules, ReceiverState, ServiceOffer, endpoints
from workbench.rules import Side, Verdict, judge_bytes
from workbench.sandbox import ReplyDelays, Sandbox
from workbench.session.judging import received_verdict
from workbench.session.parties import first_free_slot, slot_parameters
from workbench.standard import default_profile
from workbench.standard.definitions import definitions
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.compose import Template
    from workbench.exchange import Request, Response
    from workbench.messages import Message
    from workbench.profiles.packages import Packages


PARTNERS = {
    1: Party("Northgate Hospital", "ZZN01", "2000011147", "Northgate Emergency Department"),
    2: Party("Overtown Community Health", "ZZO01", "2000093816", "Overtown Urgent Treatment Centre"),
    3: Party("Northgate Clinical Assessment", "ZZN02", "2000003366", "Northgate Clinical Assessment Service"),
    4: Party("Northgate Clinical Assessment", "ZZN02", "2000003366", "Northgate Clinical Assessment Service"),
    5: Party("Harrow Lane Pharmacy", "ZZH01", "2000070513", "Harrow Lane Pharmacy"),
    6: Party("Westmoor Ambulance", "ZZW01", "2000159909", "Westmoor Ambulance Control"),
    7: Party("Mill Lane Surgery", "ZZP01", "2000081207", "Mill Lane Surgery"),
    8: Party("Moorland Referral Broker", "ZZB01", "2000090318", "Moorland Referral Broker"),
}
PATIENT = PatientFacts(
    "p1", "Quillfeather", "Ash", "9990000417", "female", "1990-02-03", "7 Mock Lane", "Mockford", "ZZ99 3VZ",
    "01632 960400",
)  # fmt: skip
CURRENT = SHARED / "data" / "bars-definitions"
"""The current official definitions as their repository keeps them, in XML; they lie beside the checkout."""
NEEDED = ("hl7.fhir.r4.core-4.0.1.tgz", "fhir.r4.ukcore.stu1-0.5.1.tgz", "uk.nhsdigital.r4-2.5.0.tgz")
OLD = SHARED / "data" / "packages" / "uk.nhsdigital.bars.r4-1.34.0.tgz"
"""The package before them that is known to be wrong."""


class Case(NamedTuple):
    """A template in a use case; for what follows, the beginning that it follows: the least one in every use case, the
    full one in the first of each Application."""

    template: str
    use_case: str
    begun_with: str = ""


def cases() -> list[Case]:
    beginnings = [row for row in templates() if not row.follows]
    found = [Case(row.id, code) for row in beginnings for code in row.use_cases]
    for row in templates():
        for code in row.use_cases if row.follows else ():
            found += [
                Case(row.id, code, begun.id)
                for begun in beginnings
                if code in begun.use_cases and begun.purpose is row.purpose
                if not begun.variant or code == begun.use_cases[0] or code.endswith("t2")
            ]
    return found


class Parties:
    """The sandbox that judges before it answers, and a sender outside that takes replies to what it sent."""

    def __init__(self) -> None:
        self.now = NOW
        self.judging = True
        self.sent: set[str] = set()
        rules = ReceiverRules(
            SENDER.name,
            SENDER.ods_code,
            (ServiceOffer(DOS, SENDER.service_id, SENDER.service_name),),
            judge=self._judge,
            knows=self.sent.__contains__,
        )
        self._own = endpoints(ReceiverState(), MemoryLedger(), rules, self.clock, new_id)
        delays = ReplyDelays({"validation-interim": 3600.0, "validation-full": 3600.0, "safeguarding-dna": 3600.0})
        self._sandbox = Sandbox(
            clock=self.clock, ids=new_id, send=self._own, judge=self._judge, ask_token=False, delays=delays
        )
        self._sandbox.route(DOS, SENDER.service_id, OUTSIDE)

    def clock(self) -> datetime:
        return self.now

    def send(self, message: Message, service: str) -> Response:
        """The answer to a message of the sender's, or of a partner's to the sender, five minutes after the last."""
        self.sent.add(message.facts.bundle_id or "")
        self.now += timedelta(minutes=5)
        call = a_call(service, body=message.source, use_context=use_context(message.facts))
        return asyncio.run(self._answer(call))

    def links(self, partner: Party, *, people: bool) -> Links:
        """The first free slot of a partner."""
        query = urlencode(slot_parameters(partner.service_id, self.now, people=people))
        call = a_call(partner.service_id, method="GET", path=f"/Slot?{query}", use_context=None)
        answer = parse(asyncio.run(self._answer(call)).body)
        free = first_free_slot(answer)
        assert free is not None
        return Links(slot=slot_resources(answer, free))

    async def _judge(self, request: Request, _: Message) -> Verdict:
        return received_verdict(request) if self.judging else Verdict((), default_profile(), "none")

    async def _answer(self, call: Request) -> Response:
        response = await self._sandbox(call)
        await self._sandbox.close()
        return response


@cache
def current() -> Packages:
    found = load([str(CURRENT), *(str(SHARED / "data" / "packages" / name) for name in NEEDED)])
    assert found.names[0] == "uk.nhsdigital.bars.r4#1.41.0"
    assert found.missing == ()
    return found


@cache
def old() -> Packages:
    return load([str(OLD)])


def against(message: Message, loaded: Packages | None = None) -> list[tuple[str, str, str]]:
    """What is found that is more than a note."""
    _, found = judge_bytes(message.source, versions=None, side=Side.COMPOSE, timer=time.perf_counter, packages=loaded)
    worse = [one for one in found.findings if one.severity is not Severity.INFORMATION]
    return [(one.rule, one.path, one.text) for one in worse]


def begun(parties: Parties, template_id: str, use_case: str) -> Message:
    number = use_cases()[use_case].application
    setting = Setting(SENDER, PARTNERS[number], PATIENT, use_case, default_profile(number))
    booked = template(template_id).purpose is Purpose.BOOKING
    links = parties.links(PARTNERS[number], people=number == 7) if booked else Links()
    return compose(template_id, setting, now=parties.now, ids=new_id, links=links)


def followed(parties: Parties, case: Case, original: Message, answer: Message) -> Message:
    """What follows a message that was taken."""
    row, partner = template(case.template), PARTNERS[use_cases()[case.use_case].application]
    now = parties.now + timedelta(minutes=1)
    if row.kind.direction == "response":
        return reply(row.id, original, answer, responder=partner, now=now, ids=new_id)
    if row.kind.id.endswith("update"):
        return update(original, answer, now=now, ids=new_id, why="Invented: worse by now")
    error = row.id.endswith("error")
    return cancel(original, answer, now=now, ids=new_id, error=error, why="Invented: not needed any more")


def made(parties: Parties, case: Case) -> Message:
    """The message of a case; what it follows is sent, and not judged: it has been as a case of its own."""
    message = begun(parties, case.begun_with or case.template, case.use_case)
    if not case.begun_with:
        return message
    parties.judging = False
    answer = parties.send(message, PARTNERS[use_cases()[case.use_case].application].service_id)
    assert answer.status == 200, answer.body.decode()
    parties.judging = True
    return followed(parties, case, message, parse(answer.body))


@pytest.mark.parametrize("case", cases(), ids="-".join)
def test_nothing_is_held_against_it_and_the_sandbox_takes_it(case: Case) -> None:
    parties = Parties()
    row, partner = template(case.template), PARTNERS[use_cases()[case.use_case].application]
    message = made(parties, case)
    to_sender = case.begun_with and row.kind.direction == "response"
    answer = parties.send(message, SENDER.service_id if to_sender else partner.service_id)
    assert answer.status == 200, answer.body.decode()
    assert message.facts.definition == definitions()[row.kind.definition].url
    assert against(message) == []
    if CURRENT.is_dir():
        assert against(message, current()) == []


@pytest.mark.skipif(not OLD.is_file(), reason=f"the package {OLD.name} lies beside the checkout only")
@pytest.mark.parametrize("row", templates(), ids=lambda row: row.id)
def test_package_1_34_refuses_the_use_case_in_the_category_of_a_validation_and_nothing_else(row: Template) -> None:
    """Its profile BARSServiceRequest-request-validation 1.0.2 fixes system and code in every coding of the category."""
    message = made(Parties(), next(one for one in cases() if one.template == row.id))
    refused = [(rule, *path.rpartition(".resource.")) for rule, path, _ in against(message, old())]
    assert [(rule, rest) for rule, _, _, rest in refused] == (
        [("PRO-004", f"category[0].coding[1].{part}") for part in ("system", "code")]
        if row.purpose is Purpose.VALIDATION
        else []
    )
    assert all(message.at(f"{entry}.resource.resourceType") == "ServiceRequest" for _, entry, _, _ in refused)
    assert [message.at(f"{entry}.resource.category[0].coding[1].code") for _, entry, _, _ in refused[:1]] in (
        [],
        [row.use_cases[0]],
    )
