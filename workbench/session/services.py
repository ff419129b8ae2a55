"""The Services panel's use cases: the directory, and asking a service or the catalogue what is offered.

Knows no window; a check is ordinary calls that stay in the history.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.directory.service_files import (
    LARGEST,
    free_id,
    merged,
    problem_of,
    read_services,
    service_row,
    to_csv,
    to_json,
)
from workbench.errors import ErrorCode, InputError
from workbench.headers import TargetIdentifier
from workbench.headers.base64_json import encode
from workbench.headers.build import target_json
from workbench.messages import tree
from workbench.session.call_views import ImportResult
from workbench.session.calls import Outgoing
from workbench.session.files import write_text
from workbench.session.found import rows_in
from workbench.session.judging import readable
from workbench.session.offers import Offer, read_definitions
from workbench.session.views import ServiceCheck, ServiceDetail, Tone
from workbench.standard import default_profile, is_at_least
from workbench.standard.operations import operations
from workbench.standard.urls import ODS_CODE
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbench.directory import Service
    from workbench.exchange import Exchange
    from workbench.messages import Message
    from workbench.sandbox import Routes
    from workbench.session.engine import Engine
    from workbench.session.offers import Offers
    from workbench.session.sending import Sender

FILE = "services.json"
CATALOGUE_SINCE, CATALOGUE_API = "1.2.0", "1.4.0"
"""API version that brought the catalogue, and the one to ask it in where the environment's is older."""


