"""Why the token endpoint refused: its wording told apart, every cause tested (API specification, security, errors)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from workbench.doctor import checks
from workbench.doctor.assertion import assertion_checks
from workbench.doctor.checks import fine, untested, wrong
from workbench.doctor.network import diagnose_failure
from workbench.doctor.refusals import Refusal, concluded, refusals, told_by

if TYPE_CHECKING:
    from workbench.doctor.values import Check, Diagnosis, SignIn
    from workbench.exchange import Request, Response
    from workbench.messages.values import JsonObject

_FORM = "application/x-www-form-urlencoded"
_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST_SAID = 600
_NO_ENDPOINT = "The address that was called is not the token address of {place}"


def diagnose_token(facts: SignIn) -> Diagnosis | None:
    """Why no token came; None when one did, or nothing is known yet."""
    if facts.failure is not None:
        return diagnose_failure(facts.failure, facts.place, tested(facts))
    if facts.response is None:
        return None
    answer = _answer(facts.response)
    if facts.response.ok and isinstance(answer.get("access_token"), str):
        return None
    refusal = refusal_of(facts.response, answer)
    said = _said(facts.response, answer)
    return concluded(refusal, tested(facts), _words(facts), said=said, support=str(answer.get("message_id") or ""))


def refusal_of(response: Response, answer: JsonObject) -> Refusal:
    """Which refusal an answer is."""
    rows = refusals()
    if response.status == 405:
        return rows["method"]
    wording = answer.get("error_description")
    told = told_by(wording) if isinstance(wording, str) else None
    if told is not None:
        return told
    return rows["token-other" if "error" in answer else "token-answer"]


def tested(facts: SignIn) -> tuple[Check, ...]:
    """Everything that can be tested about a sign-in."""
    url = facts.request.url if facts.request is not None else facts.place.token_url
    return (
        checks.clock(facts.skew_s, facts.place, facts.dated_by_s),
        _address(facts, url),
        *((_form(facts.request),) if facts.request is not None else ()),
        *assertion_checks(facts),
        untested("product", "Product is enabled", f"only {facts.place.title} knows its products"),
        checks.tls(facts.tls, url, facts.at),
    )


def _address(facts: SignIn, url: str) -> Check:
    name, place = "Token address", facts.place
    wanted = place.token_url
    here = checks.on_this_machine(url) and checks.on_this_machine(wanted)
    if url.partition("?")[0] == wanted or (here and urlsplit(url).path == urlsplit(wanted).path):
        answers = " answers" if facts.response is not None else ""
        return fine("address", name, f"{wanted}{answers}")
    other = next((one.title for one in facts.places if one.token_url == url), "")
    words = f"{url} is the one of {other}" if other else f"{url} instead of {wanted}"
    step = f"Correct the token address of {place.title}."
    return wrong("address", name, words, _NO_ENDPOINT.format(place=place.title), step)


def _form(request: Request) -> Check:
    name = "Token request"
    held = (request.header("Content-Type") or "").strip()
    step = "Send the request from here: its form is always whole."
    if held.lower() != _FORM:
        words = f"Content-Type is '{held}'" if held else "no Content-Type"
        return wrong("form", name, words, "The token request has another Content-Type than a plain form", step)
    form = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    wanted = (("grant_type", "client_credentials"), ("client_assertion_type", _TYPE))
    bad = [field for field, value in wanted if form.get(field) != [value]]
    bad += ["client_assertion"] if not form.get("client_assertion", [""])[0] else []
    if bad:
        words = f"{', '.join(bad)} missing or wrong"
        return wrong("form", name, words, f"The form of the token request is not right: {words}", step)
    return fine("form", name, "a form with its three fields")


def _words(facts: SignIn) -> dict[str, str]:
    jwt = facts.jwt
    return {
        "environment": facts.place.title,
        "kid": (jwt.kid if jwt is not None else "") or "that signed",
        "client": facts.place.client_id or "without a client id",
        "token_url": facts.place.token_url or "the token address",
        "service": "",
        "aud": str(jwt.claims.get("aud", "")) if jwt is not None else "",
    }


def _answer(response: Response) -> JsonObject:
    try:
        found = json.loads(response.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _said(response: Response, answer: JsonObject) -> str:
    """The answer for reading; a body that may hold a token is not shown."""
    if "error" in answer:
        told = {name: answer[name] for name in ("error", "error_description", "message_id") if name in answer}
        return f"{response.status} {json.dumps(told, ensure_ascii=False)}"
    if response.ok:
        return f"{response.status}, {len(response.body)} bytes that hold no token"
    text = response.body[:_LONGEST_SAID].decode("utf-8", "replace").strip()
    where = urlsplit(response.header("Location") or "").netloc
    return f"{response.status} {text}".strip() + (f" (leads to {where})" if where else "")
