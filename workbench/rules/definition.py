"""Rules of the message definitions: which resources a message holds, how many, with which profile, for which use case.

The receiver's own definition goes before the published one where the message follows it. Must not know what the
resources say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Layer, Severity, tree
from workbench.rules import scope, sources
from workbench.rules.receiver_definition import own_definition
from workbench.rules.registry import rule
from workbench.rules.survey import set_fix, survey
from workbench.rules.values import Hit
from workbench.standard import package_of, urls
from workbench.standard.events import Event, Reason
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import Entry
    from workbench.rules.survey import Survey
    from workbench.rules.values import Submission
    from workbench.standard.definitions import Definition, Row

_RESPONSE_PROFILE = urls.HEADER_PROFILE_PREFIX + "servicerequest-response"
_REQUEST_PROFILES = (
    urls.BARS_PROFILE + "BARSServiceRequest-request-referral",
    urls.BARS_PROFILE + "BARSServiceRequest-request-validation",
)
_INCIDENT = urls.UK_CORE_PROFILE + "BARSLocation-incident-location"


@rule("DEF-001", Severity.ERROR, source=sources.DEFINITION, layer=Layer.DEFINITION, applies=scope.with_header)
def nothing_is_missing(s: Submission) -> Iterator[Hit]:
    """Every resource that the definition asks for is there, often enough."""
    found = survey(s)
    named = _definition(s)
    if named is None:
        return
    for kind in dict.fromkeys(row.type for row in named.rows):
        least = sum(row.min_before if _newer(row, s) else row.min for row in named.rows if row.type == kind)
        held = len(found.all(kind))
        if held < least:
            many = (
                f"{least} are needed and {held} {'is' if held == 1 else 'are'} there" if least > 1 else "it is needed"
            )
            yield Hit("Bundle.entry", f"{kind} is missing: {many} by {named.name}.")


@rule("DEF-002", Severity.ERROR, source=sources.DEFINITION, layer=Layer.DEFINITION, applies=scope.with_header)
def nothing_is_there_too_often(s: Submission) -> Iterator[Hit]:
    """No resource is there more often than the definition allows.

    Acknowledgements and updates carry the receiver's Encounter beside the sender's: there one more is a warning. In the
    update of a passed incident the guide itself asks for it (Application 6): there it is no more than a note.
    """
    found = survey(s)
    named = _definition(s)
    if named is None:
        return
    for kind, (_, most) in named.counts().items():
        held = found.all(kind)
        if most is None or len(held) <= most or (kind == "MessageHeader" and found.all("MessageHeader")):
            continue
        known = kind == "Encounter" and len(held) == most + 1 and (_second_encounter_is_usual(found) or s.is_answer)
        severity = Severity.WARNING if known else Severity.ERROR
        if known and found.application == 6 and found.facts.reason == Reason.UPDATE and not s.is_answer:
            severity = Severity.INFORMATION
        text = f"{kind} is there {len(held)} times; {named.name} allows {most}."
        yield Hit(held[most].path, text, severity=severity)


@rule("DEF-003", Severity.ERROR, source=sources.DEFINITION, layer=Layer.DEFINITION, applies=scope.with_header)
def nothing_else_is_there(s: Submission) -> Iterator[Hit]:
    """Only resources that the definition lists are there."""
    found = survey(s)
    named = _definition(s)
    if named is None:
        return
    listed = set(named.counts())
    for entry in found.entries:
        if entry.type and entry.type not in listed:
            yield Hit(entry.path, f"{entry.type} is not part of {named.name}.")


@rule("DEF-004", Severity.WARNING, source=sources.RELEASES, layer=Layer.DEFINITION, applies=scope.with_header)
def nothing_is_newer_than_the_version(s: Submission) -> Iterator[Hit]:
    """Nothing comes from a later release than the version of the Application in use.

    A receiver of that version may not know it: Device, RelatedPerson, and more than one offered HealthcareService.
    """
    found = survey(s)
    named = _definition(s)
    if named is None:
        return
    for row in named.rows:
        if not row.since or not _newer(row, s):
            continue
        held = found.all(row.type)
        before = row.max_before
        if before is not None and len(held) > before:
            version = f"Application {s.versions.application} {s.versions.application_version}"
            said = (
                f"{row.type} is not part of {version}"
                if not before
                else f"More than {before} {row.type} is newer than {version}"
            )
            yield Hit(held[before].path, f"{said}: its receivers may not take it.")


@rule("DEF-005", Severity.WARNING, source=sources.DEFINITION, layer=Layer.DEFINITION, applies=scope.with_header)
def resources_name_their_profile(s: Submission) -> Iterator[Hit]:
    """Every resource names the profile that the definition lists for its type.

    Other profiles may stand beside it.
    """
    found = survey(s)
    named = _definition(s)
    if named is None:
        return
    for entry in found.entries:
        wanted = _wanted_profiles(named, entry, found)
        if not wanted:
            continue
        path = f"{entry.path}.meta.profile"
        held = tree.texts(tree.inner(entry.resource, "meta", "profile"))
        bare = {profile.partition("|")[0] for profile in held}
        fix = set_fix("Name the profile", path, [*held, wanted[0]]) if len(wanted) == 1 else None
        if not held:
            yield Hit(path, f"{entry.type} names no profile.", fix)
        elif not bare & set(wanted):
            ends = " or ".join(profile.rpartition("/")[2] for profile in wanted)
            yield Hit(path, f"{entry.type} does not name the profile {ends}.", fix)


@rule("DEF-006", Severity.ERROR, source=sources.DEFINITION, layer=Layer.DEFINITION, applies=scope.with_header)
def there_is_one_incident_location(s: Submission) -> Iterator[Hit]:
    """At most one Location is the incident's."""
    claiming = [
        entry
        for entry in survey(s).all("Location")
        if _INCIDENT in tree.texts(tree.inner(entry.resource, "meta", "profile"))
    ]
    for extra in claiming[1:]:
        yield Hit(extra.path, "A second Location claims to be that of the incident.")


