"""Rules on what searches ask for: the context of message definitions, and the patient of bookings and referrals.

Values are judged by themselves; whether a receiver knows them is not known here.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from workbench.messages import Layer, Severity, tree
from workbench.messages.identity import split_endpoint
from workbench.messages.nhs_number import check_digit, is_valid
from workbench.rules import scope, sources
from workbench.rules.header_reading import TARGET, decoded
from workbench.rules.query import given
from workbench.rules.registry import rule
from workbench.rules.values import Answer, Hit
from workbench.standard.urls import DOS_SERVICE_ID, ERS_SERVICE_ID, NHS_NUMBER, USE_CASES
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.rules.values import Submission

IDENTIFIER = "patient:identifier"
DEMOGRAPHICS = ("patient:name", "patient:birthdate", "patient:address-postalcode")
SERVICE = "Schedule.actor:HealthcareService"

_LAYER = Layer.PARAMETERS
_VALUE = Answer(400, "REC_BAD_REQUEST", "value")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TOKENS = (IDENTIFIER, "ServiceRequest.identifier", "context")


@rule("PAR-011", Severity.ERROR, source=sources.OPERATIONS, layer=_LAYER, applies=scope.reading_calls, answer=_VALUE)
def tokens_have_system_and_value(s: Submission) -> Iterator[Hit]:
    """Identifiers and contexts are written `system|value`, with both parts.

    The bar is written %7C in an address.
    """
    for name in _TOKENS:
        for one in given(s, name):
            system, value = split_endpoint(one.value)
            if not system or not value:
                missing = "value" if system else "system"
                yield Hit(one.path, f"{name} is written system|value; its {missing} is missing.")


@rule("PAR-012", Severity.WARNING, source=sources.OPERATIONS, layer=_LAYER, applies=scope.reading_calls)
def contexts_are_known(s: Submission) -> Iterator[Hit]:
    """The contexts of a search for message definitions are a service and, if wanted, a published use case."""
    found = [(one, *split_endpoint(one.value)) for one in given(s, "context")]
    complete = [row for row in found if row[1] and row[2]]
    for one, system, value in complete:
        if _same(system, USE_CASES):
            if value.lower() not in use_cases():
                yield Hit(one.path, f"'{value}' is no published use case.")
        elif not any(_same(system, known) for known in (DOS_SERVICE_ID, ERS_SERVICE_ID)):
            yield Hit(one.path, f"'{system}' is neither the system of services nor that of use cases.")
    if complete and len(complete) == len(found) and all(_same(system, USE_CASES) for _, system, _ in complete):
        yield Hit(found[0][0].path, "No context names a service: message definitions are those of one service.")


@rule("PAR-013", Severity.INFORMATION, source=sources.OPERATIONS, layer=_LAYER, applies=scope.reading_calls)
def the_service_is_the_target(s: Submission) -> Iterator[Hit]:
    """The service that is asked about is the one the call is routed to.

    A receiver knows its own services only; it may serve several behind one address.
    """
    found = decoded(s, TARGET)
    target = tree.text(found.value.get("value")) if found else None
    asked = [one for one in given(s, "context") if not _same(split_endpoint(one.value)[0], USE_CASES)]
    for one in (*asked, *given(s, SERVICE)):
        value = split_endpoint(one.value)[1]
        if target and value and value != target:
            yield Hit(one.path, f"The call goes to service {target}, but asks about {value}.")


@rule("PAR-021", Severity.WARNING, source=sources.OPERATIONS, layer=_LAYER, applies=scope.reading_calls)
def patients_are_asked_for_by_nhs_number(s: Submission) -> Iterator[Hit]:
    """patient:identifier has the system of NHS numbers, spelt exactly.

    A receiver that compares the system finds nobody under another one.
    """
    for one in given(s, IDENTIFIER):
        system, value = split_endpoint(one.value)
        if system and value and system != NHS_NUMBER:
            severity = Severity.ERROR if s.composing else Severity.WARNING
            yield Hit(one.path, f"The system of the patient is '{system}'; {NHS_NUMBER} is meant.", severity=severity)


@rule("PAR-022", Severity.WARNING, source=sources.NHS_NUMBER, layer=_LAYER, applies=scope.reading_calls)
def nhs_numbers_are_right(s: Submission) -> Iterator[Hit]:
    """The NHS number that is asked for has ten digits without blanks, and its check digit fits."""
    for one in given(s, IDENTIFIER):
        system, number = split_endpoint(one.value)
        if not _same(system, NHS_NUMBER) or not number or is_valid(number):
            continue
        severity = Severity.ERROR if s.composing else Severity.WARNING
        wanted = check_digit(number[:9]) if len(number) == 10 else None
        why = "it is written as ten digits" if wanted is None else f"its check digit should be {wanted}"
        yield Hit(one.path, f"The NHS number that is asked for is not right: {why}.", severity=severity)


@rule("PAR-023", Severity.ERROR, source=sources.OPERATIONS, layer=_LAYER, applies=scope.reading_calls, answer=_VALUE)
def birth_dates_are_dates(s: Submission) -> Iterator[Hit]:
    """patient:birthdate is a date, `1995-01-20`, with eq before it if wanted."""
    for one in given(s, "patient:birthdate"):
        if not is_date(one.value.removeprefix("eq")):
            yield Hit(one.path, "patient:birthdate is written as a date that exists: YYYY-MM-DD.")


@rule("PAR-024", Severity.WARNING, source=sources.OPERATIONS, layer=_LAYER, applies=scope.reading_calls)
def demographics_go_together(s: Submission) -> Iterator[Hit]:
    """Without an NHS number, name, birth date and postcode are asked for together.

    Fewer of them find other people too; a sender that cannot tell them apart has to stop.
    """
    asked = [name for name in DEMOGRAPHICS if given(s, name)]
    if given(s, IDENTIFIER) or given(s, "ServiceRequest.identifier"):
        return
    if asked and (left := [name for name in DEMOGRAPHICS if name not in asked]):
        text = f"{' and '.join(left)} should go with it: without an NHS number all three are used together."
        yield Hit(f"parameters['{asked[0]}'][0]", text)


def _same(first: str, second: str) -> bool:
    return first.lower() == second.lower()


def is_date(text: str) -> bool:
    """Whether a text is a day that exists, written YYYY-MM-DD."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
