"""Rules on who takes part: organisations, services, practitioners with their roles, next of kin and the broker.

How many there must be is judged by the message definition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Severity, tree
from workbench.rules import scope, sources
from workbench.rules.checks import has_status, lacks, links, when_sent
from workbench.rules.registry import rule
from workbench.rules.stages import Stage, number, stage
from workbench.rules.survey import remove_fix, survey
from workbench.rules.values import Hit
from workbench.standard import urls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import JsonObject
    from workbench.rules.survey import Found
    from workbench.rules.values import Submission

_ODS = (urls.ODS_CODE.lower(), "https://fhir.nhs.uk/id/ods-site-code")


def _has_identifier(resource: JsonObject, systems: tuple[str, ...] = ()) -> bool:
    """Whether an identifier has system and value; of one of the systems where they are given."""
    for one in tree.objects(resource.get("identifier")):
        system = (tree.text(one.get("system")) or "").strip().lower()
        if system and tree.text(one.get("value")) and (not systems or system in systems):
            return True
    return False


@rule("RES-101", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def organisations_are_named(s: Submission) -> Iterator[Hit]:
    """Every Organization has a name."""
    for held in survey(s).resources("Organization"):
        yield from lacks(held, "name")


@rule("RES-102", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def organisations_have_ods_codes(s: Submission) -> Iterator[Hit]:
    """Every Organization is identified by its ODS code.

    Official messages all have one without, so it is an error only when we compose. A code with other characters than
    letters and digits is a warning.
    """
    for path, organisation in survey(s).resources("Organization"):
        if not _has_identifier(organisation, _ODS):
            yield Hit(f"{path}.identifier", "The Organization has no ODS code.", severity=when_sent(s))
        for index, one in enumerate(tree.objects(organisation.get("identifier"))):
            code = tree.text(one.get("value")) or ""
            if (tree.text(one.get("system")) or "").strip().lower() in _ODS and code and not code.strip().isalnum():
                text = f"'{code[:40]}' is no ODS code, which has letters and digits only."
                yield Hit(f"{path}.identifier[{index}].value", text, severity=Severity.WARNING)


@rule("RES-103", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def services_are_identified(s: Submission) -> Iterator[Hit]:
    """A HealthcareService has an identifier with system and value, a name, says that it is active and who provides it.

    Applications 5 and 8 only recommend the provider. Official bookings leave some of it out, so it is an error only
    when we compose.
    """
    severity = when_sent(s)
    for held in survey(s).resources("HealthcareService"):
        path, service = held
        if not _has_identifier(service):
            yield Hit(
                f"{path}.identifier", "The HealthcareService has no identifier with system and value.", None, severity
            )
        if "active" not in service:
            yield Hit(f"{path}.active", "The HealthcareService does not say whether it is active.", severity=severity)
        yield from lacks(held, "name", severity)
        missing = Severity.WARNING if number(s) in (5, 8) else severity
        yield from links(s, held, "providedBy", ("Organization",), missing=missing, wrong=severity)


@rule("RES-104", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def practitioners_are_identified(s: Submission) -> Iterator[Hit]:
    """A Practitioner has an identifier with system and value.

    Application 5 and 8 only recommend it. Those of a slot search come without, so it is an error only when we compose.
    """
    severity = Severity.WARNING if number(s) in (5, 8) else when_sent(s)
    for path, person in survey(s).resources("Practitioner"):
        if not _has_identifier(person):
            yield Hit(f"{path}.identifier", "The Practitioner has no identifier with system and value.", None, severity)


@rule("RES-105", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def roles_link_person_and_organisation(s: Submission) -> Iterator[Hit]:
    """A PractitionerRole leads to its Practitioner and its Organization.

    Applications 5 and 8 only recommend it. Those of a slot search come without, so it is an error only when we compose.
    """
    severity = Severity.WARNING if number(s) in (5, 8) else when_sent(s)
    for held in survey(s).resources("PractitionerRole"):
        yield from links(s, held, "practitioner", ("Practitioner",), missing=severity, wrong=severity)
        yield from links(s, held, "organization", ("Organization",), missing=severity, wrong=severity)


@rule("RES-106", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def next_of_kin_are_described(s: Submission) -> Iterator[Hit]:
    """A RelatedPerson (next of kin) leads to the Patient and has a relationship, a name and whole telecoms.

    The relationship is a code with system and display. A start of the period is recommended; an end and a photo are
    not sent.
    """
    severity = when_sent(s)
    for held in survey(s).resources("RelatedPerson"):
        path, person = held
        yield from links(s, held, "patient", ("Patient",), missing=severity, wrong=severity)
        coding = next(iter(tree.codings(person.get("relationship"))), None)
        if coding is None:
            yield Hit(
                f"{path}.relationship", "The RelatedPerson does not say the relationship as a code.", None, severity
            )
        else:
            own = (f"{path}.relationship[0].coding[0]", {"resourceType": "relationship", **coding})
            for name in ("system", "code", "display"):
                yield from lacks(own, name, severity)
        yield from lacks(held, "name", severity)
        for index, telecom in enumerate(tree.objects(person.get("telecom"))):
            own = (f"{path}.telecom[{index}]", {"resourceType": "telecom", **telecom})
            yield from lacks(own, "system", severity)
            yield from lacks(own, "value", severity)
        yield from lacks(held, "period.start", Severity.INFORMATION)
        for unwanted in ("period.end", "photo"):
            if tree.inner(person, *unwanted.split(".")):
                place = f"{path}.{unwanted}"
                text = f"The {unwanted} of a RelatedPerson is not sent."
                yield Hit(place, text, remove_fix("Leave it out", place), Severity.WARNING)


@rule("RES-107", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders, since={8: "1.0.0-alpha"})
def the_broker_is_a_device(s: Submission) -> Iterator[Hit]:
    """A referral to a broker (Application 8) has one Device: active, named and owned by the receiver.

    The owner is the receiving Organization. Tables call the owner a Patient; FHIR R4 does not allow that.
    """
    if stage(s) is not Stage.NEW:
        return
    found = survey(s)
    devices = found.resources("Device")
    if not devices:
        yield Hit("Bundle.entry", "Device is missing: the broker is the performer of the referral.")
    for path, _ in devices[1:]:
        yield Hit(path, "A referral to a broker has one Device.")
    for held in devices:
        path, device = held
        yield from lacks(held, "status")
        yield from has_status(held, "active")
        names = tree.objects(device.get("deviceName"))
        if not any(tree.text(one.get("name")) for one in names):
            yield Hit(f"{path}.deviceName", "The Device has no name.")
        for index, one in enumerate(names):
            named = (f"{path}.deviceName[{index}]", {"resourceType": "deviceName", **one})
            yield from has_status(named, "user-friendly-name", element="type")
        head = found.header
        receiver = found.target(f"{head.path}.destination[0].receiver") if head else None
        yield from links(s, held, "owner", ("Organization",), to=receiver)


@rule("RES-108", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders, since={8: "1.0.0-alpha"})
def brokers_get_at_most_twenty_services(s: Submission) -> Iterator[Hit]:
    """A referral to a broker (Application 8) offers at most 20 services."""
    services: list[Found] = survey(s).resources("HealthcareService")
    if len(services) > 20:
        text = f"The referral offers {len(services)} services; a broker takes at most 20."
        yield Hit(services[20][0], text)
