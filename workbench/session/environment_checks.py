"""What can be wrong with an environment before anything is sent, a sentence for each field.

Addresses are judged by the rules of the client, certificates by reading their files, the machine's proxy by its
settings. Nothing is opened but those.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from workbench.directory.environments import EMBEDDED, OWN_COLOURS, int_only, leads_to_production
from workbench.errors import ConfigError, InputError
from workbench.exchange import Request
from workbench.session.environment_views import Problem
from workbench.standard.versions import applications
from workbench.transport.failures import UnusableRequest, check_request
from workbench.transport.system_proxy import proxy_for, system_settings
from workbench.transport.tls import host_of, stays_here
from workbench.transport.tls_chain import date_problem, ends_soon, facts_of
from workbench.transport.tls_files import read_authorities, read_client_certificate, usable_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from workbench.directory import Environment
    from workbench.session.environment_views import EnvironmentEdit

BASE_END = "/FHIR/R4"
LONGEST_TITLE = 40
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_THREE_NUMBERS = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


def id_of(title: str, taken: Sequence[str]) -> str:
    """An id for a new environment, made of its title; with a number where it is taken."""
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:36].strip("-") or "environment"
    return next(name for n in range(1, len(taken) + 2) if (name := plain if n == 1 else f"{plain}-{n}") not in taken)


def problems(
    edit: EnvironmentEdit, others: Sequence[Environment], *, passphrase: str, now: datetime
) -> tuple[Problem, ...]:
    """Everything that is wrong, in the order of the form; `passphrase` opens the client certificate."""
    environment = edit.environment
    found = [*_names(environment, others)]
    if environment.id != EMBEDDED:
        found += [*_addresses(environment), *_proxy(environment)]
        found += [*_authorities(environment, now), *_client_certificate(environment, passphrase, now)]
    found += _versions(environment)
    return tuple(found)


def _names(environment: Environment, others: Sequence[Environment]) -> Iterator[Problem]:
    title = environment.title.strip()
    if not _ID.fullmatch(environment.id):
        yield Problem("id", "The id must be small letters, digits and hyphens, 40 at most.")
    if not title:
        yield Problem("title", "Give it a name.")
    elif len(title) > LONGEST_TITLE:
        yield Problem("title", f"The name is longer than {LONGEST_TITLE} characters, which no menu has room for.")
    elif any(one.title.strip().lower() == title.lower() and one.id != environment.id for one in others):
        yield Problem("title", "Another environment has this name; give it one of its own.")
    if environment.colour and environment.colour not in OWN_COLOURS:
        yield Problem("colour", "There is no such colour to choose.")
    if not environment.production and leads_to_production(environment.base_url):
        yield Problem("production", "Live patients are behind this address, so it is guarded as production.", False)


def _addresses(environment: Environment) -> Iterator[Problem]:
    base, token = environment.base_url, environment.token_url or ""
    fault = _address_fault(base)
    if fault:
        yield Problem("base_url", fault)
    elif _open(base) and environment.needs_token:
        yield Problem("base_url", "A token must not travel over plain http: the address must start with https://.")
    elif _open(base):
        yield Problem("base_url", "It starts with http://, so everybody on the way can read along.", False)
    elif not urlsplit(base).path.rstrip("/").endswith(BASE_END):
        yield Problem("base_url", f"Addresses of the standard end with {BASE_END}; this one does not.", False)
    if not environment.needs_token:
        return
    if not token:
        yield Problem("token_url", "Give the address where tokens are had, or say that it needs none.")
    elif token_fault := _address_fault(token):
        yield Problem("token_url", token_fault)
    elif _open(token):
        yield Problem("token_url", "A token must not travel over plain http: the address must start with https://.")
    elif not fault and host_of(token) != host_of(base):
        words = f"Tokens come from {host_of(token)}, but calls go to {host_of(base)}: is that meant?"
        yield Problem("token_url", words, False)
    if not environment.client_id:
        yield Problem("client_id", "Without the API key of a registered application no token is given out.", False)
    elif not environment.client_id.isascii() or not environment.client_id.isprintable() or " " in environment.client_id:
        yield Problem("client_id", "The API key holds a blank or a character that none has; copy it again.")


def _proxy(environment: Environment) -> Iterator[Problem]:
    proxy = environment.proxy
    if environment.system_proxy:
        try:
            proxy_for(environment.base_url, system_settings())
        except ConfigError as error:
            yield Problem("proxy_way", f"{error.sentence} {error.next_step}", severe=False)
        return
    if not proxy:
        if environment.proxy_user:
            yield Problem("proxy", "There is a user for a proxy, but no proxy.")
        return
    fault = _address_fault(proxy)
    if "@" in proxy:
        yield Problem("proxy", "User and password have fields of their own; leave them out of the address.")
    elif fault:
        yield Problem("proxy", fault.replace("https://", "http://"))
    elif urlsplit(proxy).scheme != "http":
        yield Problem("proxy", "A proxy is spoken to in http: write http://host:port. What goes through stays https.")
    elif urlsplit(proxy).path.strip("/"):
        yield Problem("proxy", "A proxy is a host and a port, nothing after them. Scripts (PAC) are not followed.")
    elif urlsplit(proxy).port is None:
        yield Problem("proxy", "Give the port of the proxy: http://host:port.")


def _authorities(environment: Environment, now: datetime) -> Iterator[Problem]:
    if not environment.ca:
        return
    try:
        found = [facts_of(one) for one in read_authorities(Path(environment.ca))]
    except InputError as error:
        yield Problem("ca", error.sentence)
        return
    for facts in found:
        if problem := date_problem(facts, now):
            yield Problem("ca", f"{facts.subject} {problem}.", False)
        elif not facts.authority and not facts.self_signed:
            yield Problem("ca", f"{facts.subject} is no authority, so it vouches for nobody.", False)


def _client_certificate(environment: Environment, passphrase: str, now: datetime) -> Iterator[Problem]:
    if not environment.certificate:
        if environment.certificate_key:
            yield Problem("certificate", "There is a key for a client certificate, but no certificate.")
        return
    path = Path(environment.certificate)
    key = Path(environment.certificate_key) if environment.certificate_key else None
    try:
        client = read_client_certificate(path, key, passphrase)
        usable_at(client, now, path.name)
    except InputError as error:
        of_passphrase = "passphrase" in error.cause
        of_key = key is not None and key.name in error.sentence
        yield Problem("passphrase" if of_passphrase else "certificate_key" if of_key else "certificate", error.sentence)
        return
    if soon := ends_soon(facts_of(client.chain[0]), now):
        yield Problem("certificate", f"The client certificate {soon}.", False)


def _versions(environment: Environment) -> Iterator[Problem]:
    application = applications().get(environment.application)
    if application is None:
        yield Problem("application", f"There is no Application {environment.application}.")
    elif environment.application_version and environment.application_version not in application.versions:
        yield Problem(
            "application_version",
            f"Application {application.number} has no version {environment.application_version}; its newest is "
            f"{application.default_version}.",
        )
    if environment.api_version and not _THREE_NUMBERS.fullmatch(environment.api_version):
        yield Problem("api_version", "Write three numbers with dots, as 1.1.0: the platform takes nothing else.")
    elif environment.live and int_only(environment.api_version):
        yield Problem(
            "api_version", f"{environment.api_version} is offered in INT only; production takes 1.0.0 and 1.1.0.", False
        )
    if environment.core and environment.core not in ("1.0.7", "1.5.0"):
        yield Problem("core", "There are two lines of the Core guide: 1.0.7 and 1.5.0.")


def _address_fault(url: str) -> str:
    """What is wrong with an address, as a sentence; empty when it can be used."""
    if not url:
        return "Give the address: it starts with https:// and names a host."
    try:
        check_request(Request("GET", url))
    except UnusableRequest as problem:
        return problem.failure.sentence
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        return "The address must end with its path: leave out what follows ? or #."
    return ""


def _open(url: str) -> bool:
    """Whether an address is plain http to another machine."""
    return urlsplit(url).scheme == "http" and not stays_here(url)
