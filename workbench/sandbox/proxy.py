"""The routing proxy: checks a call by the platform's rules, in its order, and passes it to whoever serves the target.

API specification, live proxy. It looks at no body and no parameter: everything else is the receiver's job.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from workbench import assets
from workbench.errors import ErrorCode, InputError
from workbench.exchange import Failure, FailureKind, Response
from workbench.messages import issues, parse
from workbench.receiver import BASE
from workbench.receiver.outcome import echoed_ids, outcome_json, phrase
from workbench.sandbox.rate import Rate
from workbench.sandbox.token import TokenState
from workbench.standard.urls import HTTP_ERROR_CODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.exchange import Clock, Headers, Request, Send
    from workbench.sandbox.token import TokenEndpoint

_SYSTEMS = {"EC": HTTP_ERROR_CODES, "OO": "http://hl7.org/fhir/ValueSet/operation-outcome"}
_HOP_BY_HOP = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "host",
        "keep-alive",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Not passed on: the token stops at the platform, the others belong to one connection (RFC 9110, 7.6.1)."""
_CUT = frozenset({ErrorCode.NET_RESET, ErrorCode.NET_NO_ANSWER, ErrorCode.NET_CUT, ErrorCode.NET_CUT_HEAD})
"""The receiver was reached and left in the middle."""
INSTEAD_OF = " instead of "
"""Between the rule of the platform and that of the receiver whose answer it replaces."""
_TIMEOUTS = frozenset({ErrorCode.NET_TIMEOUT, ErrorCode.NET_CONNECT_TIMEOUT})


class Answer(NamedTuple):
    """An answer and the rule that gave it."""

    response: Response
    rule: str


Inner = Callable[["Request"], Awaitable[Answer]]
"""A partner inside this program."""
Target = Inner | str
"""Whoever serves a service: a partner, or the base URL of a receiver."""


@dataclass(frozen=True, slots=True)
class ProxyError:
    """One refusal of the proxy."""

    rule: str
    outcome: str
    """Constant id of its OperationOutcome."""
    status: int
    issue: str
    code: str
    system: str
    text: str


@cache
def proxy_errors() -> Mapping[str, ProxyError]:
    """Every refusal by rule, from `resources/sandbox/proxy_errors.toml`."""
    rows = assets.table("sandbox", "proxy_errors.toml")["error"]
    return {
        row["rule"]: ProxyError(
            row["rule"],
            row["outcome"],
            row["status"],
            row["issue"],
            row["code"],
            _SYSTEMS[row["system"]],
            row["text"],
        )
        for row in rows
    }


def refused(rule: str, request: Request) -> Answer:
    """The platform's answer by one of its rules: plain JSON, no display (API specification, error examples)."""
    error = proxy_errors()[rule]
    body = outcome_json(error.outcome, issue=error.issue, system=error.system, code=error.code, diagnostics=error.text)
    headers: Headers = (("Content-Type", "application/json"), *echoed_ids(request), ("Cache-Control", "no-store"))
    return Answer(Response(error.status, phrase(error.status), headers, body), rule)


def gateway_fault(status: int, rule: str) -> Answer:
    """What the gateway answers by itself: a fault of its own, which is no OperationOutcome."""
    texts = {
        429: ("Spike arrest violation.", "policies.ratelimit.SpikeArrestViolation"),
        502: ("Bad Gateway", "messaging.adaptors.http.flow.BadGateway"),
    }
    text, code = texts[status]
    body = json.dumps({"fault": {"faultstring": text, "detail": {"errorcode": code}}}).encode()
    return Answer(Response(status, phrase(status), (("Content-Type", "application/json"),), body), rule)