class Services:
    """The directory of the workspace, and checks of its services."""

    def __init__(self, engine: Engine, sender: Sender, offers: Offers, routes: Routes) -> None:
        self._engine = engine
        self._sender = sender
        self._offers = offers
        self._routes = routes

    async def all(self) -> tuple[ServiceDetail, ...]:
        """Every service in the directory's order, favourites first, with what it said in this environment."""
        known = await self._offers.all(self._engine.environment)
        services = sorted(self._engine.directory.services.all(), key=lambda one: not one.favourite)
        return tuple(self._detail(service, known.get(service.id)) for service in services)

    async def save(self, service: Service) -> Service:
        """Keep a new service (without an id) or a changed one, and give it with its id.

        InputError for what cannot be kept, ConfigError where the workspace cannot be written.
        """
        if (problem := problem_of(service)) is not None:
            raise InputError(ErrorCode.INPUT_SERVICE, what=service.name or "(no name)", cause=problem)
        known = self._engine.directory.services.all()
        same = next((one for one in known if (one.system, one.value) == (service.system, service.value)), None)
        if same is not None and same.id != service.id:
            cause = f"{same.name} has the same target identifier"
            raise InputError(ErrorCode.INPUT_SERVICE, what=service.name, cause=cause)
        if service.id:
            self._keep(service if one.id == service.id else one for one in known)
            return service
        made = replace(service, id=free_id(service.name, (one.id for one in known)))
        self._keep((*known, made))
        return made

    async def remove(self, id: str) -> None:
        """Take a service out of the directory; what was sent to it stays in the history.

        InputError for the service that an identity answers with.
        """
        directory = self._engine.directory
        service = directory.services.find(id)
        if any(directory.services.find(one.service).id == service.id for one in directory.identities.all()):
            cause = "an identity acts as this service"
            raise InputError(ErrorCode.INPUT_SERVICE, what=service.name, cause=cause)
        self._keep(one for one in directory.services.all() if one.id != service.id)
        await self._offers.forget(self._engine.environment, service.id)

    async def set_favourite(self, id: str, on: bool) -> None:
        """Show a service before the others, or no longer."""
        service = self._engine.directory.services.find(id)
        await self.save(replace(service, favourite=on))

    async def import_file(self, path: str) -> ImportResult:
        """Take the services of a JSON or CSV file into the directory; the same identifier is replaced.

        InputError for a file that is neither; rows that cannot be used are told of.
        """
        source = await asyncio.to_thread(_read, path)
        read = await self._engine.compute(read_services, source, size=len(source))
        result = merged(self._engine.directory.services.all(), read.services)
        if result.added or result.changed:
            self._keep(result.services)
        return ImportResult(result.added, result.changed, read.problems)

    async def export_file(self, path: str) -> int:
        """Write the directory as CSV or JSON, by the ending of the path, and say how many services there are."""
        services = self._engine.directory.services.all()
        text = to_csv(services) if path.lower().endswith(".csv") else to_json(services)
        await asyncio.to_thread(write_text, path, text)
        return len(services)

    async def check(self, id: str) -> ServiceCheck:
        """Ask a service for its CapabilityStatement and MessageDefinitions now; ConfigError for an unknown service.

        What it says is kept for a day and used to judge messages to it.
        """
        engine = self._engine
        service = engine.directory.services.find(id)
        environment, correlation_id = engine.environment, engine.ids()
        statement = await self._sender.send(Outgoing("metadata", service, correlation_id=correlation_id))
        context = (("context", f"{service.system}|{service.value}"),)
        asked = Outgoing("message-definition", service, parameters=context, correlation_id=correlation_id)
        definitions = await self._sender.send(asked)
        await self._remember(environment, service, statement, definitions)
        return ServiceCheck(service.id, (*_statement_rows(statement), *_definition_rows(definitions)), statement.id)

    async def forget(self, id: str = "") -> None:
        """Forget what a service said in this environment, or all of them."""
        await self._offers.forget(self._engine.environment, id)

    async def look_up(self, id: str) -> ServiceCheck:
        """Ask the endpoint catalogue for a service: its entry, its endpoints and, in older versions, its organisation.

        A preview (API specification 1.2.0 on); asked in the environment's version where that has a catalogue.
        """
        engine = self._engine
        service = engine.directory.services.find(id)
        api, correlation_id = engine.current_environment().profile.api, engine.ids()
        api = api if is_at_least(api, CATALOGUE_SINCE) else CATALOGUE_API
        target = f"{service.system}|{service.value}"
        wanted = (
            ("healthcare-service-search", "HealthcareService.identifier", target),
            ("endpoint-search", "_has:HealthcareService.Identifier", target),
            ("organization-search", "Organization.identifier", f"{ODS_CODE}|{service.ods_code}"),
        )
        rows: list[tuple[Tone, str, str]] = []
        first = ""
        for operation, name, value in wanted:
            if not operations()[operation].exists_in(api):
                continue
            call = Outgoing(operation, service, parameters=((name, value),), correlation_id=correlation_id)
            exchange = await self._sender.send(replace(call, versions=default_profile(api=api)))
            rows += _catalogue_rows(exchange, operations()[operation].title.removesuffix(" search"))
            first = first or exchange.id
        return ServiceCheck(service.id, tuple(rows), first)

    async def _remember(self, environment: str, service: Service, statement: Exchange, definitions: Exchange) -> None:
        """Keep what was answered; nothing where neither call was."""
        said, _ = _answer(statement, "CapabilityStatement")
        defined, _ = _answer(definitions, "Bundle")
        if said is None and defined is None:
            return
        body = definitions.response.body if defined is not None and definitions.response is not None else b""
        core = tree.text(said.resource.get("version")) or "" if said is not None else ""
        takes = _taken(said) if said is not None else ()
        offer = Offer(self._engine.clock(), core, takes, read_definitions(body), statement.id)
        await self._offers.keep(environment, service.id, offer, body)

    def _keep(self, services: Iterable[Service]) -> None:
        kept = tuple(services)
        self._engine.workspace.write(FILE, {"services": [service_row(one) for one in kept]})
        self._engine.directory = self._engine.directory.with_services(kept)

    def _detail(self, service: Service, offer: Offer | None) -> ServiceDetail:
        target = self._routes.find(service.system, service.value)
        address = target if isinstance(target, str) else "this program" if target is not None else ""
        environments = self._engine.directory.environments
        known = use_cases()
        return ServiceDetail(
            id=service.id,
            name=service.name,
            target=f"{service.system}|{service.value}",
            value=service.value,
            system=service.system,
            role=service.role,
            organisation=service.organisation,
            ods_code=service.ods_code,
            environments=", ".join(
                environments.get(id).title if id in environments.names() else id for id in service.environments
            ),
            use_cases=tuple(
                known[code].display for code in service.use_cases if code in known and not known[code].withdrawn
            ),
            notes=service.notes,
            own=service.role == "sender",
            address=address,
            entry=service,
            seen=_seen_words(offer) if offer is not None else "",
            seen_tone=Tone.OK if offer is not None and offer.definitions else Tone.NEUTRAL,
            header=encode(target_json(TargetIdentifier(service.system, service.value))),
        )


