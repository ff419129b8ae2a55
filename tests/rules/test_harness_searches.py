from __future__ import annotations

import pytest

from workbench.exchange import Request
from workbench.rules import Side, Submission, judge
from workbench.standard import default_profile

BASE = "https://mock.example/FHIR/R4"
SYSTEM = "https%3A%2F%2Ffhir.nhs.uk%2FId%2Fdos-service-id"
FROM, UNTIL = "start=ge2026-11-24T09%3A00%3A00%2B00%3A00", "start=le2026-11-25T09%3A00%3A00Z"
SERVICE = "Schedule.actor%3AHealthcareService=9990000918"


def told(url: str) -> list[tuple[str, str, str]]:
    request = Request("GET", BASE + url, (("Accept", "application/fhir+json;version=1.0.0"),))
    found = judge(Submission(None, request, None, default_profile(1), Side.RECEIVE), timer=lambda: 0.0)
    return [(one.rule, one.severity.value, one.path) for one in found.findings if one.rule.startswith("TKW")]


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        (f"context={SYSTEM}%7C9990000918", False),
        (f"context=https%3A%2F%2Ffhir.nhs.uk%2FCodeSystem%2Fx%7Ca1t1&context={SYSTEM}%7C1", False),
        ("context=https://fhir.nhs.uk/Id/dos-service-id|9990000918", True),
        (f"context={SYSTEM}|9990000918", True),
        ("context=http%3A%2F%2Ffhir.nhs.uk%2FId%2Fdos-service-id%7C1", True),
        ("context=9990000918", False),
        ("", False),
    ],
)
def test_the_context_is_encoded(query: str, refused: bool) -> None:
    wanted = [("TKW-021", "warning", "parameters['context']")] * refused
    assert told(f"/MessageDefinition?{query}") == wanted


def test_a_search_in_the_form_of_the_harness_has_nothing_against_it() -> None:
    assert told(f"/Slot?status=free%2Cbusy&{FROM}&{UNTIL}&{SERVICE}") == []
    assert told(f"/Slot?{SERVICE}&{UNTIL}&{FROM}&status=free") == []
    assert told("/Slot") == []
    assert told("/metadata?status=free,busy") == []


@pytest.mark.parametrize(
    ("query", "rule", "name"),
    [
        (f"status=free,busy&{FROM}&{UNTIL}&{SERVICE}", "TKW-022", "status"),
        (f"status=free&start=ge2026-11-24T09:00:00%2B00:00&{UNTIL}&{SERVICE}", "TKW-023", "start"),
        (f"status=free&{FROM}&start=le2026-11-25T09%3A00Z&{SERVICE}", "TKW-023", "start"),
        (f"status=free&{FROM}&start=le2026-11-25T09%3A00%3A00+00%3A00&{SERVICE}", "TKW-023", "start"),
        (
            f"status=free&{FROM}&{UNTIL}&Schedule.actor:HealthcareService=1",
            "TKW-024",
            "Schedule.actor:HealthcareService",
        ),
        (
            f"status=free&{FROM}&{UNTIL}&Schedule.actor%3AHealthcareService=ABC1",
            "TKW-024",
            "Schedule.actor:HealthcareService",
        ),
    ],
)
def test_other_forms_are_told_where_they_stand(query: str, rule: str, name: str) -> None:
    assert told(f"/Slot?{query}") == [(rule, "warning", f"parameters['{name}']")]


def test_what_is_missing_or_means_nothing_is_left_to_the_rules_on_parameters() -> None:
    assert told("/Slot?status=mock&start=soon&Schedule.actor%3AHealthcareService=a%7Cb") == []
