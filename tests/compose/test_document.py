"""One undo for a text that is changed in several ways."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from workbench.compose import Document
from workbench.compose import document as module
from workbench.compose.document import TYPING, Change, Histories, difference

TEXTS = st.text(alphabet="ab \n{}", max_size=12)
CHANGES = st.tuples(TEXTS, st.sampled_from(["", TYPING, "form:birthDate", "tree"]))


@given(TEXTS, TEXTS)
def test_a_difference_leads_both_ways(before: str, after: str) -> None:
    change = difference(before, after)
    assert change.made(before) == after
    assert change.taken_back(after) == before


def test_a_difference_is_one_short_stretch() -> None:
    assert difference('{"a": 1, "b": 2}', '{"a": 17, "b": 2}') == Change(7, "", "7")


@given(TEXTS, st.lists(CHANGES, max_size=30))
def test_undo_takes_everything_back_and_redo_brings_everything(start: str, changes: list[tuple[str, str]]) -> None:
    document = Document(start)
    states = [start]
    for text, run in changes:
        document = document.replaced(text, "A change", run)
        states.append(text)
    assert document.text == states[-1]
    back = document
    while back.undo_label is not None:
        before, back = back.text, back.undone()
        assert before in states
        assert back.text in states
        assert back.redone().text == before
    assert (back.text, back.held) == (start, 0)
    while back.redo_label is not None:
        back = back.redone()
    assert (back.text, back.held) == (document.text, document.held)


@given(TEXTS, TEXTS, TEXTS)
def test_a_change_after_undo_forgets_what_was_undone(first: str, second: str, third: str) -> None:
    document = Document(first).replaced(second, "One").undone().replaced(third, "Other")
    if third != first:
        assert document.redo_label is None
    assert document.undone().text == first


def typed(document: Document, text: str) -> Document:
    """The text typed at the end, letter by letter."""
    for letter in text:
        document = document.replaced(document.text + letter, "Typing", TYPING)
    return document


def test_words_are_steps_not_letters() -> None:
    document = typed(Document("so: "), "one two three")
    seen = []
    while document.undo_label is not None:
        document = document.undone()
        seen.append(document.text)
    assert seen == ["so: one two ", "so: one ", "so: "]


def test_typing_elsewhere_and_deleting_are_steps_of_their_own() -> None:
    document = typed(Document("ab"), "c")
    assert len(document.replaced("xabc", "Typing", TYPING).past) == 2
    shorter = document.replaced("ab", "Typing", TYPING).replaced("a", "Typing", TYPING)
    assert [step.change for step in shorter.past] == [Change(2, "", "c"), Change(1, "bc", "")]


def test_a_run_is_one_step_until_it_is_sealed() -> None:
    document = Document("").replaced("J", "Name", "form:name").replaced("Jo", "Name", "form:name")
    assert document.undone().text == ""
    document = document.sealed().replaced("Jon", "Name", "form:name")
    assert document.undone().text == "Jo"
    assert document.sealed() is not document
    assert Document("").sealed() == Document("")


def test_the_same_text_is_no_step() -> None:
    document = Document("a")
    assert document.replaced("a", "Nothing") is document


def test_the_past_has_an_end(monkeypatch: object) -> None:
    document = Document("start")
    for number in range(module.DEPTH + 10):
        document = document.replaced(str(number), "A number")
    assert len(document.past) == module.DEPTH
    large = "x" * (module.HELD // 2 + 1)
    document = Document("").replaced(large, "Large").replaced("y" + large, "Small").replaced("z" * len(large), "Other")
    assert document.held <= module.HELD or len(document.past) == 1


def test_the_steps_of_a_draft_that_was_put_aside_can_still_be_taken_back() -> None:
    histories = Histories()
    first = Document("one").replaced("one two", "Typing", TYPING)
    histories.keep("a", first)
    histories.keep("b", Document("other"))
    back = histories.take("a", "one two")
    assert back.undone().text == "one"
    assert back.replaced("one two three", "Typing", TYPING).undone().text == "one two", "its typing was ended"
    histories.keep("a", back)
    assert histories.take("a", "written elsewhere").past == (), "it is about another text by now"
    assert histories.take("a", "one two").past == ()


def test_only_so_many_histories_are_kept() -> None:
    histories = Histories(most=2, held=10)
    for name in "abc":
        histories.keep(name, Document("").replaced(name, "A change"))
    assert [bool(histories.take(name, name).past) for name in "abc"] == [False, True, True]
    for name in ("d" * 6, "e" * 6):
        histories.keep(name, Document("").replaced(name, "A change"))
    assert [bool(histories.take(name, name).past) for name in ("d" * 6, "e" * 6)] == [False, True]
