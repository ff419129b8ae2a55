"""JSON to XML and back again is the identity on values, of generated resources and of composed messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.builders import acknowledged, composed, replied
from workbench.messages import JsonObject, Message, Number, Syntax, build, convert

if TYPE_CHECKING:
    from collections.abc import Callable

LETTERS = st.characters(
    blacklist_categories=("Cs",), blacklist_characters="".join(map(chr, range(32))) + "\ufffe\uffff"
)
TEXT = st.text(LETTERS, min_size=1).filter(str.strip)
IDS = st.from_regex(r"[A-Za-z0-9.-]{1,20}", fullmatch=True)
DECIMALS = st.from_regex(r"-?(0|[1-9]\d{0,8})(\.\d{1,8})?([eE][+-]?\d{1,2})?", fullmatch=True).map(Number)
EXTENSION = st.fixed_dictionaries(
    {"url": st.just("https://mock.example/own")},
    optional={"valueString": TEXT},
)
PERIOD = st.fixed_dictionaries({"start": st.just("2026-07-20T08:00:00.1234567+00:00")}, optional={"id": IDS})
NAME = st.fixed_dictionaries(
    {},
    optional={
        "use": st.sampled_from(["official", "usual"]),
        "text": TEXT,
        "family": TEXT,
        "given": st.lists(TEXT, min_size=1, max_size=3),
        "period": PERIOD,
        "extension": st.lists(EXTENSION, min_size=1, max_size=2),
    },
).filter(bool)
PATIENT = st.fixed_dictionaries(
    {"resourceType": st.just("Patient")},
    optional={
        "id": IDS,
        "active": st.booleans(),
        "birthDate": st.just("1990-02-03"),
        "_birthDate": st.fixed_dictionaries({"extension": st.lists(EXTENSION, min_size=1, max_size=2)}),
        "name": st.lists(NAME, min_size=1, max_size=2),
        "multipleBirthInteger": st.integers(1, 9).map(str).map(Number),
    },
)
OBSERVATION = st.fixed_dictionaries(
    {"resourceType": st.just("Observation"), "status": st.just("final")},
    optional={
        "valueQuantity": st.fixed_dictionaries({"value": DECIMALS, "unit": TEXT}),
        "contained": st.lists(PATIENT, min_size=1, max_size=1),
    },
)
BUNDLE = st.fixed_dictionaries(
    {
        "resourceType": st.just("Bundle"),
        "type": st.just("message"),
        "entry": st.lists(
            st.fixed_dictionaries({"fullUrl": TEXT, "resource": PATIENT | OBSERVATION}), min_size=1, max_size=3
        ),
    }
)


def there_and_back(message: Message) -> Message:
    return convert(convert(message, Syntax.XML), Syntax.JSON)


@given(PATIENT | OBSERVATION | BUNDLE)
def test_a_generated_resource_comes_back_as_it_was(resource: JsonObject) -> None:
    message = build(resource)
    back = there_and_back(message)
    assert back.resource == message.resource
    assert back.text == message.text


@pytest.mark.parametrize(
    "make",
    [lambda: composed("referral-full"), lambda: composed("booking-new"), acknowledged, replied],
    ids=["referral", "booking", "acknowledgement", "reply"],
)
def test_a_composed_message_comes_back_as_it_was(make: Callable[[], Message]) -> None:
    message = make()
    assert there_and_back(message).resource == message.resource