class Routes:
    """Who serves which service: the endpoint catalogue of the sandbox."""

    def __init__(self) -> None:
        self._targets: dict[tuple[str, str], Target] = {}

    def set(self, system: str, value: str, target: Target) -> None:
        """Enter or replace a service."""
        self._targets[system, value] = target

    def remove(self, system: str, value: str) -> None:
        """Take a service out; one that is not there is no mistake."""
        self._targets.pop((system, value), None)

    def find(self, system: str, value: str) -> Target | None:
        """Who serves it; exact and case-sensitive, as on the platform."""
        return self._targets.get((system, value))

    def knows_system(self, system: str) -> bool:
        """Whether any service has this identifier system."""
        return any(known == system for known, _ in self._targets)

    def all(self) -> tuple[tuple[str, str, Target], ...]:
        """Every service with who serves it: (system, value, target)."""
        return tuple((system, value, target) for (system, value), target in self._targets.items())

    def addresses(self) -> Mapping[str, str]:
        """`system|value` of every service outside with its base URL."""
        return {f"{s}|{v}": target for (s, v), target in self._targets.items() if isinstance(target, str)}


@dataclass(frozen=True, slots=True)
class ProxyLimits:
    """What the platform puts up with, in seconds and calls; 0 calls = no limit."""

    wait_s: float = 32.0
    """How long it waits for a receiver (P13)."""
    calls_a_minute: int = 0
    """Of one application: its quota (P1)."""
    calls_a_second: int = 0
    """Of everybody together: the spike arrest (P2)."""
    catalogue_lookup: bool = False
    """Whether the catalogue is asked for each call, as newer code of the platform does: an identifier system that
    nobody has is then not found (P11) and no unhandled exception (P12)."""


