"""Environments: what they lack, when they are production, their versions and colours, and their rows in the file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.directory import Directory, Environment
from workbench.directory.directory import built_in_environments, read_environments
from workbench.directory.environments import (
    int_only,
    leads_to_production,
    with_environment,
    without_environment,
)
from workbench.errors import ConfigError
from workbench.standard import VersionProfile, default_profile

RIG = Environment(
    id="rig-7",
    title="Rig 7",
    subtitle="own",
    base_url="https://rig.example/FHIR/R4",
    token_url=None,
    needs_token=False,
    client_id="",
    production=False,
)


def test_what_is_missing_is_one_sentence() -> None:
    assert RIG.ready
    assert "no address yet" in replace(RIG, base_url="").reason
    assert "API key of a registered application" in replace(RIG, needs_token=True).reason
    assert replace(RIG, needs_token=True, client_id="x").ready


@pytest.mark.parametrize(
    ("url", "live"),
    [
        ("https://api.service.nhs.uk/x", True),
        ("https://API.service.nhs.uk.:443/x", True),
        ("https://int.api.service.nhs.uk/x", False),
        ("https://api.service.nhs.uk.example/x", False),
        ("https://[broken", False),
        ("", False),
    ],
)
def test_an_address_with_live_patients_is_production_whatever_it_is_called(url: str, live: bool) -> None:
    assert leads_to_production(url) is live
    assert replace(RIG, base_url=url).live is live
    assert replace(RIG, base_url=url, colour="int").shown_colour == ("production" if live else "int")


def test_colours_follow_what_an_environment_is() -> None:
    assert [one.shown_colour for one in built_in_environments()] == ["embedded", "int", "production", "sandbox"]
    assert RIG.shown_colour == "own"
    assert replace(RIG, colour="production").shown_colour == "own"
    assert replace(RIG, id="int", colour="sandbox").shown_colour == "sandbox"
    assert replace(RIG, production=True).shown_colour == "production"


def test_versions_have_the_defaults_of_the_standard() -> None:
    assert RIG.profile == VersionProfile(1, "2.1.0", "1.0.7", "1.0.0")
    assert replace(RIG, application=5).profile == VersionProfile(5, "1.2.0", "1.5.0", "1.1.0")
    assert replace(RIG, application=8).profile == VersionProfile(8, "1.0.0-alpha.3", "1.5.0", "1.5.0")
    assert replace(RIG, application=42).profile.application == 1
    chosen = replace(RIG, application=6, application_version="1.0.0-beta.7", api_version="1.3.0", core="1.0.7")
    assert chosen.profile == VersionProfile(6, "1.0.0-beta.7", "1.0.7", "1.3.0")


def test_a_chosen_api_version_holds_for_every_message_and_none_leaves_it_to_them() -> None:
    message = default_profile(5)
    assert RIG.versions_of(message) == message
    assert replace(RIG, api_version="1.4.0").versions_of(message) == replace(message, api="1.4.0", core="1.5.0")
    assert replace(RIG, api_version="1.0.0").versions_of(message) == replace(message, api="1.0.0", core="1.0.7")
    other = replace(RIG, application=1, application_version="2.0.0", api_version="1.4.0")
    assert other.profile_for(None) == other.profile_for(1) == other.profile
    assert other.profile_for(5) == replace(message, api="1.4.0", core="1.5.0")


@pytest.mark.parametrize(
    ("api", "only"), [("1.0.0", False), ("1.1.0", False), ("1.2.0", True), ("1.5.0", True), ("9.9.9", False)]
)
def test_versions_beyond_production_are_int_only(api: str, only: bool) -> None:
    assert int_only(api) is only


def test_an_environment_comes_back_from_the_file_as_it_was() -> None:
    full = replace(
        RIG,
        token_url="https://rig.example/token",
        needs_token=True,
        client_id="app",
        api_version="1.4.0",
        application=6,
        proxy="http://p.example:1",
        ca="/ca.pem",
        colour="int",
    )
    content = with_environment({}, full)
    assert read_environments(content)[-1] == full
    twice = with_environment(content, replace(full, title="Rig 8"))
    assert [one.title for one in read_environments(twice)] == [*(one.title for one in read_environments({})), "Rig 8"]
    assert read_environments(without_environment(twice, "rig-7")) == read_environments({})


def test_fields_of_a_later_program_stay_in_their_row() -> None:
    content = {"environments": [{**with_environment({}, RIG)["environments"][0], "future": 1}, "no row"]}  # type: ignore[index, dict-item]
    kept = with_environment(content, replace(RIG, title="Rig 8"))["environments"]
    assert [(row["title"], row["future"]) for row in kept] == [("Rig 8", 1)]  # type: ignore[union-attr, index]


def test_a_built_in_one_can_be_changed_and_reset() -> None:
    own = next(one for one in built_in_environments() if one.id == "int")
    content = with_environment({}, replace(own, client_id="app"))
    assert next(one for one in read_environments(content) if one.id == "int").client_id == "app"
    assert next(one for one in read_environments(without_environment(content, "int")) if one.id == "int") == own


@pytest.mark.parametrize(
    ("field", "value"), [("title", 7), ("application", "1"), ("needs_token", "yes"), ("proxy", None)]
)
def test_a_value_of_the_wrong_type_is_named(field: str, value: object) -> None:
    row = {**with_environment({}, RIG)["environments"][0], field: value}  # type: ignore[index, dict-item]
    with pytest.raises(ConfigError, match=f"'{field}' has the wrong type"):
        Directory.load(lambda name: {"environments": [row]} if name == "environments.json" else {})
