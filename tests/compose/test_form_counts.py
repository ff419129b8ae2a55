"""What the message definition asks for: the published one, or the receiver's own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.compose.test_form import bundle
from workbench.compose.form import FormView, form_of
from workbench.standard import default_profile
from workbench.standard.definitions import Definition, definition_of

if TYPE_CHECKING:
    from workbench.messages import JsonObject, Message

REFERRAL = "bars-message-servicerequest-request-referral"


def message(*types: str) -> Message:
    """A referral that holds these resources beside its header."""
    definition = definition_of(REFERRAL)
    assert definition is not None
    header: JsonObject = {
        "resourceType": "MessageHeader",
        "eventCoding": {"code": "servicerequest-request"},
        "definition": definition.url,
    }
    return bundle(header, *({"resourceType": one} for one in types))


def needed(form: FormView) -> list[str]:
    return [card.note or card.title for part in form.sections for card in part.cards if card.needed]


def published() -> Definition:
    found = definition_of(REFERRAL)
    assert found is not None
    return found


def test_cards_that_the_definition_asks_for_are_marked_and_what_is_missing_is_named() -> None:
    form = form_of(message("Patient", "Flag"), default_profile())
    assert "Patient" in needed(form)
    assert "Flag" not in needed(form)
    assert "Referral" in form.missing
    assert "Patient" not in form.missing


@pytest.mark.parametrize(("count", "marked"), [(1, 1), (2, 0)])
def test_one_of_more_than_are_needed_is_not_marked(count: int, marked: int) -> None:
    form = form_of(message(*["Patient"] * count), default_profile())
    assert needed(form).count("Patient") == marked


def test_the_definition_of_the_receiver_goes_before_the_published_one() -> None:
    rows = tuple(replace(row, min=1 if row.type == "Flag" else 0) for row in published().rows)
    own = replace(published(), rows=rows)
    form = form_of(message("Patient"), default_profile(), (own,))
    assert needed(form) == []
    assert form.missing == ("Flag",)
    other = replace(own, own_url="https://other.example/MessageDefinition/x")
    assert "Patient" in needed(form_of(message("Patient"), default_profile(), (other,)))


def test_without_a_definition_nothing_is_asked_for() -> None:
    form = form_of(bundle({"resourceType": "Patient"}), default_profile())
    assert (needed(form), form.missing) == ([], ())


def counts(form: FormView) -> dict[str, str]:
    return {card.note or card.title: card.count for part in form.sections for card in part.cards}


def test_cards_say_how_many_of_them_the_definition_allows() -> None:
    shown = counts(form_of(message("Patient", "Patient", "Flag", "Device"), default_profile()))
    assert any(said == "2 of 1" for title, said in shown.items() if title.startswith("Patient"))
    assert shown["MessageHeader"] == "1 of 1"
    assert shown["Device"] == "1 of 1"
    assert shown["Flag"] == "", "as many as one likes"
    assert shown["Bundle"] == "", "the message itself is not counted"


def test_what_is_there_as_often_as_the_definition_allows_cannot_be_added_and_says_why() -> None:
    rows = tuple(replace(row, max=1 if row.type == "Consent" else row.max) for row in published().rows)
    own = replace(published(), rows=rows)
    for types, reason in (
        (("Patient",), ""),
        (("Patient", "Consent"), "1 of 1, the message definition allows no more"),
    ):
        form = form_of(message(*types), default_profile(), (own,))
        assert next(one.reason for one in form.additions if one.id == "consent") == reason


def test_what_needs_another_resource_says_which_one() -> None:
    without, with_place = (
        form_of(message("Patient", *more), default_profile()).additions for more in ((), ("Location",))
    )
    assert next(one.reason for one in without if one.id == "scene") == "needs: location"
    assert next(one.reason for one in with_place if one.id == "scene") == ""
