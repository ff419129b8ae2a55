"""What counts of a verdict: layers that are off and silenced noise are set apart, what is fatal never is."""

from __future__ import annotations

from datetime import UTC, datetime

from workbench.directory.silences import Silence
from workbench.messages import Finding, Layer, Severity, Source
from workbench.rules import Verdict
from workbench.rules.sifting import hidden_words, layers_of, sift
from workbench.standard import default_profile

SILENCE = Silence("mock", "MOC-001", "", "Known", "", datetime(2026, 11, 24, tzinfo=UTC))


def a_finding(rule: str, layer: Layer, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(rule, severity, layer, "Bundle", "Mock.", Source("mock", "mock"))


NOISE = a_finding("MOC-001", Layer.BARS)
HARNESS = a_finding("MOC-002", Layer.HARNESS)
OTHER = a_finding("MOC-003", Layer.CODES, Severity.WARNING)
FATAL = a_finding("MOC-001", Layer.HARNESS, Severity.FATAL)


def a_verdict(*findings: Finding) -> Verdict:
    return Verdict(findings, default_profile(), "mock")


def test_noise_and_layers_that_are_off_are_set_apart_with_the_reason() -> None:
    found = sift(a_verdict(NOISE, HARNESS, OTHER), silences=[SILENCE], off={Layer.HARNESS, Layer.BASE})
    assert found.verdict.findings == (OTHER,)
    assert found.verdict.valid
    assert [(one.finding, one.silence) for one in found.silenced] == [(NOISE, SILENCE)]
    assert found.hidden == ((Layer.BASE, 0), (Layer.HARNESS, 1))
    assert hidden_words(found.hidden) == "base and harness findings hidden (1)"


def test_nothing_fatal_is_ever_set_apart() -> None:
    found = sift(a_verdict(FATAL), silences=[SILENCE], off=frozenset(Layer))
    assert found.verdict.findings == (FATAL,)
    assert not found.verdict.valid


def test_without_anything_to_set_apart_the_verdict_is_the_same() -> None:
    whole = a_verdict(NOISE, OTHER)
    assert sift(whole).verdict == whole
    assert hidden_words(()) == ""


def test_layers_are_named_with_commas() -> None:
    assert layers_of(" Bars,codes,") == (frozenset({Layer.BARS, Layer.CODES}), ())
    assert layers_of("bars,nonsense") == (frozenset({Layer.BARS}), ("nonsense",))
    assert layers_of("") == (frozenset(), ())
