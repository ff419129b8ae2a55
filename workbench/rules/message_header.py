"""Rules on the MessageHeader: what it is, from whom, to whom, about what, and which definition it follows.

Must not know the resources it points to beyond their type.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.messages import Severity, tree
from workbench.messages.identity import is_uuid, same_guid, split_endpoint, strip_urn
from workbench.rules import scope, sources
from workbench.rules.registry import rule
from workbench.rules.survey import SHORT, SHORT_ALIAS, Survey, remove_fix, set_fix, survey
from workbench.rules.values import Hit
from workbench.standard import urls
from workbench.standard.codes import code_systems
from workbench.standard.definitions import definition_of, definitions
from workbench.standard.events import Event, Reason
from workbench.standard.message_kinds import message_kinds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import Entry, Fix, JsonValue, Message
    from workbench.rules.values import Submission

_SOFTWARE = ("RequesterCDSSsoftware", "RequesterCDSSversion")
_SERVICE_ID = re.compile(r"https?://fhir\.nhs\.uk/id/dos-service-id", re.IGNORECASE)


@rule("MSG-001", Severity.ERROR, source=sources.HEADER_PROFILE, applies=scope.with_header)
def event_is_of_the_standard(s: Submission) -> Iterator[Hit]:
    """The event is a code of the code system of BaRS events.

    Receivers choose by it what to do with the message.
    """
    head = _header(survey(s))
    path = f"{head.path}.eventCoding"
    coding = tree.as_object(head.resource.get("eventCoding"))
    if not coding:
        yield Hit(path, "The message header names no event.")
        return
    if tree.text(coding.get("system")) != urls.MESSAGE_EVENTS:
        fix = set_fix("Set the code system", f"{path}.system", urls.MESSAGE_EVENTS)
        yield Hit(f"{path}.system", f"The event's code system is not {urls.MESSAGE_EVENTS}.", fix)
    code = tree.text(coding.get("code"))
    known = code_systems()[urls.MESSAGE_EVENTS].codes
    if code not in known:
        right = (code or "").strip().lower()
        fix_code = set_fix(f"Use {right}", f"{path}.code", right) if right in known else None
        yield Hit(f"{path}.code", f"'{code or ''}' is no event of the standard.", fix_code)


@rule("MSG-002", Severity.ERROR, source=sources.MESSAGE_HEADERS, applies=scope.with_header)
def there_is_one_destination(s: Submission) -> Iterator[Hit]:
    """The message goes to exactly one destination.

    The profile allows more; a message is addressed to one service.
    """
    head = _header(survey(s))
    held = tree.objects(head.resource.get("destination"))
    if not held:
        yield Hit(f"{head.path}.destination", "The message header has no destination.")
    elif len(held) > 1:
        severity = Severity.ERROR if s.composing else Severity.WARNING
        text = f"The message header has {len(held)} destinations; a message is addressed to one."
        yield Hit(f"{head.path}.destination[1]", text, severity=severity)


@rule("MSG-003", Severity.ERROR, source=sources.MESSAGE_HEADERS, applies=scope.with_header)
def receiver_is_an_organisation(s: Submission) -> Iterator[Hit]:
    """The destination names the receiving Organization, an entry of the message.

    A receiver checks that it is the one meant.
    """
    found = survey(s)
    head = _header(found)
    if tree.objects(head.resource.get("destination")):
        yield from _organisation(found, f"{head.path}.destination[0].receiver", "receiver")


@rule("MSG-004", Severity.ERROR, source=sources.MESSAGE_HEADERS, applies=scope.with_header)
def destination_is_a_service(s: Submission) -> Iterator[Hit]:
    """The destination's endpoint is the service id it is routed by: system, a bar, the id.

    It is the pair that NHSD-Target-Identifier carries. For a broker (Application 8) its own identifier is accepted.
    Guide and examples write addresses of this kind with a small `id` too: an error only when we compose.
    """
    head = _header(survey(s))
    for index, item in enumerate(tree.objects(head.resource.get("destination"))):
        yield from _endpoint(s, item.get("endpoint"), f"{head.path}.destination[{index}].endpoint", "destination")


@rule("MSG-005", Severity.ERROR, source=sources.MESSAGE_HEADERS, applies=scope.with_header)
def source_is_a_service(s: Submission) -> Iterator[Hit]:
    """The source's endpoint is the sender's own service id: system, a bar, the id.

    Replies are routed by it. What holds for the destination holds here too.
    """
    head = _header(survey(s))
    held = tree.inner(head.resource, "source", "endpoint")
    yield from _endpoint(s, held, f"{head.path}.source.endpoint", "source")


@rule("MSG-006", Severity.ERROR, source=sources.MESSAGE_HEADERS, applies=scope.with_header)
def source_is_named(s: Submission) -> Iterator[Hit]:
    """The source says its supplier's name."""
    head = _header(survey(s))
    if not tree.inner_text(head.resource, "source", "name"):
        yield Hit(f"{head.path}.source.name", "The source of the message has no name.")


