"""The Services panel's use cases: the directory, and asking a service what it offers.

Knows no window; a check is two ordinary calls that stay in the history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import tree
from workbench.session.calls import Outgoing
from workbench.session.judging import readable
from workbench.session.views import ServiceCheck, ServiceDetail, Tone
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from workbench.directory import Service
    from workbench.exchange import Exchange
    from workbench.messages import Message
    from workbench.sandbox import Routes
    from workbench.session.engine import Engine
    from workbench.session.sending import Sender


class Services:
    """The directory of the workspace for reading, and checks of its services."""

    def __init__(self, engine: Engine, sender: Sender, routes: Routes) -> None:
        self._engine = engine
        self._sender = sender
        self._routes = routes

    def all(self) -> tuple[ServiceDetail, ...]:
        """Every service, in the directory's order."""
        return tuple(self._detail(service) for service in self._engine.directory.services.all())

    async def check(self, id: str) -> ServiceCheck:
        """Ask a service for its CapabilityStatement and MessageDefinitions now; ConfigError for an unknown service."""
        service = self._engine.directory.services.find(id)
        correlation_id = self._engine.ids()
        statement = await self._sender.send(Outgoing("metadata", service, correlation_id=correlation_id))
        definitions = await self._sender.send(
            Outgoing(
                "message-definition",
                service,
                parameters=(("context", f"{service.system}|{service.value}"),),
                correlation_id=correlation_id,
            )
        )
        return ServiceCheck(
            service.id,
            (*_statement_rows(statement), *_definition_rows(definitions)),
            statement.id,
        )

    def _detail(self, service: Service) -> ServiceDetail:
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
            environments=", ".join(environments.get(id).title for id in service.environments),
            use_cases=tuple(
                known[code].display for code in service.use_cases if code in known and not known[code].withdrawn
            ),
            notes=service.notes,
            own=service.role == "sender",
            address=address,
        )


def _statement_rows(exchange: Exchange) -> tuple[tuple[Tone, str, str], ...]:
    answer, problem = _answer(exchange, "CapabilityStatement")
    if answer is None:
        return ((Tone.ERROR, "What it is", problem),)
    version = tree.text(answer.resource.get("version")) or "not stated"
    offered = [
        tree.text(one.get("definition")) or ""
        for rest in tree.objects(answer.resource.get("messaging"))
        for one in tree.objects(rest.get("supportedMessage"))
        if one.get("mode") == "receiver"
    ]
    names = sorted({name.rpartition("/")[2].removeprefix("bars-message-") for name in offered if name})
    return (
        (Tone.OK, "Core it offers", version),
        (Tone.OK if names else Tone.WARNING, "Messages it takes", ", ".join(names) or "none are named"),
    )


def _definition_rows(exchange: Exchange) -> tuple[tuple[Tone, str, str], ...]:
    answer, problem = _answer(exchange, "Bundle")
    if answer is None:
        return ((Tone.ERROR, "Message definitions", problem),)
    count = sum(entry.type == "MessageDefinition" for entry in answer.entries())
    return ((Tone.OK if count else Tone.WARNING, "Message definitions", f"{count} for this service"),)


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
