"""The reading calls: slots, appointments and referrals, by search and by id, from what the receiver has.

Parameters are those of the API specification 1.0.0 to 1.5.0; refusals those of Core, Failure scenarios. Must not know
sockets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from workbench.messages import tree
from workbench.messages.identity import is_uuid, split_endpoint
from workbench.receiver import searchset
from workbench.receiver.searchset import PEOPLE, slot_entries
from workbench.receiver.slot_book import slots_of
from workbench.receiver.state import CURRENT, Item, Kind
from workbench.receiver.values import Refusal
from workbench.rules.query import bound, parameters
from workbench.rules.search_values import is_date
from workbench.standard.parameters import parameter_specs
from workbench.standard.urls import NHS_NUMBER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.exchange import Ids, Request
    from workbench.messages import JsonObject
    from workbench.receiver.state import ReceiverState
    from workbench.receiver.values import ReceiverRules

WIDEST = timedelta(days=31)
"""A wider slot search is refused with 422 `too-costly`."""

SERVICE = "Schedule.actor:HealthcareService"
OWN_IDENTIFIER = "ServiceRequest.identifier"
NEEDED_INCLUDES = parameter_specs()["slot-search"]["_include"].needed
INCLUDES = (*NEEDED_INCLUDES, "HealthcareService:location", "HealthcareService:providedBy", *PEOPLE)
_STATUSES = frozenset(parameter_specs()["slot-search"]["status"].values)
_DEMOGRAPHICS = ("patient:name", "patient:birthdate", "patient:address-postalcode")
NAMES = {Kind.APPOINTMENT: "Appointment", Kind.REFERRAL: "ServiceRequest"}
"""Resource types of what is searched for and written."""


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of a call, decoded, in order."""

    pairs: tuple[tuple[str, str], ...] = field(default=())

    @classmethod
    def of(cls, request: Request) -> Query:
        """Those of a request's URL."""
        return cls(tuple((one.name, one.value) for one in parameters(request)))

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a parameter that is not blank."""
        return tuple(value for key, value in self.pairs if key == name and value.strip())

    def first(self, name: str) -> str:
        """The first value, or an empty text."""
        return next(iter(self.all(name)), "")


def required(name: str) -> Refusal:
    """A parameter that must be there is not."""
    text = f"the parameter {name} is missing."
    return Refusal(400, "required", text, "parameters", expression=f"parameters['{name}']")


def bad_value(name: str, why: str) -> Refusal:
    """A parameter cannot be used."""
    text = f"the parameter {name} cannot be used: {why}."
    return Refusal(400, "value", text, "parameters", expression=f"parameters['{name}'][0]")


def slot_search(
    query: Query, rules: ReceiverRules, state: ReceiverState, now: datetime, ids: Ids, url: str
) -> JsonObject | Refusal:
    """The slots of a service with what was asked to be included."""
    value = query.first(SERVICE)
    if not value:
        return required(SERVICE)
    service = rules.service(split_endpoint(value)[1])
    if service is None:
        return Refusal(404, "not-found", f"the service in {SERVICE} is not one of this receiver.", "parameters")
    statuses = {part.strip() for text in query.all("status") for part in text.split(",")}
    if not statuses:
        return required("status")
    if not statuses <= _STATUSES:
        return bad_value("status", "it may be free, busy or both with a comma between them")
    period = _period(query)
    if isinstance(period, Refusal):
        return period
    includes = query.all("_include")
    for name in NEEDED_INCLUDES:
        if name not in includes and "Slot:*" not in includes:
            return Refusal(400, "required", f"_include={name} is missing.", "parameters")
    earliest, latest = period
    found = [
        (slot, slot.free and state.holder_of(slot.id) is None)
        for slot in slots_of(service, state, now)
        if earliest <= slot.start <= latest
    ]
    chosen = [(slot, free) for slot, free in found if ("free" if free else "busy") in statuses]
    kept = tuple(name for name in INCLUDES if name in includes or "Slot:*" in includes)
    return searchset.bundle(slot_entries(service, rules, chosen, kept, now), ids(), now, url, len(chosen))


def _period(query: Query) -> tuple[datetime, datetime] | Refusal:
    texts = query.all("start")
    if not texts:
        return required("start")
    found: dict[str, datetime] = {}
    for text in texts:
        held = bound(text)
        if held is None:
            return bad_value("start", "ge or le and a dateTime with its offset are needed, and + is written %2B")
        found[held.prefix] = held.moment
    if set(found) != {"ge", "le"}:
        return Refusal(400, "required", "start must be there twice, with ge and with le.", "parameters")
    if found["le"] < found["ge"]:
        return bad_value("start", "the end of the range is before its beginning")
    if found["le"] - found["ge"] > WIDEST:
        text = f"the range of start is wider than {WIDEST.days} days."
        return Refusal(422, "too-costly", text, "parameters", expression="parameters['start']")
    return found["ge"], found["le"]


def resource_search(
    kind: Kind, query: Query, state: ReceiverState, now: datetime, ids: Ids, url: str
) -> JsonObject | Refusal:
    """The current bookings or referrals of a patient: by NHS number, else by name, birth date and postcode together.

    Referrals also by an identifier of their own. An identifier is looked for under its system: nobody has an NHS number
    under another one.
    """
    identifier = query.first("patient:identifier")
    own = query.first(OWN_IDENTIFIER) if kind is Kind.REFERRAL else ""
    wanted = {name: query.first(name) for name in _DEMOGRAPHICS if query.first(name)}
    for name, value in (("patient:identifier", identifier), (OWN_IDENTIFIER, own)):
        if value and not all(split_endpoint(value)):
            return bad_value(name, "it must be system|value")
    if identifier or own:
        found = [item for item in _current(kind, state) if _has(item, identifier, own)]
    elif wanted:
        birth = wanted.get("patient:birthdate", "").removeprefix("eq")
        if birth and not is_date(birth):
            return bad_value("patient:birthdate", "it must be YYYY-MM-DD")
        found = [item for item in _current(kind, state) if _is(item, wanted, birth)]
    else:
        return required("patient:identifier")
    entries = tuple((f"urn:uuid:{item.id}", item.resource, "match") for item in found)
    return searchset.bundle(entries, ids(), now, url, len(found))


def _current(kind: Kind, state: ReceiverState) -> list[Item]:
    return [item for item in state.of(kind) if item.status in CURRENT[kind]]


def _has(item: Item, patient: str, own: str) -> bool:
    """Whether an item is of the patient with an identifier and has one of its own, as far as they are asked for."""
    system, number = split_endpoint(patient)
    if patient and not (system.lower() == NHS_NUMBER.lower() and item.person.nhs_number == number.replace(" ", "")):
        return False
    held = {
        f"{tree.text(row.get('system')) or ''}|{tree.text(row.get('value')) or ''}".lower()
        for row in tree.objects(item.resource.get("identifier"))
    }
    return not own or own.lower() in held


def _is(item: Item, wanted: Mapping[str, str], birth: str) -> bool:
    name = wanted.get("patient:name", "").lower()
    names = f"{item.person.given} {item.person.family}".lower()
    postcode = wanted.get("patient:address-postalcode", "").replace(" ", "").upper()
    return (
        all(part in names.split() for part in name.replace(",", " ").split())
        and (not birth or item.person.birth_date == birth)
        and (not postcode or item.person.postcode == postcode)
    )


def read(kind: Kind, id: str, state: ReceiverState) -> JsonObject | Refusal:
    """One booking or referral by its id."""
    name = NAMES[kind]
    item = state.find(kind, id)
    if item is not None:
        return item.resource
    if not is_uuid(id):
        return Refusal(400, "value", f"the id of the {name} is no UUID.", "parameters")
    return Refusal(404, "not-found", f"no {name} with this id is known.", "state: unknown")
