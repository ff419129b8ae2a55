"""An answer on purpose as a value: when it holds, what is answered, and how it is written down as JSON.

Must not know where rules are kept or when one is looked up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from workbench.errors import ErrorCode, InputError
from workbench.messages import tree

if TYPE_CHECKING:
    from collections.abc import Mapping

NOBODY = "none"
"""Among `patients`: a message in which no patient has an NHS number."""
HARNESS, OWN = "harness", "own"


class How(StrEnum):
    """What kind of answer is given."""

    REFUSE = "refuse"
    """An OperationOutcome."""
    TAKE = "take"
    """The call is answered as it would be, with what the rule says besides: an id, parameters, replies."""
    ECHO = "echo"
    """The body comes back as it was sent."""
    EMPTY = "empty"
    """A search finds nothing."""
    SAMPLE = "sample"
    """What is held; where there is nothing, an example."""
    LINKED = "linked"
    """By the table of linked bookings and referrals, for each calling organisation by itself."""


@dataclass(frozen=True, slots=True)
class When:
    """What a call must be for a rule to hold; an empty field asks for nothing."""

    operation: str = ""
    """A row of `operations.toml`."""
    kind: str = ""
    """`booking`, `referral`, `validation` or `response`."""
    event: str = ""
    reason: str = ""
    use_case: str = ""
    patients: tuple[str, ...] = ()
    """NHS numbers, one of which a patient of the message or the search has; `none` = no patient has one."""
    values: tuple[str, ...] = ()
    """Id of the resource that is read or that a message is about, or value of a context of a definition search."""
    service: str = ""
    """Value of the service that is addressed, or whose slots are searched for."""
    organisation: str = ""
    """ODS code of the calling organisation."""
    family: str = ""
    """Family name of a patient of the message."""
    condition: str = ""
    """Text of a Condition of the message."""
    flag: str = ""
    """A code of a Flag of the message; `no X` = no Flag has it."""
    header: str = ""
    """A header that must be there and not be empty."""
    has: tuple[str, ...] = ()
    """`name=value` of a query, or `Type=status` of a message, that must be there."""
    lacks: tuple[str, ...] = ()
    """Parameter or `name=value` of a query, resource type or `Type=status` of a message, that must not be there."""


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """One answer on purpose."""

    id: str
    when: When
    how: How
    status: int = 200
    issue: str = ""
    """FHIR issue code of a refusal."""
    code: str = ""
    """Error code of a refusal; empty = the receiver's own code of the status."""
    why: str = ""
    """What the refusal says; no patient data in it."""
    gives: str = ""
    """Id that the booking or referral gets; what is held is not asked then."""
    asks: tuple[str, ...] = ()
    """`name=value`: the call is answered as if it had asked for that, and not for other values of the same names."""
    sample: str = ""
    sets: str = ""
    """Status that Encounters of the message have in the answer."""
    replies: tuple[tuple[str, float | None], ...] = ()
    """Template and seconds after the message or the reply before it; None = as the settings say."""
    early: bool = False
    """Whether a message is answered so before it is judged."""
    allow: str = ""
    """The header Allow of a refusal."""
    fault: str = ""
    """Name of a fault on purpose that is done to the answer."""
    source: str = HARNESS

    @property
    def own(self) -> bool:
        """Whether a person made it."""
        return self.source == OWN


def rule_of(row: Mapping[str, Any], source: str) -> AnswerRule:
    """A rule from a row of the table or of the file of a workspace; InputError for what is none.

    Fields of `When` stand in the row beside those of the rule; one text stands for a list of one.
    """
    known = _WHEN | _RULE | {"id", "how", "status", "early", "replies"}
    strange = next((name for name in row if name not in known), None)
    if strange is not None:
        raise _wrong(f"'{strange}' is no field of a rule")
    status = str(row.get("status", 200))
    if not re.fullmatch("[2-5][0-9][0-9]", status):
        raise _wrong("status must be 200 to 599")
    how = str(row.get("how") or (How.REFUSE if int(status) >= 400 else How.TAKE))
    if how not in set(How):
        raise _wrong(f"'{how}' is no kind of answer")
    if not _text(row.get("id", ""), "id"):
        raise _wrong("a rule has no id")
    return AnswerRule(
        id=str(row["id"]),
        when=When(**_fields(row, _WHEN)),
        how=How(how),
        status=int(status),
        early=bool(row.get("early", False)),
        replies=tuple(_reply(one) for one in row.get("replies", ())),
        source=source,
        **_fields(row, _RULE),
    )


def row_of(rule: AnswerRule) -> dict[str, object]:
    """A rule as a row of a JSON file: what `rule_of` reads."""
    made: dict[str, object] = {"id": rule.id, "how": rule.how.value, "status": rule.status}
    for owner, names in ((rule.when, _WHEN), (rule, _RULE)):
        for name in names:
            value = getattr(owner, name)
            if value:
                made[name] = list(value) if isinstance(value, tuple) else value
    if rule.early:
        made["early"] = True
    if rule.replies:
        made["replies"] = [
            {"kind": kind} if seconds is None else {"kind": kind, "after": seconds} for kind, seconds in rule.replies
        ]
    return made


_WHEN = {one.name for one in fields(When)}
_LISTS = {"patients", "values", "has", "lacks", "asks"}
_RULE = {"issue", "code", "why", "gives", "asks", "sample", "sets", "allow", "fault"}


def _fields(row: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    """The fields of a row among some names, checked."""
    return {name: _texts(row[name]) if name in _LISTS else _text(row[name], name) for name in names if name in row}


def _wrong(cause: str) -> InputError:
    return InputError(ErrorCode.INPUT_RULE, what="The table of answers", cause=cause)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise _wrong(f"{name} must be a text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise _wrong("a list of texts was expected")
    return tuple(value)


def _reply(value: object) -> tuple[str, float | None]:
    if isinstance(value, str):
        return value, None
    found = tree.as_object(value) if isinstance(value, dict) else {}
    kind, after = found.get("kind"), found.get("after")
    if not isinstance(kind, str):
        raise _wrong("a reply has no kind")
    if after is None:
        return kind, None
    try:
        return kind, max(0.0, float(str(after)))
    except ValueError:
        raise _wrong(f"the delay of {kind} is no number") from None
