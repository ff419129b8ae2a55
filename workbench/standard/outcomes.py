"""The error codes an OperationOutcome of the standard carries (Core, Error handling; API specification)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets

if TYPE_CHECKING:
    from collections.abc import Mapping


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


@cache
def outcome_codes() -> Mapping[str, OutcomeCode]:
    """Every error code by name."""
    return {
        row["code"]: OutcomeCode(
            row["code"], row["status"], tuple(row["issue"]), row["raised_by"], row["meaning"], row["retry"]
        )
        for row in assets.table("standard", "outcomes.toml")["outcome"]
    }


def receiver_code(status: int) -> str:
    """The receiver's own code for a status; where none fits, REC_BAD_REQUEST below 500, REC_SERVER_ERROR above."""
    found = (row.code for row in outcome_codes().values() if row.status == status and row.raised_by == "receiver")
    return next(found, "REC_BAD_REQUEST" if 400 <= status < 500 else "REC_SERVER_ERROR")
