"""Rules on what a message says about the patient: name, contacts, addresses, and where birth sex belongs.

The NHS number is judged on its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.messages import Layer, Number, Severity, tree
from workbench.rules import scope, sources
from workbench.rules.checks import extensions, lacks, links, when_sent
from workbench.rules.registry import rule
from workbench.rules.stages import Stage, number, stage
from workbench.rules.survey import set_fix, survey
from workbench.rules.values import Hit
from workbench.standard import urls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import JsonObject
    from workbench.rules.survey import Found
    from workbench.rules.values import Submission

RANK = urls.UK_CORE_PROFILE + "Extension-UKCore-ContactRank"
BIRTH_SEX = urls.UK_CORE_PROFILE + "Extension-UKCore-BirthSex"
_PHONE, _POSTCODE = re.compile(r"[ 0-9]+"), re.compile(r"[ 0-9a-zA-Z]+")
_REFUSES = "the national test harness would refuse it"


def _patients(s: Submission) -> list[Found]:
    return survey(s).resources("Patient")


def _contacts(held: Found) -> list[Found]:
    path, patient = held
    return [
        (f"{path}.contact[{index}]", {"resourceType": "contact", **one})
        for index, one in enumerate(tree.objects(patient.get("contact")))
    ]


def _rank(contact: JsonObject) -> int | None:
    """The rank of a contact; 0 for one that is no number."""
    for _, extension in extensions(contact, RANK):
        value = extension.get("valuePositiveInt")
        return int(value.text) if isinstance(value, Number) and value.text.isdigit() else 0
    return None


def _phones(contact: JsonObject) -> list[str]:
    return [
        value
        for one in tree.objects(contact.get("telecom"))
        if tree.text(one.get("system")) == "phone" and (value := tree.text(one.get("value")))
    ]


@rule("PAT-005", Severity.WARNING, source=sources.HARNESS, layer=Layer.HARNESS, applies=scope.with_header)
def there_is_one_official_name(s: Submission) -> Iterator[Hit]:
    """The patient has one official name, with a family name and a given name.

    The standard only recommends it: an unknown patient may have none. The national test harness wants it.
    """
    for path, patient in _patients(s):
        names = [
            (index, one)
            for index, one in enumerate(tree.objects(patient.get("name")))
            if tree.text(one.get("use")) == "official"
        ]
        if not names:
            yield Hit(f"{path}.name", f"The patient has no official name: {_REFUSES}.")
        for index, one in names:
            if not tree.text(one.get("family")) or not tree.texts(one.get("given")):
                text = f"The official name of the patient lacks a family name or a given name: {_REFUSES}."
                yield Hit(f"{path}.name[{index}]", text)
        for index, _ in names[1:]:
            yield Hit(f"{path}.name[{index}]", f"The patient has a second official name: {_REFUSES}.")


@rule("PAT-006", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def phone_numbers_are_contacts(s: Submission) -> Iterator[Hit]:
    """A patient has no telecom of their own: phone numbers stand under contact, ranked in the order to call them.

    The patient's own number is a contact with the relationship ONESELF.
    """
    for path, patient in _patients(s):
        if patient.get("telecom"):
            text = "The patient has a telecom; phone numbers belong to Patient.contact, ranked in the order to call."
            yield Hit(f"{path}.telecom", text)


@rule("PAT-007", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def there_is_a_first_contact(s: Submission) -> Iterator[Hit]:
    """The patient has contacts, one of which has the rank 1 and a phone number.

    The rank is an extension. Application 8 only recommends contacts, and bookings only recommend the number.
    """
    eased = Severity.WARNING if number(s) == 8 else None
    for held in _patients(s):
        path, _ = held
        contacts = _contacts(held)
        if not contacts:
            yield Hit(f"{path}.contact", "The patient has no contact: nobody can be called back.", severity=eased)
            continue
        ranks = [_rank(contact) for _, contact in contacts]
        if 1 not in ranks:
            fix = None
            if len(contacts) == 1 and not contacts[0][1].get("extension"):
                place = f"{contacts[0][0]}.extension"
                fix = set_fix("Give it the rank 1", place, [{"url": RANK, "valuePositiveInt": Number("1")}])
            yield Hit(f"{contacts[0][0]}.extension", "No contact of the patient has the rank 1.", fix, eased)
            continue
        first = ranks.index(1)
        for index, rank in enumerate(ranks):
            if rank == 1 and index != first:
                text = "A second contact of the patient has the rank 1; only one is called first."
                yield Hit(f"{contacts[index][0]}.extension", text, severity=eased)
        if not _phones(contacts[first][1]):
            booked = stage(s) is Stage.BOOKING
            text = "The contact to call first has no phone number."
            yield Hit(f"{contacts[first][0]}.telecom", text, severity=Severity.WARNING if booked else eased)


@rule("PAT-008", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def contacts_are_ranked(s: Submission) -> Iterator[Hit]:
    """Every contact beside the first has a rank and a relationship.

    Official examples have second contacts without, so it is an error only when we compose. The first one's
    relationship is a warning.
    """
    for held in _patients(s):
        contacts = _contacts(held)
        ranks = [_rank(contact) for _, contact in contacts]
        for index, (path, contact) in enumerate(contacts):
            first = ranks[index] == 1 or (1 not in ranks and index == 0)
            severity = Severity.WARNING if first or number(s) == 8 else when_sent(s)
            if ranks[index] is None and not first:
                yield Hit(f"{path}.extension", "This contact of the patient has no rank.", severity=severity)
            yield from lacks((path, contact), "relationship", severity, " to the patient")


@rule("PAT-009", Severity.WARNING, source=sources.HARNESS, layer=Layer.HARNESS, applies=scope.bookings)
def booked_patients_can_be_found(s: Submission) -> Iterator[Hit]:
    """The patient of a booking has a phone number, one home address with a postcode, and a date of birth.

    The standard recommends them. The national test harness wants them: the number in digits and blanks only.
    """
    if stage(s) is not Stage.BOOKING:
        return
    for held in _patients(s):
        path, patient = held
        phones = [phone for _, contact in _contacts(held) for phone in _phones(contact)]
        if not any(_PHONE.fullmatch(phone) for phone in phones):
            text = f"No contact of the patient has a phone number of digits and blanks only: {_REFUSES}."
            yield Hit(f"{path}.contact", text)
        homes = [
            (index, one)
            for index, one in enumerate(tree.objects(patient.get("address")))
            if tree.text(one.get("use")) == "home"
        ]
        if len(homes) != 1:
            said = "no home address" if not homes else f"{len(homes)} home addresses"
            place = f"{path}.address" if not homes else f"{path}.address[{homes[1][0]}]"
            yield Hit(place, f"The patient has {said}; one is wanted: {_REFUSES}.")
        for index, one in homes[:1]:
            if not _POSTCODE.fullmatch(tree.text(one.get("postalCode")) or ""):
                place = f"{path}.address[{index}].postalCode"
                yield Hit(place, f"The home address has no postcode of letters, digits and blanks: {_REFUSES}.")
        if not tree.text(patient.get("birthDate")):
            yield Hit(f"{path}.birthDate", f"The patient has no date of birth: {_REFUSES}.")


@rule("PAT-010", Severity.WARNING, source=sources.PAYLOAD, applies=scope.with_header)
def the_practice_is_an_organisation(s: Submission) -> Iterator[Hit]:
    """The general practitioner of a patient is the practice, an Organization, not a person."""
    for held in _patients(s):
        yield from links(s, held, "generalPractitioner", ("Organization",), missing=None, wrong=Severity.WARNING)


@rule("PAT-011", Severity.WARNING, source=sources.HARNESS, layer=Layer.HARNESS, applies=scope.with_header)
def birth_sex_is_an_observation(s: Submission) -> Iterator[Hit]:
    """The sex at birth is sent as an Observation, not as an extension of the patient.

    The guide advises against the extension; the national test harness refuses it.
    """
    for path, patient in _patients(s):
        for index, _ in extensions(patient, BIRTH_SEX):
            text = f"The sex at birth stands in an extension of the patient; an Observation is meant: {_REFUSES}."
            yield Hit(f"{path}.extension[{index}]", text)


@rule("PAT-012", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders, since={8: "1.0.0-alpha"})
def brokers_want_whole_addresses(s: Submission) -> Iterator[Hit]:
    """A referral to a broker (Application 8) has an address with use, type, text, lines and postcode.

    An error only when we compose.
    """
    for path, patient in _patients(s):
        addresses = tree.objects(patient.get("address"))
        if not addresses:
            yield Hit(f"{path}.address", "A broker needs the patient's address.", severity=when_sent(s))
        for index, one in enumerate(addresses):
            own = (f"{path}.address[{index}]", {"resourceType": "address", **one})
            for element in ("use", "type", "text", "line", "postalCode"):
                yield from lacks(own, element, when_sent(s))
