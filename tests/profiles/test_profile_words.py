"""The sentences of the profile layer."""

from __future__ import annotations

from tests.profiles.made import a_constraint, a_rule, a_slice
from workbench.messages import Number
from workbench.profiles import profile_words as words
from workbench.profiles.profile_values import Item

ITEM = Item("Mock.x", "a", {}, "code")


def test_what_is_missing_or_too_much_is_counted() -> None:
    assert words.missing("P", "Mock", a_rule("name"), 0, 1).text == "P needs name, and there is none."
    assert words.missing("P", "Mock", a_rule("name"), 1, 2).text == "P needs at least 2 of name, and there is 1."
    nhs = a_slice("nhs", "identifier", max=1)
    assert words.missing("P", "Mock", nhs, 0, 1).text == "P needs identifier of the kind nhs, and there is none."
    assert (
        words.too_many("P", "Mock", nhs, 3).text == "P allows at most 1 of identifier of the kind nhs, and there are 3."
    )
    assert words.too_many("P", "Mock", a_rule("photo", max=0), 1).text == "P does not allow photo."


def test_lists_and_values_are_written_for_readers() -> None:
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "a", "c"]) == "a, b or c"
    assert words.shown({"a": [Number("1.0"), True]}) == '{"a":[1.0,true]}'
    assert len(words.shown("x" * 200)) == 80


def test_every_sentence_names_who_asks_and_what() -> None:
    assert words.wrong_type("P", ITEM, "value", ["Period", "dateTime"], "string").text == (
        "P allows value only as Period or dateTime, and it is string."
    )
    assert words.not_pattern("P", ITEM, "code", {"a": "b"}).text == 'P asks code to have {"a":"b"}, and it does not.'
    assert words.bad_code("P", "x", "code", "a", "urn/s").text == "P asks code for a code of s, and a is none."
    assert words.bad_code("P", "x", "code", "", "urn/s").text == "P asks code for a code of s, and it has no code."
    assert (
        words.unmatched("P", ITEM, "name", ["a", "b"]).text
        == "P allows name only of the kinds a or b, and this is none."
    )
    assert words.broken("P", "x", a_constraint("true")).text == "P, constraint moc-1: It must hold."


def test_a_repair_is_offered_only_for_plain_values() -> None:
    assert words.not_fixed("P", ITEM, "code", "b").fix is not None
    assert words.not_fixed("P", ITEM, "code", {"a": "b"}).fix is None
    assert words.missing("P", "Mock", a_slice("s", "identifier", fixed="x"), 0, 1).fix is None
