"""Rules on codes: the category and use case of a message, and every coding of the standard's own code systems.

Must not know codes of other bodies (SNOMED CT, dm+d).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Edit, EditOp, Fix, Layer, Severity, tree
from workbench.rules import scope, sources
from workbench.rules.registry import rule
from workbench.rules.survey import set_fix, survey
from workbench.rules.values import Answer, Hit
from workbench.standard import package_of, urls
from workbench.standard.codes import CodeSystem, code_systems
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import JsonObject
    from workbench.rules.values import Submission

_NOT_OFFERED = Answer(422, "REC_UNPROCESSABLE_ENTITY", "not-supported")
_IN_THE_HEADER = (urls.MESSAGE_EVENTS, urls.MESSAGE_REASON)
_OF_THE_ORDER = (urls.SR_CATEGORY, urls.USE_CASES)
_IDENTIFIERS = {
    url.lower(): url for url in (urls.DOS_SERVICE_ID, urls.ODS_CODE, urls.NHS_NUMBER, urls.SDS_ROLE_PROFILE)
}


@rule("COD-001", Severity.ERROR, source=sources.PAYLOAD, layer=Layer.CODES, applies=scope.orders)
def orders_have_category_and_use_case(s: Submission) -> Iterator[Hit]:
    """A ServiceRequest has one category with two codings: referral or validation first, then the use case.

    Receivers choose by them what to do and whether they offer it.
    """
    for path, order in survey(s).resources("ServiceRequest"):
        held = tree.objects(order.get("category"))
        place = f"{path}.category"
        if len(held) != 1:
            said = f"has {len(held)} categories" if held else "has no category"
            yield Hit(place, f"The ServiceRequest {said}; exactly one is meant.")
            continue
        systems = [(tree.text(coding.get("system")) or "").strip() for coding in tree.codings(order.get("category"))]
        if systems[:2] == [*_OF_THE_ORDER]:
            continue
        missing = [
            name for url, name in zip(_OF_THE_ORDER, ("category", "use case"), strict=True) if url not in systems
        ]
        if missing:
            text = f"The ServiceRequest's category has no coding for the {' and the '.join(missing)}."
            yield Hit(f"{place}[0]", text, _category_of_the_use_case(order, place, systems))
        else:
            severity = Severity.ERROR if s.composing else Severity.WARNING
            text = "The codings stand in another order than category, then use case."
            first = f"{place}[0].coding[{systems.index(urls.SR_CATEGORY)}]"
            fix = Fix("Put the category first", (Edit(EditOp.MOVE, first, None, f"{place}[0].coding[0]"),))
            yield Hit(f"{place}[0].coding", text, fix if systems[:2] == [*reversed(_OF_THE_ORDER)] else None, severity)


@rule("COD-002", Severity.ERROR, source=sources.PAYLOAD, layer=Layer.CODES, applies=scope.orders)
def category_is_known(s: Submission) -> Iterator[Hit]:
    """The category of a ServiceRequest is a published code."""
    yield from _unknown(s, urls.SR_CATEGORY, "category")


@rule(
    "COD-003", Severity.ERROR, source=sources.USE_CASES, layer=Layer.CODES, applies=scope.messages, answer=_NOT_OFFERED
)
def use_case_is_known(s: Submission) -> Iterator[Hit]:
    """The use case is a published code, in lower case."""
    yield from _unknown(s, urls.USE_CASES, "use case")


@rule("COD-004", Severity.WARNING, source=sources.USE_CASES, layer=Layer.CODES, applies=scope.messages)
def category_and_use_case_are_displayed(s: Submission) -> Iterator[Hit]:
    """Category and use case carry their published display.

    Displays of earlier packages are a note.
    """
    for path, coding in survey(s).elements().codings:
        if coding.get("system") in _OF_THE_ORDER:
            yield from _display(path, coding, code_systems()[str(coding["system"])], missing=True)


@rule("COD-005", Severity.ERROR, source=sources.PAYLOAD, layer=Layer.CODES, applies=scope.bookings)
def bookings_have_a_use_case(s: Submission) -> Iterator[Hit]:
    """The Appointment of a booking carries the use case as its service category.

    Bookings with general practice (Application 7) carry a service category of HL7 instead. A cancellation is known by
    the id of the Appointment.
    """
    found = survey(s)
    if found.is_cancellation:
        return
    for path, booked in found.resources("Appointment"):
        codings = tree.codings(booked.get("serviceCategory"))
        systems = {(tree.text(coding.get("system")) or "").strip() for coding in codings}
        if urls.USE_CASES not in systems and not any("service-category" in system for system in systems):
            yield Hit(f"{path}.serviceCategory", "The Appointment does not say the use case.")


@rule(
    "COD-006",
    Severity.INFORMATION,
    source=sources.RELEASES,
    layer=Layer.CODES,
    applies=scope.messages,
    since={5: "1.2.0"},
)
def use_case_is_not_withdrawn(s: Submission) -> Iterator[Hit]:
    """The use case may still be built.

    Of general practice to pharmacy only the referral to community pharmacy may, since Application 5 1.2.0.
    """
    for path, coding in survey(s).elements().codings:
        case = use_cases().get(str(coding.get("code")))
        if coding.get("system") == urls.USE_CASES and case and case.withdrawn:
            severity = Severity.WARNING if s.composing else Severity.INFORMATION
            yield Hit(f"{path}.code", f"The use case '{case.display}' was withdrawn.", severity=severity)


@rule("COD-007", Severity.WARNING, source=sources.RELEASES, layer=Layer.CODES, applies=scope.messages)
def use_case_is_not_newer(s: Submission) -> Iterator[Hit]:
    """The use case exists in the version in use; a receiver of an older one may not know it."""
    own = s.versions
    for path, coding in survey(s).elements().codings:
        case = use_cases().get(str(coding.get("code")))
        if coding.get("system") != urls.USE_CASES or case is None or not case.since:
            continue
        package = package_of(own.application, own.application_version)
        newer = tuple(map(int, package.split("."))) < tuple(map(int, case.since.split(".")))
        if newer and case.application == own.application:
            text = (
                f"The use case '{case.display}' is newer than Application {own.application} {own.application_version}."
            )
            yield Hit(f"{path}.code", text)


@rule("COD-008", Severity.WARNING, source=sources.USE_CASES, layer=Layer.CODES, applies=scope.orders)
def category_fits_the_use_case(s: Submission) -> Iterator[Hit]:
    """Validation use cases are sent as validation, all others as referrals."""
    found = survey(s)
    case = use_cases().get(found.facts.use_case or "")
    order = found.first("ServiceRequest")
    fits = {"referral": bool(case and case.referral), "validation": bool(case and case.validation)}
    if case and order and not fits.get(found.facts.category or "", True):
        severity = Severity.ERROR if s.composing else Severity.WARNING
        text = f"The use case '{case.display}' is not one for a {found.facts.category}."
        yield Hit(f"{order.path}.category", text, severity=severity)


@rule("COD-009", Severity.WARNING, source=sources.CODES, layer=Layer.CODES, applies=scope.resources)
def codes_are_published(s: Submission) -> Iterator[Hit]:
    """A code of one of the standard's own systems is published there.

    Systems that publish samples only are left out. Official examples have such codes in flags, so it is a warning
    on received messages.
    """
    systems = code_systems()
    for path, coding in survey(s).elements().codings:
        system = systems.get(str(coding.get("system")))
        if system is None or system.samples_only or system.url in (*_IN_THE_HEADER, *_OF_THE_ORDER):
            continue
        code = tree.text(coding.get("code"))
        if code not in system.codes:
            severity = Severity.ERROR if s.composing else Severity.WARNING
            fix = _respelt(f"{path}.code", code, system)
            yield Hit(f"{path}.code", f"'{code or ''}' is no code of {_short(system.url)}.", fix, severity)


@rule("COD-010", Severity.WARNING, source=sources.CODES, layer=Layer.CODES, applies=scope.resources)
def displays_are_published(s: Submission) -> Iterator[Hit]:
    """The display of a code of the standard's own systems is the published one; an absent display is no finding."""
    systems = code_systems()
    for path, coding in survey(s).elements().codings:
        system = systems.get(str(coding.get("system")))
        if system and system.url not in _OF_THE_ORDER:
            yield from _display(path, coding, system, missing=False)


