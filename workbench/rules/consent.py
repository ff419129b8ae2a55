"""Rules on the Consent: that the patient's data may be used for direct care.

Whether a message needs one is judged by the message definition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Severity
from workbench.rules import scope, sources
from workbench.rules.checks import codes, has_status, lacks, links
from workbench.rules.registry import rule
from workbench.rules.survey import set_fix, survey
from workbench.rules.values import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import JsonValue
    from workbench.rules.values import Submission

_WANTED = (
    ("scope", "http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy", "Privacy Consent"),
    ("category", "https://fhir.nhs.uk/CodeSystem/consent-categories-bars", "DRC", "Direct Care"),
    ("policyRule", "http://terminology.hl7.org/CodeSystem/v3-ActCode", "IMPLIED", "implied consent"),
)
"""Element, code system, code, display."""


@rule("RES-161", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def consent_is_for_direct_care(s: Submission) -> Iterator[Hit]:
    """A Consent is active, about privacy, for direct care, implied, of the Patient and dated.

    Scope patient-privacy, category DRC, policy rule IMPLIED. The repair adds the code that is missing.
    """
    for held in survey(s).resources("Consent"):
        path, consent = held
        yield from has_status(held, "active")
        for element, system, code, shown in _WANTED:
            if code in codes(consent.get(element), system):
                continue
            fix = None
            if not consent.get(element):
                concept: JsonValue = {"coding": [{"system": system, "code": code, "display": shown}]}
                value: JsonValue = [concept] if element == "category" else concept
                fix = set_fix(f"Add {code}", f"{path}.{element}", value)
            yield Hit(f"{path}.{element}", f"The {element} of the Consent is not {code} of {system}.", fix)
        yield from links(s, held, "patient", ("Patient",))
        yield from lacks(held, "dateTime")
