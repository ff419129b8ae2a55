"""One call in the making: which request it is, with the headers of whoever asks. The same for a preview and a send.

Composes values only; nothing is sent from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from workbench.errors import InputError
from workbench.exchange import Request
from workbench.headers import (
    HeaderChoices,
    Organisation,
    PractitionerFacts,
    Software,
    TargetIdentifier,
    compose_headers,
    use_context,
)
from workbench.headers.ids import CORRELATION_ID, REQUEST_ID
from workbench.messages import MessageFacts, Syntax
from workbench.messages.recent import facts_recent
from workbench.standard.operations import operations
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from workbench.directory import Identity, Service
    from workbench.standard import VersionProfile

NEW, ABSENT = "new", "absent"
"""How a transaction id is chosen, beside a UUID given by hand."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One call to make: what, to whom, and with which ids (a UUID, `new`, or `absent`)."""

    operation: str
    """A row of `operations.toml`."""
    service: Service
    body: bytes = b""
    parameters: tuple[tuple[str, str], ...] = ()
    path_values: tuple[tuple[str, str], ...] = ()
    request_id: str = NEW
    correlation_id: str = NEW
    headers: HeaderChoices = HeaderChoices()  # noqa: RUF009 - frozen
    draft: str | None = None
    run: str | None = None
    confirm_host: str = ""
    """What a person typed to allow a send to production."""
    versions: VersionProfile | None = None
    """By which versions it is made; None = those that the message names, else the usual ones."""
    use_context: str = ""
    """What `use-context` says; empty = what the message says."""


def read_facts(body: bytes) -> tuple[MessageFacts, Syntax]:
    """Facts and syntax of a body, as far as it can be read: bad messages are sent on purpose."""
    if not body:
        return MessageFacts(), Syntax.JSON
    found = facts_in(body)
    return found or (MessageFacts(), Syntax.XML if body.lstrip()[:1] == b"<" else Syntax.JSON)


def facts_in(body: bytes) -> tuple[MessageFacts, Syntax] | None:
    """Facts and syntax of a body; None where it is empty or cannot be read as FHIR. May be called from any thread."""
    if not body:
        return None
    try:
        return facts_recent(body)
    except InputError:
        return None


def _with_use_case(facts: MessageFacts, application: int) -> MessageFacts:
    """Facts with the use case that a message need not name, where its Application has only one (Application 7)."""
    if facts.use_case is not None:
        return facts
    codes = [case.code for case in use_cases().values() if case.application == application]
    return facts._replace(use_case=codes[0]) if len(codes) == 1 else facts


def call_request(
    outgoing: Outgoing,
    identity: Identity,
    base_url: str,
    facts: MessageFacts,
    syntax: Syntax,
    versions: VersionProfile,
) -> Request:
    """The request with every header but Authorization; the ids of `outgoing` must be UUIDs or `absent` by now."""
    operation = operations()[outgoing.operation]
    ids = ((REQUEST_ID, outgoing.request_id), (CORRELATION_ID, outgoing.correlation_id))
    left_out = frozenset(name for name, value in ids if value == ABSENT)
    headers = compose_headers(
        operation,
        target=TargetIdentifier(outgoing.service.system, outgoing.service.value),
        organisation=Organisation(identity.organisation, identity.ods_code),
        practitioner=practitioner_facts(identity),
        software=software_facts(identity),
        request_id=outgoing.request_id,
        correlation_id=outgoing.correlation_id,
        use_context=outgoing.use_context or use_context(_with_use_case(facts, versions.application)),
        versions=versions,
        content_type=f"application/fhir+{syntax.value}" if outgoing.body else None,
        choices=HeaderChoices(outgoing.headers.overrides, outgoing.headers.absent | left_out),
    )
    return Request(operation.method, call_url(base_url, operation.path, outgoing), headers, outgoing.body)


def call_url(base: str, path: str, outgoing: Outgoing) -> str:
    """The address of a call; parameters are percent-encoded fully, `$` of an operation's name stays as it is."""
    for name, value in outgoing.path_values:
        path = path.replace("{" + name + "}", quote(value, safe=""))
    query = urlencode(outgoing.parameters, quote_via=quote, safe="")
    return f"{base.rstrip('/')}{path}" + (f"?{query}" if query else "")


def practitioner_facts(identity: Identity) -> PractitionerFacts | None:
    """The person of an identity for NHSD-Requesting-Practitioner, None when it names nobody."""
    if not identity.role_profile:
        return None
    return PractitionerFacts(identity.role_profile, identity.role_code, identity.role)


def software_facts(identity: Identity) -> Software:
    """The software of an identity for NHSD-Requesting-Software."""
    return Software(identity.software, identity.software_version, identity.software_system, identity.software_value)