@rule("MSG-007", Severity.WARNING, source=sources.MESSAGE_HEADERS, applies=scope.with_header)
def source_is_described(s: Submission) -> Iterator[Hit]:
    """The source says its software, version and a contact, for support."""
    head = _header(survey(s))
    for name in ("software", "version", "contact"):
        if not tree.as_object(head.resource.get("source")).get(name):
            yield Hit(f"{head.path}.source.{name}", f"The source of the message does not say its {name}.")


@rule("MSG-008", Severity.ERROR, source=sources.MESSAGE_HEADERS, applies=scope.with_header)
def sender_is_an_organisation(s: Submission) -> Iterator[Hit]:
    """The sender is an Organization, an entry of the message."""
    found = survey(s)
    yield from _organisation(found, f"{_header(found).path}.sender", "sender")


@rule("MSG-009", Severity.ERROR, source=sources.HEADER_PROFILE, applies=scope.with_header)
def assigner_is_referenced(s: Submission) -> Iterator[Hit]:
    """Where the sender's identifier names who assigned it, it does so by reference."""
    head = _header(survey(s))
    assigner = tree.inner(head.resource, "sender", "identifier", "assigner")
    if isinstance(assigner, dict) and not tree.text(assigner.get("reference")):
        yield Hit(
            f"{head.path}.sender.identifier.assigner.reference",
            "The assigner of the sender's identifier is not referenced.",
        )


@rule("MSG-010", Severity.ERROR, source=sources.HEADER_PROFILE, applies=scope.with_header)
def reason_is_of_the_standard(s: Submission) -> Iterator[Hit]:
    """The reason is a code of the code system of BaRS message reasons: new or update.

    The profile allows no coding of another system beside it; one without a system may stand there.
    """
    head = _header(survey(s))
    codings = tree.codings(head.resource.get("reason"))
    if not codings:
        yield Hit(f"{head.path}.reason", "The message header gives no reason.")
        return
    systems = [tree.text(coding.get("system")) for coding in codings]
    own = systems.index(urls.MESSAGE_REASON) if urls.MESSAGE_REASON in systems else 0
    for index, system in enumerate(systems):
        if index != own and system not in (None, urls.MESSAGE_REASON):
            place = f"{head.path}.reason.coding[{index}]"
            text = f"The reason has a coding of another code system than {urls.MESSAGE_REASON}."
            yield Hit(f"{place}.system", text, remove_fix("Leave that coding out", place))
    path, coding = f"{head.path}.reason.coding[{own}]", codings[own]
    if systems[own] != urls.MESSAGE_REASON:
        fix = set_fix("Set the code system", f"{path}.system", urls.MESSAGE_REASON)
        yield Hit(f"{path}.system", f"The reason's code system is not {urls.MESSAGE_REASON}.", fix)
    code = tree.text(coding.get("code"))
    known = code_systems()[urls.MESSAGE_REASON].codes
    if code not in known:
        right = (code or "").strip().lower()
        fix_code = set_fix(f"Use {right}", f"{path}.code", right) if right in known else None
        yield Hit(f"{path}.code", f"'{code or ''}' is no message reason of the standard.", fix_code)


