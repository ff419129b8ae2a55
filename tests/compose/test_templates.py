"""The tables of resources/templates: complete, and within what the standard defines."""

from __future__ import annotations

import pytest

from workbench.compose.templates import Ingredient, Origin, notation, template, templates
from workbench.errors import InputError
from workbench.standard.definitions import definitions
from workbench.standard.message_kinds import message_kinds
from workbench.standard.use_cases import use_cases

ONLY_KEPT = {"organization": "Organization", "flag": "Flag", "answers": "QuestionnaireResponse"}
"""Entries that come from an earlier message only, so that they have no block."""


def test_every_template_serves_use_cases_of_its_applications() -> None:
    for item in templates():
        assert item.use_cases, item.id
        assert {use_cases()[code].application for code in item.use_cases} <= set(item.applications), item.id


def test_there_is_a_template_for_every_message_that_a_use_case_knows() -> None:
    served = {(item.kind.id, code) for item in templates() for code in item.use_cases}
    wanted = set()
    for kind in message_kinds().values():
        for case in use_cases().values():
            purposes = (case.booking, case.referral, case.validation)
            purpose = dict(zip((None, "referral", "validation"), purposes, strict=True))[kind.category]
            if purpose and case.application in kind.applications and not case.withdrawn:
                wanted.add((kind.id, case.code))
    wanted.remove(("cad-rejection", "a6t1"))  # an incident out of area is the receiver's own from the first moment
    assert served == wanted


def test_every_beginning_has_a_least_and_a_full_template_for_each_use_case() -> None:
    variants: dict[tuple[str, str], list[str]] = {}
    for item in templates():
        for code in item.use_cases if not item.follows else ():
            variants.setdefault((item.kind.id, code), []).append(item.variant)
    assert {tuple(sorted(found)) for found in variants.values()} == {("", "full")}


def test_an_edition_changes_what_it_names_in_its_versions_only() -> None:
    nature = [template("referral-cad-full").changes_in(f"1.0.0-beta.{number}")["nature"] for number in (5, 6, 8)]
    said = [str(changes["extension[0].valueCodeableConcept.text"]) for changes in nature]
    assert said == ["Nature of Call Questionnaire", "Nature of Call (NOC)", "Nature of Call (NOC)"]
    assert ["questionnaire" in changes for changes in nature] == [True, False, False]


@pytest.mark.parametrize(
    ("version", "fits"), [("2.0.0", False), ("2.1.0-beta", False), ("2.1.0", True), ("2.2.9", True), ("3.0.0", False)]
)
def test_an_entry_is_there_from_one_version_until_another(version: str, fits: bool) -> None:
    assert Ingredient("related", Origin.MAKE, since="2.1.0", until="3.0.0").fits(version) is fits


def test_what_is_made_has_a_block_and_what_is_changed_is_an_entry() -> None:
    blocks = notation().blocks
    for item in templates():
        names = {entry.name for entry in item.entries}
        assert {entry.name for entry in item.entries if entry.origin is not Origin.KEEP} <= set(blocks), item.id
        assert {item.focus} <= names, item.id
        assert set(item.changes) <= names, item.id


def test_every_entry_is_allowed_by_the_definition_of_its_message() -> None:
    for item in templates():
        counts = definitions()[item.kind.definition].counts()
        types = {ONLY_KEPT.get(entry.name) or notation().blocks[entry.name].type for entry in item.entries}
        assert types <= set(counts), item.id
        assert {kind for kind, (least, _) in counts.items() if least} - {"Bundle"} <= types, item.id


def test_blocks_are_all_used() -> None:
    assert set(notation().blocks) | set(ONLY_KEPT) == {entry.name for item in templates() for entry in item.entries}


def test_a_template_that_does_not_exist_is_named() -> None:
    with pytest.raises(InputError, match="no-such"):
        template("no-such")
