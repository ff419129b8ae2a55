"""Rules on the query of a call: parameters that must be there, are known, given once, and can be decoded.

What single searches ask for is judged in `search_values` and `slot_search`. Must not know headers beyond the version.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import get_close_matches
from typing import TYPE_CHECKING
from urllib.parse import unquote

from workbench.messages import Layer, Severity
from workbench.messages.identity import is_uuid
from workbench.rules import scope, sources
from workbench.rules.header_reading import accepted_version
from workbench.rules.query import parameters
from workbench.rules.registry import rule
from workbench.rules.values import Answer, Hit
from workbench.standard import api_versions, is_at_least
from workbench.standard.parameters import parameter_specs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbench.rules.values import Submission
    from workbench.standard.parameters import ParameterSpec

_LAYER = Layer.PARAMETERS
_MISSING = Answer(400, "REC_BAD_REQUEST", "required")
_VALUE = Answer(400, "REC_BAD_REQUEST", "value")
_PATIENT_SEARCHES = frozenset({"appointment-search", "service-request-search"})
_OF_FHIR = frozenset(
    ("_format", "_pretty", "_summary", "_elements", "_count", "_sort", "_total", "_id", "_lastUpdated", "_revinclude")
)
"""Parameters that FHIR has for every search and this standard does not name."""
_MEANT = {"end": "start", "identifier": "patient:identifier", "_has": "", "actor": "Schedule.actor:HealthcareService"}
"""What is meant by names that other pages and other interfaces use."""
_TWICE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNWRITTEN = re.compile(r"[|\"<>\\^`{}\s]|[^\x00-\x7f]")


@rule("PAR-001", Severity.ERROR, source=sources.OPERATIONS, layer=_LAYER, applies=scope.reading_calls, answer=_MISSING)
def required_parameters_are_there(s: Submission) -> Iterator[Hit]:
    """Every parameter that the call requires is there, with a value.

    A search for bookings or referrals needs the NHS number or, from version 1.1.0 of the interface on, name, birth date
    or postcode instead.
    """
    given = {one.name for one in parameters(s.request) if one.value.strip()}
    known = known_parameters(s)
    for spec in known.values():
        if spec.required and spec.name not in given:
            yield Hit(f"parameters['{spec.name}']", f"The parameter {spec.name} is missing.")
    if scope.operation_of(s).id in _PATIENT_SEARCHES and not given & set(known):
        others = " or ".join(name for name in known if name != "patient:identifier")
        text = f"The search names nobody: patient:identifier is missing, and so is {others}."
        yield Hit("parameters['patient:identifier']", text)


@rule("PAR-002", Severity.WARNING, source=sources.OPERATIONS, layer=_LAYER, applies=scope.known_calls)
def parameters_are_published(s: Submission) -> Iterator[Hit]:
    """Every parameter is one of the call, spelt as published: names are compared with case.

    Receivers leave out what they do not know, and then answer another question than was asked.
    """
    known = known_parameters(s)
    for one in parameters(s.request):
        if one.name in known:
            continue
        if one.name in _OF_FHIR:
            text = f"{one.name} is a parameter of FHIR that this standard does not name: receivers may leave it out."
            yield Hit(one.path, text, severity=Severity.INFORMATION)
            continue
        meant = _meant(one.name, known)
        hint = f"; {meant} is probably meant" if meant else ""
        yield Hit(one.path, f"'{one.name}' is no parameter of this call{hint}.")


@rule("PAR-003", Severity.WARNING, source=sources.OPERATIONS, layer=_LAYER, applies=scope.reading_calls)
def parameters_are_given_as_often_as_published(s: Submission) -> Iterator[Hit]:
    """No parameter is there more often than the call knows it.

    Several statuses stand in one parameter with a comma; `start` is there twice, `context` once or twice.
    """
    counted = Counter(one.name for one in parameters(s.request))
    for spec in known_parameters(s).values():
        if spec.most is not None and counted[spec.name] > spec.most:
            times = {1: "once", 2: "twice"}[spec.most]
            text = f"The parameter {spec.name} is there {counted[spec.name]} times; {times} is meant."
            yield Hit(f"parameters['{spec.name}'][{spec.most}]", text)


@rule("PAR-004", Severity.WARNING, source=sources.URI, layer=_LAYER, applies=scope.known_calls)
def parameters_are_encoded_once(s: Submission) -> Iterator[Hit]:
    """Names and values are percent-encoded UTF-8, and encoded once.

    Characters that no URL may hold, such as |, are written with a percent sign (%7C): not every program on the way
    lets them through.
    """
    for one in parameters(s.request):
        if "\ufffd" in one.name + one.value:
            yield Hit(one.path, f"{one.name} is not percent-encoded UTF-8.")
        elif _TWICE.search(one.value) and _TWICE.search(unquote(one.value)) is None:
            held = _TWICE.findall(one.value)[0]
            yield Hit(one.path, f"{one.name} is encoded twice: after decoding it still holds {held}.")
        elif raw := _UNWRITTEN.search(one.written):
            shown = "".join(f"%{byte:02X}" for byte in raw.group().encode("utf-8", "replace"))
            text = f"{one.name} holds {raw.group()!r} as it is; in an address it is written {shown}."
            yield Hit(one.path, text, severity=Severity.INFORMATION)


@rule("PAR-005", Severity.ERROR, source=sources.OPERATIONS, layer=_LAYER, applies=scope.reads, answer=_VALUE)
def ids_in_the_path_are_uuids(s: Submission) -> Iterator[Hit]:
    """The id of the booking or referral that is read is a UUID, as its receiver gave it."""
    assert s.request is not None
    id = unquote(s.request.url.partition("?")[0].rstrip("/").rpartition("/")[2])
    if not is_uuid(id):
        yield Hit("parameters['id'][0]", f"'{id}' is no UUID: 8-4-4-4-12 hexadecimal digits.")


@rule("PAR-006", Severity.WARNING, source=sources.OPERATIONS, layer=_LAYER, applies=scope.reading_calls)
def parameters_exist_in_the_version(s: Submission) -> Iterator[Hit]:
    """Every parameter exists in the version of the interface that is asked for.

    Name, birth date and postcode came with version 1.1.0: a receiver of 1.0.0 may know the NHS number only.
    """
    version = accepted_version(s)
    asked = version if version in api_versions() else s.versions.api
    known = known_parameters(s)
    for one in parameters(s.request):
        spec = known.get(one.name)
        if spec is not None and not is_at_least(asked, spec.since):
            yield Hit(one.path, f"{one.name} came with version {spec.since} of the interface; {asked} is asked for.")


def known_parameters(s: Submission) -> Mapping[str, ParameterSpec]:
    """The parameters of the call by name; empty for calls that have none."""
    return parameter_specs().get(scope.operation_of(s).id, {})


def _meant(name: str, known: Mapping[str, ParameterSpec]) -> str | None:
    """The parameter of this call that a name was probably meant to be."""
    if (listed := _MEANT.get(name)) in known:
        return listed
    flat = {_flat(one): one for one in known}
    close = get_close_matches(_flat(name), flat, n=1, cutoff=0.7)
    return flat[close[0]] if close else None


def _flat(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())
