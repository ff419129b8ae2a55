"""What is right and wrong about a client assertion by the platform's rules (API specification, security).

Works on the facts of a JWT and on what is known around it; the same for the decoder and after a refusal.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from workbench.doctor import checks
from workbench.doctor.checks import fine, untested, wrong
from workbench.keys.jwt_text import ALGORITHM

if TYPE_CHECKING:
    from workbench.doctor.values import Check, SignIn
    from workbench.keys.jwt_text import JwtFacts

FURTHEST_S = 310
"""Seconds that the server lets `exp` lie ahead."""
FARTHEST_TIME = 1e12
LEEWAY_S = 60
_REMOTE = ("jku", "x5u", "jwk", "x5c", "crit")


def assertion_checks(facts: SignIn) -> tuple[Check, ...]:
    """Every rule on the assertion, tested; none where it is not known any more."""
    jwt = facts.jwt
    if jwt is None:
        return ()
    return (
        _algorithm(jwt),
        _typ(jwt),
        _kid(jwt),
        _key(jwt, facts),
        _signature(jwt),
        _issuer(jwt, facts),
        _audience(jwt, facts),
        _lifetime(jwt, facts),
        _jti(jwt, facts),
        checks.bound(jwt.kid, facts.place, facts.places, facts.keys),
        _published(jwt, facts),
    )


def _algorithm(jwt: JwtFacts) -> Check:
    name, held = "Algorithm", jwt.header.get("alg")
    if held == ALGORITHM:
        strange = [one for one in _REMOTE if one in jwt.header]
        if "crit" in strange:
            sentence = "The header of the JWT asks for extensions (crit) that nobody here knows"
            return wrong("algorithm", name, "crit is there", sentence, "Leave crit out.")
        note = f"; {', '.join(strange)} in the header is ignored" if strange else ""
        return fine("algorithm", name, f"{ALGORITHM}{note}")
    if isinstance(held, str) and held.lower() == "none":
        return wrong("algorithm", name, "none: it is not signed at all", "The token is not signed", "Sign it by RS512.")
    words = f"{held} instead of {ALGORITHM}" if held else "not named"
    return wrong("algorithm", name, words, f"The algorithm is {held or 'not named'}, and the platform takes RS512 only")


def _typ(jwt: JwtFacts) -> Check:
    held = jwt.header.get("typ")
    if isinstance(held, str) and held.upper() == "JWT":
        return fine("typ", "Type", "JWT")
    words = f"'{held}' instead of JWT" if held is not None else "typ is missing"
    return wrong("typ", "Type", words, "The header of the JWT does not say typ JWT", "Write typ: JWT into the header.")


def _kid(jwt: JwtFacts) -> Check:
    if jwt.kid:
        return fine("kid", "Key named", jwt.kid)
    return wrong("kid", "Key named", "kid is missing", "The header of the JWT names no key", "Write the kid into it.")


def _key(jwt: JwtFacts, facts: SignIn) -> Check:
    name = "Key of this workspace"
    if any(key.kid == jwt.kid for key in facts.keys):
        return fine("key", name, f"{jwt.kid} is at hand")
    known = ", ".join(key.kid for key in facts.keys) or "none"
    return untested("key", name, f"{jwt.kid or 'the key'} is not one of them ({known})")


def _signature(jwt: JwtFacts) -> Check:
    name = "Signature"
    if jwt.unsigned:
        return wrong("signature", name, "there is none", "The token has no signature", "Sign it by RS512.")
    if jwt.signed_by and jwt.kid in (jwt.signed_by, ""):
        return fine("signature", name, f"RS512 with {jwt.signed_by}")
    if jwt.signed_by:
        sentence = f"The token names {jwt.kid}, but {jwt.signed_by} signed it"
        return wrong("signature", name, f"made by {jwt.signed_by}", sentence, "Sign with the key that is named.")
    return untested("signature", name, "made by none of the keys of this workspace")


def _issuer(jwt: JwtFacts, facts: SignIn) -> Check:
    name, iss, sub = "Issuer and subject", jwt.claims.get("iss"), jwt.claims.get("sub")
    step = f"Enter the application's key as client id of {facts.place.title}: it goes into both."
    if not iss or not sub:
        missing = " and ".join(one for one, held in (("iss", iss), ("sub", sub)) if not held)
        return wrong("issuer", name, f"{missing} missing", f"The token has no {missing}", step)
    if iss != sub:
        return wrong("issuer", name, "they differ", "Issuer and subject of the token are not the same", step)
    if iss == facts.place.client_id:
        return fine("issuer", name, f"both are the application of {facts.place.title}")
    other = next((one.title for one in facts.places if one.client_id and one.client_id == iss), "")
    if other:
        sentence = f"The application key is the one of {other}, not {facts.place.title}"
        return wrong("issuer", name, f"both are the application of {other}", sentence, step)
    words = f"both are {iss}, and {facts.place.title} has {facts.place.client_id or 'no client id'}"
    return wrong("issuer", name, words, f"The application key is not the one of {facts.place.title}", step)


def _audience(jwt: JwtFacts, facts: SignIn) -> Check:
    name, aud, place = "Audience", jwt.claims.get("aud"), facts.place
    called = facts.request.url.partition("?")[0] if facts.request is not None else place.token_url
    step = f"Correct the token address of {place.title} to the one that is called."
    if aud == called:
        return fine("audience", name, f"equals the token address of {place.title}")
    if not aud:
        return wrong("audience", name, "aud is missing", "The token has no audience", step)
    other = next((one.title for one in facts.places if one.token_url == aud and one.id != place.id), "")
    if other:
        sentence = f"aud is for {other}, but the environment is {place.title}"
        return wrong("audience", name, f"the token address of {other}", sentence, step)
    words = f"{aud}, and {called or 'no address'} is called"
    return wrong("audience", name, words, "The audience is not the token address that is called", step)


def _lifetime(jwt: JwtFacts, facts: SignIn) -> Check:
    name, exp = "Lifetime", jwt.claims.get("exp")
    if exp is None:
        return wrong("lifetime", name, "exp is missing", "The token has no end", "Add exp, whole seconds since 1970.")
    if isinstance(exp, bool) or not isinstance(exp, int | float) or not abs(exp) < FARTHEST_TIME or exp != int(exp):
        sentence = "The end of the token is no whole number of seconds"
        return wrong("lifetime", name, f"exp is {_short(exp)}", sentence, "Write exp as whole seconds since 1970.")
    theirs = facts.at.timestamp() + (facts.skew_s or 0.0)
    left = exp - theirs
    step = "Set this machine's clock by a time server, and make a fresh token."
    if left <= 0:
        words = f"ended {checks.span(-left)} ago"
        return wrong("lifetime", name, words, f"The token {words}", step)
    if left > FURTHEST_S:
        words = f"ends in {checks.span(left)}, and five minutes are allowed"
        return wrong("lifetime", name, words, f"The token ends in {checks.span(left)}: five minutes are allowed", step)
    for claim in ("nbf", "iat"):
        held = jwt.claims.get(claim)
        if isinstance(held, int | float) and math.isfinite(held) and held - theirs > LEEWAY_S:
            words = f"{claim} lies {checks.span(held - theirs)} in the future"
            return wrong("lifetime", name, words, f"The token is not valid yet: {words}", step)
    return fine("lifetime", name, f"{left:.0f} s")


def _jti(jwt: JwtFacts, facts: SignIn) -> Check:
    name, jti = "Id used once", jwt.claims.get("jti")
    step = "Give every attempt a fresh UUID as jti."
    if not jti:
        return wrong("jti", name, "jti is missing", "The token has no id", step)
    if not isinstance(jti, str):
        return wrong("jti", name, f"jti is {_short(jti)}", "The id of the token is no text", step)
    if facts.jti_used:
        return wrong("jti", name, "an earlier attempt had the same", "The token was used before", step)
    return fine("jti", name, "jti is fresh")


def _published(jwt: JwtFacts, facts: SignIn) -> Check:
    name, place = "Public key is published", facts.place
    if facts.published is None:
        return untested("published", name, f"only {place.title} knows its key set")
    if jwt.kid in facts.published:
        return fine("published", name, f"the key set of {place.title} lists {jwt.kid}")
    listed = ", ".join(sorted(facts.published))
    words = f"the key set lists {listed} only" if listed else "no key set is registered"
    step = f"Publish the public key set with {jwt.kid or 'the key'}, and wait an hour: the platform keeps key sets."
    return wrong("published", name, words, f"{place.title} does not know the key {jwt.kid} yet", step)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}..."
