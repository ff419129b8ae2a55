"""The error codes an OperationOutcome of the standard carries (Core, Error handling; API specification)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAME = {"REC_NOT_SUPPORTED": "REC_NOT_ACCEPTABLE"}
"""Spellings of the guide and its pseudo-code that are neither a row nor a row without `PROXY_`."""


@dataclass(frozen=True, slots=True)
class OutcomeCode:
    """One error code."""

    code: str
    status: int
    issue_codes: tuple[str, ...]
    raised_by: str
    """`platform` or `receiver`."""
    meaning: str
    retry: bool
    """Whether sending the same message again with the same ids is right."""
    next_step: str
    """What a sender does about it."""


@dataclass(frozen=True, slots=True)
class OutcomeCase:
    """What a code means together with one FHIR issue code."""

    code: str
    issue: str
    title: str
    meaning: str
    retry: bool
    next_step: str
    delivered: bool = False
    """Whether it says that the message arrived, by an earlier send."""


@dataclass(frozen=True, slots=True)
class BareStatus:
    """What a status means that comes without an OperationOutcome."""

    status: int
    meaning: str
    retry: bool
    next_step: str = ""
    """Where something else is right than a retry."""
    mends: bool = False
    """Whether a retry is right once that is done."""


@cache
def outcome_codes() -> Mapping[str, OutcomeCode]:
    """Every error code by name."""
    return {
        row["code"]: OutcomeCode(
            row["code"], row["status"], tuple(row["issue"]), row["raised_by"], row["meaning"], row["retry"], row["next"]
        )
        for row in assets.table("standard", "outcomes.toml")["outcome"]
    }


@cache
def outcome_cases() -> Mapping[tuple[str, str], OutcomeCase]:
    """The special meanings by (code, issue code)."""
    return {
        (row["code"], row["issue"]): OutcomeCase(
            row["code"],
            row["issue"],
            row["title"],
            row["meaning"],
            row["retry"],
            row["next"],
            row.get("delivered", False),
        )
        for row in assets.table("standard", "outcomes.toml")["case"]
    }


@cache
def bare_statuses() -> Mapping[int, BareStatus]:
    """What statuses without an OperationOutcome mean."""
    rows = assets.table("standard", "outcomes.toml")["bare"]
    return {
        row["status"]: BareStatus(
            row["status"], row["meaning"], row["retry"], row.get("next", ""), row.get("mends", False)
        )
        for row in rows
    }


def known_code(code: str) -> OutcomeCode | None:
    """The row of a code, also without the prefix `PROXY_`, which the guide will drop; None where it is no code."""
    known = outcome_codes()
    return known.get(code) or known.get(f"PROXY_{code}") or known.get(_SAME.get(code, ""))


def receiver_code(status: int) -> str:
    """The receiver's own code for a status; where none fits, REC_BAD_REQUEST below 500, REC_SERVER_ERROR above."""
    found = (row.code for row in outcome_codes().values() if row.status == status and row.raised_by == "receiver")
    return next(found, "REC_BAD_REQUEST" if 400 <= status < 500 else "REC_SERVER_ERROR")
