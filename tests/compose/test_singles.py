"""Resources that are sent alone: what the API specification asks of each, and what changed between its versions."""

# ruff: noqa: ANN001 - tests take table rows

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workbench.compose import Party, PatientFacts
from workbench.compose.singles import Pointed, appointment, endpoint, healthcare_service, pointer, service_request
from workbench.messages import build, parse

NOW = datetime(2026, 7, 20, 8, 0, tzinfo=UTC)
KEEPER = Party("Mock Hospital", "ZZM02", "9990000918", "Mock Department")
PERSON = PatientFacts("p", "Quillfeather", "Ash", "9990000417")
TO = Pointed("ServiceRequest", "0badcafe-0000-4000-8000-000000000001", "9990000417", KEEPER)


@pytest.mark.parametrize(("api", "shape"), [("1.1.0", dict), ("1.2.0", list), ("1.5.0", list)])
def test_a_pointer_has_three_identifiers_and_its_format_as_the_version_has_it(api, shape) -> None:
    made = pointer(TO, product="P-1", api=api)
    assert [one["system"].rpartition("/")[2] for one in made["identifier"]] == [  # type: ignore[index, union-attr]
        "BaRS-Identifier",
        "dos-service-id",
        "product-id",
    ]
    assert isinstance(made["content"][0]["format"], shape)  # type: ignore[index]
    assert made["type"]["coding"][0]["code"] == "3457005"  # type: ignore[index]
    assert "context" not in made


def test_bookings_and_referrals_name_patient_and_use_case_and_can_be_read_again() -> None:
    for made in (
        appointment(PERSON, "a1t1", now=NOW, slot=("7", "2026-07-21T09:00:00+00:00", "2026-07-21T09:15:00+00:00")),
        service_request(PERSON, "a1t1", now=NOW),
    ):
        text = build(made).source
        assert b"9990000417" in text
        assert b"a1t1" in text
        assert parse(text).resource == made
    assert appointment(PERSON, "a1t1", now=NOW).get("slot") is None


def test_an_endpoint_without_a_period_is_a_template_of_no_service() -> None:
    whole = endpoint(KEEPER, "https://x.example", product="P-1", period=("2026-01-01", "2027-01-01"))
    template = endpoint(KEEPER, "https://x.example", product="P-1")
    assert (len(whole["identifier"]), len(template["identifier"])) == (2, 1)  # type: ignore[arg-type]
    assert ("period" in whole, "period" in template) == (True, False)
    linked = healthcare_service(KEEPER, product="P-1", endpoint="7")
    assert linked["endpoint"] == [{"reference": "Endpoint/7"}]
