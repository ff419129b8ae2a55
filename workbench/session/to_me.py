"""A message sent to the own receiver as if another party had: a template or a file, over HTTP, to try what happens.

The call is made outside the history: what is recorded is what the receiver got.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench import __version__
from workbench.compose import HeaderChoices, Setting, compose, template, templates
from workbench.errors import ErrorCode, InputError
from workbench.exchange import Failure, Request
from workbench.headers import Organisation, Software, TargetIdentifier, compose_headers, use_context
from workbench.messages import Syntax, build, parse, tree
from workbench.receiver.outcome import FHIR_JSON, FHIR_XML
from workbench.rules import profile_of
from workbench.session.files import read_file
from workbench.session.parties import party, patient_facts
from workbench.session.views import Tone
from workbench.standard import default_profile
from workbench.standard.operations import operations
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from workbench.directory import Service
    from workbench.messages import JsonValue, Message
    from workbench.session.engine import Engine
    from workbench.session.receiving import OwnReceiver

SOFTWARE = Software(
    "BaRS Workbench, sent to itself", __version__, "https://bars-workbench.example/Id/software", "BARS-WORKBENCH-SELF"
)


@dataclass(frozen=True, slots=True)
class SentToMe:
    """What the own receiver answered."""

    status: int
    tone: Tone
    sentence: str


class ToMe:
    """The use cases; called on the I/O thread."""

    def __init__(self, engine: Engine, receiver: OwnReceiver) -> None:
        self._engine = engine
        self._receiver = receiver

    def choices(self) -> tuple[tuple[str, str], ...]:
        """New messages that the own service takes: (template/use case, words)."""
        wanted = frozenset(self._own().use_cases)
        return tuple(
            (f"{row.id}/{case}", f"{row.title}, {case}")
            for row in templates()
            if not row.follows and row.kind.direction == "request"
            for case in row.use_cases
            if (case in wanted if wanted else case == row.use_cases[0])
        )

    async def send(self, choice: str) -> SentToMe:
        """Compose one of the choices in the name of another party, and send it here."""
        id, _, case = choice.partition("/")
        directory = self._engine.directory
        other = next(one for one in directory.services.all() if one.role == "receiver")
        setting = Setting(
            party(other),
            party(self._own()),
            patient_facts(directory.patients[0]),
            case,
            default_profile(use_cases()[case].application),
        )
        template(id)  # an id that is none is told as such
        return await self._post(compose(id, setting, now=self._engine.clock(), ids=self._engine.ids))

    async def send_file(self, path: str) -> SentToMe:
        """Send a message of a file here, addressed to the own service; InputError when it is none."""
        source, name = await asyncio.to_thread(read_file, path)
        message = parse(source, what=name)
        if message.facts.event is None:
            raise InputError(ErrorCode.INPUT_NOT_FHIR, what=name, cause="it is no message of the standard")
        return await self._post(self._addressed(message))

    def _own(self) -> Service:
        engine = self._engine
        return engine.directory.services.find(engine.current_identity().service)

    def _addressed(self, message: Message) -> Message:
        """The message with the own service as its destination."""
        own = self._own()
        entries: list[JsonValue] = []
        for entry in tree.objects(message.resource.get("entry")):
            resource = tree.as_object(entry.get("resource"))
            if resource.get("resourceType") == "MessageHeader":
                first = next(iter(tree.objects(resource.get("destination"))), {})
                destination: list[JsonValue] = [{**first, "endpoint": f"{own.system}|{own.value}"}]
                entry = {**entry, "resource": {**resource, "destination": destination}}
            entries.append(entry)
        return build({**message.resource, "entry": entries}, message.syntax)

    async def _post(self, message: Message) -> SentToMe:
        own, base = self._own(), self._receiver.local_url
        if not base:
            raise InputError(ErrorCode.INPUT_HELD, what="The message", cause="your receiver does not listen; start it")
        engine = self._engine
        headers = compose_headers(
            operations()["process-message"],
            target=TargetIdentifier(own.system, own.value),
            organisation=Organisation("Another party", "ZZX01"),
            practitioner=None,
            software=SOFTWARE,
            request_id=engine.ids(),
            correlation_id=engine.ids(),
            use_context=use_context(message.facts),
            versions=profile_of(message.facts, default_profile()),
            content_type=FHIR_XML if message.syntax is Syntax.XML else FHIR_JSON,
            choices=HeaderChoices(),
        )
        client = engine.make_client()
        try:
            outcome = await client(Request("POST", f"{base}/$process-message", headers, message.source))
        finally:
            await client.close()
        if isinstance(outcome, Failure):
            return SentToMe(0, Tone.ERROR, outcome.sentence)
        tone = Tone.OK if outcome.ok else Tone.WARNING
        return SentToMe(outcome.status, tone, f"Your receiver answered {outcome.status}. It is in the live log.")
