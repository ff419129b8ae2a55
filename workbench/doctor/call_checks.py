"""What is right and wrong about a call by the rules of the live proxy, tested on the request as it was sent.

Looks at what the proxy looks at: token, ids, target identifier, Accept, host. Must not know the answer.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from workbench.doctor import checks
from workbench.doctor.checks import fine, untested, wrong
from workbench.errors import InputError
from workbench.headers import base64_json
from workbench.headers.ids import TRANSACTION_IDS, id_problem
from workbench.standard.urls import DOS_SERVICE_ID

if TYPE_CHECKING:
    from workbench.doctor.values import CallFacts, Check
    from workbench.messages.values import JsonObject

TARGET = "NHSD-Target-Identifier"
POINTERS = "/DocumentReference"
_RESTORE = f"Restore {TARGET} as it is composed from the service."
_RESTORE_IDS = "Restore both headers: UUIDs, new for a new message, the same for a retry."
_NEW_TOKEN = "Forget the token and get a new one, then send the same message with the same ids."
_VERSION = re.compile(r"version\s*=\s*(\d+)\.(\d+)\.(\d+)")


def call_checks(facts: CallFacts) -> tuple[Check, ...]:
    """Everything that can be tested about a call."""
    token = (
        (
            _token_there(facts),
            _token_ours(facts),
            _token_place(facts),
            _token_life(facts),
            checks.bound(facts.key, facts.place, facts.places, facts.keys),
        )
        if facts.place.needs_token
        else ()
    )
    target = _target_checks(facts) if _routed(facts) else ()
    return (
        checks.clock(facts.skew_s, facts.place),
        checks.host(facts.request.url, facts.place.base_url, facts.place, facts.places),
        *token,
        _ids(facts),
        *target,
        _accept(facts),
        untested("rate", "Rate of calls", f"only {facts.place.title} counts them"),
        checks.tls(facts.tls, facts.request.url, facts.at),
    )


def target_of(facts: CallFacts) -> JsonObject:
    """The decoded target identifier; empty where it cannot be read."""
    try:
        return base64_json.decode(facts.request.header(TARGET) or "", what=TARGET)
    except InputError:
        return {}


def _routed(facts: CallFacts) -> bool:
    """Whether the call goes to a receiver: all but pointers, and metadata without a target."""
    path = urlsplit(facts.request.url).path
    own_statement = path.endswith("/metadata") and facts.request.header(TARGET) is None
    return POINTERS not in path and not own_statement


def _token_there(facts: CallFacts) -> Check:
    name, held = "Access token", facts.request.header("Authorization")
    if held is None:
        sentence = "The call has no Authorization header"
        return wrong("token-there", name, "Authorization is missing", sentence)
    scheme, _, value = held.strip().partition(" ")
    kept = held.startswith("[secret ")
    if not held.strip() or not (kept or (scheme.lower() == "bearer" and value.strip())):
        words = "Authorization is empty" if not held.strip() else f"Authorization begins with '{scheme}'"
        return wrong("token-there", name, words, f"The call carried no bearer token: {words}")
    return fine("token-there", name, "the call carried one")


def _token_ours(facts: CallFacts) -> Check:
    name = "Token of this program"
    if facts.token is not None:
        return fine("token-ours", name, f"got with the key {facts.token.kid}")
    if facts.key:
        return untested("token-ours", name, "it was got in an earlier run")
    if facts.request.header("Authorization") is None:
        return untested("token-ours", name, "there is none")
    sentence = "The token is not one that this program got"
    return wrong("token-ours", name, "another one was put into Authorization", sentence, _NEW_TOKEN)


def _token_place(facts: CallFacts) -> Check:
    name, token, place = "Token and environment", facts.token, facts.place
    if token is None:
        return untested("token-place", name, "who gave the token is not known any more")
    if token.token_url == place.token_url:
        return fine("token-place", name, f"{place.title} gave it")
    giver = next((one.title for one in facts.places if one.token_url == token.token_url), token.token_url)
    sentence = f"The token is one of {giver}, not {place.title}"
    return wrong("token-place", name, f"{giver} gave it", sentence, _NEW_TOKEN)


def _token_life(facts: CallFacts) -> Check:
    name, token = "Life of the token", facts.token
    if token is None:
        return untested("token-life", name, "its end is not known any more")
    left = (token.expires - facts.at) / timedelta(seconds=1)
    if left > 0:
        return fine("token-life", name, f"{left:.0f} s were left")
    return wrong(
        "token-life",
        name,
        f"it had ended {checks.span(-left)} before",
        f"The token had ended {checks.span(-left)} before the call",
        _NEW_TOKEN,
    )


def _ids(facts: CallFacts) -> Check:
    name = "Transaction ids"
    for header in TRANSACTION_IDS:
        held = facts.request.header(header)
        if held is None:
            return wrong("ids", name, f"{header} is missing", f"The call has no {header}", _RESTORE_IDS)
        problem = id_problem(held)
        if problem is not None:
            return wrong("ids", name, f"{header}: {problem}", f"{header} is no UUID: {problem}", _RESTORE_IDS)
    return fine("ids", name, "both are there, and UUIDs")


def _target_checks(facts: CallFacts) -> tuple[Check, ...]:
    held = facts.request.header(TARGET)
    if held is None:
        sentence = f"The call has no {TARGET}"
        return (wrong("target-there", "Target identifier", "the header is missing", sentence, _RESTORE),)
    there = fine("target-there", "Target identifier", "the header is there")
    try:
        target = base64_json.decode(held, what=TARGET)
    except InputError as error:
        text = error.cause or error.sentence
        json_inside = "decodes to" in text
        id = "target-shape" if json_inside else "target-base64"
        return there, wrong(id, "Target decoded", text, f"The target identifier cannot be read: {text}", _RESTORE)
    decoded = fine("target-base64", "Target decoded", "base64 of a JSON object")
    missing = [name for name in ("system", "value") if not target.get(name)]
    if missing:
        words = f"{' and '.join(missing)} missing or empty"
        return there, decoded, wrong("target-shape", "Target", words, f"The target identifier has {words}", _RESTORE)
    system, value = str(target["system"]), str(target["value"])
    shape = fine("target-shape", "Target", f"{system}|{value}")
    return there, decoded, shape, _system(system), _known(facts, system, value)


def _system(system: str) -> Check:
    name = "Target system"
    if system == DOS_SERVICE_ID:
        return fine("target-system", name, "the one of the directory of services")
    near = system.lower().replace("http://", "https://").rstrip("/") == DOS_SERVICE_ID.lower()
    words = f"'{system}', and {DOS_SERVICE_ID} is compared letter by letter" if near else f"'{system}' is unusual"
    if near:
        return wrong("target-system", name, words, f"The system of the target is spelt '{system}'", _RESTORE)
    return wrong("target-system", name, words, f"The system of the target is '{system}', which BaRS may not know")


def _known(facts: CallFacts, system: str, value: str) -> Check:
    name = "Service"
    if (system, value) in facts.services:
        return fine("target-known", name, f"{value} is a service of {facts.place.title} in the directory")
    step = f"Choose a service of {facts.place.title} under Services, or correct the service id."
    words = f"{value} is no service of {facts.place.title} in the directory"
    return wrong("target-known", name, words, f"The service {value} is not known for {facts.place.title}", step)


def _accept(facts: CallFacts) -> Check:
    name, held = "Accept", facts.request.header("Accept")
    pointer = POINTERS in urlsplit(facts.request.url).path
    step = "Write version= and three plain numbers into Accept, without quotes and without a pre-release."
    if held is None:
        if pointer:
            return wrong("accept", name, "it is missing", "The call has no Accept header", step)
        return fine("accept", name, "it is missing, which the platform does not mind")
    parts = re.split(r"[,;]", held.lower())
    read = (_VERSION.fullmatch(part.strip()) for part in parts)
    found = [tuple(int(number) for number in match.groups()) for match in read if match is not None]
    if any(part.strip() == "version" for part in parts):
        return wrong("accept", name, held, "Accept names a version without '='", step)
    if pointer and max(found, default=(1, 0, 0)) < (1, 1, 0):
        words = f"'{held}' counts as {'.'.join(map(str, max(found, default=(1, 0, 0))))}"
        return wrong("accept", name, words, f"Accept asks for too low a version: {words}", step)
    return fine("accept", name, held)
