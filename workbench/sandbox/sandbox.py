"""The embedded BaRS: token endpoint, routing proxy and partners behind one Handler, with a log and a state of its own.

It opens no socket and knows no history: whoever builds it serves it and gives it `Send` for receivers outside.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workbench.exchange import Response
from workbench.messages import build, tree
from workbench.receiver import BASE, AnswerBook, Faults, Outcomes, ReceiverRules, answer_rules
from workbench.receiver.capability import capability_statement
from workbench.receiver.outcome import phrase
from workbench.sandbox.indexes import Indexes
from workbench.sandbox.log import LogTable
from workbench.sandbox.partner import Partner, partner_specs
from workbench.sandbox.proxy import Answer, Proxy, ProxyLimits, Routes, Target, refused
from workbench.sandbox.registry import Registry
from workbench.sandbox.replies import Replies, ReplyDelays
from workbench.sandbox.tasks import Tasks
from workbench.sandbox.token import TOKEN_PATH, Client, TokenEndpoint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbench.exchange import Clock, Ids, Request, Send
    from workbench.messages import JsonObject
    from workbench.receiver import Judge
    from workbench.sandbox.partner import PartnerSpec
    from workbench.sandbox.tasks import After

JWKS_PATH = "/oauth2/jwks"
ODS_CODE = "SANDBOX"


class Sandbox:
    """The national platform and the other parties, in this program. Its coroutines run on one loop."""

    def __init__(
        self,
        *,
        clock: Clock,
        ids: Ids,
        send: Send,
        judge: Judge | None = None,
        ask_token: bool = True,
        delays: ReplyDelays | None = None,
        after: After | None = None,
        specs: Sequence[PartnerSpec] | None = None,
        limits: ProxyLimits | None = None,
    ) -> None:
        """`after` None = timers of the running loop; `specs` None = the partners of the table."""
        self._clock = clock
        self.log = LogTable(clock, ids)
        self.routes = Routes()
        self.tokens = TokenEndpoint(clock, ids)
        self.answers = AnswerBook(answer_rules())
        self.faults = Faults(ids)
        self._tasks = Tasks()
        self.replies = Replies(
            routes=self.routes,
            send=send,
            log=self.log,
            clock=clock,
            ids=ids,
            after=after or self._tasks.after,
            delays=delays or ReplyDelays(),
            faults=self.faults,
        )
        chosen = partner_specs() if specs is None else tuple(specs)
        self.partners: Mapping[str, Partner] = {
            spec.id: Partner(
                spec,
                clock=clock,
                ids=ids,
                plan=self.replies.plan,
                answers=self.answers,
                faults=self.faults,
                judge=judge,
            )
            for spec in chosen
        }
        for partner in self.partners.values():
            for service in partner.spec.services:
                self.routes.set(service.system, service.value, partner.answer)
        self.registry = Registry()
        self._indexes = Indexes(self.registry, self.partners, self.routes, ids)
        self.proxy = Proxy(
            self.routes,
            self.tokens if ask_token else None,
            send,
            self._statement,
            self._indexes.answer,
            clock=clock,
            limits=limits or ProxyLimits(),
        )
        self._outcomes = Outcomes(ODS_CODE, ids)

    async def __call__(self, request: Request) -> Response:
        """Answer any request at the sandbox's address: it is a Handler."""
        answer = await self._answer(request)
        self.log.note(request, answer.rule)
        return answer.response

    def refuse(self, status: int, issue: str, diagnostics: str, request: Request | None) -> Response:
        """The answer to what never became a proper request: the `Refuse` port of the server."""
        return self._outcomes.refuse(status, issue, diagnostics, request)

    async def _answer(self, request: Request) -> Answer:
        rest = request.url.partition("://")[2].partition("/")[2]
        path = f"/{rest}".partition("?")[0]
        if path == TOKEN_PATH:
            return Answer(*self.tokens.answer(request))
        if path == JWKS_PATH and request.method == "GET":
            headers = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
            return Answer(Response(200, phrase(200), headers, json.dumps(self.jwks()).encode()), "jwks")
        if path == BASE or path.startswith(f"{BASE}/"):
            return await self.proxy.answer(request)
        return refused("PATH", request)

    def register(
        self, client_id: str, jwks: Mapping[str, Any], *, subscribed: bool = True, restricted: bool = True
    ) -> None:
        """Make a client known with its public key set; a second time replaces its keys (rotation)."""
        keys = tuple(key for key in jwks.get("keys", ()) if isinstance(key, dict))
        self.tokens.register(Client(client_id, keys, subscribed, restricted))

    def jwks(self) -> dict[str, Any]:
        """The public keys of every registered client as one key set."""
        return {"keys": [dict(key) for client in self.tokens.clients for key in client.keys]}

    def route(self, system: str, value: str, target: Target) -> None:
        """Say who serves a service: a base URL, or a partner's `answer`."""
        self.routes.set(system, value, target)

    def unroute(self, system: str, value: str) -> None:
        """Forget who serves a service."""
        self.routes.remove(system, value)

    def snapshot(self) -> JsonObject:
        """What the partners hold, as JSON."""
        partners: JsonObject = {id: partner.snapshot() for id, partner in self.partners.items()}
        linked: JsonObject = {**self.answers.linked.all()}
        return {"format": "1", "partners": partners, "indexes": self.registry.snapshot(), "linked": linked}

    def set_delays(self, delays: ReplyDelays) -> None:
        """Take other delays for replies that are planned from now on."""
        self.replies.delays = delays

    def restore(self, snapshot: JsonObject) -> None:
        """Replace what the partners hold; partners a snapshot does not name stay as they are."""
        for id, value in tree.as_object(snapshot.get("partners")).items():
            if id in self.partners:
                self.partners[id].restore(tree.as_object(value))
        self.registry.restore(tree.as_object(snapshot.get("indexes")))
        linked = tree.as_object(snapshot.get("linked"))
        self.answers.linked.restore({who: state for who, held in linked.items() if (state := tree.text(held))})

    def reset(self) -> None:
        """Forget every booking, referral and processed message, and what clients wrote into the indexes."""
        self.registry.restore({})
        self.answers.linked.restore({})
        for partner in self.partners.values():
            partner.restore({})

    @property
    def replies_waiting(self) -> int:
        """How many planned replies have not been sent yet."""
        return self._tasks.waiting

    async def settle(self) -> None:
        """Wait until every planned reply was sent; at once when the caller owns the timers."""
        await self._tasks.settle()

    async def close(self) -> None:
        """Drop replies that have not been sent."""
        await self._tasks.close()

    def _statement(self, request: Request) -> bytes:
        services = tuple(service for partner in self.partners.values() for service in partner.spec.services)
        rules = ReceiverRules("BaRS, embedded sandbox", ODS_CODE, services, definitions_as="both")
        return build(capability_statement(rules, self._clock(), request.url.partition("/metadata")[0])).source