@rule("MSG-011", Severity.ERROR, source=sources.MESSAGE_HEADERS, applies=scope.with_header)
def focus_is_one_entry(s: Submission) -> Iterator[Hit]:
    """The focus is one entry: the ServiceRequest, the Appointment, or in replies the receiver's Encounter.

    In replies of Application 6 official examples name the ServiceRequest, which is a warning.
    """
    found = survey(s)
    head = _header(found)
    held = tree.objects(head.resource.get("focus"))
    path = f"{head.path}.focus"
    if not held:
        yield Hit(path, "The message header has no focus.")
        return
    if len(held) > 1:
        yield Hit(f"{path}[1]", f"The message header has {len(held)} foci; exactly one is meant.")
    focus = found.focus
    wanted = _wanted_focus(found)
    if _event_is_odd(found):
        return
    if focus is None:
        if found.reference(f"{path}[0].reference") is None:
            yield Hit(f"{path}[0]", "The focus of the message is not a reference.", _link(found, f"{path}[0]", wanted))
        return
    if wanted and focus.type not in wanted:
        text = f"The focus of this message is {focus.type}; it must be {' or '.join(wanted)}."
        yield Hit(f"{path}[0].reference", text, _link(found, f"{path}[0]", wanted))
    elif found.is_response and found.application == 6 and focus.type == "ServiceRequest":
        text = "The focus is the ServiceRequest; the receiver's Encounter is meant in this reply."
        yield Hit(f"{path}[0].reference", text, severity=Severity.WARNING)


@rule("MSG-012", Severity.ERROR, source=sources.DEFINITION, applies=scope.with_header)
def definition_is_published(s: Submission) -> Iterator[Hit]:
    """The header names the definition that the message follows, one of those published.

    One official name is cited in examples and was never published: on a received message that is a warning.
    """
    found = survey(s)
    head = _header(found)
    path = f"{head.path}.definition"
    named = found.facts.definition
    right = _wanted_definition(found)
    fix = set_fix("Name the right definition", path, right) if right else None
    if named is None:
        yield Hit(path, "The message header names no definition.", fix)
    elif named.rstrip("/").endswith(SHORT_ALIAS):
        severity = Severity.ERROR if s.composing else Severity.WARNING
        fix = set_fix("Name the published one", path, definitions()[SHORT].url)
        yield Hit(path, f"'{SHORT_ALIAS}' was never published; '{SHORT}' is meant.", fix, severity)
    elif definition_of(named) is None and s.definition is None:
        yield Hit(path, f"'{named.rpartition('/')[2]}' is no message definition of the standard.", fix)


@rule("MSG-013", Severity.ERROR, source=sources.DEFINITION, applies=scope.with_header)
def definition_fits_the_event(s: Submission) -> Iterator[Hit]:
    """The definition that the header names is one for its event.

    Where focus and response speak for the definition, it is the event that has to be mended.
    """
    found = survey(s)
    named = found.definition
    if named is not None and found.facts.event in list(Event) and named.event != found.facts.event:
        path = f"{_header(found).path}.definition"
        if _event_is_odd(found):
            path = f"{_header(found).path}.eventCoding.code"
            text = f"The event is {found.facts.event}, but definition and focus are those of a {named.event}."
            yield Hit(path, text, set_fix(f"Set the event to {named.event}", path, named.event))
            return
        right = _wanted_definition(found)
        fix = set_fix("Name the right definition", path, right) if right else None
        yield Hit(path, f"The definition is one for {named.event}, but the event is {found.facts.event}.", fix)


@rule("MSG-014", Severity.ERROR, source=sources.HEADER_PROFILE, applies=scope.with_header)
def replies_say_what_they_answer(s: Submission) -> Iterator[Hit]:
    """A reply has a response element, a request has none.

    A receiver refuses a reply that does not say what it answers.
    """
    found = survey(s)
    head = _header(found)
    path = f"{head.path}.response"
    present = isinstance(head.resource.get("response"), dict)
    if found.is_response and not present:
        yield Hit(path, "This reply does not say which message it answers.")
    elif not found.is_response and present and found.facts.event != Event.BOOKING_RESPONSE:
        yield Hit(path, "A request answers nothing, so it has no response element.", remove_fix("Remove it", path))


@rule("MSG-015", Severity.ERROR, source=sources.MESSAGE_HEADERS, applies=scope.responses)
def replies_quote_the_request(s: Submission) -> Iterator[Hit]:
    """A reply quotes the Bundle.id of the request it answers, as a bare GUID.

    Of the first request, not of an interim reply. Some examples write urn:uuid: in front: a warning.
    """
    found = survey(s)
    head = _header(found)
    if not isinstance(head.resource.get("response"), dict):
        return
    path = f"{head.path}.response.identifier"
    held = tree.inner_text(head.resource, "response", "identifier")
    if held is None:
        yield Hit(path, "This reply does not quote the id of the request.")
        return
    bare = strip_urn(held)
    if not is_uuid(bare):
        yield Hit(path, "What this reply quotes is not a GUID.")
    elif bare != held:
        fix = set_fix("Write the GUID alone", path, bare)
        yield Hit(path, "The id of the request is quoted with more than its GUID.", fix, Severity.WARNING)
    if s.original is not None and not same_guid(bare, s.original.facts.bundle_id):
        text = "This reply quotes another id than that of the request it answers."
        right = s.original.facts.bundle_id
        quote = set_fix("Quote the request", path, right) if right else None
        yield Hit(path, text, quote, Severity.ERROR if s.composing else Severity.WARNING)


