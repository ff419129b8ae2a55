from __future__ import annotations

import pytest

from tests.rules.applications import dispatch
from tests.rules.builders import acknowledged, at, booking, cancelled, changed, composed, put, replied, validation
from workbench.messages import build
from workbench.rules import Side, Submission
from workbench.rules.stages import (
    Stage,
    follows_original,
    number,
    receivers_encounter,
    same_bundle,
    senders_encounter,
    stage,
)
from workbench.rules.survey import survey
from workbench.standard import default_profile


def submission(message: object, original: object = None) -> Submission:
    return Submission(message, None, None, default_profile(), Side.RECEIVE, original=original)


def as_update() -> object:
    return changed(composed(), put(f"{at(composed(), 'MessageHeader')}.reason.coding[0].code", "update"))


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        (composed(), Stage.NEW),
        (acknowledged(), Stage.NEW),
        (as_update(), Stage.UPDATE),
        (booking(), Stage.BOOKING),
        (cancelled(), Stage.CANCELLATION),
        (cancelled("booking-new"), Stage.CANCELLATION),
        (replied("validation-interim"), Stage.INTERIM),
        (replied("validation-rejection"), Stage.REJECTION),
        (replied(), Stage.FULL),
        (replied("safeguarding-dna", "a1t1"), Stage.ABSENCE),
        (build({"resourceType": "Bundle", "type": "message"}), Stage.OTHER),
    ],
)
def test_every_message_has_its_stage(message: object, wanted: Stage) -> None:
    assert stage(submission(message)) is wanted


@pytest.mark.parametrize("message", [replied("validation-interim"), replied("validation-rejection"), replied()])
def test_without_a_definition_replies_go_by_what_they_hold(message: object) -> None:
    bare = changed(message, put(f"{at(message, 'MessageHeader')}.definition", "https://mock.example/own"))
    assert stage(submission(bare)) is stage(submission(message))


def test_replies_to_dispatch_are_short() -> None:
    reply = changed(dispatch(), put(f"{at(dispatch(), 'MessageHeader')}.eventCoding.code", "servicerequest-response"))
    assert stage(submission(reply)) is Stage.SHORT


def test_the_application_is_that_of_the_use_case() -> None:
    assert [number(submission(one)) for one in (composed(), validation(), dispatch())] == [1, 4, 6]


def test_each_side_has_its_case() -> None:
    reply = survey(submission(replied()))
    sender, receiver = senders_encounter(reply), receivers_encounter(reply)
    assert sender is not None
    assert receiver is not None
    assert sender.index != receiver.index
    assert receiver.index == reply.focus.index
    request = survey(submission(composed()))
    assert senders_encounter(request) == request.first("Encounter")
    assert receivers_encounter(request) is None
    taken = survey(submission(acknowledged()))
    assert receivers_encounter(taken).resource["status"] == "planned"


def test_updates_and_cancellations_follow_an_original() -> None:
    assert follows_original(submission(cancelled(), composed()))
    assert not follows_original(submission(cancelled()))
    assert not follows_original(submission(replied(), validation()))
    assert not follows_original(submission(composed(), composed()))
    assert same_bundle(submission(acknowledged(), composed()))
    assert not same_bundle(submission(cancelled(), composed()))
