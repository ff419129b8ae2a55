from __future__ import annotations

from workbench.standard.operations import operations


def test_header_sets_say_what_goes_along() -> None:
    calls = operations()
    assert calls["process-message"].carries_use_context
    assert calls["process-message"].needs_target
    assert not calls["slot-search"].carries_use_context
    assert not calls["metadata"].needs_target
    assert calls["process-message"].path == "/$process-message"
    assert calls["appointment-read"].answer == "Appointment"
