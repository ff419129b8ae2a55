"""Every mutation: it changes what it says, its rule finds it, and it gets the stated answer.

Also values, making and every group: http_headers, ids, envelope, message_header, references, statuses, codes, dates,
patient, cardinality, encoding.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest

from tests.compose.mutations.trials import (
    Trial,
    answer_of,
    choices_of,
    found_by,
    headers_of,
    receiver_for,
    trials,
)
from workbench.compose.mutations import Group, Mutation, broken, broken_headers, fits, fitting, mutations
from workbench.compose.mutations.values import HeaderChange, TextChange, TreeChange
from workbench.errors import InputError
from workbench.headers import HeaderChoices
from workbench.messages import Message, apply, parse, tree
from workbench.rules import spec_of

DRAFTS_EACH = 2
"""So many kinds of drafts each mutation is tried on."""
_INDEX = re.compile(r"\[\d+\]")


@cache
def rules_before(trial: Trial) -> Counter[str]:
    headers = headers_of(trial.message)
    return Counter(one.rule for one in found_by(trial.message.source, headers, trial.message))


def fitting_trials(mutation: Mutation) -> list[Trial]:
    found = [trial for trial in trials() if fits(mutation, trial.message, headers_of(trial.message))]
    return found[:DRAFTS_EACH]


def leaves(message: Message) -> Counter[tuple[str, str]]:
    """Every single value with its element, by type and without numbers of list items."""
    found: Counter[tuple[str, str]] = Counter()
    resources = {entry.path: entry.type for entry in message.entries()}
    for path, value in tree.walk(message.resource, message.resource_type):
        if isinstance(value, dict | list) and value:
            continue
        owner = max((known for known in resources if path.startswith(f"{known}.")), key=len, default="")
        named = f"{resources[owner]}{path[len(owner) :]}" if owner else path
        found[_INDEX.sub("[]", named), repr(value)] += 1
    return found


def entries(message: Message) -> Counter[str]:
    held = message.at("Bundle.entry")
    return Counter(repr(one) for one in held) if isinstance(held, list) else Counter()


def changed_elements(before: Message, after: Message) -> set[str]:
    one, two = leaves(before), leaves(after)
    return {element.replace("[]", "") for element, _ in (one - two) + (two - one)}


@pytest.mark.parametrize("mutation", mutations().values(), ids=lambda one: one.id)
def test_each_mutation_does_what_it_says_is_found_and_is_answered_as_stated(mutation: Mutation) -> None:
    tried = fitting_trials(mutation)
    assert tried, "it fits no draft, so nothing shows that it works"
    for trial in tried:
        headers = headers_of(trial.message)
        text, sent = broken(mutation, trial.message), choices_of(mutation, trial.message, headers)
        source = text.encode()
        changes_what_it_says(mutation, trial.message, text)

        found = Counter(one.rule for one in found_by(source, sent, trial.message))
        new = found - rules_before(trial)
        assert mutation.rule in new, f"{trial.name}: {mutation.rule} does not find it, {sorted(new)} do"

        answer = answer_of(receiver_for(trial).send(source, sent))
        assert answer == (mutation.platform or mutation.answer), trial.name
        if mutation.platform is not None:
            alone = answer_of(receiver_for(trial).send(source, sent, by_platform=False))
            assert alone == mutation.answer, f"{trial.name}, without the platform"


def changes_what_it_says(mutation: Mutation, message: Message, text: str) -> None:
    change = mutation.change
    match change:
        case HeaderChange():
            headers = headers_of(message)
            sent = choices_of(mutation, message, headers)
            changed = {name for name, _ in set(headers) ^ set(sent)}
            assert text == message.text
            assert changed == {part.name for part in change.parts}
        case TreeChange():
            after = parse(text.encode())
            assert after.resource == apply(message.resource, change.make(message)) != message.resource
            assert after.syntax is message.syntax
            if change.touches == "Bundle.entry":
                one, two = entries(message), entries(after)
                assert ((one - two) + (two - one)).total() <= 1
            else:
                changed = changed_elements(message, after)
                assert changed
                assert all(f"{element}.".startswith(f"{change.touches}.") for element in changed), changed
        case TextChange():
            assert text != message.text
            try:
                after = parse(text.encode())
            except InputError:
                return
            changed = changed_elements(message, after)
            assert all(f"{element}.".startswith(f"{change.touches}.") for element in changed), changed


def test_there_are_mutations_of_every_group() -> None:
    counts = Counter(one.group for one in mutations().values())
    assert list(counts) == list(Group)
    assert min(counts.values()) >= 8
    assert counts.total() >= 80


@pytest.mark.parametrize("mutation", mutations().values(), ids=lambda one: one.id)
def test_each_mutation_is_named_and_explained(mutation: Mutation) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", mutation.id)
    assert mutation.title
    assert not mutation.title.endswith(".")
    assert re.fullmatch(r"[^ ].+[^.]\.", mutation.does)
    assert ". " not in mutation.does
    assert mutation.change.touches
    assert mutation.drafts.words
    assert spec_of(mutation.rule) is not None


def test_titles_are_told_apart_within_a_kind_of_draft() -> None:
    for trial in trials():
        titles = Counter(one.title for one in fitting(trial.message))
        assert titles.most_common(1)[0][1] == 1, titles.most_common(3)


def test_the_expected_answer_is_a_sentence_with_status_and_code() -> None:
    known = mutations()
    assert known["wrong-event"].expected == "A correct receiver answers 400 (REC_BAD_REQUEST)"
    assert known["no-target"].expected == "BaRS itself answers 400 (PROXY_BAD_REQUEST)"
    assert known["nhs-number-check-digit"].expected == "A correct receiver takes it all the same (200)"


def test_what_a_person_chose_for_other_headers_stays() -> None:
    trial = trials()[0]
    own = HeaderChoices((("Accept", "application/json"),), frozenset({"use-context"}))
    made = broken_headers(mutations()["no-target"], trial.message, headers_of(trial.message), own)
    assert made == HeaderChoices(own.overrides, own.absent | {"NHSD-Target-Identifier"})
    same = broken_headers(mutations()["wrong-event"], trial.message, headers_of(trial.message), own)
    assert same is own


def test_a_header_that_the_call_does_not_have_is_not_broken() -> None:
    trial = trials()[0]
    headers = tuple(one for one in headers_of(trial.message) if one[0] != "use-context")
    mutation = mutations()["use-context-of-another-message"]
    assert not fits(mutation, trial.message, headers)
    assert fits(mutation, trial.message), "headers that are not known may have it"
    assert broken_headers(mutation, trial.message, headers, HeaderChoices()) == HeaderChoices()


def test_only_what_changes_something_is_offered() -> None:
    referral, booking = trials()[0].message, trials()[1].message
    offered = {one.id for one in fitting(referral)}
    assert "dangling-slot" not in offered
    assert "doctype" not in offered
    assert "reply-to-nothing" not in offered
    assert {"dangling-slot", "appointment-proposed"} <= {one.id for one in fitting(booking)}
    assert {"doctype", "no-namespace"} <= {one.id for one in fitting(trials()[3].message)}
