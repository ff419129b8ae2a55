from __future__ import annotations

from tests.rules.builders import acknowledged, called, composed
from workbench.exchange import Response
from workbench.messages import Finding, Layer, Severity, Source
from workbench.rules import Side, Submission, Verdict
from workbench.standard import default_profile

VERSIONS = default_profile()


def a_verdict(*severities: Severity) -> Verdict:
    found = tuple(
        Finding("MOC-001", one, Layer.BARS, "Bundle", f"{number}", Source("Mock", ""))
        for number, one in enumerate(severities)
    )
    return Verdict(found, VERSIONS, "0")


def test_only_errors_make_it_invalid() -> None:
    assert a_verdict().valid
    assert a_verdict(Severity.WARNING, Severity.INFORMATION).valid
    assert not a_verdict(Severity.WARNING, Severity.ERROR).valid
    assert not a_verdict(Severity.FATAL).valid


def test_worst_and_counts() -> None:
    assert a_verdict().worst is None
    found = a_verdict(Severity.WARNING, Severity.ERROR, Severity.WARNING)
    assert found.worst is Severity.ERROR
    assert list(found.counts().items()) == [(Severity.ERROR, 1), (Severity.WARNING, 2)]


def test_the_answer_is_read_once_and_tolerantly() -> None:
    taken = acknowledged()
    call = called(composed())
    held = Submission(composed(), call, Response(200, "", (), taken.source), VERSIONS, Side.COMPOSE)
    assert held.answer is held.answer
    assert held.answer.facts == taken.facts
    assert Submission(composed(), call, Response(200, "", (), b"x"), VERSIONS, Side.COMPOSE).answer is None
    alone = Submission(taken, None, Response(200), VERSIONS, Side.RECEIVE)
    assert alone.is_answer
    assert alone.answer is taken
