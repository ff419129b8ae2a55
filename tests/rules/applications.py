"""Messages of the Applications that are not composed: made from a referral by adding what those Applications ask for.

And the check that a rule finds what breaks it, at the exact place, and nothing in the good twin.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tests.rules.builders import at, changed, composed, findings, fixes_itself, verdict
from workbench.messages import Number, build
from workbench.rules import Side
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from workbench.messages import Edit, JsonObject, Message

SNOMED = "http://snomed.info/sct"
BARS = "https://fhir.nhs.uk/CodeSystem/"
UK = "https://fhir.hl7.org.uk/StructureDefinition/"
STAMP = "2026-11-24T09:00:00.1234567+00:00"
START = "2026-11-24T08:40:00+00:00"
REASON = "http://hl7.org/fhir/StructureDefinition/questionnaireresponse-reason"


def coding(system: str, code: str, shown: str = "Mock") -> JsonObject:
    return {"system": system, "code": code, "display": shown}


def concept(system: str, code: str, shown: str = "Mock") -> JsonObject:
    return {"coding": [coding(system, code, shown)]}


def url(name: str) -> str:
    """The fullUrl of an added entry."""
    return f"urn:uuid:0badcafe-0000-4000-9000-{sum(map(ord, name)):012x}"


def resource(type: str, **elements: object) -> JsonObject:
    profile = {"Flag": "http://hl7.org/fhir/StructureDefinition/Flag"}.get(type, f"{UK}UKCore-{type}")
    return {"resourceType": type, "meta": {"lastUpdated": STAMP, "profile": [profile]}, **elements}


def link(target: str) -> JsonObject:
    return {"reference": target}


class Parts:
    """A referral under change: its resources by type, and what is added."""

    def __init__(self, use_case: str, version: str) -> None:
        self.bundle: JsonObject = composed("referral-new", "a1t1").resource
        self.bundle = {**self.bundle, "meta": {**self.bundle["meta"], "versionId": version}}
        self.entries = [{**entry, "resource": {**entry["resource"]}} for entry in self.bundle["entry"]]
        category = self["ServiceRequest"]["category"][0]["coding"][0]
        case = coding(f"{BARS}usecases-categories-bars", use_case, use_cases()[use_case].display)
        self["ServiceRequest"]["category"] = [{"coding": [category, case]}]
        self["CarePlan"]["activity"] = [{**one} for one in self["CarePlan"]["activity"]]
        self.stamp = self["ServiceRequest"]["meta"]["lastUpdated"]

    def __getitem__(self, type: str) -> JsonObject:
        return next(entry["resource"] for entry in self.entries if entry["resource"]["resourceType"] == type)

    def url(self, type: str) -> str:
        return next(entry["fullUrl"] for entry in self.entries if entry["resource"]["resourceType"] == type)

    def add(self, name: str, value: JsonObject) -> str:
        meta = {**value["meta"], "lastUpdated": self.stamp}
        self.entries.append({"fullUrl": url(name), "resource": {**value, "meta": meta}})
        return url(name)

    def message(self) -> Message:
        return build({**self.bundle, "entry": self.entries})

    def condition(self) -> str:
        return self.add(
            "condition",
            resource(
                "Condition",
                clinicalStatus=concept("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
                verificationStatus=concept(
                    "http://terminology.hl7.org/CodeSystem/condition-ver-status", "provisional", "Provisional"
                ),
                category=[concept(SNOMED, "33962009", "Presenting complaint")],
                code={"text": "Invented cough"},
                subject=link(self.url("Patient")),
                encounter=link(self.url("Encounter")),
            ),
        )

    def task(self, intent: str) -> str:
        return self.add(
            "task",
            resource(
                "Task",
                status="requested",
                intent=intent,
                code=concept(SNOMED, "2140231000000104"),
                encounter=link(self.url("Encounter")),
                authoredOn=START,
            ),
        )

    def place(self, *profiles: str, kind: str = "") -> str:
        extension = {
            "url": "https://fhir.nhs.uk/StructureDefinition/LocationExtension",
            "extension": [{"url": "UPRN", "valueString": "999000000417"}],
        }
        place = resource("Location", extension=[extension])
        place["meta"]["profile"] += [f"{UK}{profile}" for profile in profiles]
        if kind:
            shown = {"ILOC": "Incident Location", "CLOC": "Caller Location"}[kind]
            place["type"] = [concept(f"{BARS}location-types-bars", kind, shown)]
        place["position"] = {"longitude": Number("-1.25"), "latitude": Number("52.75")}
        return self.add(f"place{kind}", place)

    def scene_flag(self, place: str, code: str = "S") -> str:
        flag = resource(
            "Flag",
            status="active",
            category=[concept(f"{BARS}flag-categories-bars", "SS", "Scene Safety")],
            code=concept(f"{BARS}scene-safety-codes-bars", code, "The Scene is safe"),
            subject=link(place),
            encounter=link(self.url("Encounter")),
        )
        flag["meta"]["profile"].append("https://fhir.nhs.uk/StructureDefinition/BARSFlag-scene-safety")
        return self.add("scene", flag)


@cache
def callback() -> Message:
    """Application 3: 999 refers to a clinical assessment service."""
    made = Parts("a3t1", "2.0.0")
    place = made.place()
    made.scene_flag(place)
    made["ServiceRequest"]["locationReference"] = [link(place)]
    made["Encounter"]["status"] = "finished"
    return made.message()


@cache
def pharmacy() -> Message:
    """Application 5: a practice refers to a pharmacy."""
    made = Parts("a5t1", "1.2.0")
    made["CarePlan"]["addresses"] = [link(made.condition())]
    made["CarePlan"]["activity"][0]["reference"] = link(made.task("order"))
    contact = made["Patient"]["contact"][0]
    telecom = {**contact["telecom"][0], "rank": Number("1")}
    made["Patient"]["contact"] = [{**contact, "telecom": [telecom]}]
    return made.message()


def _response(made: Parts, reason: str, *items: JsonObject, **elements: object) -> JsonObject:
    return resource(
        "QuestionnaireResponse",
        extension=[{"url": REASON, "valueCodeableConcept": {"text": reason}}],
        status="completed",
        subject=link(made.url("Patient")),
        encounter=link(made.url("Encounter")),
        source=link(made.url("Patient")),
        item=[*items],
        **elements,
    )


def _answer(link_id: str, text: str, answer: JsonObject) -> JsonObject:
    return {"linkId": link_id, "text": text, "answer": [{"valueCoding": answer}]}


@cache
def dispatch() -> Message:
    """Application 6: one ambulance dispatch system refers to another."""
    made = Parts("a6t1", "1.0.0-beta.8")
    place = made.place("BARSLocation-incident-location", kind="ILOC")
    made.place(kind="CLOC")
    made.scene_flag(place)
    order, case = made["ServiceRequest"], made["Encounter"]
    order["locationReference"] = [link(place)]
    del order["occurrencePeriod"]
    case["status"] = "in-progress"
    case["statusHistory"] = [{"status": "planned", "period": {"start": START}}]
    case["location"] = [{"location": link(place)}]
    made["CarePlan"]["status"] = "active"
    made.condition()
    made.task("plan")
    encounter, patient = link(made.url("Encounter")), link(made.url("Patient"))
    made.add(
        "procedure",
        resource(
            "Procedure",
            status="in-progress",
            code=concept(SNOMED, "89666000"),
            subject=patient,
            encounter=encounter,
            performedPeriod={"start": START},
        ),
    )
    made.add(
        "communication",
        resource(
            "Communication",
            status="completed",
            topic={"text": "Crew Note"},
            sent=START,
            payload=[{"contentString": "Invented dog on site"}],
            encounter=encounter,
        ),
    )
    answers = [coding(SNOMED, "78064003", "Breathing"), coding(SNOMED, "1023001", "Not Breathing")]
    question = {
        "linkId": "0",
        "text": "Is the patient breathing?",
        "type": "choice",
        "required": True,
        "answerOption": [{"valueCoding": one} for one in answers],
    }
    made.add(
        "sieve",
        resource(
            "Questionnaire",
            url="https://fhir.nhs.uk/Questionnaire/PTS",
            identifier=[{"system": "https://mock.example/Id/q", "value": "1"}],
            version="0.2",
            name="PTS",
            title="Invented sieve",
            status="active",
            date=START,
            publisher="Mock",
            item=[question],
        ),
    )
    sieve = _answer("0", "Is the patient breathing?", answers[0])
    questionnaire = "https://fhir.nhs.uk/Questionnaire/PTS"
    made.add("sieve-answers", _response(made, "Pre Triage Sieve", sieve, questionnaire=questionnaire))
    nature = _answer("0", "What is it about?", {"code": "CHOM", "display": "Choking"})
    made.add("nature", _response(made, "Nature of Call (NOC)", nature))
    return made.message()


@cache
def broker() -> Message:
    """Application 8: advice and guidance refers to a broker."""
    made = Parts("a8t1", "1.0.0-alpha.3")
    device = resource(
        "Device",
        status="active",
        deviceName=[{"name": "Mock broker", "type": "user-friendly-name"}],
        owner=link(made["MessageHeader"]["destination"][0]["receiver"]["reference"]),
    )
    device["meta"]["profile"] = ["http://hl7.org/fhir/StructureDefinition/Device"]
    made["ServiceRequest"]["performer"] = [link(made.add("device", device))]
    made["ServiceRequest"].pop("occurrencePeriod")
    made["Encounter"]["class"] = coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "VR", "virtual")
    plan = made["CarePlan"]
    plan["addresses"] = [link(made.condition())]
    told = {"text": "Invented lump, needs a look"}
    priority = concept(f"{BARS}bars-broker-priority-status", "U", "Urgent")
    plan["activity"] = [
        {"outcomeCodeableConcept": [priority, told], "reference": link(made.task("order"))},
        {"detail": {"status": "not-started", "performer": [link(made.url("HealthcareService"))]}},
    ]
    patient = made["Patient"]
    patient["address"] = [{**patient["address"][0], "type": "both", "text": "7 Mock Lane, Mockford"}]
    return made.message()


def service_answers() -> JsonObject:
    """A rejected service as an item."""
    rejected = {"valueCoding": coding(f"{BARS}dos-rejected-reasons-bars", "26", "Rejected for patient choice")}
    return {
        "linkId": "Service1",
        "item": [
            {"linkId": "ServiceId", "answer": [{"valueString": "9990000919"}]},
            {"linkId": "ServiceName", "answer": [{"valueString": "Mock Walk-in"}]},
            {"linkId": "RejectionReason", "answer": [rejected]},
        ],
    }


@cache
def with_answers() -> Message:
    """Application 1: a referral with a rejected service and a source that was looked up."""
    made = Parts("a1t1", "2.1.0")
    flag = resource(
        "Flag",
        status="active",
        category=[concept(f"{BARS}flag-categories-bars", "RS", "Rejected Services")],
        code=concept(SNOMED, "718941000000104", "Patient choice"),
        subject=link(made.url("Patient")),
    )
    rejected = _response(
        made,
        "Rejected Services - Patient Choice in Service Selection",
        {"linkId": "RejectedServices", "text": "Rejected Services", "item": [service_answers()]},
        basedOn=[link(made.url("ServiceRequest"))],
        author=link(made.url("Practitioner")),
    )
    rejected["subject"] = link(made.add("rejected-flag", flag))
    order, plan = made["ServiceRequest"], made["CarePlan"]
    order["supportingInfo"] = [link(made.add("rejected", rejected)), link(url("rejected-flag"))]
    source = {
        "linkId": "Source1",
        "item": [
            {"linkId": "SourceName", "answer": [{"valueString": "Mock record"}]},
            {"linkId": "SourceURL", "answer": [{"valueUri": "https://mock.example/record"}]},
        ],
    }
    looked_up = _response(
        made,
        "Additional Information Sources",
        {"linkId": "AdditionalSources", "text": "Looked up", "item": [source]},
        basedOn=[link(made.url("CarePlan"))],
    )
    plan["supportingInfo"] = [link(made.add("sources", looked_up))]
    return made.message()


MADE = {"callback": callback, "pharmacy": pharmacy, "dispatch": dispatch, "broker": broker, "answers": with_answers}


class Case(NamedTuple):
    """One way to break one rule."""

    rule: str
    edits: tuple[Edit, ...]
    path: str
    letters: tuple[str, str]
    """Severity of the finding at that path: composing, receiving; `-` = none."""
    fixed: bool = False


def check(message: Message, case: Case, *, original: Message | None = None) -> None:
    """The broken message has the finding at its path, the good twin has none of the rule there; a fix mends it."""
    broken = changed(message, *case.edits)
    seen = []
    for side in (Side.COMPOSE, Side.RECEIVE):
        held = findings(verdict(broken, side, original=original), case.rule)
        here = [one for one in held if one.path == case.path]
        assert here or not held or "-" in case.letters, [one.path for one in held]
        seen.append(here[0].severity.value[0] if here else "-")
        before = findings(verdict(message, side, original=original), case.rule)
        assert case.path not in [one.path for one in before]
    assert tuple(seen) == case.letters
    if case.fixed:
        fixable = [one for one in findings(verdict(broken, original=original), case.rule) if one.path == case.path]
        assert fixable[0].fix is not None, fixable[0].text
        if original is None and findings(verdict(broken), case.rule)[0].path == case.path:
            assert fixes_itself(broken, case.rule)


def place_of(message: Message, type: str, element: str = "", number: int = 0) -> str:
    """The path of an element of a resource of a type."""
    return at(message, type, number) + (f".{element}" if element else "")