@rule("DEF-007", Severity.WARNING, source=sources.PAYLOAD, layer=Layer.DEFINITION, applies=scope.with_header)
def definition_is_one_of_the_application(s: Submission) -> Iterator[Hit]:
    """The definition is one that messages of the use case's Application follow.

    Validation requests have definitions of their own, and so have bookings and the replies of each Application. When we
    compose, another one is an error.
    """
    found = survey(s)
    named = _definition(s)
    case = use_cases().get(found.facts.use_case or "")
    if named is None or case is None or not named.applications or case.application in named.applications:
        return
    severity = Severity.ERROR if s.composing else Severity.WARNING
    text = f"Messages of Application {case.application} do not follow {named.name}, but the use case is '{case.code}'."
    yield Hit(f"{found.header.path}.definition" if found.header else "Bundle", text, severity=severity)


def _definition(s: Submission) -> Definition | None:
    """The receiver's own definition when the message follows it, else the published one that it names."""
    return own_definition(s) or survey(s).definition


def _newer(row: Row, s: Submission) -> bool:
    """Whether a row came after the version in use, or belongs to other Applications."""
    if not row.since:
        return False
    own = s.versions
    if row.applications and own.application not in row.applications:
        return True
    return _release(package_of(own.application, own.application_version)) < _release(row.since)


def _release(package: str) -> tuple[int, ...]:
    return tuple(int(part) for part in package.split("."))


def _second_encounter_is_usual(found: Survey) -> bool:
    """In updates and in what looks like an acknowledgement."""
    if found.facts.event != Event.SERVICEREQUEST_REQUEST:
        return False
    return found.facts.reason == Reason.UPDATE or found.looks_acknowledged


def _wanted_profiles(named: Definition, entry: Entry, found: Survey) -> tuple[str, ...]:
    """What the definition lists, and what official messages use where it lists the wrong one."""
    listed = named.profiles(entry.type)
    if not listed:
        return ()
    if entry.type == "MessageHeader" and found.is_response:
        return (_RESPONSE_PROFILE,)
    if entry.type == "ServiceRequest" and found.is_cancellation:
        return _REQUEST_PROFILES
    return tuple(dict.fromkeys(listed))
