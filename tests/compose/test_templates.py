"""The tables of resources/templates: complete, and within what the standard defines."""

from __future__ import annotations

import pytest

from workbench.compose.templates import Origin, notation, template, templates
from workbench.errors import InputError
from workbench.standard.definitions import definitions
from workbench.standard.use_cases import use_cases


def test_every_template_serves_use_cases_of_its_applications() -> None:
    for item in templates():
        assert item.use_cases, item.id
        assert {use_cases()[code].application for code in item.use_cases} <= set(item.applications), item.id


def test_the_first_templates_cover_the_emergency_messages() -> None:
    assert {item.id for item in templates()} >= {
        "booking-new",
        "booking-cancel",
        "referral-new",
        "referral-full",
        "referral-cancel",
        "referral-error",
        "validation-new",
        "validation-cancel",
        "validation-interim",
        "validation-rejection",
        "validation-full",
        "safeguarding-dna",
    }
    assert {"a1t1", "a1t12", "a2t1", "a2t6"} <= set(template("referral-new").use_cases)
    assert {"a4t1", "a4t2", "a4t3", "a4t4"} == set(template("validation-new").use_cases)


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
        types = {notation().blocks[entry.name].type for entry in item.entries}
        assert types <= set(counts), item.id
        assert {kind for kind, (least, _) in counts.items() if least} - {"Bundle"} <= types, item.id


def test_blocks_are_all_used() -> None:
    assert set(notation().blocks) == {entry.name for item in templates() for entry in item.entries} | {"slot"}


def test_a_template_that_does_not_exist_is_named() -> None:
    with pytest.raises(InputError, match="no-such"):
        template("no-such")
