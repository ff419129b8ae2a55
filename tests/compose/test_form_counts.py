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
