"""Invented parties and people, and a setting to compose with, for tests and benchmarks of any layer."""

from __future__ import annotations

from workbench.compose import Party, PatientFacts, Setting
from workbench.standard import default_profile

SENDER = Party("Mock Call Centre", "ZZM01", "9990000917", "Mock Call Desk")
RECEIVER = Party("Mock Hospital", "ZZM02", "9990000918", "Mock Emergency Department")
PATIENT = PatientFacts(
    id="p1",
    family="Quillfeather",
    given="Ash",
    nhs_number="9990000417",
    gender="female",
    birth_date="1990-02-03",
    line="7 Mock Lane",
    city="Mockford",
    postcode="ZZ99 3VZ",
    phone="01632 960400",
)


def a_setting(use_case: str = "a1t1", **changes: object) -> Setting:
    """A setting for a use case: the default versions of its Application unless others are given."""
    facts = {
        "sender": SENDER,
        "receiver": RECEIVER,
        "patient": PATIENT,
        "use_case": use_case,
        "versions": default_profile(int(use_case[1])),
    }
    return Setting(**{**facts, **changes})
