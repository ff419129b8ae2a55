"""An earlier message, read for what a later one takes from it: its resources by name, the receiver's ids, the ends.

It must not know which message is to be made.
"""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.compose.builder import Kept, tidy
from workbench.compose.tree import objects, put, text
from workbench.standard.urls import FLAG_CATEGORIES, USE_CASES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbench.messages import Message
    from workbench.messages.values import JsonObject

_NAMES = {
    "MessageHeader": "header",
    "ServiceRequest": "request",
    "CarePlan": "plan",
    "HealthcareService": "service",
    "PractitionerRole": "role",
    "AllergyIntolerance": "allergy",
    "RelatedPerson": "related",
    "MedicationStatement": "medication",
    "Questionnaire": "sieve",
    "QuestionnaireResponse": "answers",
}
"""Names of entries whose type is not already one in lower case."""

_FLAGS = {"SS": "scene", "SG": "safeguarding", "RA": "adjustment"}


@dataclass(frozen=True, slots=True)
class Original:
    """What later messages ask of an earlier one."""

    kept: Mapping[str, tuple[Kept, ...]]
    bundle_id: str
    version: str
    event: str
    category: str
    use_case: str
    journey: str
    """The GUID part of Encounter.episodeOfCare."""
    source_endpoint: str
    destination_endpoint: str
    slot_id: str
    header: JsonObject

    def first(self, name: str) -> JsonObject:
        """The first resource of a name, or an empty object."""
        return self.kept[name][0].resource if name in self.kept else {}


def read(original: Message, acknowledgement: Message | None = None, interim: Message | None = None) -> Original:
    """The original with what its acknowledgement and an interim response told since.

    Resources keep their content and fullUrl; each takes the id the acknowledgement gave it: that of the entry with the
    same fullUrl, else that of the only entry of its type. The receiver's Encounter is added as it stands there. What an
    interim response sent again keeps the lastUpdated it had there.
    """
    known = entries(original)
    if acknowledgement is not None:
        known = _learned(known, entries(acknowledgement))
    if interim is not None:
        later = {kept.full_url: text(kept.resource, "meta.lastUpdated") for kept in entries(interim)}
        known = tuple(_stamped(kept, later.get(kept.full_url, "")) for kept in known)
    header = next((k.resource for k in known if k.resource.get("resourceType") == "MessageHeader"), {})
    kept = _named(known, header)
    request = kept["request"][0].resource if "request" in kept else {}
    appointment = kept["appointment"][0].resource if "appointment" in kept else {}
    encounter = kept["encounter"][0].resource if "encounter" in kept else {}
    slot = kept["slot"][0].resource if "slot" in kept else {}
    reference = text(appointment, "slot[0].reference")
    return Original(
        kept=kept,
        bundle_id=text(original.resource, "id"),
        version=text(original.resource, "meta.versionId"),
        event=text(header, "eventCoding.code"),
        category=text(request, "category[0].coding[0].code") or "referral",
        use_case=_use_case(request, appointment),
        journey=text(encounter, "episodeOfCare[0].reference").rpartition("/")[2],
        source_endpoint=text(header, "source.endpoint"),
        destination_endpoint=text(header, "destination[0].endpoint"),
        slot_id=text(slot, "id") or (reference.rpartition("/")[2] if reference.startswith("Slot/") else ""),
        header=header,
    )


def entries(message: Message) -> tuple[Kept, ...]:
    """The resources of a Bundle with their fullUrls, in order."""
    return tuple(Kept(entry.full_url or "", entry.resource) for entry in message.entries() if entry.resource)


def _learned(known: tuple[Kept, ...], answered: tuple[Kept, ...]) -> tuple[Kept, ...]:
    """The known resources with the ids of an answer, and the Encounter only the answer has."""
    by_url = {kept.full_url: kept for kept in answered}
    here, there = (Counter(_type(kept) for kept in side) for side in (known, answered))
    only = {_type(kept): kept for kept in answered if there[_type(kept)] == 1 == here[_type(kept)]}
    found: list[Kept] = []
    used: set[str] = set()
    for kept in known:
        match = by_url.get(kept.full_url) or only.get(_type(kept))
        if match is not None:
            used.add(match.full_url)
        given = text(match.resource, "id") if match is not None else ""
        found.append(Kept(kept.full_url, tidy({**kept.resource, "id": given}) if given else kept.resource))
    added = (kept for kept in answered if kept.full_url not in used and _type(kept) == "Encounter")
    return (*found, *added)


def _stamped(kept: Kept, when: str) -> Kept:
    """The resource as last updated at that time, when it was."""
    if not when:
        return kept
    resource = copy.deepcopy(kept.resource)
    put(resource, "meta.lastUpdated", when)
    return Kept(kept.full_url, resource)


def _named(known: tuple[Kept, ...], header: JsonObject) -> dict[str, tuple[Kept, ...]]:
    """The entries by the names templates use, in order."""
    named: dict[str, list[Kept]] = {}
    for name, kept in _names(known, header):
        named.setdefault(name, []).append(kept)
    return {name: tuple(group) for name, group in named.items()}


def _names(known: tuple[Kept, ...], header: JsonObject) -> Iterator[tuple[str, Kept]]:
    sender, receiver = text(header, "sender.reference"), text(header, "destination[0].receiver.reference")
    typed = [(_type(kept), kept) for kept in known]
    organisations = [kept for kind, kept in typed if kind == "Organization"]
    requests = [kept.resource for kind, kept in typed if kind == "ServiceRequest"]
    pointed = text(requests[0], "encounter.reference") if requests else ""
    encounters = [kept for kind, kept in typed if kind == "Encounter"]
    own = next((kept for kept in encounters if _same(kept, pointed)), encounters[0] if encounters else None)
    for kind, kept in typed:
        if kind == "Organization":
            if _same(kept, sender) or (not sender and kept is organisations[0]):
                yield "sender", kept
            elif _same(kept, receiver) or (not receiver and kept is organisations[-1]):
                yield "receiver", kept
            else:
                yield "organization", kept
        elif kind == "Encounter":
            yield ("encounter" if kept is own else "receiver_encounter"), kept
        elif kind == "Flag":
            yield _flag(kept.resource), kept
        else:
            yield _NAMES.get(kind) or kind.lower(), kept


def _same(kept: Kept, reference: str) -> bool:
    """Whether a reference means this entry; URNs compare without case."""
    return kept.full_url.lower() == reference.lower()


def _flag(flag: JsonObject) -> str:
    for category in objects(flag, "category"):
        for coding in objects(category, "coding"):
            if coding.get("system") == FLAG_CATEGORIES:
                return _FLAGS.get(text(coding, "code"), "flag")
    return "flag"


def _use_case(request: JsonObject, appointment: JsonObject) -> str:
    for concept in (*objects(request, "category"), *objects(appointment, "serviceCategory")):
        for coding in objects(concept, "coding"):
            if coding.get("system") == USE_CASES:
                return text(coding, "code").lower()
    return ""


def _type(kept: Kept) -> str:
    found = kept.resource.get("resourceType")
    return found if isinstance(found, str) else ""
