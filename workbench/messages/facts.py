"""The facts of a message that the rest of the program asks for again and again, taken from any tree that parsed.

Tolerant of every shape: what is absent or odd is None. Must not judge; rules do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import tree
from workbench.messages.identity import first_uuid, strip_urn, type_and_id
from workbench.messages.references import Entry, Targets, entries_of, entry_in
from workbench.messages.values import JsonObject, JsonValue, MessageFacts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

USE_CASES = "cases-categories-bars"
"""Part of the code system's URL; receivers' pseudo code misspells the rest."""
CATEGORY = "message-category-servicerequest"
REASON = "message-reason"
EVENT = "message-event"

_LINKS = {
    "ServiceRequest": ("supportingInfo", "basedOn"),
    "Appointment": ("basedOn", "supportingInformation", "slot"),
}


def facts_of(
    resource: JsonObject, entries: Sequence[Entry] | None = None, targets: Targets | None = None
) -> MessageFacts:
    """The facts of a message Bundle, or of a single resource as far as it has any. Never raises.

    `entries` and the `targets` among them are those of the resource, where they are known already.
    """
    listed = entries_of(resource) if entries is None else entries
    if resource.get("resourceType") != "Bundle":
        listed = (entry_in(0, resource, None)._replace(path=str(resource.get("resourceType"))),)
        targets = None
    return _Facts(resource, listed, targets or Targets(listed)).all()


class _Facts:
    """One reading of one message."""

    def __init__(self, resource: JsonObject, entries: Sequence[Entry], targets: Targets) -> None:
        self._bundle = resource if resource.get("resourceType") == "Bundle" else {}
        self._entries = entries
        self._targets = targets
        self._by_type: dict[str, list[JsonObject]] = {}
        for entry in entries:
            self._by_type.setdefault(entry.type, []).append(entry.resource)
        self._header = self._first("MessageHeader")

    def _first(self, kind: str) -> JsonObject:
        found = self._by_type.get(kind)
        return found[0] if found else {}

    def _all(self, kind: str) -> list[JsonObject]:
        return self._by_type.get(kind, [])

    def _target(self, value: JsonValue) -> Entry | None:
        """The entry that a Reference object points to."""
        reference = tree.inner_text(value, "reference")
        index = self._targets.entry(reference) if reference else None
        return self._entries[index] if index is not None else None  # entries stand in the order of their index

    def all(self) -> MessageFacts:
        header, focus = self._header, self._focus()
        patient = self._patient(focus)
        family, given, full = _name(patient)
        response = tree.inner_text(header, "response", "identifier")
        return MessageFacts(
            event=tree.inner_text(header, "eventCoding", "code") or tree.text(header.get("eventUri")),
            reason=tree.code_of(header.get("reason"), REASON) or _any_code(header.get("reason")),
            use_case=self._use_case(),
            category=self._category(focus),
            focus=focus.type if focus else self._unresolved_focus(),
            focus_id=focus.id if focus else None,
            focus_status=tree.text(focus.resource.get("status")) if focus else None,
            bundle_id=tree.text(self._bundle.get("id")),
            header_id=tree.text(header.get("id")),
            response_to=strip_urn(response) if response else None,
            version_id=tree.inner_text(self._bundle, "meta", "versionId"),
            written=self._written(),
            definition=tree.text(header.get("definition")),
            source_endpoint=tree.inner_text(header, "source", "endpoint"),
            destination_endpoint=tree.inner_text(header, "destination", "endpoint"),
            journey_id=self._journey(),
            breach_time=tree.inner_text(self._first("ServiceRequest"), "occurrencePeriod", "end"),
            resource_ids=tuple((entry.type, entry.id) for entry in self._entries if entry.id and entry.type),
            linked_ids=tuple(dict.fromkeys(self._links())),
            encounter_identifiers=tuple(self._encounter_identifiers()),
            updated=tuple(self._updated()),
            patient_name=full,
            patient_initials=initials(given, family) or None,
            patient_birth_date=tree.text(patient.get("birthDate")),
            patient_gender=tree.text(patient.get("gender")),
            nhs_number=_nhs_number(patient),
            sender_name=self._organisation(header.get("sender")) or tree.inner_text(header, "source", "name"),
            receiver_name=self._receiver(),
        )

    def _focus(self) -> Entry | None:
        found = self._target(self._header.get("focus"))
        if found is None and not self._header and not self._bundle and self._entries:
            return self._entries[0]
        return found

    def _written(self) -> str | None:
        root = self._bundle or (self._entries[0].resource if self._entries else {})
        return tree.text(root.get("timestamp")) or tree.inner_text(root, "meta", "lastUpdated")

    def _unresolved_focus(self) -> str | None:
        reference = tree.inner_text(self._header, "focus", "reference")
        named = type_and_id(reference) if reference else None
        return named[0] if named else None

    def _use_case(self) -> str | None:
        for kind, element in (("ServiceRequest", "category"), ("Appointment", "serviceCategory")):
            for resource in self._all(kind):
                if code := tree.code_of(resource.get(element), USE_CASES):
                    return code.lower()
        return None

    def _category(self, focus: Entry | None) -> str | None:
        if focus and focus.type == "Appointment":
            return tree.text(focus.resource.get("status"))
        for resource in self._all("ServiceRequest"):
            if code := tree.code_of(resource.get("category"), CATEGORY):
                return code
        return tree.text(self._first("Appointment").get("status"))

    def _journey(self) -> str | None:
        for encounter in self._all("Encounter"):
            reference = tree.inner_text(encounter, "episodeOfCare", "reference")
            if reference:
                return first_uuid(reference) or reference.rpartition("/")[2]
        return None

    def _links(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for entry in self._entries:
            for element in _LINKS.get(entry.type, ()):
                for reference in tree.objects(entry.resource.get(element)):
                    if named := type_and_id(tree.text(reference.get("reference")) or ""):
                        found.append(named)
        return found

    def _updated(self) -> Iterator[tuple[str, str]]:
        for entry in self._entries:
            if entry.type in ("ServiceRequest", "Appointment") and entry.id:
                when = tree.inner_text(entry.resource, "meta", "lastUpdated")
                if when:
                    yield f"{entry.type}/{entry.id}", when

    def _encounter_identifiers(self) -> list[str]:
        return [
            f"{tree.text(identifier.get('system')) or ''}|{value}"
            for encounter in self._all("Encounter")
            for identifier in tree.objects(encounter.get("identifier"))
            if (value := tree.text(identifier.get("value")))
        ]

    def _patient(self, focus: Entry | None) -> JsonObject:
        subject = self._target(focus.resource.get("subject")) if focus else None
        return subject.resource if subject and subject.type == "Patient" else self._first("Patient")

    def _organisation(self, reference: JsonValue) -> str | None:
        found = self._target(reference)
        return (tree.text(found.resource.get("name")) if found else None) or tree.inner_text(reference, "display")

    def _receiver(self) -> str | None:
        destination = self._header.get("destination")
        return (
            self._organisation(tree.inner(destination, "receiver"))
            or tree.inner_text(destination, "name")
            or tree.text(self._first("HealthcareService").get("name"))
        )


def _any_code(concept: JsonValue) -> str | None:
    return next((code for coding in tree.codings(concept) if (code := tree.text(coding.get("code")))), None)


def _name(patient: JsonObject) -> tuple[str, str, str | None]:
    """Family, first given name and `Family, Given` of the official name, else of the first."""
    names = tree.objects(patient.get("name"))
    name = next((item for item in names if item.get("use") == "official"), names[0] if names else {})
    family = (tree.text(name.get("family")) or "").strip()
    given = next(iter(tree.texts(name.get("given"))), "").strip()
    if not family and not given:
        words = (tree.text(name.get("text")) or "").split()
        family, given = (words[-1], words[0] if len(words) > 1 else "") if words else ("", "")
    full = ", ".join(part for part in (family, given) if part)
    return family, given, full or None


def initials(given: str, family: str) -> str:
    """`J.J.` of a given and a family name; empty when both are."""
    return "".join(f"{part[0].upper()}." for part in (given, family) if part)


def _nhs_number(patient: JsonObject) -> str | None:
    for identifier in tree.objects(patient.get("identifier")):
        if (tree.text(identifier.get("system")) or "").strip().lower().endswith("/nhs-number"):
            return tree.text(identifier.get("value"))
    return None
