from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.rules.builders import at, changed, composed, put
from workbench.messages import parse
from workbench.messages.message_definitions import definitions_in
from workbench.rules import Side, Submission, answer_to, judge, judge_bytes
from workbench.standard import default_profile
from workbench.standard.definitions import definitions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from workbench.messages import Finding, Message
    from workbench.rules import Verdict
    from workbench.standard.definitions import Definition

REFERRAL = composed()


def found_by(message: Message, side: Side = Side.RECEIVE, **changes: object) -> list[Finding]:
    """What a receiver's own definition adds: by default a referral for a1t1 at the mock service."""
    named = definitions()["bars-message-servicerequest-request-referral"]
    facts = {"own_url": named.url, "version": "2.1.0", "services": ("9990000918",), "use_cases": ("a1t1",)}
    own = replace(named, **{**facts, **changes})
    found = judge(Submission(message, None, None, default_profile(1), side, own), timer=lambda: 0.0)
    return [one for one in found.findings if one.rule.startswith("DEF")]


def by_own(message: Message, side: Side = Side.RECEIVE, **changes: object) -> list[tuple[str, str, str]]:
    return [(one.rule, one.severity.value, one.path) for one in found_by(message, side, **changes)]


def test_a_fitting_definition_of_the_receiver_adds_nothing() -> None:
    assert by_own(REFERRAL, Side.COMPOSE) == by_own(REFERRAL) == []
    assert by_own(REFERRAL, services=(), use_cases=(), version="") == []


def test_a_definition_the_receiver_does_not_offer_is_refused() -> None:
    path = f"{at(REFERRAL, 'MessageHeader')}.definition"
    wanted = [("DEF-008", "error", path)]
    assert by_own(REFERRAL, own_url="https://mock.example/MessageDefinition/own", rows=()) == wanted
    assert [one[0] for one in by_own(changed(REFERRAL, put(path, "https://mock.example/own")))] == ["DEF-008"]
    assert by_own(changed(REFERRAL, put(path, "https://mock.example/own")), own_url="https://mock.example/own") == []


def test_a_use_case_the_receiver_does_not_offer_is_refused() -> None:
    path = f"{at(REFERRAL, 'ServiceRequest')}.category"
    assert by_own(REFERRAL, use_cases=("a1t2", "a2t1")) == [("DEF-009", "error", path)]
    assert by_own(REFERRAL, use_cases=("a1t2",), services=("dos-id",)) == [("DEF-009", "warning", path)]


def test_a_definition_of_another_service_was_asked_of_the_wrong_one() -> None:
    path = f"{at(REFERRAL, 'MessageHeader')}.destination[0].endpoint"
    assert by_own(REFERRAL, Side.COMPOSE, services=("1",)) == [("DEF-010", "error", path)]
    assert by_own(REFERRAL, services=("1",)) == [("DEF-010", "warning", path)]


def test_the_version_is_that_of_the_receivers_definition() -> None:
    path = "Bundle.meta.versionId"
    assert by_own(REFERRAL, Side.COMPOSE, version="1.0.8") == [("DEF-011", "error", path)]
    assert by_own(REFERRAL, version="1.0.8") == [("DEF-011", "warning", path)]
    assert by_own(REFERRAL, version="2.0.0") == [("DEF-011", "information", path)]


def test_what_is_not_offered_is_answered_so() -> None:
    (refused,) = found_by(REFERRAL, use_cases=("a1t2",))
    assert answer_to(refused) == (422, "REC_UNPROCESSABLE_ENTITY", "not-supported")


def test_published_definitions_add_nothing_to_official_messages_but_their_sample_use_cases(shared: Path) -> None:
    folder = shared / "data" / "bars-definitions" / "MessageDefinition"
    offered = [one for path in sorted(folder.glob("*.xml")) for one in definitions_in(parse(path.read_bytes()))]
    files = sorted((shared / "data" / "examples" / "xml").glob("*.xml"))
    assert len(offered) == len(definitions())
    for file in files:
        found = [
            {(one.rule, one.severity, one.path) for one in judge_file(file, given).findings} for given in ((), offered)
        ]
        added = {(rule, severity.value) for rule, severity, _ in found[1] - found[0]}
        assert added <= {("DEF-009", "warning")}, file.name
        assert found[0] <= found[1], file.name


def judge_file(file: Path, offered: Sequence[Definition]) -> Verdict:
    source = file.read_bytes()
    _, found = judge_bytes(source, versions=None, side=Side.RECEIVE, timer=lambda: 0.0, offered=offered)
    return found
