"""Answers on purpose in order: answer_rule, arrival, ruled, linked and samples together with the book itself."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.receiver.builders import NOW, RULES, Mock, a_message, get, issue, new_id
from workbench.errors import InputError
from workbench.exchange import Drop
from workbench.receiver import AnswerBook, AnswerRule, How, When, answer_rules
from workbench.receiver.answer_rule import HARNESS, OWN, row_of, rule_of
from workbench.receiver.arrival import Arrival, fits
from workbench.receiver.linked import LinkedStates, steps
from workbench.receiver.ruled import reading
from workbench.receiver.samples import names, sample


def refusing(id: str = "mine", status: int = 503, **when: object) -> AnswerRule:
    return AnswerRule(id, When(**when), How.REFUSE, status, "transient", why="on purpose.", early=True)  # type: ignore[arg-type]


def a_mock(*rules: AnswerRule) -> Mock:
    return Mock(replace(RULES, answers=AnswerBook(rules)))


@pytest.mark.parametrize(
    ("when", "held"),
    [
        ({}, True),
        ({"kind": "referral"}, True),
        ({"kind": "booking"}, False),
        ({"event": "servicerequest-request", "reason": "new"}, True),
        ({"reason": "update"}, False),
        ({"use_case": "A1T1"}, True),
        ({"patients": ("9990000417",)}, True),
        ({"patients": ("999 000 0417",)}, True),
        ({"patients": ("none",)}, False),
        ({"service": "9990000918"}, True),
        ({"service": "2000011147"}, False),
        ({"organisation": "zzm01"}, True),
        ({"organisation": "ZZM09"}, False),
        ({"family": "quillfeather"}, True),
        ({"lacks": ("Appointment",)}, True),
        ({"lacks": ("Patient",)}, False),
        ({"has": ("ServiceRequest=active",)}, True),
        ({"has": ("ServiceRequest=revoked",)}, False),
        ({"header": "X-Request-Id"}, True),
        ({"header": "echo"}, False),
        ({"flag": "no S"}, True),
        ({"condition": "Broken leg, not there"}, False),
    ],
)
def test_a_rule_holds_for_what_it_asks_for_and_nothing_else(when: dict[str, object], held: bool) -> None:
    mock = a_mock(refusing(**when))
    response = mock.post(a_message().source)
    assert response.status == (503 if held else 200)
    assert mock.calls[-1].answered_by == ("mine" if held else "referral-new"), "the rule that fired is told"


def test_no_number_is_a_condition_of_its_own() -> None:
    mock = a_mock(refusing(patients=("none",)))
    assert mock.post(a_message(nhs_number="").source).status == 503


def test_an_early_rule_answers_before_a_message_is_judged() -> None:
    spoilt = a_message().source.replace(b'"versionId"', b'"version"')
    assert issue(a_mock().post(spoilt))[2] == "invariant"
    assert a_mock(refusing()).post(spoilt).status == 503
    late = replace(refusing(), early=False)
    assert issue(a_mock(late).post(spoilt))[2] == "invariant", "the guide's order goes before"


def test_the_first_that_is_on_and_fits_wins() -> None:
    book = AnswerBook((refusing("a", 500), refusing("b", 501)))
    mock = Mock(replace(RULES, answers=book))
    assert mock.post(a_message().source).status == 500
    book.switch("a", False)
    assert mock.post(a_message().source).status == 501
    book.switch("a", True)
    book.move("b", -1)
    assert mock.post(a_message().source).status == 501


def test_what_was_changed_is_kept_and_taken_up_again() -> None:
    book = AnswerBook(answer_rules())
    book.keep(refusing("own-1"))
    book.move("own-1", 3)
    book.switch("echo", False)
    kept = json.loads(json.dumps(book.to_json()))
    again = AnswerBook(answer_rules())
    again.restore(kept)
    assert again.rules() == book.rules()
    assert [rule.id for rule, on in again.rules() if not on] == ["echo"]
    assert again.rules()[3][0].source == OWN
    again.remove("own-1")
    assert "rules" not in again.to_json()
    assert AnswerBook(answer_rules()).to_json() == {}


def test_what_begins_switched_off_can_be_switched_on_and_stays_so() -> None:
    off = [rule.id for rule in answer_rules()]
    book = AnswerBook(answer_rules(), off=off)
    assert not any(on for _, on in book.rules())
    book.switch_given(True)
    again = AnswerBook(answer_rules(), off=off)
    again.restore(json.loads(json.dumps(book.to_json())))
    assert all(on for _, on in again.rules())


def test_given_rules_stay_and_unknown_ones_are_told() -> None:
    book = AnswerBook(answer_rules())
    for deed in (
        lambda: book.remove("echo"),
        lambda: book.keep(replace(refusing(), id="echo")),
        lambda: book.switch("nobody", True),
        lambda: book.move("nobody", 1),
    ):
        with pytest.raises(InputError):
            deed()


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"id": "x", "status": 700},
        {"id": "x", "how": "sing"},
        {"id": "x", "colour": "red"},
        {"id": "x", "patients": 5},
        {"id": "x", "service": 5},
        {"id": "x", "replies": [{"after": 3}]},
        {"id": "x", "replies": [{"kind": "validation-full", "after": "soon"}]},
    ],
)
def test_a_row_that_is_no_rule_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(InputError):
        rule_of(row, OWN)
    book = AnswerBook(answer_rules())
    with pytest.raises(InputError):
        book.restore({"rules": [row]})  # type: ignore[dict-item]
    assert len(book.rules()) == len(answer_rules()), "nothing was changed"


def test_replies_with_and_without_a_delay_survive_being_written_down() -> None:
    rule = AnswerRule("r", When(), How.TAKE, replies=(("validation-interim", 30.0), ("validation-full", None)))
    assert rule_of(json.loads(json.dumps(row_of(rule))), HARNESS) == rule


def test_a_rule_can_spoil_its_answer_on_the_wire() -> None:
    mock = a_mock(AnswerRule("cut", When(), How.TAKE, fault="cut"))
    response = mock.post(a_message().source)
    assert response.delivery is not None
    assert response.delivery.drop is Drop.WITHIN
    assert mock.calls[-1].answered_by == "cut"


def test_what_a_rule_asks_goes_before_what_the_call_asks() -> None:
    seen: list[str] = []

    def call(request):  # noqa: ANN001
        seen.append(request.url.partition("?")[2])
        return {"resourceType": "Bundle"}

    rule = AnswerRule("r", When(), How.TAKE, asks=("status=busy", "_include=Slot:schedule"))
    reading(rule, get("/Slot?status=free&start=ge1&_include=x&_include=y"), call, new_id, NOW)
    assert seen == ["start=ge1&status=busy&_include=Slot:schedule"]


def test_a_call_without_a_message_has_no_message_to_ask_about() -> None:
    arrival = Arrival("metadata", get("/metadata"))
    assert fits(When(operation="metadata"), arrival)
    assert not fits(When(event="booking-request"), arrival)
    assert not fits(When(kind="booking"), arrival)
    assert not fits(When(patients=("none",)), arrival)


def test_linked_states_are_those_of_one_organisation() -> None:
    states, told = LinkedStates(), []
    states.on_change = lambda who, state: told.append((who, state))
    first = states.step("booking", "ZZQ01")
    assert first is not None
    assert (first.status, first.next) == (200, "booked")
    states.enter("ZZQ01", first.next)
    second = states.step("booking", "ZZQ01")
    assert second is not None
    assert (second.status, second.next) == (409, "booked")
    other = states.step("booking", "ZZQ02")
    assert other is not None
    assert other.status == 200
    assert states.step("something else", "ZZQ01") is None
    assert told == [("ZZQ01", "booked")]
    assert {state for _, state in steps()} == {"", "booked", "referred"}


def test_samples_are_of_the_day_before() -> None:
    for name in names():
        text = json.dumps(sample(name, NOW))
        assert "2026-07-19T" in text
        assert "{" + "yesterday" not in text
    with pytest.raises(KeyError):
        sample("nothing", NOW)
