"""Every call of the interface in every version: against the embedded sandbox, and against the public one's double.

What is checked of each: its answer, that it went with the headers of the specification, and that no error was found in
what was sent. Also what follows from answers, in `found` and `call_forms`: lists, booking a slot, a withdrawal.
"""

# ruff: noqa: ANN001 - tests take fixtures and table rows

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from tests.session.conftest import a_session, new_id, now
from tests.session.official_sandbox import KNOWN, official_sandbox
from workbench import assets
from workbench.errors import InputError
from workbench.messages import Severity
from workbench.receiver import Outcomes
from workbench.sandbox.log import LogTable
from workbench.session.call_views import AnswerKind, CallAnswer, CallOrder, CallPreview
from workbench.session.options import SessionOptions
from workbench.standard.header_table import header_specs
from workbench.standard.operations import operations
from workbench.transport.server import Server

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.session.session import Session

VERSIONS = ("1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.5.0")
SERVICE = "northgate-emergency-department"
ORDER = ("metadata", "message-definition", "slot-search", "process-message")
VERBS = ("create", "search", "read", "patch", "update", "delete")
CASES = [(v, c.id) for v in VERSIONS for c in operations().values() if c.group and c.exists_in(v)]
Made = dict[tuple[str, str], tuple[CallPreview, CallAnswer]]


def in_order(call: str) -> tuple[int, str, int]:
    if call in ORDER:
        return ORDER.index(call), "", 0
    stem, _, verb = call.rpartition("-")
    return 9, stem, VERBS.index(verb)


class Calls:
    """Makes one call after the other, with the ids that earlier ones brought."""

    def __init__(self, session: Session, api: str, ids: dict[str, str], *, canned: bool = False) -> None:
        self.session, self.api, self.ids, self.canned = session, api, ids, canned
        self.slots: list = []

    async def make(self, call: str) -> tuple[CallPreview, CallAnswer]:
        stem, _, verb = call.rpartition("-")
        if verb == "delete" and stem in ("appointment", "service-request"):
            await self.make(f"{stem}-create")  # the former one was withdrawn by its update
        form = await self.session.calls.form(call, SERVICE, self.api)
        values = {field.key: field.value for field in form.fields}
        if "id" in values:
            values["id"] = self.ids[stem]
        body = self.completed(call, form.body)
        order = CallOrder(call, SERVICE, self.api, tuple(values.items()), body)
        preview = await self.session.calls.preview(order)
        answer = await self.session.make_call(order)
        self.learn(call, stem, answer)
        return preview, answer

    def completed(self, call: str, body: str) -> str:
        """What a person does by hand: names a slot, gives every entry of the catalogue an identifier of its own."""
        if call in ("appointment-create", "appointment-patch") and self.slots:
            made = json.loads(body)
            made["slot"] = [{"reference": f"Slot/{self.slots.pop(0).id}"}]
            return json.dumps({"meta": {"profile": ["x"]}, **made})
        if call.endswith("-patch"):
            return json.dumps({"meta": {"profile": ["x"]}, **json.loads(body)})
        if call.endswith("-create") and operations()[call].preview:
            made = json.loads(body)
            made["identifier"][0]["value"] = f"CAT-{self.api}-{call}"
            return json.dumps(made)
        if call == "pointer-create":
            made = json.loads(body)
            made["identifier"][0]["value"] = new_id()
            return json.dumps(made)
        if call.endswith("-update") and operations()[call].preview:
            made = json.loads(body)
            made["identifier"][0]["value"] = f"CAT-{self.api}-{call}"
            return json.dumps(made)
        return body

    def learn(self, call: str, stem: str, answer: CallAnswer) -> None:
        if self.canned:
            return
        if call == "slot-search":
            self.slots = [slot for slot in answer.slots if slot.free]
        elif call == "process-message" and answer.message is not None:
            for kind, id in answer.message.facts.resource_ids:
                if kind == "ServiceRequest":
                    self.ids.setdefault("service-request", id)
        elif call.endswith("-create") and answer.rows:
            self.ids[stem] = answer.rows[0].id
        elif call == "pointer-search" and answer.rows:
            self.ids[stem] = next((row.id for row in answer.rows if row.id.startswith("ZZY")), answer.rows[0].id)


async def _embedded(folder: Path) -> Made:
    made: Made = {}
    async with a_session(folder) as session:
        for api in VERSIONS:
            calls = Calls(session, api, {})
            offer = await session.calls.offer(api)
            for choice in sorted(offer.calls, key=lambda one: in_order(one.id)):
                if choice.id == "appointment-search":  # a booking to find and to read, in 1.0.0 too
                    searched = made[api, "slot-search"][1]
                    if api == "1.0.0":
                        draft = await session.calls.book(searched.result.exchange, calls.slots.pop(0).id, "")
                        sent = await session.send(draft.id, draft.text)
                        detail = await session.detail(sent.exchange)
                        assert detail.response is not None
                        facts = dict(detail.response.facts.resource_ids)
                        calls.ids["appointment"] = facts["Appointment"]
                made[api, choice.id] = await calls.make(choice.id)
    return made


