"""Rules that hold headers against the message they go with: the same service, kind, organisation and software.

Knows both sides by their facts; must not judge either alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.exchange.values import header
from workbench.headers.build import use_context
from workbench.messages import Layer, Severity, tree
from workbench.messages.identity import split_endpoint
from workbench.rules import scope, sources
from workbench.rules.header_reading import (
    ORGANISATION,
    SOFTWARE,
    TARGET,
    accepted_version,
    call_headers,
    decoded,
    path_of,
)
from workbench.rules.registry import rule
from workbench.rules.survey import survey
from workbench.rules.values import Hit
from workbench.standard import api_versions, applications, is_at_least
from workbench.standard.urls import ODS_CODE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import JsonObject
    from workbench.rules.survey import Survey
    from workbench.rules.values import Submission

_LAYER = Layer.HEADERS
_PARTS = ("use case", "kind or status", "event", "reason")


@rule("HDR-101", Severity.WARNING, source=sources.MESSAGE_HEADERS, layer=_LAYER, applies=scope.calls_with_message)
def target_is_the_destination(s: Submission) -> Iterator[Hit]:
    """The service in NHSD-Target-Identifier is a destination that the message names.

    The platform routes by the header alone; the receiver refuses a message that is not for it.
    """
    found = decoded(s, TARGET)
    held = tree.text(found.value.get("value")) if found else None
    named = _destinations(survey(s))
    if found is None or held is None or not named:
        return
    severity = Severity.ERROR if s.composing else Severity.WARNING
    systems = [system for system, value in named if value == held]
    if not systems:
        values = " or ".join(value for _, value in named)
        yield Hit(
            f"{path_of(TARGET)}.value", f"The call goes to service {held}, the message to {values}.", None, severity
        )
    elif all(systems) and tree.text(found.value.get("system")) not in (None, *systems):
        yield Hit(f"{path_of(TARGET)}.system", "Header and message name the service by different systems.")


@rule("HDR-102", Severity.WARNING, source=sources.LOGGING, layer=_LAYER, applies=scope.calls_with_message)
def use_context_is_that_of_the_message(s: Submission) -> Iterator[Hit]:
    """use-context names use case, kind, event and reason of the message.

    It is for statistics: receivers ignore it.
    """
    held = header(call_headers(s), "use-context")
    wanted = use_context(survey(s).facts)
    if held is None or wanted is None or held.strip() == wanted:
        return
    parts, own = held.strip().split("|"), wanted.split("|")
    if len(parts) != len(own):
        return
    told = [name for name, said, meant in zip(_PARTS, parts, own, strict=True) if said != meant]
    text = f"use-context says '{held}'; the message is '{wanted}': {' and '.join(told)} differ."
    yield Hit(path_of("use-context"), text.replace(" differ.", " differs.") if len(told) == 1 else text)


@rule("HDR-103", Severity.INFORMATION, source=sources.MESSAGE_HEADERS, layer=_LAYER, applies=scope.calls_with_message)
def asking_organisation_is_the_sender(s: Submission) -> Iterator[Hit]:
    """NHSD-End-User-Organisation is the organisation that MessageHeader.sender names.

    A message may be sent on behalf of another organisation; where both are meant to be the same, one ODS code is wrong.
    """
    found = decoded(s, ORGANISATION)
    own = survey(s)
    sender = own.target(f"{own.header.path}.sender") if own.header else None
    if found is None or sender is None or sender.type != "Organization":
        return
    asking, sending = _ods_codes(found.value), _ods_codes(sender.resource)
    if asking and sending and not asking & sending:
        text = f"The call is made for organisation {min(asking)}, the message is sent by {min(sending)}."
        severity = Severity.WARNING if s.composing else Severity.INFORMATION
        yield Hit(f"{path_of(ORGANISATION)}.identifier", text, severity=severity)


@rule("HDR-104", Severity.INFORMATION, source=sources.MESSAGE_HEADERS, layer=_LAYER, applies=scope.calls_with_message)
def software_is_the_source(s: Submission) -> Iterator[Hit]:
    """NHSD-Requesting-Software has the version that MessageHeader.source has, where both name the same software.

    Header and message come from one program; two versions of it mean that one of them is kept by hand.
    """
    found = decoded(s, SOFTWARE)
    own = survey(s)
    source = tree.as_object(own.header.resource.get("source")) if own.header else {}
    if found is None:
        return
    name = tree.inner_text(found.value, "deviceName", "name")
    said, held = tree.inner_text(found.value, "version", "value"), tree.text(source.get("version"))
    if name and name == tree.text(source.get("software")) and said and held and said != held:
        text = f"{SOFTWARE} is {name} {said}, but the message comes from version {held} of it."
        yield Hit(f"{path_of(SOFTWARE)}.version", text)


@rule("HDR-105", Severity.INFORMATION, source=sources.NEGOTIATION, layer=_LAYER, applies=scope.calls_with_message)
def accept_reaches_the_application(s: Submission) -> Iterator[Hit]:
    """Accept asks for a version of the interface that the Application of the message builds on.

    Every Application names the least version it needs; newer ones of the same major version do as well.
    """
    version, number = accepted_version(s), survey(s).application
    if number is None or version not in api_versions():
        return
    least = applications()[number].api
    if not is_at_least(version, least):
        text = f"Accept asks for version {version}; Application {number} needs {least} or later."
        yield Hit(path_of("Accept"), text)


def _destinations(found: Survey) -> list[tuple[str, str]]:
    """System and value of every destination that names an endpoint."""
    rows = tree.objects(found.header.resource.get("destination")) if found.header else []
    texts = [text for row in rows if (text := tree.text(row.get("endpoint")))]
    return [split_endpoint(text) for text in texts]


def _ods_codes(resource: JsonObject) -> set[str]:
    return {
        value.upper()
        for item in tree.objects(resource.get("identifier"))
        if (tree.text(item.get("system")) or "").lower().endswith(ODS_CODE.lower().partition(":")[2])
        and (value := tree.text(item.get("value")))
    }