@rule("COD-011", Severity.WARNING, source=sources.CODES, layer=Layer.CODES, applies=scope.resources)
def systems_are_spelt_right(s: Submission) -> Iterator[Hit]:
    """The address of a code system or identifier system is spelt as published, capitals included.

    The platform compares addresses letter by letter. Guide and examples write some of them with a small `id`.
    """
    known = {url.lower(): url for url in code_systems()}
    found = survey(s).elements()
    for path, element, published in (
        *((path, coding, known) for path, coding in found.codings),
        *((path, identifier, _IDENTIFIERS) for path, identifier in found.identifiers),
    ):
        held = tree.text(element.get("system"))
        if held is None:
            continue
        right = published.get(held.strip().lower().replace("http://fhir.nhs.uk/", "https://fhir.nhs.uk/"))
        if right is not None and right != held:
            place = f"{path}.system"
            yield Hit(
                place,
                f"The system is spelt '{held}'; '{right}' is meant.",
                set_fix("Correct the spelling", place, right),
            )


def _category_of_the_use_case(order: JsonObject, place: str, systems: list[str]) -> Fix | None:
    """Add the category that the use case stands for, where it stands for one only and nothing else is missing."""
    case = use_cases().get((tree.code_of(order.get("category"), urls.USE_CASES) or "").lower())
    if case is None or urls.SR_CATEGORY in systems or case.referral == case.validation:
        return None
    code = "referral" if case.referral else "validation"
    shown = code_systems()[urls.SR_CATEGORY].codes[code]
    coding: JsonObject = {"system": urls.SR_CATEGORY, "code": code, "display": shown}
    return Fix(f"Add the category {code}", (Edit(EditOp.INSERT, f"{place}[0].coding[0]", coding),))


