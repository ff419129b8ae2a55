"""Rules on the Bundle itself: type, id, version, addresses, ids and update times of its entries.

Must not know what the resources mean.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.messages import Edit, EditOp, Fix, Layer, Severity, tree
from workbench.messages.identity import is_uuid, strip_urn
from workbench.rules import scope, sources
from workbench.rules.registry import rule
from workbench.rules.survey import fresh_id, remove_fix, set_fix, survey
from workbench.rules.values import Answer, Hit
from workbench.standard import known_version, supports, urls
from workbench.standard.events import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import Entry
    from workbench.rules.values import Submission

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_PRECISE = re.compile(r".*\.\d{7,}(?:Z|[+-]\d\d:\d\d)")
_URN = "urn:uuid:"
_FROM_SLOTS = frozenset({"Slot", "Schedule", "HealthcareService", "Practitioner", "PractitionerRole", "Location"})
_NOT_SUPPORTED = Answer(422, "REC_UNPROCESSABLE_ENTITY", "not-supported")


@rule("BUN-001", Severity.ERROR, source=sources.BUNDLE_PROFILE, applies=scope.messages)
def type_is_message(s: Submission) -> Iterator[Hit]:
    """A message is a Bundle of type message.

    Only such a Bundle may go to `$process-message`; searchsets are answers to a search.
    """
    found = survey(s)
    if not found.bundle:
        yield Hit(found.message.resource_type, f"A message must be a Bundle, not a {found.message.resource_type}.")
        return
    kind = tree.text(found.bundle.get("type"))
    if kind != "message":
        said = f"is '{kind}'" if kind else "is missing"
        fix = set_fix("Set the type to message", "Bundle.type", "message")
        yield Hit("Bundle.type", f"The Bundle's type {said}; a message needs 'message'.", fix)


@rule("BUN-002", Severity.ERROR, source=sources.R4_BUNDLE, applies=scope.messages)
def header_comes_first(s: Submission) -> Iterator[Hit]:
    """The first entry holds the one MessageHeader.

    It says what the message is; a receiver reads it before anything else (invariant bdl-12).
    """
    found = survey(s)
    if not found.bundle:
        return
    headers = found.all("MessageHeader")
    if not headers:
        yield Hit("Bundle.entry", "The Bundle has no MessageHeader.")
        return
    if headers[0].index != 0:
        place = f"Bundle.entry[{headers[0].index}]"
        fix = Fix("Move the message header first", (Edit(EditOp.MOVE, place, None, "Bundle.entry[0]"),))
        yield Hit(place, f"The MessageHeader is entry {headers[0].index + 1}; it must be the first.", fix)
    for extra in headers[1:]:
        yield Hit(extra.path, "A message has exactly one MessageHeader; this is one too many.")


@rule("BUN-003", Severity.ERROR, source=sources.MESSAGE_HEADERS, applies=scope.messages)
def bundle_has_id(s: Submission) -> Iterator[Hit]:
    """Bundle.id is a GUID made by whoever writes the message.

    Replies quote it, so a message without one can never be answered.
    """
    found = survey(s)
    if not found.bundle:
        return
    held = tree.text(found.bundle.get("id"))
    fix = set_fix("Give it a fresh id", "Bundle.id", fresh_id(found.message, "Bundle.id"))
    if held is None:
        yield Hit("Bundle.id", "The Bundle has no id; replies quote it.", fix)
    elif not is_uuid(held):
        bare = strip_urn(held)
        if is_uuid(bare):
            fix = set_fix("Write the GUID alone", "Bundle.id", bare)
        yield Hit("Bundle.id", "The Bundle's id is not a GUID (8-4-4-4-12 hexadecimal digits).", fix)


@rule("BUN-004", Severity.ERROR, source=sources.PAYLOAD, applies=scope.messages)
def bundle_names_its_profile(s: Submission) -> Iterator[Hit]:
    """Bundle.meta.profile names the profile of BaRS messages.

    With its version after a bar or without; other profiles may stand beside it.
    """
    found = survey(s)
    if not found.bundle:
        return
    named = tree.texts(tree.inner(found.bundle, "meta", "profile"))
    if urls.BUNDLE_PROFILE not in {profile.partition("|")[0] for profile in named}:
        fix = set_fix("Name the profile", "Bundle.meta.profile", [*named, urls.BUNDLE_PROFILE])
        yield Hit("Bundle.meta.profile", f"The Bundle does not name the profile {urls.BUNDLE_PROFILE}.", fix)


@rule("BUN-005", Severity.ERROR, source=sources.COMPOSITES, applies=scope.messages)
def version_is_given(s: Submission) -> Iterator[Hit]:
    """Bundle.meta.versionId says which version of the Application the message follows.

    A receiver refuses a message without it before it looks at anything else.
    """
    found = survey(s)
    if found.bundle and not found.facts.version_id:
        version = s.versions.application_version
        fix = set_fix(f"Set the version to {version}", "Bundle.meta.versionId", version)
        yield Hit("Bundle.meta.versionId", "The Bundle does not say which Application version it follows.", fix)


@rule("BUN-006", Severity.WARNING, source=sources.RELEASES, applies=scope.messages, answer=_NOT_SUPPORTED)
def version_is_known(s: Submission) -> Iterator[Hit]:
    """The version is one that the Application of the use case has had.

    A version nobody released is a warning. One of another Application is a note: official examples lag behind.
    """
    found = survey(s)
    version, number = found.facts.version_id, found.application
    if not found.bundle or not version:
        return
    if not known_version(version):
        yield Hit("Bundle.meta.versionId", f"No Application has a version {version}; a receiver may not take it.")
    elif number is not None and not supports(number, version):
        text = f"Application {number} has no version {version}; another Application has."
        yield Hit("Bundle.meta.versionId", text, severity=Severity.INFORMATION)


@rule("BUN-007", Severity.ERROR, source=sources.LAST_UPDATED, applies=scope.messages)
def bundle_has_update_time(s: Submission) -> Iterator[Hit]:
    """Bundle.meta.lastUpdated is there, as an instant."""
    found = survey(s)
    if found.bundle:
        yield from _instant(tree.inner(found.bundle, "meta", "lastUpdated"), "Bundle.meta.lastUpdated", "The Bundle")


@rule("BUN-008", Severity.ERROR, source=sources.BUNDLE_PROFILE, applies=scope.messages)
def bundle_has_timestamp(s: Submission) -> Iterator[Hit]:
    """Bundle.timestamp says when the message was put together, as an instant."""
    found = survey(s)
    if found.bundle:
        yield from _instant(found.bundle.get("timestamp"), "Bundle.timestamp", "The Bundle", "timestamp")


@rule("BUN-009", Severity.ERROR, source=sources.PAYLOAD, applies=scope.messages)
def entries_have_full_urls(s: Submission) -> Iterator[Hit]:
    """Every entry has a fullUrl: `urn:uuid:` and a UUID.

    References inside the message point at these addresses, so an entry without one cannot be pointed at.
    """
    found = survey(s)
    for entry in found.entries:
        path = f"Bundle.entry[{entry.index}].fullUrl"
        if entry.full_url is None:
            fix = set_fix("Add an address", path, _URN + fresh_id(found.message, path))
            yield Hit(path, f"The entry of {_named(entry)} has no fullUrl.", fix)
        elif is_uuid(entry.full_url):
            fix = set_fix("Put urn:uuid: in front", path, _URN + entry.full_url)
            yield Hit(path, f"The fullUrl of {_named(entry)} lacks urn:uuid: before its UUID.", fix)
        elif not entry.full_url.startswith(_URN) or not is_uuid(entry.full_url[len(_URN) :]):
            yield Hit(path, f"The fullUrl of {_named(entry)} is not urn:uuid: and a UUID.")


@rule("BUN-010", Severity.WARNING, source=sources.PAYLOAD, applies=scope.messages)
def full_urls_are_lower_case(s: Submission) -> Iterator[Hit]:
    """UUIDs in fullUrls are written in lower case."""
    for entry in survey(s).entries:
        url = entry.full_url or ""
        if url.startswith(_URN) and is_uuid(url[len(_URN) :]) and url != url.lower():
            path = f"Bundle.entry[{entry.index}].fullUrl"
            fix = set_fix("Write it in lower case", path, url.lower())
            yield Hit(path, f"The fullUrl of {_named(entry)} has capital letters.", fix)


@rule("BUN-011", Severity.ERROR, source=sources.R4_BUNDLE, applies=scope.bundles)
def full_urls_are_unique(s: Submission) -> Iterator[Hit]:
    """No two entries have the same fullUrl (invariant bdl-7)."""
    seen: dict[str, int] = {}
    for entry in survey(s).entries:
        if entry.full_url is None:
            continue
        first = seen.setdefault(entry.full_url.lower(), entry.index)
        if first != entry.index:
            path = f"Bundle.entry[{entry.index}].fullUrl"
            yield Hit(path, f"The fullUrl of {_named(entry)} is that of entry {first + 1} too.")


@rule("BUN-012", Severity.WARNING, source=sources.PAYLOAD, applies=scope.with_header)
def new_requests_leave_ids_out(s: Submission) -> Iterator[Hit]:
    """A new request leaves resource ids to the receiver.

    The receiver gives every resource its id and returns them in its answer. What came from a slot search keeps its
    ids, and Applications 3, 4 and 6 let the system that opened an Encounter name it.
    """
    found = survey(s)
    if found.is_response or found.facts.reason != Reason.NEW or found.is_cancellation or s.is_answer:
        return
    if found.looks_acknowledged and not s.composing:
        return
    kept = _FROM_SLOTS | ({"Encounter"} if found.application in (3, 4, 6) else set())
    for entry in found.entries:
        if entry.id and entry.type not in kept and entry.type != "MessageHeader":
            path = f"{entry.path}.id"
            text = f"{_named(entry)} has an id, but in a new request the receiver gives it."
            yield Hit(path, text, remove_fix("Leave the id to the receiver", path))


@rule("BUN-013", Severity.ERROR, source=sources.R4_BUNDLE, applies=scope.messages)
def entries_hold_resources_only(s: Submission) -> Iterator[Hit]:
    """Entries of a message have no request, response or search (invariants bdl-2 to bdl-4)."""
    held = survey(s).bundle.get("entry")
    for index, entry in enumerate(held if isinstance(held, list) else []):
        if not isinstance(entry, dict):
            continue
        for name in ("request", "response", "search"):
            if name in entry:
                path = f"Bundle.entry[{index}].{name}"
                yield Hit(
                    path, f"Entry {index + 1} has '{name}', which messages do not use.", remove_fix("Remove it", path)
                )
        if "resource" not in entry:
            yield Hit(f"Bundle.entry[{index}]", f"Entry {index + 1} holds no resource.")


@rule("BUN-014", Severity.ERROR, source=sources.LAST_UPDATED, applies=scope.messages)
def resources_have_update_times(s: Submission) -> Iterator[Hit]:
    """Every resource has meta.lastUpdated, as an instant.

    Receivers decide by it whether an update brings anything new.
    """
    for entry in survey(s).entries:
        if entry.resource:
            held = tree.inner(entry.resource, "meta", "lastUpdated")
            yield from _instant(held, f"{entry.path}.meta.lastUpdated", _named(entry))


@rule("BUN-015", Severity.WARNING, source=sources.LAST_UPDATED, applies=scope.with_header)
def new_messages_have_one_update_time(s: Submission) -> Iterator[Hit]:
    """In a new message all resources have the same meta.lastUpdated.

    Only updates have later times, on what changed.
    """
    found = survey(s)
    if found.facts.reason != Reason.NEW or found.is_response or found.is_cancellation or s.is_answer:
        return
    times = {tree.inner_text(entry.resource, "meta", "lastUpdated") for entry in found.entries} - {None}
    if len(times) > 1:
        yield Hit(
            "Bundle", f"The resources of this new message have {len(times)} different update times; one is meant."
        )


@rule("BUN-016", Severity.WARNING, source=sources.HARNESS, layer=Layer.HARNESS, applies=scope.messages)
def some_update_time_is_precise(s: Submission) -> Iterator[Hit]:
    """The national test harness wants seven fraction digits in at least one meta.lastUpdated.

    FHIR allows fewer.
    """
    found = survey(s)
    times = [tree.inner_text(entry.resource, "meta", "lastUpdated") for entry in found.entries]
    held = [time for time in (*times, tree.inner_text(found.bundle, "meta", "lastUpdated")) if time]
    if held and not any(_PRECISE.fullmatch(time) for time in held):
        yield Hit(
            "Bundle.meta.lastUpdated",
            "No update time has seven fraction digits: the national test harness would refuse it.",
        )


@rule("BUN-017", Severity.INFORMATION, source=sources.PAYLOAD, applies=scope.messages)
def nothing_is_contained(s: Submission) -> Iterator[Hit]:
    """Resources are entries of their own, not contained in one another."""
    for entry in survey(s).entries:
        if entry.resource.get("contained"):
            yield Hit(f"{entry.path}.contained", f"{_named(entry)} contains resources; messages put them into entries.")


def _instant(value: object, path: str, owner: str, name: str = "lastUpdated") -> Iterator[Hit]:
    """A hit when a value is not an instant."""
    if not isinstance(value, str) or not value.strip():
        yield Hit(path, f"{owner} has no {name}.")
    elif not _INSTANT.fullmatch(value):
        yield Hit(path, f"The {name} of {owner[0].lower() + owner[1:]} is not an instant with seconds and offset.")


def _named(entry: Entry) -> str:
    return f"{entry.type or 'The entry'}" + (f" ({entry.index + 1})" if not entry.type else "")
