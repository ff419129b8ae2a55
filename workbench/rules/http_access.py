"""Rules on what stands inside the base64 headers: the target, and who asks with which program.

Shapes are those of the API specification (headers), which are FHIR resources but for the target. Must not know the
message in the body.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from workbench.messages import Layer, Severity, tree
from workbench.rules import scope, sources
from workbench.rules.header_reading import ORGANISATION, PRACTITIONER, SOFTWARE, TARGET, decoded, encoded, path_of, read
from workbench.rules.registry import rule
from workbench.rules.values import Answer, Hit
from workbench.standard import urls
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import JsonObject
    from workbench.rules.values import Submission

_INVALID = Answer(400, "REC_BAD_REQUEST", "invalid")
_TARGET = Answer(400, "PROXY_BAD_REQUEST", "structure")
_LAYER = Layer.HEADERS
_CATALOGUE = frozenset({urls.DOS_SERVICE_ID, urls.ERS_SERVICE_ID})
_SERVICE = re.compile(r"[0-9]{1,10}")
_ODS = re.compile(r"[A-Z0-9]{1,12}")
_MANUFACTURER = "manufacturer-name"


@rule("HDR-008", Severity.ERROR, source=sources.HEADERS, layer=_LAYER, applies=scope.calls, answer=_TARGET)
def target_can_be_read(s: Submission) -> Iterator[Hit]:
    """NHSD-Target-Identifier is base64 of a JSON object with a system and a value.

    The platform refuses anything else before the receiver sees it.
    """
    for spec, value in encoded(s):
        if spec.name != TARGET:
            continue
        found = read(s, spec, value)
        if isinstance(found, str):
            yield Hit(path_of(TARGET), found)
            continue
        for name in ("system", "value"):
            if tree.text(found.value.get(name)) is None:
                text = f"{TARGET} needs system and value; its {name} is missing or no text."
                yield Hit(f"{path_of(TARGET)}.{name}", text)


@rule("HDR-009", Severity.ERROR, source=sources.HEADERS, layer=_LAYER, applies=scope.calls, answer=_INVALID)
def access_headers_can_be_read(s: Submission) -> Iterator[Hit]:
    """The access headers are base64 of a JSON object with the resource type of each."""
    for spec, value in encoded(s):
        if spec.name == TARGET:
            continue
        found = read(s, spec, value)
        if isinstance(found, str):
            yield Hit(path_of(spec.name), found)
        elif found.value.get("resourceType") != spec.resource_type:
            held = tree.text(found.value.get("resourceType")) or "nothing"
            text = f"{spec.name} holds {held}; it must be {spec.resource_type}."
            yield Hit(f"{path_of(spec.name)}.resourceType", text)


@rule("HDR-010", Severity.WARNING, source=sources.HEADERS, layer=_LAYER, applies=scope.calls)
def encoding_is_exact(s: Submission) -> Iterator[Hit]:
    """Base64 values are written so that every reader gets the same: no stray bits, no member twice.

    Encode the JSON again, each member once, with a current base64 encoder.
    """
    for spec, value in encoded(s):
        found = read(s, spec, value)
        if not isinstance(found, str):
            for note in found.notes:
                yield Hit(path_of(spec.name), f"The value of {spec.name} can be read, but {note}.")


@rule("HDR-011", Severity.WARNING, source=sources.HEADERS, layer=_LAYER, applies=scope.calls)
def target_system_is_spelt_right(s: Submission) -> Iterator[Hit]:
    """The system of the target is spelt as in the catalogue, which compares it letter by letter."""
    held = _target(s, "system")
    if held and held != urls.DOS_SERVICE_ID and _loose(held) == _loose(urls.DOS_SERVICE_ID):
        severity = Severity.ERROR if s.composing else Severity.WARNING
        text = f"The system of the target is spelt '{held}'; the catalogue knows '{urls.DOS_SERVICE_ID}'."
        yield Hit(f"{path_of(TARGET)}.system", text, severity=severity)


@rule("HDR-019", Severity.INFORMATION, source=sources.HEADERS, layer=_LAYER, applies=scope.calls)
def target_system_is_one_of_the_catalogue(s: Submission) -> Iterator[Hit]:
    """The system of the target is one by which services are known.

    The live platform answers 500 to a system outside its catalogue; test systems exist in test environments only.
    """
    held = _target(s, "system")
    if held and _loose(held) not in {_loose(one) for one in _CATALOGUE}:
        text = f"The system of the target is '{held}'; services are known by '{urls.DOS_SERVICE_ID}'."
        yield Hit(f"{path_of(TARGET)}.system", text)


@rule("HDR-020", Severity.WARNING, source=sources.HEADERS, layer=_LAYER, applies=scope.calls)
def target_value_is_a_service(s: Submission) -> Iterator[Hit]:
    """The value of the target is the bare id of a service: at most ten digits.

    Not `system|value`, no address and no ODS code: those stand elsewhere. The system says what the value is.
    """
    system, value = _target(s, "system"), _target(s, "value")
    if system is None or value is None or _loose(system) != _loose(urls.DOS_SERVICE_ID):
        return
    if not _SERVICE.fullmatch(value):
        hint = " The system stands beside it, not in front." if "|" in value else ""
        text = f"'{value}' is no id of a service; it has up to ten digits.{hint}"
        yield Hit(f"{path_of(TARGET)}.value", text)


@rule("HDR-012", Severity.ERROR, source=sources.HEADERS, layer=_LAYER, applies=scope.calls, answer=_INVALID)
def organisation_is_complete(s: Submission) -> Iterator[Hit]:
    """NHSD-End-User-Organisation has a name and an ODS code."""
    found = decoded(s, ORGANISATION)
    if found is None:
        return
    if tree.text(found.value.get("name")) is None:
        yield Hit(f"{path_of(ORGANISATION)}.name", "The asking organisation has no name.")
    if not any(tree.text(item.get("value")) for _, item in _identifiers(found.value, urls.ODS_CODE)):
        yield Hit(f"{path_of(ORGANISATION)}.identifier", "The asking organisation has no ODS code.")


@rule("HDR-021", Severity.WARNING, source=sources.HEADERS, layer=_LAYER, applies=scope.calls)
def ods_code_has_its_form(s: Submission) -> Iterator[Hit]:
    """The ODS code of the asking organisation is written in capital letters and digits, at most twelve."""
    found = decoded(s, ORGANISATION)
    for index, item in _identifiers(found.value, urls.ODS_CODE) if found else ():
        path = f"{path_of(ORGANISATION)}.identifier[{index}]"
        value, system = tree.text(item.get("value")), tree.text(item.get("system"))
        if value and not _ODS.fullmatch(value):
            yield Hit(f"{path}.value", f"'{value}' is no ODS code: up to twelve capital letters and digits.")
        if system != urls.ODS_CODE:
            text = f"The system of the ODS code is spelt '{system}'; published is '{urls.ODS_CODE}'."
            yield Hit(f"{path}.system", text)


@rule("HDR-013", Severity.ERROR, source=sources.HEADERS, layer=_LAYER, applies=scope.calls, answer=_INVALID)
def practitioner_and_software_are_complete(s: Submission) -> Iterator[Hit]:
    """The asking person and software have an identifier; the software also its name and version.

    Name and version of the software are objects here, unlike the lists of FHIR's Device; lists are accepted.
    """
    for name in (PRACTITIONER, SOFTWARE):
        found = decoded(s, name)
        if found and not any(tree.text(item.get("value")) for item in tree.objects(found.value.get("identifier"))):
            yield Hit(f"{path_of(name)}.identifier", f"{name} has no identifier.")
    found = decoded(s, SOFTWARE)
    if found is None:
        return
    for element, inner in (("deviceName", "name"), ("version", "value")):
        if not tree.inner_text(found.value, element, inner):
            yield Hit(f"{path_of(SOFTWARE)}.{element}", f"{SOFTWARE} does not say its {element}.")


@rule("HDR-022", Severity.WARNING, source=sources.HEADERS, layer=_LAYER, applies=scope.calls)
def practitioner_has_a_role_profile(s: Submission) -> Iterator[Hit]:
    """The asking person is known by a role profile, and a role that is given has a system and a code.

    Receivers decide by the SDS role profile id who may see what; the role itself is a SNOMED CT code.
    """
    found = decoded(s, PRACTITIONER)
    if found is None:
        return
    path = path_of(PRACTITIONER)
    if tree.objects(found.value.get("identifier")) and not _identifiers(found.value, urls.SDS_ROLE_PROFILE):
        yield Hit(f"{path}.identifier", f"No identifier of the asking person has the system {urls.SDS_ROLE_PROFILE}.")
    for index, concept in enumerate(tree.objects(found.value.get("code"))):
        for number, coding in enumerate(tree.objects(concept.get("coding"))):
            lacking = [name for name in ("system", "code") if tree.text(coding.get(name)) is None]
            if lacking:
                place = f"{path}.code[{index}].coding[{number}]"
                yield Hit(place, f"The role of the asking person has no {' and no '.join(lacking)}.")


@rule("HDR-023", Severity.INFORMATION, source=sources.HEADERS, layer=_LAYER, applies=scope.calls)
def software_is_written_as_published(s: Submission) -> Iterator[Hit]:
    """Name and version of the asking software are single objects, and the name is that of its manufacturer.

    The specification departs from FHIR here on purpose; a list is understood, but not what is published.
    """
    found = decoded(s, SOFTWARE)
    if found is None:
        return
    severity = Severity.WARNING if s.composing else Severity.INFORMATION
    for element in ("deviceName", "version"):
        if isinstance(found.value.get(element), list):
            text = f"{element} of {SOFTWARE} is a list; the specification has one object."
            yield Hit(f"{path_of(SOFTWARE)}.{element}", text, severity=severity)
    kind = tree.inner_text(found.value, "deviceName", "type")
    if tree.inner_text(found.value, "deviceName", "name") and kind != _MANUFACTURER:
        text = f"The type of the device name is '{kind or ''}'; {_MANUFACTURER} is meant."
        yield Hit(f"{path_of(SOFTWARE)}.deviceName.type", text, severity=severity)


@rule("HDR-024", Severity.INFORMATION, source=sources.HEADERS, layer=_LAYER, applies=scope.calls)
def members_are_published(s: Submission) -> Iterator[Hit]:
    """The JSON inside a header has only members of its published shape.

    Others are ignored; one that is nearly right is probably a slip, and what it should say is then missing.
    """
    for spec, value in encoded(s):
        found = read(s, spec, value)
        if isinstance(found, str):
            continue
        known = _members(spec.resource_type)
        for name in found.value:
            if name in known:
                continue
            close = get_close_matches(name.lower(), {one.lower(): one for one in known}, n=1, cutoff=0.8)
            meant = next((one for one in known if close and one.lower() == close[0]), None)
            hint = f"; {meant} is probably meant" if meant else ""
            severity = Severity.WARNING if meant else Severity.INFORMATION
            text = f"'{name}' is no member of {spec.name}{hint}."
            yield Hit(f"{path_of(spec.name)}.{name}", text, severity=severity)


@cache
def _members(resource_type: str | None) -> frozenset[str]:
    """The top-level members a decoded header may have."""
    if resource_type is None:
        return frozenset({"system", "value"})
    return frozenset({"resourceType", *(element.name for element in r4().elements(resource_type))})


def _target(s: Submission, name: str) -> str | None:
    found = decoded(s, TARGET)
    return tree.text(found.value.get(name)) if found else None


def _identifiers(resource: JsonObject, system: str) -> list[tuple[int, JsonObject]]:
    """The identifiers of a system with their positions; http and capitals are forgiven."""
    return [
        (index, item)
        for index, item in enumerate(tree.objects(resource.get("identifier")))
        if _loose(tree.text(item.get("system")) or "") == _loose(system)
    ]


def _loose(url: str) -> str:
    return url.lower().replace("http:", "https:", 1).rstrip("/")
