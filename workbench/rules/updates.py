"""Rules on updates and cancellations: they name what the receiver knows, and go with the message before.

What can be compared with the message before is judged only where that is known.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from workbench.messages import Severity, tree
from workbench.rules import scope, sources
from workbench.rules.checks import when_sent
from workbench.rules.registry import rule
from workbench.rules.stages import follows_original, number, same_bundle
from workbench.rules.survey import fresh_id, set_fix, survey
from workbench.rules.values import Hit
from workbench.standard.events import Event, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import JsonObject
    from workbench.rules.survey import Survey
    from workbench.rules.values import Submission


@rule("BUN-018", Severity.ERROR, source=sources.COMPOSITES, applies=scope.with_header)
def later_messages_name_the_focus(s: Submission) -> Iterator[Hit]:
    """In an update or cancellation the focus carries the id its receiver gave it.

    Without it the receiver cannot tell what is meant. The id stands in the answer to the first message.
    """
    found = survey(s)
    focus = found.focus
    if _follows(found) and focus and focus.id is None:
        text = f"The {focus.type} has no id, so the receiver cannot tell which one is meant."
        yield Hit(f"{focus.path}.id", text)


@rule("BUN-019", Severity.WARNING, source=sources.COMPOSITES, applies=scope.with_header)
def later_messages_name_known_resources(s: Submission) -> Iterator[Hit]:
    """In an update or cancellation every resource that the receiver knows carries the receiver's id.

    The patient was part of the first message, so its id is known for certain; where the answer to that message is
    given, so are those of the others that it gave ids to. Official examples leave ids out: an error only when we
    compose.
    """
    found = survey(s)
    if not _follows(found):
        return
    focus = found.focus
    before = s.original.entries() if s.original else ()
    known = {one.full_url.lower(): one.id for one in before if one.full_url and one.id}
    for entry in found.entries:
        if entry.id or entry is focus or entry.type in ("MessageHeader", ""):
            continue
        given = known.get((entry.full_url or "").lower())
        if entry.type == "Patient" or given:
            path = f"{entry.path}.id"
            fix = set_fix("Take the id of the message before", path, given) if given else None
            what = "patient" if entry.type == "Patient" else entry.type
            yield Hit(path, f"The {what} has no id although the receiver gave it one.", fix, when_sent(s))


@rule("BUN-020", Severity.ERROR, source=sources.MESSAGE_HEADERS, applies=scope.with_header)
def every_message_has_its_own_id(s: Submission) -> Iterator[Hit]:
    """An update or cancellation has a Bundle.id of its own.

    Checked where the message before is known, and only when we compose: others may keep the id, and Application 6 does.
    """
    found = survey(s)
    if s.composing and follows_original(s) and same_bundle(s) and number(s) != 6:
        fix = set_fix("Give it a fresh id", "Bundle.id", fresh_id(found.message, "Bundle.id"))
        yield Hit("Bundle.id", "This message has the id of the one it follows.", fix)


@rule("BUN-021", Severity.WARNING, source=sources.LAST_UPDATED, applies=scope.with_header)
def updates_date_what_changed(s: Submission) -> Iterator[Hit]:
    """In an update the resources that changed have a later meta.lastUpdated, and the others keep theirs.

    Receivers take over only what is newer. Checked where the message before, or the answer to it, is known; that answer
    may have later times, which is no finding.
    """
    found = survey(s)
    if s.original is None or not follows_original(s) or found.is_cancellation:
        return
    before = {one.full_url.lower(): one.resource for one in s.original.entries() if one.full_url}
    for entry in found.entries:
        known = before.get((entry.full_url or "").lower())
        if known is None or entry.type == "MessageHeader":
            continue
        own = tree.inner_text(entry.resource, "meta", "lastUpdated")
        earlier = tree.inner_text(known, "meta", "lastUpdated")
        changed = _content(entry.resource) != _content(known)
        path = f"{entry.path}.meta.lastUpdated"
        if not changed and _is_later(own, earlier):
            text = f"{entry.type} did not change, so it keeps its update time."
            yield Hit(path, text, set_fix("Keep the earlier time", path, earlier) if earlier else None)
        elif changed and own == earlier:
            yield Hit(path, f"{entry.type} changed, but its update time did not: receivers pass over it.")


@rule("WFL-107", Severity.ERROR, source=sources.CANCELLATION, applies=scope.with_header)
def later_messages_are_like_the_first(s: Submission) -> Iterator[Hit]:
    """An update or cancellation has the event of the message it follows, and an update its definition too.

    Checked where that message is known.
    """
    if not follows_original(s) or s.original is None:
        return
    found = survey(s)
    head = found.header
    here, there = found.facts, s.original.facts
    if head is None:
        return
    if here.event and there.event and here.event != there.event:
        path = f"{head.path}.eventCoding.code"
        text = f"The event is {here.event}, but that of the message it follows was {there.event}."
        yield Hit(path, text, set_fix("Take the event of that message", path, there.event))
    if not found.is_cancellation and here.definition and there.definition and here.definition != there.definition:
        path = f"{head.path}.definition"
        text = "An update follows the definition of the message it changes."
        yield Hit(path, text, set_fix("Take the definition of that message", path, there.definition), when_sent(s))


@rule("WFL-108", Severity.ERROR, source=sources.COMPOSITES, applies=scope.with_header)
def resources_keep_their_addresses(s: Submission) -> Iterator[Hit]:
    """In an update every resource keeps the fullUrl that it had in the message before.

    Receivers merge by it. A resource is told by its id, the focus and the patient by their type. Checked where the
    message before is known.
    """
    found = survey(s)
    if not follows_original(s) or s.original is None or found.is_cancellation:
        return
    before = s.original.entries()
    by_id = {(one.type, one.id): one for one in before if one.id}
    for entry in found.entries:
        known = by_id.get((entry.type, entry.id)) if entry.id else None
        if known is None and (entry is found.focus or entry.type == "Patient"):
            same = [one for one in before if one.type == entry.type]
            known = same[0] if len(same) == 1 else None
        if known is None or not known.full_url or not entry.full_url:
            continue
        if known.full_url.lower() != entry.full_url.lower():
            text = f"The {entry.type} had another fullUrl in the message before; receivers would take it for a new one."
            yield Hit(f"Bundle.entry[{entry.index}].fullUrl", text)


def _follows(found: Survey) -> bool:
    """Whether it is an update or a cancellation of a request."""
    if found.facts.event not in (Event.BOOKING_REQUEST, Event.SERVICEREQUEST_REQUEST):
        return False
    return found.facts.reason in (Reason.UPDATE, Reason.DELETE) or found.is_cancellation


def _is_later(own: str | None, earlier: str | None) -> bool:
    """Whether both are moments with an offset and the first is the later one; what is none is told elsewhere."""
    try:
        return bool(own and earlier) and datetime.fromisoformat(own or "") > datetime.fromisoformat(earlier or "")
    except (ValueError, TypeError):
        return False


def _content(resource: JsonObject) -> JsonObject:
    """What a resource says, without id and meta."""
    return {name: value for name, value in resource.items() if name not in ("id", "meta")}
