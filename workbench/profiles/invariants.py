"""The invariants of FHIR R4 that one element can be asked for: a table of what must hold, by type.

Our own words and tests for the rules named by their keys; what needs more than a yes or no is in `whole_invariants`.
Values of a wrong shape count as absent: their shape is told elsewhere. Must not know paths.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from workbench.messages import Severity, tree
from workbench.profiles.presence import coded, count, has, has_choice, number, runs_forward

if TYPE_CHECKING:
    from workbench.messages import JsonObject

Holds = Callable[["JsonObject"], bool]

UCUM = "http://unitsofmeasure.org"
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
_ALLERGY_STATES = f"{_TERMINOLOGY}allergyintolerance-verification"
_CONDITION_STATES = f"{_TERMINOLOGY}condition-ver-status"
_CONDITION_CLINICAL = f"{_TERMINOLOGY}condition-clinical"
_ORDERED_QUESTIONS = ["choice", "open-choice", "decimal", "integer", "date", "dateTime", "time", "string", "quantity"]
_SHORT_QUESTIONS = ["boolean", "decimal", "integer", "string", "text", "url", "open-choice"]


class Row(NamedTuple):
    """One invariant."""

    type: str
    """The type or path it belongs to (`Appointment.participant`)."""
    key: str
    holds: Holds
    text: str
    """What is wrong where it does not hold: a sentence without its full stop."""
    at: str = ""
    """The element below that a reader should look at; empty = the whole."""
    severity: Severity | None = None


def _ordered(value: JsonObject) -> bool:
    low, high = tree.as_object(value.get("low")), tree.as_object(value.get("high"))
    if any(low.get(name) != high.get(name) for name in ("code", "system", "unit")):
        return True
    least, most = number(low.get("value")), number(high.get("value"))
    return least is None or most is None or least <= most


def _both_or_neither(first: str, second: str) -> Holds:
    return lambda o: has(o, first) == has(o, second)


def _any(*names: str) -> Holds:
    return lambda o: has(o, *names)


def _needs(name: str, needed: str) -> Holds:
    """An element only with another one."""
    return lambda o: not has(o, name) or has(o, needed)


def _not_both(first: str, second: str) -> Holds:
    return lambda o: not (has(o, first) and has(o, second))


def _exactly_one(first: str, second: str) -> Holds:
    return lambda o: has(o, first) != has(o, second)


def _only(name: str, element: str, *values: str) -> Holds:
    """An element only where a code has one of these values."""
    return lambda o: not has(o, name) or o.get(element) in values


def _never(element: str, value: str, *names: str) -> Holds:
    """None of the elements where a code has this value."""
    return lambda o: o.get(element) != value or not has(o, *names)


def _not_home(name: str) -> Holds:
    return lambda o: all(one.get("use") != "home" for one in tree.objects(o.get(name)))


def _distinct(name: str, *inner: str) -> Holds:
    def holds(o: JsonObject) -> bool:
        keys = [tuple(str(one.get(key)) for key in inner) for one in tree.objects(o.get(name))]
        return len(set(keys)) == len(keys)

    return holds


def _zero_or_more(name: str) -> Holds:
    return lambda o: (value := number(o.get(name))) is None or value >= 0


def _parameter(o: JsonObject) -> bool:
    return has_choice(o, "value") + has(o, "resource") + has(o, "part") == 1


def _has_unit(o: JsonObject) -> bool:
    return has(o, "code") or not has(o, "value")


def _whole_one(o: JsonObject) -> bool:
    value = number(o.get("value"))
    return (
        _has_unit(o)
        and o.get("system", UCUM) == UCUM
        and o.get("code", "1") == "1"
        and (value is None or value == value.to_integral_value())
    )


def _of_unit(o: JsonObject, *, positive: bool = False) -> bool:
    value = number(o.get("value"))
    return _has_unit(o) and o.get("system", UCUM) == UCUM and not (positive and value is not None and value <= 0)


def _extension(o: JsonObject) -> bool:
    return has(o, "extension") != has_choice(o, "value")


def _target_count(o: JsonObject) -> bool:
    most = o.get("max")
    return not isinstance(most, str) or most == "*" or (most.isascii() and most.isdigit() and int(most[:18]) > 0)


ROWS: tuple[Row, ...] = (
    Row("Extension", "ext-1", _extension, "An extension has either a value or extensions of its own, never both"),
    Row("Attachment", "att-1", _needs("data", "contentType"), "The attachment has data but no type", "contentType"),
    Row("ContactPoint", "cpt-2", _needs("value", "system"), "The contact has a value but no system", "system"),
    Row("Range", "rng-2", _ordered, "The range has a low value above its high one"),
    Row(
        "Ratio",
        "rat-1",
        lambda o: has(o, "numerator") == has(o, "denominator") and has(o, "numerator", "extension"),
        "A ratio needs its numerator and its denominator",
    ),
    *(
        Row(kind, "qty-3", _needs("code", "system"), "The quantity has a code of a unit but no system", "system")
        for kind in ("Quantity", "Age", "Count", "Distance", "Duration")
    ),
    Row("SimpleQuantity", "sqty-1", lambda o: not has(o, "comparator"), "No comparator may stand here", "comparator"),
    Row("Age", "age-1", lambda o: _of_unit(o, positive=True), "An age is above zero and has a code of UCUM"),
    Row("Distance", "dis-1", _of_unit, "A distance has a code of UCUM"),
    Row("Count", "cnt-3", _whole_one, "A count is a whole number with the code 1 of UCUM"),
    Row(
        "Duration",
        "drt-1",
        lambda o: not has(o, "code") or (o.get("system") == UCUM and has(o, "value")),
        "A duration with a code has a value and a unit of UCUM",
    ),
    Row("Timing.repeat", "tim-1", _needs("duration", "durationUnit"), "The duration has no unit", "durationUnit"),
    Row("Timing.repeat", "tim-2", _needs("period", "periodUnit"), "The period has no unit", "periodUnit"),
    Row("Timing.repeat", "tim-4", _zero_or_more("duration"), "The duration is below zero", "duration"),
    Row("Timing.repeat", "tim-5", _zero_or_more("period"), "The period is below zero", "period"),
    Row("Timing.repeat", "tim-6", _needs("periodMax", "period"), "A longest period needs a period", "period"),
    Row("Timing.repeat", "tim-7", _needs("durationMax", "duration"), "A longest duration needs a duration", "duration"),
    Row("Timing.repeat", "tim-8", _needs("countMax", "count"), "A greatest count needs a count", "count"),
    Row(
        "Timing.repeat",
        "tim-9",
        lambda o: (
            not has(o, "offset") or (has(o, "when") and not {"C", "CM", "CD", "CV"} & {*tree.texts(o.get("when"))})
        ),
        "An offset needs a time of day that is not a meal itself",
        "offset",
    ),
    Row("Timing.repeat", "tim-10", _not_both("timeOfDay", "when"), "Either times of day or events, not both", "when"),
    Row("Expression", "exp-1", _any("expression", "reference"), "An expression or a reference to one is needed"),
    Row("DataRequirement.codeFilter", "drq-1", _exactly_one("path", "searchParam"), "Either a path or a parameter"),
    Row("DataRequirement.dateFilter", "drq-2", _exactly_one("path", "searchParam"), "Either a path or a parameter"),
    Row("Appointment", "app-2", _both_or_neither("start", "end"), "The appointment has only one of start and end"),
    Row(
        "Appointment",
        "app-3",
        lambda o: (has(o, "start") and has(o, "end")) or o.get("status") in ("proposed", "cancelled", "waitlist"),
        "Only a proposed, cancelled or waiting appointment may lack start and end",
        "start",
    ),
    Row(
        "Appointment",
        "app-4",
        _only("cancelationReason", "status", "cancelled", "noshow", "no-show"),
        "Only a cancelled or missed appointment has a reason for that",
        "cancelationReason",
    ),
    Row("Appointment.participant", "app-1", _any("type", "actor"), "The participant has neither a type nor an actor"),
    Row("AppointmentResponse", "apr-1", _any("participantType", "actor"), "It names no participant"),
    Row("AuditEvent.entity", "sev-1", _not_both("name", "query"), "Either a name or a query, not both"),
    Row(
        "AllergyIntolerance",
        "ait-1",
        lambda o: has(o, "clinicalStatus") or coded(o.get("verificationStatus"), _ALLERGY_STATES, "entered-in-error"),
        "An allergy that was not entered in error has a clinical status",
        "clinicalStatus",
    ),
    Row(
        "AllergyIntolerance",
        "ait-2",
        lambda o: (
            not (has(o, "clinicalStatus") and coded(o.get("verificationStatus"), _ALLERGY_STATES, "entered-in-error"))
        ),
        "An allergy that was entered in error has no clinical status",
        "clinicalStatus",
    ),
    Row("CarePlan.activity", "cpl-3", _not_both("detail", "reference"), "Either a reference or a detail, not both"),
    Row("Composition.section", "cmp-1", _any("text", "entry", "section"), "The section holds nothing"),
    Row("Composition.section", "cmp-2", _not_both("emptyReason", "entry"), "It is not empty", "emptyReason"),
    Row("Condition.stage", "con-1", _any("summary", "assessment"), "The stage has neither a summary nor an assessment"),
    Row("Condition.evidence", "con-2", _any("code", "detail"), "The evidence has neither a code nor a detail"),
    Row(
        "Condition",
        "con-3",
        lambda o: (
            has(o, "clinicalStatus")
            or coded(o.get("verificationStatus"), _CONDITION_STATES, "entered-in-error")
            or not coded(o.get("category"), f"{_TERMINOLOGY}condition-category", "problem-list-item")
        ),
        "An item of the problem list has a clinical status",
        "clinicalStatus",
        Severity.WARNING,
    ),
    Row(
        "Condition",
        "con-4",
        lambda o: (
            not has_choice(o, "abatement")
            or coded(o.get("clinicalStatus"), _CONDITION_CLINICAL, "resolved", "remission", "inactive")
        ),
        "A condition that has ended is inactive, resolved or in remission",
        "clinicalStatus",
    ),
    Row(
        "Condition",
        "con-5",
        lambda o: (
            not (has(o, "clinicalStatus") and coded(o.get("verificationStatus"), _CONDITION_STATES, "entered-in-error"))
        ),
        "A condition that was entered in error has no clinical status",
        "clinicalStatus",
    ),
    Row("Consent", "ppc-1", _any("policy", "policyRule"), "The consent names neither a policy nor a policy rule"),
    Row("FamilyMemberHistory", "fhs-1", lambda o: not (has_choice(o, "age") and has_choice(o, "born")), "Age or birth"),
    Row(
        "Goal.target",
        "gol-1",
        lambda o: not has_choice(o, "detail") or has(o, "measure"),
        "The target does not say what is measured",
    ),
    Row(
        "Group", "grp-1", lambda o: not has(o, "member") or o.get("actual") is True, "Only an actual group has members"
    ),
    Row("Immunization.education", "imm-1", _any("documentType", "reference"), "It names no document"),
    Row("Linkage", "lnk-1", lambda o: count(o, "item") > 1, "A linkage links at least two items", "item"),
    Row("List", "lst-1", _not_both("emptyReason", "entry"), "The list is not empty", "emptyReason"),
    Row(
        "List",
        "lst-2",
        lambda o: o.get("mode") == "changes" or not any("deleted" in one for one in tree.objects(o.get("entry"))),
        "Only a list of changes tells what was deleted",
    ),
    Row(
        "List",
        "lst-3",
        lambda o: o.get("mode") == "working" or not any("date" in one for one in tree.objects(o.get("entry"))),
        "Only a working list has dates of its entries",
    ),
    Row(
        "MedicationAdministration.dosage",
        "mad-1",
        lambda o: has(o, "dose") or has_choice(o, "rate"),
        "The dosage has neither a dose nor a rate",
    ),
    Row(
        "MedicationDispense",
        "mdd-1",
        lambda o: runs_forward(o.get("whenPrepared"), o.get("whenHandedOver")),
        "It was handed over before it was prepared",
        "whenHandedOver",
    ),
    Row(
        "MessageDefinition.focus", "md-1", _target_count, "The greatest count is a whole number above zero or *", "max"
    ),
    Row("Observation.referenceRange", "obs-3", _any("low", "high", "text"), "The range has neither low, high nor text"),
    Row(
        "Observation",
        "obs-6",
        lambda o: not (has(o, "dataAbsentReason") and has_choice(o, "value")),
        "It has a value, so no reason why there is none",
        "dataAbsentReason",
    ),
    Row("Organization", "org-1", _any("identifier", "name"), "The organisation has neither a name nor an identifier"),
    Row("Organization", "org-2", _not_home("address"), "An address of an organisation is never a home", "address"),
    Row("Organization", "org-3", _not_home("telecom"), "A contact of an organisation is never at home", "telecom"),
    Row("Parameters.parameter", "inv-1", _parameter, "A parameter has exactly one of a value, a resource and parts"),
    Row(
        "Patient.contact",
        "pat-1",
        _any("name", "telecom", "address", "organization"),
        "The contact has no name, telecom, address or organisation",
    ),
    Row("QuestionnaireResponse.item", "qrs-1", _not_both("answer", "item"), "Items go below the answer, not beside it"),
    Row("RequestGroup.action", "rqg-1", _exactly_one("resource", "action"), "Either a resource or actions"),
    Row("ServiceRequest", "prr-1", _needs("orderDetail", "code"), "Details of an order need its code", "code"),
    Row(
        "Task",
        "inv-1",
        lambda o: runs_forward(o.get("authoredOn"), o.get("lastModified")),
        "The task was changed before it was written",
        "lastModified",
    ),
    Row(
        "Questionnaire.item",
        "que-1",
        lambda o: (o.get("type") != "group" or has(o, "item")) and (o.get("type") != "display" or not has(o, "item")),
        "A group has items below it, and a display has none",
        "item",
    ),
    Row("Questionnaire.item", "que-3", _never("type", "display", "code"), "A display has no code", "code"),
    Row("Questionnaire.item", "que-4", _not_both("answerOption", "answerValueSet"), "Either answers or a value set"),
    Row(
        "Questionnaire.item",
        "que-5",
        lambda o: not has(o, "answerOption", "answerValueSet") or o.get("type") in _ORDERED_QUESTIONS,
        "A question of this type has no given answers",
        "type",
    ),
    Row(
        "Questionnaire.item",
        "que-6",
        _never("type", "display", "required", "repeats"),
        "A display is neither required nor repeated",
    ),
    Row(
        "Questionnaire.item.enableWhen",
        "que-7",
        lambda o: o.get("operator") != "exists" or isinstance(o.get("answerBoolean"), bool),
        "Whether there is an answer is true or false",
    ),
    Row(
        "Questionnaire.item",
        "que-8",
        lambda o: o.get("type") not in ("group", "display") or not has(o, "initial"),
        "A group or display has no initial value",
        "initial",
    ),
    Row(
        "Questionnaire.item", "que-9", _never("type", "display", "readOnly"), "A display is never read-only", "readOnly"
    ),
    Row(
        "Questionnaire.item",
        "que-10",
        lambda o: not has(o, "maxLength") or o.get("type") in _SHORT_QUESTIONS,
        "A question of this type has no greatest length",
        "maxLength",
    ),
    Row(
        "Questionnaire.item", "que-11", _not_both("answerOption", "initial"), "Answers say which is initial", "initial"
    ),
    Row(
        "Questionnaire.item",
        "que-12",
        lambda o: count(o, "enableWhen") <= 2 or has(o, "enableBehavior"),
        "Several conditions need to say whether all or any of them count",
        "enableBehavior",
    ),
    Row(
        "Questionnaire.item",
        "que-13",
        lambda o: o.get("repeats") is True or count(o, "initial") <= 1,
        "Only a repeating question has several initial values",
        "initial",
    ),
    Row(
        "CapabilityStatement",
        "cpb-1",
        _any("rest", "messaging", "document"),
        "It describes neither REST, messages nor documents",
    ),
    Row(
        "CapabilityStatement",
        "cpb-2",
        _any("description", "software", "implementation"),
        "It does not say what it describes",
    ),
    Row(
        "CapabilityStatement",
        "cpb-3",
        lambda o: o.get("kind") == "instance" or not any("endpoint" in one for one in tree.objects(o.get("messaging"))),
        "Only the statement of an instance has endpoints",
        "messaging",
    ),
    Row("CapabilityStatement", "cpb-7", _distinct("document", "profile", "mode"), "A document is described twice"),
    Row("CapabilityStatement.rest", "cpb-9", _distinct("resource", "type"), "A resource type is described twice"),
    Row(
        "CapabilityStatement.rest.resource",
        "cpb-12",
        _distinct("searchParam", "name"),
        "A search parameter is described twice",
    ),
    Row(
        "CapabilityStatement",
        "cpb-14",
        lambda o: o.get("kind") != "instance" or has(o, "implementation"),
        "The statement of an instance describes its implementation",
        "implementation",
    ),
    Row(
        "CapabilityStatement",
        "cpb-15",
        lambda o: o.get("kind") != "capability" or (has(o, "software") and not has(o, "implementation")),
        "The statement of a capability names software and no implementation",
    ),
    Row(
        "CapabilityStatement",
        "cpb-16",
        _never("kind", "requirements", "implementation", "software"),
        "Requirements name neither software nor an implementation",
    ),
    Row("ValueSet.compose.include", "vsd-1", _any("valueSet", "system"), "It includes neither a system nor a set"),
    Row("ValueSet.compose.include", "vsd-3", _not_both("concept", "filter"), "Either codes or filters, not both"),
    Row("ValueSet.expansion.contains", "vsd-6", _any("code", "display"), "It has neither a code nor a display"),
    Row("ValueSet.expansion.contains", "vsd-10", _needs("code", "system"), "The code has no system", "system"),
)
"""Every invariant of this module."""
