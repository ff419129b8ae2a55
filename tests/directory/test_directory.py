"""The directory: demo data that fits the sandbox and the standard, look-ups, refusals; also shelf and values."""

from __future__ import annotations

import json

import pytest

from workbench import assets
from workbench.directory import Directory
from workbench.errors import ConfigError, ErrorCode
from workbench.messages import nhs_number
from workbench.sandbox import partner_specs


def read(name: str) -> dict:
    return json.loads(assets.text("demo", name)) if assets.path("demo", name).is_file() else {}


def test_the_demo_services_are_those_of_the_sandbox() -> None:
    directory = Directory.load(read)
    ours = {
        (s.system, s.value, s.name, s.organisation, s.ods_code)
        for s in directory.services.all()
        if s.role == "receiver"
    }
    theirs = {
        (service.system, service.value, service.name, partner.name, partner.ods_code)
        for partner in partner_specs()
        for service in partner.services
    }
    assert ours == theirs
    for identity in directory.identities.all():
        assert directory.services.find(identity.service).role == "sender"


def test_made_up_patients_are_many_and_valid() -> None:
    patients = Directory.load(read).patients
    assert len(patients) >= 24
    assert len({one.nhs_number for one in patients}) == len(patients)
    for one in patients:
        assert nhs_number.is_valid(one.nhs_number), one.id
        assert one.nhs_number.startswith(("999", "9658499")), "test ranges only"
        assert one.postcode.startswith("ZZ99")
    directory = Directory.load(read)
    assert directory.patient(patients[0].nhs_number) == patients[0]
    with pytest.raises(KeyError):
        directory.patient("nobody")


def test_environments_and_what_they_lack() -> None:
    environments = Directory.load(read).environments
    assert environments.names() == ("embedded", "sandbox", "int", "production")
    table = {
        one.id: (one.base_url, one.token_url, one.needs_token, one.production, one.ready) for one in environments.all()
    }
    base = "booking-and-referral/FHIR/R4"
    assert table == {
        "embedded": ("", None, True, False, False),
        "sandbox": (f"https://sandbox.api.service.nhs.uk/{base}", None, False, False, True),
        "int": (
            f"https://int.api.service.nhs.uk/{base}",
            "https://int.api.service.nhs.uk/oauth2/token",
            True,
            False,
            False,
        ),
        "production": (
            f"https://api.service.nhs.uk/{base}",
            "https://api.service.nhs.uk/oauth2/token",
            True,
            True,
            False,
        ),
    }
    there = environments.get("embedded").with_addresses("http://127.0.0.1:1/x", "http://127.0.0.1:1/t")
    assert (there.ready, there.reason) == (True, "")
    assert "API key of a registered application" in environments.get("int").reason


@pytest.mark.parametrize("text", ["northgate-emergency-department", "2000011147", "NORTHGATE EMERGENCY DEPARTMENT"])
def test_services_are_found_by_any_name(text: str) -> None:
    assert Directory.load(read).services.find(text).value == "2000011147"


def test_what_is_not_there_is_told_with_what_is() -> None:
    with pytest.raises(ConfigError) as raised:
        Directory.load(read).services.find("nowhere")
    assert raised.value.code is ErrorCode.CONFIG_SERVICE
    assert "harrow-lane-pharmacy" in raised.value.next_step


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"services": {}}, "must be a list"),
        ({"services": [1]}, "Row 1 of services.json"),
        ({"services": [{"id": "x"}]}, "'name' is missing"),
        (
            {
                "services": [
                    {
                        **dict.fromkeys(("id", "name", "system", "value", "role", "organisation", "ods_code"), "x"),
                        "use_cases": "a1t1",
                    }
                ]
            },
            "list of texts",
        ),
    ],
)
def test_a_row_that_cannot_be_used_is_named(content: dict, words: str) -> None:
    with pytest.raises(ConfigError) as raised:
        Directory.load(lambda name: content if name == "services.json" else {})
    assert words in raised.value.sentence


def test_own_rows_come_beside_the_built_in_environments_and_unknown_fields_are_passed_over() -> None:
    own = {
        "environments": [
            {
                "id": "rig-7",
                "title": "Rig 7",
                "subtitle": "own",
                "base_url": "https://rig.example/x",
                "token_url": "",
                "needs_token": False,
                "client_id": "",
                "production": False,
                "api_version": "1.0.0",
                "future": 1,
            }
        ]
    }
    environments = Directory.load(lambda name: own if name == "environments.json" else {}).environments
    assert environments.names() == ("embedded", "sandbox", "int", "production", "rig-7")