class Proxy:
    """The proxy of the sandbox."""

    def __init__(
        self,
        routes: Routes,
        tokens: TokenEndpoint | None,
        send: Send,
        statement: Callable[[Request], bytes],
        indexes: Callable[[Request, str], Response | None],
        *,
        clock: Clock,
        limits: ProxyLimits = ProxyLimits(),
    ) -> None:
        """`indexes` answers the calls that are routed nowhere; it is given the path below the base."""
        self.limits = limits
        self._rate = Rate(clock)
        self._indexes = indexes
        self._routes = routes
        self._tokens = tokens
        self._send = send
        self._statement = statement

    async def answer(self, request: Request) -> Answer:
        """Answer one call below the base path."""
        path = request.url.partition("://")[2].partition("/")[2]
        below = f"/{path}".partition("?")[0].removeprefix(BASE)
        if (too_many := self._rate_rule(request)) is not None:
            return too_many
        if below == "/_ping" and request.method == "GET":
            return Answer(Response(200, phrase(200), (("Content-Type", "application/json"),), b"{}"), "ping")
        if below == "/metadata" and request.method == "GET" and request.header("NHSD-Target-Identifier") is None:
            headers: Headers = (("Content-Type", "application/json"), *echoed_ids(request))
            return Answer(Response(200, phrase(200), headers, self._statement(request)), "platform statement")
        rule = self._token_rule(request) or _header_rule(request, below)
        if rule is not None:
            return refused(rule, request)
        if (answered := self._indexes(request, below)) is not None:
            return Answer(answered, "national index")
        target = self._target(request)
        if isinstance(target, ProxyError):
            return refused(target.rule, request)
        return await self.pass_on(target, request)

    def _rate_rule(self, request: Request) -> Answer | None:
        """P1 and P2: a quota of each application, and a limit for everybody that is answered without an outcome."""
        limits = self.limits
        if limits.calls_a_second and not self._rate.allows("", 1.0, limits.calls_a_second):
            return gateway_fault(429, "P2")
        app = request.header("Authorization") or ""
        if self._tokens is not None:
            app = self._tokens.client_of(app.partition(" ")[2].strip())
        if limits.calls_a_minute and not self._rate.allows(f"app {app}", 60.0, limits.calls_a_minute):
            return refused("P1", request)
        return None

    def _token_rule(self, request: Request) -> str | None:
        """P3 to P6; none when the sandbox asks for no token."""
        if self._tokens is None:
            return None
        scheme, _, token = (request.header("Authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            return "P4"
        return _BY_TOKEN.get(self._tokens.state_of(token.strip()))

    def _target(self, request: Request) -> Target | ProxyError:
        """Who serves the target of a call, or why there is none (P9 to P12)."""
        errors = proxy_errors()
        text = request.header("NHSD-Target-Identifier")
        if text is None:
            return errors["P9"]
        try:
            decoded = base64.b64decode(text, validate=False)  # as the platform: strange characters are skipped
        except (binascii.Error, ValueError):
            return errors["P9"]
        try:
            named = json.loads(decoded)
        except (ValueError, RecursionError):
            return errors["P12"]
        if named is None:
            return errors["P12"]
        system, value = (named.get("system"), named.get("value")) if isinstance(named, dict) else (None, None)
        if not system or not value:
            return errors["P10"]
        target = self._routes.find(str(system), str(value))
        if target is not None:
            return target
        found = self.limits.catalogue_lookup or self._routes.knows_system(str(system))
        return errors["P11" if found else "P12"]

    async def pass_on(self, target: Target, request: Request) -> Answer:
        """Hand a call to whoever serves it and make of the answer what the platform makes of it (P13 to P19)."""
        passed = replace(
            request, headers=tuple(row for row in request.headers if row[0].lower() not in _HOP_BY_HOP), peer=None
        )
        try:
            async with asyncio.timeout(self.limits.wait_s):
                answer = await self._answered(target, passed, below_base(request.url))
        except TimeoutError:
            return refused("P13", request)
        if isinstance(answer, Failure):
            if answer.kind is FailureKind.CUT or answer.code in _CUT:
                return gateway_fault(502, "P18")
            late = answer.code in _TIMEOUTS and answer.kind is FailureKind.UNKNOWN
            return refused("P13" if late else "P14", request)
        rule = _receiver_rule(answer.response)
        if rule is None or not answer.rule:
            return answer if rule is None else refused(rule, request)
        return refused(rule, request)._replace(rule=f"{rule}{INSTEAD_OF}{answer.rule}")

    async def _answered(self, target: Target, passed: Request, rest: str) -> Answer | Failure:
        """What a receiver answers; one outside is called under its own address."""
        if not isinstance(target, str):
            return await target(passed)
        outcome = await self._send(replace(passed, url=target.removesuffix("/") + rest))
        if isinstance(outcome, Failure):
            return outcome
        kept = tuple(row for row in outcome.headers if row[0].lower() != "content-encoding")  # its body is decoded
        return Answer(replace(outcome, headers=kept), "receiver")


_BY_TOKEN = {TokenState.UNKNOWN: "P3", TokenState.NOT_SUBSCRIBED: "P5", TokenState.EXPIRED: "P6"}


def below_base(url: str) -> str:
    """Path below the base and query of a URL, unchanged."""
    rest = url.partition("://")[2].partition("/")[2]
    return f"/{rest}".removeprefix(BASE)


def _header_rule(request: Request, below: str) -> str | None:
    """P7 and P8."""
    if request.header("X-Request-Id") is None or request.header("X-Correlation-Id") is None:
        return "P7"
    if below.startswith("/DocumentReference") and _accepted_version(request.header("Accept")) < (1, 1, 0):
        return "P8"
    return None


def _accepted_version(accept: str | None) -> tuple[int, int, int]:
    """The highest version in Accept; what is not three plain integers does not count."""
    found = [
        (int(match[1]), int(match[2]), int(match[3]))
        for part in re.split(r"[,;]", (accept or "").lower())
        if (match := re.fullmatch(r"version\s*=\s*(\d+)\.(\d+)\.(\d+)", part.strip()))
    ]
    return max(found, default=(0, 0, 0))


def _receiver_rule(response: Response) -> str | None:
    """What the platform answers in place of a receiver's answer; None = it is passed through."""
    if response.status in (403, 503, 504):
        return {403: "P17", 503: "P14", 504: "P13"}[response.status]
    if response.status != 500:
        return None
    try:
        found = issues(parse(response.body).resource)
    except InputError:
        return "P16"
    if not found or not found[0].code:
        return "P16"
    return "P15" if found[0].code == "no-store" else None
