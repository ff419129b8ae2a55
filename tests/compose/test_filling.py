"""Written values of the templates and what they stand for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from workbench.compose.filling import Filling, instant
from workbench.messages.values import Number

NOON = datetime(2026, 7, 20, 12, 0, 0, 5, tzinfo=UTC)
FILLING = Filling(
    {"now": NOON, "name": "Ash", "none": "", "code": "a1t1"}, {"patient": "urn:uuid:1"}, lambda: "fresh-id"
)


def test_an_instant_is_utc_with_seven_digits() -> None:
    assert instant(NOON.astimezone(timezone(timedelta(hours=1)))) == "2026-07-20T12:00:00.0000050+00:00"


@pytest.mark.parametrize(
    ("written", "element"),
    [
        (True, True),
        (3, Number("3")),
        (-1.25, Number("-1.25")),
        ("plain: text", "plain: text"),
        ("@patient", {"reference": "urn:uuid:1"}),
        ("@slot", None),
        ("{name} {none}", None),
        ("{name} of {missing}", None),
        ("Dr {name}", "Dr Ash"),
        ("{now+60m}", "2026-07-20T13:00:00.0000050+00:00"),
        ("{now-5m}", "2026-07-20T11:55:00.0000050+00:00"),
        ("{new}", "fresh-id"),
        ("id:ods|ZZM01", {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "ZZM01"}),
        ("id:ods|{none}", None),
        ("code:snomed|1|One", {"system": "http://snomed.info/sct", "code": "1", "display": "One"}),
        ("code:snomed|1", {"system": "http://snomed.info/sct", "code": "1"}),
        ("code:snomed|{none}|One", None),
        (
            "code:use-case|{code}",
            {
                "system": "https://fhir.nhs.uk/CodeSystem/usecases-categories-bars",
                "code": "a1t1",
                "display": "111 to ED",
            },
        ),
    ],
)
def test_a_written_value_stands_for_an_element(written: object, element: object) -> None:
    assert FILLING.element(written) == element