def _unknown(s: Submission, url: str, name: str) -> Iterator[Hit]:
    system = code_systems()[url]
    for path, coding in survey(s).elements().codings:
        code = tree.text(coding.get("code"))
        if coding.get("system") == url and code not in system.codes:
            fix = _respelt(f"{path}.code", code, system)
            yield Hit(f"{path}.code", f"'{code or ''}' is no {name} of the standard.", fix)


def _display(path: str, coding: JsonObject, system: CodeSystem, *, missing: bool) -> Iterator[Hit]:
    code = tree.text(coding.get("code"))
    right = system.codes.get(code or "")
    held = tree.text(coding.get("display"))
    if right is None or held == right or (held is None and not missing):
        return
    place = f"{path}.display"
    fix = set_fix(f"Use '{right}'", place, right)
    if held is None:
        yield Hit(place, f"The code '{code}' has no display.", fix)
    elif system.samples_only:
        return
    elif held == system.older_displays.get(code or ""):
        text = f"The display '{held}' is that of an earlier release; it is '{right}' now."
        yield Hit(place, text, fix, Severity.INFORMATION)
    else:
        yield Hit(place, f"The display '{held}' is not the published one, '{right}'.", fix)


def _respelt(path: str, code: str | None, system: CodeSystem) -> Fix | None:
    """The published code that differs in case or blanks only."""
    wanted = (code or "").strip().lower()
    right = next((known for known in system.codes if known.lower() == wanted), None)
    return set_fix(f"Use {right}", path, right) if right else None


def _short(url: str) -> str:
    return url.rpartition("/")[2]
