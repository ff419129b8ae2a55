"""Rules on references: they lead somewhere, and to the right kind of resource.

Knows which resource an element usually points to; must not know messages' meaning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.messages import Layer, ReferenceKind, Severity, tree
from workbench.messages.identity import type_and_id
from workbench.rules import scope, sources
from workbench.rules.registry import rule
from workbench.rules.survey import set_fix, survey
from workbench.rules.values import Hit
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import Entry, Fix, Reference
    from workbench.rules.survey import Survey
    from workbench.rules.values import Submission

_USUAL: dict[str, tuple[str, ...]] = {
    "ServiceRequest.basedOn": ("CarePlan",),
    "ServiceRequest.performer": ("HealthcareService",),
    "ServiceRequest.requester": ("Practitioner",),
    "MessageHeader.sender": ("Organization",),
    "MessageHeader.destination.receiver": ("Organization",),
    "Schedule.actor": ("HealthcareService",),
    "subject": ("Patient",),
    "patient": ("Patient",),
    "encounter": ("Encounter",),
    "context": ("Encounter",),
}
"""What an element points to in BaRS where R4 leaves more than one choice."""

_OUTSIDE: dict[str, tuple[str, ...]] = {
    "ServiceRequest.supportingInfo": ("Appointment",),
    "Appointment.basedOn": ("ServiceRequest",),
    "Appointment.supportingInformation": ("ServiceRequest",),
}
"""References to what another message created: they leave the Bundle by design."""

_IN_CANCELLATIONS = ("Slot", "Schedule", "CarePlan", "Patient", "Encounter", "HealthcareService")
_INDEX = re.compile(r"\[\d+\]")


@rule("REF-001", Severity.ERROR, source=sources.COMPOSITES, applies=scope.messages)
def urns_lead_to_entries(s: Submission) -> Iterator[Hit]:
    """Every `urn:uuid:` reference leads to an entry of the message.

    Nothing outside a message can be reached by such an address. Where only one entry can be meant, the repair links it.
    """
    found = survey(s)
    for reference in found.message.references():
        if reference.kind is ReferenceKind.URN and reference.target_entry is None:
            owner, element = _owner(found, reference)
            text = f"The reference of {owner} to its {element} leads to no entry of this message."
            yield Hit(reference.path, text, _link(found, reference))


@rule("REF-002", Severity.WARNING, source=sources.COMPOSITES, applies=scope.messages)
def relative_references_are_known_ones(s: Submission) -> Iterator[Hit]:
    """A reference by type and id leads to an entry, or to what both sides know from before.

    Journey ids, the booking of a referral, the referral of a booking, and in cancellations what the original held may
    lie outside the message. When we compose, anything else is an error.
    """
    found = survey(s)
    for reference in found.message.references():
        if reference.kind not in (ReferenceKind.RELATIVE, ReferenceKind.ABSOLUTE) or reference.target_entry is not None:
            continue
        named = type_and_id(reference.value)
        kind = named[0] if named else ""
        if kind == "EpisodeOfCare" or _element_path(found, reference).endswith("episodeOfCare"):
            continue
        if kind in _OUTSIDE.get(_element_path(found, reference), ()):
            continue
        if kind in _IN_CANCELLATIONS and (found.is_cancellation or found.is_response):
            continue
        owner, element = _owner(found, reference)
        severity = Severity.ERROR if s.composing else Severity.WARNING
        text = f"The reference of {owner} to its {element} leads out of this message."
        yield Hit(reference.path, text, _link(found, reference), severity)


@rule("REF-003", Severity.ERROR, source=sources.R4_REFERENCES, layer=Layer.BASE, applies=scope.resources)
def fragments_lead_to_contained_resources(s: Submission) -> Iterator[Hit]:
    """A reference that begins with # leads to a resource contained in the same one (invariant ref-1)."""
    found = survey(s)
    contained: dict[int | None, set[str | None]] = {}
    for reference in found.message.references():
        if reference.kind is not ReferenceKind.FRAGMENT or reference.value == "#":
            continue
        index = reference.source_entry
        if index not in contained:
            holder = found.message.resource if index is None else found.entries[index].resource
            contained[index] = {tree.text(item.get("id")) for item in tree.objects(holder.get("contained"))}
        if reference.value[1:] not in contained[index]:
            owner, element = _owner(found, reference)
            yield Hit(reference.path, f"The reference of {owner} to its {element} names no contained resource.")


@rule("REF-004", Severity.ERROR, source=sources.R4_REFERENCES, layer=Layer.BASE, applies=scope.bundles)
def references_lead_to_the_right_type(s: Submission) -> Iterator[Hit]:
    """A reference leads to a resource type that FHIR R4 allows there."""
    found = survey(s)
    for reference in found.message.references():
        if reference.target_entry is None or reference.kind is ReferenceKind.FRAGMENT:
            continue
        allowed = _targets(found, reference)
        kind = found.entries[reference.target_entry].type
        if allowed and kind and kind not in allowed:
            owner, element = _owner(found, reference)
            wanted = " or ".join(allowed)
            text = f"The {element} of {owner} leads to {_an(kind)}; it must be {_an(wanted)}."
            yield Hit(reference.path, text, _link(found, reference))


def _link(found: Survey, reference: Reference) -> Fix | None:
    """Point the reference at the one entry that can be meant; None when there is none or a choice."""
    path = _element_path(found, reference)
    wanted = _USUAL.get(path) or _USUAL.get(path.rpartition(".")[2]) or _targets(found, reference)
    candidates: list[Entry] = [
        entry
        for kind in wanted
        for entry in found.all(kind)
        if entry.index != reference.source_entry and entry.full_url
    ]
    if len(candidates) != 1 or not candidates[0].full_url:
        return None
    return set_fix(f"Link to {candidates[0].type}", reference.path, candidates[0].full_url)


def _targets(found: Survey, reference: Reference) -> tuple[str, ...]:
    """The resource types R4 allows at this reference; empty = any."""
    steps = _INDEX.sub("", _inside(found, reference)).split(".")
    kind = steps[0]
    spec = None
    for name in steps[1:]:
        spec = r4().element(kind, name)
        if spec is None:
            return ()
        kind = r4().child_path(kind, name) or ""
    return spec.targets if spec else ()


def _inside(found: Survey, reference: Reference) -> str:
    """The path of the Reference inside its own resource: `ServiceRequest.basedOn[0]`."""
    path = reference.path.removesuffix(".reference")
    if reference.source_entry is None:
        return path
    entry = found.entries[reference.source_entry]
    return (entry.type or "Resource") + path[len(entry.path) :]


def _element_path(found: Survey, reference: Reference) -> str:
    return _INDEX.sub("", _inside(found, reference))


def _owner(found: Survey, reference: Reference) -> tuple[str, str]:
    """Who refers, and the element it does so with, in words."""
    kind, _, element = _element_path(found, reference).partition(".")
    return f"{kind or 'a resource'}", element or "target"


def _an(kind: str) -> str:
    return f"{'an' if kind[:1] in 'AEIOU' else 'a'} {kind}"
