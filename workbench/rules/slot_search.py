"""Rules on the search for slots: a period with both ends, statuses, what to include, and the service as a bare id.

Source: API specification, GET /Slot; Core, Failure scenarios. Must not know which slots there are.
"""

from __future__ import annotations

from datetime import timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING

from workbench.messages import Layer, Severity
from workbench.rules import scope, sources
from workbench.rules.query import START, bound, given
from workbench.rules.registry import rule
from workbench.rules.search_values import SERVICE
from workbench.rules.values import Answer, Hit
from workbench.standard.parameters import parameter_specs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from workbench.rules.values import Submission

WIDE = timedelta(days=31)
"""A longer period may be refused as too costly; receivers set their own limit."""
EVERYTHING = "Slot:*"
"""Includes whatever slots point to."""

_LAYER = Layer.PARAMETERS
_MISSING = Answer(400, "REC_BAD_REQUEST", "required")
_VALUE = Answer(400, "REC_BAD_REQUEST", "value")


@rule("PAR-031", Severity.ERROR, source=sources.OPERATIONS, layer=_LAYER, applies=scope.slot_searches, answer=_MISSING)
def the_period_has_both_ends(s: Submission) -> Iterator[Hit]:
    """`start` is there twice: with ge for the beginning of the period and with le for its end.

    There is no parameter `end`: both bounds are on the start of a slot.
    """
    found = [(one, bound(one.value)) for one in given(s, "start")]
    if not found or any(held is None for _, held in found):
        return
    lacking = [prefix for prefix in ("ge", "le") if prefix not in {held.prefix for _, held in found if held}]
    if lacking:
        text = f"start must be there with ge and with le; {' and '.join(lacking)} is missing."
        yield Hit(found[-1][0].path, text)


@rule("PAR-032", Severity.ERROR, source=sources.OPERATIONS, layer=_LAYER, applies=scope.slot_searches, answer=_VALUE)
def bounds_are_times_with_an_offset(s: Submission) -> Iterator[Hit]:
    """Each `start` is ge or le and a date and time with its offset from UTC.

    `start=ge2022-03-01T12:00:00%2B00:00`: a plus sign that is not written %2B arrives as a blank.
    """
    for one in given(s, "start"):
        if bound(one.value) is None:
            yield Hit(one.path, f"'{one.value}' is no bound of a period: {_why_no_bound(one.value)}.")


@rule("PAR-033", Severity.ERROR, source=sources.OPERATIONS, layer=_LAYER, applies=scope.slot_searches, answer=_VALUE)
def the_period_runs_forward(s: Submission) -> Iterator[Hit]:
    """The period begins before it ends."""
    ends = _ends(s)
    if ends and ends[1] < ends[0]:
        yield Hit("parameters['start'][0]", "The end of the period (le) is before its beginning (ge).")


@rule("PAR-034", Severity.WARNING, source=sources.ERRORS, layer=_LAYER, applies=scope.slot_searches)
def the_period_is_not_too_long(s: Submission) -> Iterator[Hit]:
    """The period is short enough to be searched.

    A receiver answers 422 `too-costly` to one that is too long for it; the standard names no number of days.
    """
    ends = _ends(s)
    if ends and ends[1] - ends[0] > WIDE:
        days = (ends[1] - ends[0]).days
        yield Hit("parameters['start'][0]", f"The period has {days} days: a receiver may refuse it as too costly.")


@rule("PAR-035", Severity.INFORMATION, source=sources.TIMES, layer=_LAYER, applies=scope.slot_searches)
def bounds_are_in_utc(s: Submission) -> Iterator[Hit]:
    """The bounds of the period are given in UTC.

    Other offsets must be understood, but should not be sent.
    """
    for one in given(s, "start"):
        held = bound(one.value)
        if held and held.moment.utcoffset():
            yield Hit(one.path, "The time is not in UTC; +00:00 is what the standard asks for.")


@rule("PAR-036", Severity.ERROR, source=sources.OPERATIONS, layer=_LAYER, applies=scope.slot_searches, answer=_VALUE)
def statuses_are_those_of_slots(s: Submission) -> Iterator[Hit]:
    """`status` is free, busy, or both with a comma between them."""
    allowed = parameter_specs()["slot-search"]["status"].values
    for one in given(s, "status"):
        wrong = [part for part in one.value.split(",") if part.strip() not in allowed]
        if wrong:
            shown = ", ".join(f"'{part.strip()}'" for part in wrong)
            yield Hit(one.path, f"status may be {' or '.join(allowed)} or both with a comma; {shown} is neither.")


@rule("PAR-037", Severity.ERROR, source=sources.OPERATIONS, layer=_LAYER, applies=scope.slot_searches, answer=_MISSING)
def the_least_is_included(s: Submission) -> Iterator[Hit]:
    """The Schedule of the slots and its HealthcareService are asked for with `_include`.

    Without them a slot does not say where it is; a receiver refuses the search.
    """
    asked = {one.value for one in given(s, "_include")}
    if not asked or EVERYTHING in asked:
        return
    for value in parameter_specs()["slot-search"]["_include"].needed:
        if value not in asked:
            yield Hit("parameters['_include']", f"_include={value} is missing.")


@rule("PAR-038", Severity.WARNING, source=sources.OPERATIONS, layer=_LAYER, applies=scope.slot_searches)
def includes_are_published(s: Submission) -> Iterator[Hit]:
    """Every `_include` is one of the published ones, written with colons.

    Receivers leave others out and say so in the self link of the answer.
    """
    allowed = parameter_specs()["slot-search"]["_include"].values
    for one in given(s, "_include"):
        if one.value in allowed:
            continue
        flat = {value.lower().replace(":", "."): value for value in allowed}
        close = get_close_matches(one.value.lower().replace(":", "."), flat, n=1, cutoff=0.75)
        hint = f"; {flat[close[0]]} is probably meant" if close else ""
        yield Hit(one.path, f"'{one.value}' is no published _include{hint}.")


@rule("PAR-039", Severity.WARNING, source=sources.OPERATIONS, layer=_LAYER, applies=scope.slot_searches)
def the_service_is_a_bare_id(s: Submission) -> Iterator[Hit]:
    """The service is named by its id alone: no system and bar before it, no resource type.

    Elsewhere, in headers and messages, the same service is `system|value`.
    """
    for one in given(s, SERVICE):
        if "|" in one.value or "/" in one.value:
            yield Hit(one.path, f"{SERVICE} is the bare id of the service; '{one.value}' is more than that.")


def _ends(s: Submission) -> tuple[datetime, datetime] | None:
    """Beginning and end where both are known."""
    held = {found.prefix: found.moment for one in given(s, "start") if (found := bound(one.value))}
    return (held["ge"], held["le"]) if len(held) == 2 else None


def _why_no_bound(text: str) -> str:
    if START.fullmatch(text):
        return "there is no such date and time"
    if START.fullmatch(text.replace(" ", "+")):
        return "a plus sign arrived as a blank; write it %2B"
    if text[:2] not in ("ge", "le"):
        return "it must begin with ge or le"
    if START.fullmatch(f"{text}Z"):
        return "the offset from UTC is missing"
    return "a date and time with its offset is needed, such as 2022-03-01T12:00:00Z"
