"""A sandbox to call without sockets: one clock that can be moved, a registered client, a fake receiver outside."""

# ruff: noqa: ANN001, ANN003 - builders take whatever a test has

from __future__ import annotations

import asyncio
import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.receiver.builders import DOS, new_id
from workbench.compose import Party, PatientFacts, Setting, compose
from workbench.exchange import Failure, Request, Response
from workbench.headers import HeaderChoices, Organisation, Software, TargetIdentifier, compose_headers
from workbench.receiver import BASE
from workbench.sandbox import Sandbox
from workbench.standard import default_profile
from workbench.standard.operations import operations

ORIGIN = "http://127.0.0.1:1"
TOKEN_URL = f"{ORIGIN}/oauth2/token"
CLIENT = "workbench-client"
SENDER = Party("Mock Call Centre", "ZZM01", "9990000917", "Mock Call Desk")
OUTSIDE = "http://127.0.0.1:2/booking-and-referral/FHIR/R4"


@cache
def signing_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwks(kid: str = "test-1") -> dict:
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(signing_key().public_key()))
    return {"keys": [{**{k: public[k] for k in ("kty", "n", "e")}, "kid": kid, "use": "sig"}]}


class Outside:
    """A receiver outside the sandbox: takes every message, or answers as told."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.outcome: Response | Failure = Response(200, "OK", (), b"{}")

    async def __call__(self, request: Request) -> Response | Failure:
        self.requests.append(request)
        return self.outcome


class Box:
    """A sandbox with everything a test moves."""

    def __init__(self, *, ask_token: bool = False, **settings) -> None:
        self.now = datetime(2026, 7, 20, 8, 0, tzinfo=UTC)
        self.outside = Outside()
        self.sandbox = Sandbox(clock=lambda: self.now, ids=new_id, send=self.outside, ask_token=ask_token, **settings)
        self.sandbox.register(CLIENT, jwks())
        self.sandbox.route(DOS, SENDER.service_id, OUTSIDE)

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def call(self, request: Request) -> Response:
        """One call, and every reply it starts."""

        async def play() -> Response:
            response = await self.sandbox(request)
            await self.sandbox.settle()
            return response

        return asyncio.run(play())

    def token(self, **changes) -> Response:
        return self.call(token_request(self.now, **changes))


def token_request(
    now: datetime, *, header=None, claims=None, form=None, assertion=None, key=None, **changes
) -> Request:
    """A token request that is good unless something is changed; a value None takes it away."""
    body = {
        "iss": CLIENT,
        "sub": CLIENT,
        "aud": TOKEN_URL,
        "jti": str(uuid.uuid4()),
        "exp": int(now.timestamp()) + 240,
        **(claims or {}),
    }
    top = {"kid": "test-1", "typ": "JWT", **(header or {})}
    algorithm = top.pop("alg", "RS512")
    kept = {name: value for name, value in body.items() if value is not None}
    if assertion is None:
        assertion = _signed(kept, top, key or signing_key(), algorithm)
    fields = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
        **(form or {}),
    }
    encoded = urlencode({name: value for name, value in fields.items() if value is not None}).encode()
    request = Request("POST", TOKEN_URL, (("Content-Type", "application/x-www-form-urlencoded"),), encoded)
    return replace(request, **changes)


def _signed(claims: dict, header: dict, key, algorithm: str) -> str:
    """A JWT of any claims: PyJWT checks some types itself, so the payload is signed as bytes."""
    return jwt.api_jws.encode(json.dumps(claims).encode(), key, algorithm=algorithm, headers=header)


def a_call(
    service: str = "2000011147",
    *,
    method: str = "POST",
    path: str = "/$process-message",
    body: bytes = b"",
    token: str = "",
    **headers: str | None,
) -> Request:
    """A call through the proxy; a header None leaves it out (underscores stand for hyphens)."""
    composed = dict(
        compose_headers(
            operations()["process-message"],
            target=TargetIdentifier(DOS, service),
            organisation=Organisation(SENDER.name, SENDER.ods_code),
            practitioner=None,
            software=Software("Mock", "1", "https://mock.example/Id/software", "MOCK-1"),
            request_id=new_id(),
            correlation_id=new_id(),
            use_context="a1t1|referral|servicerequest-request|new",
            versions=default_profile(),
            content_type="application/fhir+json",
            choices=HeaderChoices(),
        )
    )
    if token:
        composed["Authorization"] = f"Bearer {token}"
    for name, value in headers.items():
        key = name.replace("_", "-")
        composed.pop(key, None)
        if value is not None:
            composed[key] = value
    return Request(method, f"{ORIGIN}{BASE}{path}", tuple(composed.items()), body)


def a_message(
    box: Box, service: str, template: str = "referral-new", use_case: str = "a1t1", number: str = "9990000417"
):
    receiver = Party("Mock Hospital", "ZZM02", service, "Mock Service")
    person = PatientFacts("p", "Quillfeather", "Ash", number, birth_date="1990-02-03")
    setting = Setting(SENDER, receiver, person, use_case, default_profile(int(use_case[1])))
    return compose(template, setting, now=box.now, ids=new_id)
