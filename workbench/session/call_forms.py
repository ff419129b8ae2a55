"""The forms of the calls: which values each takes in a version of the interface, filled with sensible ones.

Pure functions of a service, a patient and a time; what they make is shown, changed and only then sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from workbench.compose import singles
from workbench.compose.singles import Pointed
from workbench.messages import json_text
from workbench.session.call_views import CallChoice, CallField, CallForm, FieldKind
from workbench.standard import is_at_least
from workbench.standard.parameters import parameter_specs
from workbench.standard.urls import NHS_NUMBER, ODS_CODE, SNOMED, USE_CASES
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.compose import Party, PatientFacts
    from workbench.messages import JsonObject
    from workbench.standard.operations import Operation

PRODUCT = "BARS-WORKBENCH"
DAYS = 7
TO_SERVICE, TO_PLATFORM = "service", "platform"
TO = "to"
"""Key of the field of a capability check that says whether a target goes along."""
USE_CONTEXT = "use-context"
_CONNECTION = "https://terminology.hl7.org/CodeSystem/endpoint-connection-type|hl7-fhir-msg"
_PAYLOAD = "https://terminology.hl7.org/CodeSystem/endpoint-payload-type|bars"
_GROUPS = {"Catalogue": "Endpoint catalogue (preview)", "Pointers": "Pointers (national record locator)"}
_PRODUCTION = "1.1.0"
"""The newest API version that production takes, in part; later ones are INT only by the specification."""
_LABELS = {
    "context": "Service that is asked about",
    "Schedule.actor:HealthcareService": "Service whose slots are wanted",
    "status": "Slots that are",
    "_include": "Also give",
    "patient:identifier": "Patient, by NHS number",
    "patient:name": "Patient's name",
    "patient:birthdate": "Birth date",
    "patient:address-postalcode": "Postcode of the home",
    "ServiceRequest.identifier": "Referral, by an identifier of its own",
    "subject:identifier": "Patient, by NHS number",
    "custodian:identifier": "Organisation that keeps it",
    "type": "What it leads to",
    "next-page-token": "Token of the next page",
    "Organization.identifier": "Organisation, by ODS code",
    "HealthcareService.identifier": "Service",
    "HealthcareService.providedBy": "Organisation that provides it",
    "_has:HealthcareService.Identifier": "Service that it belongs to",
    "_has:HealthcareService.Id": "Service that it belongs to, by its id in the catalogue",
    "Endpoint.identifier": "Endpoint, by identifier",
    "ConnectionType": "Kind of connection",
    "PayloadType": "What it takes",
}


@dataclass(frozen=True, slots=True)
class About:
    """What a form is filled with."""

    api: str
    service: Party
    sender: Party
    patient: PatientFacts
    use_case: str
    now: datetime
    address: str = ""
    """Where our own receiver listens, for the endpoint catalogue."""
    message: str = ""
    """The message for `$process-message`."""
    canned: bool = False
    """Whether it goes to the public sandbox, which refuses the slot search of the specification."""


def choice_of(call: Operation) -> CallChoice:
    """A call as lists show it."""
    group = _GROUPS.get(call.group, call.group)
    return CallChoice(call.id, call.title, group, call.method, call.path, call.preview)


def form_of(call: Operation, about: About) -> CallForm:
    """The form of a call that the chosen version of the interface has."""
    fields: list[CallField] = []
    if "{id}" in call.path:
        kind = call.path.split("/")[1]
        fields.append(CallField("id", "id", f"Id of the {kind}", "", FieldKind.PATH, required=True))
    if call.id == "metadata":
        choices = ((TO_SERVICE, f"what {about.service.service_name} offers"), (TO_PLATFORM, "what the platform offers"))
        label = "What is asked for"
        fields.append(CallField(TO, "NHSD-Target-Identifier", label, TO_SERVICE, FieldKind.HEADER, choices))
    for spec in parameter_specs().get(call.id, {}).values():
        if is_at_least(about.api, spec.since):
            fields += _fields(call, spec.name, about, required=spec.required)
    if "U" in call.letters(about.api) and call.id != "process-message":
        hint = "Use case, status or category, event and reason: for statistics only."
        context = _use_context(call, about)
        fields.append(CallField(USE_CONTEXT, USE_CONTEXT, "Kind of call", context, FieldKind.HEADER, hint=hint))
    return CallForm(
        choice_of(call), about.api, tuple(fields), _body(call, about), bool(call.body), tuple(_notes(call, about))
    )


def _fields(call: Operation, name: str, about: About, *, required: bool) -> list[CallField]:
    if name == "start":
        return _bounds(about)
    label = _LABELS[name]
    if name == "context":
        found = [CallField("context", name, label, about.service.endpoint, required=True)]
        if is_at_least(about.api, "1.1.0"):
            cases = tuple((f"{USE_CASES}|{code}", f"{code}: {case.display}") for code, case in use_cases().items())
            choices = (("", "every use case"), *cases)
            found.append(CallField("context.case", name, "Use case", "", FieldKind.CHOICE, choices))
        return found
    if call.id == "slot-search" and name == "status":
        choices = (("free", "free"), ("busy", "busy"))
        return [CallField(name, name, label, "free", FieldKind.FLAGS, choices, required)]
    if name == "_include":
        values = parameter_specs()[call.id][name]
        chosen = ",".join(values.needed)
        listed = tuple((value, value) for value in values.values)
        if about.canned:
            chosen, listed = "Schedule", (("Schedule", "Schedule"), *listed)
        return [CallField(name, name, label, chosen, FieldKind.REPEATED, listed, required)]
    if name == "type":
        types = ((f"{SNOMED}|{code}", words) for words, code in singles.TYPE_CODES.items())
        return [CallField(name, name, label, "", FieldKind.CHOICE, (("", "anything"), *types))]
    return [CallField(name, name, label, _value(call, name, about), required=required)]


def _value(call: Operation, name: str, about: About) -> str:
    """What a plain parameter begins with; of several that select alike only the first has one."""
    return {
        "Schedule.actor:HealthcareService": about.service.service_id,
        "patient:identifier": f"{NHS_NUMBER}|{about.patient.nhs_number}",
        "subject:identifier": f"{NHS_NUMBER}|{about.patient.nhs_number}",
        "Organization.identifier": f"{ODS_CODE}|{about.service.ods_code}",
        "HealthcareService.identifier": about.service.endpoint,
        "_has:HealthcareService.Identifier": about.service.endpoint,
        "ConnectionType": _CONNECTION,
        "PayloadType": _PAYLOAD,
    }.get(name, "")


def _bounds(about: About) -> list[CallField]:
    """The period of a slot search: the next seven days, both bounds in UTC (API specification, GET /Slot)."""
    first = about.now.replace(microsecond=0)
    last = first + timedelta(days=DAYS)
    if about.canned:
        return [CallField("start", "start", "Start", first.isoformat(), required=True)]
    return [
        CallField("start.ge", "start", "Not before (ge)", f"ge{first.isoformat()}", required=True),
        CallField("start.le", "start", "Not after (le)", f"le{last.isoformat()}", required=True),
    ]


def _use_context(call: Operation, about: About) -> str:
    """`a1t1|booked|booking-request|new` as far as a single resource says it (Core, Logging)."""
    reason = {"POST": "new", "DELETE": "delete"}.get(call.method, "update")
    booking = call.path.startswith(("/Appointment", "/DocumentReference"))
    kind = ("cancelled" if call.method == "DELETE" else "booked") if booking else "referral"
    return f"{about.use_case}|{kind}|{'booking' if booking else 'servicerequest'}-request|{reason}"


def _body(call: Operation, about: About) -> str:
    made = _resource(call, about)
    return about.message if call.id == "process-message" else json_text.dump(made) if made else ""


def _resource(call: Operation, about: About) -> JsonObject:
    now, period = about.now, (about.now.isoformat(), (about.now + timedelta(days=365)).isoformat())
    name, template = call.path.split("/")[1], "$template" in call.path
    if not call.body:
        return {}
    if call.method == "PATCH":
        part: JsonObject = {"slot": [{"reference": "Slot/"}]} if name == "Appointment" else {"priority": "urgent"}
        return {"resourceType": name, **part}
    match name:
        case "Appointment":
            made = singles.appointment(about.patient, about.use_case, now=now)
            return made if call.method == "POST" else {**made, "status": "cancelled"}
        case "ServiceRequest":
            made = singles.service_request(about.patient, about.use_case, now=now)
            return made if call.method == "POST" else {**made, "status": "revoked"}
        case "DocumentReference":
            to = Pointed("Appointment", "", about.patient.nhs_number, about.sender, period)
            return singles.pointer(to, product=PRODUCT, api=about.api)
        case "Organization":
            return singles.organization(about.sender)
        case "HealthcareService":
            return singles.healthcare_service(about.sender, product=PRODUCT)
        case "Endpoint":
            return singles.endpoint(about.sender, about.address, product=PRODUCT, period=None if template else period)
    return {}


def _notes(call: Operation, about: About) -> list[str]:
    notes = []
    if call.preview:
        notes.append("Preview: the guide says not to build against the endpoint catalogue yet.")
    elif not is_at_least(_PRODUCTION, about.api):
        notes.append(f"By the specification version {about.api} of the interface is for INT only.")
    if call.method == "DELETE" and call.path.startswith(("/Appointment", "/ServiceRequest")):
        notes.append("The specification has it, but no workflow of the guide uses it: cancelling is an update.")
    if call.id == "appointment-update":
        notes.append("An update changes status and reason only; another slot needs a patch.")
    if call.id.endswith("-search") and "patient:name" in parameter_specs().get(call.id, {}) and about.api != "1.0.0":
        notes.append("Name, birth date and postcode go together, and only where the receiver lists them.")
    if about.canned and call.id == "slot-search":
        notes.append("The public sandbox refuses the search of the specification: it takes one plain start.")
    return notes