async def _official(folder: Path) -> Made:
    made: Made = {}
    log = LogTable(now, new_id)
    server = Server(official_sandbox, log, clock=now, refuse=Outcomes("X", new_id).refuse)
    address = await server.start("127.0.0.1", 0)
    rows = json.loads(assets.text("demo", "environments.json"))
    for row in rows["environments"]:
        if row["id"] == "sandbox":
            row["base_url"] = f"{address.origin}/booking-and-referral/FHIR/R4"
    folder.mkdir()
    quiet = SessionOptions(start_sandbox=False, start_receiver=False)
    try:
        async with a_session(folder, options=quiet, BARS_WORKBENCH_ENVIRONMENT="embedded") as session:
            (folder / "environments.json").write_text(json.dumps(rows), encoding="utf-8")
        async with a_session(folder, options=quiet, BARS_WORKBENCH_ENVIRONMENT="sandbox") as session:
            for api in VERSIONS:
                ids = dict.fromkeys(("appointment", "service-request", "pointer", "endpoint", "organization"), KNOWN[0])
                ids |= dict.fromkeys(("healthcare-service", "endpoint-template"), KNOWN[0])
                calls = Calls(session, api, ids, canned=True)
                offer = await session.calls.offer(api)
                for choice in sorted(offer.calls, key=lambda one: in_order(one.id)):
                    calls.slots = []
                    made[api, choice.id] = await calls.make(choice.id)
    finally:
        await server.stop()
    return made


@pytest.fixture(scope="module")
def embedded(tmp_path_factory) -> Made:
    """Every call that was made to the embedded sandbox."""
    return asyncio.run(_embedded(tmp_path_factory.mktemp("embedded") / "workspace"))


@pytest.fixture(scope="module")
def official(tmp_path_factory) -> Made:
    """Every call that was made to the double of the public sandbox."""
    return asyncio.run(_official(tmp_path_factory.mktemp("official") / "workspace"))


@pytest.mark.parametrize(("api", "call"), CASES)
def test_the_embedded_sandbox_answers_every_call(api, call, embedded) -> None:
    preview, answer = embedded[api, call]
    assert answer.status == (201 if call == "pointer-create" else 200), answer.says or answer.text
    worst = [one for one in preview.findings if one.severity.rank <= Severity.ERROR.rank]
    assert not worst, worst
    sent = {header.name for header in preview.headers}
    operation = operations()[call]
    has_body = bool(operation.body)
    for spec in header_specs().values():
        if spec.required_in(operation, has_body=has_body, version=api):
            assert spec.name in sent, spec.name
        if not spec.belongs_to(operation, version=api):
            assert spec.name not in sent, spec.name
    accept = next(header.value for header in preview.headers if header.name == "Accept")
    plain = operation.preview and api in ("1.4.0", "1.5.0")
    assert accept == ("application/fhir+json" if plain else f"application/fhir+json; version={api}")


@pytest.mark.parametrize(("api", "call"), CASES)
def test_the_public_sandbox_answers_every_call_that_it_has(api, call, official) -> None:
    _, answer = official[api, call]
    if operations()[call].preview:
        assert answer.status == 404
        return
    assert answer.status == 200, answer.says or answer.text
    if call == "slot-search":
        assert (answer.kind, len(answer.slots)) == (AnswerKind.SLOTS, 8)
    elif call.endswith("-search"):
        assert answer.kind is AnswerKind.ROWS
        assert answer.rows


def test_answers_are_lists_where_people_expect_lists(embedded) -> None:
    slots = embedded["1.0.0", "slot-search"][1]
    assert slots.kind is AnswerKind.SLOTS
    assert all(row.where == "Northgate Emergency Department" for row in slots.slots)
    assert list(slots.slots) == sorted(slots.slots, key=lambda row: row.start)
    booked = embedded["1.0.0", "appointment-search"][1]
    assert [(row.kind, row.status) for row in booked.rows] == [("Appointment", "booked")]
    pointers = embedded["1.1.0", "pointer-search"][1]
    assert any(row.leads_to and row.leads_to[0] == "Appointment" and row.target for row in pointers.rows)
    endpoints = embedded["1.4.0", "endpoint-search"][1]
    assert endpoints.kind is AnswerKind.ROWS


def test_a_call_that_a_version_does_not_have_is_refused_in_words(play) -> None:
    async def work(session: Session) -> None:
        with pytest.raises(InputError) as raised:
            await session.calls.form("appointment-create", SERVICE, "1.0.0")
        assert "came with version 1.1.0" in raised.value.sentence
        with pytest.raises(InputError) as raised:
            await session.calls.form("organization-search", SERVICE, "1.4.0")
        assert "went after 1.3.0" in raised.value.sentence
        with pytest.raises(InputError) as raised:
            await session.calls.preview(CallOrder("appointment-read", SERVICE, "1.0.0"))
        assert "Id of the Appointment is missing" in raised.value.sentence
        assert (await session.calls.offer("1.0.0", "pointer-search")).api == "1.5.0"
        assert (await session.calls.offer()).api == "1.0.0"

    play(work, options=SessionOptions(start_sandbox=False, start_receiver=False))


def test_a_referral_that_was_found_is_withdrawn_where_it_was_sent_from_here(play) -> None:
    async def work(session: Session) -> None:
        form = await session.calls.form("process-message", SERVICE, "1.0.0")
        sent = await session.make_call(CallOrder("process-message", SERVICE, "1.0.0", body=form.body))
        assert sent.status == 200, sent.text
        await session.settle()
        found = await session.make_call(CallOrder("service-request-search", SERVICE, "1.0.0"))
        row = found.rows[0]
        draft = await session.calls.cancel(row.kind, row.id)
        assert '"revoked"' in draft.text
        with pytest.raises(InputError) as raised:
            await session.calls.cancel("Appointment", new_id())
        assert "was not sent from this workspace" in raised.value.sentence

    play(work)
