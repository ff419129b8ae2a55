"""Why nothing proper came back: a failure of the network as a diagnosis, with what may be behind it on this machine.

The sentence and the next step are the failure's own; must not know what was sent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.doctor.refusals import Refusal, concluded
from workbench.doctor.values import State
from workbench.errors import ErrorCode
from workbench.exchange import FailureKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.doctor.values import Check, Diagnosis, KnownPlace
    from workbench.exchange import Failure

_BEHIND = {
    ErrorCode.NET_TLS: ("clock", "host", "address"),
    ErrorCode.NET_TLS_EXPIRED: ("clock",),
    ErrorCode.NET_TLS_EARLY: ("clock",),
    ErrorCode.NET_TLS_HOST: ("host", "address"),
    ErrorCode.NET_PLAIN_PORT: ("host", "address"),
    ErrorCode.NET_SECURE_PORT: ("host", "address"),
    ErrorCode.NET_NO_ADDRESS: ("host", "address"),
    ErrorCode.NET_REFUSED: ("host", "address"),
    ErrorCode.NET_NOT_HTTP: ("host", "address"),
}
"""Which tests may name the cause of a failure, most telling first."""


def diagnose_failure(failure: Failure, place: KnownPlace, checks: Sequence[Check]) -> Diagnosis:
    """The failure by its own sentence, with the tests beside it; a test that fails and may be behind it is named."""
    kept = [check for check in checks if check.state is not State.UNTESTED or check.id == "clock"]
    known = f"Nothing was sent to {place.title}." if failure.kind is FailureKind.NOT_SENT else _UNKNOWN[failure.kind]
    row = Refusal(failure.code.value, (), _BEHIND.get(failure.code, ()), "", known, failure.next_step)
    found = concluded(row, kept, {}, said=failure.sentence)
    text = f"{found.title}. {known}" if found.title else known
    return replace(found, title=failure.sentence, text=text)


_UNKNOWN = {
    FailureKind.UNKNOWN: "The outcome is unknown: it may have been acted on.",
    FailureKind.CUT: "An answer began and was cut.",
    FailureKind.STOPPED: "It was stopped by hand.",
    FailureKind.NOT_DELIVERED: "The answer did not reach the caller.",
}