@rule("MSG-016", Severity.ERROR, source=sources.MESSAGE_HEADERS, applies=scope.responses)
def replies_are_ok(s: Submission) -> Iterator[Hit]:
    """The code of a reply is ok.

    Refusing what was asked for is still an orderly reply; failures are told by HTTP.
    """
    head = _header(survey(s))
    held = tree.inner_text(head.resource, "response", "code")
    if isinstance(head.resource.get("response"), dict) and held != "ok":
        path = f"{head.path}.response.code"
        yield Hit(path, f"The response code is '{held or ''}'; a reply says 'ok'.", set_fix("Set it to ok", path, "ok"))


@rule("MSG-017", Severity.WARNING, source=sources.PAYLOAD, applies=scope.with_header)
def decision_software_is_named(s: Submission) -> Iterator[Hit]:
    """The header names the decision software and its version, in the extension for it.

    Applications 1 to 5 require it, Application 6 recommends it; the others do not ask for it.
    """
    found = survey(s)
    head = _header(found)
    number = found.application or s.versions.application
    if number > 6:
        return
    path = f"{head.path}.extension"
    outer = [one for one in tree.objects(head.resource.get("extension")) if one.get("url") == urls.CDSS_EXTENSION]
    if not outer:
        severity = Severity.INFORMATION if number == 6 else Severity.WARNING
        yield Hit(path, "The message header does not name the decision software.", severity=severity)
        return
    given = {tree.text(one.get("url")) for one in tree.objects(outer[0].get("extension"))}
    for name in _SOFTWARE:
        if name not in given:
            yield Hit(path, f"The extension for the decision software has no {name}; its spelling counts.")


@rule("MSG-018", Severity.WARNING, source=sources.MESSAGE_HEADERS, applies=scope.with_header)
def source_and_destination_differ(s: Submission) -> Iterator[Hit]:
    """Source and destination are different services, sender and receiver different entries."""
    found = survey(s)
    head = _header(found)
    facts = found.facts
    severity = Severity.ERROR if s.composing else Severity.WARNING
    if facts.source_endpoint and facts.source_endpoint == facts.destination_endpoint:
        yield Hit(
            f"{head.path}.destination[0].endpoint", "The message goes to the service it comes from.", severity=severity
        )
    sender, receiver = found.target(f"{head.path}.sender"), found.target(f"{head.path}.destination[0].receiver")
    if sender and receiver and sender.index == receiver.index:
        yield Hit(
            f"{head.path}.destination[0].receiver.reference", "Sender and receiver are the same organisation entry."
        )


@rule("MSG-019", Severity.WARNING, source=sources.MESSAGE_HEADERS, applies=scope.responses)
def replies_swap_the_roles(s: Submission) -> Iterator[Hit]:
    """A reply goes from the receiver of the request to its sender.

    Checked where the request is known. Official validation replies keep the endpoints: an error only when we compose.
    """
    if s.original is None:
        return
    head = _header(survey(s))
    here, there = survey(s).facts, s.original.facts
    severity = Severity.ERROR if s.composing else Severity.WARNING
    pairs = (
        (here.source_endpoint, there.destination_endpoint, "source.endpoint"),
        (here.destination_endpoint, there.source_endpoint, "destination[0].endpoint"),
    )
    for own, wanted, name in pairs:
        if own and wanted and split_endpoint(own)[1] != split_endpoint(wanted)[1]:
            path = f"{head.path}.{name}"
            yield Hit(
                path, "The services are not swapped against the request.", set_fix("Swap them", path, wanted), severity
            )
    yield from _parties_swapped(s, s.original, severity)


