"""The test of a connection, step by step: the name, the connection, the proxy, TLS and its certificates, one read.

Each step is told as soon as it is known; the first that fails is the last. Must not know environments or a window.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from workbench.errors import InputError, wording
from workbench.exchange import Failure
from workbench.transport.failures import failure_of
from workbench.transport.tls import client_context, host_of, stays_here, target_of
from workbench.transport.tls_chain import (
    date_problem,
    ends_soon,
    facts_of,
    fits_host,
    order_problem,
    read_chain,
    signer_of,
)
from workbench.transport.tls_failures import seen_facts, tls_code
from workbench.transport.tls_files import read_authorities, read_client_certificate
from workbench.transport.tls_look import ProxyRefused, addresses, connect, look, proxy_name, shake, short_name
from workbench.transport.wire import Tally

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
    from datetime import datetime

    from workbench.exchange import Request, Response
    from workbench.transport.tls import TlsChoice
    from workbench.transport.tls_look import Look, Proxy

STEP_S = 10.0
"""How long one step may take."""
SHOWN_NAMES = 6
_WANTS_MORE = (401, 403)
"""How a server says that it wants to know first who asks."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was found out; `tone` is ok, note, warning or error."""

    tone: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tested."""

    url: str
    tls: TlsChoice
    proxy: Proxy | None
    read: Request
    """The one harmless request at the end."""
    send: Callable[[Request], Awaitable[Response | Failure]]
    """Sends it with the same choices."""
    sign_in: Callable[[], Awaitable[tuple[Step, str]]] | None = None
    """Gets what the Authorization header is to say, with what there is to tell of that; empty when there is none."""


async def steps(trial: Trial, now: datetime, timer: Callable[[], float]) -> AsyncIterator[Step]:
    """Every step with what it showed; ends after the first error."""
    for part in (_reached, _secured, _read):
        async for step in part(trial, now, timer):
            yield step
            if step.tone == "error":
                return


async def _reached(trial: Trial, now: datetime, timer: Callable[[], float]) -> AsyncIterator[Step]:
    """Name and connection, those of the proxy where there is one."""
    proxy, first = trial.proxy, trial.proxy.url if trial.proxy is not None else trial.url
    whom = f"the proxy {proxy_name(proxy)}" if proxy is not None else target_of(trial.url)
    try:
        async with asyncio.timeout(STEP_S):
            found = await addresses(first)
    except (OSError, TimeoutError) as error:
        yield _failed("Name", error, whom, timer)
        return
    yield Step("ok", "Name", f"{host_of(first)} is {', '.join(found)}.")
    begun = timer()
    try:
        async with asyncio.timeout(STEP_S):
            writer = (await connect(trial.url, proxy))[1]
    except ProxyRefused as error:
        yield Step("error", "Proxy", f"{whom[0].upper()}{whom[1:]} does not let calls through: {error}.")
        return
    except (OSError, TimeoutError) as error:
        yield _failed("Connection", error, whom, timer)
        return
    writer.close()
    spent = f"in {(timer() - begun) * 1000:.0f} ms"
    through = f" through {whom}" if proxy is not None else ""
    yield Step("ok", "Connection", f"{target_of(trial.url)} takes connections{through}, {spent}.")


async def _secured(trial: Trial, now: datetime, timer: Callable[[], float]) -> AsyncIterator[Step]:
    """TLS: protocol, certificates, who vouches for them, and whether a client certificate is wanted and fits."""
    if urlsplit(trial.url).scheme != "https":
        if stays_here(trial.url):
            yield Step("ok", "TLS", "None, and none is needed: calls stay on this machine.")
        else:
            words = "None: the address starts with http://, so everybody on the way can read along."
            yield Step("warning", "TLS", words)
        return
    try:
        context = client_context(trial.tls, now)
    except InputError as error:
        yield Step("error", "Certificate files", f"{error.sentence} {error.next_step}")
        return
    try:
        async with asyncio.timeout(STEP_S):
            seen = await look(trial.url, trial.proxy)
    except (OSError, TimeoutError, ProxyRefused) as error:
        yield _failed("TLS", error, target_of(trial.url), timer)
        return
    if seen.protocol:
        yield Step("ok", "TLS", f"{seen.protocol} with {seen.cipher}.")
    for step in judged(seen.chain, host_of(trial.url), now):
        yield step
    if seen.problem and not seen.chain:
        yield _refused(seen.problem, trial.url, seen.chain, now)
        return
    async for step in _trusted(trial, context, seen, now):
        yield step


async def _trusted(trial: Trial, context: ssl.SSLContext, seen: Look, now: datetime) -> AsyncIterator[Step]:
    if not trial.tls.verifies(trial.url):
        yield Step("warning", "Trust", f"The certificate of {target_of(trial.url)} is not checked in this session.")
    else:
        _, writer = await connect(trial.url, trial.proxy)
        try:
            checked = await shake(writer, host_of(trial.url), context)
        finally:
            writer.close()
        if checked.problem:
            yield _refused(checked.problem, trial.url, seen.chain, now)
            return
        yield Step("ok", "Trust", trust_words(seen.chain, trial.tls))
    for step in client_steps(seen, trial.tls):
        yield step


async def _read(trial: Trial, _: datetime, timer: Callable[[], float]) -> AsyncIterator[Step]:
    """The one request, with a token where calls carry one."""
    read, authorization = trial.read, ""
    if trial.sign_in is not None:
        step, authorization = await trial.sign_in()
        yield step
    if authorization:
        read = replace(read, headers=(("Authorization", authorization), *read.headers))
    begun = timer()
    answer = await trial.send(read)
    name = f"{trial.read.method} /{urlsplit(trial.read.url).path.rpartition('/')[2]}"
    if isinstance(answer, Failure):
        yield Step("error", name, f"{answer.sentence} {answer.next_step}")
        return
    spent = f"in {(timer() - begun) * 1000:.0f} ms"
    words = f"Answered {answer.status} {answer.reason}".rstrip()
    if answer.ok:
        yield Step("ok", name, f"{words} {spent}.")
    elif answer.status in _WANTS_MORE and authorization:
        words = f"{words} {spent}: the connection works, and the token is not accepted for this call."
        yield Step("warning", name, f"{words} The timeline says why.")
    elif answer.status in _WANTS_MORE:
        yield Step("ok", name, f"{words} {spent}: the connection works. This request carries no token; calls do.")
    else:
        yield Step("warning", name, f"{words} {spent}: the connection works, but that is not what was asked for.")


def judged(chain: Sequence[bytes], host: str, now: datetime) -> tuple[Step, ...]:
    """The certificates a server shows, each with its names and dates and what is wrong with it."""
    try:
        certificates = read_chain(chain)
    except ValueError:
        return (Step("error", "Certificate", "It cannot be read."),)
    found = []
    for place, certificate in enumerate(certificates, 1):
        facts = facts_of(certificate)
        title = "Certificate" if place == 1 else f"Signed by ({place})"
        words = [f"{facts.subject}, signed by {'itself' if facts.self_signed else facts.issuer}, {facts.dates}."]
        problems = [f"It {problem}." for problem in (date_problem(facts, now),) if problem]
        if place == 1:
            names = ", ".join(facts.names[:SHOWN_NAMES]) or "no host name at all"
            more = f" and {len(facts.names) - SHOWN_NAMES} more" if len(facts.names) > SHOWN_NAMES else ""
            words.append(f"For {names}{more}.")
            if not fits_host(facts.names, host):
                problems.append(f"It is not for {host}.")
        soon = ends_soon(facts, now)
        tone = "warning" if problems or soon else "ok"
        found.append(Step(tone, title, " ".join((*words, *problems, *([f"It {soon}."] if soon else [])))))
    if problem := order_problem(certificates):
        found.append(Step("warning", "Order", problem))
    return tuple(found)


def trust_words(chain: Sequence[bytes], tls: TlsChoice) -> str:
    """Which authority made a chain trusted: one of the CA file, or one of this machine."""
    certificates = read_chain(chain)
    own = read_authorities(tls.ca) if tls.ca is not None else ()
    for certificate in certificates:
        signer = certificate if certificate in own else signer_of(certificate, own)
        if signer is not None:
            return f"Trusted by {facts_of(signer).subject}, from the CA file of this environment."
    last = facts_of(certificates[-1]) if certificates else None
    return f"Trusted by {last.issuer if last else 'an authority'}, an authority of this machine."


def client_steps(seen: Look, tls: TlsChoice) -> tuple[Step, ...]:
    """Whether a client certificate is wanted, and whether the one at hand is of an authority the server takes."""
    title = "Client certificate"
    if not seen.asked:
        words = "The server asks for none" + (", so yours is not shown." if tls.certificate is not None else ".")
        return (Step("ok", title, words),)
    taken = ", ".join(short_name(name) for name in seen.accepted[:SHOWN_NAMES])
    whose = f" of {taken}" if taken else ""
    if tls.certificate is None:
        return (Step("warning", title, f"The server asks for one{whose}; this environment has none."),)
    own = read_client_certificate(tls.certificate, tls.key, tls.passphrase).chain
    facts = facts_of(own[0])
    signers = {one.issuer.public_bytes() for one in own}
    if seen.accepted and not signers & set(seen.accepted):
        words = f"{facts.subject}, signed by {facts.issuer}, is shown; the server takes those{whose}."
        return (Step("warning", title, words),)
    return (Step("ok", title, f"Asked for; {facts.subject}, signed by {facts.issuer}, {facts.dates}, is shown."),)


def _failed(title: str, error: BaseException, whom: str, timer: Callable[[], float]) -> Step:
    failure = failure_of(error, whom, Tally(timer), size=0, total_s=STEP_S)
    return Step("error", title, f"{failure.sentence} {failure.next_step}")


def _refused(problem: str, url: str, chain: Sequence[bytes], now: datetime) -> Step:
    """Why a handshake failed, in the words a send would fail with."""
    code, facts = tls_code(problem)
    words = wording(code, what=target_of(url), **{**facts, **seen_facts(code, chain, now)})
    return Step("error", "Trust" if chain else "TLS", f"{words.sentence} {words.next_step}")