def _read(path: str) -> bytes:
    """The bytes of a file, one more than the limit at most; InputError where it cannot be read."""
    try:
        with Path(path).open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        cause = error.strerror or str(error)
        raise InputError(ErrorCode.INPUT_UNREADABLE, what=Path(path).name, cause=cause) from error


def _seen_words(offer: Offer) -> str:
    asked = offer.asked.astimezone()
    count = len(offer.takes)
    takes = f"{count} message{'' if count == 1 else 's'}" if count else "no message by name"
    counts = "" if offer.definitions else "; too old to judge by"
    return f"{asked:%d %b, %H:%M}: takes {takes}, {offer.core or 'no version'}{counts}"


def _taken(statement: Message) -> tuple[str, ...]:
    """The messages that a CapabilityStatement says it takes, by name."""
    offered = [
        tree.text(one.get("definition")) or ""
        for rest in tree.objects(statement.resource.get("messaging"))
        for one in tree.objects(rest.get("supportedMessage"))
        if one.get("mode") == "receiver"
    ]
    return tuple(sorted({name.rpartition("/")[2].removeprefix("bars-message-") for name in offered if name}))


def _statement_rows(exchange: Exchange) -> tuple[tuple[Tone, str, str], ...]:
    answer, problem = _answer(exchange, "CapabilityStatement")
    if answer is None:
        return ((Tone.ERROR, "What it is", problem),)
    version = tree.text(answer.resource.get("version")) or "not stated"
    names = _taken(answer)
    return (
        (Tone.OK, "Core it offers", version),
        (Tone.OK if names else Tone.WARNING, "Messages it takes", ", ".join(names) or "none are named"),
    )


def _definition_rows(exchange: Exchange) -> tuple[tuple[Tone, str, str], ...]:
    answer, problem = _answer(exchange, "Bundle")
    if answer is None:
        return ((Tone.ERROR, "Message definitions", problem),)
    count = sum(entry.type == "MessageDefinition" for entry in answer.entries())
    words = f"{count} for this service; messages to it are judged by them for a day"
    return ((Tone.OK if count else Tone.WARNING, "Message definitions", words if count else "none for this service"),)


def _catalogue_rows(exchange: Exchange, title: str) -> tuple[tuple[Tone, str, str], ...]:
    answer, problem = _answer(exchange, "Bundle")
    if answer is None:
        return ((Tone.ERROR, title, problem),)
    found = rows_in(answer)
    if not found:
        return ((Tone.WARNING, title, "not in the catalogue"),)
    words = (", ".join(part for part in (row.title, row.status, row.about) if part) for row in found)
    return tuple((row.tone, title, text) for row, text in zip(found, words, strict=True))


def _answer(exchange: Exchange, expected: str) -> tuple[Message | None, str]:
    """The body that was asked for, or why there is none."""
    if exchange.failure is not None:
        return None, f"{exchange.failure.sentence} {exchange.failure.next_step}"
    if exchange.response is None or not exchange.response.ok:
        return None, f"answered {exchange.response.status if exchange.response else 'nothing'}"
    message = readable(exchange.response.body)
    if message is None or message.resource_type != expected:
        return None, f"the answer is no {expected}"
    return message, ""
