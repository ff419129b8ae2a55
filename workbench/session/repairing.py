"""Repairs applied to a text: one, or every one that is certain, in as few steps as they allow.

Pure functions of values, for a thread or a worker process.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import ErrorCode, InputError
from workbench.messages import EditOp, apply, parse, paths, rewrite
from workbench.rules import Side, judge_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.messages import Edit, Finding, Fix, Message
    from workbench.profiles.compiled import Definitions
    from workbench.standard import VersionProfile

ROUNDS = 8
"""How often what is left is judged anew: a repair may move what another one points to."""
_LAST_INDEX = re.compile(r"\[\d+\]$")


class Repaired(NamedTuple):
    """A text with repairs, and how many were applied."""

    text: str
    applied: int


def repaired(text: str, finding: Finding) -> str:
    """The text with the repair of a finding; InputError when it has none or it no longer fits the text."""
    if finding.fix is None:
        raise InputError(ErrorCode.INPUT_PATH, what="The repair", cause="this finding has none")
    return rewrite(parse(text.encode("utf-8")), finding.fix.edits).text


def repaired_all(
    text: str, findings: Sequence[Finding], versions: VersionProfile, packages: Definitions | None = None
) -> Repaired:
    """The text with the repairs of all these findings; InputError when it cannot be read.

    Repairs that touch the same element go one after the other: in between the text is judged anew, and only rules of
    the findings given are repaired. One that no longer fits is left out.
    """
    message = parse(text.encode("utf-8"))
    wanted = {finding.rule for finding in findings if finding.fix is not None}
    left: Sequence[Finding] = findings
    count = 0
    for _ in range(ROUNDS):
        chosen = _apart(message, [finding.fix for finding in left if finding.fix is not None])
        if not chosen:
            break
        message = rewrite(message, tuple(edit for fix in chosen for edit in fix.edits))
        count += len(chosen)
        _, verdict = judge_bytes(
            message.source, versions=versions, side=Side.COMPOSE, timer=time.perf_counter, packages=packages
        )
        left = [finding for finding in verdict.findings if finding.rule in wanted]
    return Repaired(message.text if count else text, count)


def _apart(message: Message, fixes: Sequence[Fix]) -> list[Fix]:
    """The repairs that can be made together: none touches what another one touches, or moves it."""
    taken: set[str] = set()
    above: set[str] = set()
    chosen: list[Fix] = []
    for fix in fixes:
        touched = {place for edit in fix.edits for place in _touched(message, edit)}
        lines = {place: _line(place) for place in touched}
        if touched & above or any(not taken.isdisjoint(line) for line in lines.values()):
            continue
        try:
            apply(message.resource, fix.edits)
        except InputError:
            continue
        chosen.append(fix)
        taken |= touched
        above |= {step for line in lines.values() for step in line}
    return chosen


def _touched(message: Message, edit: Edit) -> list[str]:
    """The places an edit changes: for one that shifts the items of a list the whole list.

    What a removal empties goes too, so it counts from the highest element that is gone.
    """
    places = [edit.path, *([edit.to] if edit.to else [])]
    if edit.op is EditOp.SET:
        return places
    if edit.op is not EditOp.INSERT:
        places[0] = _emptied(message, edit.path)
    return [_LAST_INDEX.sub("", place) for place in places]


def _emptied(message: Message, path: str) -> str:
    """The highest element that goes when this one is removed."""
    while (above := paths.parent(path)) != path:
        holder = message.at(above)
        if not isinstance(holder, dict | list) or len(holder) > 1:
            return path
        path = above
    return path


def _line(path: str) -> list[str]:
    """A place and everything above it."""
    line = [path]
    while (up := paths.parent(path)) != path:
        line.append(up)
        path = up
    return line
