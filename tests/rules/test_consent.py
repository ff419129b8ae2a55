from __future__ import annotations

import pytest

from tests.rules.applications import Case, check
from tests.rules.builders import at, composed, drop, put

REFERRAL = composed()
CONSENT = at(REFERRAL, "Consent")


@pytest.mark.parametrize(
    "case",
    [
        Case("RES-161", (put(f"{CONSENT}.status", "draft"),), f"{CONSENT}.status", ("e", "e"), True),
        Case("RES-161", (drop(f"{CONSENT}.scope"),), f"{CONSENT}.scope", ("e", "e"), True),
        Case("RES-161", (put(f"{CONSENT}.scope.coding[0].code", "treatment"),), f"{CONSENT}.scope", ("e", "e")),
        Case("RES-161", (drop(f"{CONSENT}.category"),), f"{CONSENT}.category", ("e", "e"), True),
        Case("RES-161", (drop(f"{CONSENT}.policyRule"),), f"{CONSENT}.policyRule", ("e", "e"), True),
        Case("RES-161", (drop(f"{CONSENT}.patient"),), f"{CONSENT}.patient", ("e", "e"), True),
        Case("RES-161", (drop(f"{CONSENT}.dateTime"),), f"{CONSENT}.dateTime", ("e", "e")),
    ],
    ids=lambda case: case.path.rpartition("resource.")[2],
)
def test_consent_is_for_direct_care(case: Case) -> None:
    check(REFERRAL, case)
