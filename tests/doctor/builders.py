"""A sign-in and a call for tests of the doctor: one workspace with three environments, one key for the sandbox."""

# ruff: noqa: ANN003 - builders take whatever a test has

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from tests.receiver.builders import DOS
from tests.sandbox.builders import CLIENT, ORIGIN, TOKEN_URL, jwks
from workbench.doctor import CallFacts, Check, Diagnosis, KnownKey, KnownPlace, SignIn, State
from workbench.errors import InputError
from workbench.keys import read_jwt
from workbench.receiver import BASE

if TYPE_CHECKING:
    from workbench.exchange import Request, Response

NOW = datetime(2026, 7, 20, 8, 0, tzinfo=UTC)
BOX = KnownPlace("embedded", "Embedded sandbox", f"{ORIGIN}{BASE}", TOKEN_URL, CLIENT)
INT = KnownPlace(
    "int",
    "INT",
    f"https://int.api.service.nhs.uk{BASE}",
    "https://int.api.service.nhs.uk/oauth2/token",
    "mock-app-of-int",
)
LIVE = KnownPlace(
    "production",
    "Production",
    f"https://api.service.nhs.uk{BASE}",
    "https://api.service.nhs.uk/oauth2/token",
    "mock-app-of-production",
)
PLACES = (BOX, INT, LIVE)


def a_key(kid: str = "test-1", *environments: str) -> KnownKey:
    return KnownKey(kid, environments or ("embedded",), tuple(jwks(kid)["keys"][0].items()))


KEYS = (a_key(),)


def a_sign_in(request: Request, response: Response | None = None, **changes) -> SignIn:
    """A token request with its answer; the assertion is read from the request."""
    told = parse_qs(request.body.decode()).get("client_assertion", [""])[0]
    keys = changes.get("keys", KEYS)
    try:
        jwt = read_jwt(told, [dict(key.jwk) for key in keys])
    except InputError:
        jwt = None
    facts = SignIn(BOX, PLACES, keys, NOW, jwt, request=request, response=response, skew_s=0.4)
    return replace(facts, **changes)


def a_refused_call(request: Request, response: Response, **changes) -> CallFacts:
    facts = CallFacts(
        BOX, PLACES, request, response, NOW, key="test-1", services=((DOS, "2000011147"),), keys=KEYS, skew_s=0.0
    )
    return replace(facts, **changes)


def cause(diagnosis: Diagnosis) -> str:
    """The id of the check that is taken for the cause; empty without one."""
    return next((check.id for check in diagnosis.checks if check.state is State.CAUSE), "")


def by_id(checks: tuple[Check, ...], id: str) -> Check:
    return next(check for check in checks if check.id == id)