def _parties_swapped(s: Submission, original: Message, severity: Severity) -> Iterator[Hit]:
    """A hit for each organisation that has the same role as in the request, told by its fullUrl."""
    found, asked = survey(s), Survey(original)
    if asked.header is None:
        return
    for element in ("sender", "destination[0].receiver"):
        path = f"{_header(found).path}.{element}"
        own, earlier = found.target(path), asked.target(f"{asked.header.path}.{element}")
        if own and earlier and own.full_url and same_guid(own.full_url, earlier.full_url):
            role = "sender" if element == "sender" else "receiver"
            yield Hit(f"{path}.reference", f"The {role} of the request is the {role} of the reply too.", None, severity)


def _header(found: Survey) -> Entry:
    head = found.header
    assert head is not None, "rules on the header run only where there is one"
    return head


def _organisation(found: Survey, path: str, role: str) -> Iterator[Hit]:
    """A hit unless the reference at the path leads to an Organization; dangling ones are told elsewhere."""
    reference = found.reference(f"{path}.reference")
    if reference is None:
        yield Hit(path, f"The message header does not say who the {role} is.")
        return
    target = found.target(path)
    if target is not None and target.type != "Organization":
        yield Hit(f"{path}.reference", f"The {role} is {target.type}; it must be an Organization.")


def _endpoint(s: Submission, held: JsonValue, path: str, role: str) -> Iterator[Hit]:
    """A hit unless the endpoint is a service id in full."""
    text = tree.text(held)
    if text is None:
        yield Hit(path, f"The {role} has no endpoint.")
        return
    system, value = split_endpoint(text)
    accepted = {urls.DOS_SERVICE_ID} | ({urls.ERS_SERVICE_ID} if survey(s).application == 8 else set())
    if system in accepted and value:
        return
    mild = bool(value) and system.lower() in {one.lower() for one in accepted} and not s.composing
    severity = Severity.WARNING if mild else None
    fix = None
    if value and _SERVICE_ID.fullmatch(system):
        fix = set_fix("Correct the system", path, f"{urls.DOS_SERVICE_ID}|{value}")
    elif value and not system and value.isdigit():
        fix = set_fix("Put the system in front", path, f"{urls.DOS_SERVICE_ID}|{value}")
    text = f"The endpoint of the {role} must be {urls.DOS_SERVICE_ID}|, followed by the service id."
    yield Hit(path, text, fix, severity)


def _event_is_odd(found: Survey) -> bool:
    """Whether the event alone contradicts the rest of the header: definition, focus and response agree."""
    named, focus = found.definition, found.focus
    if named is None or focus is None or named.event == found.facts.event:
        return False
    answers = named.event == Event.SERVICEREQUEST_RESPONSE
    foci = {Event.BOOKING_REQUEST: ("Appointment",), Event.SERVICEREQUEST_REQUEST: ("ServiceRequest",)}
    fits = focus.type in foci.get(Event(named.event), ("Encounter", "ServiceRequest"))
    return fits and answers == isinstance(_header(found).resource.get("response"), dict)


def _wanted_focus(found: Survey) -> tuple[str, ...]:
    """Which resource types the focus may be; empty when the message does not say what it is."""
    if found.facts.event == Event.BOOKING_REQUEST:
        return ("Appointment",)
    if found.facts.event == Event.SERVICEREQUEST_REQUEST:
        return ("ServiceRequest",)
    if not found.is_response:
        return ()
    if found.facts.category == "validation":
        return ("Encounter",)
    return ("Encounter", "ServiceRequest") if found.application == 6 else ("ServiceRequest",)


def _link(found: Survey, path: str, wanted: tuple[str, ...]) -> Fix | None:
    """Point the focus at the one entry it can mean."""
    entries = [entry for kind in wanted for entry in found.all(kind) if entry.full_url]
    if len(entries) != 1 or not entries[0].full_url:
        return None
    return set_fix(f"Link to {entries[0].type}", f"{path}.reference", entries[0].full_url)


def _wanted_definition(found: Survey) -> str | None:
    """The one definition for event, reason, category and whether it cancels; None when there is a choice."""
    facts = found.facts
    names = {
        kind.definition
        for kind in message_kinds().values()
        if kind.event == facts.event
        and kind.reason == (Reason.UPDATE if found.is_cancellation else facts.reason)
        and (kind.category is None or kind.category == facts.category)
        and kind.definition.endswith("-cancelled") == found.is_cancellation
        and (not kind.id.startswith("cad-") or found.application == 6)
    }
    return definitions()[names.pop()].url if len(names) == 1 else None
