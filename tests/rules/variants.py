"""Good messages as others may write them: changes that the standard leaves open, and other ways to write the same XML.

What a validator must not call an error.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from workbench.messages import Number, parse
from workbench.messages.json_text import dump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OTHER = "https://supplier.example"
GUID = "0badcafe-0000-4000-8000-0000000000ee"
INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
CODED = ("category", "code", "policyRule", "reasonCode", "serviceCategory", "type")
IDENTIFIED = ("Patient", "Organization", "Practitioner", "Encounter", "Location", "HealthcareService", "Appointment")
DIV = '<div xmlns="http://www.w3.org/1999/xhtml"><p class="x">Some <b>words</b> &amp; <br/>more</p></div>'


def resources(bundle: Any, *types: str) -> Iterator[Any]:
    held = [one["resource"] for one in bundle.get("entry", []) if "resource" in one] or [bundle]
    return (one for one in held if not types or one["resourceType"] in types)


def objects(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield value
        for inner in list(value.values()):
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


def texts(value: Any, change: Callable[[str, str], str], name: str = "") -> Any:
    """The value with every text changed; the name is that of the element it stands in."""
    if isinstance(value, dict):
        return {key: texts(inner, change, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [texts(inner, change, name) for inner in value]
    return change(name, value) if isinstance(value, str) else value


def times(written: str) -> Callable[[Any], Any]:
    return lambda bundle: texts(bundle, lambda _, text: INSTANT.sub(written, text))


def each(change: Callable[[Any], object], *types: str) -> Callable[[Any], None]:
    """A change of every resource of some types, or of all."""

    def made(bundle: Any) -> None:
        for resource in list(resources(bundle, *types)):
            change(resource)

    return made


def inside(name: str, change: Callable[[Any], object], beside: str = "") -> Callable[[Any], None]:
    """A change of every object that has an element of a name with text or a list in it, and one beside it."""

    def made(bundle: Any) -> None:
        for resource in list(resources(bundle)):
            for one in list(objects(resource)):
                if isinstance(one.get(name), str | list) and (not beside or beside in one) and "unit" not in one:
                    change(one)

    return made


def more(name: str, *values: Any, first: bool = False) -> Callable[[Any], None]:
    """Values more in a list of a resource."""

    def made(resource: Any) -> None:
        held = resource.setdefault(name, [])
        resource[name] = [*values, *held] if first else [*held, *values]

    return made


def put(**values: Any) -> Callable[[Any], None]:
    return lambda resource: resource.update(copy.deepcopy(values))


def without(*names: str) -> Callable[[Any], None]:
    return lambda resource: [resource.pop(name, None) for name in names]


def coding(value: Any, first: bool = False) -> Callable[[Any], None]:
    """A coding more in every concept of a resource but those of the header."""

    def made(bundle: Any) -> None:
        for resource in resources(bundle):
            for name in CODED:
                concepts = resource.get(name)
                for one in concepts if isinstance(concepts, list) else [concepts]:
                    if isinstance(one, dict) and isinstance(one.get("coding"), list):
                        one["coding"].insert(0 if first else len(one["coding"]), dict(value))

    return made


def profiles(change: Callable[[list[str]], list[str]]) -> Callable[[Any], None]:
    def made(bundle: Any) -> None:
        for resource in (bundle, *resources(bundle)):
            meta = resource.get("meta", {})
            if "profile" in meta:
                meta["profile"] = change(meta["profile"])

    return made


def turned(bundle: Any) -> None:
    bundle["entry"][1:] = bundle["entry"][:0:-1]


def by_id(address: str) -> Callable[[Any], Any]:
    """References by type and id in place of those by fullUrl."""

    def made(bundle: Any) -> Any:
        known = {}
        for number, one in enumerate(bundle["entry"]):
            held = one["resource"]
            own = held.setdefault("id", f"0badcafe-0000-4000-8000-{number:012x}")
            known[one["fullUrl"]] = f"{address}{held['resourceType']}/{own}"
        return texts(bundle, lambda name, text: known.get(text, text) if name == "reference" else text)

    return made


def contained(bundle: Any) -> None:
    for one in resources(bundle, "Patient"):
        one["contained"] = [{"resourceType": "Organization", "id": "practice", "name": "Mock Practice"}]
        one["generalPractitioner"] = [{"reference": "#practice"}]


def contained_requester(bundle: Any) -> None:
    for one in resources(bundle, "ServiceRequest"):
        if "requester" in one:
            one["contained"] = [{"resourceType": "Practitioner", "id": "who", "name": [{"text": "Mock"}]}]
            one["requester"] = {"reference": "#who"}


def numbered(bundle: Any) -> None:
    for resource in resources(bundle):
        for number, one in enumerate(objects(resource)):
            if one is not resource:
                one.setdefault("id", f"e{number}")


def patient_is_second(bundle: Any) -> None:
    service = next((one["fullUrl"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Schedule"), None)
    for one in resources(bundle, "Appointment"):
        if service:
            one["participant"].insert(0, {"actor": {"display": "Mock Nurse"}, "status": "accepted"})


def second_destination(bundle: Any) -> None:
    for head in resources(bundle, "MessageHeader"):
        head["destination"].append({**head["destination"][0], "endpoint": "https://fhir.nhs.uk/Id/dos-service-id|7"})


def quoted_as_urn(bundle: Any) -> None:
    for head in resources(bundle, "MessageHeader"):
        if "response" in head:
            head["response"]["identifier"] = f"urn:uuid:{head['response']['identifier']}"


def upper(name: str, text: str) -> str:
    return "urn:uuid:" + text[9:].upper() if text.startswith("urn:uuid:") else text


def lower_id(name: str, text: str) -> str:
    return text.replace("fhir.nhs.uk/Id/", "fhir.nhs.uk/id/") if name in ("system", "endpoint") else text


def reason_in_words(bundle: Any) -> None:
    for head in resources(bundle, "MessageHeader"):
        head["reason"]["coding"].insert(0, {"display": "In our words"})
        head["reason"]["text"] = "In our words"


def definition_version(bundle: Any) -> None:
    for head in resources(bundle, "MessageHeader"):
        head["definition"] += "|1.0.0"


def cases_of_journeys(bundle: Any) -> None:
    for one in list(resources(bundle, "Encounter"))[:1]:
        journey = one["episodeOfCare"][0]
        journey["reference"] = f"{OTHER}/{journey['reference']}/_history/1"


def sorted_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: sorted_keys(value[name]) for name in sorted(value, reverse=True)}
    return [sorted_keys(one) for one in value] if isinstance(value, list) else value


EXTENSION = {"url": f"{OTHER}/StructureDefinition/mock", "valueString": "x"}
PARTS = {"url": f"{OTHER}/mock", "extension": [{"url": "a", "valueBoolean": True}, {"url": "b", "valueCode": "x"}]}
SIGNED = {
    "type": [{"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.1"}],
    "when": "2026-11-24T09:00:00Z",
    "who": {"display": "Mock"},
    "data": "AAAA",
}
CONFIDENTIAL = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}
MAIL = {"system": "email", "value": "ash@mock.example"}
CONTACT = {"name": {"text": "Mock Kin"}, "relationship": [{"text": "a friend"}]}

VARIANTS: dict[str, Callable[[Any], Any]] = {
    "entries in another order": turned,
    "keys in another order": sorted_keys,
    "further profiles": profiles(lambda held: [*held, f"{OTHER}/StructureDefinition/mock"]),
    "further profiles first": profiles(lambda held: [f"{OTHER}/StructureDefinition/mock", *held]),
    "profiles with a version": profiles(lambda held: [f"{one}|1.0.0" for one in held]),
    "further identifiers": each(more("identifier", {"system": f"{OTHER}/Id", "value": "a"}), *IDENTIFIED),
    "further identifiers first": each(more("identifier", {"system": "urn:oid:1.2.3", "value": "a"}), *IDENTIFIED[:4]),
    "identifiers in words": each(more("identifier", {"type": {"text": "Ours"}, "value": "a"}), "Encounter"),
    "summer time": times(r"\1.1234567+01:00"),
    "times west of here": times(r"\1.1234567-05:30"),
    "times with Z": times(r"\1.1234567Z"),
    "times without fractions": times(r"\1+00:00"),
    "times with one digit": times(r"\1.1+00:00"),
    "times with nine digits": times(r"\1.123456789+00:00"),
    "a coding of ours": coding({"system": f"{OTHER}/codes", "code": "L1", "display": "Ours"}),
    "a coding without system": coding({"display": "Ours"}),
    "a coding without system first": coding({"display": "Ours"}, first=True),
    "versions of codings": inside("code", put(version="1"), beside="system"),
    "codings without display": inside("code", without("display"), beside="system"),
    "displays with blanks": lambda bundle: texts(bundle, lambda name, text: f"{text} " if name == "display" else text),
    "concepts in words": inside("coding", lambda one: one.setdefault("text", "In our words")),
    "references with words": inside("reference", put(display="somebody")),
    "references with identifiers": inside("reference", put(identifier={"system": OTHER, "value": "1"})),
    "references in capitals": lambda bundle: texts(bundle, lambda n, t: upper(n, t) if n == "reference" else t),
    "addresses in capitals": lambda bundle: texts(bundle, upper),
    "references by id": by_id(""),
    "references by address": by_id(f"{OTHER}/FHIR/R4/"),
    "systems with a small id": lambda bundle: texts(bundle, lower_id),
    "narrative": each(put(text={"status": "generated", "div": DIV})),
    "empty narrative": each(put(text={"status": "empty", "div": DIV})),
    "unknown extensions": each(more("extension", EXTENSION)),
    "unknown extensions with parts": each(more("extension", PARTS)),
    "unknown extensions inside": inside("coding", more("extension", EXTENSION)),
    "extensions of simple values": each(put(_birthDate={"extension": [EXTENSION]}), "Patient"),
    "ids of elements": numbered,
    "ids of resources": each(lambda one: one.setdefault("id", "mock-1")),
    "versions of resources": each(lambda one: one["meta"].update(versionId="3")),
    "language": each(put(language="en-GB")),
    "implicit rules": lambda bundle: bundle.update(implicitRules=f"{OTHER}/rules", language="en"),
    "an identifier of the Bundle": lambda bundle: bundle.update(
        identifier={"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{GUID}"}
    ),
    "a signature": lambda bundle: bundle.update(signature=SIGNED),
    "a link": lambda bundle: bundle.update(link=[{"relation": "self", "url": f"{OTHER}/1"}]),
    "tags and security labels": each(lambda one: one["meta"].update(tag=[{"code": "x"}], security=[CONFIDENTIAL])),
    "a source in meta": each(lambda one: one["meta"].update(source=f"urn:uuid:{GUID}")),
    "no profiles": each(lambda one: one["meta"].pop("profile", None)),
    "one update time": each(lambda one: one["meta"].update(lastUpdated="2026-11-24T09:00:00Z")),
    "a contained practice": contained,
    "a contained requester": contained_requester,
    "two destinations": second_destination,
    "a definition with its version": definition_version,
    "a reason in words": reason_in_words,
    "a quoted id as an address": quoted_as_urn,
    "Bundle ids in capitals": lambda bundle: bundle.update(id=bundle["id"].upper()),
    "an unknown version": lambda bundle: bundle["meta"].update(versionId="9.9.9"),
    "an old version": lambda bundle: bundle["meta"].update(versionId="1.0.0"),
    "a beta version": lambda bundle: bundle["meta"].update(versionId="1.0.0-beta"),
    "an alpha version": lambda bundle: bundle["meta"].update(versionId="1.0.0-alpha"),
    "a bare header": each(without("extension", "id"), "MessageHeader"),
    "a bare source": each(
        lambda one: [one["source"].pop(name, None) for name in ("software", "version", "contact")], "MessageHeader"
    ),
    "a bare patient": each(without("gender", "birthDate", "address", "generalPractitioner", "name"), "Patient"),
    "a rich patient": each(put(active=True, deceasedBoolean=False, multipleBirthInteger=Number("1")), "Patient"),
    "a further contact": each(more("contact", CONTACT), "Patient"),
    "an e-mail first": each(
        lambda one: [more("telecom", MAIL, first=True)(held) for held in one.get("contact", [])], "Patient"
    ),
    "bare organisations": each(without("identifier", "type", "telecom", "address"), "Organization"),
    "rich organisations": each(
        put(active=True, telecom=[{"system": "phone", "value": "1", "use": "work"}]), "Organization"
    ),
    "bare practitioners": each(without("identifier"), "Practitioner"),
    "bare roles": each(without("identifier", "practitioner", "organization"), "PractitionerRole"),
    "bare services": each(without("active", "providedBy", "location", "type"), "HealthcareService"),
    "bare observations": each(without("subject", "encounter", "performer", "effectiveDateTime"), "Observation"),
    "cases without number": each(without("identifier", "statusHistory"), "Encounter"),
    "virtual cases": each(
        put(**{"class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "VR"}}), "Encounter"
    ),
    "a journey by address": cases_of_journeys,
    "rich orders": each(put(priority="urgent", note=[{"text": "x"}], patientInstruction="x"), "ServiceRequest"),
    "orders with a link by identifier": each(
        more("supportingInfo", {"type": "Appointment", "identifier": {"value": "1"}}), "ServiceRequest"
    ),
    "orders with a booking elsewhere": each(
        more("supportingInfo", {"reference": f"{OTHER}/FHIR/R4/Appointment/{GUID}"}), "ServiceRequest"
    ),
    "rich plans": each(put(title="x", description="x", created="2026-11-24", note=[{"text": "x"}]), "CarePlan"),
    "a further activity": each(
        more("activity", {"detail": {"status": "scheduled", "description": "A walk"}}), "CarePlan"
    ),
    "rich consents": each(put(provision={"type": "permit"}), "Consent"),
    "rich bookings": each(put(minutesDuration=Number("15"), comment="x", priority=Number("1")), "Appointment"),
    "another participant first": patient_is_second,
    "days in place of instants": each(
        lambda one: one.update({name: "2026-11-24" for name in ("authoredOn", "dateTime") if name in one})
    ),
}
"""What others may do, by name; a change in place, or one that returns the changed message."""


def prefixed(source: bytes) -> bytes:
    """The same XML with a prefix for the namespace of FHIR; narrative keeps its own."""
    parts = re.split(rb"(<div .*?</div>)", source, flags=re.DOTALL)
    named = [one if one.startswith(b"<div ") else re.sub(rb"<(/?)([A-Za-z])", rb"<\1f:\2", one) for one in parts]
    return b"".join(named).replace(b'xmlns="http://hl7.org/fhir"', b'xmlns:f="http://hl7.org/fhir"')


WRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "comments": lambda text: re.sub(rb"(<(?:resource|coding|meta|Patient)>)", rb"\1<!-- a remark -->", text),
    "processing instructions": lambda text: re.sub(rb"(<(?:resource|Patient)>)", rb"\1<?mock x?>", text),
    "a prefix": prefixed,
    "one line": lambda text: re.sub(rb">\s+<", b"><", text),
    "line ends of Windows": lambda text: text.replace(b"\n", b"\r\n"),
    "single quotes": lambda text: re.sub(rb"value=\"([^\"']*)\"", rb"value='\1'", text),
    "end tags": lambda text: re.sub(rb'<(\w+) value="([^"]*)"/>', rb'<\1 value="\2"></\1>', text),
    "no declaration": lambda text: text.partition(b"\n")[2],
    "a byte order mark": lambda text: b"\xef\xbb\xbf" + text,
    "character references": lambda text: re.sub(rb'(<family value=")Q', rb"\1&#x51;", text),
    "a schema location": lambda text: text.replace(
        b'xmlns="http://hl7.org/fhir"',
        b'xmlns="http://hl7.org/fhir" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        b'xsi:schemaLocation="http://hl7.org/fhir fhir-all.xsd"',
        1,
    ),
}
"""Other ways to write the same XML, by name."""


def changed(source: bytes, variant: str) -> bytes:
    """The text of a variant; of what cannot be read as asked for, the same text."""
    bundle: Any = copy.deepcopy(parse(source).resource)
    made = VARIANTS[variant](bundle)
    return dump(made if isinstance(made, dict) else bundle).encode()
